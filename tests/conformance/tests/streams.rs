//! Bodies that are read and written as they come, by a generated client; what becomes of a body that
//! can't be sent again.

use std::convert::Infallible;
use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use accredit_runtime::{
    Bytes, ClientOptions, Connection, Replay, RetryPolicy, SkipReason, Stage, TokenCache, Upload,
};
use conformance::generated::binary::Client;
use conformance::{Issuer, Reply, Request, ResourceServer};
use futures_util::{Stream, StreamExt, TryStreamExt, stream};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

const MEGABYTE: usize = 1024 * 1024;

fn client(origin: &str, issuer: &Issuer) -> Client {
    let options = ClientOptions::new().read_timeout(Duration::from_secs(1));
    with_options(origin, issuer, options)
}

fn with_options(origin: &str, issuer: &Issuer, options: ClientOptions) -> Client {
    let connection: Connection = Client::connection().base_url(origin);
    let options = options.tokens(TokenCache::new(issuer.clone()));
    Client::with_options(connection, options).expect("usable settings")
}

/// A server that takes tokens of an issuer.
async fn guarded(issuer: &Issuer) -> ResourceServer {
    let issuer = issuer.clone();
    ResourceServer::start(move |request: Request| {
        let reply = match (issuer.accepts(&request), request.method.as_str()) {
            (false, _) => Reply::status(401).json(r#"{"reason": "token"}"#),
            (true, "GET") => Reply::status(200).json("[1]"),
            (true, _) => Reply::status(204),
        };
        std::future::ready(reply)
    })
    .await
}

fn chunks(count: usize) -> impl Stream<Item = Result<Bytes, Infallible>> + Send + 'static {
    stream::iter((0..count).map(|_| Ok(Bytes::from(vec![7; MEGABYTE]))))
}

#[tokio::test]
async fn a_file_and_memory_are_sent_again_with_a_new_token() {
    let issuer = Issuer::default();
    let server = guarded(&issuer).await;
    let client = client(server.origin(), &issuer);
    let files = client.files();
    let directory = std::env::temp_dir().join(format!("accredit-{}", std::process::id()));
    std::fs::create_dir_all(&directory).unwrap();
    let path = directory.join("upload.bin");
    std::fs::write(&path, vec![5; 3 * MEGABYTE + 1]).unwrap();

    files.upload("1", "first").await.unwrap();
    issuer.revoke();
    let response = files.upload("2", Upload::file(&path)).send().await.unwrap();
    assert!(matches!(response.replay(), Replay::Done));
    issuer.revoke();
    let memory = vec![6; MEGABYTE];
    let response = files.upload("3", memory).send().await.unwrap();
    assert!(matches!(response.replay(), Replay::Done));
    files
        .replace_image("4")
        .body(Upload::from("x").media_type("image/webp"))
        .await
        .unwrap();
    std::fs::remove_dir_all(&directory).unwrap();

    let requests = server.requests();
    let sizes: Vec<_> = requests.iter().map(|request| request.body.len()).collect();
    let [file, memory] = [3 * MEGABYTE + 1, MEGABYTE];
    assert_eq!(sizes, [5, file, file, memory, memory, 1]);
    assert_eq!(
        requests[1].headers["content-length"],
        file.to_string().as_str()
    );
    assert_eq!(
        requests[1].headers["content-type"],
        "application/octet-stream"
    );
    assert_eq!(requests[5].headers["content-type"], "image/webp");
    assert_eq!(issuer.requests(), 3);
}

#[tokio::test]
async fn a_stream_is_sent_once_its_first_answer_stands_and_the_next_call_has_a_new_token() {
    let issuer = Issuer::default();
    let server = guarded(&issuer).await;
    let client = client(server.origin(), &issuer);
    let files = client.files();
    let response = files
        .upload("1", Upload::stream(chunks(3)))
        .send()
        .await
        .unwrap();
    assert!(matches!(response.replay(), Replay::NotNeeded));

    issuer.revoke();
    let error = files
        .upload("2", Upload::stream(chunks(3)))
        .await
        .unwrap_err();
    let answer = error.api().expect("the original answer");
    assert_eq!(answer.status(), 401);
    assert_eq!(answer.body().as_ref(), br#"{"reason": "token"}"#);
    let reason = SkipReason::OneShotBody;
    assert!(matches!(error.replay(), Replay::Skipped(skipped) if *skipped == reason));
    assert_eq!(error.attempts(), 1);

    files.upload("3", "again").await.unwrap();
    assert_eq!(issuer.requests(), 2);
    let requests = server.requests();
    let sizes: Vec<_> = requests.iter().map(|request| request.body.len()).collect();
    assert_eq!(sizes, [3 * MEGABYTE, 3 * MEGABYTE, 5]);
    assert_eq!(requests[0].headers["transfer-encoding"], "chunked");
}

#[tokio::test]
async fn a_stream_that_can_be_made_again_is_sent_twice() {
    let issuer = Issuer::default();
    let server = guarded(&issuer).await;
    let files = client(server.origin(), &issuer);
    files.files().upload("1", "first").await.unwrap();
    issuer.revoke();
    let made = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&made);
    let upload = Upload::repeatable(move || {
        count.fetch_add(1, Ordering::SeqCst);
        chunks(2)
    });
    let response = files.files().upload("2", upload).send().await.unwrap();
    assert!(matches!(response.replay(), Replay::Done));
    assert_eq!(made.load(Ordering::SeqCst), 2);
    let requests = server.requests();
    let sizes: Vec<_> = requests.iter().map(|request| request.body.len()).collect();
    assert_eq!(sizes, [5, 2 * MEGABYTE, 2 * MEGABYTE]);
}

