//! The page of diagnostics has all of them.

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;

fn at(path: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("../..")
        .join(path)
}

#[test]
fn every_code_is_on_the_page_of_diagnostics() {
    let page = fs::read_to_string(at("guide/src/reference/diagnostics.md")).expect("the page");
    let included: BTreeSet<_> = page
        .lines()
        .filter_map(|line| line.strip_prefix("{{#include ../../../generator/explain/"))
        .filter_map(|line| line.strip_suffix("}}"))
        .map(str::to_owned)
        .collect();
    let there: BTreeSet<_> = fs::read_dir(at("generator/explain"))
        .expect("a directory")
        .map(|entry| {
            entry
                .expect("an entry")
                .file_name()
                .to_string_lossy()
                .into_owned()
        })
        .collect();
    assert_eq!(included, there);
}
