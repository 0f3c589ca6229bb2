//! The double of an API, by a generated client: calls are named by themselves, and answered over real
//! connections.

use accredit_runtime::mock::Server;
use accredit_runtime::{ClientOptions, RetryPolicy, Stage};
use conformance::generated::{pages, polling, security_schemes};
use futures_util::TryStreamExt;
use pages::types::Order;
use serde_json::json;

async fn mock() -> Server<pages::Client> {
    Server::start().await.expect("a port on loopback")
}

fn order(id: &str) -> Order {
    Order::new(id.to_owned())
}

#[tokio::test]
async fn a_call_is_answered_by_the_rule_that_names_its_values() {
    let mock = mock().await;
    let lists = mock.client().lists();
    let first = mock
        .when(lists.payments().offset(0))
        .returns(&vec![order("1")]);
    let second = mock.when(lists.payments().offset(1)).returns(&vec![]);
    let items = lists.payments().offset(0).items();
    let found: Vec<_> = items.try_collect().await.unwrap();
    assert_eq!(found.len(), 1);
    assert_eq!((first.calls(), second.calls()), (1, 1));
    assert_eq!(first.requests()[0].uri(), "/payments?offset=0");
    assert!(mock.unexpected().is_empty());
}

#[tokio::test]
async fn a_call_that_no_rule_is_for_is_refused_and_told() {
    let mock = mock().await;
    let lists = mock.client().lists();
    mock.when(lists.payments().offset(1)).returns(&vec![]);
    let error = lists.payments().offset(2).await.expect_err("no rule");
    assert_eq!(error.status().map(|status| status.as_u16()), Some(501));
    let body: serde_json::Value =
        serde_json::from_slice(error.answer().expect("an answer").body()).unwrap();
    let expected = json!({
        "title": "the test has no rule for GET /payments",
        "rules": ["payments (GET /payments): for other values, or another operation"],
    });
    assert_eq!(body, expected);
    assert_eq!(mock.unexpected().len(), 1);
    assert_eq!(mock.requests().len(), 1);
}

#[tokio::test]
async fn rules_that_are_used_up_give_way_to_those_that_follow() {
    let mock = mock().await;
    let lists = mock.client().lists();
    let call = || lists.payments();
    mock.when(call())
        .whatever_it_says()
        .times(1)
        .fails_with(409, &json!({"code": "busy"}));
    let then = mock
        .when(call())
        .whatever_it_says()
        .returns(&vec![order("1")]);
    let error = call().limit(7).await.expect_err("a refusal");
    assert_eq!(
        (error.stage(), error.status().unwrap().as_u16()),
        (Stage::Api, 409)
    );
    assert_eq!(error.answer().unwrap().body(), r#"{"code":"busy"}"#);
    assert_eq!(call().limit(7).await.unwrap()[0].id, "1");
    assert_eq!(then.calls(), 1);
}

#[tokio::test]
async fn a_token_that_is_revoked_is_replaced_and_the_call_replayed() {
    let mock = mock().await;
    let lists = mock.client().lists();
    let rule = mock.when(lists.payments()).returns(&vec![]);
    lists.payments().await.unwrap();
    mock.authorization().revoke_all();
    let response = lists.payments().send().await.unwrap();
    assert_eq!(response.attempts(), 2);
    assert_eq!(mock.authorization().token_requests(), 2);
    // The refused attempt reaches no rule.
    assert_eq!((rule.calls(), mock.requests().len()), (2, 3));
}

#[tokio::test]
async fn a_transient_fault_is_one_of_a_rule_too() {
    let options = ClientOptions::new().retry(RetryPolicy::new());
    let mock = Server::<pages::Client>::start_with(options).await.unwrap();
    let lists = mock.client().lists();
    let busy = mock
        .when(lists.payments())
        .times(1)
        .header("retry-after", "0");
    let busy = busy.fails_with(503, "busy");
    let broken = mock.when(lists.payments()).times(1).breaks_off();
    mock.when(lists.payments()).returns(&vec![]);
    assert_eq!(lists.payments().send().await.unwrap().attempts(), 3);
    assert_eq!((busy.calls(), broken.calls()), (1, 1));
}

#[tokio::test]
async fn every_scheme_has_a_credential() {
    let mock = Server::<security_schemes::Client>::start().await.unwrap();
    assert!(mock.url().starts_with("http://127.0.0.1:"));
}

#[tokio::test]
async fn a_long_running_operation_is_polled_to_its_end() {
    let mock: Server<polling::Client> = Server::start().await.expect("a port on loopback");
    let client = mock.client();
    let query = polling::types::CreateExportRequest::new("all".to_owned());
    let call = || client.exports().create_export(&query);
    mock.when(call())
        .header("location", "exports/7")
        .returns(&());
    let export = |status| polling::types::Export::new(status);
    let state = || mock.when(client.results().get_export("7"));
    state()
        .times(1)
        .returns(&export(polling::types::ExportStatus::Running));
    state().returns(&export(polling::types::ExportStatus::Completed));
    let soon = std::time::Duration::from_millis(1);
    let done = call().poller().delays(soon, soon).await.unwrap();
    assert_eq!(done.status, polling::types::ExportStatus::Completed);
    assert!(mock.unexpected().is_empty());
}
