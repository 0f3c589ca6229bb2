//! Vendor documents become crates that compile without an error or a warning under `cargo check`,
//! `cargo clippy` and `cargo doc`, and through whose types the documents' examples pass.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use accredit::{Config, Runtime};
use generated::{lock, root};

/// Documents kept in the repository: `tests/documents/PROVENANCE.md` says whence.
const KEPT: &[&str] = &[
    "examples/quickstart/paypal-payouts.json",
    "tests/documents/paypal-webhooks.json",
    "tests/documents/ups-paperless.yaml",
    "tests/documents/xero-app-store.yaml",
];

/// Documents whose licence doesn't allow a copy: read where they are, if they are there.
const BESIDE: &[&str] = &[
    "../shared/specs/ebay/specs/buy_browse_v1_oas3.json",
    "../shared/specs/twinehealth.com/twinehealth.com.json",
    "../shared/specs/vectara.io/vectara.io.json",
];

fn documents() -> Vec<PathBuf> {
    let kept = KEPT.iter().map(|path| root().join(path));
    let beside = BESIDE
        .iter()
        .map(|path| root().join(path))
        .filter(|path| path.exists());
    kept.chain(beside).collect()
}

/// Writes the client of a document and returns its folder.
fn generate(document: &Path) -> PathBuf {
    let stem = document.file_stem().expect("a file").to_string_lossy();
    generate_as(&stem, document)
}

fn generate_as(stem: &str, document: &Path) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(stem);
    let config = Config::new(document)
        .name(stem.replace(['.', '_'], "-"))
        .runtime(Runtime::Path(root().join("runtime")))
        .tests(true);
    let package = accredit::generate(&config).unwrap_or_else(|error| panic!("{stem}: {error}"));
    package
        .write_to(&folder)
        .unwrap_or_else(|error| panic!("{stem}: {error}"));
    lock(&folder);
    folder
}

fn cargo(folder: &Path, arguments: &[&str]) {
    let output = Command::new(env!("CARGO"))
        .args(arguments)
        .current_dir(folder)
        .env(
            "CARGO_TARGET_DIR",
            Path::new(env!("CARGO_TARGET_TMPDIR")).join("target"),
        )
        .env("RUSTFLAGS", "-D warnings")
        .env("RUSTDOCFLAGS", "-D warnings")
        .output()
        .expect("cargo starts");
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(
        output.status.success(),
        "{}: cargo {arguments:?}\n{stderr}",
        folder.display()
    );
}

#[test]
fn vendor_documents_become_crates_without_a_warning() {
    for document in documents() {
        let folder = generate(&document);
        cargo(&folder, &["check"]);
        cargo(
            &folder,
            &["clippy", "--all-targets", "--", "-D", "warnings"],
        );
        cargo(&folder, &["doc", "--no-deps"]);
        cargo(&folder, &["test", "--tests"]);
    }
}

/// A crate with a part of its features has no item that another feature brings, and no warning.
#[test]
fn each_feature_of_a_tag_or_a_document_compiles_alone() {
    let fixtures = root().join("generator/tests/fixtures");
    for (name, document) in [("tags", "tags/openapi.yaml"), ("parts", "several")] {
        let folder = generate_as(name, &fixtures.join(document));
        let manifest = fs::read_to_string(folder.join("Cargo.toml")).expect("a manifest");
        let manifest: toml::Table = manifest.parse().expect("TOML");
        let full = manifest["features"]["full"].as_array().expect("a list");
        assert!(full.len() > 1, "{name}: {full:?}");
        cargo(&folder, &["check", "--no-default-features"]);
        for feature in full {
            let feature = feature.as_str().expect("a feature");
            let alone = ["--no-default-features", "--features", feature];
            cargo(&folder, &[&["check", "--all-targets"], &alone[..]].concat());
        }
        cargo(&folder, &["test", "--features", "mock"]);
    }
}

/// Documents that refer to each other's schemas become one crate.
#[test]
fn directories_of_documents_become_crates_without_a_warning() {
    let directories = [
        ("several", "generator/tests/fixtures/several"),
        ("core-network", "../shared/specs/3gpp-rel15"),
    ];
    for (name, directory) in directories {
        let directory = root().join(directory);
        if directory.exists() {
            let folder = generate_as(name, &directory);
            cargo(&folder, &["check"]);
            cargo(&folder, &["clippy", "--", "-D", "warnings"]);
            cargo(&folder, &["doc", "--no-deps"]);
        }
    }
}
