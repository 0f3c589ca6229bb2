//! Why a call failed: one error for all calls, by stage.

use std::error::Error as StdError;
use std::fmt;
use std::time::Duration;

use bytes::Bytes;
use http::{HeaderMap, StatusCode};

use crate::api::Operation;
use crate::challenge::Challenge;
use crate::decode::DecodeError;
use crate::headers::ResponseHeaders;
use crate::problem::Problem;
use crate::request_error::RequestError;
use crate::response::{Answer, Effort, Replay};
use crate::retry;
use crate::settings_error::SettingsError;
use crate::token_error::TokenError;
use crate::transport::TransportError;

/// The failure of a call, or of the making of a client.
///
/// As large as a pointer, and the same for all calls, so that `?` composes across them.
pub struct Error(Box<Inner>);

struct Inner {
    operation: Option<&'static Operation>,
    effort: Effort,
    failure: Failure,
}

enum Failure {
    Settings(SettingsError),
    Request(RequestError),
    Token(TokenError),
    Transport(TransportError),
    Api(ApiError),
    Decode(Answer, DecodeError),
}

/// How far a call came before it failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Stage {
    /// Nothing was sent: the settings or the request are at fault.
    Request,
    /// There was no access token; the request wasn't sent.
    Token,
    /// The request got no answer, or only a part of one.
    Transport,
    /// The server answered with a status that the document doesn't call success.
    Api,
    /// The answer means success but isn't what the document promises.
    Decode,
}

/// The bodies of an operation's failures, as its document describes them; generated code implements
/// it.
pub trait ErrorBody: Sized {
    /// Decodes the body of an answer; `None` if the document describes none for its status.
    fn decode(answer: &Answer) -> Option<Result<Self, DecodeError>>;
}

impl Error {
    fn of(failure: Failure) -> Self {
        Self(Box::new(Inner {
            operation: None,
            effort: Effort::default(),
            failure,
        }))
    }

    pub(crate) fn unsent(error: RequestError) -> Self {
        Self::of(Failure::Request(error))
    }

    pub(crate) fn without_token(error: TokenError) -> Self {
        Self::of(Failure::Token(error))
    }

    pub(crate) fn unanswered(error: TransportError) -> Self {
        Self::of(Failure::Transport(error))
    }

    pub(crate) fn refused(operation: &'static Operation, answer: Answer, effort: Effort) -> Self {
        let mut error = Self::of(Failure::Api(ApiError {
            operation: operation.id,
            answer,
            effort,
            ended: None,
        }));
        error.0.operation = Some(operation);
        error
    }

    /// A long-running operation that ended in a state of failure.
    pub(crate) fn ended(
        operation: &'static Operation,
        answer: Answer,
        effort: Effort,
        state: &'static str,
    ) -> Self {
        let mut error = Self::refused(operation, answer, effort);
        if let Failure::Api(error) = &mut error.0.failure {
            error.ended = Some(state);
        }
        error
    }

    pub(crate) fn undecodable(answer: Answer, error: DecodeError) -> Self {
        Self::of(Failure::Decode(answer, error))
    }

    /// Says which call failed and what it took.
    pub(crate) fn during(mut self, operation: &'static Operation, effort: Effort) -> Self {
        self.0.operation = Some(operation);
        self.0.effort = effort;
        self
    }

    /// Says for which operation the failed call was made.
    pub(crate) fn of_operation(mut self, operation: &'static Operation) -> Self {
        self.0.operation = Some(operation);
        if let Failure::Api(error) = &mut self.0.failure {
            error.operation = operation.id;
        }
        self
    }

    /// Returns how far the call came.
    #[must_use]
    pub fn stage(&self) -> Stage {
        match self.0.failure {
            Failure::Settings(_) | Failure::Request(_) => Stage::Request,
            Failure::Token(_) => Stage::Token,
            Failure::Transport(_) => Stage::Transport,
            Failure::Api(_) => Stage::Api,
            Failure::Decode(..) => Stage::Decode,
        }
    }

    /// Returns the answer of a server that refused the call.
    #[must_use]
    pub fn api(&self) -> Option<&ApiError> {
        match &self.0.failure {
            Failure::Api(error) => Some(error),
            _ => None,
        }
    }

    /// Returns why there was no access token, at the stage of the token and for an answer that
    /// stands because no new token could be had.
    #[must_use]
    pub fn token(&self) -> Option<&TokenError> {
        match &self.0.failure {
            Failure::Token(error) => Some(error),
            _ => self.replay().token_error(),
        }
    }

