//! Words of any spelling: `HTTPServer`, `http-server` and `http_server` are the same two words.

use deunicode::deunicode_char;

/// Words that say how a symbol reads where nothing else tells two texts apart.
const SYMBOLS: &[(&str, &str)] = &[
    ("<=", "less than or equal"),
    (">=", "greater than or equal"),
    ("==", "equal"),
    ("!=", "not equal"),
    ("<>", "not equal"),
    ("&&", "and"),
    ("||", "or"),
    ("<", "less than"),
    (">", "greater than"),
    ("=", "equal"),
    ("+", "plus"),
    ("-", "minus"),
    ("*", "asterisk"),
    ("/", "slash"),
    ("\\", "backslash"),
    ("%", "percent"),
    ("&", "ampersand"),
    ("|", "pipe"),
    ("!", "not"),
    ("?", "question mark"),
    (".", "dot"),
    (",", "comma"),
    (":", "colon"),
    (";", "semicolon"),
    ("#", "hash"),
    ("@", "at"),
    ("$", "dollar"),
    ("~", "tilde"),
    ("^", "caret"),
    ("_", "underscore"),
    ("'", "apostrophe"),
    ("\"", "quote"),
    ("`", "backtick"),
    ("(", "left parenthesis"),
    (")", "right parenthesis"),
    ("[", "left bracket"),
    ("]", "right bracket"),
    ("{", "left brace"),
    ("}", "right brace"),
    (" ", "space"),
];

/// No identifier is longer than this, save for a suffix: some documents have values that are whole
/// paragraphs.
const LONGEST: usize = 80;

/// Lower-case words of ASCII letters and digits.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Words(Vec<String>);

impl Words {
    /// Splits a text where its spelling does: at whatever is neither letter nor digit, before an
    /// upper-case letter that follows a lower-case one or a digit, and before the last letter of an
    /// acronym that a word follows (`HTTPServer`). Other scripts are transliterated. A sign before
    /// a letter or a digit is a word: `-created` sorts otherwise than `created`.
    pub(super) fn of(text: &str) -> Self {
        let text = ascii(text);
        let mut words = Vec::new();
        let mut rest = text.as_str();
        if let Some(unsigned) = text.strip_prefix(['+', '-'])
            && unsigned.starts_with(|first: char| first.is_ascii_alphanumeric())
        {
            words.push(
                if text.starts_with('-') {
                    "minus"
                } else {
                    "plus"
                }
                .to_owned(),
            );
            rest = unsigned;
        }
        for chunk in rest.split(|symbol: char| !symbol.is_ascii_alphanumeric()) {
            split_chunk(chunk, &mut words);
        }
        Self(words).shortened()
    }

    /// Splits a text, and reads out every symbol of it.
    pub(super) fn spelled(text: &str) -> Self {
        let text = ascii(text);
        let mut words = Vec::new();
        let mut rest = text.as_str();
        while let Some(first) = rest.chars().next() {
            let letters = rest
                .find(|symbol: char| !symbol.is_ascii_alphanumeric())
                .unwrap_or(rest.len());
            if letters > 0 {
                split_chunk(&rest[..letters], &mut words);
                rest = &rest[letters..];
            } else if let Some((symbol, reading)) =
                SYMBOLS.iter().find(|(symbol, _)| rest.starts_with(symbol))
            {
                words.extend(reading.split(' ').map(str::to_owned));
                rest = &rest[symbol.len()..];
            } else {
                rest = &rest[first.len_utf8()..];
            }
        }
        Self(words).shortened()
    }

    /// Takes an identifier in `PascalCase` apart again.
    pub(super) fn of_pascal(identifier: &str) -> Self {
        let mut words: Vec<String> = Vec::new();
        for letter in identifier.chars() {
            match words.last_mut() {
                Some(word) if letter.is_ascii_lowercase() || letter.is_ascii_digit() => {
                    word.push(letter);
                }
                _ => words.push(letter.to_ascii_lowercase().to_string()),
            }
        }
        for word in &mut words {
            word.retain(|letter| letter != '_');
        }
        words.retain(|word| !word.is_empty());
        Self(words)
    }

    /// Takes words as they are: lower-case and separated by spaces.
    pub(super) fn fixed(words: &str) -> Self {
        Self(words.split(' ').map(str::to_owned).collect())
    }

    pub(super) const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(super) const fn len(&self) -> usize {
        self.0.len()
    }

    /// Returns whether no identifier can begin with these words.
    pub(super) fn starts_with_digit(&self) -> bool {
        self.0
            .first()
            .is_some_and(|word| word.starts_with(|first: char| first.is_ascii_digit()))
    }

    /// Returns these words and then others.
    pub(super) fn then(&self, others: &Self) -> Self {
        Self(self.0.iter().chain(&others.0).cloned().collect())
    }

    /// Returns what follows `prefix`; `None` where that is nothing, where it begins with a digit,
    /// and where the words don't begin so.
    pub(super) fn without_prefix(&self, prefix: &Self) -> Option<Self> {
        let rest = Self(self.0.strip_prefix(prefix.0.as_slice())?.to_vec());
        (!prefix.is_empty() && !rest.is_empty() && !rest.starts_with_digit()).then_some(rest)
    }

    /// Returns the words without some that stand at the end.
    pub(super) fn without_last(mut self, noise: &[&str]) -> Self {
        while self.len() > 1
            && let Some(last) = self.0.last()
            && noise.contains(&last.as_str())
        {
            self.0.pop();
        }
        self
    }

