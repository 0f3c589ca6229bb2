//! RFC 9449: tokens that are bound to a key, and proofs of it.

use std::io;
use std::sync::Arc;

use accredit_runtime::testing::{AuthorizationServer, ProofChecker, ProofFault, Scripted};
use accredit_runtime::{
    Call, ClientAuthentication, ClientCore, ClientCredentials, ClientCredentialsBuilder,
    ClientOptions, Connection, Credential, Error, MemoryStore, Method, Operation, Replay,
    Requirement, SignatureAlgorithm, SigningKey, TokenCache, TokenSharing, TokenSource, Upload,
    Value, decode,
};
use bytes::Bytes;
use conformance::{API, Reply, Request, ResourceServer};

static ORDER: Operation = Operation::new("orders.get", Method::GET, "/orders/{id}")
    .security(&[Requirement::new(&[(0, &[])])]);
static UPLOAD: Operation =
    Operation::new("orders.put", Method::PUT, "/orders").security(&[Requirement::new(&[(0, &[])])]);

fn key() -> SigningKey {
    SigningKey::generate(SignatureAlgorithm::Es256).expect("a key")
}

/// Connects a client that binds its tokens to a key.
fn connected(authorization: &AuthorizationServer, api: &ResourceServer) -> ClientCore {
    let connection = Connection::new(&API)
        .client_id("client")
        .client_secret("secret")
        .token_endpoint(authorization.token_endpoint())
        .base_url(api.origin())
        .dpop_key(key());
    ClientCore::new(connection, ClientOptions::new()).expect("usable settings")
}

/// An authorization server that binds tokens, and an API that wants them with a proof.
struct World {
    authorization: Arc<AuthorizationServer>,
    proofs: Arc<ProofChecker>,
    api: ResourceServer,
    client: ClientCore,
}

impl World {
    async fn start() -> Self {
        let authorization = Arc::new(AuthorizationServer::start().await.expect("a port"));
        authorization.demand_proofs();
        let proofs = Arc::new(ProofChecker::new());
        let (issuer, checker) = (Arc::clone(&authorization), Arc::clone(&proofs));
        let api = ResourceServer::start(move |request| {
            let (issuer, checker) = (Arc::clone(&issuer), Arc::clone(&checker));
            async move { answer(&issuer, &checker, &request) }
        })
        .await;
        let client = connected(&authorization, &api);
        Self {
            authorization,
            proofs,
            api,
            client,
        }
    }

    /// Makes a call; returns how many attempts it took, and whether it was replayed.
    async fn call(&self) -> Result<(u32, bool), Error> {
        let call = Call::new(&self.client, &ORDER, decode::json::<Value>);
        let call = call.parameter(accredit_runtime::Parameter::path("id"), &"7");
        let response = call.query("key", "value").send().await?;
        let is_replay = matches!(response.replay(), Replay::Done);
        Ok((response.attempts(), is_replay))
    }

    /// Returns how many token requests and how many API requests there were.
    fn counts(&self) -> (usize, usize) {
        let requests = self.api.requests().len();
        (self.authorization.token_requests(), requests)
    }
}

/// Answers as RFC 9449 §7.1 and §9 ask for.
fn answer(issuer: &AuthorizationServer, proofs: &ProofChecker, request: &Request) -> Reply {
    let refuse = |error: &str| {
        let challenge = format!("DPoP error=\"{error}\", algs=\"ES256\"");
        Reply::status(401).header("www-authenticate", &challenge)
    };
    let authorization = request.authorization().unwrap_or_default();
    let Some(token) = authorization.strip_prefix("DPoP ") else {
        return refuse("invalid_token");
    };
    let host = request.headers["host"].to_str().expect("a host");
    let url = format!("http://{host}{}", request.uri.path());
    let checked = proofs.check(&request.method, &url, &request.headers, Some(token));
    let reply = match checked {
        Err(ProofFault::Nonce) => refuse("use_dpop_nonce"),
        Err(ProofFault::Invalid(why)) => panic!("{why}"),
        Ok(key) if issuer.is_valid(token) && issuer.key_of(token).as_ref() == Some(&key) => {
            Reply::status(200).json("{}")
        }
        Ok(_) => refuse("invalid_token"),
    };
    match proofs.nonce() {
        Some(nonce) => reply.header("dpop-nonce", &nonce),
        None => reply,
    }
}

