//! Documents that are made to exhaust or to mislead: each is refused with a clear error, in bounded time and
//! memory, and nothing is written.

#![cfg(target_os = "linux")]

use std::fmt::Write as _;
use std::fs::{self, File};
use std::os::unix::fs::symlink;
use std::path::PathBuf;
use std::process::Command;
use std::time::{Duration, Instant};

use tempfile::TempDir;

/// Far more than any of these should take, on the slowest machine.
const TIME: Duration = Duration::from_secs(60);

const HEAD: &str = "openapi: 3.2.0\ninfo: {title: T, version: '1'}\n";

/// A directory with documents in it.
struct Scene(TempDir);

impl Scene {
    fn new() -> Self {
        Self(tempfile::tempdir().expect("a directory"))
    }

    fn path(&self, path: &str) -> PathBuf {
        self.0.path().join(path)
    }

    fn write(&self, path: &str, text: &str) {
        fs::write(self.path(path), text).expect("written");
    }

    /// Returns what is in the directory.
    fn listing(&self) -> Vec<PathBuf> {
        let entries = fs::read_dir(self.0.path()).expect("a directory");
        let mut paths: Vec<_> = entries
            .map(|entry| entry.expect("an entry").path())
            .collect();
        paths.sort();
        paths
    }
}

/// Generates with no more than some kilobytes of address space; returns what is said.
fn generate(scene: &Scene, document: &str, kilobytes: u32) -> String {
    let output = Command::new("sh")
        .args(["-c", "ulimit -v $0; exec \"$@\"", &kilobytes.to_string()])
        .arg(assert_cmd::cargo::cargo_bin("accredit"))
        .args(["generate", document, "--output", "sdk"])
        .current_dir(scene.path(""))
        .env("NO_COLOR", "1")
        .output()
        .expect("run");
    assert_eq!(
        output.status.code().map(|code| code == 0),
        Some(false),
        "{document}"
    );
    String::from_utf8(output.stderr).expect("UTF-8")
}

/// Generates with no more than 1 GB of address space; returns what is said of the refused document.
fn refused(scene: &Scene, document: &str) -> String {
    let before = scene.listing();
    let begin = Instant::now();
    let said = generate(scene, document, 1024 * 1024);
    assert!(
        begin.elapsed() < TIME,
        "{document} took {:?}",
        begin.elapsed()
    );
    assert!(said.contains("error["), "{document}: {said}");
    assert!(said.len() < 100_000, "{document}: {} bytes", said.len());
    assert!(
        scene.listing() == before,
        "{document}: something was written"
    );
    said
}

#[test]
fn a_file_of_200_mb_isn_t_even_read() {
    let scene = Scene::new();
    let file = File::create(scene.path("huge.yaml")).expect("created");
    file.set_len(200 * 1024 * 1024).expect("grown");
    let begin = Instant::now();
    let said = generate(&scene, "huge.yaml", 512 * 1024);
    assert!(said.contains("a large one can be split"), "{said}");
    assert!(begin.elapsed() < TIME);
}

#[test]
fn megabytes_of_garbage_are_refused() {
    let scene = Scene::new();
    let size = 8 * 1024 * 1024;
    for (name, piece) in [
        ("zeros.yaml", "\0"),
        ("words.yaml", "a b c d\n"),
        ("quote.yaml", "\"x "),
        ("braces.json", "{\"a\":"),
        ("brackets.yaml", "- - "),
        ("keys.json", "{\"openapi\":\"3.0.3\","),
        ("comments.yaml", "# nothing\n"),
    ] {
        scene.write(name, &piece.repeat(size / piece.len()));
        refused(&scene, name);
    }
}

#[test]
fn aliases_of_aliases_don_t_multiply() {
    let mut text = HEAD.to_owned() + "x-0: &a0 [lol, lol, lol, lol, lol, lol, lol, lol, lol]\n";
    for level in 1..12 {
        let alias = format!("*a{}", level - 1);
        let aliases = vec![alias; 9].join(", ");
        writeln!(text, "x-{level}: &a{level} [{aliases}]").expect("written");
    }
    let scene = Scene::new();
    scene.write("bomb.yaml", &text);
    refused(&scene, "bomb.yaml");
}

