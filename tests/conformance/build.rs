//! Generates the clients that the tests call, from the fixtures of the generator.

#[path = "src/random/document.rs"]
mod document;

use std::path::Path;
use std::{env, fs};

use accredit::{Config, Tolerance};

const FEATURES: &[&str] = &[
    "binary",
    "constraints",
    "constructs",
    "contents",
    "forms",
    "formats",
    "methods",
    "multipart",
    "numbers",
    "pages",
    "polling",
    "query_string",
    "response_headers",
    "security_schemes",
    "servers",
    "streams",
    "xml",
];

fn main() {
    let output = env::var_os("OUT_DIR").expect("cargo sets OUT_DIR");
    let output = Path::new(&output);
    for feature in FEATURES {
        let document = format!("../../generator/tests/fixtures/{feature}/openapi.yaml");
        let is_of_numbers = *feature == "numbers";
        let config = Config::new(document)
            .validate(*feature == "constraints")
            .exact_numbers(is_of_numbers)
            .also_xml(*feature == "xml");
        let tolerances = Tolerance::ALL.into_iter().filter(|_| is_of_numbers);
        accredit::build_script::generate(tolerances.fold(config, Config::tolerate));
        fs::rename(
            output.join("openapi.rs"),
            output.join(format!("{feature}.rs")),
        )
        .expect("the client was generated");
    }
    random(output);
}

/// Generates the client of a random document, and a list of its types.
fn random(output: &Path) {
    let path = output.join("random.json");
    fs::write(&path, document::document().to_string()).expect("written");
    accredit::build_script::generate(Config::new(path));
    let types = document::names().map(|name| {
        format!("({name:?}, round_trip::<conformance::generated::random::types::{name}>),")
    });
    let types: String = types.collect();
    let list = format!("const RANDOM: &[(&str, RoundTrip)] = &[{types}];");
    fs::write(output.join("random_types.rs"), list).expect("written");
}
