//! Steps of the caller's that every request passes on its way out, and every answer on its way back.

use std::error::Error;
use std::fmt;
use std::pin::Pin;
use std::sync::Arc;

use bytes::Bytes;
use http::header::{AUTHORIZATION, COOKIE, PROXY_AUTHORIZATION};
use http::{HeaderMap, HeaderName, HeaderValue, Method};
use url::Url;

use crate::api::Operation;
use crate::request::{Request, header};
use crate::response::Answer;
use crate::upload::Body;

/// What a step is done with. An error ends the call, which isn't retried.
pub type Step<'a> =
    Pin<Box<dyn Future<Output = Result<(), Box<dyn Error + Send + Sync>>> + Send + 'a>>;

/// Steps that every request of a client passes on its way out, and every answer on its way back:
/// those of calls, each attempt by itself, not those for tokens.
///
/// ```
/// use accredit_runtime::{Middleware, OutgoingRequest, Step};
///
/// struct Traced;
///
/// impl Middleware for Traced {
///     fn request<'a>(&'a self, request: &'a mut OutgoingRequest<'_>) -> Step<'a> {
///         Box::pin(async move {
///             request.set_header("traceparent", "00-4bf92f3577b34da6-00f067aa0ba902b7-01")?;
///             Ok(())
///         })
///     }
/// }
/// ```
pub trait Middleware: Send + Sync {
    /// Sees a request before it goes out, and may add to it.
    fn request<'a>(&'a self, request: &'a mut OutgoingRequest<'_>) -> Step<'a> {
        let _ = request;
        Box::pin(std::future::ready(Ok(())))
    }

    /// Sees an answer before anything is made of it, and may put another in its place. That of
    /// [`send_stream`](crate::Call::send_stream) has no body here.
    fn response<'a>(&'a self, operation_id: &'a str, answer: &'a mut Answer) -> Step<'a> {
        let _ = (operation_id, answer);
        Box::pin(std::future::ready(Ok(())))
    }
}

/// The steps of a client, in order.
#[derive(Clone, Default)]
pub(crate) struct Steps(Vec<Arc<dyn Middleware>>);

impl Steps {
    pub(crate) fn push(&mut self, middleware: impl Middleware + 'static) {
        self.0.push(Arc::new(middleware));
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(crate) async fn request(
        &self,
        mut request: OutgoingRequest<'_>,
    ) -> Result<(), Box<dyn Error + Send + Sync>> {
        for step in &self.0 {
            step.request(&mut request).await?;
        }
        Ok(())
    }

    /// Passes an answer back: the last step sees it first.
    pub(crate) async fn response(
        &self,
        operation: &Operation,
        answer: &mut Answer,
    ) -> Result<(), Box<dyn Error + Send + Sync>> {
        for step in self.0.iter().rev() {
            step.response(operation.id, answer).await?;
        }
        Ok(())
    }
}

/// A request on its way out. What authorises it is shown to those who ask for it by
/// [`OutgoingRequest::secrets`].
pub struct OutgoingRequest<'r> {
    operation: &'static Operation,
    attempt: u32,
    request: &'r mut Request,
    token: Option<&'r HeaderValue>,
}

/// What authorises a request, and all that may do so.
#[derive(Clone, Copy)]
#[non_exhaustive]
pub struct RequestSecrets<'r> {
    /// The URL with its query, in which a key can stand.
    pub url: &'r Url,
    /// All headers, except for the token.
    pub headers: &'r HeaderMap,
    /// The `Authorization` header of the client's token.
    pub token: Option<&'r HeaderValue>,
}

impl<'r> OutgoingRequest<'r> {
    pub(crate) const fn new(
        operation: &'static Operation,
        attempt: u32,
        request: &'r mut Request,
        token: Option<&'r HeaderValue>,
    ) -> Self {
        Self {
            operation,
            attempt,
            request,
            token,
        }
    }

    /// Returns the `operationId`.
    #[must_use]
    pub const fn operation_id(&self) -> &'static str {
        self.operation.id
    }

    /// Returns the method.
    #[must_use]
    pub fn method(&self) -> Method {
        self.operation.method()
    }

    /// Returns which attempt of the call it is, counted from 1; replays count.
    #[must_use]
    pub const fn attempt(&self) -> u32 {
        self.attempt
    }

    /// Returns the URL without its query.
    #[must_use]
    pub fn url(&self) -> Url {
        let mut url = self.request.url.clone();
        url.set_query(None);
        url
    }

    /// Returns a header that authorises nothing.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&HeaderValue> {
        let name = HeaderName::try_from(name).ok()?;
        let is_secret = self.is_secret(&name);
        self.request.headers.get(name).filter(|_| !is_secret)
    }

    /// Returns the body, if it is in memory.
    #[must_use]
    pub const fn body(&self) -> Option<&Bytes> {
        match &self.request.body {
            Body::Bytes(bytes) => Some(bytes),
            _ => None,
        }
    }

    /// Returns what authorises the request, for those who sign it as a whole.
    #[must_use]
    pub fn secrets(&self) -> RequestSecrets<'_> {
        RequestSecrets {
            url: &self.request.url,
            headers: &self.request.headers,
            token: self.token,
        }
    }

    /// Sets a header, in place of those of its name.
    ///
    /// # Errors
    ///
    /// What can't stand in a header is an error, which doesn't show the value.
    pub fn set_header(&mut self, name: &str, value: &str) -> Result<(), impl Error + use<>> {
        header(name, value).map(|(name, value)| {
            self.request.headers.insert(name, value);
        })
    }

    fn is_secret(&self, name: &HeaderName) -> bool {
        [AUTHORIZATION, COOKIE, PROXY_AUTHORIZATION].contains(name)
            || self.request.private.contains(name)
    }
}

impl fmt::Debug for OutgoingRequest<'_> {
    /// Prints the names of headers only.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OutgoingRequest")
            .field("operation", &self.operation.id)
            .field("attempt", &self.attempt)
            .field("headers", &self.request.headers.keys().collect::<Vec<_>>())
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for RequestSecrets<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RequestSecrets").finish_non_exhaustive()
    }
}
