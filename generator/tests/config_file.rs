//! Every key of the configuration file by its effect: what is generated with it, and what without.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use accredit::config_file::{self, Client};
use assert_cmd::Command;
use serde_json::Value;
use tempfile::NamedTempFile;

/// Relative to the package, where cargo runs its tests.
const FIXTURES: &str = "tests/fixtures/config";

/// Returns the keys that take a value, as a path of keys: those of tables, not the tables.
fn keys() -> Vec<String> {
    let schema = Command::cargo_bin("accredit")
        .expect("built")
        .args(["config", "schema"])
        .output()
        .expect("run");
    let schema: Value = serde_json::from_slice(&schema.stdout).expect("JSON");
    let mut keys = Vec::new();
    collect(&schema, "", &mut keys);
    keys
}

fn collect(schema: &Value, path: &str, keys: &mut Vec<String>) {
    let properties = schema["properties"].as_object().expect("properties");
    for (name, property) in properties {
        let path = format!("{path}{name}");
        if property["properties"].is_object() {
            collect(property, &format!("{path}."), keys);
        } else {
            keys.push(path);
        }
    }
}

/// What is made of a configuration: what is said, and the lines of each file.
type Outcome = BTreeMap<String, Vec<String>>;

fn outcome(file: &Path) -> Outcome {
    let mut outcome = Outcome::new();
    for client in config_file::read(file).expect("a configuration") {
        record(&client, &mut outcome);
    }
    outcome
}

fn record(client: &Client, outcome: &mut Outcome) {
    let under = match &client.name {
        Some(name) => format!("{name}: "),
        None => String::new(),
    };
    let fixtures = format!("{FIXTURES}/");
    let mut said = Vec::new();
    if let Some(output) = &client.output {
        said.push(format!("written to {}", output.display()));
    }
    match accredit::generate(&client.config) {
        Ok(package) => {
            let warnings = package.warnings().iter();
            said.extend(warnings.map(|warning| format!("warning[{}]: {warning}", warning.code())));
            // A lock file is hashes of the others.
            let files = package.files().iter();
            for (path, text) in files.filter(|(path, _)| !path.starts_with("accredit")) {
                let lines = text.lines().map(str::to_owned);
                outcome.insert(format!("{under}{path}"), lines.collect());
            }
        }
        Err(error) => {
            let faults = error.diagnostics().iter();
            said.extend(faults.map(|fault| format!("error[{}]: {fault}", fault.code())));
        }
    }
    let said = said.iter().map(|line| line.replace(&fixtures, ""));
    outcome.insert(format!("{under}(said)"), said.collect());
}

/// Returns what one outcome has and the other hasn't: files, and of those that both have, lines.
fn difference(without: &Outcome, with: &Outcome) -> String {
    let mut text = String::new();
    let paths: BTreeSet<_> = without.keys().chain(with.keys()).collect();
    for path in paths {
        match (without.get(path), with.get(path)) {
            (Some(before), Some(after)) if before != after => {
                writeln!(text, "  {path}").expect("a String takes everything");
                for (mark, lines, others) in [('-', before, after), ('+', after, before)] {
                    for line in lines.iter().filter(|line| !others.contains(line)) {
                        writeln!(text, "{mark}     {line}").expect("a String takes everything");
                    }
                }
            }
            (None, Some(said)) if path.ends_with("(said)") => {
                for line in said {
                    writeln!(text, "+ {path} {line}").expect("a String takes everything");
                }
            }
            (Some(_), None) => writeln!(text, "- {path}").expect("a String takes everything"),
            (None, Some(_)) => writeln!(text, "+ {path}").expect("a String takes everything"),
            _ => {}
        }
    }
    text
}

/// Returns a file beside the fixture, without one of its keys.
fn without(fixture: &Path, key: &str) -> NamedTempFile {
    let text = fs::read_to_string(fixture).expect("a fixture");
    let mut root: toml::Table = text.parse().expect("TOML");
    let mut table = &mut root;
    let mut path = key.split('.').peekable();
    while let Some(name) = path.next() {
        if path.peek().is_none() {
            table.remove(name).expect("the fixture has its key");
            break;
        }
        table = table[name].as_table_mut().expect("a table");
    }
    let file = tempfile::Builder::new()
        .prefix(".without-")
        .tempfile_in(FIXTURES)
        .expect("a file");
    fs::write(file.path(), root.to_string()).expect("written");
    file
}

#[test]
fn every_key_has_an_effect_that_a_fixture_shows() {
    for key in keys() {
        let fixture = Path::new(FIXTURES).join(format!("{key}.toml"));
        let bare = without(&fixture, &key);
        let effect = difference(
            &outcome(&Path::new(FIXTURES).join(bare.path().file_name().expect("a name"))),
            &outcome(&fixture),
        );
        assert!(!effect.is_empty(), "`{key}` does nothing");
        insta::assert_snapshot!(key.replace('.', "_"), effect);
    }
}