#[tokio::test]
async fn each_request_carries_a_proof_of_its_own() {
    let world = World::start().await;
    for _ in 0..3 {
        world.call().await.expect("an answer");
    }
    assert_eq!(world.counts(), (1, 3));
    // The checker takes each proof once.
    assert_eq!(world.proofs.proofs(), 3);
    assert_eq!(world.authorization.proofs().proofs(), 1);
}

#[tokio::test]
async fn a_replay_carries_a_fresh_proof() {
    let world = World::start().await;
    world.call().await.expect("an answer");
    world.authorization.revoke_all();
    assert_eq!(world.call().await.expect("an answer"), (2, true));
    assert_eq!(world.counts(), (2, 3));
    assert_eq!(world.proofs.proofs(), 3);
}

#[tokio::test]
async fn a_nonce_of_the_api_costs_one_request_and_no_token() {
    let world = World::start().await;
    world.proofs.set_nonce(Some("nonce-1"));
    assert_eq!(world.call().await.expect("an answer"), (2, false));
    assert_eq!(world.counts(), (1, 2));
    // It is used from then on.
    world.call().await.expect("an answer");
    assert_eq!(world.counts(), (1, 3));
    world.proofs.set_nonce(Some("nonce-2"));
    world.call().await.expect("an answer");
    assert_eq!(world.counts(), (1, 5));
}

#[tokio::test]
async fn a_nonce_and_a_revocation_meet_in_one_call() {
    let world = World::start().await;
    world.call().await.expect("an answer");
    world.authorization.revoke_all();
    world.proofs.set_nonce(Some("nonce-1"));
    // Sent without the nonce, with it, and with another token.
    assert_eq!(world.call().await.expect("an answer"), (3, true));
    assert_eq!(world.counts(), (2, 4));
}

#[tokio::test]
async fn an_api_that_is_never_content_with_the_nonce_is_asked_twice() {
    let authorization = AuthorizationServer::start().await.expect("a port");
    authorization.demand_proofs();
    let api = ResourceServer::start(async |_| {
        Reply::status(401)
            .header("www-authenticate", "DPoP error=\"use_dpop_nonce\"")
            .header("dpop-nonce", "again")
    })
    .await;
    let client = connected(&authorization, &api);
    let call = Call::new(&client, &UPLOAD, decode::json::<Value>);
    let error = call.await.expect_err("a refusal");
    assert_eq!(error.status().map(|status| status.as_u16()), Some(401));
    assert_eq!(
        (authorization.token_requests(), api.requests().len()),
        (1, 2)
    );
    // A stream can't be sent again; the next call has the nonce.
    let body = Upload::stream(futures_util::stream::iter([io::Result::Ok(Bytes::from(
        "once",
    ))]));
    let call = Call::new(&client, &UPLOAD, decode::json::<Value>);
    call.upload("text/plain", body)
        .await
        .expect_err("a refusal");
    assert_eq!(api.requests().len(), 3);
}

