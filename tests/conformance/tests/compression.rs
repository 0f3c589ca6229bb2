//! Bodies that are compressed, in both directions.

use std::io::{Read, Write};

use accredit_runtime::{Call, ClientOptions, Method, Operation, Status, Upload, Value, decode};
use conformance::{Reply, Request, World};
use flate2::Compression;
use flate2::read::GzDecoder;
use flate2::write::GzEncoder;
use futures_util::TryStreamExt;

static REPORT: Operation =
    Operation::new("reports.get", Method::GET, "/report").success(&[Status::Code(200)]);
static IMPORT: Operation =
    Operation::new("reports.put", Method::PUT, "/report").success(&[Status::Code(204)]);

fn gzip(text: &str) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(text.as_bytes()).expect("memory");
    encoder.finish().expect("memory")
}

fn read(request: &Request) -> String {
    assert_eq!(request.headers["content-encoding"], "gzip");
    let mut text = String::new();
    let mut decoder = GzDecoder::new(&*request.body);
    decoder.read_to_string(&mut text).expect("gzip");
    text
}

#[tokio::test]
async fn an_answer_that_is_compressed_is_read_as_if_it_were_not() {
    let long = format!("[\"{}\"]", "x".repeat(100_000));
    let reply = Reply::status(200).header("content-encoding", "gzip");
    let reply = reply.bytes("application/json", gzip(&long));
    let world = World::start(move |_, _| std::future::ready(reply.clone())).await;
    let call = || Call::<Value>::new(&world.client, &REPORT, decode::json);
    assert_eq!(call().await.unwrap().to_string(), long);
    let download = call().send_stream().await.unwrap().into_body();
    assert_eq!(download.length(), None);
    let chunks: Vec<_> = download.into_stream().try_collect().await.unwrap();
    assert_eq!(chunks.concat(), long.as_bytes());
    let requests = world.server.requests();
    assert!(
        requests
            .iter()
            .all(|request| request.headers["accept-encoding"] == "gzip")
    );
}

#[tokio::test]
async fn a_body_is_compressed_where_the_caller_says_so_from_memory_and_as_it_comes() {
    let world = World::start(async |_, _| Reply::status(204)).await;
    let call = || Call::<()>::new(&world.client, &IMPORT, decode::nothing);
    let text = "0123456789".repeat(50_000);
    call().text("text/plain", &text).compressed().await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("report.txt");
    std::fs::write(&path, &text).unwrap();
    call()
        .compressed()
        .upload("text/plain", Upload::file(&path))
        .await
        .unwrap();
    call().text("text/plain", &text).await.unwrap();
    call().compressed().await.unwrap();
    let [memory, file, plain, empty] = <[Request; 4]>::try_from(world.server.requests()).unwrap();
    assert_eq!(read(&memory), text);
    assert!(memory.body.len() < text.len() / 10);
    assert_eq!(read(&file), text);
    assert!(!file.headers.contains_key("content-length"));
    assert_eq!(plain.body, text);
    for request in [plain, empty] {
        assert!(!request.headers.contains_key("content-encoding"));
    }
}

#[tokio::test]
async fn a_compressed_body_is_sent_again_with_a_new_token() {
    let world = World::with_options(ClientOptions::new(), |issuer, request| {
        let status = if issuer.accepts(&request) { 204 } else { 401 };
        std::future::ready(Reply::status(status))
    })
    .await;
    let guarded = &GUARDED;
    let call = || Call::<()>::new(&world.client, guarded, decode::nothing).compressed();
    call().text("text/plain", "first").await.unwrap();
    world.issuer.revoke();
    call().text("text/plain", "second").await.unwrap();
    let texts: Vec<_> = world.server.requests().iter().map(read).collect();
    assert_eq!(texts, ["first", "second", "second"]);
}

static GUARDED: Operation = Operation::new("reports.put", Method::PUT, "/report")
    .success(&[Status::Code(204)])
    .security(&[accredit_runtime::Requirement::new(&[(0, &[])])]);
