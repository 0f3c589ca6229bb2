//! Why there is no access token.

use std::error::Error;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use http::StatusCode;

/// A failure to get an access token.
///
/// Cheap to clone: all callers that waited for one token request share one error. It never holds a
/// secret, an access token or an answer's raw body.
#[derive(Clone)]
pub struct TokenError(Arc<Inner>);

struct Inner {
    kind: Kind,
    message: String,
    code: Option<String>,
    description: Option<String>,
    status: Option<StatusCode>,
    retry_after: Option<Duration>,
    source: Option<Box<dyn Error + Send + Sync>>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// The authorization server said no, or the settings can't work: a human has to act.
    Permanent,
    /// Nothing usable came back, for no reason that is known to last or to pass.
    Unusable,
    /// It may succeed with no human action.
    Transient,
    /// No answer in time; transient too.
    Timeout,
}

/// Error codes that servers use for their own troubles, outside RFC 6749 §5.2.
const TRANSIENT_CODES: &[&str] = &["temporarily_unavailable", "server_error", "slow_down"];

/// Longest text that is taken from an answer.
const LONGEST_TEXT: usize = 500;

impl TokenError {
    /// Makes an error that a human has to mend, for a [`TokenSource`](crate::TokenSource).
    pub fn permanent(message: impl Into<String>) -> Self {
        Self::of(Kind::Permanent, message)
    }

    /// Makes an error that may pass by itself, for a [`TokenSource`](crate::TokenSource).
    pub fn transient(message: impl Into<String>) -> Self {
        Self::of(Kind::Transient, message)
    }

    /// Makes the error of an authorization server that answered with an error code
    /// ([RFC 6749 §5.2](https://www.rfc-editor.org/rfc/rfc6749#section-5.2)).
    #[must_use]
    pub fn refused(code: &str, description: Option<&str>) -> Self {
        let code = sanitize(code);
        let kind = if TRANSIENT_CODES.contains(&code.as_str()) {
            Kind::Transient
        } else {
            Kind::Permanent
        };
        let mut inner = Inner::new(kind, "the authorization server refused the token request");
        inner.code = Some(code);
        inner.description = description.map(sanitize).filter(|text| !text.is_empty());
        Self(Arc::new(inner))
    }

    pub(crate) fn unusable(message: impl Into<String>) -> Self {
        Self::of(Kind::Unusable, message)
    }

    pub(crate) fn timeout(message: impl Into<String>) -> Self {
        Self::of(Kind::Timeout, message)
    }

    fn of(kind: Kind, message: impl Into<String>) -> Self {
        Self(Arc::new(Inner::new(kind, message)))
    }

    /// Adds what the answer said beside its body. An answer by which the server is in trouble, or
    /// is asked too often, makes any error a transient one.
    pub(crate) fn answered(self, status: StatusCode, retry_after: Option<Duration>) -> Self {
        self.change(|inner| {
            inner.status = Some(status);
            inner.retry_after = retry_after;
            if status.is_server_error()
                || status == StatusCode::TOO_MANY_REQUESTS
                || status == StatusCode::REQUEST_TIMEOUT
            {
                inner.kind = Kind::Transient;
            }
        })
    }

    pub(crate) fn because(self, source: impl Error + Send + Sync + 'static) -> Self {
        self.change(|inner| inner.source = Some(Box::new(source)))
    }

    fn change(mut self, change: impl FnOnce(&mut Inner)) -> Self {
        if let Some(inner) = Arc::get_mut(&mut self.0) {
            change(inner);
        }
        self
    }

    /// Returns the error code of the authorization server, such as `invalid_client`
    /// ([RFC 6749 §5.2](https://www.rfc-editor.org/rfc/rfc6749#section-5.2)).
    #[must_use]
    pub fn code(&self) -> Option<&str> {
        self.0.code.as_deref()
    }

    /// Returns the server's own words, reduced to the characters that RFC 6749 §5.2 allows.
    #[must_use]
    pub fn description(&self) -> Option<&str> {
        self.0.description.as_deref()
    }

