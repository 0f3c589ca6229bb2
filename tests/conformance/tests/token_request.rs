//! What the connection settings add to token requests.

use accredit_runtime::testing::{AuthorizationServer, Scripted, TokenRequest};
use accredit_runtime::{ClientCore, ClientOptions, Connection, TokenCache};
use conformance::API;

fn connection(server: &AuthorizationServer) -> Connection {
    Connection::new(&API)
        .client_id("client")
        .client_secret("s3cret")
        .base_url("https://api.example.com")
        .token_endpoint(server.token_endpoint())
}

fn tokens(connection: Connection) -> TokenCache {
    let client = ClientCore::new(connection, ClientOptions::new()).expect("usable settings");
    client.tokens().expect("tokens").clone()
}

fn pairs(request: &TokenRequest) -> Vec<(&str, &str)> {
    let parameters = request.parameters().iter();
    parameters
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .collect()
}

async fn server() -> AuthorizationServer {
    AuthorizationServer::start().await.expect("a port")
}

#[tokio::test]
async fn resources_audience_parameters_and_headers_are_sent() {
    let server = server().await;
    let connection = connection(&server)
        .scope("read")
        .resource("https://one.example")
        .resource("https://two.example")
        .audience("orders")
        .extra_parameter("tenant", "t 1")
        .token_header("X-Merchant", "m1");
    tokens(connection).token().await.expect("a token");
    let requests = server.requests();
    assert_eq!(requests.len(), 1);
    assert_eq!(
        pairs(&requests[0]),
        [
            ("grant_type", "client_credentials"),
            ("scope", "read"),
            ("resource", "https://one.example"),
            ("resource", "https://two.example"),
            ("audience", "orders"),
            ("tenant", "t 1"),
        ]
    );
    assert_eq!(requests[0].headers()["x-merchant"], "m1");
}

#[tokio::test]
async fn an_environment_file_says_the_same() {
    let server = server().await;
    let text = r#"
        resource = ["https://one.example", "https://two.example"]
        audience = "orders"
        [extra_parameters]
        tenant = "t 1"
        [token_headers]
        X-Merchant = "m1"
    "#;
    let connection = connection(&server).import(text).expect("a usable file");
    tokens(connection).token().await.expect("a token");
    let requests = server.requests();
    assert_eq!(
        pairs(&requests[0])[1..],
        [
            ("resource", "https://one.example"),
            ("resource", "https://two.example"),
            ("audience", "orders"),
            ("tenant", "t 1"),
        ]
    );
    assert_eq!(requests[0].headers()["x-merchant"], "m1");
}

#[tokio::test]
async fn code_wins_over_the_file() {
    let server = server().await;
    let connection = connection(&server)
        .resource("https://code.example")
        .import("resource = \"https://file.example\"")
        .expect("a usable file");
    tokens(connection).token().await.expect("a token");
    assert_eq!(
        pairs(&server.requests()[0])[1],
        ("resource", "https://code.example")
    );
}

#[test]
fn settings_that_no_request_can_carry_are_named_before_one_is_made() {
    let connection = || {
        Connection::new(&API)
            .client_id("client")
            .client_secret("s3cret")
            .base_url("https://api.example.com")
    };
    for connection in [
        connection().resource("orders"),
        connection().resource("https://api.example/#part"),
        connection().token_header("Authorization", "Basic s3cret"),
        connection().token_header("X-Merchant", "a\r\nb: c"),
    ] {
        let error = ClientCore::new(connection, ClientOptions::new()).expect_err("a mistake");
        assert!(error.settings().is_some());
        assert!(!format!("{error} {error:?}").contains("s3cret"));
    }
}

#[tokio::test]
async fn retry_after_of_a_token_request_is_respected() {
    let server = server().await;
    server.script([Scripted::body(429, "text/plain", "").header("retry-after", "120")]);
    let tokens = tokens(connection(&server));
    // Longer than a call waits: no second request is made, now or soon.
    for _ in 0..100 {
        let error = tokens.token().await.expect_err("throttled");
        assert!(error.is_transient());
    }
    assert_eq!(server.token_requests(), 1);
}
