//! Streams of events and of values, by a generated client.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use accredit_runtime::{ClientOptions, JsonItems, RetryPolicy, Stage, TokenCache};
use conformance::generated::streams::operations::ReplacePricesBody;
use conformance::generated::streams::{Client, types};
use conformance::{Issuer, Reply, Request, ResourceServer};
use futures_util::{TryStreamExt, stream};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio::time::timeout;

fn client(origin: &str) -> Client {
    let connection = Client::connection().base_url(origin);
    let options = ClientOptions::new()
        .retry(RetryPolicy::off())
        .tokens(TokenCache::new(Issuer::default()));
    Client::with_options(connection, options).expect("usable settings")
}

async fn world<H>(reply: H) -> (ResourceServer, Client)
where
    H: Fn(&Request) -> Reply + Send + Sync + 'static,
{
    let server =
        ResourceServer::start(move |request: Request| std::future::ready(reply(&request))).await;
    let client = client(server.origin());
    (server, client)
}

fn events(text: &str) -> Reply {
    Reply::status(200).body("text/event-stream; charset=utf-8", text)
}

fn last_event_ids(server: &ResourceServer) -> Vec<Option<String>> {
    let requests = server.requests().into_iter().map(|request| {
        let id = request.headers.get("last-event-id")?;
        Some(id.to_str().expect("ASCII").to_owned())
    });
    requests.collect()
}

const PRICE: &str = r#"{"symbol": "A", "cents": 1}"#;

#[tokio::test]
async fn a_stream_that_ends_is_resumed_after_its_last_event_until_there_is_no_more() {
    let count = AtomicUsize::new(0);
    let (server, client) = world(move |request| {
        assert_eq!(request.headers["accept"], "text/event-stream");
        assert_eq!(request.uri.query(), Some("symbol=A"));
        match count.fetch_add(1, Ordering::Relaxed) {
            0 => events(&format!(
                "retry: 1\n\nid: 7\nevent: tick\ndata: {PRICE}\n\nid: 8\ndata: {{\"sym"
            )),
            1 => events(&format!(": nothing yet\n\ndata: {PRICE}\n\n")),
            _ => Reply::status(204),
        }
    })
    .await;
    let call = client.prices().watch_prices().symbol("A");
    let mut stream = call.stream().await.unwrap();
    let first = stream.event().await.unwrap().expect("an event");
    assert_eq!(first.id.as_deref(), Some("7"));
    assert_eq!(first.name, "tick");
    assert_eq!(first.data.cents, 1);
    let second = stream.event().await.unwrap().expect("an event");
    assert_eq!(second.name, "");
    assert!(stream.event().await.unwrap().is_none());
    assert!(stream.event().await.unwrap().is_none());
    let seven = Some("7".to_owned());
    assert_eq!(last_event_ids(&server), [None, seven.clone(), seven]);
}

#[tokio::test]
async fn a_stream_without_ids_ends_where_it_ends() {
    let (server, client) = world(|_| events(&format!("data: {PRICE}\n\ndata: {PRICE}\n\n"))).await;
    let stream = client.prices().watch_prices().stream().await.unwrap();
    let prices: Vec<_> = stream.into_stream().try_collect().await.unwrap();
    assert_eq!(prices.len(), 2);
    // Read whole, it is the same.
    let prices = client.prices().watch_prices().await.unwrap();
    assert_eq!(prices[1].data.symbol, "A");
    assert_eq!(server.requests().len(), 2);
}

#[tokio::test]
async fn the_answer_to_a_post_is_not_asked_for_again_and_ends_at_the_sentinel() {
    let (server, client) = world(|request| match request.headers["accept"].to_str() {
        Ok("text/event-stream") => events(
            "id: 1\ndata: {\"words\": \"so\"}\n\ndata: [DONE]\n\ndata: {\"words\": \"no\"}\n\n",
        ),
        _ => Reply::status(200).json(r#"{"text": "so"}"#),
    })
    .await;
    let question = types::AnswerCallRequest::new("why".to_owned());
    let answer = client.answers().answer(&question).await.unwrap();
    assert_eq!(answer.text, "so");
    let stream = client.answers().answer(&question).stream().await.unwrap();
    let words: Vec<_> = stream
        .until("[DONE]")
        .into_stream()
        .try_collect()
        .await
        .unwrap();
    assert_eq!(words.len(), 1);
    assert_eq!(words[0].data.words, "so");
    let mut stream = client.answers().answer(&question).stream().await.unwrap();
    stream.event().await.unwrap().expect("an event");
    // What isn't JSON is an error that the next event follows.
    let error = stream.event().await.unwrap_err();
    assert_eq!(error.stage(), Stage::Decode);
    assert_eq!(
        error.decode().expect("a decode error").body().as_ref(),
        b"[DONE]"
    );
    stream.event().await.unwrap().expect("an event");
    assert!(stream.event().await.unwrap().is_none());
    assert_eq!(server.requests().len(), 3);
}

#[tokio::test]
async fn an_answer_of_another_type_is_an_error_and_so_is_an_event_that_is_too_long() {
    let (_server, client) = world(|request| match request.uri.path() {
        "/prices" => Reply::status(200).json("{}"),
        _ => events(&format!("data: {}\n\n", "x".repeat(100))),
    })
    .await;
    let error = client.prices().watch_prices().stream().await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "watchPrices (GET /prices): the answer 200: expected `text/event-stream`, found `application/json`"
    );
    let stream = client.prices().log_prices().stream().await.unwrap();
    let mut stream = stream.longest(99);
    let error = stream.event().await.unwrap_err();
    assert!(
        error.to_string().ends_with("expected a shorter event"),
        "{error}"
    );
    assert!(stream.event().await.unwrap().is_none());
}

