//! What changed for callers, as a person is told it, and the version that follows.

mod scene;

use std::fs;

use insta::assert_snapshot;

use scene::Scene;

const OLD: &str = include_str!("fixtures/diff/old.yaml");
const NEW: &str = include_str!("fixtures/diff/new.yaml");

fn scene() -> Scene {
    let scene = Scene::new();
    scene.write("old.yaml", OLD);
    scene.write("new.yaml", NEW);
    scene
}

/// Generates a crate from a document that is called the same each time.
fn generate(scene: &Scene, document: &str, flags: &[&str]) -> String {
    scene.write("shop.yaml", document);
    let arguments = ["generate", "shop.yaml", "--output", "sdk"];
    let said = scene.run(&[&arguments, flags].concat());
    assert!(said.starts_with("exit code 0\n"), "{said}");
    said
}

fn manifest(scene: &Scene) -> toml::Table {
    let text = fs::read_to_string(scene.path("sdk/Cargo.toml")).expect("a manifest");
    text.parse().expect("TOML")
}

#[test]
fn every_change_is_told_with_what_it_means_and_nothing_is_written() {
    let scene = scene();
    let before = scene.listing();
    assert_snapshot!(scene.run(&["diff", "old.yaml", "new.yaml"]));
    assert_eq!(scene.listing(), before);
}

#[test]
fn a_document_is_no_different_from_itself_nor_from_its_own_crate() {
    let scene = scene();
    let same = scene.run(&["diff", "old.yaml", "old.yaml", "--deny-breaking"]);
    assert_snapshot!(same);
    generate(&scene, OLD, &[]);
    assert_eq!(scene.run(&["diff", "sdk", "old.yaml"]), same);
}

#[test]
fn a_changelog_gets_an_entry() {
    assert_snapshot!(scene().run(&["diff", "old.yaml", "new.yaml", "--changelog"]));
}

#[test]
fn machines_read_the_difference_as_json() {
    let scene = scene();
    let said = scene.run(&["diff", "old.yaml", "new.yaml", "--json"]);
    let json = said
        .split_once("stdout:\n")
        .and_then(|(_, said)| said.split_once("stderr:"));
    let (json, _) = json.expect("an output");
    let difference: serde_json::Value = serde_json::from_str(json).expect("JSON");
    assert_eq!(difference["semver"], "major");
    let changes = difference["changes"].as_array().expect("a list");
    assert!(
        changes
            .iter()
            .any(|it| it["breaking"] == false && it["kind"] == "added")
    );
}

#[test]
fn a_breaking_change_can_fail_a_build() {
    let scene = scene();
    let said = scene.run(&["diff", "old.yaml", "new.yaml", "--deny-breaking"]);
    assert!(said.starts_with("exit code 1\n"), "{said}");
    assert!(said.contains("error[breaking-change]"), "{said}");
}

#[test]
fn a_version_follows_from_what_changed_and_the_changelog_says_it() {
    let scene = scene();
    generate(&scene, OLD, &["--bump"]);
    assert_eq!(
        manifest(&scene)["package"]["version"].as_str(),
        Some("0.1.0")
    );

    // A word of a description, which callers don't see.
    generate(&scene, &OLD.replace("Orders.", "All orders."), &["--bump"]);
    assert_eq!(
        manifest(&scene)["package"]["version"].as_str(),
        Some("0.1.1")
    );

    generate(&scene, NEW, &["--bump"]);
    assert_eq!(
        manifest(&scene)["package"]["version"].as_str(),
        Some("0.2.0")
    );
    let changelog = fs::read_to_string(scene.path("sdk/CHANGELOG.md")).expect("a changelog");
    assert_snapshot!("changelog", changelog);

    // Nothing changes any more, and what was raised stays.
    generate(&scene, NEW, &["--bump"]);
    let fresh = generate(&scene, NEW, &["--check"]);
    assert_snapshot!(fresh);
    assert_eq!(
        manifest(&scene)["package"]["version"].as_str(),
        Some("0.2.0")
    );
}
