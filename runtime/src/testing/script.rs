//! Answers of the authorization server that a test asks for.

use std::time::Duration;

use bytes::Bytes;
use http::{HeaderName, HeaderValue, Response, StatusCode};
use http_body_util::Full;

/// An answer to one token request, in place of a token.
#[derive(Debug, Clone)]
pub struct Scripted {
    pub(super) fault: Fault,
    pub(super) delay: Duration,
}

#[derive(Debug, Clone)]
pub(super) enum Fault {
    /// Issues a token after all.
    None,
    Answer(Response<Full<Bytes>>),
    /// Never answers.
    Hang,
    /// Closes the connection without an answer.
    Reset,
}

impl Scripted {
    const fn of(fault: Fault) -> Self {
        Self {
            fault,
            delay: Duration::ZERO,
        }
    }

    /// Issues a token as usual; for scripts in which later requests fail.
    #[must_use]
    pub const fn token() -> Self {
        Self::of(Fault::None)
    }

    /// Issues a token after some time, by the server's clock.
    #[must_use]
    pub const fn slow(delay: Duration) -> Self {
        Self {
            fault: Fault::None,
            delay,
        }
    }

    /// Never answers.
    #[must_use]
    pub const fn hang() -> Self {
        Self::of(Fault::Hang)
    }

    /// Closes the connection without an answer.
    #[must_use]
    pub const fn reset() -> Self {
        Self::of(Fault::Reset)
    }

    /// Answers with a status and a body of JSON.
    ///
    /// # Panics
    ///
    /// Panics if the status isn't one.
    #[must_use]
    pub fn json(status: u16, body: impl Into<Bytes>) -> Self {
        Self::body(status, "application/json", body)
    }

    /// Answers with a status and any body.
    ///
    /// # Panics
    ///
    /// Panics if the status isn't one.
    #[must_use]
    pub fn body(status: u16, media_type: &'static str, body: impl Into<Bytes>) -> Self {
        let mut response = Response::new(Full::new(body.into()));
        *response.status_mut() = StatusCode::from_u16(status).expect("a status");
        Self::of(Fault::Answer(response)).header("content-type", media_type)
    }

    /// Refuses with an error code: 401 for `invalid_client`, 400 for others
    /// ([RFC 6749 §5.2](https://www.rfc-editor.org/rfc/rfc6749#section-5.2)).
    #[must_use]
    pub fn error(code: &str) -> Self {
        let status = if code == "invalid_client" { 401 } else { 400 };
        let body = serde_json::json!({ "error": code });
        Self::json(status, body.to_string())
    }

    /// Redirects to another place.
    ///
    /// # Panics
    ///
    /// Panics if the status isn't one or the place can't stand in a header.
    #[must_use]
    pub fn redirect(status: u16, location: &str) -> Self {
        Self::body(status, "text/plain", "").header("location", location)
    }

    /// Adds a header to an answer.
    ///
    /// # Panics
    ///
    /// Panics if the value can't stand in a header.
    #[must_use]
    pub fn header(mut self, name: &'static str, value: &str) -> Self {
        if let Fault::Answer(response) = &mut self.fault {
            let value = HeaderValue::from_str(value).expect("a header value");
            let name = HeaderName::from_static(name);
            response.headers_mut().insert(name, value);
        }
        self
    }
}
