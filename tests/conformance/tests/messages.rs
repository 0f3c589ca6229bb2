//! What a request looks like on the wire, and what becomes of its answer.

use std::collections::BTreeMap;

use accredit_runtime::{
    Answer, Call, ClientOptions, DecodeError, ErrorBody, Method, Operation, Parameter, Stage,
    Status, Style, Value, decode,
};
use conformance::{Reply, Request, World};
use http::HeaderValue;
use serde_json::json;

static SEARCH: Operation = Operation::new("orders.search", Method::GET, "/shops/{shop}/orders")
    .success(&[Status::Code(200), Status::Code(204)])
    .accept("application/json, application/problem+json");
static CREATE: Operation =
    Operation::new("orders.create", Method::POST, "/orders").success(&[Status::Code(201)]);

async fn answering(reply: Reply) -> World {
    World::start(move |_, _| std::future::ready(reply.clone())).await
}

fn search(world: &World) -> Call<'_, Value> {
    Call::new(&world.client, &SEARCH, decode::json).parameter(Parameter::path("shop"), &"é/1")
}

fn only(world: &World) -> Request {
    let requests = world.server.requests();
    let [request] = <[Request; 1]>::try_from(requests).expect("one request");
    request
}

#[tokio::test]
async fn parameters_stand_where_the_document_puts_them() {
    let world = answering(Reply::status(200).json("{}")).await;
    search(&world)
        .parameter(Parameter::query("state"), &["open", "a&b"])
        .parameter(
            Parameter::query("page").style(Style::DeepObject),
            &BTreeMap::from([("size".to_owned(), 10)]),
        )
        .parameter(Parameter::query("cursor"), &None::<String>)
        .json_parameter(Parameter::query("filter"), &json!({"a": 1}))
        .parameter(Parameter::header("X-Tags"), &["a", "b"])
        .parameter(Parameter::cookie("session"), &"s 1")
        .query("debug", "1 2")
        .header("X-Trace", "t")
        .await
        .unwrap();
    let request = only(&world);
    assert_eq!(request.method, Method::GET);
    assert_eq!(
        request.uri,
        "/shops/%C3%A9%2F1/orders?state=open&state=a%26b&page%5Bsize%5D=10\
         &filter=%7B%22a%22%3A1%7D&debug=1%202"
    );
    assert_eq!(request.headers["x-tags"], "a,b");
    assert_eq!(request.headers["cookie"], "session=s%201");
    assert_eq!(request.headers["x-trace"], "t");
    assert_eq!(
        request.headers["accept"],
        "application/json, application/problem+json"
    );
    assert_eq!(request.headers["user-agent"], "orders/1.0.0");
    assert!(!request.headers.contains_key("authorization"));
    assert!(!request.headers.contains_key("content-type"));
}

#[tokio::test]
async fn bodies_are_sent_with_their_media_type() {
    let world = answering(Reply::status(201)).await;
    let call = || Call::new(&world.client, &CREATE, decode::nothing);
    call()
        .json("application/json", &json!({"a": "é"}))
        .await
        .unwrap();
    call()
        .form(&json!({"a": "x y", "b": [1, 2]}))
        .await
        .unwrap();
    call().text("text/plain", "hello").await.unwrap();
    call().bytes("image/png", vec![0, 255]).await.unwrap();
    call().await.unwrap();

    let requests = world.server.requests();
    let sent: Vec<_> = requests
        .iter()
        .map(|request| (request.headers.get("content-type"), request.body.as_ref()))
        .map(|(media_type, body)| (media_type.map(HeaderValue::as_bytes), body))
        .collect();
    let expected: [(Option<&[u8]>, &[u8]); 5] = [
        (Some(b"application/json"), "{\"a\":\"é\"}".as_bytes()),
        (Some(b"application/x-www-form-urlencoded"), b"a=x+y&b=1&b=2"),
        (Some(b"text/plain"), b"hello"),
        (Some(b"image/png"), &[0, 255]),
        (None, b""),
    ];
    assert_eq!(sent, expected);
    assert_eq!(requests[4].headers["content-length"], "0");
}

#[tokio::test]
async fn options_hold_for_all_calls() {
    let options = ClientOptions::new()
        .header("X-Tenant", "t-1")
        .user_agent("mine/2");
    let world = World::with_options(options, async |_, _| Reply::status(200).json("{}")).await;
    search(&world).await.unwrap();
    assert_eq!(only(&world).headers["x-tenant"], "t-1");
    assert_eq!(only(&world).headers["user-agent"], "mine/2");
}