    pub(super) fn snake(&self) -> String {
        self.0.join("_")
    }

    pub(super) fn kebab(&self) -> String {
        self.0.join("-")
    }

    pub(super) fn screaming(&self) -> String {
        self.snake().to_ascii_uppercase()
    }

    /// Returns the words with a capital each, acronyms too: `HttpServer`. Two digits that words
    /// part stay apart: `V1_2`.
    pub(super) fn pascal(&self) -> String {
        let mut text = String::new();
        for word in &self.0 {
            if text.ends_with(|last: char| last.is_ascii_digit())
                && word.starts_with(|first: char| first.is_ascii_digit())
            {
                text.push('_');
            }
            let (first, rest) = word.split_at(1.min(word.len()));
            text.push_str(&first.to_ascii_uppercase());
            text.push_str(rest);
        }
        text
    }

    fn shortened(mut self) -> Self {
        let mut length = 0;
        let fitting = self
            .0
            .iter()
            .take_while(|word| {
                length += word.len() + 1;
                length <= LONGEST
            })
            .count();
        self.0.truncate(fitting.max(1));
        if let Some(only) = self.0.first_mut() {
            only.truncate(LONGEST);
        }
        self
    }
}

/// Returns a text in ASCII: letters of other scripts are transliterated, emoji read out.
fn ascii(text: &str) -> String {
    let mut ascii = String::with_capacity(text.len());
    for character in text.chars() {
        if character.is_ascii() {
            ascii.push(character);
        } else if let Some(reading) = deunicode_char(character) {
            let is_word = reading.len() > 1 && !character.is_alphabetic();
            if is_word {
                ascii.push(' ');
            }
            ascii.push_str(reading);
            if is_word {
                ascii.push(' ');
            }
        } else {
            ascii.push(' ');
        }
    }
    ascii
}

/// Splits a run of letters and digits by its capitals.
fn split_chunk(chunk: &str, words: &mut Vec<String>) {
    let letters = chunk.as_bytes();
    let mut start = 0;
    for at in 1..letters.len() {
        if is_boundary(letters, start, at) {
            words.push(chunk[start..at].to_ascii_lowercase());
            start = at;
        }
    }
    if start < letters.len() {
        words.push(chunk[start..].to_ascii_lowercase());
    }
}

/// Returns whether a word begins at `at`, when the one before began at `start`.
fn is_boundary(letters: &[u8], start: usize, at: usize) -> bool {
    let (before, here) = (letters[at - 1], letters[at]);
    if !here.is_ascii_uppercase() {
        return false;
    }
    if before.is_ascii_lowercase() || before.is_ascii_digit() {
        return true;
    }
    let next = letters.get(at + 1).copied();
    // `OAuth` is one word, wherever it stands.
    if letters[start..].starts_with(b"OAuth") && at == start + 1 {
        return false;
    }
    match next {
        // The plural of an acronym: `userIDs`, `URLsOf`.
        Some(b's') if letters.get(at + 2).is_none_or(u8::is_ascii_uppercase) => false,
        // A version: `IPv4`.
        Some(b'v') if letters.get(at + 2).is_some_and(u8::is_ascii_digit) => false,
        Some(next) => next.is_ascii_lowercase(),
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_spelling_of_a_name_gives_the_same_words() {
        for text in [
            "HTTPServer",
            "httpServer",
            "http-server",
            "HTTP_SERVER",
            "http.server",
            " Http  Server ",
        ] {
            assert_eq!(Words::of(text).snake(), "http_server", "{text}");
        }
    }

    #[test]
    fn acronyms_are_words() {
        for (text, snake, pascal) in [
            ("userIDs", "user_ids", "UserIds"),
            ("URLsOfOrder", "urls_of_order", "UrlsOfOrder"),
            ("IPv4Address", "ipv4_address", "Ipv4Address"),
            ("OAuth2Token", "oauth2_token", "Oauth2Token"),
            ("oauth2Token", "oauth2_token", "Oauth2Token"),
            ("v1beta1", "v1beta1", "V1beta1"),
            ("v1.2", "v1_2", "V1_2"),
            ("SHA256Sum", "sha256_sum", "Sha256Sum"),
            ("aB", "a_b", "AB"),
        ] {
            assert_eq!(Words::of(text).snake(), snake);
            assert_eq!(Words::of(text).pascal(), pascal);
        }
    }

    #[test]
    fn signs_and_symbols_are_read_out() {
        assert_eq!(Words::of("+1").snake(), "plus_1");
        assert_eq!(Words::of("-created").snake(), "minus_created");
        assert_eq!(Words::of("@type").snake(), "type");
        assert_eq!(Words::spelled("@type").snake(), "at_type");
        assert_eq!(Words::spelled("<=").snake(), "less_than_or_equal");
        assert!(Words::of("<=").is_empty());
        assert!(Words::of("").is_empty());
    }

    #[test]
    fn other_scripts_are_transliterated() {
        assert_eq!(Words::of("Größe").snake(), "grosse");
        assert_eq!(Words::of("naïveTest").snake(), "naive_test");
        assert_eq!(Words::of("🦄").snake(), "unicorn");
        assert!(Words::of("\u{202e}\u{0}").is_empty());
    }

    #[test]
    fn paragraphs_are_cut_at_a_word() {
        let words = Words::of(&"never ending ".repeat(100));
        assert!(words.snake().len() <= LONGEST);
        assert!(words.snake().ends_with('g') || words.snake().ends_with("never"));
    }
}
