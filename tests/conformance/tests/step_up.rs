//! Challenges to tokens that are good and not enough: scopes and claims that an API demands.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use accredit_runtime::testing::{AuthorizationServer, Scripted};
use accredit_runtime::{
    Call, Challenge, ClientCore, ClientOptions, Connection, Credential, Error, Event, MemoryStore,
    Method, Operation, Replay, Requirement, Response, RetryPolicy, ScopePolicy, SkipReason, Stage,
    StatusCode, StepUp, SuspicionPolicy, TokenSharing, UnsafeReplay, Upload, decode,
};
use bytes::Bytes;
use conformance::{API, Reply, Request, ResourceServer};
use futures_util::future::join_all;

static READ: Operation = Operation::new("orders.read", Method::GET, "/orders")
    .security(&[Requirement::new(&[(0, &["read"])])]);
static LIST: Operation = Operation::new("orders.list", Method::GET, "/lists")
    .security(&[Requirement::new(&[(0, &["read"])])]);
static CREATE: Operation = Operation::new("orders.create", Method::POST, "/orders")
    .security(&[Requirement::new(&[(0, &["read"])])]);
static BARE: Operation =
    Operation::new("bare", Method::GET, "/bare").security(&[Requirement::new(&[(0, &[])])]);

/// What Microsoft's claims challenge has, as JSON and in base64url.
const CLAIMS: &str = r#"{"access_token":{"nbf":{"essential":true,"value":"1604106651"}}}"#;
const ENCODED: &str =
    "eyJhY2Nlc3NfdG9rZW4iOnsibmJmIjp7ImVzc2VudGlhbCI6dHJ1ZSwgInZhbHVlIjoiMTYwNDEwNjY1MSJ9fX0";

struct Scene {
    authorization: Arc<AuthorizationServer>,
    api: ResourceServer,
    client: ClientCore,
}

/// An API that answers as a test says, by the request and by the parameters that its token was asked for
/// with.
async fn scene(
    options: ClientOptions,
    answer: impl Fn(&Request, &dyn Fn(&str) -> String) -> Reply + Send + Sync + 'static,
) -> Scene {
    let authorization = Arc::new(AuthorizationServer::start().await.expect("a port"));
    let issuer = Arc::clone(&authorization);
    let api = ResourceServer::start(move |request| {
        let token = request.authorization().unwrap_or_default();
        let token = token.trim_start_matches("Bearer ");
        let grant = issuer.request_of(token);
        let parameter = |name: &str| {
            let grant = grant.as_ref();
            let value = grant.and_then(|grant| grant.parameter(name));
            value.unwrap_or_default().to_owned()
        };
        let reply = if issuer.is_valid(token) {
            answer(&request, &parameter)
        } else {
            Reply::status(401).header("www-authenticate", "Bearer error=\"invalid_token\"")
        };
        std::future::ready(reply)
    })
    .await;
    let connection = connection(&authorization, &api);
    let client = ClientCore::new(connection, options).expect("usable settings");
    Scene {
        authorization,
        api,
        client,
    }
}

fn connection(authorization: &AuthorizationServer, api: &ResourceServer) -> Connection {
    Connection::new(&API)
        .client_id("client")
        .client_secret("s3cret")
        .base_url(api.origin())
        .token_endpoint(authorization.token_endpoint())
        .revocation_endpoint(authorization.revocation_endpoint())
}

impl Scene {
    async fn call(&self, operation: &'static Operation) -> Result<Response<()>, Error> {
        let call = Call::new(&self.client, operation, decode::nothing);
        call.send().await
    }

    fn counts(&self) -> (usize, usize) {
        let tokens = self.authorization.token_requests();
        (tokens, self.api.requests().len())
    }

    /// Returns the scope of each token request.
    fn asked(&self) -> Vec<String> {
        let requests = self.authorization.requests();
        let scope = requests.iter().map(|request| request.parameter("scope"));
        scope.map(|it| it.unwrap_or_default().to_owned()).collect()
    }
}