#[tokio::test]
async fn a_short_stream_that_is_read_before_is_sent_twice() {
    let issuer = Issuer::default();
    let server = guarded(&issuer).await;
    let files = client(server.origin(), &issuer);
    files.files().upload("1", "first").await.unwrap();
    issuer.revoke();
    let short = || stream::iter(["ab", "cd"].map(|text| Ok::<_, io::Error>(Bytes::from(text))));
    let upload = Upload::stream(short()).spool(1024);
    let response = files.files().upload("2", upload).send().await.unwrap();
    assert!(matches!(response.replay(), Replay::Done));
    issuer.revoke();
    let upload = Upload::stream(short()).spool(3);
    let error = files.files().upload("3", upload).await.unwrap_err();
    assert_eq!(error.attempts(), 1);
    let requests = server.requests();
    let bodies: Vec<_> = requests.iter().map(|request| &request.body[..]).collect();
    assert_eq!(bodies, [b"first", &b"abcd"[..], b"abcd", b"abcd"]);
}

#[tokio::test]
async fn an_answer_that_comes_before_the_body_is_read_is_the_callers() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let origin = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let mut head = vec![0; 1024];
            let _ = stream.read(&mut head).await;
            let answer = b"HTTP/1.1 401 Unauthorized\r\ncontent-length: 4\r\n\r\ngone";
            let _ = stream.write_all(answer).await;
            // The connection stays open, and the body is never read.
            tokio::spawn(async move {
                tokio::time::sleep(Duration::from_secs(60)).await;
                drop(stream);
            });
        }
    });
    let issuer = Issuer::default();
    let client = client(&origin, &issuer);
    let endless = chunks(1).chain(stream::pending());
    let error = client
        .files()
        .upload("1", Upload::stream(endless))
        .timeout(Duration::from_secs(20))
        .await
        .unwrap_err();
    assert_eq!(error.stage(), Stage::Api);
    assert_eq!(error.answer().unwrap().body(), "gone");
    assert!(
        matches!(error.replay(), Replay::Skipped(_)),
        "{:?}",
        error.replay()
    );
    assert_eq!(issuer.requests(), 2);
}

#[tokio::test]
async fn a_stream_is_not_retried_and_its_own_fault_is_told() {
    let issuer = Issuer::default();
    let server = ResourceServer::start(async |_| Reply::status(503)).await;
    let client = client(server.origin(), &issuer);
    let call = client.files().upload("1", Upload::stream(chunks(1)));
    let error = call.retry(RetryPolicy::new()).await.unwrap_err();
    assert_eq!((error.attempts(), server.requests().len()), (1, 1));

    let broken = stream::iter([
        Ok(Bytes::from_static(b"a")),
        Err(io::Error::other("no disk")),
    ]);
    let error = client
        .files()
        .upload("1", Upload::stream(broken))
        .await
        .unwrap_err();
    assert_eq!(error.stage(), Stage::Transport);
    let error = client
        .files()
        .upload("1", Upload::file("/nowhere/at/all"))
        .await
        .unwrap_err();
    assert!(
        error.to_string().ends_with("the body can't be read"),
        "{error}"
    );
    assert!(!error.is_transient());
}

#[tokio::test]
async fn an_upload_that_moves_outlasts_the_read_timeout() {
    let issuer = Issuer::default();
    let server = guarded(&issuer).await;
    let options = ClientOptions::new().read_timeout(Duration::from_millis(400));
    let client = with_options(server.origin(), &issuer, options);
    let slow = stream::unfold(0, |sent| async move {
        tokio::time::sleep(Duration::from_millis(100)).await;
        (sent < 10).then(|| (Ok::<_, Infallible>(Bytes::from_static(b"x")), sent + 1))
    });
    client
        .files()
        .upload("1", Upload::stream(slow))
        .await
        .unwrap();
    assert_eq!(server.requests()[0].body.len(), 10);
}

