//! RFC 7009: tokens are revoked when a client is shut down, and never otherwise.

use std::sync::Arc;
use std::time::Duration;

use accredit_runtime::testing::{AuthorizationServer, ManualClock, Scripted};
use accredit_runtime::{
    Api, Call, ClientAuthentication, ClientCore, ClientCredentials, ClientOptions, Connection,
    Credential, MemoryStore, Method, Operation, Requirement, SecurityScheme, Status,
    SuspicionPolicy, TokenCache, TokenError, TokenSharing, decode,
};
use conformance::{Reply, ResourceServer};
use tokio::net::TcpListener;

static SCOPED: Api = Api::new("orders", "ACCREDIT_TEST_REVOCATION", "orders/1")
    .schemes(&[SecurityScheme::client_credentials("o", Some("/token"))]);

async fn authorization() -> AuthorizationServer {
    let server = AuthorizationServer::start().await.expect("a port");
    server.accept_client("client", "s3cret");
    server
}

fn cache(token_endpoint: String, revocation_endpoint: String) -> TokenCache {
    let source = ClientCredentials::builder(token_endpoint, "client", "s3cret")
        .revocation_endpoint(revocation_endpoint)
        .build();
    TokenCache::new(source.expect("a usable client"))
}

/// Returns everything that an error says of itself.
fn text(error: &TokenError) -> String {
    format!("{error} {error:?} {error:#?}")
}

#[tokio::test]
async fn a_token_is_revoked_by_a_form_with_the_clients_authentication() {
    let server = authorization().await;
    let cache = cache(server.token_endpoint(), server.revocation_endpoint());
    let header = cache.token().await.expect("a token").header();
    assert!(server.accepts(header.to_str().unwrap()));
    cache.revoke().await.expect("a revocation");
    assert!(!server.accepts(header.to_str().unwrap()));
    let requests = server.revocations();
    assert_eq!(requests.len(), 1);
    let form = [
        ("token", "access-token-1"),
        ("token_type_hint", "access_token"),
    ];
    let form = form.map(|(name, value)| (name.to_owned(), value.to_owned()));
    assert_eq!(requests[0].parameters(), form);
    let client = ("client".to_owned(), "s3cret".to_owned());
    assert_eq!(requests[0].basic(), Some(client));
}

#[tokio::test]
async fn whoever_asks_after_that_gets_another_token() {
    let server = authorization().await;
    let cache = cache(server.token_endpoint(), server.revocation_endpoint());
    cache.token().await.expect("a token");
    cache.revoke().await.expect("a revocation");
    cache.revoke().await.expect("nothing to be done");
    assert_eq!(server.revocations().len(), 1);
    let another = cache.token().await.expect("a token");
    assert!(server.accepts(another.header().to_str().unwrap()));
    assert_eq!(server.token_requests(), 2);
}

#[tokio::test]
async fn nothing_is_revoked_unless_it_is_asked_for() {
    let server = authorization().await;
    let cache = cache(server.token_endpoint(), server.revocation_endpoint());
    cache.revoke().await.expect("nothing to be done");
    let header = cache.token().await.expect("a token").header();
    drop(cache);
    assert!(server.accepts(header.to_str().unwrap()));
    assert!(server.revocations().is_empty());
}

#[tokio::test]
async fn a_token_that_is_on_its_way_is_waited_for_and_revoked() {
    let server = authorization().await;
    server.script([Scripted::slow(Duration::from_millis(100))]);
    let cache = cache(server.token_endpoint(), server.revocation_endpoint());
    let waiting = cache.clone();
    let waiting = tokio::spawn(async move { waiting.token().await });
    while server.token_requests() == 0 {
        tokio::task::yield_now().await;
    }
    cache.revoke().await.expect("a revocation");
    let token = waiting.await.expect("no panic").expect("a token");
    assert!(!server.accepts(token.header().to_str().unwrap()));
    assert_eq!(server.revocations().len(), 1);
}

#[tokio::test]
async fn a_server_that_hangs_is_given_two_seconds() {
    let server = authorization().await;
    // It takes connections and says nothing.
    let silent = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let silent = format!("http://{}/revoke", silent.local_addr().unwrap());
    let clock = ManualClock::new();
    let source = ClientCredentials::builder(server.token_endpoint(), "client", "s3cret")
        .revocation_endpoint(&silent)
        .build()
        .expect("a usable client");
    let policy = SuspicionPolicy::default();
    let cache = TokenCache::with_options(source, Arc::new(clock.clone()), policy);
    cache.token().await.expect("a token");
    let revoking = tokio::spawn(async move { cache.revoke().await });
    clock.wait_for_sleepers(1).await;
    clock.advance(Duration::from_millis(1_999));
    assert!(!revoking.is_finished());
    clock.advance(Duration::from_millis(1));
    let error = revoking.await.expect("no panic").expect_err("no answer");
    assert!(error.is_timeout());
}