fn demanding(scope: &str) -> Reply {
    let challenge = format!("Bearer error=\"insufficient_scope\", scope=\"{scope}\"");
    Reply::status(403)
        .header("www-authenticate", &challenge)
        .json(r#"{"detail": "as it was"}"#)
}

/// Demands a scope of each token.
fn needs(scope: &'static str) -> impl Fn(&Request, &dyn Fn(&str) -> String) -> Reply {
    move |_, parameter| {
        if parameter("scope").split(' ').any(|it| it == scope) {
            Reply::status(200)
        } else {
            demanding(scope)
        }
    }
}

/// Does whatever an API says.
fn stepping_up() -> ClientOptions {
    ClientOptions::new().step_up(|_, challenge| {
        let step = challenge.scopes().fold(StepUp::new(), StepUp::scope);
        Some(match challenge.claims() {
            Some(claims) => step.parameter("claims", claims),
            None => step,
        })
    })
}

#[tokio::test]
async fn a_scope_that_an_api_demands_is_asked_for_once_and_used_from_then_on() {
    let scene = scene(stepping_up(), needs("write")).await;
    let response = scene.call(&READ).await.expect("a step");
    assert!(matches!(response.replay(), Replay::SteppedUp));
    assert_eq!(response.attempts(), 2);
    assert_eq!(scene.counts(), (2, 2));
    assert_eq!(scene.asked(), ["read", "read write"]);

    let response = scene.call(&READ).await.expect("a token that is enough");
    assert!(matches!(response.replay(), Replay::NotNeeded));
    assert_eq!(scene.counts(), (2, 3));

    // Another operation has the same set of scopes, and learns by itself that they aren't enough.
    for attempts in [2, 1] {
        let response = scene.call(&LIST).await.expect("a step");
        assert_eq!(response.attempts(), attempts);
    }
    assert_eq!(scene.counts(), (2, 6));
}

#[tokio::test]
async fn a_token_that_was_stepped_up_to_is_replaced_like_any_other() {
    let scene = scene(stepping_up(), needs("write")).await;
    scene.call(&READ).await.expect("a step");
    scene.authorization.revoke_all();
    let response = scene.call(&READ).await.expect("a replay");
    assert!(matches!(response.replay(), Replay::Done));
    assert_eq!(scene.asked(), ["read", "read write", "read write"]);
    assert_eq!(scene.counts(), (3, 4));
}

#[tokio::test]
async fn a_demand_that_the_hook_refuses_is_judged_as_without_it() {
    let asked = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&asked);
    let hook = move |operation: &str, challenge: &Challenge| {
        count.fetch_add(1, Ordering::Relaxed);
        assert_eq!(operation, "orders.read");
        assert_eq!(challenge.parameter("error"), Some("insufficient_scope"));
        None
    };
    for options in [ClientOptions::new(), ClientOptions::new().step_up(hook)] {
        let scene = scene(options, needs("write")).await;
        let error = scene.call(&READ).await.expect_err("a 403");
        assert_eq!(error.status(), Some(StatusCode::FORBIDDEN));
        let challenges = error.api().expect("an answer").challenges();
        assert_eq!(challenges[0].scopes().collect::<Vec<_>>(), ["write"]);
        let replay = error.replay();
        assert!(
            matches!(replay, Replay::Skipped(SkipReason::YoungToken)),
            "{replay:?}"
        );
        assert_eq!(scene.counts(), (1, 1));
    }
    assert_eq!(asked.load(Ordering::Relaxed), 1);
}

#[tokio::test]
async fn nothing_is_asked_for_that_the_token_has() {
    let scene = scene(stepping_up(), |_, _| demanding("read")).await;
    let error = scene.call(&READ).await.expect_err("a 403");
    assert!(matches!(error.replay(), Replay::Skipped(_)));
    assert_eq!(scene.counts(), (1, 1));
}

