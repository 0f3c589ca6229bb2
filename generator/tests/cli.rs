//! The command line from outside: exit code, standard output, standard error, and what is on disk
//! afterwards.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use assert_cmd::Command;
use insta::assert_snapshot;
use tempfile::TempDir;

/// A working directory of its own with a document in it.
struct Scene {
    root: TempDir,
}

/// What is below a directory: the text of each file, `None` for a directory.
type Listing = BTreeMap<PathBuf, Option<Vec<u8>>>;

impl Scene {
    fn new() -> Self {
        let root = tempfile::tempdir().expect("a directory");
        Self { root }
    }

    /// A working directory that holds a fixture, under the fixture's file name.
    fn with(fixture: &str) -> Self {
        let scene = Self::new();
        let from = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("tests/fixtures")
            .join(fixture);
        let name = from.file_name().expect("a file").to_owned();
        fs::copy(&from, scene.path(name)).expect("copied");
        scene
    }

    fn path(&self, path: impl AsRef<Path>) -> PathBuf {
        self.root.path().join(path)
    }

    fn write(&self, path: &str, text: &str) {
        let path = self.path(path);
        fs::create_dir_all(path.parent().expect("a parent")).expect("created");
        fs::write(path, text).expect("written");
    }

    /// Runs the command line; returns exit code and both outputs as one text.
    fn run(&self, arguments: &[&str]) -> String {
        let output = Command::cargo_bin("accredit")
            .expect("built")
            .args(arguments)
            .current_dir(self.root.path())
            .env("NO_COLOR", "1")
            .output()
            .expect("run");
        let code = output.status.code().expect("an exit code");
        let stdout = String::from_utf8(output.stdout).expect("UTF-8");
        let stderr = String::from_utf8(output.stderr).expect("UTF-8");
        format!(
            "exit code {code}\nstdout:\n{stdout}stderr:\n{}",
            without_time(&stderr)
        )
    }

    fn listing(&self) -> Listing {
        let mut found = Listing::new();
        let mut open = vec![self.root.path().to_owned()];
        while let Some(next) = open.pop() {
            for entry in fs::read_dir(&next).expect("a directory") {
                let path = entry.expect("an entry").path();
                let text = (!path.is_dir()).then(|| fs::read(&path).expect("a file"));
                if text.is_none() {
                    open.push(path.clone());
                }
                let path = path.strip_prefix(self.root.path()).expect("below");
                found.insert(path.to_owned(), text);
            }
        }
        found
    }

    /// Runs `generate` twice, to a directory that isn't there and to one that holds a crate:
    /// neither may change. Returns what the run says.
    fn refuses(&self, document: &str) -> String {
        let before = self.listing();
        let said = self.run(&["generate", document, "--output", "new/sdk"]);
        assert_eq!(self.listing(), before, "a new directory");

        let good = include_str!("fixtures/enums/openapi.yaml");
        self.write("good.yaml", good);
        let done = self.run(&["generate", "good.yaml", "--output", "sdk"]);
        assert!(done.starts_with("exit code 0\n"), "{done}");
        let before = self.listing();
        let again = self.run(&["generate", document, "--output", "sdk"]);
        assert_eq!(self.listing(), before, "a directory that holds a crate");
        assert_eq!(again, said);
        said
    }
}

/// Replaces the time that a run took.
fn without_time(text: &str) -> String {
    let mut lines: Vec<_> = text.lines().map(str::to_owned).collect();
    for line in &mut lines {
        if let Some((before, _)) = line
            .rsplit_once(", in ")
            .filter(|_| line.starts_with("generated "))
        {
            *line = format!("{before}, in [TIME]");
        }
    }
    lines.join("\n")
}

#[test]
fn a_document_that_isn_t_there() {
    assert_snapshot!(Scene::new().refuses("openapi.yaml"));
}

#[test]
fn a_directory_as_document() {
    let scene = Scene::new();
    fs::create_dir(scene.path("docs")).expect("created");
    assert_snapshot!(scene.refuses("docs"));
}

#[test]
fn an_empty_file() {
    let scene = Scene::new();
    scene.write("openapi.yaml", "");
    assert_snapshot!(scene.refuses("openapi.yaml"));
}

#[test]
fn invalid_yaml() {
    assert_snapshot!(Scene::with("bad/invalid-yaml.yaml").refuses("invalid-yaml.yaml"));
}

#[test]
fn json_truncated_in_the_middle() {
    assert_snapshot!(Scene::with("bad/truncated.json").refuses("truncated.json"));
}

