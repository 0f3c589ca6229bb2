//! The readme: what stands between two marks is generated, what is around them is people's.

use std::ops::Range;

use super::Settled;
use crate::files::{MARK, README_END};

/// Puts the generated part in its place. A readme without marks is people's as a whole.
pub(super) fn settle(generated: &str, present: &str) -> Settled {
    let Some(part) = part(present) else {
        return Settled::Theirs;
    };
    let (before, behind) = (&present[..part.start], &present[part.end..]);
    Settled::Text(format!("{before}{generated}{behind}"))
}

/// Returns the generated part.
pub(super) fn generated_part(present: &str) -> Option<String> {
    part(present).map(|part| present[part].to_owned())
}

/// Finds the lines from the first mark to the last; to the end, where that is missing.
fn part(text: &str) -> Option<Range<usize>> {
    let mut at = 0;
    let mut start = None;
    for line in text.split_inclusive('\n') {
        let here = line.trim_end();
        if start.is_none() && here.starts_with("<!-- ") && here.contains(MARK) {
            start = Some(at);
        }
        at += line.len();
        if start.is_some() && here == README_END {
            break;
        }
    }
    start.map(|start| start..at)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn generated(text: &str) -> String {
        format!("<!-- {MARK} 0.1.0 from a.yaml. -->\n\n{text}\n\n{README_END}\n")
    }

    #[test]
    fn what_people_write_around_the_marks_stays() {
        let present = format!("# Badges\n\n{}\n## Support\n", generated("old"));
        let expected = format!("# Badges\n\n{}\n## Support\n", generated("new"));
        assert_eq!(settle(&generated("new"), &present), Settled::Text(expected));
        assert_eq!(generated_part(&present), Some(generated("old")));
    }

    #[test]
    fn a_readme_without_marks_is_people_s() {
        assert_eq!(settle(&generated("new"), "# Mine\n"), Settled::Theirs);
    }

    #[test]
    fn without_an_end_everything_behind_the_first_mark_is_generated() {
        let present = format!("<!-- {MARK} -->\nold\n");
        assert_eq!(
            settle(&generated("new"), &present),
            Settled::Text(generated("new"))
        );
    }
}
