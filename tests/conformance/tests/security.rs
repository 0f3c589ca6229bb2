//! By what right a call is made, and where its token goes.

use std::sync::Arc;
use std::time::Duration;

use accredit_runtime::{
    Call, ClientCore, ClientOptions, Connection, Method, Operation, Replay, Requirement, Stage,
    TokenCache, decode,
};
use conformance::{API, Issuer, Reply, Request, ResourceServer, World};

const OAUTH2: Requirement = Requirement::new(&[(0, &["orders"])]);
const API_KEY: Requirement = Requirement::new(&[(1, &[])]);
const BOTH: Requirement = Requirement::new(&[(0, &["orders"]), (1, &[])]);
const NOTHING: Requirement = Requirement::new(&[]);

static OPEN: Operation = Operation::new("open", Method::GET, "/open");
static SECURED: Operation = Operation::new("secured", Method::GET, "/secured").security(&[OAUTH2]);
static OPTIONAL: Operation =
    Operation::new("optional", Method::GET, "/optional").security(&[NOTHING, OAUTH2]);
static KEYED: Operation = Operation::new("keyed", Method::GET, "/keyed").security(&[API_KEY]);
static EITHER: Operation =
    Operation::new("either", Method::GET, "/either").security(&[BOTH, API_KEY]);

/// A client without credentials.
fn bare(server: &ResourceServer) -> ClientCore {
    let connection = Connection::new(&API).base_url(server.origin());
    ClientCore::new(connection, ClientOptions::new()).expect("usable settings")
}

fn call<'a>(client: &'a ClientCore, operation: &'static Operation) -> Call<'a, ()> {
    Call::new(client, operation, decode::nothing)
}

async fn accepting() -> ResourceServer {
    ResourceServer::start(async |_| Reply::status(200)).await
}

fn authorizations(server: &ResourceServer) -> Vec<Option<String>> {
    let requests = server.requests();
    let values = requests.iter().map(Request::authorization);
    values.map(|value| value.map(str::to_owned)).collect()
}

#[tokio::test]
async fn without_credentials_a_call_is_not_sent_and_the_error_says_what_is_missing() {
    let server = accepting().await;
    let client = bare(&server);
    let error = call(&client, &SECURED).await.unwrap_err();
    assert_eq!(error.stage(), Stage::Request);
    assert_eq!(
        error.to_string(),
        "secured (GET /secured): the call needs `Oauth2`: set the client identifier and the client \
         secret (ORDERS_CLIENT_ID, ORDERS_CLIENT_SECRET)"
    );
    let error = call(&client, &EITHER).await.unwrap_err();
    assert!(
        error
            .to_string()
            .contains("the call needs `Oauth2` and `ApiKey`, or `ApiKey`"),
        "{error}"
    );
    let error = call(&client, &KEYED).await.unwrap_err();
    assert!(
        error
            .to_string()
            .ends_with("the call needs `ApiKey`: set its header")
    );
    assert!(server.requests().is_empty());
}

#[tokio::test]
async fn optional_security_goes_without_only_if_there_are_no_credentials() {
    let server = accepting().await;
    call(&bare(&server), &OPTIONAL).await.unwrap();
    assert_eq!(authorizations(&server), [None]);

    let world = World::start(async |_, _| Reply::status(200)).await;
    call(&world.client, &OPTIONAL).await.unwrap();
    assert_eq!(
        authorizations(&world.server),
        [Some("Bearer s3cret-1".to_owned())]
    );
}

#[tokio::test]
async fn an_operation_without_security_gets_no_token() {
    let world = World::start(async |_, _| Reply::status(401)).await;
    let error = call(&world.client, &OPEN).await.unwrap_err();
    assert!(matches!(error.replay(), Replay::NotNeeded));
    assert_eq!(world.counts(), (0, 1));
    assert_eq!(authorizations(&world.server), [None]);
}

#[tokio::test]
async fn a_scheme_of_the_callers_is_met_by_a_header() {
    let server = accepting().await;
    let client = bare(&server);
    call(&client, &KEYED)
        .header("X-Api-Key", "k")
        .await
        .unwrap();

    let connection = Connection::new(&API).base_url(server.origin());
    let options = ClientOptions::new().header("X-Api-Key", "k");
    let client = ClientCore::new(connection, options).unwrap();
    call(&client, &KEYED).await.unwrap();
    call(&client, &EITHER).await.unwrap();
    let requests = server.requests();
    assert_eq!(requests.len(), 3);
    assert!(
        requests
            .iter()
            .all(|request| request.headers["x-api-key"] == "k")
    );
}

