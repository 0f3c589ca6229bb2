//! One request in, one answer out. Authorisation, replay and retry are above.

mod redirect;

use std::error::Error;
use std::fmt;
use std::io;
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use http::header::CONTENT_LENGTH;
use http::{HeaderMap, HeaderValue, Method, StatusCode};
use reqwest::redirect::Policy;
use tokio::time::timeout;
use url::Url;

use crate::network::Network;
use crate::request::Request;
use crate::token::Presented;
use crate::upload::Opened;

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

    /// Sends a request, with a token, and returns as soon as the head of the answer is there.
    pub(crate) async fn send(
        &self,
        method: &Method,
        request: &Request,
        token: Option<Presented>,
    ) -> Result<Incoming, TransportError> {
        let response = self.execute(method, request, token).await?;
        let hop = if self.follows {
            redirect::elsewhere(&response, method, request)
        } else {
            None
        };
        match hop {
            None => Ok(self.incoming(response)),
            // Boxed, so that calls that aren't redirected carry no room for it.
            Some(hop) => Box::pin(self.follow(hop)).await,
        }
    }

    /// Follows redirects to other origins.
    async fn follow(&self, first: (Method, Request)) -> Result<Incoming, TransportError> {
        let mut hop = first;
        for _ in 0..redirect::MOST {
            let (method, request) = hop;
            let response = self.execute(&method, &request, None).await?;
            match redirect::elsewhere(&response, &method, &request) {
                Some(next) => hop = next,
                None => return Ok(self.incoming(response)),
            }
        }
        Err(TransportError::permanent("too many redirects"))
    }

    const fn incoming(&self, response: reqwest::Response) -> Incoming {
        Incoming {
            response,
            limit: self.read,
        }
    }

    async fn execute(
        &self,
        method: &Method,
        request: &Request,
        token: Option<Presented>,
    ) -> Result<reqwest::Response, TransportError> {
        let unreadable = |error| TransportError::of_file(error, "the body can't be read");
        let opened = request.body.open().await.map_err(unreadable)?;
        let (message, taken) = message(method, request, token, opened);
        let response = moving(self.read, taken.as_deref(), self.client.execute(message)).await?;
        response.map_err(|error| TransportError::of(error, "the request couldn't be sent"))
    }
}

/// Returns a request as it goes out, and what counts the chunks that are taken of its body.
fn message(
    method: &Method,
    request: &Request,
    token: Option<Presented>,
    opened: Option<Opened>,
) -> (reqwest::Request, Option<Arc<AtomicU64>>) {
    let mut message = reqwest::Request::new(method.clone(), request.url.clone());
    let headers = message.headers_mut();
    *headers = request.headers.clone();
    if let Some(token) = token {
        token.apply(headers);
    }
    let mut taken = None;
    if let Some(opened) = opened {
        if let Some(length) = opened.length {
            headers.insert(CONTENT_LENGTH, length.into());
        }
        taken = opened.taken;
        *message.body_mut() = Some(opened.body);
    } else if has_length(method) {
        headers.insert(CONTENT_LENGTH, HeaderValue::from_static("0"));
    }
    (message, taken)
}

/// Waits for a head. The limit is for silence: as long as the body is taken, it begins anew.
async fn moving<F: Future>(
    limit: Option<Duration>,
    taken: Option<&AtomicU64>,
    future: F,
) -> Result<F::Output, TransportError> {
    let Some(limit) = limit else {
        return Ok(future.await);
    };
    let mut future = pin!(future);
    let mut seen = 0;
    loop {
        if let Ok(output) = timeout(limit, &mut future).await {
            return Ok(output);
        }
        let now = taken.map_or(0, |taken| taken.load(Ordering::Relaxed));
        if now == seen {
            return Err(TransportError::silence());
        }
        seen = now;
    }
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

    /// Takes the headers; they are empty afterwards.
    pub(crate) fn take_headers(&mut self) -> HeaderMap {
        std::mem::take(self.response.headers_mut())
    }

    /// Waits for the next bytes of the body.
    pub(crate) async fn chunk(&mut self) -> Result<Option<Bytes>, TransportError> {
        let chunk = self.response.chunk();
        let chunk = match self.limit {
            Some(limit) => timeout(limit, chunk)
                .await
                .map_err(|_| TransportError::silence())?,
            None => chunk.await,
        };
        chunk.map_err(|error| TransportError::of(error, "the answer broke off"))
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
