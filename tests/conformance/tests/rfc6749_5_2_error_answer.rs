//! RFC 6749 §5.2, errors: remembered for a while, and by the credentials that they are about.

use std::sync::Arc;
use std::time::Duration;

use accredit_runtime::testing::{AuthorizationServer, ManualClock, Scripted};
use accredit_runtime::{
    ClientAuthentication, ClientCredentials, Evidence, Replacement, StatusCode, Suspicion,
    SuspicionPolicy, TokenCache,
};

struct World {
    server: AuthorizationServer,
    clock: ManualClock,
    client: ClientCredentials,
    cache: TokenCache,
}

impl World {
    async fn start() -> Self {
        let clock = ManualClock::new();
        let server = AuthorizationServer::start_with_clock(Arc::new(clock.clone()))
            .await
            .expect("a port");
        let client = ClientCredentials::builder(server.token_endpoint(), "client", "s3cret")
            .authentication(ClientAuthentication::Basic)
            .build()
            .expect("a usable client");
        let cache = TokenCache::with_options(
            client.clone(),
            Arc::new(clock.clone()),
            SuspicionPolicy::appian(),
        );
        Self {
            server,
            clock,
            client,
            cache,
        }
    }
}

const REVOKED: Suspicion = Suspicion {
    operation: "orders.get",
    status: StatusCode::UNAUTHORIZED,
    evidence: Evidence::Strong,
};

#[tokio::test]
async fn a_thousand_calls_with_a_wrong_secret_make_one_request() {
    let world = World::start().await;
    world.server.accept_client("client", "n3w-s3cret");
    for _ in 0..1000 {
        let error = world.cache.token().await.expect_err("a refusal");
        assert_eq!(error.code(), Some("invalid_client"));
        assert_eq!(error.status(), Some(StatusCode::UNAUTHORIZED));
        world.clock.advance(Duration::from_millis(29));
    }
    assert_eq!(world.server.token_requests(), 1);

    world.client.rotate("n3w-s3cret");
    assert!(world.cache.token().await.is_ok());
    assert_eq!(world.server.token_requests(), 2);
}

#[tokio::test]
async fn an_error_within_a_200_is_an_error() {
    let world = World::start().await;
    world
        .server
        .script([Scripted::json(200, r#"{"error":"invalid_client"}"#)]);
    let error = world.cache.token().await.expect_err("a refusal");
    assert_eq!(error.code(), Some("invalid_client"));
    assert_eq!(world.server.token_requests(), 1);
}

#[tokio::test]
async fn a_description_is_shown_without_what_could_break_a_log() {
    let world = World::start().await;
    let body = r#"{"error":"invalid_client","error_description":"s3cret is\r\nwrong"}"#;
    world.server.script([Scripted::json(400, body)]);
    let error = world.cache.token().await.expect_err("a refusal");
    assert_eq!(error.description(), Some("[redacted] is  wrong"));
}

#[tokio::test]
async fn a_refused_replacement_leaves_the_old_token_in_place() {
    let world = World::start().await;
    let old = world.cache.token().await.expect("a token");
    world.server.revoke_all();
    world.server.script([Scripted::error("invalid_client")]);
    for _ in 0..100 {
        let Replacement::Failed(error) = world.cache.replace(&old, &REVOKED).await else {
            panic!("a replacement from nowhere");
        };
        assert_eq!(error.code(), Some("invalid_client"));
        let token = world.cache.token().await.expect("the old token");
        assert_eq!(token.generation(), 1);
    }
    assert_eq!(world.server.token_requests(), 2);
}

#[tokio::test]
async fn a_token_that_is_issued_again_replaces_nothing() {
    let world = World::start().await;
    world.server.set_repeating(true);
    let old = world.cache.token().await.expect("a token");
    let replacement = world.cache.replace(&old, &REVOKED).await;
    assert!(matches!(replacement, Replacement::Same));
    assert_eq!(world.server.token_requests(), 2);
}

#[tokio::test]
async fn a_revoked_token_is_replaced_by_one_request_for_all() {
    let world = World::start().await;
    let old = world.cache.token().await.expect("a token");
    world.server.revoke_all();
    let calls: Vec<_> = (0..1000)
        .map(|_| {
            let (cache, old) = (world.cache.clone(), Arc::clone(&old));
            tokio::spawn(async move { cache.replace(&old, &REVOKED).await })
        })
        .collect();
    for call in calls {
        let Replacement::Token(token) = call.await.expect("no panic") else {
            panic!("no replacement");
        };
        assert!(
            world
                .server
                .accepts(token.header().to_str().expect("ASCII"))
        );
    }
    assert_eq!(world.server.token_requests(), 2);
}
