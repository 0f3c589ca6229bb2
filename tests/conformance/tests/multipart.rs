//! Bodies of parts, by a generated client.

use accredit_runtime::{Bytes, ClientOptions, Replay, SkipReason, TokenCache, Upload};
use conformance::generated::multipart::{Client, operations, types};
use conformance::{Issuer, Reply, Request, ResourceServer};
use futures_util::stream;

async fn world() -> (ResourceServer, Issuer, Client) {
    let issuer = Issuer::default();
    let known = issuer.clone();
    let server = ResourceServer::start(move |request: Request| {
        let status = if known.accepts(&request) { 204 } else { 403 };
        std::future::ready(Reply::status(status))
    })
    .await;
    let connection = Client::connection().base_url(server.origin());
    let options = ClientOptions::new().tokens(TokenCache::new(issuer.clone()));
    let client = Client::with_options(connection, options).expect("usable settings");
    (server, issuer, client)
}

/// The headers of each part in lower case, and its content.
fn parts(request: &Request) -> Vec<(String, String)> {
    let media_type = request.headers["content-type"].to_str().expect("ASCII");
    let boundary = media_type
        .strip_prefix("multipart/form-data; boundary=")
        .expect("a boundary");
    let body = std::str::from_utf8(&request.body).expect("UTF-8");
    let delimiter = format!("--{boundary}\r\n");
    let body = body
        .strip_suffix(&format!("--{boundary}--\r\n"))
        .expect("an end");
    let parts = body.split(delimiter.as_str()).skip(1).map(|part| {
        let (head, content) = part.split_once("\r\n\r\n").expect("a head");
        let head = head
            .to_lowercase()
            .replace("content-disposition: form-data; ", "");
        let head = head.replace("\r\ncontent-type:", ";");
        let content = content.strip_suffix("\r\n").expect("an end");
        (head, content.to_owned())
    });
    parts.collect()
}

#[tokio::test]
async fn each_part_has_its_form_and_all_are_sent_again_with_a_new_token() {
    let (server, issuer, client) = world().await;
    let path = std::env::temp_dir().join(format!("accredit-scan-{}.pdf", std::process::id()));
    std::fs::write(&path, "scan").unwrap();
    client.files().note().await.unwrap();
    issuer.revoke();

    let mut form = operations::AttachForm::new("letter", types::Kind::Letter);
    form.file = form.file.file_name("a.txt").media_type("text/plain");
    form.thumbnail = Some(Upload::from(vec![b'p']).file_name("t.png"));
    form.metadata = Some(types::Metadata::new("me".to_owned()));
    form.labels = vec!["x".to_owned(), "y".to_owned()];
    form.scans = vec![Upload::file(&path).file_name("scan.pdf")];
    form.scans_x_pages = Some(2);
    form.history = vec![types::Metadata::new("you".to_owned())];
    let response = client.files().attach(form).send().await.unwrap();
    assert!(matches!(response.replay(), Replay::Done));
    std::fs::remove_file(&path).unwrap();

    let requests = server.requests();
    assert_eq!(requests[1].body, requests[2].body);
    let length = requests[2].body.len().to_string();
    assert_eq!(requests[2].headers["content-length"], length.as_str());
    let pair = |head: &str, content: &str| (head.to_owned(), content.to_owned());
    assert_eq!(
        parts(&requests[2]),
        [
            pair("name=\"file\"; filename=\"a.txt\"; text/plain", "letter"),
            pair("name=\"kind\"", "letter"),
            pair("name=\"thumbnail\"; filename=\"t.png\"; image/png", "p"),
            pair(
                "name=\"metadata\"; application/vnd.files+json",
                r#"{"author":"me"}"#
            ),
            pair("name=\"labels\"", "x"),
            pair("name=\"labels\"", "y"),
            pair(
                "name=\"scans\"; filename=\"scan.pdf\"; application/octet-stream\r\nx-pages: 2",
                "scan"
            ),
            pair("name=\"history\"; application/json", r#"{"author":"you"}"#),
        ]
    );
}

#[tokio::test]
async fn a_body_is_optional_and_so_are_its_parts() {
    let (server, _issuer, client) = world().await;
    let form = operations::NoteForm {
        form: Some(true),
        ..Default::default()
    };
    client.files().note().body(form).await.unwrap();
    let pair = ("name=\"form\"".to_owned(), "true".to_owned());
    assert_eq!(parts(&server.requests()[0]), [pair]);
}

#[tokio::test]
async fn a_part_or_header_that_is_no_scalar_has_the_shape_of_its_json() {
    let (server, _issuer, client) = world().await;
    let mut form = operations::TagForm::new(types::Code::String("a7".to_owned()));
    form.code_x_size = Some(types::Size {
        width: Some(3),
        height: None,
    });
    client.files().tag(form.clone()).await.unwrap();
    form.code_x_size = None;
    form.alias = Some(types::Code::Integer(8));
    form.former = vec![types::Code::Integer(9), types::Code::String("b".to_owned())];
    client.files().tag(form).await.unwrap();
    let pair = |head: &str, content: &str| (head.to_owned(), content.to_owned());
    let requests = server.requests();
    let sized = pair("name=\"code\"; text/plain\r\nx-size: width,3", "a7");
    assert_eq!(parts(&requests[0]), [sized]);
    assert_eq!(
        parts(&requests[1]),
        [
            pair("name=\"code\"; text/plain", "a7"),
            pair("name=\"alias\"; text/plain", "8"),
            pair("name=\"former\"; text/plain", "9"),
            pair("name=\"former\"; text/plain", "b"),
        ]
    );
}

#[tokio::test]
async fn parts_of_another_multipart_type_have_headers_and_no_names() {
    let (server, _issuer, client) = world().await;
    let metadata = types::Metadata::new("me".to_owned());
    let form = operations::SendCallForm::new(metadata.clone(), vec![b'n'], "n1".to_owned());
    client.files().send(form).await.unwrap();
    client.files().send(&metadata).await.unwrap();
    let requests = server.requests();
    let media_type = requests[0].headers["content-type"].to_str().unwrap();
    let (start, boundary) = media_type.split_once("; boundary=").unwrap();
    let (boundary, root) = boundary.split_once("; ").unwrap();
    assert_eq!(
        [start, root],
        ["multipart/related", "type=\"application/json\""]
    );
    let body = std::str::from_utf8(&requests[0].body).unwrap();
    let expected = [
        "--B\r\nContent-Type: application/json\r\n\r\n{\"author\":\"me\"}\r\n",
        "--B\r\nContent-Type: application/vnd.3gpp.5gnas\r\nContent-Id: n1\r\n\r\nn\r\n--B--\r\n",
    ];
    assert_eq!(body.replace(boundary, "B"), expected.concat());
    assert_eq!(requests[1].headers["content-type"], "application/json");
}

#[tokio::test]
async fn a_body_with_a_stream_is_sent_once() {
    let (server, issuer, client) = world().await;
    client.files().note().await.unwrap();
    issuer.revoke();
    let chunks = stream::iter(["a", "b"].map(|text| Ok::<_, std::io::Error>(Bytes::from(text))));
    let form = operations::AttachForm::new(Upload::stream(chunks), types::Kind::Invoice);
    let error = client.files().attach(form).await.unwrap_err();
    assert_eq!(error.status().map(|status| status.as_u16()), Some(403));
    let reason = SkipReason::OneShotBody;
    assert!(matches!(error.replay(), Replay::Skipped(skipped) if *skipped == reason));
    let requests = server.requests();
    assert_eq!(requests.len(), 2);
    assert_eq!(parts(&requests[1])[0].1, "ab");
}