    /// Returns what is wrong with the settings.
    #[must_use]
    pub fn settings(&self) -> Option<&SettingsError> {
        match &self.0.failure {
            Failure::Settings(error) => Some(error),
            _ => None,
        }
    }

    /// Returns why the body of an answer that means success couldn't be decoded.
    #[must_use]
    pub fn decode(&self) -> Option<&DecodeError> {
        match &self.0.failure {
            Failure::Decode(_, error) => Some(error),
            _ => None,
        }
    }

    /// Returns the body of a refusal as its operation's document describes it; `None` where there is
    /// no answer, or where the document describes no body for its status.
    #[must_use]
    pub fn body<B: ErrorBody>(&self) -> Option<Result<B, DecodeError>> {
        B::decode(&self.api()?.answer)
    }

    /// Returns the problem details of a refusal
    /// ([RFC 9457](https://www.rfc-editor.org/rfc/rfc9457)); `None` where its body is of another type.
    #[must_use]
    pub fn problem(&self) -> Option<Problem> {
        Problem::of(&self.api()?.answer)
    }

    /// Returns the headers of the answer as its operation's document describes them; `None` where
    /// there is no answer.
    #[must_use]
    pub fn headers_as<H: ResponseHeaders>(&self) -> Option<Result<H, DecodeError>> {
        Some(self.answer()?.headers_as())
    }

    /// Returns the answer, if there was one.
    #[must_use]
    pub fn answer(&self) -> Option<&Answer> {
        match &self.0.failure {
            Failure::Api(error) => Some(&error.answer),
            Failure::Decode(answer, _) => Some(answer),
            _ => None,
        }
    }

    /// Returns the status of the answer, if there was one.
    #[must_use]
    pub fn status(&self) -> Option<StatusCode> {
        self.answer().map(Answer::status)
    }

    /// Returns whether the call was replayed with a new token.
    #[must_use]
    pub fn replay(&self) -> &Replay {
        &self.effort().replay
    }

    /// Returns how many requests were sent, replay included.
    #[must_use]
    pub fn attempts(&self) -> u32 {
        self.effort().attempts
    }

    /// Returns the status that put the token under suspicion, which is that of the first answer if
    /// the call was replayed.
    #[must_use]
    pub fn suspected_status(&self) -> Option<StatusCode> {
        self.effort().suspected
    }

    pub(crate) fn effort(&self) -> &Effort {
        match &self.0.failure {
            Failure::Api(error) => &error.effort,
            _ => &self.0.effort,
        }
    }

    /// Returns whether time ran out.
    #[must_use]
    pub fn is_timeout(&self) -> bool {
        match &self.0.failure {
            Failure::Token(error) => error.is_timeout(),
            Failure::Transport(error) => error.is_timeout(),
            Failure::Request(error) => matches!(error, RequestError::Unfinished(_)),
            _ => false,
        }
    }

    /// Returns whether the same call may succeed later with no human action.
    #[must_use]
    pub fn is_transient(&self) -> bool {
        match &self.0.failure {
            Failure::Token(error) => error.is_transient(),
            Failure::Transport(error) => error.is_transient(),
            Failure::Api(error) => retry::is_transient(error.status()),
            Failure::Settings(_) | Failure::Request(_) | Failure::Decode(..) => false,
        }
    }
}

impl From<SettingsError> for Error {
    fn from(error: SettingsError) -> Self {
        Self::of(Failure::Settings(error))
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(operation) = self.0.operation {
            let Operation { id, path, .. } = operation;
            let method = operation.method_name();
            let path = path.split('?').next().unwrap_or_default();
            write!(f, "{id} ({method} {path}): ")?;
        }
        match &self.0.failure {
            Failure::Settings(error) => error.fmt(f)?,
            Failure::Request(error) => error.fmt(f)?,
            Failure::Token(error) => write!(f, "no access token: {error}")?,
            Failure::Transport(error) => error.fmt(f)?,
            Failure::Api(error) => error.fmt(f)?,
            Failure::Decode(answer, error) => {
                write!(f, "the answer {}: {error}", answer.status().as_u16())?;
            }
        }
        match (&self.0.failure, self.0.effort.suspected) {
            (Failure::Transport(_), Some(status)) => {
                write!(f, ", after a {} and a new token", status.as_u16())
            }
            _ => Ok(()),
        }
    }
}

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        match &self.0.failure {
            Failure::Settings(error) => error.source(),
            Failure::Request(error) => error.source(),
            Failure::Token(error) => Some(error),
            Failure::Transport(error) => error.source(),
            Failure::Api(error) => error.source(),
            Failure::Decode(_, error) => Some(error),
        }
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Inner {
            operation,
            effort,
            failure,
        } = &*self.0;
        let mut fields = f.debug_struct("Error");
        fields.field("operation", &operation.map(|operation| operation.id));
        fields.field("stage", &self.stage());
        match failure {
            Failure::Settings(error) => fields.field("settings", error),
            Failure::Request(error) => fields.field("request", error),
            Failure::Token(error) => fields.field("token", error),
            Failure::Transport(error) => fields.field("transport", error),
            Failure::Api(error) => fields.field("api", error),
            Failure::Decode(answer, error) => fields.field("answer", answer).field("decode", error),
        };
        if !matches!(failure, Failure::Api(_)) {
            fields.field("effort", effort);
        }
        fields.finish()
    }
}