#[test]
fn a_document_that_isn_t_openapi() {
    assert_snapshot!(Scene::with("bad/not-openapi.yaml").refuses("not-openapi.yaml"));
}

#[test]
fn a_document_whose_paths_are_empty() {
    assert_snapshot!(Scene::with("bad/empty-paths.yaml").refuses("empty-paths.yaml"));
}

#[test]
fn a_document_without_paths() {
    assert_snapshot!(Scene::with("bad/no-paths.yaml").refuses("no-paths.yaml"));
}

#[test]
fn a_dangling_reference() {
    assert_snapshot!(Scene::with("bad/dangling-reference.yaml").refuses("dangling-reference.yaml"));
}

#[test]
fn a_cycle_of_references_that_never_reaches_a_schema() {
    assert_snapshot!(Scene::with("bad/reference-cycle.yaml").refuses("reference-cycle.yaml"));
}

#[test]
fn an_output_directory_that_isn_t_ours() {
    let scene = Scene::with("enums/openapi.yaml");
    scene.write("thesis/chapter.tex", "years of work");
    scene.write("thesis/src/lib.rs", "// mine");
    let before = scene.listing();
    assert_snapshot!(scene.run(&["generate", "openapi.yaml", "--output", "thesis"]));
    assert_eq!(scene.listing(), before);
}

#[test]
fn an_output_directory_that_is_a_file() {
    let scene = Scene::with("enums/openapi.yaml");
    let before = scene.listing();
    assert_snapshot!(scene.run(&["generate", "openapi.yaml", "--output", "openapi.yaml"]));
    assert_eq!(scene.listing(), before);
}

#[test]
fn a_name_that_can_t_be_a_crate_s() {
    let scene = Scene::with("enums/openapi.yaml");
    let before = scene.listing();
    let arguments = [
        "generate",
        "openapi.yaml",
        "--output",
        "sdk",
        "--name",
        "1st",
    ];
    assert_snapshot!(scene.run(&arguments));
    assert_eq!(scene.listing(), before);
}

#[test]
fn a_runtime_that_is_neither_a_version_nor_a_directory() {
    let scene = Scene::with("enums/openapi.yaml");
    let arguments = [
        "generate",
        "openapi.yaml",
        "--output",
        "sdk",
        "--runtime",
        "no/where",
    ];
    assert_snapshot!(scene.run(&arguments));
}

#[test]
fn a_command_line_without_an_output() {
    assert_snapshot!(Scene::new().run(&["generate", "openapi.yaml"]));
}

#[test]
fn help_teaches() {
    let scene = Scene::new();
    assert_snapshot!("help", scene.run(&["--help"]));
    assert_snapshot!("help_generate", scene.run(&["generate", "--help"]));
    assert_snapshot!("help_inspect", scene.run(&["inspect", "--help"]));
}

#[test]
fn inspect_prints_what_is_in_a_document() {
    let scene = Scene::with("security_alternatives/openapi.yaml");
    let before = scene.listing();
    assert_snapshot!(scene.run(&["inspect", "openapi.yaml"]));
    assert_eq!(scene.listing(), before);
}

#[test]
fn generate_writes_a_crate_and_says_so() {
    let scene = Scene::with("enums/openapi.yaml");
    assert_snapshot!(scene.run(&["generate", "openapi.yaml", "--output", "sdk"]));
    let paths: Vec<_> = scene
        .listing()
        .into_keys()
        .map(|path| path.to_string_lossy().replace('\\', "/"))
        .collect();
    assert_snapshot!("files_of_a_crate", paths.join("\n"));
}

#[test]
fn generating_again_changes_nothing() {
    let scene = Scene::with("enums/openapi.yaml");
    scene.run(&["generate", "openapi.yaml", "--output", "sdk"]);
    let before = scene.listing();
    let modified = |scene: &Scene| {
        let manifest = fs::metadata(scene.path("sdk/Cargo.toml")).expect("a manifest");
        manifest.modified().expect("a time")
    };
    let time = modified(&scene);
    assert_snapshot!(scene.run(&["generate", "openapi.yaml", "--output", "sdk"]));
    assert_eq!(scene.listing(), before);
    assert_eq!(modified(&scene), time);
}

#[test]
fn two_runs_give_the_same_bytes() {
    let of = |name: &str| {
        let scene = Scene::with("hostile_names/openapi.yaml");
        let arguments = [
            "generate",
            "openapi.yaml",
            "--output",
            "sdk",
            "--name",
            name,
        ];
        let said = scene.run(&arguments);
        assert!(said.starts_with("exit code 0\n"), "{said}");
        scene.listing()
    };
    assert_eq!(of("one"), of("one"));
    assert_ne!(of("one"), of("two"));
}

