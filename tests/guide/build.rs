//! Generates the clients that the snippets of the guide and of the readme call, and takes the readme's apart.

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
    ("vendor", "vendor.yaml"),
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
    take_apart("../../README.md", output);
}

/// Writes each snippet in Rust as a block into a file of its own, `readme-<number>.rs`.
fn take_apart(page: &str, output: &Path) {
    println!("cargo::rerun-if-changed={page}");
    let text = fs::read_to_string(page).expect("a page");
    let mut lines = text.lines();
    let mut number = 0;
    while lines.any(|line| line == "```rust") {
        number += 1;
        let snippet: Vec<_> = lines.by_ref().take_while(|line| *line != "```").collect();
        let block = format!("{{\n{}\n}}\n", snippet.join("\n"));
        fs::write(output.join(format!("readme-{number}.rs")), block).expect("a snippet");
    }
    println!("cargo::rustc-env=README_SNIPPETS={number}");
}