#[tokio::test]
async fn a_scope_that_is_not_granted_leaves_the_answer_as_it_is() {
    let scene = scene(stepping_up(), needs("write")).await;
    let granted = r#"{"access_token": "t-2", "token_type": "Bearer", "scope": "read"}"#;
    let answers = [Scripted::token(), Scripted::json(200, granted)];
    scene.authorization.script(answers);
    let error = scene.call(&READ).await.expect_err("a 403");
    let refusal = error.api().expect("an answer");
    assert_eq!(refusal.body(), r#"{"detail": "as it was"}"#);
    let reason = SkipReason::NotGranted;
    assert!(matches!(refusal.replay(), Replay::Skipped(it) if *it == reason));
    assert_eq!(scene.counts(), (2, 1));
    // It isn't asked for again while that token lives.
    for _ in 0..10 {
        scene.call(&READ).await.expect_err("a 403");
    }
    assert_eq!(scene.counts(), (2, 11));
}

#[tokio::test]
async fn the_same_token_again_is_no_step() {
    let scene = scene(stepping_up(), needs("write")).await;
    scene.authorization.set_repeating(true);
    let error = scene.call(&READ).await.expect_err("a 403");
    assert!(matches!(error.replay(), Replay::SameToken));
    assert_eq!(scene.counts(), (2, 1));
}

#[tokio::test]
async fn a_scope_that_is_refused_leaves_the_answer_with_the_error() {
    let scene = scene(stepping_up(), needs("write")).await;
    let answers = [Scripted::token(), Scripted::error("invalid_scope")];
    scene.authorization.script(answers);
    for calls in 1..4 {
        let error = scene.call(&READ).await.expect_err("a 403");
        assert_eq!(error.stage(), Stage::Api);
        let refusal = error.api().expect("an answer");
        assert_eq!(refusal.body(), r#"{"detail": "as it was"}"#);
        let token_error = error.token().expect("a token error");
        assert_eq!(token_error.code(), Some("invalid_scope"));
        assert_eq!(scene.counts(), (2, calls));
    }
}

#[tokio::test]
async fn a_step_that_does_not_help_is_not_repeated() {
    let scene = scene(stepping_up(), |_, _| demanding("write")).await;
    let error = scene.call(&READ).await.expect_err("a 403");
    assert!(matches!(error.replay(), Replay::SteppedUp));
    assert_eq!(error.attempts(), 2);
    for _ in 0..10 {
        scene.call(&READ).await.expect_err("a 403");
    }
    assert_eq!(scene.counts(), (2, 12));
    assert!(
        error.to_string().contains("with a token of more too"),
        "{error}"
    );
}

#[tokio::test]
async fn an_api_that_demands_ever_more_is_asked_for_a_bounded_time() {
    let count = AtomicUsize::new(0);
    let scene = scene(stepping_up(), move |_, _| {
        demanding(&format!("scope-{}", count.fetch_add(1, Ordering::Relaxed)))
    })
    .await;
    for _ in 0..200 {
        scene.call(&READ).await.expect_err("a 403");
    }
    let (tokens, calls) = scene.counts();
    assert_eq!((tokens, calls), (1 + 20, 200 + 20));
}

#[tokio::test]
async fn an_api_that_rewards_each_step_with_the_next_demand_is_bounded_too() {
    let count = AtomicUsize::new(0);
    let scene = scene(stepping_up(), move |_, _| {
        match count.fetch_add(1, Ordering::Relaxed) {
            odd if odd % 2 == 1 => Reply::status(200),
            even => demanding(&format!("scope-{even}")),
        }
    })
    .await;
    for _ in 0..20 {
        let response = scene.call(&READ).await.expect("a step");
        assert!(matches!(response.replay(), Replay::SteppedUp));
    }
    assert_eq!(scene.counts(), (1 + 20, 40));
    for _ in 0..20 {
        let _ = scene.call(&READ).await;
    }
    assert_eq!(scene.counts(), (1 + 20, 60));
}

#[tokio::test]
async fn claims_that_an_api_demands_are_asked_for() {
    let challenge = format!(
        "Bearer realm=\"\", authorization_uri=\"https://evil.example/authorize\", \
         error=\"insufficient_claims\", claims=\"{ENCODED}\""
    );
    let scene = scene(stepping_up(), move |_, parameter| {
        if parameter("claims").is_empty() {
            Reply::status(401).header("www-authenticate", &challenge)
        } else {
            Reply::status(200)
        }
    })
    .await;
    let response = scene.call(&READ).await.expect("a step");
    assert!(matches!(response.replay(), Replay::SteppedUp));
    let requests = scene.authorization.requests();
    let claims = requests[1].parameter("claims").expect("claims");
    assert_eq!(claims.replace(' ', ""), CLAIMS);
    assert_eq!(requests[1].parameter("scope"), Some("read"));
    scene.call(&READ).await.expect("claims that are enough");
    assert_eq!(scene.counts(), (2, 3));
}

#[tokio::test]
async fn later_claims_take_the_place_of_earlier_ones_and_of_the_clients_own() {
    let hook = |_: &str, challenge: &Challenge| {
        let claims = challenge.parameter("claims")?;
        Some(StepUp::new().parameter("claims", claims))
    };
    let wanted = Arc::new(Mutex::new("one"));
    let now = Arc::clone(&wanted);
    let scene = scene(ClientOptions::new().step_up(hook), move |_, parameter| {
        let wanted = *now.lock().expect("no panic");
        if parameter("claims") == wanted {
            return Reply::status(200);
        }
        let challenge = format!("Bearer claims={wanted}");
        Reply::status(401).header("www-authenticate", &challenge)
    })
    .await;
    for claims in ["one", "two"] {
        *wanted.lock().expect("no panic") = claims;
        let response = scene.call(&BARE).await.expect("a step");
        assert!(matches!(response.replay(), Replay::SteppedUp));
    }
    let requests = scene.authorization.requests();
    let claims = requests.iter().map(|it| it.parameter("claims"));
    let claims: Vec<_> = claims.collect();
    assert_eq!(claims, [None, Some("one"), Some("two")]);
}

#[tokio::test]
async fn two_hundred_callers_step_up_by_one_token_request() {
    let scene = scene(stepping_up(), needs("write")).await;
    let calls = (0..200).map(|_| scene.call(&READ));
    for outcome in join_all(calls).await {
        outcome.expect("a step");
    }
    assert_eq!(scene.asked(), ["read", "read write"]);
}

#[tokio::test]
async fn a_step_survives_a_transient_fault_of_the_api() {
    let count = AtomicUsize::new(0);
    let policy = RetryPolicy::new().base_delay(std::time::Duration::ZERO);
    let scene = scene(stepping_up().retry(policy), move |_, parameter| {
        match (
            parameter("scope").as_str(),
            count.fetch_add(1, Ordering::Relaxed),
        ) {
            ("read write", 1) => Reply::status(503),
            ("read write", _) => Reply::status(200),
            _ => demanding("write"),
        }
    })
    .await;
    let response = scene.call(&READ).await.expect("a retry");
    assert_eq!(response.attempts(), 3);
    scene.call(&READ).await.expect("a token that is enough");
    assert_eq!(scene.counts(), (2, 4));
}

#[tokio::test]
async fn a_call_that_is_not_made_again_heals_the_next_one() {
    let policy = SuspicionPolicy::appian().unsafe_replay(UnsafeReplay::Only401);
    for (is_stream, reason) in [
        (true, SkipReason::OneShotBody),
        (false, SkipReason::UnsafeMethod),
    ] {
        let options = stepping_up().suspicion(policy);
        let scene = scene(options, needs("write")).await;
        let create = || {
            let call = Call::new(&scene.client, &CREATE, decode::nothing);
            if is_stream {
                let body = futures_util::stream::iter([Ok::<_, std::io::Error>(
                    Bytes::from_static(b"body"),
                )]);
                call.upload("text/plain", Upload::stream(body)).send()
            } else {
                call.send()
            }
        };
        let error = create().await.expect_err("a 403");
        assert!(matches!(error.replay(), Replay::Skipped(it) if *it == reason));
        create().await.expect("a token that is enough");
        assert_eq!(scene.counts(), (2, 2));
    }
}

#[tokio::test]
async fn a_policy_that_is_off_steps_nothing_up() {
    let options = stepping_up().suspicion(SuspicionPolicy::off());
    let scene = scene(options, needs("write")).await;
    scene.call(&READ).await.expect_err("a 403");
    assert_eq!(scene.counts(), (1, 1));
}

#[tokio::test]
async fn a_step_that_is_refused_later_is_taken_back() {
    let is_strict = Arc::new(Mutex::new(true));
    let now = Arc::clone(&is_strict);
    let scene = scene(stepping_up(), move |request, parameter| {
        if *now.lock().expect("no panic") {
            needs("write")(request, parameter)
        } else {
            Reply::status(200)
        }
    })
    .await;
    scene.call(&READ).await.expect("a step");
    *is_strict.lock().expect("no panic") = false;
    scene.authorization.revoke_all();
    let refusals = [Scripted::error("invalid_scope"), Scripted::token()];
    scene.authorization.script(refusals);
    // The answer stands that the dead token has got, with the error; the next call does without.
    scene.call(&READ).await.expect_err("no token");
    scene.call(&READ).await.expect("the token of before");
    assert_eq!(scene.asked(), ["read", "read write", "read write", "read"]);
}

#[tokio::test]
async fn a_wrong_secret_takes_no_step_back() {
    let scene = scene(stepping_up(), needs("write")).await;
    scene.call(&READ).await.expect("a step");
    scene.authorization.revoke_all();
    let refusal = Scripted::error("invalid_client");
    // The header first, then the body, was settled before.
    scene.authorization.script([refusal]);
    for _ in 0..10 {
        let error = scene.call(&READ).await.expect_err("no token");
        let token_error = error.token().expect("a token error");
        assert_eq!(token_error.code(), Some("invalid_client"));
    }
    assert_eq!(scene.asked(), ["read", "read write", "read write"]);
}

#[tokio::test]
async fn clients_that_share_tokens_share_those_that_they_have_stepped_up_to() {
    let scene = scene(stepping_up(), needs("write")).await;
    let store = MemoryStore::new();
    let client = || {
        let key = Credential::Secret("a secret of at least thirty-two bytes".into());
        let connection = connection(&scene.authorization, &scene.api);
        let connection = connection.share_tokens(TokenSharing::new(store.clone(), key));
        ClientCore::new(connection, stepping_up()).expect("usable settings")
    };
    for _ in 0..3 {
        let client = client();
        let call = Call::new(&client, &READ, decode::nothing).send();
        let response = call.await.expect("a step");
        assert!(matches!(response.replay(), Replay::SteppedUp));
    }
    assert_eq!(scene.asked(), ["read", "read write"]);
}

#[tokio::test]
async fn one_token_for_all_steps_up_for_all() {
    let options = stepping_up().scopes(ScopePolicy::Union);
    let scene = scene(options, needs("write")).await;
    scene.call(&READ).await.expect("a step");
    let response = scene.call(&LIST).await.expect("a token that is enough");
    assert_eq!(response.attempts(), 1);
    assert_eq!(scene.counts(), (2, 3));
}

#[tokio::test]
async fn what_a_server_has_granted_unasked_is_asked_for_beside_the_step() {
    let scene = scene(stepping_up(), needs("write")).await;
    let granted = r#"{"access_token": "t-1", "token_type": "Bearer", "scope": "read"}"#;
    scene.authorization.script([Scripted::json(200, granted)]);
    let api = ResourceServer::start(async |request: Request| {
        if request.authorization() == Some("Bearer t-1") {
            demanding("write")
        } else {
            Reply::status(200)
        }
    })
    .await;
    let connection = connection(&scene.authorization, &api);
    let client = ClientCore::new(connection, stepping_up()).expect("usable settings");
    let call = Call::new(&client, &BARE, decode::nothing);
    call.await.expect("a step");
    assert_eq!(scene.asked(), ["", "read write"]);
}

#[tokio::test]
async fn each_tenant_steps_up_by_itself() {
    let scene = scene(stepping_up(), needs("write")).await;
    let connection = connection(&scene.authorization, &scene.api);
    let other = ClientCore::new(connection, stepping_up()).expect("usable settings");
    scene.call(&READ).await.expect("a step");
    let call = Call::new(&other, &READ, decode::nothing).send();
    let response = call.await.expect("a step");
    assert!(matches!(response.replay(), Replay::SteppedUp));
    assert_eq!(scene.asked(), ["read", "read write"].repeat(2));
}

#[tokio::test]
async fn shutting_a_client_down_revokes_what_it_has_stepped_up_to() {
    let scene = scene(stepping_up(), needs("write")).await;
    scene.call(&READ).await.expect("a step");
    scene.client.shutdown().await.expect("revocations");
    assert_eq!(scene.authorization.revocations().len(), 2);
    assert!(!scene.authorization.is_valid("access-token-2"));
}

#[tokio::test]
async fn client_authentication_is_no_step() {
    let hook = |_: &str, _: &Challenge| Some(StepUp::new().parameter("client_secret", "other"));
    let scene = scene(ClientOptions::new().step_up(hook), needs("write")).await;
    let error = scene.call(&READ).await.expect_err("a 403");
    assert!(matches!(error.replay(), Replay::Failed(_)));
    assert_eq!(scene.counts(), (1, 1));
}

#[tokio::test]
async fn steps_are_told() {
    let told = Arc::new(Mutex::new(Vec::new()));
    let list = Arc::clone(&told);
    let options = stepping_up().on_event(move |event| {
        let text = format!("{event:?}");
        let kind = text.split(' ').next().unwrap_or_default().to_owned();
        let detail = match event {
            Event::TokenFetched { reason, .. } => format!(" {reason:?}"),
            Event::StepUpSkipped { reason, .. } => format!(" {reason:?}"),
            _ => String::new(),
        };
        list.lock().expect("no panic").push(kind + &detail);
    });
    let scene = scene(options, |_, _| demanding("write")).await;
    for _ in 0..2 {
        scene.call(&READ).await.expect_err("a 403");
    }
    let told = told.lock().expect("no panic");
    assert_eq!(
        *told,
        [
            "TokenFetched First",
            "TokenFetched StepUp",
            "StepUp",
            "Replayed",
            "StepUpSkipped Fruitless",
            "Suspected",
            "ReplaySkipped",
        ]
    );
}