/// The answer of a server that refused a call.
#[derive(Debug)]
pub struct ApiError {
    operation: &'static str,
    answer: Answer,
    effort: Effort,
    ended: Option<&'static str>,
}

/// Headers in which servers name a request, the common ones first. Others end alike.
const REQUEST_ID_HEADERS: &[&str] = &[
    "x-request-id",
    "request-id",
    "x-correlation-id",
    "correlation-id",
    "x-amzn-requestid",
    "x-ms-request-id",
    "paypal-debug-id",
    "x-trace-id",
];

/// How the names of such headers end where they begin with that of a vendor.
const REQUEST_ID_ENDINGS: &[&str] = &[
    "-request-id",
    "-requestid",
    "-correlation-id",
    "-debug-id",
    "-trace-id",
];

impl ApiError {
    /// Returns the `operationId` of the call.
    #[must_use]
    pub const fn operation_id(&self) -> &'static str {
        self.operation
    }

    /// Returns the status.
    #[must_use]
    pub const fn status(&self) -> StatusCode {
        self.answer.status()
    }

    /// Returns the state in which a long-running operation ended, where this is its failure, in lower
    /// case; the answer is the one that said so.
    #[must_use]
    pub const fn ended(&self) -> Option<&'static str> {
        self.ended
    }

    /// Returns the headers.
    #[must_use]
    pub const fn headers(&self) -> &HeaderMap {
        self.answer.headers()
    }

    /// Returns the body, no more than its first MiB.
    #[must_use]
    pub const fn body(&self) -> &Bytes {
        self.answer.body()
    }

    /// Returns the whole answer.
    #[must_use]
    pub const fn answer(&self) -> &Answer {
        &self.answer
    }

    /// Returns how many requests were sent, replay included.
    #[must_use]
    pub const fn attempts(&self) -> u32 {
        self.effort.attempts
    }

    /// Returns whether the call was replayed with a new token, and why not.
    #[must_use]
    pub const fn replay(&self) -> &Replay {
        &self.effort.replay
    }

    /// Returns the server's name for the request, to be quoted to its support.
    #[must_use]
    pub fn request_id(&self) -> Option<&str> {
        let common = REQUEST_ID_HEADERS
            .iter()
            .find_map(|name| self.headers().get(*name)?.to_str().ok());
        common.or_else(|| {
            let mut headers = self.headers().iter();
            headers.find_map(|(name, value)| {
                let mut endings = REQUEST_ID_ENDINGS.iter();
                let is_alike = endings.any(|ending| name.as_str().ends_with(ending));
                is_alike.then(|| value.to_str().ok())?
            })
        })
    }

    /// Returns what the server asks of the token, or of other ways to authenticate
    /// ([RFC 9110 §11.6.1](https://www.rfc-editor.org/rfc/rfc9110#section-11.6.1)).
    #[must_use]
    pub fn challenges(&self) -> Vec<Challenge> {
        Challenge::all(self.headers())
    }

    /// Returns how long the server asks to wait
    /// ([RFC 9110 §10.2.3](https://www.rfc-editor.org/rfc/rfc9110#section-10.2.3)).
    #[must_use]
    pub fn retry_after(&self) -> Option<Duration> {
        retry::retry_after(self.headers())
    }
}

