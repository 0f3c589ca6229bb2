//! Text in the languages of a package's files.

use std::fmt::Write as _;

/// Returns a text as a TOML basic string (TOML 1.0, "String").
pub(super) fn toml(text: &str) -> String {
    let mut string = String::with_capacity(text.len() + 2);
    string.push('"');
    for character in text.chars() {
        match character {
            '"' => string.push_str("\\\""),
            '\\' => string.push_str("\\\\"),
            '\n' => string.push_str("\\n"),
            '\t' => string.push_str("\\t"),
            control if control.is_control() => {
                // Writing to a string can't fail.
                let _ = write!(string, "\\u{:04X}", u32::from(control));
            }
            other => string.push(other),
        }
    }
    string.push('"');
    string
}

/// Returns a text in one line, without what changes the lines around it.
pub(super) fn line(text: &str) -> String {
    let turns = |c: char| matches!(c, '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}');
    let words = text.split(|c: char| c.is_whitespace() || c.is_control());
    let words: Vec<String> = words
        .map(|word| word.chars().filter(|c| !turns(*c)).collect::<String>())
        .filter(|word| !word.is_empty())
        .collect();
    words.join(" ")
}

/// Returns a text as a Rust string literal.
pub(super) fn rust(text: &str) -> String {
    format!("\"{}\"", text.escape_debug())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_toml_string_reads_as_the_text() {
        for text in [
            "plain",
            "\"]\n[dependencies]\nevil = \"1",
            "\\u0000",
            "\u{0}\u{7f}\u{85}",
            "🦄'''",
        ] {
            let manifest = format!("description = {}", toml(text));
            let table: toml::Table = manifest.parse().expect("TOML");
            assert_eq!(table["description"].as_str(), Some(text));
            assert_eq!(table.len(), 1);
        }
    }

    #[test]
    fn a_line_is_one() {
        assert_eq!(line(" a\r\n\tb\u{202e}\u{0}c "), "a b c");
    }
}
