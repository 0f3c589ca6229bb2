//! RFC 6749 §5.1, answers with a token, and those that should have been.

use std::time::Duration;

use accredit_runtime::testing::{AuthorizationServer, Scripted};
use accredit_runtime::{
    AccessToken, ClientAuthentication, ClientCredentials, TokenCache, TokenError,
};
use std::sync::Arc;

/// Asks for a token that is answered so once; the second answer is a token.
async fn ask(answer: Scripted) -> (Result<Arc<AccessToken>, TokenError>, usize) {
    let server = AuthorizationServer::start().await.expect("a port");
    server.script([answer]);
    let source = ClientCredentials::builder(server.token_endpoint(), "client", "s3cret")
        .authentication(ClientAuthentication::Basic)
        .timeout(Duration::from_millis(300))
        .build()
        .expect("a usable client");
    let outcome = TokenCache::new(source).token().await;
    (outcome, server.token_requests())
}

async fn lifetime_of(expires_in: &str) -> Option<u64> {
    let body = format!(r#"{{"access_token":"t","token_type":"bearer","expires_in":{expires_in}}}"#);
    let (token, requests) = ask(Scripted::json(200, body)).await;
    assert_eq!(requests, 1);
    token
        .expect("a token")
        .lifetime()
        .map(|lifetime| lifetime.as_secs())
}

#[tokio::test]
async fn expires_in_is_read_in_every_form() {
    for value in ["3600", "\"3600\"", "3600.0"] {
        assert_eq!(lifetime_of(value).await, Some(3600), "{value}");
    }
    for value in ["0", "-1"] {
        assert_eq!(lifetime_of(value).await, Some(0), "{value}");
    }
    for value in ["null", "\"abc\""] {
        assert_eq!(lifetime_of(value).await, None, "{value}");
    }
    assert_eq!(lifetime_of("1e12").await, Some(30 * 24 * 3600));
}

#[tokio::test]
async fn an_answer_that_is_form_encoded_gives_a_token() {
    let body = "access_token=t&token_type=bearer&expires_in=60";
    let (token, _) = ask(Scripted::body(
        200,
        "application/x-www-form-urlencoded",
        body,
    ))
    .await;
    assert_eq!(token.expect("a token").header(), "Bearer t");
}

#[tokio::test]
async fn unusable_answers_are_errors_that_are_not_retried() {
    let long = format!(r#"{{"access_token":"{}"}}"#, "a".repeat(2 * 1024 * 1024));
    for answer in [
        Scripted::body(200, "text/html", "<html>welcome</html>"),
        Scripted::json(200, "{}"),
        Scripted::json(200, "{\"access_token\":"),
        Scripted::json(200, r#"{"access_token":"t","token_type":"mac"}"#),
        Scripted::json(200, r#"{"access_token":"t\r\nX-Injected: 1"}"#),
        Scripted::json(200, r#"{"access_token":"tökén"}"#),
        Scripted::json(200, long),
        // What isn't asked for isn't unpacked, so that no small answer becomes a large one.
        Scripted::json(200, &b"\x1f\x8b\x08\x00"[..]).header("content-encoding", "gzip"),
    ] {
        let (outcome, requests) = ask(answer).await;
        let error = outcome.expect_err("an unusable answer");
        assert!(!error.is_transient(), "{error}");
        assert_eq!(error.status().map(|status| status.as_u16()), Some(200));
        assert_eq!(requests, 1, "{error}");
    }
}

#[tokio::test]
async fn passing_faults_are_retried() {
    for answer in [
        Scripted::body(502, "text/html", "<html>bad gateway</html>"),
        Scripted::body(503, "text/plain", ""),
        Scripted::body(429, "text/plain", "").header("retry-after", "0"),
        Scripted::json(400, r#"{"error":"temporarily_unavailable"}"#),
        Scripted::json(200, ""),
        Scripted::reset(),
        Scripted::hang(),
    ] {
        let (outcome, requests) = ask(answer.clone()).await;
        assert!(outcome.is_ok(), "{answer:?}: {outcome:?}");
        assert_eq!(requests, 2, "{answer:?}");
    }
}