#[tokio::test]
async fn a_fault_of_the_request_surfaces_when_it_is_awaited() {
    let world = answering(Reply::status(200)).await;
    let error = search(&world).header("X-Note", "a\nb").await.unwrap_err();
    assert_eq!(error.stage(), Stage::Request);
    assert_eq!(
        error.to_string(),
        "orders.search (GET /shops/{shop}/orders): header `X-Note` has a name or value that can't be sent"
    );
    assert!(world.server.requests().is_empty());
}

#[tokio::test]
async fn a_response_has_status_and_headers_beside_the_body() {
    let world = answering(Reply::status(200).header("etag", "\"7\"").json("[1]")).await;
    let response = search(&world).send().await.unwrap();
    assert_eq!(response.status(), 200);
    assert_eq!(response.headers()["etag"], "\"7\"");
    assert_eq!(response.attempts(), 1);
    assert_eq!(response.into_body(), json!([1]));
}

#[tokio::test]
async fn a_body_may_be_missing_where_the_document_says_so() {
    let world = answering(Reply::status(204)).await;
    let call = Call::new(&world.client, &SEARCH, decode::optional_json::<Value>)
        .parameter(Parameter::path("shop"), &1);
    assert_eq!(call.await.unwrap(), None);
}

#[tokio::test]
async fn a_body_that_does_not_fit_is_an_error_with_the_path_to_the_field() {
    let world = answering(Reply::status(200).json(r#"{"a": [1, "x"]}"#)).await;
    let call = Call::new(
        &world.client,
        &SEARCH,
        decode::json::<BTreeMap<String, Vec<i64>>>,
    );
    let error = call
        .parameter(Parameter::path("shop"), &1)
        .await
        .unwrap_err();
    assert_eq!(error.stage(), Stage::Decode);
    assert_eq!(error.status().map(|status| status.as_u16()), Some(200));
    let decode = error.decode().expect("a decode error");
    assert_eq!(decode.path(), Some("/a/1"));
    assert_eq!(decode.body(), r#"{"a": [1, "x"]}"#);
    assert_eq!(
        error.to_string(),
        "orders.search (GET /shops/{shop}/orders): the answer 200: \
         expected i64, found string at `/a/1` (line 1, column 13)"
    );
}

#[tokio::test]
async fn a_status_that_the_document_does_not_name_is_an_error_that_keeps_everything() {
    let world = answering(Reply::status(202).header("location", "/jobs/1").json("{}")).await;
    let error = search(&world).await.unwrap_err();
    let refusal = error.api().expect("an answer");
    assert_eq!(refusal.status(), 202);
    assert_eq!(refusal.headers()["location"], "/jobs/1");
    assert_eq!(refusal.body(), "{}");
    assert_eq!(refusal.operation_id(), "orders.search");
}

#[derive(Debug)]
enum SearchError {
    Invalid(Value),
}

impl ErrorBody for SearchError {
    fn decode(answer: &Answer) -> Option<Result<Self, DecodeError>> {
        match answer.status().as_u16() {
            400..=499 => Some(decode::json(answer).map(Self::Invalid)),
            _ => None,
        }
    }
}

#[tokio::test]
async fn the_body_of_a_refusal_is_viewed_as_its_operation_describes_it() {
    let world = answering(Reply::status(422).json(r#"{"field": "shop"}"#)).await;
    let error = search(&world).await.unwrap_err();
    let Some(Ok(SearchError::Invalid(body))) = error.body() else {
        panic!("{error:?}");
    };
    assert_eq!(body, json!({"field": "shop"}));

    let world = answering(Reply::status(422)).await;
    let error = search(&world).await.unwrap_err();
    assert!(matches!(error.body::<SearchError>(), Some(Err(_))));

    let world = answering(Reply::status(501)).await;
    let error = search(&world).await.unwrap_err();
    assert!(error.body::<SearchError>().is_none());
}

#[tokio::test]
async fn the_body_of_a_refusal_is_bounded() {
    let long = "x".repeat(3 * 1024 * 1024);
    let world = answering(Reply::status(400).json(&long)).await;
    let error = search(&world).await.unwrap_err();
    let answer = error.answer().expect("an answer");
    assert_eq!(answer.body().len(), 1024 * 1024);
    assert!(answer.is_truncated());
}

#[tokio::test]
async fn http_2_is_spoken_at_once_where_the_caller_says_so() {
    for (options, version) in [
        (ClientOptions::new(), http::Version::HTTP_11),
        (
            ClientOptions::new()
                .http2_prior_knowledge()
                .idle_connections(1),
            http::Version::HTTP_2,
        ),
    ] {
        let reply = |_, _| std::future::ready(Reply::status(200).json("{}"));
        let world = World::with_options(options, reply).await;
        search(&world).await.unwrap();
        assert_eq!(only(&world).version, version);
    }
}
