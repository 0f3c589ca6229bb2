//! Where documents come from: files, directories, standard input, other hosts.

mod scene;

use std::io::{BufRead, BufReader, Write};
use std::net::TcpListener;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use insta::assert_snapshot;

use scene::Scene;

/// Answers every request with the same text; returns its URL and counts.
fn host(text: &'static str) -> (String, Arc<AtomicUsize>) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let url = format!("http://{}", listener.local_addr().expect("an address"));
    let requests = Arc::new(AtomicUsize::new(0));
    let counter = requests.clone();
    thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.expect("a connection");
            let mut lines = BufReader::new(&stream).lines();
            while lines
                .next()
                .is_some_and(|line| line.is_ok_and(|line| !line.is_empty()))
            {}
            counter.fetch_add(1, Ordering::SeqCst);
            let length = text.len();
            write!(
                stream,
                "HTTP/1.1 200 OK\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n{text}"
            )
            .expect("written");
        }
    });
    (url, requests)
}

#[test]
fn other_hosts_are_asked_once_for_each_file_and_only_where_that_is_allowed() {
    let (url, requests) = host(include_str!("fixtures/several/shared/common.yaml"));
    let requests = || requests.load(Ordering::SeqCst);
    let scene = Scene::new();
    let document = include_str!("fixtures/several/orders.yaml");
    scene.write(
        "orders.yaml",
        &document.replace("shared/", &format!("{url}/")),
    );
    let arguments = ["generate", "orders.yaml", "--output", "sdk"];
    let refused = scene.run(&arguments);
    assert!(refused.starts_with("exit code 1\n"), "{refused}");
    assert!(refused.contains("--allow-remote"), "{refused}");
    assert_eq!(requests(), 0);
    let done = scene.run(&[&arguments[..], &["--allow-remote"]].concat());
    assert!(done.starts_with("exit code 0\n"), "{done}");
    assert_eq!(requests(), 1);
}

#[test]
fn a_further_directory_is_read_where_that_is_allowed() {
    let scene = Scene::new();
    let document = include_str!("fixtures/several/orders.yaml");
    scene.write(
        "api/orders.yaml",
        &document.replace("shared/", "../shared/"),
    );
    let common = include_str!("fixtures/several/shared/common.yaml");
    scene.write("shared/common.yaml", common);
    let arguments = ["generate", "api/orders.yaml", "--output", "sdk"];
    let refused = scene.run(&arguments);
    assert!(refused.starts_with("exit code 1\n"), "{refused}");
    let done = scene.run(&[&arguments[..], &["--root", "shared"]].concat());
    assert!(done.starts_with("exit code 0\n"), "{done}");
}

#[test]
fn a_document_comes_from_standard_input() {
    let scene = Scene::new();
    let document = include_str!("fixtures/config/shop.yaml");
    assert_snapshot!(scene.fed(&["generate", "-", "--output", "sdk"], document));
    assert!(scene.path("sdk/Cargo.toml").exists());
    let broken = document.replace("schemas/Order", "schemas/None");
    assert_snapshot!(
        "a_mistake_in_standard_input",
        scene.fed(&["inspect", "-"], &broken)
    );
}

#[test]
fn a_document_comes_from_a_url_whose_secrets_are_not_kept() {
    let (url, requests) = host(include_str!("fixtures/config/shop.yaml"));
    let scene = Scene::new();
    let document = format!("{url}/shop.yaml?token=s3cr3t");
    let done = scene.run(&["generate", &document, "--output", "sdk"]);
    assert!(done.starts_with("exit code 0\n"), "{done}");
    assert_eq!(requests.load(Ordering::SeqCst), 1);
    for text in scene.listing().into_values().flatten() {
        let text = String::from_utf8(text).expect("UTF-8");
        assert!(!text.contains("s3cr3t"), "{text}");
    }
}

#[test]
fn a_url_that_nobody_answers() {
    let arguments = ["inspect", "http://127.0.0.1:9/api.yaml?token=secret"];
    assert_snapshot!(Scene::new().run(&arguments));
}

#[test]
fn a_byte_order_mark_and_the_booleans_of_yaml_1_1_are_told_and_read() {
    let scene = Scene::new();
    let document = indoc::indoc! {"
        \u{feff}openapi: 3.0.3
        info: {title: Old, version: 2020-01-01}
        servers: [{url: 'https://api.example.com'}]
        paths:
          /a:
            get:
              operationId: a
              parameters:
                - {name: country, in: query, required: yes, schema: {type: string, enum: [NO, ON, DE]}}
              responses: {'200': {description: ok}}
    "};
    scene.write("old.yaml", document);
    assert_snapshot!(scene.run(&["generate", "old.yaml", "--output", "sdk"]));
}
