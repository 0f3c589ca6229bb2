//! Headers of answers as types, and problem details, by a generated client.

use accredit_runtime::{ClientOptions, TokenCache};
use conformance::generated::response_headers::operations::{
    ReadHeaders, SubscribeErrorHeaders, SubscribeHeaders,
};
use conformance::generated::response_headers::{Client, types};
use conformance::{Issuer, Reply, ResourceServer};

async fn world(reply: Reply) -> (ResourceServer, Client) {
    let server = ResourceServer::start(move |_| std::future::ready(reply.clone())).await;
    let connection = Client::connection().base_url(server.origin());
    let options = ClientOptions::new().tokens(TokenCache::new(Issuer::default()));
    let client = Client::with_options(connection, options).expect("usable settings");
    (server, client)
}

#[tokio::test]
async fn headers_of_a_success_are_read_beside_its_body() {
    let reply = Reply::status(201)
        .header("location", "/subscriptions/1")
        .header("x-remaining", "7")
        .json(r#"{"id": "1"}"#);
    let (_server, client) = world(reply).await;
    let response = client.subscriptions().subscribe().send().await.unwrap();
    let headers: SubscribeHeaders = response.headers_as().unwrap();
    assert_eq!(headers.location.as_str(), "/subscriptions/1");
    assert_eq!(headers.x_remaining, 7);
    assert_eq!(response.body.id.as_deref(), Some("1"));
}

#[tokio::test]
async fn lists_objects_and_json_are_read_and_what_is_absent_is_none() {
    let reply = Reply::status(200)
        .header("etag", "\"v1\"")
        .header("last-events", "3, 5")
        .header("last-events", "8")
        .header("x-limits", "day=100,hour=10")
        .header("x-state", r#"[{"day": 1}, {"hour": 2}]"#);
    let (_server, client) = world(reply).await;
    let response = client.subscriptions().read("1").send().await.unwrap();
    let headers: ReadHeaders = response.headers_as().unwrap();
    assert_eq!(headers.e_tag, "\"v1\"");
    assert_eq!(headers.last_events, Some(vec![3, 5, 8]));
    let limits = headers.x_limits.expect("limits");
    assert_eq!((limits.day, limits.hour), (Some(100), Some(10)));
    assert_eq!(headers.x_state.expect("a state")[1].hour, Some(2));
    assert_eq!(headers.x_mixed, None);
}

#[tokio::test]
async fn headers_of_a_failure_are_read_from_the_error_with_its_problem_details() {
    let problem = r#"{"title": "Slow down", "cause": "QUOTA"}"#;
    let reply = Reply::status(429)
        .header("x-remaining", "0")
        .header("x-scope", "client")
        .header("retry-after", "3600")
        .body("application/problem+json", problem);
    let (_server, client) = world(reply).await;
    let error = client.subscriptions().subscribe().await.unwrap_err();
    let headers = error.headers_as::<SubscribeErrorHeaders>();
    let headers = headers.expect("an answer").unwrap();
    assert_eq!(headers.x_remaining, 0);
    assert_eq!(headers.x_scope, Some(types::Scope::Client));
    let problem = error.problem().expect("a problem");
    assert_eq!(problem.title(), Some("Slow down"));
    assert_eq!(problem.extension("cause"), Some(&"QUOTA".into()));
}

#[tokio::test]
async fn a_header_that_is_not_what_the_document_says_is_an_error_of_its_own() {
    let reply = Reply::status(201)
        .header("x-remaining", "s3cret")
        .json("{}");
    let (_server, client) = world(reply).await;
    let response = client.subscriptions().subscribe().send().await.unwrap();
    let error = response.headers_as::<SubscribeHeaders>().unwrap_err();
    assert_eq!(error.to_string(), "expected the header `Location`");
}
