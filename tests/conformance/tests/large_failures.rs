//! Failures with bodies that are large or never end: how much is read of them, and when.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use accredit_runtime::{
    Call, ClientOptions, Error, Method, Operation, Replay, Requirement, Response, RetryPolicy,
    Status, StatusCode, SuspicionPolicy, TokenError, decode,
};
use conformance::{Issuer, Reply, Request, World};
use tokio::time::timeout;

static GET: Operation = Operation::new("orders.get", Method::GET, "/orders/1")
    .success(&[Status::Code(200)])
    .security(&[Requirement::new(&[(0, &[])])]);

/// Longer than the machine may be slow, shorter than the read timeout.
const PATIENCE: Duration = Duration::from_secs(30);

async fn get(world: &World) -> Result<Response<()>, Error> {
    let call = Call::new(&world.client, &GET, decode::nothing).send();
    timeout(PATIENCE, call).await.expect("an outcome")
}

fn body(length: usize) -> String {
    "refused ".repeat(length / 8)
}

/// A world whose first token has been used and revoked; calls with it are answered as said.
async fn revoked(refusal: Reply) -> World {
    let world = World::start(move |issuer: Issuer, request: Request| {
        let is_good = issuer.accepts(&request);
        let reply = if is_good {
            Reply::status(200)
        } else {
            refusal.clone()
        };
        std::future::ready(reply)
    })
    .await;
    get(&world).await.expect("a good token");
    world.issuer.revoke();
    world
}

#[tokio::test]
async fn a_401_whose_body_never_ends_is_replayed_at_once() {
    for length in [0, 80, 200_000] {
        let refusal = Reply::status(401)
            .body("text/plain", &body(length))
            .endless();
        let world = revoked(refusal).await;
        let response = get(&world).await.expect("a replay");
        assert!(matches!(response.replay(), Replay::Done), "{length}");
        assert_eq!(world.counts(), (2, 3));
    }
}

#[tokio::test]
async fn a_large_answer_that_stands_arrives_whole() {
    let world = revoked(Reply::status(404).body("text/plain", &body(200_000))).await;
    world
        .issuer
        .refuse(TokenError::refused("invalid_client", None));
    let error = get(&world).await.expect_err("no token");
    let refusal = error.api().expect("an answer");
    assert!(matches!(refusal.replay(), Replay::Failed(_)));
    assert_eq!(refusal.body(), body(200_000).as_bytes());
    assert!(!refusal.answer().is_truncated());
    assert_eq!(world.counts(), (2, 2));
}

#[tokio::test]
async fn a_mebibyte_is_kept_of_an_answer_that_is_larger() {
    const MEBIBYTE: usize = 1024 * 1024;
    for (length, is_truncated) in [(MEBIBYTE, false), (MEBIBYTE + 8, true)] {
        let refusal = Reply::status(409).body("text/plain", &body(length));
        let error = get(&revoked(refusal).await).await.expect_err("a refusal");
        let answer = error.api().expect("an answer").answer();
        assert_eq!(answer.body().len(), MEBIBYTE);
        assert_eq!(answer.is_truncated(), is_truncated);
    }
}

#[tokio::test]
async fn an_answer_that_never_ends_is_read_as_long_as_the_call_has_time() {
    let refusal = Reply::status(409).body("text/plain", &body(80)).endless();
    let world = revoked(refusal).await;
    for time in [200, 1500] {
        let time = Duration::from_millis(time);
        let call = Call::new(&world.client, &GET, decode::nothing).timeout(time);
        let error = timeout(PATIENCE, call.send()).await.expect("an outcome");
        let error = error.expect_err("a refusal");
        assert_eq!(error.status(), Some(StatusCode::CONFLICT));
        let answer = error.api().expect("an answer").answer();
        assert_eq!(answer.body(), body(80).as_bytes());
        assert!(answer.is_truncated());
    }
}

#[tokio::test]
async fn the_rest_of_a_failure_that_is_retried_is_not_waited_for() {
    let is_down = Arc::new(AtomicBool::new(true));
    let policy = RetryPolicy::new().base_delay(Duration::ZERO);
    let options = ClientOptions::new()
        .retry(policy)
        .suspicion(SuspicionPolicy::off());
    let world = World::with_options(options, move |_, _| {
        let reply = if is_down.swap(false, Ordering::Relaxed) {
            Reply::status(503)
                .body("text/plain", &body(200_000))
                .endless()
        } else {
            Reply::status(200)
        };
        std::future::ready(reply)
    })
    .await;
    let response = get(&world).await.expect("a retry");
    assert_eq!(response.attempts(), 2);
}
