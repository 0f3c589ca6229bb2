//! Generating again: what people own stays, what they edited is told, and what would change can be
//! asked for.

mod scene;

use std::fs;

use insta::assert_snapshot;

use scene::Scene;

const GENERATE: &[&str] = &["generate", "openapi.yaml", "--output", "sdk"];

/// A document from which a crate was generated.
fn generated() -> Scene {
    let scene = Scene::new();
    scene.write("openapi.yaml", include_str!("fixtures/enums/openapi.yaml"));
    let said = scene.run(GENERATE);
    assert!(said.starts_with("exit code 0\n"), "{said}");
    scene
}

fn with(flag: &str) -> Vec<&str> {
    GENERATE.iter().copied().chain([flag]).collect()
}

fn edit(scene: &Scene, path: &str, from: &str, to: &str) {
    let text = fs::read_to_string(scene.path(path)).expect("a file");
    assert!(text.contains(from), "{text}");
    scene.write(path, &text.replacen(from, to, 1));
}

/// Replaces hashes, which every change of the generator changes.
fn without_hashes(text: &str) -> String {
    let parts = text.split('"');
    let parts = parts.map(|part| match part {
        hash if hash.len() == 64 && hash.bytes().all(|it| it.is_ascii_hexdigit()) => "[HASH]",
        other => other,
    });
    parts.collect::<Vec<_>>().join("\"")
}

#[test]
fn what_people_own_stays() {
    let scene = generated();
    scene.write("sdk/src/ext.rs", "//! Mine.\n");
    scene.write("sdk/CHANGELOG.md", "# What happened\n");
    edit(
        &scene,
        "sdk/README.md",
        "<!-- @generated",
        "# Badges\n\n<!-- @generated",
    );
    edit(
        &scene,
        "sdk/Cargo.toml",
        "version = \"0.1.0\"\nedition",
        "version = \"1.4.0\"\nedition",
    );
    edit(
        &scene,
        "sdk/Cargo.toml",
        "[dependencies]\n",
        "[dependencies]\nchrono = \"0.4\"\n",
    );
    edit(&scene, "sdk/Cargo.toml", "\n[workspace]\n", "\n");
    scene.run(GENERATE);
    let owned = ["src/ext.rs", "CHANGELOG.md", "README.md", "Cargo.toml"];
    let texts = || owned.map(|path| fs::read_to_string(scene.path(format!("sdk/{path}"))).ok());
    let before = texts();

    edit(&scene, "openapi.yaml", "title: Enums", "title: Constants");
    let said = scene.run(&[GENERATE, &["--name", "enums"]].concat());
    assert!(said.starts_with("exit code 0\n"), "{said}");
    let after = texts();
    assert_eq!(after[..2], before[..2]);
    assert_snapshot!(
        "shared_files",
        format!(
            "{}\n=====\n{}",
            after[3].as_deref().unwrap_or_default(),
            after[2].as_deref().unwrap_or_default()
        )
    );
    let fresh = scene.run(&[GENERATE, &["--name", "enums", "--check"]].concat());
    assert!(fresh.starts_with("exit code 0\n"), "{fresh}");
}

#[test]
fn an_edited_file_is_told_and_kept_unless_it_is_to_be_overwritten() {
    let scene = generated();
    edit(
        &scene,
        "sdk/src/types.rs",
        "mod jobs;",
        "mod jobs;\nmod mine;",
    );
    let before = scene.listing();
    assert_snapshot!(scene.run(GENERATE));
    assert_eq!(scene.listing(), before);

    let forced = scene.run(&with("--force"));
    assert!(forced.starts_with("exit code 0\n"), "{forced}");
    assert_ne!(scene.listing(), before);
}

#[test]
fn a_check_of_fresh_output_says_nothing() {
    let scene = generated();
    let before = scene.listing();
    assert_snapshot!(scene.run(&with("--check")));
    assert_eq!(scene.listing(), before);
}

#[test]
fn a_check_shows_what_would_change_and_fails() {
    let scene = generated();
    edit(
        &scene,
        "openapi.yaml",
        "[queued, running, done]",
        "[queued, running]",
    );
    edit(
        &scene,
        "sdk/src/types.rs",
        "mod jobs;",
        "mod jobs;\nmod mine;",
    );
    fs::remove_file(scene.path("sdk/src/operations.rs")).expect("removed");
    let before = scene.listing();
    assert_snapshot!(without_hashes(&scene.run(&with("--check"))));
    assert_eq!(scene.listing(), before);
}

#[test]
fn a_dry_run_lists_what_would_be_written() {
    let scene = generated();
    edit(&scene, "openapi.yaml", "tags: [jobs]", "tags: [work]");
    let before = scene.listing();
    assert_snapshot!(scene.run(&with("--dry-run")));
    assert_eq!(scene.listing(), before);
}

#[test]
fn a_lock_file_tells_what_a_crate_was_generated_from() {
    let scene = generated();
    let lock = fs::read_to_string(scene.path("sdk/accredit.lock")).expect("a file");
    assert_snapshot!(without_hashes(&lock));
}