#[tokio::test]
async fn a_refusal_is_told_and_shows_neither_secret_nor_token() {
    let server = authorization().await;
    let refusing = ResourceServer::start(|_| async {
        Reply::status(400).json(
            r#"{"error":"unsupported_token_type","error_description":"access-token-1 of s3cret"}"#,
        )
    })
    .await;
    let revocation_endpoint = format!("{}/revoke?key=s3cret", refusing.origin());
    let cache = cache(server.token_endpoint(), revocation_endpoint);
    cache.token().await.expect("a token");
    let error = cache.revoke().await.expect_err("a refusal");
    assert_eq!(error.code(), Some("unsupported_token_type"));
    let text = text(&error);
    assert!(
        !text.contains("s3cret") && !text.contains("access-token"),
        "{text}"
    );
    assert_eq!(refusing.requests().len(), 1);
}

#[tokio::test]
async fn without_an_endpoint_the_token_lives_on() {
    let server = authorization().await;
    let source = ClientCredentials::builder(server.token_endpoint(), "client", "s3cret").build();
    let cache = TokenCache::new(source.expect("a usable client"));
    let header = cache.token().await.expect("a token").header();
    assert!(cache.revoke().await.is_err());
    assert!(server.accepts(header.to_str().unwrap()));
}

#[tokio::test]
async fn the_endpoint_is_where_the_issuer_says() {
    let server = ResourceServer::start(|request| async move {
        let origin = format!("http://{}", request.headers["host"].to_str().unwrap());
        match request.uri.path() {
            "/.well-known/oauth-authorization-server" => Reply::status(200).json(&format!(
                r#"{{"issuer":"{origin}","token_endpoint":"{origin}/token","revocation_endpoint":"{origin}/end"}}"#
            )),
            "/token" => Reply::status(200).json(r#"{"access_token":"t","token_type":"bearer"}"#),
            "/end" => Reply::status(200),
            _ => Reply::status(404),
        }
    })
    .await;
    let secret = Credential::Secret("s3cret".into());
    let source = ClientCredentials::discover(server.origin(), "client", secret)
        .authentication(ClientAuthentication::Post)
        .build();
    let cache = TokenCache::new(source.expect("a usable issuer"));
    cache.token().await.expect("a token");
    cache.revoke().await.expect("a revocation");
    let requests = server.requests();
    let last = requests.last().expect("requests");
    assert_eq!(last.uri.path(), "/end");
    assert_eq!(last.authorization(), None);
    let body = String::from_utf8_lossy(&last.body);
    assert!(
        body.contains("token=t&token_type_hint=access_token"),
        "{body}"
    );
    assert!(body.contains("client_secret=s3cret"), "{body}");
}

#[tokio::test]
async fn a_token_that_others_use_too_is_left_to_them() {
    let server = authorization().await;
    let key = Credential::Secret("correct horse battery staple, and then some".into());
    let sharing = TokenSharing::new(MemoryStore::new(), key);
    let source = ClientCredentials::builder(server.token_endpoint(), "client", "s3cret")
        .revocation_endpoint(server.revocation_endpoint())
        .share(sharing)
        .build();
    let cache = TokenCache::new(source.expect("a usable client"));
    let header = cache.token().await.expect("a token").header();
    cache.revoke().await.expect("nothing to be done");
    assert!(server.accepts(header.to_str().unwrap()));
    assert!(server.revocations().is_empty());
}

#[tokio::test]
async fn shutting_a_client_down_revokes_the_tokens_of_all_its_scopes() {
    static READ: Operation = Operation::new("read", Method::GET, "/orders")
        .success(&[Status::Code(204)])
        .security(&[Requirement::new(&[(0, &["read"])])]);
    static WRITE: Operation = Operation::new("write", Method::PUT, "/orders")
        .success(&[Status::Code(204)])
        .security(&[Requirement::new(&[(0, &["write"])])]);
    let server = authorization().await;
    let api = ResourceServer::start(|_| async { Reply::status(204) }).await;
    let connection = Connection::new(&SCOPED)
        .client_id("client")
        .client_secret("s3cret")
        .token_endpoint(server.token_endpoint())
        .revocation_endpoint(server.revocation_endpoint())
        .base_url(api.origin());
    let core = ClientCore::new(connection, ClientOptions::new()).expect("settings");
    for operation in [&READ, &WRITE, &READ] {
        Call::new(&core, operation, decode::nothing)
            .await
            .expect("success");
    }
    assert_eq!(server.token_requests(), 2);
    core.shutdown().await.expect("two revocations");
    let revoked = server.revocations();
    let mut tokens: Vec<_> = revoked
        .iter()
        .filter_map(|it| it.parameter("token"))
        .collect();
    tokens.sort_unstable();
    assert_eq!(tokens, ["access-token-1", "access-token-2"]);
    assert!(tokens.iter().all(|token| !server.is_valid(token)));
}
