//! Diagnostics on one line, for places where there is no room for more.

use super::render::folded;
use super::{Diagnostic, Report};

impl Diagnostic {
    /// Returns code, place, message and way out on one line.
    #[must_use]
    pub(crate) fn in_a_line(&self) -> String {
        let mut parts = Vec::new();
        if let Some(place) = self.place() {
            let path = place.path().display();
            parts.push(format!("{path}:{}:{}", place.line(), place.column()));
        }
        parts.push(format!("{} [{}]", self.message, self.code));
        if let Some(hint) = self.hint() {
            parts.push(format!("hint: {hint}"));
        }
        line(&parts.join(": "))
    }
}

impl Report {
    /// Returns the diagnostics, one on a line: of those like each other the first, and how many more
    /// there are.
    pub(crate) fn digest(&self) -> Vec<String> {
        let lines = folded(self.diagnostics()).map(|(diagnostic, more)| {
            let text = diagnostic.in_a_line();
            match more {
                0 => text,
                _ => format!(
                    "{text}: … and {more} more like this: `accredit inspect` lists them all"
                ),
            }
        });
        lines.collect()
    }
}

/// Returns a text of the document on one line, without characters that steer a terminal.
pub(crate) fn line(text: &str) -> String {
    let words = text.split_whitespace().map(|word| {
        let visible = word.chars().filter(|character| !character.is_control());
        visible.collect::<String>()
    });
    words.collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostics::{At, Code, Diagnostics};
    use crate::origins::Origins;
    use crate::sources::Sources;

    #[test]
    fn a_text_of_the_document_can_t_steer_the_terminal() {
        assert_eq!(line(" red \u{1b}[31m\n and\tmore "), "red [31m and more");
    }

    #[test]
    fn of_those_like_each_other_the_first_is_listed() {
        let mut diagnostics = Diagnostics::new();
        for number in 0..12 {
            let message = format!("mended\n`{number}`");
            diagnostics.warning(Code::Mended, At::Nowhere, message);
        }
        diagnostics
            .warning(Code::Unsupported, At::Nowhere, "unsupported")
            .set_hint("wait");
        let report = Report::new(diagnostics, Sources::default(), Origins::default());
        let lines = report.digest();
        assert_eq!(
            lines,
            [
                "mended `0` [mended]: … and 11 more like this: `accredit inspect` lists them all",
                "unsupported [unsupported]: hint: wait",
            ]
        );
    }
}