impl fmt::Display for ApiError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(state) = self.ended {
            write!(f, "it ended as `{state}`; ")?;
        }
        write!(f, "the server answered {}", self.status().as_u16())?;
        if let Some(reason) = self.status().canonical_reason() {
            write!(f, " {reason}")?;
        }
        match self.replay() {
            Replay::NotNeeded | Replay::Skipped(_) => {}
            Replay::Done => f.write_str(", with a new token too")?,
            Replay::SteppedUp => f.write_str(", with a token of more too")?,
            Replay::SameToken => f.write_str(", and a new token is the same as the old")?,
            Replay::Failed(_) => f.write_str(", and no new token could be had")?,
        }
        if self.attempts() > 1 {
            write!(f, ", after {} attempts", self.attempts())?;
        }
        if let Some(id) = self.request_id() {
            write!(f, " (request {})", id.escape_default())?;
        }
        Ok(())
    }
}

impl StdError for ApiError {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.replay()
            .token_error()
            .map(|error| error as &(dyn StdError + 'static))
    }
}

#[cfg(test)]
mod tests {
    use http::{HeaderValue, Method};

    use super::*;

    static ORDER: Operation = Operation::new("orders.get", Method::GET, "/orders/{id}?key=fixed");

    fn refusal(replay: Replay) -> Error {
        let mut headers = HeaderMap::new();
        headers.insert("x-request-id", HeaderValue::from_static("r-1"));
        headers.insert("set-cookie", HeaderValue::from_static("s3cret"));
        let answer = Answer::new(
            StatusCode::NOT_FOUND,
            headers,
            Bytes::from_static(b"s3cret"),
        );
        let effort = Effort {
            attempts: 1,
            replay,
            suspected: Some(StatusCode::NOT_FOUND),
        };
        Error::refused(&ORDER, answer, effort)
    }

    #[test]
    fn an_error_is_as_large_as_a_pointer() {
        fn portable_size<T: Send + Sync + StdError + 'static>() -> usize {
            size_of::<T>()
        }
        assert_eq!(portable_size::<Error>(), size_of::<usize>());
    }

    #[test]
    fn display_is_one_line_without_query_body_or_headers() {
        let error = refusal(Replay::NotNeeded);
        assert_eq!(
            error.to_string(),
            "orders.get (GET /orders/{id}): the server answered 404 Not Found (request r-1)"
        );
        assert!(!format!("{error:?}").contains("s3cret"));
    }

    #[test]
    fn a_request_is_named_by_the_header_of_its_vendor() {
        for name in [
            "paypal-debug-id",
            "cf-request-id",
            "opc-request-id",
            "x-acme-requestid",
        ] {
            let mut headers = HeaderMap::new();
            headers.insert("x-other", HeaderValue::from_static("o"));
            headers.insert(name, HeaderValue::from_static("r-2"));
            let answer = Answer::new(StatusCode::CONFLICT, headers, Bytes::new());
            let error = Error::refused(&ORDER, answer, Effort::default());
            let id = error.api().and_then(ApiError::request_id);
            assert_eq!(id, Some("r-2"), "{name}");
        }
    }

    #[test]
    fn an_answer_that_stands_leads_to_the_token_error() {
        let error = refusal(Replay::Failed(TokenError::permanent(
            "the client is unknown",
        )));
        assert_eq!(error.stage(), Stage::Api);
        assert_eq!(error.status(), Some(StatusCode::NOT_FOUND));
        let source = error.source().expect("a source");
        assert_eq!(source.to_string(), "the client is unknown");
        assert!(error.token().is_some());
    }

    #[test]
    fn each_stage_knows_whether_to_try_again() {
        let timeout = Error::unanswered(TransportError::timeout());
        assert!(timeout.is_timeout() && timeout.is_transient());
        assert_eq!(timeout.stage(), Stage::Transport);
        let token = Error::without_token(TokenError::transient("the server is busy"));
        assert!(token.is_transient() && token.stage() == Stage::Token);
        let request = Error::unsent(RequestError::BaseUrl);
        assert!(!request.is_transient() && request.stage() == Stage::Request);
        assert!(!refusal(Replay::NotNeeded).is_transient());
    }

    struct Missing(String);

    impl ErrorBody for Missing {
        fn decode(answer: &Answer) -> Option<Result<Self, DecodeError>> {
            match answer.status().as_u16() {
                404 => Some(crate::decode::text(answer).map(Self)),
                _ => None,
            }
        }
    }

    #[test]
    fn a_refusal_is_viewed_as_its_operation_describes_it() {
        let body = refusal(Replay::NotNeeded).body::<Missing>();
        assert!(matches!(body, Some(Ok(Missing(text))) if text == "s3cret"));
        assert!(
            Error::unsent(RequestError::BaseUrl)
                .body::<Missing>()
                .is_none()
        );
    }
}
