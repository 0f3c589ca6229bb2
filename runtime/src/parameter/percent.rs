//! Percent-encoding ([RFC 3986 §2.1](https://www.rfc-editor.org/rfc/rfc3986#section-2.1)).

use std::borrow::Cow;

/// Which characters stand as they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Escape {
    /// The unreserved ones only (RFC 3986 §2.3): the simple expansion of
    /// [RFC 6570 §3.2.2](https://www.rfc-editor.org/rfc/rfc6570#section-3.2.2).
    Unreserved,
    /// Reserved ones and percent-encoded triplets too: the reserved expansion of
    /// [RFC 6570 §3.2.3](https://www.rfc-editor.org/rfc/rfc6570#section-3.2.3), less those that a
    /// query can't hold (RFC 3986 §3.4): `#`, `[` and `]`.
    AllowReserved,
    /// Those of a form: unreserved ones, and a space becomes `+`
    /// ([URL Standard §5.2](https://url.spec.whatwg.org/#urlencoded-serializing)).
    Form,
    /// All of them.
    Nothing,
}

/// Percent-encodes the UTF-8 bytes of a text.
pub(crate) fn escape(text: &str, escape: Escape) -> Cow<'_, str> {
    let bytes = text.as_bytes();
    if (0..bytes.len()).all(|at| escape.keeps(bytes, at)) {
        return Cow::Borrowed(text);
    }
    let mut escaped = String::with_capacity(text.len() + 16);
    for (at, &byte) in bytes.iter().enumerate() {
        if escape.keeps(bytes, at) {
            escaped.push(char::from(byte));
        } else if byte == b' ' && escape == Escape::Form {
            escaped.push('+');
        } else {
            escaped.push('%');
            escaped.push(digit(byte >> 4));
            escaped.push(digit(byte & 0xf));
        }
    }
    Cow::Owned(escaped)
}

impl Escape {
    fn keeps(self, bytes: &[u8], at: usize) -> bool {
        let byte = bytes[at];
        let unreserved = byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
        match self {
            Self::Nothing => true,
            Self::Unreserved => unreserved,
            // The URL Standard keeps `*` and encodes `~`; each decodes to the same.
            Self::Form => unreserved && byte != b'~' || byte == b'*',
            Self::AllowReserved => {
                unreserved || b":/?@!$&'()*+,;=".contains(&byte) || is_triplet(bytes, at)
            }
        }
    }
}

fn is_triplet(bytes: &[u8], at: usize) -> bool {
    bytes[at] == b'%'
        && bytes
            .get(at + 1..at + 3)
            .is_some_and(|digits| digits.iter().all(u8::is_ascii_hexdigit))
}

fn digit(value: u8) -> char {
    char::from(b"0123456789ABCDEF"[usize::from(value & 0xf)])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unreserved_characters_stand_and_all_others_are_encoded() {
        let unreserved = "ABCxyz019-._~";
        assert!(matches!(
            escape(unreserved, Escape::Unreserved),
            Cow::Borrowed(text) if text == unreserved
        ));
        assert_eq!(
            escape(":/?#[]@!$&'()*+,;=", Escape::Unreserved),
            "%3A%2F%3F%23%5B%5D%40%21%24%26%27%28%29%2A%2B%2C%3B%3D"
        );
        assert_eq!(
            escape("50% \"<>\\^`{|}", Escape::Unreserved),
            "50%25%20%22%3C%3E%5C%5E%60%7B%7C%7D"
        );
    }

    #[test]
    fn unicode_is_encoded_as_utf_8() {
        assert_eq!(
            escape("ü€😀", Escape::Unreserved),
            "%C3%BC%E2%82%AC%F0%9F%98%80"
        );
        assert_eq!(
            escape("ü€😀", Escape::AllowReserved),
            "%C3%BC%E2%82%AC%F0%9F%98%80"
        );
        assert_eq!(escape("\0\n\u{7f}", Escape::Unreserved), "%00%0A%7F");
    }

    /// The values of RFC 6570 §3.2.3 for `{+var}`, `{+half}` and `{+path}`.
    #[test]
    fn reserved_expansion_is_that_of_rfc_6570() {
        assert_eq!(
            escape("Hello World!", Escape::AllowReserved),
            "Hello%20World!"
        );
        assert_eq!(escape("50%", Escape::AllowReserved), "50%25");
        assert_eq!(escape("/foo/bar", Escape::AllowReserved), "/foo/bar");
    }

    #[test]
    fn a_triplet_stands_and_a_lone_percent_sign_does_not() {
        assert_eq!(escape("%2f%zz%4", Escape::AllowReserved), "%2f%25zz%254");
        assert_eq!(escape("%2f", Escape::Unreserved), "%252f");
    }

    #[test]
    fn what_would_end_a_query_is_always_encoded() {
        assert_eq!(escape("a#b[c]", Escape::AllowReserved), "a%23b%5Bc%5D");
    }

    #[test]
    fn a_form_writes_a_space_as_a_plus_sign() {
        assert_eq!(escape("a b+c*~", Escape::Form), "a+b%2Bc*%7E");
    }
}
