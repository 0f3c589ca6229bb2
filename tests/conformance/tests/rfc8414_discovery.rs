//! RFC 8414: the token endpoint is where its issuer says.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use accredit_runtime::testing::ManualClock;
use accredit_runtime::{
    ClientCore, ClientCredentials, ClientOptions, Connection, Credential, SuspicionPolicy,
    TokenCache, TokenError,
};
use conformance::{API, Reply, Request, ResourceServer};

const OAUTH: &str = "/.well-known/oauth-authorization-server/tenant";
const OPENID: &str = "/tenant/.well-known/openid-configuration";

fn origin(request: &Request) -> String {
    let host = request.headers["host"].to_str().expect("a host");
    format!("http://{host}")
}

fn metadata(request: &Request, more: &str) -> Reply {
    let origin = origin(request);
    Reply::status(200).json(&format!(
        r#"{{"issuer":"{origin}/tenant","token_endpoint":"{origin}/token"{more}}}"#
    ))
}

fn token() -> Reply {
    Reply::status(200).json(r#"{"access_token":"t","token_type":"bearer","expires_in":0}"#)
}

/// A server whose metadata is at one place, and whose other answers are tokens.
async fn server(place: &'static str, more: &'static str) -> ResourceServer {
    ResourceServer::start(move |request| async move {
        match request.uri.path() {
            path if path == place => metadata(&request, more),
            "/token" => token(),
            _ => Reply::status(404),
        }
    })
    .await
}

fn source(server: &ResourceServer) -> ClientCredentials {
    let issuer = format!("{}/tenant", server.origin());
    let secret = Credential::Secret("s3cret".into());
    ClientCredentials::discover(issuer, "client", secret)
        .build()
        .expect("a usable issuer")
}

fn paths(server: &ResourceServer) -> Vec<String> {
    let requests = server.requests();
    let paths = requests.iter().map(|request| request.uri.path().to_owned());
    paths.collect()
}

async fn issue(source: &ClientCredentials) -> Result<(), TokenError> {
    use accredit_runtime::TokenSource;
    source.issue().await.map(drop)
}

#[tokio::test]
async fn an_issuer_is_asked_once_and_its_endpoint_used_from_then_on() {
    let server = server(OAUTH, "").await;
    let source = source(&server);
    for _ in 0..3 {
        issue(&source).await.expect("a token");
    }
    assert_eq!(paths(&server), [OAUTH, "/token", "/token", "/token"]);
    let lookup = &server.requests()[0];
    assert_eq!(lookup.authorization(), None);
    assert!(lookup.body.is_empty());
}

#[tokio::test]
async fn a_thousand_callers_make_one_lookup_and_one_token_request() {
    let server = server(OAUTH, "").await;
    let cache = TokenCache::new(source(&server));
    let callers = (0..1000).map(|_| cache.token());
    for token in futures_util::future::join_all(callers).await {
        token.expect("a token");
    }
    assert_eq!(paths(&server), [OAUTH, "/token"]);
}

#[tokio::test]
async fn metadata_of_openid_do_too() {
    let server = server(OPENID, "").await;
    issue(&source(&server)).await.expect("a token");
    assert_eq!(paths(&server), [OAUTH, OPENID, "/token"]);
}

#[tokio::test]
async fn a_server_that_takes_no_header_gets_the_secret_in_the_body_at_once() {
    let more = r#","token_endpoint_auth_methods_supported":["client_secret_post"]"#;
    let server = server(OAUTH, more).await;
    issue(&source(&server)).await.expect("a token");
    let requests = server.requests();
    assert_eq!(requests.len(), 2);
    assert_eq!(requests[1].authorization(), None);
    let body = String::from_utf8_lossy(&requests[1].body);
    assert!(body.contains("client_secret=s3cret"), "{body}");
}

#[tokio::test]
async fn an_assertion_names_the_issuer() {
    use accredit_runtime::ClientAuthentication;
    use base64::Engine;
    use base64::engine::general_purpose::URL_SAFE_NO_PAD;

    let server = server(OAUTH, "").await;
    let issuer = format!("{}/tenant", server.origin());
    let secret = Credential::Secret("s3cret".into());
    let source = ClientCredentials::discover(issuer.as_str(), "client", secret)
        .authentication(ClientAuthentication::ClientSecretJwt)
        .build()
        .expect("a usable issuer");
    issue(&source).await.expect("a token");
    let body = String::from_utf8(server.requests()[1].body.to_vec()).expect("a form");
    let (_, assertion) = body.split_once("client_assertion=").expect("an assertion");
    let claims = assertion.split('.').nth(1).expect("claims");
    let claims = URL_SAFE_NO_PAD.decode(claims).expect("base64url");
    let claims: serde_json::Value = serde_json::from_slice(&claims).expect("JSON");
    assert_eq!(claims["aud"], issuer);
}

#[tokio::test]
async fn metadata_that_must_not_be_used_lead_nowhere() {
    for body in [
        r#"{"issuer":"https://evil.example","token_endpoint":"ORIGIN/token"}"#,
        r#"{"issuer":"ORIGIN/tenant/","token_endpoint":"ORIGIN/token"}"#,
        r#"{"issuer":"ORIGIN/tenant","token_endpoint":"http://example.com/token"}"#,
        r#"{"issuer":"ORIGIN/tenant"}"#,
        r#"{"token_endpoint":"ORIGIN/token"}"#,
        "<html>",
        "",
    ] {
        let server = ResourceServer::start(move |request| async move {
            Reply::status(200).json(&body.replace("ORIGIN", &origin(&request)))
        })
        .await;
        let cache = TokenCache::new(source(&server));
        for _ in 0..100 {
            let error = cache.token().await.expect_err("unusable metadata");
            assert!(!error.is_transient(), "{body}");
        }
        assert_eq!(paths(&server), [OAUTH, OPENID], "{body}");
    }
}

#[tokio::test]
async fn neither_redirects_nor_long_documents_are_followed() {
    let server = ResourceServer::start(|request| async move {
        match request.uri.path() {
            OAUTH => Reply::status(307).header("location", "/elsewhere"),
            OPENID => metadata(&request, &format!(r#","x":"{}""#, "a".repeat(300 * 1024))),
            _ => token(),
        }
    })
    .await;
    issue(&source(&server)).await.expect_err("no metadata");
    assert_eq!(paths(&server), [OAUTH, OPENID]);
}

#[tokio::test]
async fn a_server_in_trouble_is_asked_again() {
    let failures = Arc::new(AtomicUsize::new(2));
    let server = ResourceServer::start(move |request| {
        let failures = Arc::clone(&failures);
        async move {
            let countdown = |left: usize| left.checked_sub(1);
            match request.uri.path() {
                OAUTH
                    if failures
                        .fetch_update(Ordering::SeqCst, Ordering::SeqCst, countdown)
                        .is_ok() =>
                {
                    Reply::status(503)
                }
                OAUTH => metadata(&request, ""),
                _ => token(),
            }
        }
    })
    .await;
    let cache = TokenCache::new(source(&server));
    cache.token().await.expect("a token");
    assert_eq!(paths(&server), [OAUTH, OAUTH, OAUTH, "/token"]);
}

#[tokio::test]
async fn an_endpoint_that_is_gone_is_looked_up_again() {
    let lookups = Arc::new(AtomicUsize::new(0));
    let server = ResourceServer::start(move |request| {
        let lookups = Arc::clone(&lookups);
        async move {
            match request.uri.path() {
                OAUTH if lookups.fetch_add(1, Ordering::SeqCst) == 0 => metadata(&request, ""),
                OAUTH => {
                    let origin = origin(&request);
                    Reply::status(200).json(&format!(
                        r#"{{"issuer":"{origin}/tenant","token_endpoint":"{origin}/new"}}"#
                    ))
                }
                "/new" => token(),
                _ => Reply::status(404),
            }
        }
    })
    .await;
    let source = source(&server);
    issue(&source).await.expect_err("gone");
    issue(&source).await.expect("a token");
    assert_eq!(paths(&server), [OAUTH, "/token", OAUTH, "/new"]);
}

#[tokio::test]
async fn the_connection_takes_an_issuer() {
    let server = server(OAUTH, "").await;
    let text = format!("issuer = \"{}/tenant\"", server.origin());
    let connection = Connection::new(&API)
        .client_id("client")
        .client_secret("s3cret")
        .base_url("https://api.example.com")
        .import(&text)
        .expect("a usable file");
    let client = ClientCore::new(connection, ClientOptions::new()).expect("a client");
    client
        .tokens()
        .expect("tokens")
        .token()
        .await
        .expect("a token");
    assert_eq!(paths(&server), [OAUTH, "/token"]);

    let error = Connection::new(&API)
        .client_id("client")
        .client_secret("s3cret")
        .base_url("https://api.example.com")
        .import("issuer = \"http://example.com\"")
        .expect_err("plain http");
    assert_eq!(error.unusable().next(), Some("issuer"));
}

#[tokio::test]
async fn no_server_has_us_wait_for_more_than_five_minutes() {
    for place in [OAUTH, "/token"] {
        let server = ResourceServer::start(move |request: Request| async move {
            match request.uri.path() {
                path if path == place => Reply::status(503).header("retry-after", "86400"),
                OAUTH => metadata(&request, ""),
                _ => Reply::status(404),
            }
        })
        .await;
        let clock = ManualClock::new();
        let policy = SuspicionPolicy::default();
        let tokens = TokenCache::with_options(source(&server), Arc::new(clock.clone()), policy);
        let asked = || paths(&server).iter().filter(|path| *path == place).count();
        for (seconds, requests) in [(0, 1), (299, 1), (1, 2)] {
            clock.advance(Duration::from_secs(seconds));
            tokens.token().await.expect_err("no token");
            assert_eq!(asked(), requests, "{place}");
        }
    }
}
