//! The rules of a double, and what it has seen.

use std::fmt;
use std::io;
use std::sync::{Mutex, MutexGuard, PoisonError};

use bytes::Bytes;
use http::header::{AUTHORIZATION, WWW_AUTHENTICATE};
use http::{HeaderMap, HeaderValue, Method, Response, StatusCode, Uri};
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use serde::de::DeserializeOwned;

use super::answer::Answering;
use super::pattern::Pattern;
use crate::api::{Api, Operation, SecurityScheme};
use crate::testing::AuthorizationServer;

/// A request as the double saw it.
#[derive(Clone)]
pub struct Request {
    pub(super) method: Method,
    pub(super) uri: Uri,
    pub(super) headers: HeaderMap,
    pub(super) body: Bytes,
}

impl Request {
    /// Returns the method.
    #[must_use]
    pub const fn method(&self) -> &Method {
        &self.method
    }

    /// Returns the path and the query.
    #[must_use]
    pub const fn uri(&self) -> &Uri {
        &self.uri
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

    /// Decodes the body as JSON.
    ///
    /// # Errors
    ///
    /// The body isn't JSON of this type.
    pub fn json<T: DeserializeOwned>(&self) -> serde_json::Result<T> {
        serde_json::from_slice(&self.body)
    }
}

impl fmt::Debug for Request {
    /// Prints no value of headers, nor the query or the body.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Request")
            .field("method", &self.method)
            .field("path", &self.uri.path())
            .field("headers", &self.headers.keys().collect::<Vec<_>>())
            .finish_non_exhaustive()
    }
}

pub(super) struct Rules {
    api: &'static Api,
    authorization: AuthorizationServer,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    rules: Vec<Entry>,
    requests: Vec<Request>,
    unexpected: Vec<Request>,
}

struct Entry {
    pattern: Pattern,
    answering: Answering,
    answered: Vec<Request>,
}

impl Rules {
    pub(super) fn new(api: &'static Api, authorization: AuthorizationServer) -> Self {
        Self {
            api,
            authorization,
            state: Mutex::default(),
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Adds a rule, and returns its index.
    pub(super) fn add(&self, pattern: Pattern, answering: Answering) -> usize {
        let mut state = self.state();
        state.rules.push(Entry {
            pattern,
            answering,
            answered: Vec::new(),
        });
        state.rules.len() - 1
    }

    pub(super) const fn authorization(&self) -> &AuthorizationServer {
        &self.authorization
    }

    pub(super) fn requests(&self) -> Vec<Request> {
        self.state().requests.clone()
    }

    pub(super) fn unexpected(&self) -> Vec<Request> {
        self.state().unexpected.clone()
    }

    pub(super) fn answered(&self, index: usize) -> Vec<Request> {
        let state = self.state();
        let entry = state.rules.get(index);
        entry.map_or_else(Vec::new, |entry| entry.answered.clone())
    }

    /// Answers a request; an error closes the connection.
    pub(super) async fn answer(
        &self,
        request: http::Request<Incoming>,
    ) -> io::Result<Response<Full<Bytes>>> {
        let (parts, body) = request.into_parts();
        let body = body.collect().await.map_err(io::Error::other)?.to_bytes();
        let request = Request {
            method: parts.method,
            uri: parts.uri,
            headers: parts.headers,
            body,
        };
        let answering = self.choose(&request);
        if !answering.delay.is_zero() {
            tokio::time::sleep(answering.delay).await;
        }
        if answering.breaks_off {
            return Err(io::ErrorKind::ConnectionReset.into());
        }
        let mut response = Response::new(Full::new(answering.body));
        *response.status_mut() = answering.status;
        *response.headers_mut() = answering.headers;
        Ok(response)
    }

    fn choose(&self, request: &Request) -> Answering {
        let mut state = self.state();
        state.requests.push(request.clone());
        let fitting = state.rules.iter_mut().find(|entry| {
            let is_left = |times| entry.answered.len() < times;
            entry.pattern.fits(request) && entry.answering.times.is_none_or(is_left)
        });
        if let Some(entry) = fitting {
            if self.is_authorized(entry.pattern.operation(), request) {
                entry.answered.push(request.clone());
                return entry.answering.clone();
            }
            return unauthorized(entry.pattern.operation());
        }
        let answer = unexpected(&state.rules, request);
        state.unexpected.push(request.clone());
        answer
    }

    /// Returns whether a request has no token or a valid one, where the operation takes any.
    fn is_authorized(&self, operation: &Operation, request: &Request) -> bool {
        let schemes = operation.security.iter().flat_map(|it| it.schemes);
        let mut schemes = schemes.filter_map(|(scheme, _)| self.api.schemes.get(*scheme));
        if !schemes.any(SecurityScheme::is_client_credentials) {
            return true;
        }
        let authorization = request.headers.get(AUTHORIZATION);
        let authorization = authorization.and_then(|value| value.to_str().ok());
        authorization.is_none_or(|value| {
            let is_other = value.starts_with("Basic ") || value == "Bearer mock";
            is_other || self.authorization.accepts(value)
        })
    }
}

/// RFC 6750 §3.1.
fn unauthorized(operation: &Operation) -> Answering {
    let mut answering = Answering::to(operation);
    answering.status = StatusCode::UNAUTHORIZED;
    let challenge = HeaderValue::from_static("Bearer error=\"invalid_token\"");
    answering.headers.insert(WWW_AUTHENTICATE, challenge);
    answering
}

/// Says what was asked for, and what would have been answered.
fn unexpected(rules: &[Entry], request: &Request) -> Answering {
    static NONE: Operation = Operation::new("", Method::GET, "/");
    let mut answering = Answering::to(&NONE);
    answering.status = StatusCode::NOT_IMPLEMENTED;
    let asked = format!("{} {}", request.method, request.uri.path());
    let known = rules.iter().map(|entry| {
        let Operation { id, path, .. } = entry.pattern.operation();
        let method = entry.pattern.operation().method_name();
        let used_up = entry
            .answering
            .times
            .is_some_and(|times| entry.answered.len() >= times);
        let why = if used_up {
            "used up"
        } else {
            "for other values, or another operation"
        };
        format!("{id} ({method} {path}): {why}")
    });
    let known: Vec<_> = known.collect();
    let body =
        serde_json::json!({ "title": format!("the test has no rule for {asked}"), "rules": known });
    answering.bytes("application/problem+json", body.to_string().into());
    answering
}

impl fmt::Debug for Rules {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Rules")
            .field("rules", &self.state().rules.len())
            .finish_non_exhaustive()
    }
}
