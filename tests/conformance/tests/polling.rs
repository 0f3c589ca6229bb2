//! Long-running operations, by a generated client: the state is asked for until they are done, by calls
//! like any other, and no URL leads the client's credentials astray.

use std::future::ready;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use accredit_runtime::{ClientOptions, Error, Stage, Wait};
use conformance::generated::polling::types::{ExportStatus, Site};
use conformance::generated::polling::{Client, operations, types};
use conformance::{Issuer, Reply, Request, ResourceServer};
use serde_json::Value;

const SOON: Duration = Duration::from_millis(1);

/// A server that answers the nth request to each path as a function of `METHOD /path`, n and its origin
/// says.
async fn world(answer: fn(&str, usize, &str) -> Reply) -> (ResourceServer, Client) {
    let count = AtomicUsize::new(0);
    let server = ResourceServer::start(move |request: Request| {
        let host = request.headers["host"].to_str().expect("a host");
        let target = format!("{} {}", request.method, request.uri);
        let nth = count.fetch_add(1, Ordering::Relaxed);
        ready(answer(&target, nth, &format!("http://{host}")))
    })
    .await;
    let client = client(server.origin());
    (server, client)
}

fn client(origin: &str) -> Client {
    let tokens = accredit_runtime::TokenCache::new(Issuer::default());
    let connection = Client::connection().base_url(format!("{origin}/v1"));
    Client::with_options(connection, ClientOptions::new().tokens(tokens)).expect("a client")
}

fn export(client: &Client) -> operations::CreateExport<'_> {
    let body = types::CreateExportRequest::new("all".to_owned());
    client.exports().create_export(&body)
}

fn targets(server: &ResourceServer) -> Vec<String> {
    let requests = server.requests();
    let targets = requests.iter().map(|request| {
        assert!(
            request.authorization().is_some(),
            "each request is authorised"
        );
        format!("{} {}", request.method, request.uri)
    });
    targets.collect()
}

