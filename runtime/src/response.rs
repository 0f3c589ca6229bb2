//! What came back: the whole answer, and the decoded response.

use std::fmt;

use bytes::Bytes;
use http::header::CONTENT_TYPE;
use http::{HeaderMap, StatusCode};

use crate::suspicion::SkipReason;
use crate::token_error::TokenError;

/// A whole answer of the resource server.
#[derive(Clone)]
pub struct Answer {
    status: StatusCode,
    headers: HeaderMap,
    body: Bytes,
    truncated: bool,
}

impl Answer {
    /// Puts an answer together, as a test of code that reads answers does.
    #[must_use]
    pub const fn new(status: StatusCode, headers: HeaderMap, body: Bytes) -> Self {
        Self {
            status,
            headers,
            body,
            truncated: false,
        }
    }

    /// Sets the body as far as it has been read.
    pub(crate) fn read(&mut self, body: Bytes, is_whole: bool) {
        self.body = body;
        self.truncated = !is_whole;
    }

    pub(crate) fn take_body(&mut self) -> Bytes {
        std::mem::take(&mut self.body)
    }

    /// Returns the status.
    #[must_use]
    pub const fn status(&self) -> StatusCode {
        self.status
    }

    /// Returns the headers.
    #[must_use]
    pub const fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    /// Returns the body.
    #[must_use]
    pub const fn body(&self) -> &Bytes {
        &self.body
    }

    /// Returns whether the body is only the beginning of what the server sent: that of a failure is
    /// read up to 1 MiB, as long as the connection holds and the call has time.
    #[must_use]
    pub const fn is_truncated(&self) -> bool {
        self.truncated
    }

    pub(crate) fn content_type(&self) -> Option<&str> {
        self.headers.get(CONTENT_TYPE)?.to_str().ok()
    }

    /// Returns the media type without its parameters.
    pub(crate) fn essence(&self) -> Option<&str> {
        let media_type = self.content_type()?.split(';').next()?;
        Some(media_type.trim())
    }
}

impl fmt::Debug for Answer {
    /// Prints neither values of headers nor the body: each may hold what must not be seen.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Answer")
            .field("status", &self.status)
            .field("headers", &self.headers.keys().collect::<Vec<_>>())
            .field("body", &format_args!("{} bytes", self.body.len()))
            .finish_non_exhaustive()
    }
}

/// Whether a call was replayed with a new token after an answer that could mean that the token was
/// revoked or expired.
#[derive(Debug, Clone, Default)]
#[non_exhaustive]
pub enum Replay {
    /// No answer gave reason to doubt the token.
    #[default]
    NotNeeded,
    /// The call was made once more with another token; its answer is the second one.
    Done,
    /// The call was made once more with a token of more, such as a scope that the first answer demanded;
    /// its answer is the second one. See [`ClientOptions::step_up`](crate::ClientOptions::step_up).
    SteppedUp,
    /// The first answer stands, because a new token was not asked for, or is of no use.
    Skipped(SkipReason),
    /// The first answer stands, because the authorization server issued the same token again.
    SameToken,
    /// The first answer stands, because no new token could be had.
    Failed(TokenError),
}

impl Replay {
    /// Returns why no new token could be had, where one was asked for.
    #[must_use]
    pub const fn token_error(&self) -> Option<&TokenError> {
        match self {
            Self::Failed(error) => Some(error),
            _ => None,
        }
    }

    /// Returns one word for a span.
    pub(crate) const fn as_str(&self) -> &'static str {
        match self {
            Self::NotNeeded => "not_needed",
            Self::Done => "done",
            Self::SteppedUp => "stepped_up",
            Self::Skipped(_) => "skipped",
            Self::SameToken => "same_token",
            Self::Failed(_) => "failed",
        }
    }
}

/// What it took to get an answer.
#[derive(Debug, Clone, Default)]
pub(crate) struct Effort {
    /// Requests sent, replay included.
    pub(crate) attempts: u32,
    pub(crate) replay: Replay,
    /// The status that put the token under suspicion.
    pub(crate) suspected: Option<StatusCode>,
}

/// A decoded answer that means success.
#[derive(Clone)]
pub struct Response<T> {
    /// The decoded body.
    pub body: T,
    answer: Answer,
    effort: Effort,
}

impl<T> Response<T> {
    pub(crate) const fn new(body: T, answer: Answer, effort: Effort) -> Self {
        Self {
            body,
            answer,
            effort,
        }
    }

    /// Returns the decoded body alone.
    #[must_use]
    pub fn into_body(self) -> T {
        self.body
    }

    pub(crate) fn into_answer(self) -> (Answer, Effort) {
        (self.answer, self.effort)
    }

    /// Returns the status.
    #[must_use]
    pub const fn status(&self) -> StatusCode {
        self.answer.status()
    }

    /// Returns the headers.
    #[must_use]
    pub const fn headers(&self) -> &HeaderMap {
        self.answer.headers()
    }

    /// Returns the answer before it was decoded.
    #[must_use]
    pub const fn answer(&self) -> &Answer {
        &self.answer
    }

    /// Returns whether the call was replayed with a new token.
    #[must_use]
    pub const fn replay(&self) -> &Replay {
        &self.effort.replay
    }

    /// Returns how many requests were sent, replay included.
    #[must_use]
    pub const fn attempts(&self) -> u32 {
        self.effort.attempts
    }
}

impl<T: fmt::Debug> fmt::Debug for Response<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Response")
            .field("body", &self.body)
            .field("answer", &self.answer)
            .field("effort", &self.effort)
            .finish()
    }
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    #[test]
    fn debug_of_an_answer_shows_no_value() {
        let mut headers = HeaderMap::new();
        headers.insert("set-cookie", HeaderValue::from_static("session=s3cret"));
        let answer = Answer::new(StatusCode::OK, headers, Bytes::from_static(b"s3cret"));
        assert_eq!(
            format!("{answer:?}"),
            "Answer { status: 200, headers: [\"set-cookie\"], body: 6 bytes, .. }"
        );
    }
}