#[test]
fn nesting_of_10_000_levels_is_refused() {
    let scene = Scene::new();
    let depth = 10_000;
    let flow = format!("{HEAD}x-deep: {}{}\n", "[".repeat(depth), "]".repeat(depth));
    scene.write("flow.yaml", &flow);
    let schema = format!(
        "{}{}",
        "{\"items\":".repeat(depth),
        "{}".to_owned() + &"}".repeat(depth)
    );
    scene.write(
        "deep.json",
        &format!("{{\"openapi\":\"3.0.3\",\"paths\":{{}},\"x\":{schema}}}"),
    );
    let mut block = HEAD.to_owned() + "components:\n schemas:\n  A:\n";
    for level in 0..1000 {
        writeln!(block, "{}items:", " ".repeat(level + 3)).expect("written");
    }
    scene.write("block.yaml", &block);
    for document in ["flow.yaml", "deep.json", "block.yaml"] {
        refused(&scene, document);
    }
}

/// Every kind of object to which OpenAPI has references: each leads to another that leads back.
#[test]
fn loops_of_references_end_in_every_position() {
    let sections = [
        "schemas",
        "responses",
        "parameters",
        "examples",
        "requestBodies",
        "headers",
        "securitySchemes",
        "links",
        "callbacks",
        "pathItems",
        "mediaTypes",
    ];
    for section in sections {
        let scene = Scene::new();
        let leads = |name: &str| format!("{{$ref: '#/components/{section}/{name}'}}");
        scene.write(
            "loop.yaml",
            &format!(
                "{HEAD}paths: {{/a: {{get: {{responses: {{'200': {{description: ''}}}}}}}}}}\n\
                 components: {{{section}: {{A: {}, B: {}}}}}\n",
                leads("B"),
                leads("A")
            ),
        );
        let said = refused(&scene, "loop.yaml");
        assert!(said.contains("error[reference-cycle]"), "{section}: {said}");
    }
}

#[test]
fn references_between_files_that_never_arrive_end() {
    let scene = Scene::new();
    let lead = |to: &str| format!("{{$ref: '{to}.yaml'}}\n");
    scene.write("a.yaml", &lead("b"));
    scene.write("b.yaml", &lead("c"));
    scene.write("c.yaml", &lead("a"));
    scene.write(
        "loop.yaml",
        &format!("{HEAD}paths: {{/a: {{$ref: a.yaml}}}}\ncomponents: {{schemas: {{A: {{$ref: a.yaml}}}}}}\n"),
    );
    let said = refused(&scene, "loop.yaml");
    assert!(said.contains("error[reference-cycle]"), "{said}");
}

#[test]
fn nothing_outside_of_the_directory_is_read() {
    let scene = Scene::new();
    let secret = "type: object\ndescription: t0ps3cret\n";
    scene.write("secret.yaml", secret);
    fs::create_dir(scene.path("api")).expect("created");
    let outside = tempfile::tempdir().expect("a directory");
    fs::write(outside.path().join("secret.yaml"), secret).expect("written");
    symlink(scene.path("secret.yaml"), scene.path("api/link.yaml")).expect("linked");
    symlink(outside.path(), scene.path("api/up")).expect("linked");
    let absolute = scene.path("secret.yaml").display().to_string();
    for reference in [
        "../secret.yaml",
        "./x/../../secret.yaml",
        "%2e%2e/secret.yaml",
        "..%2Fsecret.yaml",
        "link.yaml",
        "up/secret.yaml",
        &absolute,
        &format!("file://{absolute}"),
        "../../../../../../../../etc/passwd",
        "/etc/passwd#/root",
    ] {
        let document = format!(
            "{HEAD}paths: {{/a: {{get: {{responses: {{'200': {{description: '', content: {{application/json: \
             {{schema: {{$ref: '{reference}'}}}}}}}}}}}}}}}}\n"
        );
        scene.write("api/api.yaml", &document);
        let said = refused(&scene, "api/api.yaml");
        assert!(
            !said.contains("t0ps3cret") && !said.contains("root:"),
            "{reference}: {said}"
        );
    }
}
