//! A resource server on loopback that answers as a test says.

use std::convert::Infallible;
use std::fmt;
use std::io;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};

use bytes::Bytes;
use futures_util::{StreamExt, stream};
use http::header::AUTHORIZATION;
use http::{HeaderMap, HeaderName, HeaderValue, Method, Response, StatusCode, Uri, Version};
use http_body_util::combinators::UnsyncBoxBody;
use http_body_util::{BodyExt, Full, StreamBody};
use hyper::body::{Frame, Incoming};
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo};
use hyper_util::server::conn::auto;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

/// A request as the server saw it.
#[derive(Debug, Clone)]
pub struct Request {
    /// The version of HTTP.
    pub version: Version,
    /// The method.
    pub method: Method,
    /// The path with the query.
    pub uri: Uri,
    /// The headers.
    pub headers: HeaderMap,
    /// The body.
    pub body: Bytes,
}

impl Request {
    /// Returns the `Authorization` header.
    ///
    /// # Panics
    ///
    /// Panics if it isn't ASCII.
    #[must_use]
    pub fn authorization(&self) -> Option<&str> {
        let value = self.headers.get(AUTHORIZATION)?;
        Some(value.to_str().expect("an ASCII header"))
    }
}

/// What the server answers.
#[derive(Debug, Clone)]
pub struct Reply {
    status: StatusCode,
    headers: HeaderMap,
    body: Bytes,
    is_reset: bool,
    is_endless: bool,
}

impl Reply {
    /// Ends the connection without an answer.
    #[must_use]
    pub fn reset() -> Self {
        Self {
            is_reset: true,
            ..Self::status(500)
        }
    }

    /// Answers with a status and no body.
    ///
    /// # Panics
    ///
    /// Panics if the status is none.
    #[must_use]
    pub fn status(status: u16) -> Self {
        Self {
            status: StatusCode::from_u16(status).expect("a status"),
            headers: HeaderMap::new(),
            body: Bytes::new(),
            is_reset: false,
            is_endless: false,
        }
    }

    /// Goes on after its body without an end, and without sending anything.
    #[must_use]
    pub fn endless(mut self) -> Self {
        self.is_endless = true;
        self
    }

    /// Adds a header.
    ///
    /// # Panics
    ///
    /// Panics if the value can't stand in a header.
    #[must_use]
    pub fn header(mut self, name: &'static str, value: &str) -> Self {
        let value = HeaderValue::from_str(value).expect("a header value");
        self.headers.append(HeaderName::from_static(name), value);
        self
    }

    /// Sets a body of JSON.
    #[must_use]
    pub fn json(self, body: &str) -> Self {
        self.body("application/json", body)
    }

    /// Sets a body of a media type.
    #[must_use]
    pub fn body(self, media_type: &str, body: &str) -> Self {
        self.bytes(media_type, body.as_bytes().to_vec())
    }

    /// Sets a body of bytes.
    #[must_use]
    pub fn bytes(mut self, media_type: &str, body: impl Into<Bytes>) -> Self {
        self.body = body.into();
        self.header("content-type", media_type)
    }
}

type Body = UnsyncBoxBody<Bytes, Infallible>;
type Answering = Pin<Box<dyn Future<Output = Reply> + Send>>;
type Handler = dyn Fn(Request) -> Answering + Send + Sync;

/// A server on loopback, for as long as it is held.
pub struct ResourceServer {
    origin: String,
    seen: Arc<Mutex<Vec<Request>>>,
    accepting: JoinHandle<()>,
}

impl ResourceServer {
    /// Starts a server that answers by a handler.
    ///
    /// # Panics
    ///
    /// Panics if there is no port to listen on.
    pub async fn start<H, A>(handler: H) -> Self
    where
        H: Fn(Request) -> A + Send + Sync + 'static,
        A: Future<Output = Reply> + Send + 'static,
    {
        Self::start_with_log(true, handler).await
    }

    /// Starts a server that doesn't remember its requests.
    ///
    /// # Panics
    ///
    /// Panics if there is no port to listen on.
    pub async fn forgetful<H, A>(handler: H) -> Self
    where
        H: Fn(Request) -> A + Send + Sync + 'static,
        A: Future<Output = Reply> + Send + 'static,
    {
        Self::start_with_log(false, handler).await
    }

    async fn start_with_log<H, A>(has_log: bool, handler: H) -> Self
    where
        H: Fn(Request) -> A + Send + Sync + 'static,
        A: Future<Output = Reply> + Send + 'static,
    {
        let listener = TcpListener::bind("127.0.0.1:0")
            .await
            .expect("a port on loopback");
        let address = listener.local_addr().expect("an address");
        let seen = Arc::new(Mutex::new(Vec::new()));
        let handler: Arc<Handler> = Arc::new(move |request| Box::pin(handler(request)));
        let log = has_log.then(|| Arc::clone(&seen));
        let accepting = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(serve(stream, Arc::clone(&handler), log.clone()));
            }
        });
        Self {
            origin: format!("http://{address}"),
            seen,
            accepting,
        }
    }

    /// Returns the origin of the server.
    #[must_use]
    pub fn origin(&self) -> &str {
        &self.origin
    }

    /// Returns the requests so far.
    #[must_use]
    pub fn requests(&self) -> Vec<Request> {
        let seen = self.seen.lock();
        seen.unwrap_or_else(PoisonError::into_inner).clone()
    }
}

async fn serve(stream: TcpStream, handler: Arc<Handler>, seen: Option<Arc<Mutex<Vec<Request>>>>) {
    let service = service_fn(move |request: http::Request<Incoming>| {
        let handler = Arc::clone(&handler);
        let seen = seen.clone();
        async move {
            let (parts, body) = request.into_parts();
            let body = body.collect().await.map_or_else(
                |_| Bytes::from_static(b"(broken off)"),
                http_body_util::Collected::to_bytes,
            );
            let request = Request {
                version: parts.version,
                method: parts.method,
                uri: parts.uri,
                headers: parts.headers,
                body,
            };
            if let Some(seen) = seen {
                let mut seen = seen.lock().unwrap_or_else(PoisonError::into_inner);
                seen.push(request.clone());
            }
            let reply = handler(request).await;
            if reply.is_reset {
                return Err(io::Error::from(io::ErrorKind::ConnectionReset));
            }
            let body = if reply.is_endless {
                let frame = Ok(Frame::data(reply.body));
                Body::new(StreamBody::new(
                    stream::iter([frame]).chain(stream::pending()),
                ))
            } else {
                Body::new(Full::new(reply.body))
            };
            let mut response = Response::new(body);
            *response.status_mut() = reply.status;
            *response.headers_mut() = reply.headers;
            Ok(response)
        }
    });
    let mut builder = auto::Builder::new(TokioExecutor::new());
    builder.http2().max_concurrent_streams(10_000);
    // A connection that breaks is its client's to notice.
    let _ = builder
        .serve_connection(TokioIo::new(stream), service)
        .await;
}

impl Drop for ResourceServer {
    fn drop(&mut self) {
        self.accepting.abort();
    }
}

impl fmt::Debug for ResourceServer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ResourceServer")
            .field("origin", &self.origin)
            .finish_non_exhaustive()
    }
}