#[test]
fn generating_from_another_document_removes_what_it_doesn_t_have_and_keeps_what_is_ours() {
    let scene = Scene::with("enums/openapi.yaml");
    scene.run(&["generate", "openapi.yaml", "--output", "sdk"]);
    scene.write("sdk/src/ext/mine.rs", "//! Mine.");
    let other = include_str!("fixtures/recursive/openapi.yaml");
    scene.write("openapi.yaml", other);
    let said = scene.run(&["generate", "openapi.yaml", "--output", "sdk"]);
    assert!(said.starts_with("exit code 0\n"), "{said}");
    let mut mixed = scene.listing();
    assert!(mixed.remove(Path::new("sdk/src/ext/mine.rs")).is_some());
    assert!(mixed.remove(Path::new("sdk/src/ext")).is_some());

    let fresh = Scene::with("recursive/openapi.yaml");
    fresh.run(&["generate", "openapi.yaml", "--output", "sdk"]);
    assert_eq!(mixed, fresh.listing());
}

#[test]
fn a_runtime_on_disk_is_found_from_anywhere() {
    let scene = Scene::with("enums/openapi.yaml");
    scene.write(
        "runtime/Cargo.toml",
        "[package]\nname = \"accredit-runtime\"\n",
    );
    let arguments = [
        "generate",
        "openapi.yaml",
        "--output",
        "deep/sdk",
        "--runtime",
        "runtime",
    ];
    let said = scene.run(&arguments);
    assert!(said.starts_with("exit code 0\n"), "{said}");
    let manifest = fs::read_to_string(scene.path("deep/sdk/Cargo.toml")).expect("a manifest");
    let manifest: toml::Table = manifest.parse().expect("TOML");
    let path = manifest["dependencies"]["accredit-runtime"]["path"]
        .as_str()
        .expect("a path");
    assert_eq!(path, "../../runtime");
}

#[test]
fn a_code_is_explained() {
    let scene = Scene::new();
    assert_snapshot!(scene.run(&["explain", "unusable-token-url"]));
    let unknown = scene.run(&["explain", "nonsense"]);
    assert!(unknown.starts_with("exit code 2\n"), "{unknown}");
    assert!(unknown.contains("unusable-token-url"), "{unknown}");
}

#[test]
fn strict_makes_warnings_errors() {
    let scene = Scene::with("several/orders.yaml");
    let common = include_str!("fixtures/several/shared/common.yaml");
    scene.write("shared/common.yaml", common);
    let before = scene.listing();
    let arguments = ["generate", "orders.yaml", "--output", "sdk", "--strict"];
    assert_snapshot!(scene.run(&arguments));
    assert_eq!(scene.listing(), before);
}

#[test]
fn machines_read_diagnostics_as_json_lines() {
    let scene = Scene::with("bad/dangling-reference.yaml");
    let arguments = [
        "generate",
        "dangling-reference.yaml",
        "--output",
        "sdk",
        "--message-format",
        "json",
    ];
    assert_snapshot!(scene.run(&arguments));
}

#[test]
fn inspect_prints_json() {
    let scene = Scene::with("several/orders.yaml");
    let common = include_str!("fixtures/several/shared/common.yaml");
    scene.write("shared/common.yaml", common);
    assert_snapshot!(scene.run(&["inspect", "orders.yaml", "--json"]));
}

#[test]
fn an_overlay_mends_a_document_and_its_mistakes_are_shown_in_it() {
    let scene = Scene::with("enums/openapi.yaml");
    scene.write(
        "fix.yaml",
        "overlay: 1.0.0\nactions:\n- target: $.components.securitySchemes.*.flows.clientCredentials\n  update: { tokenUrl: 'https://your-domain.com/token' }\n- target: $.nothing\n  remove: true\n",
    );
    let arguments = [
        "generate",
        "openapi.yaml",
        "--output",
        "sdk",
        "--overlay",
        "fix.yaml",
    ];
    assert_snapshot!(scene.run(&arguments));
}

/// Answers every request with the same text; returns its URL and counts.
fn host(text: &'static str) -> (String, std::sync::Arc<std::sync::atomic::AtomicUsize>) {
    use std::io::{BufRead, BufReader, Write};
    use std::sync::atomic::{AtomicUsize, Ordering};
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let url = format!("http://{}", listener.local_addr().expect("an address"));
    let requests = std::sync::Arc::new(AtomicUsize::new(0));
    let counter = requests.clone();
    std::thread::spawn(move || {
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
    let requests = || requests.load(std::sync::atomic::Ordering::SeqCst);
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
