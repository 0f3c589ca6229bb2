//! Mistakes of a file, each with its place and a way out.

use std::ops::Range;

use toml::Spanned;
use toml::de::{DeString, DeValue, Error};

use super::key::Key;
use super::value::Shape;
use crate::diagnostics::{At, Code, Diagnostic, Diagnostics};

/// Collects what is wrong with a file.
pub(super) struct Reader<'d> {
    file: usize,
    diagnostics: &'d mut Diagnostics,
}

impl<'d> Reader<'d> {
    pub(super) const fn new(file: usize, diagnostics: &'d mut Diagnostics) -> Self {
        Self { file, diagnostics }
    }

    /// Reports a mistake. Returns it, so that a hint can be set.
    pub(super) fn mistake(
        &mut self,
        span: Range<usize>,
        message: impl Into<String>,
    ) -> &mut Diagnostic {
        let at = At::Span {
            file: self.file,
            span,
        };
        self.diagnostics.error(Code::InvalidConfig, at, message)
    }

    /// Reports a text that isn't TOML.
    pub(super) fn syntax(&mut self, error: &Error) {
        let message = error.message().lines().next().unwrap_or_default();
        self.mistake(
            error.span().unwrap_or_default(),
            format!("this isn't TOML: {message}"),
        )
        .set_hint("<https://toml.io> describes the syntax in a page");
    }

    /// Reports a key that there isn't.
    pub(super) fn unknown(&mut self, key: &Spanned<DeString<'_>>, keys: &[Key]) {
        let written = key.get_ref();
        let names: Vec<_> = keys.iter().map(|key| key.name).collect();
        let hint = match nearest(written, &names) {
            Some(name) => format!("did you mean `{name}`?"),
            None => format!("the keys here are {}", listed(&names, "and")),
        };
        self.mistake(key.span(), format!("there is no key `{written}` here"))
            .set_hint(hint);
    }

    /// Reports a value of another kind.
    pub(super) fn unexpected(&mut self, value: &Spanned<DeValue<'_>>, shape: &Shape) {
        let found = match value.get_ref() {
            DeValue::String(_) => "a string",
            DeValue::Integer(number) if matches!(shape, Shape::Integer(..) | Shape::Seconds) => {
                &format!("`{number}`")
            }
            DeValue::Integer(_) => "an integer",
            DeValue::Float(_) => "a float",
            DeValue::Boolean(_) => "a boolean",
            DeValue::Datetime(_) => "a date",
            DeValue::Array(_) => "an array",
            DeValue::Table(_) => "a table",
        };
        self.mistake(value.span(), format!("expected {shape}, found {found}"));
    }

    /// Reports a key of a table that is missing: a path of keys. One that is there and a mistake was
    /// told.
    pub(super) fn required<T>(
        &mut self,
        table: &Spanned<DeValue<'_>>,
        key: &str,
        value: Option<T>,
    ) -> Option<T> {
        let mut keys = key.split('.');
        let found = keys.try_fold(table, |table, key| table.get_ref().get(key));
        if found.is_none() {
            self.mistake(table.span(), format!("`{key}` is missing here"));
        }
        value
    }

    /// Reports a word that isn't one of those that can be chosen.
    pub(super) fn no_choice(&mut self, span: Range<usize>, word: &str, words: &[&str]) {
        let expected = listed(words, "or");
        let mistake = self.mistake(span, format!("expected {expected}, found `{word}`"));
        if let Some(word) = nearest(word, words) {
            mistake.set_hint(format!("did you mean `{word}`?"));
        }
    }
}

/// Returns the word that was probably meant.
pub(crate) fn nearest<'w>(written: &str, words: &[&'w str]) -> Option<&'w str> {
    let written = written.to_lowercase().replace('_', "-");
    let distances = words
        .iter()
        .map(|word| (strsim::damerau_levenshtein(&written, word), *word));
    let (distance, word) = distances.min()?;
    // A third of a word can be wrong, as with rustc's own suggestions.
    (distance <= word.len().max(written.len()).max(3) / 3).then_some(word)
}

/// Returns words as a sentence lists them.
pub(super) fn listed(words: &[&str], last: &str) -> String {
    let quoted: Vec<_> = words.iter().map(|word| format!("`{word}`")).collect();
    match quoted.split_last() {
        Some((only, [])) => only.clone(),
        Some((end, others)) => format!("{} {last} {end}", others.join(", ")),
        None => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_word_is_suggested_where_it_is_near() {
        let words = ["overlays", "output", "strict"];
        assert_eq!(nearest("overlay", &words), Some("overlays"));
        assert_eq!(nearest("Ouptut", &words), Some("output"));
        assert_eq!(
            nearest("allow_remote", &["allow-remote"]),
            Some("allow-remote")
        );
        assert_eq!(nearest("colour", &words), None);
        assert_eq!(nearest("x", &[]), None);
    }

    #[test]
    fn words_are_listed_as_a_sentence_has_them() {
        assert_eq!(listed(&["a", "b", "c"], "or"), "`a`, `b` or `c`");
        assert_eq!(listed(&["a"], "or"), "`a`");
    }
}