#[tokio::test]
async fn a_nonce_of_the_token_endpoint_costs_a_fresh_proof_and_a_fresh_assertion() {
    let authorization = AuthorizationServer::start().await.expect("a port");
    authorization.demand_proofs();
    authorization.proofs().set_nonce(Some("nonce-1"));
    let source = client(&authorization, Credential::Key(key())).dpop(key());
    let source = source.build().expect("a usable client");
    source.issue().await.expect("a token");
    let requests = authorization.requests();
    assert_eq!(requests.len(), 2);
    let parts = |name: &str| {
        let values = requests.iter().map(|request| request.parameter(name));
        values.collect::<Vec<_>>()
    };
    let assertions = parts("client_assertion");
    assert!(assertions[0].is_some() && assertions[0] != assertions[1]);
    assert_ne!(requests[0].headers()["dpop"], requests[1].headers()["dpop"]);
    // The next request has the nonce at once.
    source.issue().await.expect("a token");
    assert_eq!(authorization.token_requests(), 3);
}

#[tokio::test]
async fn a_server_that_asks_for_a_nonce_for_ever_is_asked_twice() {
    let authorization = AuthorizationServer::start().await.expect("a port");
    let again = || {
        let answer = Scripted::error("use_dpop_nonce");
        answer.header("dpop-nonce", "again")
    };
    authorization.script([again(), again(), again()]);
    let source = client(&authorization, Credential::Secret("secret".into())).dpop(key());
    let source = source
        .authentication(ClientAuthentication::Basic)
        .build()
        .expect("a usable client");
    let error = source.issue().await.expect_err("a refusal");
    assert_eq!(error.code(), Some("use_dpop_nonce"));
    assert_eq!(authorization.token_requests(), 2);
}

#[tokio::test]
async fn a_token_that_is_not_bound_is_refused() {
    // This server ignores proofs.
    let authorization = AuthorizationServer::start().await.expect("a port");
    let source = client(&authorization, Credential::Secret("secret".into())).dpop(key());
    let source = source.build().expect("a usable client");
    let error = source.issue().await.expect_err("a bearer token");
    assert!(error.to_string().contains("not bound"), "{error}");
    // And without a key, one that is bound is of no use.
    authorization.script([Scripted::json(
        200,
        r#"{"access_token":"t","token_type":"DPoP"}"#,
    )]);
    let source = client(&authorization, Credential::Secret("secret".into()));
    let source = source.build().expect("a usable client");
    source.issue().await.expect_err("a bound token");
}

#[tokio::test]
async fn a_redirect_to_another_origin_leaves_token_and_proof_behind() {
    let other = ResourceServer::start(async |_| Reply::status(200).json("{}")).await;
    let place = format!("{}/elsewhere", other.origin());
    let authorization = AuthorizationServer::start().await.expect("a port");
    authorization.demand_proofs();
    let api = ResourceServer::start(move |_| {
        let reply = Reply::status(307).header("location", &place);
        async move { reply }
    })
    .await;
    let client = connected(&authorization, &api);
    let call = Call::new(&client, &UPLOAD, decode::json::<Value>);
    call.await.expect("an answer");
    let there = other.requests();
    assert_eq!(there.len(), 1);
    assert!(!there[0].headers.contains_key("authorization"));
    assert!(!there[0].headers.contains_key("dpop"));
}

#[tokio::test]
async fn bound_tokens_are_shared_by_those_who_have_the_key() {
    let authorization = AuthorizationServer::start().await.expect("a port");
    authorization.demand_proofs();
    let store = MemoryStore::new();
    let shared = key();
    let mut tokens = Vec::new();
    for key in [shared.clone(), shared, key()] {
        let secret = Credential::Secret("a secret of at least thirty-two bytes".into());
        let sharing = TokenSharing::new(store.clone(), secret);
        let source = client(&authorization, Credential::Secret("secret".into()))
            .dpop(key)
            .share(sharing);
        let cache = TokenCache::new(source.build().expect("a usable client"));
        tokens.push(cache.token().await.expect("a token").header());
    }
    assert_eq!(tokens[0], tokens[1]);
    assert_ne!(tokens[0], tokens[2]);
    assert_eq!(authorization.token_requests(), 2);
}

fn client(server: &AuthorizationServer, credential: Credential) -> ClientCredentialsBuilder {
    ClientCredentials::builder_with(server.token_endpoint(), "client", credential)
}
