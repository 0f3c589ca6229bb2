//! RFC 6749 §2.3.1: the client's credentials, in the header or in the body, never in both.

use accredit_runtime::testing::{AuthorizationServer, Scripted};
use accredit_runtime::{ClientAuthentication, ClientCredentials, TokenError, TokenSource};

const CLIENT_ID: &str = "client:1 & co";
const CLIENT_SECRET: &str = "s3cret:%+/=ü";

async fn server() -> AuthorizationServer {
    let server = AuthorizationServer::start().await.expect("a port");
    server.accept_client(CLIENT_ID, CLIENT_SECRET);
    server
}

fn client(server: &AuthorizationServer, authentication: ClientAuthentication) -> ClientCredentials {
    ClientCredentials::builder(server.token_endpoint(), CLIENT_ID, CLIENT_SECRET)
        .authentication(authentication)
        .build()
        .expect("a usable client")
}

async fn issue(client: &ClientCredentials) -> Result<(), TokenError> {
    client.issue().await.map(drop)
}

/// Returns for each request whether the credentials were in the header and in the body.
fn forms(server: &AuthorizationServer) -> Vec<(bool, bool)> {
    server
        .requests()
        .iter()
        .map(|request| {
            (
                request.basic().is_some(),
                request.parameter("client_secret").is_some(),
            )
        })
        .collect()
}

#[tokio::test]
async fn the_header_carries_form_encoded_credentials() {
    let server = server().await;
    issue(&client(&server, ClientAuthentication::Basic))
        .await
        .expect("a token");
    assert_eq!(forms(&server), [(true, false)]);
    let basic = server.requests()[0].basic();
    assert_eq!(
        basic,
        Some((CLIENT_ID.to_owned(), CLIENT_SECRET.to_owned()))
    );
}

#[tokio::test]
async fn the_body_carries_the_credentials() {
    let server = server().await;
    issue(&client(&server, ClientAuthentication::Post))
        .await
        .expect("a token");
    assert_eq!(forms(&server), [(false, true)]);
}

#[tokio::test]
async fn the_header_comes_first_and_is_remembered() {
    let server = server().await;
    let client = client(&server, ClientAuthentication::Automatic);
    for _ in 0..3 {
        issue(&client).await.expect("a token");
    }
    assert_eq!(forms(&server), [(true, false); 3]);
}

#[tokio::test]
async fn the_body_follows_a_refused_header_and_is_remembered() {
    for code in ["invalid_client", "invalid_request", "unauthorized_client"] {
        let server = server().await;
        server.script([Scripted::error(code)]);
        let client = client(&server, ClientAuthentication::Automatic);
        for _ in 0..3 {
            issue(&client).await.expect("a token");
        }
        assert_eq!(
            forms(&server),
            [(true, false), (false, true), (false, true), (false, true)]
        );
    }
}

#[tokio::test]
async fn no_other_fault_leads_to_the_body() {
    for answer in [
        Scripted::error("invalid_scope"),
        Scripted::json(500, r#"{"error":"invalid_client"}"#),
        Scripted::body(503, "text/html", "<html>"),
        Scripted::body(429, "text/plain", ""),
        Scripted::reset(),
        Scripted::redirect(307, "https://example.com/"),
    ] {
        let server = server().await;
        server.script([answer.clone()]);
        let client = client(&server, ClientAuthentication::Automatic);
        issue(&client).await.expect_err("a failure");
        assert_eq!(forms(&server), [(true, false)], "{answer:?}");
        // Nothing is remembered of a failure.
        issue(&client).await.expect("a token");
        assert_eq!(forms(&server).len(), 2);
    }
}
