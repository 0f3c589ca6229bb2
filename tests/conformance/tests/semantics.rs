//! The page of promises names tests that there are.

use std::fs;
use std::path::{Path, PathBuf};

fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
}

#[test]
fn every_promise_has_its_test() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut files = Vec::new();
    sources(&root.join("tests"), &mut files);
    sources(&root.join("../../runtime/src"), &mut files);
    let code: String = files
        .iter()
        .map(|file| fs::read_to_string(file).expect("a source"))
        .collect();
    let page = fs::read_to_string(root.join("SEMANTICS.md")).expect("the page");
    let promises = page
        .lines()
        .filter(|line| line.starts_with("| ") && line.contains('`'));
    let mut named = 0;
    for line in promises {
        let tests = line
            .trim_end_matches(" |")
            .rsplit(" | ")
            .next()
            .unwrap_or_default();
        for test in tests.split(", ").map(|test| test.trim_matches('`')) {
            assert!(code.contains(&format!("fn {test}()")), "no test `{test}`");
            named += 1;
        }
    }
    assert!(named > 60, "{named} tests");
}
