//! Generates the clients that the guide's snippets call.

use std::path::Path;
use std::{env, fs};

use accredit::Config;

const DOCUMENTS: &[(&str, &str)] = &[
    ("orders", "../../examples/orders.yaml"),
    (
        "files",
        "../../generator/tests/fixtures/binary/openapi.yaml",
    ),
    (
        "jobs",
        "../../generator/tests/fixtures/polling/openapi.yaml",
    ),
    ("lists", "../../generator/tests/fixtures/pages/openapi.yaml"),
];

fn main() {
    let output = env::var_os("OUT_DIR").expect("cargo sets OUT_DIR");
    let output = Path::new(&output);
    for (name, document) in DOCUMENTS {
        accredit::build_script::generate(Config::new(document));
        let stem = Path::new(document).file_stem().expect("a file");
        let generated = output.join(stem).with_extension("rs");
        fs::copy(generated, output.join(format!("client-of-{name}.rs"))).expect("a client");
    }
    // As a page has it.
    fs::copy(output.join("client-of-orders.rs"), output.join("vendor.rs")).expect("a client");
}
