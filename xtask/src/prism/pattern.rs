//! Texts that a regular expression matches.

use regex_syntax::hir::{Class, ClassUnicodeRange, Hir, HirKind};

/// Returns whether a pattern of ECMA-262 matches a text; one that can't be read matches nothing.
pub(super) fn matches(pattern: &str, text: &str) -> bool {
    regress::Regex::with_flags(pattern, "u").is_ok_and(|pattern| pattern.find(text).is_some())
}

/// Returns a text that a pattern matches, of a length between two.
pub(super) fn text(pattern: &str, least: usize, most: usize) -> Option<String> {
    let hir = regex_syntax::parse(pattern).ok()?;
    let fits = |text: &String| {
        let length = text.chars().count();
        length >= least && length <= most && matches(pattern, text)
    };
    // Repetitions as short as they may be, and then longer ones.
    (0..64_u32).find_map(|extra| {
        let mut text = String::new();
        write(&hir, extra, &mut text);
        Some(text).filter(fits)
    })
}

fn write(hir: &Hir, extra: u32, text: &mut String) {
    match hir.kind() {
        HirKind::Empty | HirKind::Look(_) => {}
        HirKind::Literal(literal) => text.push_str(&String::from_utf8_lossy(&literal.0)),
        HirKind::Class(Class::Unicode(class)) => {
            // Letters and digits first: they are the likeliest to be meant.
            let is_in = |c: char| {
                class
                    .ranges()
                    .iter()
                    .any(|range| range.start() <= c && c <= range.end())
            };
            let likely = ('a'..='z')
                .chain('A'..='Z')
                .chain('0'..='9')
                .find(|c| is_in(*c));
            text.extend(likely.or(class.ranges().first().map(ClassUnicodeRange::start)));
        }
        HirKind::Class(Class::Bytes(class)) => {
            text.extend(
                class
                    .ranges()
                    .first()
                    .map(|range| char::from(range.start())),
            );
        }
        HirKind::Repetition(repetition) => {
            let wanted = repetition.min + extra;
            let times = repetition.max.map_or(wanted, |max| wanted.min(max));
            for _ in 0..times {
                write(&repetition.sub, extra, text);
            }
        }
        HirKind::Capture(capture) => write(&capture.sub, extra, text),
        HirKind::Concat(parts) => parts.iter().for_each(|part| write(part, extra, text)),
        HirKind::Alternation(parts) => parts
            .iter()
            .take(1)
            .for_each(|part| write(part, extra, text)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_one_that_its_pattern_matches() {
        for (pattern, least, most) in [
            ("^[A-Z]{3}-\\d+$", 0, 20),
            ("^(a|b)?[^x]*$", 5, 9),
            ("^[0-9a-f]{8}(-[0-9a-f]{4}){3}$", 0, 40),
            ("\\w+@\\w+", 12, 30),
        ] {
            let text = text(pattern, least, most).expect(pattern);
            assert!(matches(pattern, &text), "{pattern}: {text}");
        }
        assert!(matches("(?=^a)(?=.*b$)", "a-b"));
        assert_eq!(text("^a$", 2, 3), None);
        assert_eq!(text("(", 0, 9), None);
    }
}
