//! RFC 6749 §3.2: credentials go to the token endpoint and nowhere else.

use accredit_runtime::testing::{AuthorizationServer, Scripted};
use accredit_runtime::{ClientCredentials, TokenCache};
use conformance::{Reply, ResourceServer};

#[tokio::test]
async fn credentials_follow_no_redirect() {
    let elsewhere = ResourceServer::start(|_| async {
        Reply::status(200).json(r#"{"access_token":"stolen","token_type":"bearer"}"#)
    })
    .await;
    for status in [301, 302, 303, 307, 308] {
        let server = AuthorizationServer::start().await.expect("a port");
        server.script([Scripted::redirect(status, elsewhere.origin())]);
        let source = ClientCredentials::builder(server.token_endpoint(), "client", "s3cret")
            .build()
            .expect("a usable client");
        let error = TokenCache::new(source)
            .token()
            .await
            .expect_err("a redirect");
        assert_eq!(error.status().map(|status| status.as_u16()), Some(status));
        assert!(!error.is_transient());
        assert_eq!(server.token_requests(), 1);
    }
    assert_eq!(elsewhere.requests().len(), 0);
}

#[tokio::test]
async fn plain_http_is_for_loopback_only() {
    let build = |url: &str| ClientCredentials::builder(url, "client", "s3cret").build();
    assert!(build("http://127.0.0.1:1/token").is_ok());
    for url in ["http://example.com/token", "ftp://example.com/token", "x"] {
        let error = build(url).expect_err("an unusable URL");
        assert!(!error.is_transient());
    }
}

#[tokio::test]
async fn a_server_that_is_not_there_is_a_transient_fault() {
    let url = {
        let server = AuthorizationServer::start().await.expect("a port");
        server.token_endpoint()
    };
    let source = ClientCredentials::builder(url, "client", "s3cret")
        .build()
        .expect("a usable client");
    let error = TokenCache::new(source)
        .token()
        .await
        .expect_err("nobody listens");
    assert!(error.is_transient());
    assert_eq!(error.status(), None);
}