    /// Returns the status of the token endpoint's answer, if there was one.
    #[must_use]
    pub fn status(&self) -> Option<StatusCode> {
        self.0.status
    }

    /// Returns whether a later token request may succeed with no human action.
    #[must_use]
    pub fn is_transient(&self) -> bool {
        matches!(self.0.kind, Kind::Transient | Kind::Timeout)
    }

    /// Returns whether the answer didn't come in time.
    #[must_use]
    pub fn is_timeout(&self) -> bool {
        self.0.kind == Kind::Timeout
    }

    pub(crate) fn is_permanent(&self) -> bool {
        self.0.kind == Kind::Permanent
    }

    pub(crate) fn retry_after(&self) -> Option<Duration> {
        self.0.retry_after
    }
}

impl Inner {
    fn new(kind: Kind, message: impl Into<String>) -> Self {
        Self {
            kind,
            message: message.into(),
            code: None,
            description: None,
            status: None,
            retry_after: None,
            source: None,
        }
    }
}

/// Keeps the characters of an `error_description` (RFC 6749 §5.2), so that a hostile answer can
/// neither break a log line nor fill it.
fn sanitize(text: &str) -> String {
    let text: String = allowed(text).take(LONGEST_TEXT).collect();
    text.trim().to_owned()
}

/// Returns the characters of a text that an `error_description` can have.
pub(crate) fn allowed(text: &str) -> impl Iterator<Item = char> + '_ {
    text.chars()
        .map(|c| if c.is_ascii_whitespace() { ' ' } else { c })
        .filter(|c| matches!(c, ' '..='!' | '#'..='[' | ']'..='~'))
}

impl fmt::Display for TokenError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.message)?;
        if let Some(status) = self.0.status {
            write!(f, " (status {})", status.as_u16())?;
        }
        if let Some(code) = self.code() {
            write!(f, ": {code}")?;
        }
        if let Some(description) = self.description() {
            write!(f, ": {description}")?;
        }
        Ok(())
    }
}

impl Error for TokenError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.0
            .source
            .as_deref()
            .map(|source| source as &(dyn Error + 'static))
    }
}

impl fmt::Debug for TokenError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TokenError")
            .field("kind", &self.0.kind)
            .field("message", &self.0.message)
            .field("code", &self.0.code)
            .field("description", &self.0.description)
            .field("status", &self.0.status)
            .field("retry_after", &self.0.retry_after)
            .field("source", &self.0.source)
            .finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_description_cannot_break_a_log_line() {
        let error = TokenError::refused(
            "invalid_client\r\nx",
            Some("line one\nline \u{1b}[31mtwo\" \\é"),
        );
        assert_eq!(error.code(), Some("invalid_client  x"));
        assert_eq!(error.description(), Some("line one line [31mtwo"));
    }

    #[test]
    fn a_description_is_bounded() {
        let error = TokenError::refused("invalid_scope", Some(&"a".repeat(10_000)));
        assert_eq!(error.description().map(str::len), Some(LONGEST_TEXT));
    }

    #[test]
    fn a_refusal_is_permanent_unless_the_server_is_in_trouble() {
        let refused = || TokenError::refused("invalid_client", None);
        assert!(!refused().is_transient());
        assert!(TokenError::refused("temporarily_unavailable", None).is_transient());
        assert!(
            refused()
                .answered(StatusCode::SERVICE_UNAVAILABLE, None)
                .is_transient()
        );
        assert!(
            !refused()
                .answered(StatusCode::UNAUTHORIZED, None)
                .is_transient()
        );
    }

    #[test]
    fn display_says_what_the_server_said() {
        let error = TokenError::refused("invalid_client", Some("unknown client"))
            .answered(StatusCode::UNAUTHORIZED, None);
        assert_eq!(
            error.to_string(),
            "the authorization server refused the token request (status 401): invalid_client: unknown client"
        );
    }
}
