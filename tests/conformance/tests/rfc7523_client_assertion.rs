//! RFC 7523: clients that authenticate by an assertion, their own or somebody else's.

use std::collections::HashSet;
use std::time::{Duration, SystemTime};

use accredit_runtime::testing::{AuthorizationServer, Scripted, TokenRequest};
use accredit_runtime::{
    ClientAuthentication, ClientCredentials, ClientCredentialsBuilder, Credential, CredentialFile,
    SigningKey, TokenCache, TokenError, TokenSource, provide_with,
};
use aws_lc_rs::hmac;
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED, ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair,
    UnparsedPublicKey,
};
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use serde_json::Value;

const JWT_BEARER: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

async fn server() -> AuthorizationServer {
    AuthorizationServer::start().await.expect("a port")
}

fn pair() -> EcdsaKeyPair {
    EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING).expect("a key")
}

fn key(pair: &EcdsaKeyPair) -> SigningKey {
    let der = pair.to_pkcs8v1().expect("an encoding");
    let text = STANDARD.encode(der.as_ref());
    let pem = format!("-----BEGIN PRIVATE KEY-----\n{text}\n-----END PRIVATE KEY-----\n");
    SigningKey::from_pem(&pem).expect("a key")
}

fn client(server: &AuthorizationServer, credential: Credential) -> ClientCredentialsBuilder {
    ClientCredentials::builder_with(server.token_endpoint(), "client:1", credential)
}

async fn issue(source: &ClientCredentials) -> Result<(), TokenError> {
    source.issue().await.map(drop)
}

/// An assertion in its parts.
struct Assertion {
    header: Value,
    claims: Value,
    message: String,
    signature: Vec<u8>,
}

fn assertion(request: &TokenRequest) -> Assertion {
    assert!(request.basic().is_none());
    assert_eq!(request.parameter("client_secret"), None);
    assert_eq!(request.parameter("client_id"), Some("client:1"));
    assert_eq!(request.parameter("client_assertion_type"), Some(JWT_BEARER));
    let text = request.parameter("client_assertion").expect("an assertion");
    let (message, signature) = text.rsplit_once('.').expect("three parts");
    let (header, claims) = message.split_once('.').expect("three parts");
    let decode = |text: &str| URL_SAFE_NO_PAD.decode(text).expect("base64url");
    let json = |text: &str| serde_json::from_slice(&decode(text)).expect("JSON");
    Assertion {
        header: json(header),
        claims: json(claims),
        message: message.to_owned(),
        signature: decode(signature),
    }
}

#[tokio::test]
async fn a_private_key_signs_a_short_assertion_for_the_token_endpoint() {
    let (server, pair) = (server().await, pair());
    let source = client(&server, Credential::Key(key(&pair).key_id("k1")));
    issue(&source.build().expect("a client"))
        .await
        .expect("a token");

    let requests = server.requests();
    assert_eq!(requests.len(), 1);
    let assertion = assertion(&requests[0]);
    let public = pair.public_key().as_ref();
    UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, public)
        .verify(assertion.message.as_bytes(), &assertion.signature)
        .expect("a good signature");
    assert_eq!(assertion.header["alg"], "ES256");
    assert_eq!(assertion.header["kid"], "k1");
    let claims = assertion.claims;
    assert_eq!(claims["iss"], "client:1");
    assert_eq!(claims["sub"], "client:1");
    assert_eq!(claims["aud"], server.token_endpoint());
    let now = SystemTime::UNIX_EPOCH
        .elapsed()
        .expect("after 1970")
        .as_secs();
    let time = |name: &str| claims[name].as_u64().expect("a time");
    assert!(now - time("iat") < 30);
    assert!((1..=300).contains(&(time("exp") - time("iat"))));
}

#[tokio::test]
async fn a_secret_signs_an_assertion_and_stays_at_home() {
    let server = server().await;
    let source = client(&server, Credential::Secret("s3cret".into()))
        .authentication(ClientAuthentication::ClientSecretJwt)
        .assertion_audience("https://issuer.example");
    issue(&source.build().expect("a client"))
        .await
        .expect("a token");
    let assertion = assertion(&server.requests()[0]);
    assert_eq!(assertion.header["alg"], "HS256");
    assert_eq!(assertion.claims["aud"], "https://issuer.example");
    let key = hmac::Key::new(hmac::HMAC_SHA256, b"s3cret");
    hmac::verify(&key, assertion.message.as_bytes(), &assertion.signature)
        .expect("a good signature");
    assert!(!format!("{:?}", server.requests()[0].parameters()).contains("s3cret"));
}

