//! A call: an operation, its values and its settings, until it is awaited.

mod event_stream;
mod exchange;
mod item_stream;
mod opening;

use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use bytes::Bytes;
use serde::Serialize;

use crate::api::Operation;
use crate::client::ClientCore;
use crate::content::Content;
use crate::decode::DecodeError;
use crate::download::Download;
use crate::error::Error;
use crate::form::Parts;
use crate::pages::Pages;
use crate::parameter::{Parameter, ToParameter};
use crate::poller::Poller;
use crate::request::Draft;
use crate::response::{Answer, Response};
use crate::retry::RetryPolicy;
use crate::suspicion::SuspicionPolicy;
use crate::transport::TransportError;
use crate::upload::Upload;

use exchange::{Exchange, Reads};

pub use event_stream::EventStream;
pub use item_stream::ItemStream;
pub use opening::Opening;

/// How the answer of a call becomes its value.
pub(crate) type Decode<T> = fn(&Answer) -> Result<T, DecodeError>;

/// A call that is made when it is awaited, or by [`Call::send`].
///
/// Before that it can be changed: by the parameters that the document names, and by settings for
/// this call alone.
#[must_use = "a call is made when it is awaited"]
pub struct Call<'a, T> {
    core: &'a ClientCore,
    draft: Box<Draft>,
    decode: Decode<T>,
}

impl<'a, T> Call<'a, T> {
    /// Starts a call of an operation whose answers are decoded by `decode`.
    pub fn new(core: &'a ClientCore, operation: &'static Operation, decode: Decode<T>) -> Self {
        Self {
            core,
            draft: Box::new(Draft::new(operation)),
            decode,
        }
    }

    /// Sets a parameter.
    pub fn parameter(mut self, parameter: Parameter, value: &dyn ToParameter) -> Self {
        self.draft.parameter(parameter, value);
        self
    }

    /// Sets a parameter whose content is JSON.
    pub fn json_parameter<P: Serialize + ?Sized>(
        mut self,
        parameter: Parameter,
        value: &P,
    ) -> Self {
        let value = serde_json::to_string(value);
        self.draft.json_parameter(parameter, value);
        self
    }

    /// Sets the query as a whole, by content of a media type
    /// ([OpenAPI 3.2 §4.12.1](https://spec.openapis.org/oas/v3.2.0#parameter-locations)).
    pub fn query_string(mut self, content: Content) -> Self {
        self.draft.query_string(content);
        self
    }

    /// Sets the body.
    pub fn content(mut self, content: Content) -> Self {
        self.draft.content(content);
        self
    }

    /// Sets a body of JSON.
    pub fn json<B: Serialize + ?Sized>(self, media_type: &'static str, body: &B) -> Self {
        self.content(Content::json(media_type, body))
    }

    /// Sets a body of the type `application/x-www-form-urlencoded` from an object.
    pub fn form<B: Serialize + ?Sized>(self, body: &B) -> Self {
        self.content(Content::form(body))
    }

    /// Sets a body of text.
    pub fn text(self, media_type: &'static str, body: &str) -> Self {
        self.content(Content::text(media_type, body))
    }

    /// Sets a body of bytes.
    pub fn bytes(self, media_type: &'static str, body: impl Into<Bytes>) -> Self {
        self.content(Content::bytes(media_type, body))
    }

    /// Sets a body of the type `multipart/form-data`.
    pub fn multipart(self, body: impl Parts) -> Self {
        self.content(Content::multipart(body))
    }

    /// Sets a body from memory, from a file or from a stream.
    pub fn upload(self, media_type: &'static str, body: impl Into<Upload>) -> Self {
        self.content(Content::upload(media_type, body))
    }

    /// Compresses the body by `gzip`; few servers take it so, and none unless its vendor says it.
    #[cfg(feature = "gzip")]
    pub fn compressed(mut self) -> Self {
        self.draft.is_compressed = true;
        self
    }

