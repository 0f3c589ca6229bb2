//! A server on loopback, whose connections end with it.

use std::io;

use bytes::Bytes;
use http::{Request, Response};
use http_body_util::Full;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::net::TcpListener;
use tokio::task::JoinSet;

/// Answers requests until it is dropped. An error of an answer closes its connection.
pub(crate) async fn serve<H, A>(listener: TcpListener, answer: H)
where
    H: Fn(Request<Incoming>) -> A + Clone + Send + 'static,
    A: Future<Output = io::Result<Response<Full<Bytes>>>> + Send + 'static,
{
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            accepted = listener.accept() => {
                if let Ok((stream, _)) = accepted {
                    let answer = answer.clone();
                    connections.spawn(async move {
                        let service = service_fn(answer);
                        let connection = http1::Builder::new();
                        let connection = connection.serve_connection(TokioIo::new(stream), service);
                        if let Err(error) = connection.await {
                            tracing::trace!(%error, "connection ended");
                        }
                    });
                }
            }
            Some(_) = connections.join_next() => {}
        }
    }
}
