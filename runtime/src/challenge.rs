//! `WWW-Authenticate`: what a server asks of a client
//! ([RFC 9110 §11.6.1](https://www.rfc-editor.org/rfc/rfc9110#section-11.6.1)).

use http::HeaderMap;
use http::header::WWW_AUTHENTICATE;

use crate::formats::Base64;

/// One challenge of a `WWW-Authenticate` header.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Challenge {
    scheme: String,
    token68: Option<String>,
    parameters: Vec<(String, String)>,
}

impl Challenge {
    /// Reads all challenges of an answer: several to a line, and several lines. What isn't a challenge
    /// is passed over.
    #[must_use]
    pub fn all(headers: &HeaderMap) -> Vec<Self> {
        let mut challenges = Vec::new();
        for value in headers.get_all(WWW_AUTHENTICATE) {
            Parser::new(value.as_bytes()).read_into(&mut challenges);
        }
        challenges
    }

    /// Returns the scheme as the server spells it.
    #[must_use]
    pub fn scheme(&self) -> &str {
        &self.scheme
    }

    /// Returns whether this is a scheme, whatever its case
    /// ([RFC 9110 §11.1](https://www.rfc-editor.org/rfc/rfc9110#section-11.1)).
    #[must_use]
    pub fn is(&self, scheme: &str) -> bool {
        self.scheme.eq_ignore_ascii_case(scheme)
    }

    /// Returns the challenge's single unnamed value.
    #[must_use]
    pub fn token68(&self) -> Option<&str> {
        self.token68.as_deref()
    }

    /// Returns a parameter by its name, whatever its case.
    #[must_use]
    pub fn parameter(&self, name: &str) -> Option<&str> {
        self.parameters
            .iter()
            .find(|(known, _)| known.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.as_str())
    }
}

/// What a challenge demands of a token beyond being good.
impl Challenge {
    /// Returns the scopes that the API wants a token to have
    /// ([RFC 6750 §3](https://www.rfc-editor.org/rfc/rfc6750#section-3)).
    pub fn scopes(&self) -> impl Iterator<Item = &str> + Clone {
        let scope = self.parameter("scope").unwrap_or_default();
        scope.split_whitespace()
    }

    /// Returns the claims that the API wants a token to have, as the JSON of the token request parameter
    /// `claims`: Microsoft's
    /// [claims challenge](https://learn.microsoft.com/entra/identity-platform/claims-challenge) has them in
    /// base64. `None` if there are none, or if they aren't a JSON object or are longer than 16 KiB.
    #[must_use]
    pub fn claims(&self) -> Option<String> {
        let value = self.parameter("claims")?.trim();
        if value.len() > LONGEST_CLAIMS {
            return None;
        }
        let json = if value.starts_with('{') {
            value.to_owned()
        } else {
            let bytes = Base64::from(value).read::<Vec<u8>>().ok()?;
            String::from_utf8(bytes).ok()?
        };
        let is_object = serde_json::from_str::<serde_json::Map<_, _>>(&json).is_ok();
        is_object.then_some(json)
    }

    /// Returns the first challenge to a token that is good and lacks something.
    pub(crate) fn demanding(headers: &HeaderMap) -> Option<Self> {
        let mut challenges = Self::all(headers).into_iter();
        challenges.find(|challenge| {
            let error = challenge.parameter("error");
            (challenge.is("Bearer") || challenge.is("DPoP"))
                && (error.is_some_and(|error| DEMANDS.contains(&error))
                    || challenge.parameter("claims").is_some())
        })
    }
}

/// Far longer than any that is seen.
const LONGEST_CLAIMS: usize = 16 * 1024;

/// Error codes of an API to which the token isn't enough
/// ([RFC 6750 §3.1](https://www.rfc-editor.org/rfc/rfc6750#section-3.1), and Microsoft's).
const DEMANDS: &[&str] = &["insufficient_scope", "insufficient_claims"];

struct Parser<'a> {
    text: &'a [u8],
    at: usize,
}

impl<'a> Parser<'a> {
    fn new(text: &'a [u8]) -> Self {
        Self { text, at: 0 }
    }

