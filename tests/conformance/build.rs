//! Generates the clients that the tests call, from the fixtures of the generator.

use std::path::Path;
use std::{env, fs};

use accredit::Config;

const FEATURES: &[&str] = &[
    "binary",
    "constraints",
    "contents",
    "forms",
    "formats",
    "methods",
    "multipart",
    "pages",
    "query_string",
    "response_headers",
    "security_schemes",
    "servers",
    "streams",
];

fn main() {
    let output = env::var_os("OUT_DIR").expect("cargo sets OUT_DIR");
    let output = Path::new(&output);
    for feature in FEATURES {
        let document = format!("../../generator/tests/fixtures/{feature}/openapi.yaml");
        accredit::build_script::generate(Config::new(document).validate(*feature == "constraints"));
        fs::rename(
            output.join("openapi.rs"),
            output.join(format!("{feature}.rs")),
        )
        .expect("the client was generated");
    }
}