#[tokio::test]
async fn every_attempt_has_an_assertion_of_its_own() {
    let (server, pair) = (server().await, pair());
    server.script([
        Scripted::body(503, "text/html", "<html>"),
        Scripted::reset(),
    ]);
    let source = client(&server, Credential::Key(key(&pair)));
    let cache = TokenCache::new(source.build().expect("a client"));
    cache.token().await.expect("a token");
    let requests = server.requests();
    assert_eq!(requests.len(), 3);
    let names = requests.iter().map(assertion).map(|assertion| {
        let name = assertion.claims["jti"].as_str().expect("a name");
        name.to_owned()
    });
    assert_eq!(names.collect::<HashSet<_>>().len(), 3);
}

#[tokio::test]
async fn a_key_is_never_tried_in_another_form() {
    let (server, pair) = (server().await, pair());
    server.script([Scripted::error("invalid_client")]);
    let source = client(&server, Credential::Key(key(&pair)));
    let error = issue(&source.build().expect("a client")).await;
    assert_eq!(error.expect_err("a refusal").code(), Some("invalid_client"));
    assert_eq!(server.token_requests(), 1);
}

#[tokio::test]
async fn an_assertion_from_a_file_is_read_for_each_token_request() {
    let server = server().await;
    let directory = tempfile::tempdir().expect("a directory");
    let path = directory.path().join("token");
    std::fs::write(&path, "first.assertion.x\n").expect("a file");
    let file = CredentialFile::assertion(&path);
    let source = ClientCredentials::builder_with(server.token_endpoint(), "client:1", file);
    let source = source.build().expect("a client");
    issue(&source).await.expect("a token");
    std::fs::write(&path, "second.assertion.x\n").expect("a file");
    issue(&source).await.expect("a token");
    let sent: Vec<_> = server
        .requests()
        .iter()
        .map(|request| request.parameter("client_assertion").map(str::to_owned))
        .collect();
    assert_eq!(
        sent,
        [
            Some("first.assertion.x".to_owned()),
            Some("second.assertion.x".to_owned())
        ]
    );
}

#[tokio::test]
async fn an_assertion_comes_from_a_function() {
    let server = server().await;
    let provider = provide_with(|| async {
        tokio::time::sleep(Duration::from_millis(1)).await;
        Ok(Credential::Assertion("a.b.c".into()))
    });
    let source = ClientCredentials::builder_with(server.token_endpoint(), "client:1", provider);
    issue(&source.build().expect("a client"))
        .await
        .expect("a token");
    let request = &server.requests()[0];
    assert_eq!(request.parameter("client_assertion"), Some("a.b.c"));
    assert_eq!(request.parameter("client_assertion_type"), Some(JWT_BEARER));
}

#[tokio::test]
async fn a_function_that_fails_costs_no_token_request() {
    let server = server().await;
    let provider = provide_with(|| async { Err(TokenError::permanent("no identity here")) });
    let source = ClientCredentials::builder_with(server.token_endpoint(), "client:1", provider);
    let cache = TokenCache::new(source.build().expect("a client"));
    let error = cache.token().await.expect_err("no credential");
    assert_eq!(error.to_string(), "no identity here");
    assert_eq!(server.token_requests(), 0);
}

#[tokio::test]
async fn a_client_without_a_credential_names_itself() {
    let server = server().await;
    for authentication in [
        ClientAuthentication::None,
        ClientAuthentication::TlsClientAuth,
        ClientAuthentication::Automatic,
    ] {
        let source = client(&server, Credential::Nothing).authentication(authentication);
        issue(&source.build().expect("a client"))
            .await
            .expect("a token");
    }
    for request in server.requests() {
        assert!(request.basic().is_none());
        let names: Vec<_> = request
            .parameters()
            .iter()
            .map(|(name, _)| name.as_str())
            .collect();
        assert_eq!(names, ["grant_type", "client_id"]);
    }
}

#[tokio::test]
async fn a_credential_that_does_not_go_with_the_method_costs_no_token_request() {
    let (server, pair) = (server().await, pair());
    for (credential, authentication) in [
        (Credential::Key(key(&pair)), ClientAuthentication::Basic),
        (
            Credential::Secret("s3cret".into()),
            ClientAuthentication::PrivateKeyJwt,
        ),
        (Credential::Nothing, ClientAuthentication::Post),
    ] {
        let source = client(&server, credential).authentication(authentication);
        let error = issue(&source.build().expect("a client")).await;
        assert!(!error.expect_err("a mistake").is_transient());
    }
    assert_eq!(server.token_requests(), 0);
}