    fn read_into(mut self, challenges: &mut Vec<Challenge>) {
        // A line's first parameter belongs to a challenge of the same line.
        let first = challenges.len();
        loop {
            self.skip(|byte| matches!(byte, b' ' | b'\t' | b','));
            if self.peek().is_none() {
                return;
            }
            let word = self.take(is_token);
            if word.is_empty() {
                self.skip_item();
            } else if self.eat_equals() {
                let value = self.value();
                if let Some(challenge) = challenges.get_mut(first..).and_then(<[_]>::last_mut) {
                    challenge.parameters.push((text(word), value));
                }
            } else {
                let token68 = self.token68();
                challenges.push(Challenge {
                    scheme: text(word),
                    token68,
                    parameters: Vec::new(),
                });
            }
        }
    }

    /// Reads `1*SP token68` if the rest up to the next comma is nothing else.
    fn token68(&mut self) -> Option<String> {
        let start = self.at;
        self.skip(is_space);
        if self.at > start {
            let from = self.at;
            self.skip(is_token68);
            let named = self.at > from;
            self.skip(|byte| byte == b'=');
            let found = self.text.get(from..self.at).unwrap_or_default();
            self.skip(is_space);
            if named && matches!(self.peek(), None | Some(b',')) {
                return Some(text(found));
            }
        }
        self.at = start;
        None
    }

    fn eat_equals(&mut self) -> bool {
        let start = self.at;
        self.skip(is_space);
        if self.peek() == Some(b'=') {
            self.at += 1;
            self.skip(is_space);
            return true;
        }
        self.at = start;
        false
    }

    fn value(&mut self) -> String {
        if self.peek() != Some(b'"') {
            return text(self.take(|byte| !matches!(byte, b',' | b' ' | b'\t')));
        }
        self.at += 1;
        let mut value = Vec::new();
        while let Some(byte) = self.next() {
            match byte {
                b'"' => break,
                b'\\' => value.extend(self.next()),
                _ => value.push(byte),
            }
        }
        text(&value)
    }

    /// Passes over what can't be read, up to the next comma outside of quotes.
    fn skip_item(&mut self) {
        while let Some(byte) = self.peek() {
            match byte {
                b',' => return,
                b'"' => {
                    self.value();
                }
                _ => self.at += 1,
            }
        }
    }

    fn peek(&self) -> Option<u8> {
        self.text.get(self.at).copied()
    }

    fn next(&mut self) -> Option<u8> {
        let byte = self.peek()?;
        self.at += 1;
        Some(byte)
    }

    fn skip(&mut self, pattern: impl Fn(u8) -> bool) {
        while self.peek().is_some_and(&pattern) {
            self.at += 1;
        }
    }

    fn take(&mut self, pattern: impl Fn(u8) -> bool) -> &'a [u8] {
        let start = self.at;
        self.skip(pattern);
        self.text.get(start..self.at).unwrap_or_default()
    }
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

const fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t')
}

/// RFC 9110 §5.6.2.
const fn is_token(byte: u8) -> bool {
    byte.is_ascii_alphanumeric()
        || matches!(
            byte,
            b'!' | b'#'
                | b'$'
                | b'%'
                | b'&'
                | b'\''
                | b'*'
                | b'+'
                | b'-'
                | b'.'
                | b'^'
                | b'_'
                | b'`'
                | b'|'
                | b'~'
        )
}

