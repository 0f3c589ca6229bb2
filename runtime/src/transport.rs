//! One request in, one answer out. Authorisation, replay and retry are above.

mod redirect;

use std::error::Error;
use std::fmt;
use std::future::poll_fn;
use std::io;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::task::{Context, Poll, ready};
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use http::header::CONTENT_LENGTH;
use http::{HeaderMap, HeaderValue, Method, StatusCode};
use reqwest::redirect::Policy;
use tokio::time::Instant;
use url::Url;

use crate::limit::{Timer, until};
use crate::network::Network;
use crate::request::Request;
use crate::token::Presented;
use crate::upload::{Body, Opened};

/// Sends requests by `reqwest`.
#[derive(Debug, Clone)]
pub(crate) struct Transport {
    client: reqwest::Client,
    /// Whether redirects to other origins are followed here; those of a caller's client are its own.
    follows: bool,
    /// How long a server may send nothing.
    read: Option<Duration>,
}

/// What a transport is built with.
#[derive(Debug, Clone, Copy)]
pub(crate) struct HttpOptions {
    pub(crate) connect: Duration,
    pub(crate) read: Duration,
    /// How many connections to a host are kept for further calls; all of them unless set.
    pub(crate) idle: Option<usize>,
    /// Whether HTTP/2 is spoken without asking for it first.
    pub(crate) is_http2: bool,
}

impl Transport {
    /// Makes a transport. Where a redirect leads to another origin, what authorises the call stays
    /// behind; nothing but https is followed from https.
    pub(crate) fn new(options: HttpOptions, network: &Network) -> Result<Self, TransportError> {
        let mut builder = reqwest::Client::builder()
            .connect_timeout(options.connect)
            .pool_max_idle_per_host(options.idle.unwrap_or(usize::MAX))
            .redirect(Policy::custom(redirect::within_origin))
            // The URL of a call can hold what the next origin must not see.
            .referer(false);
        if options.is_http2 {
            builder = builder.http2_prior_knowledge();
        }
        network
            .apply(builder)
            .map_err(TransportError::permanent)?
            .build()
            .map(|client| Self {
                client,
                follows: true,
                read: Some(options.read),
            })
            .map_err(|error| TransportError::of(error, "the HTTP client can't be built"))
    }

    pub(crate) const fn from_client(client: reqwest::Client) -> Self {
        Self {
            client,
            follows: false,
            read: None,
        }
    }

    /// Sends a request; the future ends when the head of the answer is there. It holds nothing of the
    /// request, so that what waits for it is small.
    pub(crate) fn send(
        &self,
        outgoing: Outgoing,
    ) -> impl Future<Output = Result<Incoming, TransportError>> + use<> {
        let Outgoing {
            method,
            request,
            presented,
            opened,
        } = outgoing;
        let mut message = reqwest::Request::new(method, request.url);
        *message.headers_mut() = request.headers;
        let taken = complete(&mut message, presented, opened);
        let mut sending = self.client.execute(message);
        let mut patience = Patience::new(self.read, taken);
        poll_fn(move |context| match Pin::new(&mut sending).poll(context) {
            Poll::Ready(Ok(response)) => Poll::Ready(Ok(Incoming {
                response,
                limit: patience.limit,
            })),
            Poll::Ready(Err(error)) => Poll::Ready(Err(TransportError::of(
                error,
                "the request couldn't be sent",
            ))),
            Poll::Pending => patience.poll(context).map(Err),
        })
    }

    /// Returns whether an answer may lead to another origin.
    pub(crate) fn is_to_follow(&self, incoming: &Incoming) -> bool {
        self.follows && incoming.status().is_redirection()
    }

    /// Follows redirects to other origins, from the answer to a request.
    pub(crate) async fn follow(
        &self,
        incoming: &mut Incoming,
        method: Method,
        request: Request,
    ) -> Result<(), TransportError> {
        let mut last = (method, request);
        let mut hops = 0;
        while let Some(hop) = redirect::elsewhere(&incoming.response, &last.0, &last.1) {
            if hops == redirect::MOST {
                return Err(TransportError::permanent("too many redirects"));
            }
            hops += 1;
            let (method, request) = hop.clone();
            let outgoing = Outgoing {
                method,
                presented: None,
                opened: open(&request.body).await?,
                request: Box::new(request),
            };
            *incoming = self.send(outgoing).await?;
            last = hop;
        }
        Ok(())
    }
}

/// A request that is ready to be sent: with a token, and with its body opened.
pub(crate) struct Outgoing {
    pub(crate) method: Method,
    pub(crate) request: Box<Request>,
    pub(crate) presented: Option<Presented>,
    pub(crate) opened: Option<Opened>,
}

/// Opens the body of a request.
pub(crate) async fn open(body: &Body) -> Result<Option<Opened>, TransportError> {
    let opened = body.open().await;
    opened.map_err(|error| TransportError::of_file(error, "the body can't be read"))
}

