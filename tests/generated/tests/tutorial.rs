//! The tutorial of the guide, followed as it is written: its commands are run in their order, and its
//! programs are built and started.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use generated::{lock, root};

/// A piece of code of the page.
#[derive(Debug)]
enum Step {
    Shell(String),
    /// What `src/main.rs` is.
    Program(String),
}

fn steps(page: &str) -> Vec<Step> {
    let blocks = page.split("```").skip(1).step_by(2);
    let step = |block: &str| {
        let (language, code) = block.split_once('\n').expect("a language and code");
        match language {
            "sh" => Step::Shell(code.to_owned()),
            "rust,ignore" => Step::Program(code.to_owned()),
            language => panic!("a block of `{language}`"),
        }
    };
    blocks.map(step).collect()
}

/// Makes a directory look like a checkout, so that what the page makes beside it is made in a place of
/// the test's own: outside of this workspace, which would take crates below it for its members.
fn checkout(place: &Path) -> PathBuf {
    let checkout = place.join("accredit");
    fs::create_dir_all(&checkout).expect("a directory");
    for entry in fs::read_dir(root()).expect("the checkout") {
        let entry = entry.expect("an entry");
        let target = entry.path().canonicalize().expect("a path");
        symlink(target, checkout.join(entry.file_name())).expect("a link");
    }
    checkout
}

/// Runs a shell where a page says. `accredit` is the one of this workspace, and crates come from where
/// the workspace's came.
fn shell(directory: &Path, script: &str) -> Output {
    let temporary = Path::new(env!("CARGO_TARGET_TMPDIR"));
    let accredit = format!(
        "accredit() {{ CARGO_TARGET_DIR='{}' '{}' run --quiet --package accredit --manifest-path '{}' \
         -- \"$@\"; }}",
        temporary.join("..").display(),
        env!("CARGO"),
        root().join("Cargo.toml").display(),
    );
    Command::new("bash")
        .args(["-euc", &format!("{accredit}\n{script}\npwd >&2")])
        .current_dir(directory)
        .env("CARGO_TARGET_DIR", temporary.join("target"))
        .env("CARGO_NET_OFFLINE", "true")
        .output()
        .expect("a shell")
}

fn said(output: &Output) -> String {
    [&output.stdout, &output.stderr]
        .map(|text| String::from_utf8_lossy(text))
        .join("\n")
}

#[test]
fn the_tutorial_leads_from_a_document_to_a_call() {
    let page = fs::read_to_string(root().join("guide/src/tutorial.md")).expect("the page");
    let place = tempfile::tempdir().expect("a directory");
    let mut directory = checkout(place.path());
    let mut programs = 0;
    for step in steps(&page) {
        match step {
            // The last one needs a secret.
            Step::Shell(script) if script.contains('…') => {
                assert!(script.contains("PAYPAL_PAYOUTS_CLIENT_ID=…"), "{script}");
            }
            Step::Shell(script) => {
                // Built by this workspace already.
                let script = script.replace("cargo install --path generator\n", "");
                let output = shell(&directory, &script);
                assert!(output.status.success(), "{script}\n{}", said(&output));
                let end = String::from_utf8_lossy(&output.stderr);
                directory = PathBuf::from(end.lines().last().expect("where the shell ended"));
            }
            Step::Program(program) => {
                fs::write(directory.join("src/main.rs"), program).expect("written");
                lock(&directory);
                let output = shell(&directory, "cargo run --quiet");
                programs += 1;
                if programs == 1 {
                    assert!(output.status.success(), "{}", said(&output));
                    let printed = String::from_utf8_lossy(&output.stdout);
                    assert_eq!(printed.lines().last(), Some("2 token requests"));
                } else {
                    assert!(!output.status.success());
                    let missing = String::from_utf8_lossy(&output.stderr);
                    for setting in ["PAYPAL_PAYOUTS_CLIENT_ID", "PAYPAL_PAYOUTS_CLIENT_SECRET"] {
                        assert!(missing.contains(setting), "{missing}");
                    }
                }
            }
        }
    }
    assert_eq!(programs, 2);
}
