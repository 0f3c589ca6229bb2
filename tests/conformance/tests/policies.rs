//! Policies on suspect answers: per client, per operation, per call; and what a client tells of it.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use accredit_runtime::{
    Call, ClientOptions, Event, Method, Operation, ReauthFailure, Replay, Requirement, RetryPolicy,
    SkipReason, Stage, Status, SuspicionPolicy, TokenError, UnsafeReplay, decode,
};
use conformance::{Issuer, Reply, Request, World};

static GET: Operation = Operation::new("orders.get", Method::GET, "/orders/1")
    .success(&[Status::Code(200)])
    .security(&[Requirement::new(&[(0, &[])])]);

static CREATE: Operation = Operation::new("orders.create", Method::POST, "/orders")
    .success(&[Status::Code(200)])
    .security(&[Requirement::new(&[(0, &[])])]);

fn call<'a>(world: &'a World, operation: &'static Operation) -> Call<'a, ()> {
    Call::new(&world.client, operation, decode::nothing)
}

/// A world whose first token has been used and revoked; calls with it are answered with a status.
async fn revoked(options: ClientOptions, status: u16) -> World {
    let world = World::with_options(options, move |issuer: Issuer, request: Request| {
        let status = if issuer.accepts(&request) {
            200
        } else {
            status
        };
        std::future::ready(Reply::status(status))
    })
    .await;
    call(&world, &GET).await.expect("a good token");
    world.issuer.revoke();
    world
}

#[tokio::test]
async fn a_policy_holds_for_the_client_the_operation_or_the_call() {
    let options = || ClientOptions::new().suspicion(SuspicionPolicy::off());
    let world = revoked(options(), 401).await;
    assert!(call(&world, &GET).await.is_err());
    assert_eq!(world.counts(), (1, 2));

    let policy = SuspicionPolicy::rfc6750();
    let world = revoked(options().operation_suspicion("orders.get", policy), 401).await;
    assert!(call(&world, &CREATE).await.is_err());
    assert!(call(&world, &GET).await.is_ok());
    assert_eq!(world.counts(), (2, 4));

    let world = revoked(options(), 404).await;
    let call = call(&world, &GET).suspicion(SuspicionPolicy::appian());
    assert!(call.await.is_ok());
    assert_eq!(world.counts(), (2, 3));
}

#[tokio::test]
async fn the_suspect_statuses_can_be_others() {
    let policy = SuspicionPolicy::appian().statuses(&[400]);
    for (status, is_replayed) in [(400, true), (401, false), (404, false)] {
        let world = revoked(ClientOptions::new().suspicion(policy), status).await;
        assert_eq!(call(&world, &GET).await.is_ok(), is_replayed, "{status}");
    }
}

#[tokio::test]
async fn calls_that_are_not_idempotent_are_replayed_as_the_policy_says() {
    for (replay, status, is_replayed) in [
        (UnsafeReplay::Always, 404, true),
        (UnsafeReplay::Only401, 401, true),
        (UnsafeReplay::Only401, 404, false),
        (UnsafeReplay::Never, 401, false),
    ] {
        let policy = SuspicionPolicy::appian().unsafe_replay(replay);
        let options = || ClientOptions::new().suspicion(policy);
        let world = revoked(options(), status).await;
        match call(&world, &CREATE).send().await {
            Ok(response) => assert!(is_replayed && response.attempts() == 2),
            Err(error) => {
                assert!(!is_replayed, "{replay:?} {status}");
                assert_eq!(error.attempts(), 1);
                let skipped = Replay::Skipped(SkipReason::UnsafeMethod);
                assert_eq!(format!("{:?}", error.replay()), format!("{skipped:?}"));
            }
        }
        let world = revoked(options(), status).await;
        assert!(call(&world, &GET).await.is_ok(), "idempotent");
        let world = revoked(options(), status).await;
        let keyed = call(&world, &CREATE).idempotency_key("k-1");
        assert!(keyed.await.is_ok(), "with a key");
    }
}

#[tokio::test]
async fn a_401_to_a_call_that_is_not_replayed_heals_the_next_one() {
    let policy = SuspicionPolicy::appian().unsafe_replay(UnsafeReplay::Never);
    let world = revoked(ClientOptions::new().suspicion(policy), 401).await;
    assert!(call(&world, &CREATE).await.is_err());
    assert!(call(&world, &CREATE).await.is_ok());
    assert_eq!(world.counts(), (2, 3));
}

#[tokio::test]
async fn calls_that_are_not_replayed_cost_no_more_token_requests_than_others() {
    let policy = SuspicionPolicy::appian().unsafe_replay(UnsafeReplay::Never);
    let options = ClientOptions::new().suspicion(policy);
    let world = World::with_options(options, async |_, _| Reply::status(401)).await;
    for _ in 0..100 {
        assert!(call(&world, &CREATE).await.is_err());
    }
    let (tokens, calls) = world.counts();
    assert!(tokens <= 7, "{tokens} token requests");
    assert_eq!(calls, 100);
}