/// Answers each connection with a part of a stream and breaks it off.
async fn breaking_off(listener: TcpListener) {
    for number in 1..3 {
        let (mut socket, _) = listener.accept().await.expect("a connection");
        let mut request = [0; 4096];
        let _ = socket.read(&mut request).await;
        let event = format!("retry: 1\nid: {number}\ndata: text {number}\n\n");
        let head =
            "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked";
        let answer = format!("{head}\r\n\r\n{:x}\r\n{event}\r\n", event.len());
        socket
            .write_all(answer.as_bytes())
            .await
            .expect("a listener");
    }
}

#[tokio::test]
async fn a_connection_that_breaks_off_is_made_again_and_then_told() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let origin = format!("http://{}", listener.local_addr().unwrap());
    let serving = tokio::spawn(breaking_off(listener));
    let client = client(&origin);
    let mut stream = client.prices().log_prices().stream().await.unwrap();
    for number in 1..3 {
        let event = stream.event().await.unwrap().expect("an event");
        assert_eq!(event.data, format!("text {number}"));
    }
    // The server is gone.
    serving.await.unwrap();
    let error = timeout(Duration::from_secs(5), stream.event()).await;
    assert_eq!(
        error.expect("in time").unwrap_err().stage(),
        Stage::Transport
    );
}

#[tokio::test]
async fn lines_are_read_as_they_come_and_each_may_be_wrong() {
    let (server, client) = world(|_| {
        let lines = format!("{PRICE}\n{{\"symbol\": \"s3cret\"}}\r\n\n{PRICE}");
        Reply::status(200).body("application/jsonl", &lines)
    })
    .await;
    let mut items = client.prices().export_prices().stream().await.unwrap();
    assert_eq!(items.answer().status(), 200);
    assert_eq!(items.item().await.unwrap().expect("a price").cents, 1);
    let error = items.item().await.unwrap_err();
    assert!(!error.to_string().contains("s3cret"), "{error}");
    assert_eq!(items.item().await.unwrap().expect("a price").symbol, "A");
    assert!(items.item().await.unwrap().is_none());
    assert_eq!(server.requests()[0].headers["accept"], "application/jsonl");
}

#[tokio::test]
async fn values_are_sent_one_after_the_other_from_memory_and_from_a_stream() {
    let (server, client) = world(|request| match request.method.as_str() {
        "PUT" => Reply::status(200).body("application/json-seq", "\x1e1\n\x1e2\n"),
        _ => Reply::status(204),
    })
    .await;
    let price = |cents| types::Price::new("A".to_owned(), cents);
    let prices = client.prices();
    prices.import_prices([price(1), price(2)]).await.unwrap();
    let streamed = JsonItems::stream(stream::iter([price(3), price(4)]));
    prices.import_prices(streamed).await.unwrap();
    let body = ReplacePricesBody::JsonSeq(vec![price(5)].into());
    let replaced = prices.replace_prices(body).await.unwrap();
    assert_eq!(replaced, [1, 2]);
    let last = [price(6)];
    let body = ReplacePricesBody::Json(&last);
    let replaced = prices.replace_prices(body).stream().await.unwrap();
    let replaced: Vec<i64> = replaced.into_stream().try_collect().await.unwrap();
    assert_eq!(replaced, [1, 2]);

    let line = |cents| format!("{{\"symbol\":\"A\",\"cents\":{cents}}}");
    let requests = server.requests();
    let bodies: Vec<_> = requests
        .iter()
        .map(|request| String::from_utf8(request.body.to_vec()).expect("UTF-8"))
        .collect();
    assert_eq!(
        bodies,
        [
            format!("{}\n{}\n", line(1), line(2)),
            format!("{}\n{}\n", line(3), line(4)),
            format!("\x1e{}\n", line(5)),
            format!("[{}]", line(6)),
        ]
    );
    assert_eq!(requests[0].headers["content-type"], "application/x-ndjson");
    assert_eq!(requests[2].headers["content-type"], "application/json-seq");
}
