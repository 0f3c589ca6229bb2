//! The answers 401, 403 and 404: a new token, and the call once more.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use accredit_runtime::{
    Call, ClientOptions, Method, Operation, Replay, Requirement, Stage, Status, StatusCode,
    SuspicionPolicy, TokenError, Value, decode,
};
use conformance::{Issuer, Reply, Request, World};
use futures_util::future::join_all;
use serde_json::json;
use tokio::sync::{Barrier, Notify};

static ORDER: Operation = Operation::new("orders.get", Method::GET, "/orders/1")
    .success(&[Status::Code(200)])
    .accept("application/json")
    .security(&[Requirement::new(&[(0, &["orders"])])]);

static CREATE: Operation = Operation::new("orders.create", Method::POST, "/orders")
    .success(&[Status::Code(201)])
    .security(&[Requirement::new(&[(0, &["orders"])])]);

fn get(world: &World) -> Call<'_, Value> {
    Call::new(&world.client, &ORDER, decode::json)
}

/// Answers with a status to calls whose token isn't good.
fn rejecting(status: u16) -> impl Fn(Issuer, Request) -> std::future::Ready<Reply> {
    move |issuer, request| {
        std::future::ready(if issuer.accepts(&request) {
            Reply::status(200).json(r#"{"id": 1}"#)
        } else {
            Reply::status(status).json(r#"{"error": "no"}"#)
        })
    }
}

#[tokio::test]
async fn a_revoked_token_is_replaced_and_the_call_replayed() {
    for status in [401, 403, 404] {
        let world = World::start(rejecting(status)).await;
        assert_eq!(get(&world).await.unwrap(), json!({"id": 1}));
        assert_eq!(world.counts(), (1, 1));

        world.issuer.revoke();
        let response = get(&world).send().await.unwrap();
        assert_eq!(response.status(), StatusCode::OK);
        assert!(matches!(response.replay(), Replay::Done));
        assert_eq!(response.attempts(), 2);
        assert_eq!(world.counts(), (2, 3), "{status}");

        let requests = world.server.requests();
        let sent: Vec<_> = requests.iter().map(Request::authorization).collect();
        let expected = ["Bearer s3cret-1", "Bearer s3cret-1", "Bearer s3cret-2"];
        assert_eq!(sent, expected.map(Some));

        assert!(get(&world).await.is_ok());
        assert_eq!(world.counts(), (2, 4));
    }
}

#[tokio::test]
async fn the_second_answer_is_final() {
    let world = World::start(async |_, _| Reply::status(401)).await;
    let error = get(&world).await.unwrap_err();
    assert_eq!(error.status(), Some(StatusCode::UNAUTHORIZED));
    assert!(matches!(error.replay(), Replay::Done));
    assert_eq!(error.attempts(), 2);
    assert_eq!(world.counts(), (2, 2));
}

#[tokio::test]
async fn a_server_that_rejects_every_fresh_token_causes_no_loop() {
    let world = World::start(async |_, _| Reply::status(401)).await;
    for _ in 0..50 {
        assert!(get(&world).await.is_err());
    }
    let (tokens, calls) = world.counts();
    assert!(tokens <= 7, "{tokens} token requests");
    assert!(calls <= 50 + tokens, "{calls} calls");
}

#[tokio::test]
async fn a_different_second_answer_is_the_callers() {
    let world = World::start(async |issuer: Issuer, request: Request| {
        if issuer.requests() > 1 && issuer.accepts(&request) {
            Reply::status(409).json("{}")
        } else {
            Reply::status(403)
        }
    })
    .await;
    let error = get(&world).await.unwrap_err();
    assert_eq!(error.status(), Some(StatusCode::CONFLICT));
    assert_eq!(error.suspected_status(), Some(StatusCode::FORBIDDEN));
    assert_eq!(world.counts(), (2, 2));
}

#[tokio::test]
async fn the_body_of_a_post_is_replayed_byte_for_byte() {
    let world = World::start(async |issuer: Issuer, request: Request| {
        if issuer.requests() > 1 && issuer.accepts(&request) {
            Reply::status(201)
        } else {
            Reply::status(401)
        }
    })
    .await;
    let body = json!({"note": "é\n\"quoted\"", "amounts": vec![0.1; 10_000]});
    let call = Call::new(&world.client, &CREATE, decode::nothing);
    call.json("application/json", &body)
        .header("X-Trace", "t-1")
        .idempotency_key("k-1")
        .await
        .unwrap();

    let [first, second] = <[Request; 2]>::try_from(world.server.requests()).unwrap();
    assert_eq!(first.body, serde_json::to_vec(&body).unwrap());
    assert_eq!(first.body, second.body);
    for name in [
        "content-type",
        "x-trace",
        "idempotency-key",
        "content-length",
    ] {
        assert_eq!(first.headers.get(name), second.headers.get(name), "{name}");
        assert!(first.headers.contains_key(name), "{name}");
    }
    assert_ne!(first.authorization(), second.authorization());
}

#[tokio::test]
async fn bytes_are_replayed_byte_for_byte() {
    let world = World::start(async |issuer: Issuer, _| {
        Reply::status(if issuer.requests() > 1 { 201 } else { 404 })
    })
    .await;
    let body: Vec<u8> = (0..=255).cycle().take(300_000).collect();
    let call = Call::new(&world.client, &CREATE, decode::nothing);
    call.bytes("application/octet-stream", body.clone())
        .await
        .unwrap();
    let requests = world.server.requests();
    assert_eq!(requests.len(), 2);
    assert!(requests.iter().all(|request| request.body == body));
}

#[tokio::test]
async fn the_same_token_again_leaves_the_answer_as_it_is() {
    let world = World::start(rejecting(403)).await;
    get(&world).await.unwrap();
    world.issuer.revoke();
    world.issuer.repeat();
    let error = get(&world).await.unwrap_err();
    assert_eq!(error.status(), Some(StatusCode::FORBIDDEN));
    assert!(matches!(error.replay(), Replay::SameToken));
    assert_eq!(world.counts(), (2, 2));
}

#[tokio::test]
async fn without_a_new_token_the_original_answer_stands_untouched() {
    for status in [401, 403, 404] {
        let world = World::start(move |issuer: Issuer, request: Request| {
            std::future::ready(if issuer.accepts(&request) {
                Reply::status(200).json("{}")
            } else {
                Reply::status(status)
                    .header("x-request-id", "r-7")
                    .json(r#"{"detail": "as it was"}"#)
            })
        })
        .await;
        get(&world).await.unwrap();
        world.issuer.revoke();
        world
            .issuer
            .refuse(TokenError::refused("invalid_client", Some("gone")));

        let error = get(&world).await.unwrap_err();
        let refusal = error.api().expect("an answer");
        assert_eq!(refusal.status(), status);
        assert_eq!(refusal.headers()["x-request-id"], "r-7");
        assert_eq!(refusal.body(), r#"{"detail": "as it was"}"#);
        let Replay::Failed(token_error) = refusal.replay() else {
            panic!("{:?}", refusal.replay());
        };
        assert_eq!(token_error.code(), Some("invalid_client"));
        assert_eq!(error.attempts(), 1);
        assert_eq!(world.counts(), (2, 2));
    }
}

#[tokio::test]
async fn a_call_whose_time_runs_out_while_a_token_is_fetched_has_its_original_answer() {
    let world = World::start(rejecting(404)).await;
    get(&world).await.unwrap();
    world.issuer.revoke();
    world.issuer.hang();
    let call = get(&world).timeout(Duration::from_millis(300));
    let error = call.await.unwrap_err();
    assert_eq!(error.status(), Some(StatusCode::NOT_FOUND));
    assert!(error.token().expect("a token error").is_timeout());
    assert_eq!(world.counts(), (2, 2));
}

#[tokio::test]
async fn a_replay_that_gets_no_answer_says_what_the_first_one_was() {
    let world = World::start(async |issuer: Issuer, request: Request| {
        match (issuer.requests(), issuer.accepts(&request)) {
            (1, true) => Reply::status(200).json("{}"),
            (_, true) => Reply::reset(),
            (_, false) => Reply::status(404),
        }
    })
    .await;
    get(&world).await.unwrap();
    world.issuer.revoke();
    let call = get(&world).retry(accredit_runtime::RetryPolicy::off());
    let error = call.await.unwrap_err();
    assert_eq!(error.stage(), Stage::Transport);
    assert_eq!(error.status(), None);
    assert_eq!(error.suspected_status(), Some(StatusCode::NOT_FOUND));
    assert_eq!(error.attempts(), 2);
    assert_eq!(world.counts(), (2, 3));
}

#[tokio::test]
async fn a_call_without_a_token_fails_at_the_stage_of_the_token() {
    let world = World::start(rejecting(401)).await;
    world
        .issuer
        .refuse(TokenError::refused("invalid_client", None));
    let error = get(&world).await.unwrap_err();
    assert_eq!(error.stage(), Stage::Token);
    assert_eq!(
        error.token().and_then(TokenError::code),
        Some("invalid_client")
    );
    assert_eq!(error.attempts(), 0);
    assert_eq!(world.counts(), (1, 0));
}

#[tokio::test]
async fn a_policy_can_switch_suspicion_off_or_keep_to_the_rfc() {
    for (policy, status, expected) in [
        (SuspicionPolicy::off(), 401, (1, 2)),
        (SuspicionPolicy::rfc6750(), 404, (1, 2)),
        (SuspicionPolicy::rfc6750(), 401, (2, 3)),
        (SuspicionPolicy::appian_unbounded(), 404, (2, 3)),
    ] {
        let world = World::with_policy(policy, rejecting(status)).await;
        get(&world).await.unwrap();
        world.issuer.revoke();
        let _ = get(&world).await;
        assert_eq!(world.counts(), expected, "{policy:?} {status}");
    }
}

#[tokio::test]
async fn a_late_401_is_replayed_with_the_newer_token_and_asks_for_none() {
    let release = Arc::new(Notify::new());
    let arrived = Arc::new(Notify::new());
    let (hold, tell) = (Arc::clone(&release), Arc::clone(&arrived));
    let world = World::start(move |issuer: Issuer, request: Request| {
        let (hold, tell) = (Arc::clone(&hold), Arc::clone(&tell));
        async move {
            if request.headers.contains_key("x-late") && !issuer.accepts(&request) {
                tell.notify_one();
                hold.notified().await;
            }
            if issuer.accepts(&request) {
                Reply::status(200).json("{}")
            } else {
                Reply::status(401)
            }
        }
    })
    .await;
    get(&world).await.unwrap();
    world.issuer.revoke();

    let late = get(&world).header("X-Late", "yes").send();
    let early = async {
        arrived.notified().await;
        let response = get(&world).send().await;
        release.notify_one();
        response
    };
    let (late, early) = tokio::join!(late, early);
    assert!(matches!(early.unwrap().replay(), Replay::Done));
    assert!(matches!(late.unwrap().replay(), Replay::Done));
    assert_eq!(world.counts(), (2, 5));

    assert!(matches!(
        get(&world).send().await.unwrap().replay(),
        Replay::NotNeeded
    ));
    assert_eq!(world.counts(), (2, 6));
}

const MANY: usize = 1000;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_mass_revocation_costs_one_token_request() {
    // One connection: a thousand of them are more than some systems let a process have.
    let http_client = reqwest::Client::builder().http2_prior_knowledge();
    let options = ClientOptions::new().http_client(http_client.build().unwrap());
    let all = Arc::new(Barrier::new(MANY));
    let world = World::with_options(options, move |issuer: Issuer, request: Request| {
        let all = Arc::clone(&all);
        async move {
            if issuer.accepts(&request) {
                return Reply::status(200).json("{}");
            }
            all.wait().await;
            Reply::status(401)
        }
    })
    .await;
    get(&world).await.unwrap();
    world.issuer.revoke();

    let answers = join_all((0..MANY).map(|_| get(&world).send())).await;
    for answer in answers {
        assert!(matches!(answer.unwrap().replay(), Replay::Done));
    }
    assert_eq!(world.counts(), (2, 1 + 2 * MANY));
}

#[tokio::test]
async fn a_storm_of_legitimate_404s_is_bounded() {
    let count = Arc::new(AtomicUsize::new(0));
    let world = World::start(move |_, _| {
        let reply = match count.fetch_add(1, Ordering::Relaxed) % 3 {
            0 => Reply::status(404),
            _ => Reply::status(200).json("{}"),
        };
        std::future::ready(reply)
    })
    .await;
    for _ in 0..600 {
        let _ = get(&world).await;
    }
    let (tokens, calls) = world.counts();
    assert!(tokens <= 8, "{tokens} token requests");
    assert!(calls <= 600 + tokens, "{calls} calls");
}

#[tokio::test]
async fn one_404_on_an_idle_client_is_suspected_and_later_ones_are_said_to_be_skipped() {
    let world = World::start(async |_, _| Reply::status(404)).await;
    let first = get(&world).await.unwrap_err();
    assert!(matches!(first.replay(), Replay::Done));
    assert_eq!(world.counts(), (2, 2));
    let mut last = first;
    for _ in 0..20 {
        last = get(&world).await.unwrap_err();
        assert_eq!(last.status(), Some(StatusCode::NOT_FOUND));
    }
    assert!(matches!(last.replay(), Replay::Skipped(_)), "{last:?}");
}

#[tokio::test]
async fn throttling_is_not_suspected() {
    for (name, value) in [("retry-after", "1"), ("x-ratelimit-remaining", "0")] {
        let world =
            World::start(move |_, _| std::future::ready(Reply::status(403).header(name, value)))
                .await;
        let error = get(&world).await.unwrap_err();
        assert_eq!(error.status(), Some(StatusCode::FORBIDDEN));
        assert!(matches!(error.replay(), Replay::NotNeeded));
        assert_eq!(world.counts(), (1, 1));
    }
}

#[tokio::test]
async fn a_replay_uses_up_no_retry_and_a_retry_no_replay() {
    let count = Arc::new(AtomicUsize::new(0));
    let world = World::start(move |_, _| {
        let statuses = [503, 401, 503, 200];
        let status = statuses[count.fetch_add(1, Ordering::Relaxed)];
        std::future::ready(Reply::status(status).json("{}"))
    })
    .await;
    let policy = accredit_runtime::RetryPolicy::new().base_delay(Duration::ZERO);
    let response = get(&world).retry(policy).send().await.unwrap();
    assert_eq!(response.attempts(), 4);
    assert!(matches!(response.replay(), Replay::Done));
    assert_eq!(world.counts(), (2, 4));
}
