//! The command line from outside: exit code, standard output, standard error, and what is on disk
//! afterwards.

mod scene;

use std::fs;
use std::path::Path;

use insta::assert_snapshot;

use scene::{Listing, Scene};

impl Scene {
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
fn a_run_that_keeps_going_leaves_out_what_isn_t_there() {
    let scene = Scene::with("bad/broken-parts.yaml");
    scene.write("broken/worse.yaml", "openapi: 3.0.0\npaths: {a: [}\n");
    let arguments = ["generate", "broken-parts.yaml", "broken/worse.yaml"];
    assert_snapshot!(scene.run(&[&arguments[..], &["--output", "strict"]].concat()));
    assert!(!scene.path("strict").exists());
    let arguments = [&arguments[..], &["--output", "sdk", "--keep-going"]].concat();
    assert_snapshot!(scene.run(&arguments));
    assert!(scene.path("sdk/src/operations/orders.rs").exists());
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
    // It is people's since it was written.
    assert!(mixed.remove(Path::new("sdk/CHANGELOG.md")).is_some());
    assert!(mixed.remove(Path::new("sdk/src/ext/mine.rs")).is_some());
    assert!(mixed.remove(Path::new("sdk/src/ext")).is_some());

    let fresh = Scene::with("recursive/openapi.yaml");
    fresh.run(&["generate", "openapi.yaml", "--output", "sdk"]);
    let mut fresh = fresh.listing();
    fresh.remove(Path::new("sdk/CHANGELOG.md"));
    let paths = |listing: &Listing| listing.keys().cloned().collect::<Vec<_>>();
    assert_eq!(paths(&mixed), paths(&fresh));
    assert!(mixed == fresh, "the same files, with other texts");
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

#[test]
fn a_pattern_that_is_no_regular_expression_is_told_and_the_rest_is_checked() {
    let scene = Scene::with("constraints/foreign-pattern.yaml");
    let arguments = ["generate", "foreign-pattern.yaml", "--output", "sdk"];
    assert_snapshot!(scene.run(&[&arguments[..], &["--validate"]].concat()));
    assert!(scene.path("sdk/src/constraints.rs").exists());
}
