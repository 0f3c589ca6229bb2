//! Methods that OpenAPI 3.0 doesn't know, by a generated client.

use accredit_runtime::{ClientOptions, RetryPolicy, TokenCache};
use conformance::generated::methods::{Client, types};
use conformance::{Issuer, Reply, Request, ResourceServer};

#[tokio::test]
async fn a_query_is_retried_and_a_method_of_which_nothing_is_known_is_not() {
    let server = ResourceServer::start(|request: Request| {
        let is_query = request.method.as_str() == "QUERY";
        let reply = match request.headers.get("x-again") {
            Some(_) if is_query => Reply::status(200).json(r#"["a"]"#),
            _ => Reply::status(503),
        };
        std::future::ready(reply)
    })
    .await;
    let connection = Client::connection().base_url(server.origin());
    let options = ClientOptions::new()
        .retry(
            RetryPolicy::new()
                .attempts(2)
                .base_delay(std::time::Duration::ZERO),
        )
        .tokens(TokenCache::new(Issuer::default()));
    let client = Client::with_options(connection, options).expect("usable settings");
    let files = client.files();
    let search = types::Search::new("x".to_owned());
    let found = files.search_files(&search).header("X-Again", "1");
    assert_eq!(found.await.unwrap(), ["a"]);
    let error = files.search_files(&search).await.unwrap_err();
    assert_eq!(error.attempts(), 2);
    let error = files.copy_file("a", "/b").await.unwrap_err();
    assert_eq!(error.attempts(), 1);
    assert_eq!(
        error.to_string(),
        "copyFile (COPY /files/{name}): the server answered 503 Service Unavailable"
    );
    let sent: Vec<_> = server
        .requests()
        .into_iter()
        .map(|request| (request.method.to_string(), request.body.len()))
        .collect();
    let query = || ("QUERY".to_owned(), r#"{"text":"x"}"#.len());
    assert_eq!(sent, [query(), query(), query(), ("COPY".to_owned(), 0)]);
    assert_eq!(server.requests()[3].headers["destination"], "/b");
}
