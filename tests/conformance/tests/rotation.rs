//! Credentials that change while the client runs.

use std::fs;

use accredit_runtime::testing::AuthorizationServer;
use accredit_runtime::{
    ClientAuthentication, ClientCore, ClientCredentials, ClientOptions, Connection, Credential,
    CredentialFile, TokenCache,
};
use conformance::API;

async fn server() -> AuthorizationServer {
    let server = AuthorizationServer::start().await.expect("a port");
    server.accept_client("client", "new");
    server
}

#[tokio::test]
async fn a_failure_of_the_old_secret_is_forgotten_with_it() {
    let server = server().await;
    let source = ClientCredentials::builder(server.token_endpoint(), "client", "old")
        .authentication(ClientAuthentication::Basic)
        .build()
        .expect("a client");
    let cache = TokenCache::new(source.clone());
    for _ in 0..1000 {
        let error = cache.token().await.expect_err("a refusal");
        assert_eq!(error.code(), Some("invalid_client"));
    }
    assert_eq!(server.token_requests(), 1);
    source.rotate("new");
    for _ in 0..1000 {
        cache.token().await.expect("a token");
    }
    assert_eq!(server.token_requests(), 2);
    source.replace(Credential::Secret("old".into()));
    // The token is good whatever becomes of the secret.
    cache.token().await.expect("a token");
    assert_eq!(server.token_requests(), 2);
}

#[tokio::test]
async fn a_secret_file_that_is_replaced_is_used_at_once() {
    let server = server().await;
    let directory = tempfile::tempdir().expect("a directory");
    let path = directory.path().join("secret");
    fs::write(&path, "old").expect("a file");
    let file = CredentialFile::secret(&path);
    let source = ClientCredentials::builder_with(server.token_endpoint(), "client", file)
        .authentication(ClientAuthentication::Basic)
        .build()
        .expect("a client");
    let cache = TokenCache::new(source);
    for _ in 0..1000 {
        cache.token().await.expect_err("a refusal");
    }
    assert_eq!(server.token_requests(), 1);
    let other = directory.path().join("other");
    fs::write(&other, "new").expect("a file");
    fs::rename(&other, &path).expect("a file");
    for _ in 0..1000 {
        cache.token().await.expect("a token");
    }
    assert_eq!(server.token_requests(), 2);
}

#[tokio::test]
async fn the_connection_takes_a_secret_file() {
    let server = server().await;
    let directory = tempfile::tempdir().expect("a directory");
    let path = directory.path().join("secret");
    fs::write(&path, "new\n").expect("a file");
    let connection = Connection::new(&API)
        .client_id("client")
        .client_secret_file(&path)
        .base_url("https://api.example.com")
        .token_endpoint(server.token_endpoint());
    let client = ClientCore::new(connection, ClientOptions::new()).expect("a client");
    let tokens = client.tokens().expect("tokens");
    tokens.token().await.expect("a token");
    let basic = server.requests()[0].basic();
    assert_eq!(basic, Some(("client".to_owned(), "new".to_owned())));
}
