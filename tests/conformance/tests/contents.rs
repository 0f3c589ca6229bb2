//! Bodies of several media types, by a generated client.

use accredit_runtime::{ClientOptions, Stage, TokenCache, Upload};
use conformance::generated::contents::operations::{
    ChangeReportBody, ChangeReportError, CreateReportBody, CreateReportForm, ListReportsError,
    ListReportsResponse,
};
use conformance::generated::contents::{Client, types};
use conformance::{Issuer, Reply, Request, ResourceServer};

async fn world<H>(reply: H) -> (ResourceServer, Client)
where
    H: Fn(&Request) -> Reply + Send + Sync + 'static,
{
    let server =
        ResourceServer::start(move |request: Request| std::future::ready(reply(&request))).await;
    let connection = Client::connection().base_url(server.origin());
    let options = ClientOptions::new().tokens(TokenCache::new(Issuer::default()));
    let client = Client::with_options(connection, options).expect("usable settings");
    (server, client)
}

/// The media type and the body of each request.
fn sent(server: &ResourceServer) -> Vec<(String, String)> {
    let requests = server.requests().into_iter().map(|request| {
        let media_type = request.headers["content-type"].to_str().expect("ASCII");
        let media_type = media_type.split(';').next().unwrap_or_default();
        let body = String::from_utf8(request.body.to_vec()).expect("UTF-8");
        (media_type.to_owned(), body)
    });
    requests.collect()
}

fn pair(media_type: &str, body: &str) -> (String, String) {
    (media_type.to_owned(), body.to_owned())
}

#[tokio::test]
async fn a_body_goes_out_as_the_media_type_that_the_caller_chooses() {
    let (server, client) = world(|_| Reply::status(204)).await;
    let reports = client.reports();
    let mut report = types::Report::new("r 1".to_owned());
    report.pages = Some(3);
    reports.create_report(&report).await.unwrap();
    let form = CreateReportBody::Form(&report);
    reports.create_report(form).await.unwrap();
    let csv = CreateReportBody::Csv("id,pages\n");
    reports.create_report(csv).await.unwrap();
    reports.create_report(Upload::from("%PDF")).await.unwrap();
    assert_eq!(
        sent(&server),
        [
            pair("application/json", r#"{"id":"r 1","pages":3}"#),
            pair("application/x-www-form-urlencoded", "id=r+1&pages=3"),
            pair("text/csv", "id,pages\n"),
            pair("application/pdf", "%PDF"),
        ]
    );

    let parts = CreateReportForm::new("file");
    reports.create_report(parts).await.unwrap();
    let (media_type, body) = sent(&server).pop().expect("a request");
    assert_eq!(media_type, "multipart/form-data");
    assert!(body.contains("name=\"file\""), "{body}");
}

#[tokio::test]
async fn a_patch_says_how_it_is_meant_and_a_body_can_be_left_out() {
    let (server, client) = world(|_| Reply::status(204)).await;
    let reports = client.reports();
    let steps = [types::Step::new("remove".to_owned(), "/pages".to_owned())];
    reports
        .change_report(1)
        .body(ChangeReportBody::JsonPatch(&steps))
        .await
        .unwrap();
    let change = types::Change { pages: Some(None) };
    reports
        .change_report(1)
        .body(ChangeReportBody::MergePatch(&change))
        .await
        .unwrap();
    assert_eq!(
        sent(&server),
        [
            pair(
                "application/json-patch+json",
                r#"[{"op":"remove","path":"/pages"}]"#
            ),
            pair("application/merge-patch+json", r#"{"pages":null}"#),
        ]
    );
    reports.change_report(1).await.unwrap();
    assert!(!server.requests()[2].headers.contains_key("content-type"));
}

#[tokio::test]
async fn an_answer_is_read_as_the_media_type_that_it_has() {
    let (server, client) = world(|request| {
        let accept = request.headers["accept"].to_str().expect("ASCII");
        match accept {
            "text/csv" => Reply::status(200).body("text/csv; charset=ISO-8859-1", "id\n"),
            "none" => Reply::status(202),
            "wrong" => Reply::status(200).body("text/html", "<html>"),
            "problem" => Reply::status(406).body("Application/Problem+JSON", r#"{"detail": "d"}"#),
            "text" => Reply::status(406).body("text/plain", "no"),
            _ => Reply::status(200).body("application/json;charset=utf-8", r#"[{"id": "1"}]"#),
        }
    })
    .await;
    let reports = client.reports();
    let list = |accept: &str| reports.list_reports().header("Accept", accept);

    let answer = reports.list_reports().await.unwrap();
    assert!(matches!(answer, ListReportsResponse::OkJson(reports) if reports[0].id == "1"));
    assert_eq!(
        server.requests()[0].headers["accept"],
        "application/json, text/csv;q=0.9, application/problem+json, text/plain;q=0.9"
    );
    let answer = list("text/csv").await.unwrap();
    assert!(matches!(answer, ListReportsResponse::OkCsv(text) if text == "id\n"));
    let answer = list("none").await.unwrap();
    assert!(matches!(answer, ListReportsResponse::Accepted));

    let error = list("wrong").await.unwrap_err();
    assert_eq!(error.stage(), Stage::Decode);
    let error = error.decode().expect("a decode error");
    assert_eq!(error.message(), "expected JSON, found `text/html`");
    let error = list("problem").await.unwrap_err();
    assert!(matches!(
        error.body::<ListReportsError>(),
        Some(Ok(ListReportsError::NotAcceptableProblem(_)))
    ));
    let error = list("text").await.unwrap_err();
    assert!(matches!(
        error.body::<ListReportsError>(),
        Some(Ok(ListReportsError::NotAcceptableText(text))) if text == "no"
    ));

    // What fails as another operation has that one's bodies, by a name of its own.
    let change = reports.change_report(1).header("Accept", "text");
    let body = change.await.unwrap_err().body::<ChangeReportError>();
    let body: ListReportsError = body.expect("a body").unwrap();
    assert!(matches!(body, ChangeReportError::NotAcceptableText(text) if text == "no"));
}
