//! Cases that clients get wrong, beside those under their own headings in the other files.

use std::io;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use accredit_runtime::testing::{AuthorizationServer, Scripted};
use accredit_runtime::{
    Call, ClientCore, ClientCredentials, ClientOptions, Connection, Event, Evidence, Method,
    Operation, Replay, Requirement, Status, TokenCache, decode,
};
use conformance::{API, Issuer, Reply, ResourceServer, World};
use futures_util::future::join_all;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Barrier;

static GET: Operation = Operation::new("orders.get", Method::GET, "/orders/1")
    .success(&[Status::Code(200)])
    .security(&[Requirement::new(&[(0, &[])])]);

static UPLOAD: Operation = Operation::new("orders.upload", Method::POST, "/orders")
    .success(&[Status::Code(200)])
    .security(&[Requirement::new(&[(0, &[])])]);

const CLIENTS: usize = 10;

#[tokio::test]
async fn ten_clients_on_one_credential_make_one_request_for_a_revoked_token() {
    let issuer = Issuer::default();
    let all = Arc::new(Barrier::new(CLIENTS));
    let known = issuer.clone();
    let server = ResourceServer::start(move |request| {
        let (all, accepts) = (Arc::clone(&all), known.accepts(&request));
        async move {
            if !accepts {
                all.wait().await;
            }
            Reply::status(if accepts { 200 } else { 401 })
        }
    })
    .await;
    let tokens = TokenCache::new(issuer.clone());
    let clients: Vec<_> = (0..CLIENTS)
        .map(|_| {
            let connection = Connection::new(&API).base_url(server.origin());
            let options = ClientOptions::new().tokens(tokens.clone());
            ClientCore::new(connection, options).expect("a client")
        })
        .collect();
    let calls = || {
        let call = |client| Call::<()>::new(client, &GET, decode::nothing).send();
        join_all(clients.iter().map(call))
    };
    for answer in calls().await {
        answer.expect("a good token");
    }
    issuer.revoke();
    for answer in calls().await {
        assert!(matches!(answer.expect("a replay").replay(), Replay::Done));
    }
    assert_eq!(issuer.requests(), 2);
}

/// Reads the head of a request, and its body unless it is to be left.
async fn read(stream: &mut TcpStream, length: usize) -> io::Result<Vec<u8>> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(stream.read_u8().await?);
    }
    let mut body = vec![0; length];
    stream.read_exact(&mut body).await?;
    Ok(body)
}

#[tokio::test]
async fn a_401_that_comes_before_the_body_is_read_is_replayed_with_the_whole_body() {
    const LENGTH: usize = 200_000;
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let origin = format!("http://{}", listener.local_addr().expect("an address"));
    let server = tokio::spawn(async move {
        let (mut first, _) = listener.accept().await?;
        read(&mut first, 0).await?;
        let refusal =
            b"HTTP/1.1 401 Unauthorized\r\nconnection: close\r\ncontent-length: 0\r\n\r\n";
        first.write_all(refusal).await?;
        first.flush().await?;
        let (mut second, _) = listener.accept().await?;
        let received = read(&mut second, LENGTH).await?;
        let answer = b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n";
        second.write_all(answer).await?;
        io::Result::Ok(received)
    });
    let issuer = Issuer::default();
    let options = ClientOptions::new().tokens(TokenCache::new(issuer.clone()));
    let connection = Connection::new(&API).base_url(&origin);
    let client = ClientCore::new(connection, options).expect("a client");
    let call = Call::<()>::new(&client, &UPLOAD, decode::nothing);
    let response = call
        .bytes("application/octet-stream", vec![b'x'; LENGTH])
        .timeout(Duration::from_secs(20))
        .send()
        .await
        .expect("a replay");
    assert_eq!(response.attempts(), 2);
    let body = server.await.expect("a server").expect("a body");
    assert!(body == vec![b'x'; LENGTH]);
    assert_eq!(issuer.requests(), 2);
}

#[tokio::test]
async fn a_compressed_token_answer_is_not_inflated() {
    let server = AuthorizationServer::start().await.expect("a server");
    // The head of a gzip stream and a run of one byte, as a bomb begins.
    let mut bomb = vec![0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3];
    bomb.resize(10_000, 0xff);
    server.script([Scripted::json(200, bomb).header("content-encoding", "gzip")]);
    let source = ClientCredentials::builder(server.token_endpoint(), "id", "secret");
    let cache = TokenCache::new(source.build().expect("a source"));
    assert!(cache.token().await.is_err());
    assert_eq!(server.token_requests(), 1);
}

#[tokio::test]
async fn challenges_are_found_in_one_line_and_in_several() {
    for (lines, expected) in [
        (
            &["Basic realm=\"a, b\", Bearer error=\"invalid_token\""][..],
            Evidence::Strong,
        ),
        (
            &[
                "Basic realm=\"a\"",
                "bEARER realm=\"x, y=\", error=invalid_token",
            ],
            Evidence::Strong,
        ),
        (
            &["Negotiate oYG2MIG==, Bearer error=\"invalid_token\""],
            Evidence::Strong,
        ),
        (
            &["Basic realm=\"Bearer error=\\\"invalid_token\\\"\""],
            Evidence::Weak,
        ),
        (&["Unknown error=\"invalid_token\""], Evidence::Weak),
    ] {
        let heard = Arc::new(Mutex::new(Vec::new()));
        let hearing = Arc::clone(&heard);
        let options = ClientOptions::new().on_event(move |event| {
            if let Event::Suspected { evidence, .. } = event {
                hearing.lock().expect("a list").push(*evidence);
            }
        });
        let world = World::with_options(options, move |_, _| {
            let reply = Reply::status(403);
            let add = |reply: Reply, line: &&str| reply.header("www-authenticate", line);
            std::future::ready(lines.iter().fold(reply, add))
        })
        .await;
        let get = Call::<()>::new(&world.client, &GET, decode::nothing);
        get.await.expect_err("a 403");
        assert_eq!(*heard.lock().expect("a list"), [expected], "{lines:?}");
    }
}
