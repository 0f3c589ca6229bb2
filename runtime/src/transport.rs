//! One request in, one answer out. Authorisation, replay and retry are above.

use std::error::Error;
use std::fmt;
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use http::header::CONTENT_LENGTH;
use http::{HeaderMap, HeaderValue, Method, StatusCode};
use reqwest::redirect::{Attempt, Policy};
use url::Url;

use crate::request::Request;
use crate::tls::Tls;

/// Sends requests by `reqwest`.
#[derive(Debug, Clone)]
pub(crate) struct Transport(reqwest::Client);

/// What a transport is built with.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Timeouts {
    pub(crate) connect: Duration,
    pub(crate) read: Duration,
}

/// What `reqwest` follows by default.
const MOST_REDIRECTS: usize = 10;

impl Transport {
    /// Makes a transport. `reqwest` drops `Authorization` and cookies where a redirect leads to another
    /// origin; nothing but https is followed from https.
    pub(crate) fn new(timeouts: Timeouts, tls: &Tls) -> Result<Self, TransportError> {
        let builder = reqwest::Client::builder()
            .connect_timeout(timeouts.connect)
            .read_timeout(timeouts.read)
            .redirect(Policy::custom(follow))
            // The URL of a call can hold what the next origin must not see.
            .referer(false);
        tls.apply(builder)
            .map_err(TransportError::permanent)?
            .build()
            .map(Self)
            .map_err(|error| TransportError::of(error, "the HTTP client can't be built"))
    }

    pub(crate) const fn from_client(client: reqwest::Client) -> Self {
        Self(client)
    }

    /// Sends a request and returns as soon as the head of the answer is there.
    pub(crate) async fn send(
        &self,
        method: &Method,
        request: Request,
    ) -> Result<Incoming, TransportError> {
        let mut message = reqwest::Request::new(method.clone(), request.url);
        *message.headers_mut() = request.headers;
        if !request.body.is_empty() {
            *message.body_mut() = Some(request.body.into());
        } else if has_length(method) {
            let headers = message.headers_mut();
            headers.insert(CONTENT_LENGTH, HeaderValue::from_static("0"));
        }
        let response = self.0.execute(message).await;
        response
            .map(Incoming)
            .map_err(|error| TransportError::of(error, "the request couldn't be sent"))
    }
}

/// Servers may ask for a length of these methods even if there is no body
/// ([RFC 9110 §8.6](https://www.rfc-editor.org/rfc/rfc9110#section-8.6)).
fn has_length(method: &Method) -> bool {
    matches!(*method, Method::POST | Method::PUT | Method::PATCH)
}

fn follow(attempt: Attempt<'_>) -> reqwest::redirect::Action {
    let from_https = attempt
        .previous()
        .last()
        .is_some_and(|url| url.scheme() == "https");
    if from_https && attempt.url().scheme() != "https" {
        attempt.error("a redirect from https to http")
    } else if attempt.previous().len() > MOST_REDIRECTS {
        attempt.error("too many redirects")
    } else {
        attempt.follow()
    }
}

/// An answer whose body is still to be read.
#[derive(Debug)]
pub(crate) struct Incoming(reqwest::Response);

impl Incoming {
    pub(crate) fn status(&self) -> StatusCode {
        self.0.status()
    }

    /// Returns where the answer came from, redirects followed.
    pub(crate) fn url(&self) -> &Url {
        self.0.url()
    }

    /// Takes the headers; they are empty afterwards.
    pub(crate) fn take_headers(&mut self) -> HeaderMap {
        std::mem::take(self.0.headers_mut())
    }

    /// Reads the whole body.
    pub(crate) async fn read(self) -> Result<Bytes, TransportError> {
        let body = self.0.bytes().await;
        body.map_err(|error| TransportError::of(error, "the answer broke off"))
    }

    /// Reads a body up to a limit and as far as it comes; returns whether that is all of it.
    pub(crate) async fn read_some(mut self, limit: usize) -> (Bytes, bool) {
        let mut body = BytesMut::new();
        loop {
            match self.0.chunk().await {
                Ok(Some(chunk)) if body.len() + chunk.len() <= limit => {
                    body.extend_from_slice(&chunk);
                }
                Ok(Some(chunk)) => {
                    body.extend_from_slice(&chunk[..limit - body.len()]);
                    return (body.freeze(), false);
                }
                Ok(None) => return (body.freeze(), true),
                Err(_) => return (body.freeze(), false),
            }
        }
    }
}

/// A request that got no answer, or only a part of one.
#[derive(Debug)]
pub(crate) struct TransportError {
    message: &'static str,
    kind: FaultKind,
    source: Option<reqwest::Error>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum FaultKind {
    Timeout,
    /// May succeed when tried again.
    Transient,
    Permanent,
}

impl TransportError {
    fn of(error: reqwest::Error, message: &'static str) -> Self {
        let kind = if error.is_timeout() {
            FaultKind::Timeout
        } else if error.is_builder() || error.is_redirect() {
            FaultKind::Permanent
        } else {
            FaultKind::Transient
        };
        Self {
            message: if kind == FaultKind::Timeout {
                "no answer in time"
            } else {
                message
            },
            kind,
            // The URL can hold secrets in its query.
            source: Some(error.without_url()),
        }
    }

    const fn permanent(message: &'static str) -> Self {
        Self {
            message,
            kind: FaultKind::Permanent,
            source: None,
        }
    }

    /// Makes the error of a call whose time has run out.
    pub(crate) const fn timeout() -> Self {
        Self {
            message: "the call's time ran out",
            kind: FaultKind::Timeout,
            source: None,
        }
    }

    pub(crate) fn is_timeout(&self) -> bool {
        self.kind == FaultKind::Timeout
    }

    pub(crate) fn is_transient(&self) -> bool {
        self.kind != FaultKind::Permanent
    }
}

impl fmt::Display for TransportError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.message)
    }
}

impl Error for TransportError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.source
            .as_ref()
            .map(|error| error as &(dyn Error + 'static))
    }
}