#[tokio::test]
async fn an_authorization_of_the_callers_stands_and_is_not_suspected() {
    let world = World::start(async |_, _| Reply::status(401)).await;
    let error = call(&world.client, &SECURED)
        .header("Authorization", "Basic eDp5")
        .await
        .unwrap_err();
    assert!(matches!(error.replay(), Replay::NotNeeded));
    assert_eq!(world.counts(), (0, 1));
    assert_eq!(
        authorizations(&world.server),
        [Some("Basic eDp5".to_owned())]
    );
}

#[tokio::test]
async fn a_token_never_travels_in_clear_text() {
    let issuer = Issuer::default();
    let connection = Connection::new(&API).base_url("http://api.example.com");
    let options = ClientOptions::new().tokens(TokenCache::new(issuer.clone()));
    let client = ClientCore::new(connection, options).unwrap();
    let error = call(&client, &SECURED).await.unwrap_err();
    assert_eq!(error.stage(), Stage::Request);
    assert!(error.to_string().contains("https"), "{error}");
    assert_eq!(issuer.requests(), 0);
}

#[tokio::test]
async fn a_token_goes_to_no_other_origin_than_that_of_the_base_url() {
    let other = accepting().await;
    let world = World::start(async |_, _| Reply::status(200)).await;
    let error = call(&world.client, &SECURED)
        .base_url(other.origin())
        .await
        .unwrap_err();
    assert_eq!(error.stage(), Stage::Request);
    assert!(other.requests().is_empty());

    call(&world.client, &OPEN)
        .base_url(other.origin())
        .await
        .unwrap();
    assert_eq!(authorizations(&other), [None]);

    let options = ClientOptions::new().trusted_origin(other.origin());
    let world = World::with_options(options, async |_, _| Reply::status(200)).await;
    call(&world.client, &SECURED)
        .base_url(other.origin())
        .await
        .unwrap();
    assert_eq!(other.requests().len(), 2);
    assert!(authorizations(&other)[1].is_some());
}

#[tokio::test]
async fn a_redirect_to_another_origin_loses_the_token_and_its_401_triggers_nothing() {
    for status in [301, 302, 303, 307, 308] {
        let other = ResourceServer::start(async |_| Reply::status(401)).await;
        let target: Arc<str> = format!("{}/elsewhere", other.origin()).into();
        let world = World::start(move |_, _| {
            std::future::ready(Reply::status(status).header("location", &target))
        })
        .await;
        let error = call(&world.client, &SECURED)
            .header("Cookie", "session=s3cret")
            .await
            .unwrap_err();
        assert_eq!(error.status().map(|status| status.as_u16()), Some(401));
        assert!(matches!(error.replay(), Replay::NotNeeded));
        assert_eq!(world.counts(), (1, 1));
        let arrived = other.requests();
        assert_eq!(arrived.len(), 1);
        for name in ["authorization", "cookie", "referer"] {
            assert!(!arrived[0].headers.contains_key(name), "{name} {status}");
        }
    }
}

#[tokio::test]
async fn a_redirect_within_the_origin_keeps_the_token() {
    let world = World::start(async |issuer: Issuer, request: Request| {
        if request.uri.path() == "/secured" {
            Reply::status(307).header("location", "/moved")
        } else if issuer.accepts(&request) {
            Reply::status(200)
        } else {
            Reply::status(401)
        }
    })
    .await;
    call(&world.client, &SECURED).await.unwrap();
    world.issuer.revoke();
    let response = call(&world.client, &SECURED).send().await.unwrap();
    assert!(matches!(response.replay(), Replay::Done));
    assert_eq!(world.counts(), (2, 6));
}

#[tokio::test]
async fn redirects_without_end_are_an_error() {
    let world = World::start(async |_, _| Reply::status(302).header("location", "/secured")).await;
    let error = call(&world.client, &SECURED).await.unwrap_err();
    assert_eq!(error.stage(), Stage::Transport);
    assert!(!error.is_transient());
    assert!(world.counts().1 <= 12);
}

#[tokio::test]
async fn the_time_of_a_call_covers_its_token_and_all() {
    let world = World::start(async |_, _| std::future::pending().await).await;
    let error = call(&world.client, &SECURED)
        .timeout(Duration::from_millis(50))
        .await
        .unwrap_err();
    assert!(error.is_timeout());
    assert_eq!(error.stage(), Stage::Transport);
    assert_eq!(error.attempts(), 1);
}
