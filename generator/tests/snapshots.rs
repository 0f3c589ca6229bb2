//! Whole generated files of small documents, one document for each feature.

use std::fmt::Write;
use std::path::Path;

use accredit::{Config, Tolerance};

/// Generates from a fixture and returns every file of Rust, under its path.
fn generated(feature: &str) -> String {
    let document = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/fixtures")
        .join(feature)
        .join("openapi.yaml");
    let config = Config::new(document)
        .tests(matches!(feature, "examples" | "json_schema"))
        .validate(feature == "constraints")
        .exact_numbers(feature == "numbers")
        .also_xml(feature == "xml");
    let tolerances = Tolerance::ALL.into_iter().filter(|_| feature == "numbers");
    shown(&tolerances.fold(config, Config::tolerate))
}

/// Generates, and returns the warnings and every file that people read.
fn shown(config: &Config) -> String {
    let package = accredit::generate(config).expect("generated");
    let mut text = String::new();
    for warning in package.warnings() {
        let place = warning.place().expect("a place");
        writeln!(
            text,
            "{}:{} {}: {warning}",
            place.line(),
            place.column(),
            warning.code()
        )
        .expect("a String takes everything");
    }
    // A lock file is hashes of the others.
    let files = package.files().iter();
    for (path, file) in files.filter(|(path, _)| !path.starts_with("accredit")) {
        writeln!(text, "===== {path}\n{file}").expect("a String takes everything");
    }
    text
}

/// Two documents of different versions that share a third: a module each, and every schema once.
#[test]
fn several_documents() {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/several");
    insta::assert_snapshot!(shown(&Config::new(directory)));
}

/// Vendors' examples are judged whether or not tests are made of them.
#[test]
fn examples_that_contradict_their_schema_are_told_without_tests() {
    let document =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/examples/openapi.yaml");
    let told = |has_tests| {
        let package = accredit::generate(&Config::new(&document).tests(has_tests));
        let package = package.expect("generated");
        let warnings = package.warnings().iter();
        let told = warnings.filter(|it| it.code().as_str() == "example-contradicts-schema");
        told.map(ToString::to_string).collect::<Vec<_>>()
    };
    assert_eq!(told(false), told(true));
    assert!(!told(false).is_empty());
}

macro_rules! features {
    ($($feature:ident)*) => {
        $(#[test]
        fn $feature() {
            insta::assert_snapshot!(generated(stringify!($feature)));
        })*
    };
}

features! {
    only_schemas
    additional_properties
    all_of
    asked_names
    binary
    constraints
    constructs
    contents
    enums
    examples
    formats
    forms
    hostile_names
    json_schema
    keywords
    methods
    multipart
    name_collision
    nullable
    numbers
    one_of_by_shape
    one_of_discriminator
    optional_body
    pages
    polling
    query_string
    parameters
    recursive
    response_headers
    security_alternatives
    security_schemes
    servers
    several_successes
    streams
    tags
    xml
}