    /// Limits how long this call may take, with its token, replay and retries.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.draft.timeout = Some(timeout);
        self
    }

    /// Adds a header. With an `Authorization` of its own, the call is made without a token of ours.
    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.draft.setting_header(name, value);
        self
    }

    /// Adds a query parameter that the document doesn't name.
    pub fn query(mut self, name: &str, value: &str) -> Self {
        self.draft.setting_query(name, value);
        self
    }

    /// Makes this call at another base URL. A token goes to the origin of the connection's base URL
    /// and to [trusted ones](crate::ClientOptions::trusted_origin) only.
    pub fn base_url(mut self, url: &str) -> Self {
        self.draft.base_url(url);
        self
    }

    /// Sets the `Idempotency-Key` header, which makes the call one that may be retried.
    pub fn idempotency_key(mut self, key: &str) -> Self {
        self.draft.idempotency_key(key);
        self
    }

    /// Sets how transient faults of this call are retried.
    pub fn retry(mut self, policy: RetryPolicy) -> Self {
        self.draft.retry = Some(policy);
        self
    }

    /// Sets how answers to this call that may mean a revoked or expired token are acted on.
    pub fn suspicion(mut self, policy: SuspicionPolicy) -> Self {
        self.draft.suspicion = Some(policy);
        self
    }

    /// Returns what the call has gathered.
    #[cfg(feature = "mock")]
    pub(crate) fn into_draft(self) -> Box<Draft> {
        self.draft
    }

    /// Makes the call; gives the status and headers with the body.
    pub fn send(self) -> Sending<'a, T> {
        Sending::new(self.core, self.draft, self.decode)
    }

    /// Returns the pages of a list, each asked for when it is wanted. There is but one unless the
    /// operation [says](Operation::paging) how they follow each other.
    pub fn pages(self) -> Pages<'a, T> {
        Pages::new(self.core, self.draft, self.decode)
    }

    /// Returns what makes the call and asks until what it has started is done: by requests that `state`
    /// [describes](Operation::state), whose last answer `decode` decodes.
    pub fn poller<R>(self, state: &'static Operation, decode: Decode<R>) -> Poller<'a, R> {
        Poller::new(self.core, self.draft, state, decode)
    }

    /// Makes the call, and gives the body of the answer as it comes instead of reading and decoding
    /// it: for bodies that are large. The call's time ends with the head of the answer.
    pub fn send_stream(self) -> Streaming<'a> {
        Streaming::new(self.core, self.draft)
    }
}

impl<'a, T> IntoFuture for Call<'a, T> {
    type Output = Result<T, Error>;
    type IntoFuture = Decoding<'a, T>;

    fn into_future(self) -> Decoding<'a, T> {
        Decoding(self.send())
    }
}

impl<T> fmt::Debug for Call<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Call")
            .field("core", &self.core)
            .field("draft", &self.draft)
            .finish_non_exhaustive()
    }
}

/// A call under way that gives a [`Response`].
///
/// The exchange itself is behind a pointer and the same for all types, so that a call costs generated
/// code next to nothing to compile.
#[must_use = "a call is made when it is awaited"]
pub struct Sending<'a, T> {
    operation: &'static Operation,
    exchange: Exchange<'a>,
    decode: Decode<T>,
}

impl<'a, T> Sending<'a, T> {
    pub(crate) fn new(core: &'a ClientCore, draft: Box<Draft>, decode: Decode<T>) -> Self {
        Self {
            operation: draft.operation,
            exchange: Exchange::new(core, draft, Reads::All),
            decode,
        }
    }
}

impl<T> Future for Sending<'_, T> {
    type Output = Result<Response<T>, Error>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let (received, effort) = ready!(Pin::new(&mut self.exchange).poll(context))?;
        let answer = received.answer;
        Poll::Ready(match (self.decode)(&answer) {
            Ok(body) => Ok(Response::new(body, answer, effort)),
            Err(error) => Err(Error::undecodable(answer, error).during(self.operation, effort)),
        })
    }
}

impl<T> fmt::Debug for Sending<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sending")
            .field("operation", &self.operation.id)
            .finish_non_exhaustive()
    }
}

/// A call under way that gives a [`Response`] whose body is still to come.
#[must_use = "a call is made when it is awaited"]
pub struct Streaming<'a> {
    operation: &'static Operation,
    exchange: Exchange<'a>,
}

impl<'a> Streaming<'a> {
    fn new(core: &'a ClientCore, draft: Box<Draft>) -> Self {
        Self {
            operation: draft.operation,
            exchange: Exchange::new(core, draft, Reads::Head),
        }
    }
}

impl Future for Streaming<'_> {
    type Output = Result<Response<Download>, Error>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let (received, effort) = ready!(Pin::new(&mut self.exchange).poll(context))?;
        let lost = || Error::unanswered(TransportError::timeout());
        let incoming = received.rest.ok_or_else(lost)?;
        let body = Download::new(self.operation, effort.clone(), *incoming);
        Poll::Ready(Ok(Response::new(body, received.answer, effort)))
    }
}

impl fmt::Debug for Streaming<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Streaming")
            .field("operation", &self.operation.id)
            .finish_non_exhaustive()
    }
}

/// A call under way that gives its decoded body.
#[must_use = "a call is made when it is awaited"]
pub struct Decoding<'a, T>(Sending<'a, T>);

impl<T> Future for Decoding<'_, T> {
    type Output = Result<T, Error>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let Sending {
            operation,
            exchange,
            decode,
        } = &mut self.0;
        let (received, effort) = ready!(Pin::new(exchange).poll(context))?;
        // No response is put together around a body that is wanted alone.
        Poll::Ready(
            decode(&received.answer).map_err(|error| {
                Error::undecodable(received.answer, error).during(operation, effort)
            }),
        )
    }
}

impl<T> fmt::Debug for Decoding<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}