/// Adds what goes with one attempt; returns what counts the chunks that are taken of the body.
fn complete(
    message: &mut reqwest::Request,
    presented: Option<Presented>,
    opened: Option<Opened>,
) -> Option<Arc<AtomicU64>> {
    if let Some(presented) = presented {
        presented.apply(message.headers_mut());
    }
    let Some(opened) = opened else {
        if has_length(message.method()) {
            let none = HeaderValue::from_static("0");
            message.headers_mut().insert(CONTENT_LENGTH, none);
        }
        return None;
    };
    if let Some(length) = opened.length {
        message.headers_mut().insert(CONTENT_LENGTH, length.into());
    }
    *message.body_mut() = Some(opened.body);
    opened.taken
}

/// How long a head is waited for. The limit is for silence: as long as the body is taken, it begins anew.
struct Patience {
    limit: Option<Duration>,
    /// Counts the chunks that are taken of the body.
    taken: Option<Arc<AtomicU64>>,
    seen: u64,
    timer: Timer,
}

impl Patience {
    fn new(limit: Option<Duration>, taken: Option<Arc<AtomicU64>>) -> Self {
        Self {
            limit,
            taken,
            seen: 0,
            timer: Timer::default(),
        }
    }

    /// Returns the error of a silence that has been too long.
    fn poll(&mut self, context: &mut Context<'_>) -> Poll<TransportError> {
        loop {
            ready!(self.timer.poll(context, || silence(self.limit)));
            let taken = self.taken.as_ref();
            let now = taken.map_or(0, |taken| taken.load(Ordering::Relaxed));
            if now == self.seen {
                return Poll::Ready(TransportError::silence());
            }
            self.seen = now;
            self.timer = Timer::default();
        }
    }
}

/// Returns when a silence that begins now has been too long.
fn silence(limit: Option<Duration>) -> Option<Instant> {
    limit.map(|limit| Instant::now() + limit)
}

/// Servers may ask for a length of these methods even if there is no body
/// ([RFC 9110 §8.6](https://www.rfc-editor.org/rfc/rfc9110#section-8.6)).
fn has_length(method: &Method) -> bool {
    matches!(*method, Method::POST | Method::PUT | Method::PATCH)
}

/// An answer whose body is still to be read.
#[derive(Debug)]
pub(crate) struct Incoming {
    response: reqwest::Response,
    /// How long the server may send nothing.
    limit: Option<Duration>,
}

impl Incoming {
    pub(crate) fn status(&self) -> StatusCode {
        self.response.status()
    }

    /// Returns where the answer came from, redirects followed.
    pub(crate) fn url(&self) -> &Url {
        self.response.url()
    }

    pub(crate) fn length(&self) -> Option<u64> {
        self.response.content_length()
    }

    pub(crate) fn headers(&self) -> &HeaderMap {
        self.response.headers()
    }

    /// Takes the headers; they are empty afterwards.
    pub(crate) fn take_headers(&mut self) -> HeaderMap {
        std::mem::take(self.response.headers_mut())
    }

    /// Waits for the next bytes of the body.
    pub(crate) async fn chunk(&mut self) -> Result<Option<Bytes>, TransportError> {
        let limit = self.limit;
        let chunk = pin!(self.response.chunk());
        match until(chunk, || silence(limit)).await {
            Some(Ok(chunk)) => Ok(chunk),
            Some(Err(error)) => Err(TransportError::of(error, "the answer broke off")),
            None => Err(TransportError::silence()),
        }
    }

    /// Reads the whole body.
    pub(crate) async fn read(&mut self) -> Result<Bytes, TransportError> {
        let Some(first) = self.chunk().await? else {
            return Ok(Bytes::new());
        };
        let Some(second) = self.chunk().await? else {
            return Ok(first);
        };
        let mut body = BytesMut::from(first);
        body.extend_from_slice(&second);
        while let Some(chunk) = self.chunk().await? {
            body.extend_from_slice(&chunk);
        }
        Ok(body.freeze())
    }

    /// Reads on until there is more than enough, and as far as it comes. What has come stays when this is
    /// given up.
    pub(crate) async fn fill(&mut self, body: &mut BytesMut, enough: usize) -> Fill {
        while body.len() <= enough {
            match self.chunk().await {
                Ok(Some(chunk)) => body.extend_from_slice(&chunk),
                Ok(None) => return Fill::Whole,
                Err(_) => return Fill::Broken,
            }
        }
        Fill::More
    }
}

/// How far a body has been read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fill {
    Whole,
    /// There may be more of it.
    More,
    /// It broke off.
    Broken,
}

/// A request that got no answer, or only a part of one.
#[derive(Debug)]
pub(crate) struct TransportError {
    message: &'static str,
    kind: FaultKind,
    source: Option<Box<dyn Error + Send + Sync>>,
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
            source: Some(Box::new(error.without_url())),
        }
    }

    /// Makes the error of a file that a body comes from or goes to.
    pub(crate) fn of_file(error: io::Error, message: &'static str) -> Self {
        Self {
            source: Some(Box::new(error)),
            ..Self::permanent(message)
        }
    }

    /// Makes the error of a caller's own step.
    pub(crate) fn of_step(error: Box<dyn Error + Send + Sync>, message: &'static str) -> Self {
        Self {
            source: Some(error),
            ..Self::permanent(message)
        }
    }

    fn silence() -> Self {
        Self {
            message: "no answer in time",
            ..Self::timeout()
        }
    }

    pub(crate) const fn permanent(message: &'static str) -> Self {
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
        let source = self.source.as_deref();
        source.map(|error| error as &(dyn Error + 'static))
    }
}