/// What was told, as text.
#[derive(Clone, Default)]
struct Told(Arc<Mutex<Vec<String>>>);

impl Told {
    fn hear(&self) -> impl Fn(&Event<'_>) + Send + Sync + 'static {
        let told = self.clone();
        move |event| told.0.lock().expect("a list").push(format!("{event:?}"))
    }

    fn kinds(&self) -> Vec<String> {
        let told = self.0.lock().expect("a list");
        let kind = |text: &String| text.split([' ', '(']).next().unwrap_or_default().to_owned();
        told.iter().map(kind).collect()
    }
}

#[tokio::test]
async fn what_happens_to_calls_is_told() {
    let told = Told::default();
    let world = revoked(ClientOptions::new().on_event(told.hear()), 401).await;
    call(&world, &GET).await.expect("a replay");
    assert_eq!(told.kinds(), ["Suspected", "Replayed"]);

    world.issuer.revoke();
    world
        .issuer
        .refuse(TokenError::refused("invalid_client", None));
    call(&world, &GET).await.expect_err("no token");
    assert_eq!(told.kinds()[2..], ["Suspected", "ReplayFailed"]);
    call(&world, &CREATE)
        .suspicion(SuspicionPolicy::off())
        .await
        .expect_err("no suspicion");
    assert_eq!(told.kinds()[4..], ["Suspected", "ReplaySkipped"]);
}

#[tokio::test]
async fn denials_by_budgets_are_told() {
    let told = Told::default();
    let options = ClientOptions::new().on_event(told.hear());
    let world = World::with_options(options, async |_, _| Reply::status(404)).await;
    for _ in 0..3 {
        call(&world, &GET).await.expect_err("a 404");
    }
    let expected = ["Suspected", "Replayed", "Suspected", "ReplaySkipped"];
    assert_eq!(told.kinds()[..4], expected);
    assert!(told.0.lock().expect("a list")[3].contains("YoungToken"));

    let told = Told::default();
    let policy = RetryPolicy::new().base_delay(Duration::ZERO);
    let options = ClientOptions::new().on_event(told.hear()).retry(policy);
    let world = World::with_options(options, async |_, _| Reply::status(503)).await;
    for _ in 0..51 {
        call(&world, &GET).await.expect_err("a 503");
    }
    let kinds = told.kinds();
    assert!(kinds[..100].iter().all(|kind| kind == "Retrying"));
    assert_eq!(kinds[100..], ["RetryDenied"]);
}

#[tokio::test]
async fn what_happens_to_tokens_is_told_without_a_secret() {
    use accredit_runtime::testing::{AuthorizationServer, Scripted};
    use accredit_runtime::{ClientCore, Connection};

    let told = Told::default();
    let server = AuthorizationServer::start().await.expect("a server");
    let api = conformance::ResourceServer::start(async |_| Reply::status(200)).await;
    let connection = Connection::new(&conformance::API)
        .base_url(api.origin())
        .client_id("id-of-client")
        .client_secret("s3cret")
        .token_endpoint(server.token_endpoint());
    let options = ClientOptions::new().on_event(told.hear());
    let client = ClientCore::new(connection, options).expect("a client");
    server.script([Scripted::error("invalid_scope")]);
    let get = || Call::new(&client, &GET, decode::nothing);
    get().await.expect_err("no token");
    assert_eq!(told.kinds(), ["TokenFailed"]);

    let told = Told::default();
    let source = accredit_runtime::ClientCredentials::builder(
        server.token_endpoint(),
        "id-of-client",
        "s3cret",
    );
    let cache = accredit_runtime::TokenCache::new(source.build().expect("a source"));
    cache.on_event(told.hear()).token().await.expect("a token");
    assert_eq!(told.kinds(), ["TokenFetched"]);
    let all = told.0.lock().expect("a list").join(" ");
    assert!(
        !all.contains("s3cret") && !all.contains("access-token"),
        "{all}"
    );
}

#[tokio::test]
async fn a_caller_who_wants_to_gets_the_token_error_instead_of_the_answer() {
    for (failure, stage) in [
        (ReauthFailure::Answer, Stage::Api),
        (ReauthFailure::TokenError, Stage::Token),
    ] {
        let policy = SuspicionPolicy::appian().on_reauth_failure(failure);
        let world = revoked(ClientOptions::new().suspicion(policy), 404).await;
        let refusal = TokenError::refused("invalid_client", None);
        world.issuer.refuse(refusal);
        let error = call(&world, &GET).await.expect_err("no token");
        assert_eq!(error.stage(), stage);
        assert_eq!(
            error.token().and_then(TokenError::code),
            Some("invalid_client")
        );
        let suspected = error.suspected_status().map(|status| status.as_u16());
        assert_eq!(suspected, Some(404));
        assert_eq!(world.counts(), (2, 2));
    }
}