fn exports(target: &str, nth: usize, _: &str) -> Reply {
    match (target, nth) {
        ("POST /v1/exports", _) => Reply::status(202).header("location", "exports/7"),
        ("GET /v1/exports/7", 1) => Reply::status(200).json(r#"{"status": "queued"}"#),
        ("GET /v1/exports/7", 2) => Reply::status(200).json(r#"{"status": "running"}"#),
        ("GET /v1/exports/7", _) => {
            Reply::status(200).json(r#"{"status": "completed", "url": "/files/7"}"#)
        }
        _ => Reply::status(400),
    }
}

#[tokio::test]
async fn a_location_is_asked_for_the_state_until_it_is_a_last_one() {
    let (server, client) = world(exports).await;
    let call = export(&client)
        .x_account("a-1")
        .header("if-none-match", "x");
    let done = call.poller().delays(SOON, SOON).await.unwrap();
    assert_eq!(done.status, ExportStatus::Completed);
    assert_eq!(done.url.as_deref(), Some("/files/7"));
    let expected = [
        "POST /v1/exports",
        "GET /v1/exports/7",
        "GET /v1/exports/7",
        "GET /v1/exports/7",
    ];
    assert_eq!(targets(&server), expected);
    let asked = &server.requests()[1];
    // Headers go along, except those that are about the body or the outcome of the call.
    assert_eq!(asked.headers["x-account"], "a-1");
    assert_eq!(asked.headers["accept"], "application/json");
    assert!(asked.body.is_empty());
    for name in ["content-type", "if-none-match"] {
        assert!(!asked.headers.contains_key(name), "{name}");
    }
}

#[tokio::test]
async fn progress_is_seen_step_by_step() {
    let (server, client) = world(exports).await;
    let mut poller = export(&client).poller().delays(SOON, SOON);
    assert!(
        server.requests().is_empty(),
        "nothing is sent before it is wanted"
    );
    let mut states = Vec::new();
    let done = loop {
        let step = poller.step().await.unwrap();
        states.push(poller.state().map(str::to_owned));
        if let Some(done) = step {
            break done;
        }
    };
    assert_eq!(done.status, ExportStatus::Completed);
    let named = ["queued", "running", "completed"].map(|state| Some(state.to_owned()));
    assert_eq!(states[0], None);
    assert_eq!(states[1..], named);
    assert_eq!(poller.answer().map(|it| it.status().as_u16()), Some(200));
}

#[tokio::test]
async fn a_poller_goes_on_where_another_one_was() {
    let (server, client) = world(exports).await;
    let mut first = export(&client).poller().delays(SOON, SOON);
    assert_eq!(first.position(), None);
    assert!(first.step().await.unwrap().is_none());
    let position = first.position().expect("a position");
    drop(first);
    let second = export(&client).poller().resume_at(&position);
    let done = second.delays(SOON, SOON).await.unwrap();
    assert_eq!(done.status, ExportStatus::Completed);
    let posts = targets(&server)
        .into_iter()
        .filter(|it| it.starts_with("POST"));
    assert_eq!(posts.count(), 1, "the call isn't made again");

    let error = export(&client).poller().resume_at("exports/7").await;
    let expected = "createExport (POST /exports): the position to go on from is none of a poller";
    assert_eq!(error.expect_err("no position").to_string(), expected);
}

#[tokio::test]
async fn code_that_isn_t_async_waits_too() {
    let (_server, client) = world(exports).await;
    let done = tokio::task::spawn_blocking(move || {
        export(&client).poller().delays(SOON, SOON).wait().unwrap()
    });
    assert_eq!(done.await.unwrap().status, ExportStatus::Completed);
}

#[tokio::test]
async fn an_operation_that_ends_in_failure_is_an_error_with_its_last_answer() {
    let (server, client) = world(|target, _, _| match target {
        "POST /v1/exports" => Reply::status(202).header("location", "/v1/exports/7"),
        _ => Reply::status(200)
            .header("x-request-id", "r-1")
            .json(r#"{"status": "EXPIRED", "why": "s3cret"}"#),
    })
    .await;
    let error = export(&client).poller().delays(SOON, SOON).await;
    let error = error.expect_err("a failure");
    assert_eq!(error.stage(), Stage::Api);
    assert_eq!(
        error.to_string(),
        "createExport (POST /exports): it ended as `expired`; the server answered 200 OK (request r-1)"
    );
    let api = error.api().expect("an answer");
    assert_eq!(api.ended(), Some("expired"));
    let body: Value = api.answer().json().unwrap();
    assert_eq!(body["why"], "s3cret");
    assert_eq!(server.requests().len(), 2);
}

#[tokio::test]
async fn a_request_for_the_state_that_fails_can_be_made_again() {
    let (_server, client) = world(|target, nth, origin| match nth {
        1 => Reply::status(404).json("{}"),
        _ => exports(target, nth, origin),
    })
    .await;
    let suspicion = accredit_runtime::SuspicionPolicy::off();
    let mut poller = export(&client)
        .suspicion(suspicion)
        .poller()
        .delays(SOON, SOON);
    let error = poller.done().await.expect_err("a refusal");
    assert_eq!(
        error.to_string(),
        "createExport (POST /exports): the server answered 404 Not Found"
    );
    assert_eq!(poller.done().await.unwrap().status, ExportStatus::Completed);
}

#[tokio::test]
async fn a_token_that_dies_meanwhile_is_replaced() {
    let (server, client) = world(|target, nth, origin| match nth {
        2 => Reply::status(401).header("www-authenticate", "Bearer error=\"invalid_token\""),
        _ => exports(target, nth, origin),
    })
    .await;
    let done = export(&client).poller().delays(SOON, SOON).await.unwrap();
    assert_eq!(done.status, ExportStatus::Completed);
    let requests = server.requests();
    assert_ne!(requests[1].authorization(), requests[3].authorization());
    let posts = targets(&server)
        .into_iter()
        .filter(|it| it.starts_with("POST"));
    assert_eq!(posts.count(), 1);
}

#[tokio::test]
async fn the_server_says_how_long_to_wait() {
    let (_server, client) = world(|target, nth, origin| {
        let reply = exports(target, nth.max(2) + 1, origin);
        reply.header("retry-after", "1")
    })
    .await;
    let begun = Instant::now();
    let done = export(&client).poller().delays(SOON, SOON).await.unwrap();
    assert_eq!(done.status, ExportStatus::Completed);
    assert!(begun.elapsed() >= Duration::from_secs(1));
}

#[tokio::test]
async fn an_operation_that_takes_too_long_is_an_error_and_can_be_waited_for_again() {
    let (server, client) = world(|target, nth, origin| match nth {
        1 => Reply::status(200)
            .header("retry-after", "3600")
            .json(r#"{"status": "running"}"#),
        _ => exports(target, nth, origin),
    })
    .await;
    let poller = export(&client).poller().delays(SOON, SOON);
    let mut poller = poller.within(Duration::from_secs(60));
    let error = poller.done().await.expect_err("too long");
    assert!(error.is_timeout());
    assert_eq!(
        error.to_string(),
        "createExport (POST /exports): the operation isn't done within 60s; `within` sets how long \
         is waited"
    );
    assert_eq!(
        server.requests().len(),
        2,
        "there is no use in waiting for it"
    );
    assert_eq!(poller.done().await.unwrap().status, ExportStatus::Completed);
}

#[tokio::test]
async fn whoever_drops_a_step_can_take_it_again() {
    let (server, client) = world(|target, nth, origin| match nth {
        1 => Reply::status(200)
            .header("retry-after", "1")
            .json(r#"{"status": "running"}"#),
        _ => exports(target, nth, origin),
    })
    .await;
    let mut poller = export(&client).poller().delays(SOON, SOON);
    let early = tokio::time::timeout(Duration::from_millis(300), poller.done()).await;
    assert!(early.is_err());
    assert_eq!(server.requests().len(), 2);
    assert_eq!(poller.done().await.unwrap().status, ExportStatus::Completed);
    let posts = targets(&server)
        .into_iter()
        .filter(|it| it.starts_with("POST"));
    assert_eq!(posts.count(), 1);
}

async fn astray(location: Option<&str>) -> (Error, usize) {
    let other = ResourceServer::start(|_| ready(Reply::status(200).json("{}"))).await;
    let location = location.map(|to| to.replace("OTHER", other.origin()));
    let server = ResourceServer::start(move |_| {
        let reply = Reply::status(202);
        let location = location.as_deref();
        ready(location.map_or(reply.clone(), |to| reply.header("location", to)))
    })
    .await;
    let client = client(server.origin());
    let error = export(&client).poller().delays(SOON, SOON).await;
    assert_eq!(server.requests().len(), 1);
    (error.expect_err("an error"), other.requests().len())
}

#[tokio::test]
async fn a_state_at_another_origin_is_not_asked_for() {
    for location in ["OTHER/exports/7", "//example.com/exports/7"] {
        let (error, elsewhere) = astray(Some(location)).await;
        assert_eq!(error.stage(), Stage::Request);
        assert_eq!(
            error.to_string(),
            "createExport (POST /exports): the operation's state is at another origin than the \
             client's, which must not see its credentials"
        );
        assert_eq!(elsewhere, 0);
    }
}

#[tokio::test]
async fn an_answer_that_leads_nowhere_is_an_error_that_has_it() {
    for location in [None, Some("http://[")] {
        let (error, _) = astray(location).await;
        assert_eq!(error.stage(), Stage::Decode);
        assert_eq!(error.status().map(|status| status.as_u16()), Some(202));
        let text = error.to_string();
        assert!(
            text.contains("expected the URL of the operation's state in its headers, found none"),
            "{text}"
        );
    }
}

#[tokio::test]
async fn a_get_that_answers_202_is_asked_again() {
    let (server, client) = world(|_, nth, _| match nth {
        0 | 1 => Reply::status(202).json("{}"),
        _ => Reply::status(200).json("[1, 2]"),
    })
    .await;
    let poller = client.exports().statistics().poller();
    assert_eq!(poller.delays(SOON, SOON).await.unwrap(), [1, 2]);
    assert_eq!(targets(&server), ["GET /v1/statistics"; 3]);
}

#[tokio::test]
async fn a_monitor_has_its_state_whatever_the_status() {
    let (server, client) = world(|target, nth, _| match (target, nth) {
        ("POST /v1/models", _) => Reply::status(202).header("operation-location", "/v1/jobs/1"),
        ("GET /v1/jobs/1", 1) => Reply::status(200).json(r#"{"status": "NotStarted"}"#),
        ("GET /v1/jobs/1", 2) => Reply::status(200)
            .header("operation-location", "/v1/jobs/2")
            .json(r#"{"status": "running"}"#),
        ("GET /v1/jobs/2", _) => {
            Reply::status(200).json(r#"{"status": "Succeeded", "result": {"accuracy": 1}}"#)
        }
        _ => Reply::status(400),
    })
    .await;
    let poller = client.azure().train_model().poller();
    let answer = poller.delays(SOON, SOON).await.unwrap();
    let body: Value = answer.json().unwrap();
    assert_eq!(body["result"]["accuracy"], 1);
    assert_eq!(server.requests().len(), 4);
}

#[tokio::test]
async fn what_azure_puts_in_place_is_fetched_once_its_monitor_says_so() {
    let (server, client) = world(|target, nth, origin| match (target, nth) {
        ("PUT /v1/sites/a", _) => Reply::status(201)
            .header("azure-asyncoperation", &format!("{origin}/v1/operations/1"))
            .json(r#"{"name": "a", "properties": {"provisioningState": "Creating"}}"#),
        ("GET /v1/operations/1", 1) => Reply::status(200).json(r#"{"status": "InProgress"}"#),
        ("GET /v1/operations/1", _) => Reply::status(200).json(r#"{"status": "Succeeded"}"#),
        ("GET /v1/sites/a", _) => Reply::status(200).json(r#"{"name": "a"}"#),
        _ => Reply::status(400),
    })
    .await;
    let call = client.azure().put_site("a", &Site::default());
    let site = call.poller().delays(SOON, SOON).await.unwrap();
    assert_eq!(site.name.as_deref(), Some("a"));
    let last = targets(&server).pop();
    assert_eq!(last.as_deref(), Some("GET /v1/sites/a"));
}

#[tokio::test]
async fn a_resource_without_a_monitor_has_its_state_itself() {
    let (server, client) = world(|_, nth, _| {
        let state = ["Creating", "Updating", "Succeeded"][nth.min(2)];
        let body = format!(r#"{{"name": "a", "properties": {{"provisioningState": "{state}"}}}}"#);
        Reply::status(if nth == 0 { 201 } else { 200 }).json(&body)
    })
    .await;
    let call = client.azure().put_site("a", &Site::default());
    let site = call.poller().delays(SOON, SOON).await.unwrap();
    assert_eq!(site.name.as_deref(), Some("a"));
    assert_eq!(
        targets(&server),
        ["PUT /v1/sites/a", "GET /v1/sites/a", "GET /v1/sites/a"]
    );
}

#[tokio::test]
async fn a_call_that_is_done_at_once_is_asked_for_nothing() {
    let (server, client) = world(|_, _, _| Reply::status(204)).await;
    client.azure().delete_site("a").poller().await.unwrap();
    assert_eq!(server.requests().len(), 1);
}

#[tokio::test]
async fn the_result_is_fetched_where_location_led() {
    let (server, client) = world(|target, _, _| match target {
        "POST /v1/sites/a/copy" => Reply::status(202)
            .header("azure-asyncoperation", "/v1/operations/1")
            .header("location", "/v1/results/1"),
        "GET /v1/operations/1" => Reply::status(200).json(r#"{"status": "Succeeded"}"#),
        "GET /v1/results/1" => Reply::status(200).json(r#"{"name": "b"}"#),
        _ => Reply::status(400),
    })
    .await;
    let mut first = client.azure().copy_site("a").poller().delays(SOON, SOON);
    assert!(first.step().await.unwrap().is_none());
    let position = first.position().expect("a position");
    // The position knows where the result will be.
    let second = client.azure().copy_site("a").poller().resume_at(&position);
    assert_eq!(second.await.unwrap().name.as_deref(), Some("b"));
    let expected = [
        "POST /v1/sites/a/copy",
        "GET /v1/operations/1",
        "GET /v1/results/1",
    ];
    assert_eq!(targets(&server), expected);
}

#[tokio::test]
async fn a_state_can_redirect_to_the_result() {
    let (server, client) = world(|target, _, _| match target {
        "POST /v1/models" => Reply::status(202).header("operation-location", "/v1/jobs/1"),
        "GET /v1/jobs/1" => Reply::status(303).header("location", "/v1/models/1"),
        "GET /v1/models/1" => Reply::status(200).json(r#"{"accuracy": 1}"#),
        _ => Reply::status(400),
    })
    .await;
    let poller = client.azure().train_model().poller();
    let body: Value = poller.delays(SOON, SOON).await.unwrap().json().unwrap();
    assert_eq!(body["accuracy"], 1);
    assert_eq!(server.requests().len(), 3);
}

#[tokio::test]
async fn a_call_that_was_answered_is_not_made_once_more() {
    let (server, client) = world(|_, nth, _| Reply::status(if nth == 0 { 204 } else { 202 })).await;
    let mut done_at_once = client.azure().delete_site("a").poller();
    done_at_once.done().await.unwrap();
    let mut leads_nowhere = client.azure().delete_site("a").poller();
    let error = leads_nowhere.done().await.expect_err("no URL");
    assert_eq!(error.stage(), Stage::Decode);
    assert_eq!(server.requests().len(), 2);
    for poller in [&mut done_at_once, &mut leads_nowhere] {
        let error = poller.done().await.expect_err("nothing to ask for");
        assert_eq!(
            error.to_string(),
            "deleteSite (DELETE /sites/{name}): the call was answered without the URL of a state \
             that could be asked for"
        );
    }
    assert_eq!(server.requests().len(), 2);
}

#[tokio::test]
async fn the_location_of_a_monitor_is_not_where_it_goes_on() {
    let (server, client) = world(|target, nth, _| match (target, nth) {
        ("PUT /v1/sites/a", _) => Reply::status(201)
            .header("azure-asyncoperation", "/v1/operations/1")
            .json("{}"),
        ("GET /v1/operations/1", 1) => Reply::status(202)
            .header("location", "/v1/elsewhere")
            .json(r#"{"status": "Running"}"#),
        ("GET /v1/operations/1", _) => Reply::status(202).json(r#"{"status": "Succeeded"}"#),
        ("GET /v1/sites/a", _) => Reply::status(200).json(r#"{"name": "a"}"#),
        _ => Reply::status(400),
    })
    .await;
    let call = client.azure().put_site("a", &Site::default());
    let site = call.poller().delays(SOON, SOON).await.unwrap();
    assert_eq!(site.name.as_deref(), Some("a"));
    assert_eq!(server.requests().len(), 4);
}

#[test]
fn what_is_printed_of_a_poller_holds_no_position() {
    let client = client("https://api.example.com");
    let poller = export(&client).poller();
    let poller = poller.resume_at("state https://api.example.com/?key=s3cret");
    assert!(!format!("{poller:?}").contains("s3cret"));
}