/// RFC 9110 §11.2, without the padding.
const fn is_token68(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~' | b'+' | b'/')
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    fn challenges(lines: &[&[u8]]) -> Vec<Challenge> {
        let mut headers = HeaderMap::new();
        for line in lines {
            headers.append(WWW_AUTHENTICATE, HeaderValue::from_bytes(line).unwrap());
        }
        Challenge::all(&headers)
    }

    #[test]
    fn several_challenges_share_a_line() {
        let found = challenges(&[
            b"Newauth realm=\"apps\", type=1, title=\"Login to \\\"apps\\\"\", Basic realm=\"simple\"",
        ]);
        assert_eq!(found.len(), 2);
        assert_eq!(found[0].scheme(), "Newauth");
        assert_eq!(found[0].parameter("type"), Some("1"));
        assert_eq!(found[0].parameter("title"), Some("Login to \"apps\""));
        assert_eq!(found[1].parameter("realm"), Some("simple"));
    }

    #[test]
    fn challenges_come_in_several_lines() {
        let found = challenges(&[b"Basic realm=x", b"bEaReR Error=\"invalid_token\""]);
        assert!(found[1].is("Bearer"));
        assert_eq!(found[1].parameter("error"), Some("invalid_token"));
        assert_eq!(found[0].parameter("error"), None);
    }

    #[test]
    fn a_quoted_comma_does_not_end_a_parameter() {
        let found =
            challenges(&[b"Bearer error_description=\"a, b=c, Digest x\", error=invalid_token"]);
        assert_eq!(found.len(), 1);
        assert_eq!(
            found[0].parameter("error_description"),
            Some("a, b=c, Digest x")
        );
        assert_eq!(found[0].parameter("error"), Some("invalid_token"));
    }

    #[test]
    fn scopes_and_claims_are_read() {
        let found = challenges(&[
            b"Bearer error=\"insufficient_scope\", scope=\"orders:read  orders:write\"",
            b"Bearer realm=\"\", error=\"insufficient_claims\", claims=\"eyJhY2Nlc3NfdG9rZW4iOnsibmJmIjp7fX19\"",
            b"Bearer claims=\"{\\\"a\\\":1}\"",
            b"Bearer claims=\"WzFd\", Bearer claims=\"%%\", Bearer claims=\"gICA\"",
        ]);
        let scopes: Vec<_> = found[0].scopes().collect();
        assert_eq!(scopes, ["orders:read", "orders:write"]);
        assert_eq!(found[0].claims(), None);
        let claims = found[1].claims();
        assert_eq!(claims.as_deref(), Some(r#"{"access_token":{"nbf":{}}}"#));
        assert_eq!(found[1].scopes().count(), 0);
        assert_eq!(found[2].claims().as_deref(), Some(r#"{"a":1}"#));
        assert!(
            found[3..]
                .iter()
                .all(|challenge| challenge.claims().is_none())
        );
        assert_eq!(found.len(), 6);
        let long = format!(
            "Bearer claims=\"{{\\\"a\\\":\\\"{}\\\"}}\"",
            "a".repeat(LONGEST_CLAIMS)
        );
        assert_eq!(challenges(&[long.as_bytes()])[0].claims(), None);
    }

    #[test]
    fn a_token_that_lacks_something_is_told_from_one_that_is_no_good() {
        let demanding = |line: &'static str| {
            let value = HeaderValue::from_static(line);
            Challenge::demanding(&HeaderMap::from_iter([(WWW_AUTHENTICATE, value)])).is_some()
        };
        assert!(demanding("Basic, bearer error=\"insufficient_scope\""));
        assert!(demanding("Bearer error=\"invalid_token\", claims=\"e30\""));
        assert!(!demanding("Bearer error=\"invalid_token\", scope=\"a\""));
        assert!(!demanding("Other error=\"insufficient_scope\""));
    }

    #[test]
    fn a_token68_keeps_its_padding() {
        let found =
            challenges(&[b"Negotiate YII/+a==, Bearer realm=\"x\", NTLM, Custom abc , Other"]);
        let schemes: Vec<_> = found.iter().map(Challenge::scheme).collect();
        assert_eq!(schemes, ["Negotiate", "Bearer", "NTLM", "Custom", "Other"]);
        assert_eq!(found[0].token68(), Some("YII/+a=="));
        assert_eq!(found[1].token68(), None);
        assert_eq!(found[3].token68(), Some("abc"));
    }

    #[test]
    fn blanks_around_the_equals_sign_are_allowed() {
        let found = challenges(&[b"Bearer  realm = \"x\" ,, error =\tinvalid_token"]);
        assert_eq!(found[0].parameter("realm"), Some("x"));
        assert_eq!(found[0].parameter("error"), Some("invalid_token"));
    }

    #[test]
    fn garbage_is_passed_over() {
        for line in [
            &b"=\"x\", ;;; \"unclosed"[..],
            b"",
            b",,,",
            b"\"",
            b"Bearer realm=\"unclosed \\",
            b"\xff\xfe=\xff",
            b"a=b",
        ] {
            let found = challenges(&[line]);
            assert!(found.len() <= 1, "{found:?}");
        }
        let found = challenges(&[b"\"a, b\" x, Bearer error=invalid_token"]);
        assert_eq!(found[0].parameter("error"), Some("invalid_token"));
    }
}