/// Answers with a body of some megabytes, a part at a time.
async fn large(megabytes: usize) -> String {
    let listener = TcpListener::bind("127.0.0.1:0")
        .await
        .expect("a port on loopback");
    let origin = format!("http://{}", listener.local_addr().expect("an address"));
    tokio::spawn(async move {
        let part: Arc<[u8]> = vec![9; MEGABYTE].into();
        while let Ok((mut stream, _)) = listener.accept().await {
            let part = Arc::clone(&part);
            tokio::spawn(async move {
                let _ = stream.read(&mut vec![0; 4096]).await;
                let length = megabytes * MEGABYTE;
                let head = format!("HTTP/1.1 200 OK\r\ncontent-length: {length}\r\n\r\n");
                let _ = stream.write_all(head.as_bytes()).await;
                for _ in 0..megabytes {
                    if stream.write_all(&part).await.is_err() {
                        return;
                    }
                }
            });
        }
    });
    origin
}

#[tokio::test]
async fn a_download_tells_how_far_it_is() {
    let length = 4 * MEGABYTE as u64;
    let origin = large(4).await;
    let client = client(&origin, &Issuer::default());
    let response = client.files().image("1").send_stream().await.unwrap();
    let mut download = response.into_body();
    assert_eq!((download.length(), download.received()), (Some(length), 0));
    let first = download.chunk().await.unwrap().expect("a chunk").len() as u64;
    assert_eq!(download.received(), first);
    let (teller, told) = std::sync::mpsc::channel();
    let directory = tempfile::tempdir().expect("a directory");
    let download = download.on_progress(move |received| teller.send(received).expect("told"));
    let saved = download.save(directory.path().join("image")).await.unwrap();
    assert_eq!(saved, length - first);
    let told: Vec<_> = told.iter().collect();
    assert!(told[0] > first && told.is_sorted(), "{told:?}");
    assert_eq!(told.last(), Some(&length));
}

#[tokio::test]
async fn a_download_comes_in_parts_and_is_replayed_like_any_call() {
    let origin = large(64).await;
    let issuer = Issuer::default();
    let client = client(&origin, &issuer);
    let mut response = client
        .files()
        .download("1")
        .version("2")
        .send_stream()
        .await
        .unwrap();
    assert_eq!(response.status(), 200);
    assert_eq!(response.body.length(), Some(64 * MEGABYTE as u64));
    let (mut sum, mut longest) = (0, 0);
    while let Some(chunk) = response.body.chunk().await.unwrap() {
        sum += chunk.len();
        longest = longest.max(chunk.len());
    }
    assert_eq!(sum, 64 * MEGABYTE);
    assert!(longest <= MEGABYTE, "{longest}");

    let response = client.files().image("1").send_stream().await.unwrap();
    let parts = response.into_body().into_stream();
    let sum = parts.try_fold(0, |sum, part| std::future::ready(Ok(sum + part.len())));
    assert_eq!(sum.await.unwrap(), 64 * MEGABYTE);

    let path = std::env::temp_dir().join(format!("accredit-download-{}", std::process::id()));
    let response = client.files().image("1").send_stream().await.unwrap();
    assert_eq!(
        response.body.save(&path).await.unwrap(),
        64 * MEGABYTE as u64
    );
    assert_eq!(
        std::fs::metadata(&path).unwrap().len(),
        64 * MEGABYTE as u64
    );
    std::fs::remove_file(&path).unwrap();

    let guarded = guarded(&issuer).await;
    let client = self::client(guarded.origin(), &issuer);
    issuer.revoke();
    let response = client.files().image("1").send_stream().await.unwrap();
    assert!(matches!(
        response.replay(),
        Replay::NotNeeded | Replay::Done
    ));
    issuer.revoke();
    let mut response = client.files().image("1").send_stream().await.unwrap();
    assert!(matches!(response.replay(), Replay::Done));
    assert_eq!(response.body.chunk().await.unwrap().unwrap(), "[1]");
    assert_eq!(client.files().image("1").await.unwrap(), "[1]");
}

#[tokio::test]
async fn a_refused_download_is_an_error_with_its_body() {
    let issuer = Issuer::default();
    let server = ResourceServer::start(async |_| Reply::status(410).json("{}")).await;
    let client = client(server.origin(), &issuer);
    let error = client.files().image("1").send_stream().await.unwrap_err();
    assert_eq!(error.stage(), Stage::Api);
    assert_eq!(error.answer().unwrap().body(), "{}");
}
