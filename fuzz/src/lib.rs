//! What fuzzing holds generator and runtime against, whoever makes the inputs: `cargo fuzz`, or on a stable
//! compiler the program `mutate`.

pub mod server;

use std::fs;

use accredit::Config;

/// A target: whatever the bytes, it doesn't panic.
pub type Target = fn(&[u8]);

/// All targets by their names.
pub const TARGETS: &[(&str, Target)] = &[
    ("load", load),
    ("normalise", normalise),
    ("generate", generate),
    ("token_answer", server::token_answer),
    ("www_authenticate", server::www_authenticate),
    ("retry_after", server::retry_after),
];

/// Loads bytes as a document, with its mistakes rendered: parsing, references, places.
pub fn load(bytes: &[u8]) {
    run(bytes, "", |config| {
        if let Err(error) = accredit::generate(config) {
            assert!(!error.to_string().is_empty());
        }
    });
}

/// Loads a document whatever it says of its version: as each of those that are normalised.
pub fn normalise(bytes: &[u8]) {
    for version in ["swagger: '2.0'\n", "openapi: 3.0.3\n", "openapi: 3.2.0\n"] {
        run(bytes, version, |config| {
            accredit::generate(config).ok();
        });
    }
}

/// Generates from a document: the Rust parses with `syn`, the manifest with `toml`, and a second run
/// gives the same.
pub fn generate(bytes: &[u8]) {
    run(bytes, "", |config| {
        let Ok(package) = accredit::generate(config) else {
            return;
        };
        for (path, text) in package.files().iter() {
            if path.ends_with(".rs") {
                assert!(syn::parse_file(text).is_ok(), "{path} is no Rust");
            }
        }
        let manifest = package.files().get("Cargo.toml").unwrap_or_default();
        assert!(manifest.parse::<toml::Table>().is_ok(), "no manifest");
        let again = accredit::generate(config).map(|package| package.files().clone());
        assert_eq!(again.ok().as_ref(), Some(package.files()));
    });
}

fn run(bytes: &[u8], prefix: &str, check: impl Fn(&Config)) {
    let directory = tempfile::tempdir().expect("a directory");
    let path = directory.path().join("document.yaml");
    let text = [prefix.as_bytes(), bytes].concat();
    fs::write(&path, text).expect("written");
    check(&Config::new(path));
}
