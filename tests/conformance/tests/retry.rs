//! Transient faults: the same request again, if that can do no harm.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use accredit_runtime::{
    Call, ClientCore, ClientOptions, Connection, Method, Operation, RetryPolicy, Stage, decode,
};
use conformance::{API, Reply, Request, World};
use tokio::net::TcpListener;

static GET: Operation = Operation::new("orders.get", Method::GET, "/orders/1");
static CREATE: Operation = Operation::new("orders.create", Method::POST, "/orders");

const AT_ONCE: RetryPolicy = RetryPolicy::new().base_delay(Duration::ZERO);

/// A world whose server answers with these statuses in turn, the last one for ever.
async fn world(statuses: &'static [u16]) -> World {
    let options = ClientOptions::new().retry(AT_ONCE);
    let count = Arc::new(AtomicUsize::new(0));
    World::with_options(options, move |_, _| {
        let index = count.fetch_add(1, Ordering::Relaxed);
        let status = statuses[index.min(statuses.len() - 1)];
        std::future::ready(Reply::status(status))
    })
    .await
}

fn call<'a>(world: &'a World, operation: &'static Operation) -> Call<'a, ()> {
    Call::new(&world.client, operation, decode::nothing)
}

#[tokio::test]
async fn an_idempotent_call_is_retried_until_it_succeeds() {
    let world = world(&[503, 429, 200]).await;
    let response = call(&world, &GET).send().await.unwrap();
    assert_eq!(response.attempts(), 3);
    assert_eq!(world.counts(), (0, 3));
}

#[tokio::test]
async fn the_last_answer_is_the_callers() {
    let world = world(&[500, 502, 504]).await;
    let error = call(&world, &GET).await.unwrap_err();
    assert_eq!(error.status().map(|status| status.as_u16()), Some(504));
    assert_eq!(error.attempts(), 3);
    assert!(error.is_transient());
}

#[tokio::test]
async fn other_failures_are_not_retried() {
    for status in [400, 409, 422, 501, 505] {
        let error_world = World::start(move |_, _| std::future::ready(Reply::status(status))).await;
        assert!(call(&error_world, &GET).await.is_err());
        assert_eq!(error_world.counts(), (0, 1), "{status}");
    }
}

#[tokio::test]
async fn a_post_is_retried_only_with_an_idempotency_key() {
    let world = world(&[503]).await;
    assert!(call(&world, &CREATE).await.is_err());
    assert_eq!(world.counts(), (0, 1));

    assert!(call(&world, &CREATE).idempotency_key("k").await.is_err());
    assert_eq!(world.counts(), (0, 4));
    let keys: Vec<_> = world.server.requests()[1..]
        .iter()
        .map(|request: &Request| request.headers["idempotency-key"].clone())
        .collect();
    assert_eq!(keys, ["k", "k", "k"]);
}

#[tokio::test]
async fn retries_are_tuned_per_call() {
    let world = world(&[503]).await;
    let error = call(&world, &GET).retry(RetryPolicy::off()).await;
    assert_eq!(error.unwrap_err().attempts(), 1);
    let error = call(&world, &GET).retry(AT_ONCE.attempts(5)).await;
    assert_eq!(error.unwrap_err().attempts(), 5);
}

#[tokio::test]
async fn a_server_that_asks_for_a_long_wait_gets_no_retry() {
    let world = World::start(async |_, _| Reply::status(503).header("retry-after", "3600")).await;
    let error = call(&world, &GET).await.unwrap_err();
    assert_eq!(error.attempts(), 1);
    let wait = error
        .api()
        .and_then(accredit_runtime::ApiError::retry_after);
    assert_eq!(wait, Some(Duration::from_secs(3600)));
}

#[tokio::test]
async fn a_wait_that_outlasts_the_call_is_not_begun() {
    let world = World::start(async |_, _| Reply::status(503).header("retry-after", "15")).await;
    let error = call(&world, &GET)
        .timeout(Duration::from_secs(10))
        .await
        .unwrap_err();
    assert_eq!(error.stage(), Stage::Api);
    assert_eq!(error.attempts(), 1);
}

#[tokio::test]
async fn a_refused_connection_is_retried() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let origin = format!("http://{}", listener.local_addr().unwrap());
    drop(listener);
    let options = ClientOptions::new().retry(AT_ONCE);
    let client = ClientCore::new(Connection::new(&API).base_url(origin), options).unwrap();
    let error = Call::new(&client, &GET, decode::nothing).await.unwrap_err();
    assert_eq!(error.stage(), Stage::Transport);
    assert_eq!(error.attempts(), 3);
    assert!(error.is_transient() && !error.is_timeout());
    let error = Call::new(&client, &CREATE, decode::nothing).await;
    assert_eq!(error.unwrap_err().attempts(), 1);
}

#[tokio::test]
async fn an_outage_empties_the_budget_of_retries() {
    let world = world(&[503]).await;
    for _ in 0..200 {
        assert!(call(&world, &GET).await.is_err());
    }
    let (_, calls) = world.counts();
    assert_eq!(calls, 200 + 100);
}
