//! Every example of every document of a folder, through the generated types and back.

use std::fs;
use std::path::Path;
use std::process::Command;

use accredit::{Code, Config, Runtime};
use anyhow::{Context, Result, ensure};
use serde::Serialize;

use crate::root;

/// The share of a document's valid examples that must survive.
const LEAST_OF_ONE: f64 = 0.95;

/// The share of all valid examples that must survive.
const LEAST_OF_ALL: f64 = 0.995;

/// What became of the examples of a document.
#[derive(Debug, Default, Serialize)]
struct Row {
    document: String,
    /// Examples that their schema allows.
    valid: usize,
    survived: usize,
    /// Examples that contradict their own schema: the place and what is wrong.
    contradicting: Vec<String>,
    /// Examples with properties that their schema doesn't declare; these are left out of account.
    undeclared: usize,
    failures: Vec<String>,
}

impl Row {
    fn share(&self) -> f64 {
        share(self.survived, self.valid)
    }
}

/// Prints a row for each document; fails if too many valid examples don't survive.
pub(crate) fn run(
    documents: &[(String, std::path::PathBuf)],
    output: &Path,
    json: bool,
) -> Result<()> {
    if !json {
        println!(
            "| document | valid examples | survived | % | contradict their schema | undeclared properties |"
        );
        println!("|--|--|--|--|--|--|");
    }
    let mut rows = Vec::new();
    for (index, (shown, document)) in documents.iter().enumerate() {
        eprintln!("{shown}");
        let row = row(
            shown,
            document,
            &output.join(format!("corpus{index}")),
            &output.join("target"),
        )?;
        let Some(row) = row else {
            continue;
        };
        if !json {
            println!(
                "| {shown} | {} | {} | {:.1} | {} | {} |",
                row.valid,
                row.survived,
                row.share() * 100.0,
                row.contradicting.len(),
                row.undeclared
            );
        }
        for failure in &row.failures {
            eprintln!("  {failure}");
        }
        rows.push(row);
    }
    if json {
        println!("{}", serde_json::to_string_pretty(&rows)?);
    }
    let valid = rows.iter().map(|row| row.valid).sum();
    let survived = rows.iter().map(|row| row.survived).sum();
    let contradicting: usize = rows.iter().map(|row| row.contradicting.len()).sum();
    eprintln!(
        "{survived} of {valid} valid examples survive ({:.2} %); {contradicting} contradict their schema",
        share(survived, valid) * 100.0
    );
    let poor: Vec<_> = rows
        .iter()
        .filter(|row| row.share() < LEAST_OF_ONE)
        .map(|row| row.document.as_str())
        .collect();
    ensure!(poor.is_empty(), "too few survive in {}", poor.join(", "));
    ensure!(share(survived, valid) >= LEAST_OF_ALL, "too few survive");
    Ok(())
}

#[expect(clippy::cast_precision_loss, reason = "counts of examples")]
fn share(part: usize, whole: usize) -> f64 {
    if whole == 0 {
        1.0
    } else {
        part as f64 / whole as f64
    }
}

/// Returns what became of a document's examples; `None` where nothing is generated of it.
fn row(shown: &str, document: &Path, folder: &Path, target: &Path) -> Result<Option<Row>> {
    let name = folder.file_name().context("a folder")?.to_string_lossy();
    let config = Config::new(document)
        .name(&*name)
        .runtime(Runtime::Path(root().join("runtime")))
        .tests(true);
    let Ok(package) = accredit::generate(&config) else {
        return Ok(None);
    };
    package.write_to(folder)?;
    let warnings = |code: Code| {
        package
            .warnings()
            .iter()
            .filter(move |it| it.code() == code)
    };
    let mut row = Row {
        document: shown.to_owned(),
        contradicting: warnings(Code::ExampleContradictsSchema)
            .map(|warning| {
                let line = warning.place().map_or(0, accredit::Place::line);
                format!("line {line}: {warning}")
            })
            .collect(),
        undeclared: warnings(Code::UndeclaredProperty).count(),
        ..Row::default()
    };
    let Some(data) = package.files().get("tests/examples.jsonl") else {
        return Ok(Some(row));
    };
    // The first line is a mark.
    row.valid = data.lines().count() - 1;
    row.failures = failures(folder, target)?;
    row.survived = row.valid - row.failures.len().min(row.valid);
    Ok(Some(row))
}

/// Runs the generated test and returns what it says.
fn failures(folder: &Path, target: &Path) -> Result<Vec<String>> {
    fs::copy(root().join("Cargo.lock"), folder.join("Cargo.lock"))?;
    let output = Command::new("cargo")
        .args(["test", "--quiet", "--test", "examples"])
        .current_dir(folder)
        .env("CARGO_TARGET_DIR", target)
        .env("CARGO_INCREMENTAL", "0")
        .env("CARGO_PROFILE_DEV_DEBUG", "false")
        .env("CARGO_PROFILE_TEST_DEBUG", "false")
        .output()?;
    if output.status.success() {
        return Ok(Vec::new());
    }
    let text = [output.stdout, output.stderr].concat();
    let text = String::from_utf8_lossy(&text);
    let failures: Vec<_> = text
        .lines()
        .filter(|line| line.starts_with("#/") && line.contains(" as "))
        .map(str::to_owned)
        .collect();
    ensure!(
        !failures.is_empty(),
        "{} doesn't compile:\n{text}",
        folder.display()
    );
    Ok(failures)
}
