//! Every document of a folder, generated: what came out, what was lost, does it compile.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use accredit::{Config, Runtime, Severity};
use anyhow::{Context, Result, ensure};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::bench::{Size, megabytes};
use crate::measure::measure;
use crate::{examples, root};

#[derive(Debug, clap::Args)]
pub(crate) struct Options {
    /// Folders and documents; `../shared/specs`, seen from the root, unless given.
    paths: Vec<PathBuf>,
    /// Also holds every generated crate against `cargo clippy` with warnings as errors.
    #[arg(long)]
    check: bool,
    /// Instead sends every example of the documents through the generated types and back.
    #[arg(long, conflicts_with = "check")]
    examples: bool,
    /// Prints JSON instead of a table.
    #[arg(long)]
    json: bool,
    /// Where the crates are written; a temporary folder unless given.
    #[arg(long)]
    output: Option<PathBuf>,
}

#[derive(Debug, clap::Args)]
pub(crate) struct DocumentOptions {
    document: PathBuf,
    #[arg(long)]
    output: PathBuf,
    #[arg(long)]
    name: String,
}

/// What one document came to.
#[derive(Debug, Serialize, Deserialize, Default)]
struct Outcome {
    generated: bool,
    operations: usize,
    types: usize,
    warnings: usize,
    errors: Vec<String>,
    /// Operations that the document holds.
    #[serde(default)]
    operations_present: usize,
    /// Schemas with a name that the document holds; those that no operation reaches aren't generated.
    #[serde(default)]
    schemas_present: usize,
    /// Diagnostics about a part that was lost.
    #[serde(default)]
    lost: usize,
}

/// A line of the table.
#[derive(Debug, Serialize)]
struct Row {
    document: String,
    #[serde(flatten)]
    outcome: Outcome,
    seconds: f64,
    peak_mb: f64,
    lines: usize,
    /// Whether the crate passes; `None` where it wasn't asked.
    compiles: Option<bool>,
    complaint: Option<String>,
    /// What makes the run fail: a panic, a silent loss, code that doesn't compile.
    fault: Option<&'static str>,
}

/// Generates from every document and prints a row for each; fails if one panics, loses an operation
/// without a diagnostic, or yields code that doesn't compile.
pub(crate) fn run(options: &Options) -> Result<()> {
    let temporary = tempfile::tempdir()?;
    let output = options
        .output
        .clone()
        .unwrap_or_else(|| temporary.path().to_owned());
    let mut documents = Vec::new();
    let default = [root().join("../shared/specs")];
    let paths = if options.paths.is_empty() {
        &default[..]
    } else {
        &options.paths
    };
    for path in paths {
        collect(path, path, &mut documents)?;
    }
    documents.sort();
    if options.examples {
        return examples::run(&documents, &output, options.json);
    }
    if !options.json {
        println!(
            "| document | outcome | operations | schemas | types | warnings | s | MB | lines | compiles |"
        );
        println!("|--|--|--|--|--|--|--|--|--|--|");
    }
    let mut rows = Vec::new();
    for (index, (shown, document)) in documents.iter().enumerate() {
        eprintln!("{shown}");
        let row = row(shown, document, &output, index, options)?;
        if !options.json {
            row.print();
        }
        rows.push(row);
    }
    if options.json {
        println!("{}", serde_json::to_string_pretty(&rows)?);
    }
    let generated = rows.iter().filter(|row| row.outcome.generated).count();
    let faults = rows.iter().filter(|row| row.fault.is_some()).count();
    eprintln!(
        "{generated} of {} documents generated, {faults} at fault",
        rows.len()
    );
    ensure!(faults == 0, "{faults} documents at fault");
    Ok(())
}

/// Finds the OpenAPI documents below a path.
fn collect(base: &Path, path: &Path, found: &mut Vec<(String, PathBuf)>) -> Result<()> {
    if path.is_dir() {
        for entry in fs::read_dir(path).with_context(|| path.display().to_string())? {
            collect(base, &entry?.path(), found)?;
        }
        return Ok(());
    }
    let extension = path.extension().unwrap_or_default().to_string_lossy();
    if ["json", "yaml", "yml"].contains(&&*extension) {
        let shown = path
            .strip_prefix(base)
            .ok()
            .filter(|rest| !rest.as_os_str().is_empty());
        let shown = shown.or(path.file_name().map(Path::new)).unwrap_or(path);
        found.push((shown.display().to_string(), path.to_owned()));
    }
    Ok(())
}

fn row(
    shown: &str,
    document: &Path,
    output: &Path,
    index: usize,
    options: &Options,
) -> Result<Row> {
    let name = format!("corpus{index}");
    let folder = output.join(&name);
    let report = output.join(format!("{name}.json"));
    fs::create_dir_all(output)?;
    let usage = measure(
        Command::new(std::env::current_exe()?)
            .arg("corpus-document")
            .arg(document)
            .arg("--output")
            .arg(&folder)
            .args(["--name", &name])
            .stdout(fs::File::create(&report)?)
            .stderr(Stdio::null()),
    )?;
    let mut fault = None;
    let outcome = if usage.status.success() {
        serde_json::from_slice(&fs::read(&report)?)?
    } else {
        fault = Some("it panicked");
        Outcome::default()
    };
    if outcome.generated && outcome.operations + outcome.lost < outcome.operations_present {
        fault = Some("an operation is lost without a diagnostic");
    }
    let mut lines = 0;
    let mut complaint = None;
    if outcome.generated {
        lines = Size::of(&folder.join("src"))?.lines;
        if options.check {
            complaint = check(&folder, &output.join("target"))?;
            if complaint.is_some() {
                fault = Some("it doesn't compile cleanly");
            }
        }
    }
    Ok(Row {
        document: shown.to_owned(),
        seconds: usage.wall.as_secs_f64(),
        peak_mb: megabytes(usage.peak),
        lines,
        compiles: (options.check && outcome.generated).then_some(complaint.is_none()),
        complaint,
        fault,
        outcome,
    })
}

/// Returns the first complaint of clippy about a crate.
fn check(folder: &Path, target: &Path) -> Result<Option<String>> {
    let output = Command::new("cargo")
        .args([
            "clippy",
            "--quiet",
            "--message-format",
            "short",
            "--",
            "-D",
            "warnings",
        ])
        .current_dir(folder)
        .env("CARGO_TARGET_DIR", target)
        .env("CARGO_INCREMENTAL", "0")
        .output()?;
    if output.status.success() {
        return Ok(None);
    }
    let text = String::from_utf8_lossy(&output.stderr);
    let first = text
        .lines()
        .find(|line| line.contains("error"))
        .unwrap_or("no message");
    Ok(Some(first.to_owned()))
}

impl Row {
    fn print(&self) {
        let outcome = match (self.fault, self.outcome.errors.first()) {
            (Some(fault), _) => fault.to_owned(),
            (None, Some(error)) => error.clone(),
            (None, None) => "generated".to_owned(),
        };
        let compiles = match (self.compiles, &self.complaint) {
            (Some(true), _) => "yes",
            (_, Some(complaint)) => complaint,
            _ => "",
        };
        println!(
            "| {} | {} | {} of {} | {} | {} | {} | {:.2} | {:.0} | {} | {} |",
            self.document,
            outcome.replace(['|', '\n'], " "),
            self.outcome.operations,
            self.outcome.operations_present,
            self.outcome.schemas_present,
            self.outcome.types,
            self.outcome.warnings,
            self.seconds,
            self.peak_mb,
            self.lines,
            compiles.replace('|', " "),
        );
    }
}

/// Generates from one document and prints the outcome as JSON.
pub(crate) fn document(options: &DocumentOptions) -> Result<()> {
    let config = Config::new(&options.document)
        .name(&options.name)
        .keep_going(true)
        .runtime(Runtime::Path(root().join("runtime")));
    let outcome = match accredit::generate(&config) {
        Ok(package) => {
            package.write_to(&options.output)?;
            let present = present(&options.document);
            Outcome {
                generated: true,
                operations: package.operations(),
                types: package.types(),
                warnings: package.warnings().len(),
                lost: package
                    .warnings()
                    .iter()
                    .filter(|warning| warning.code() == accredit::Code::InvalidPart)
                    .count(),
                operations_present: present.0,
                schemas_present: present.1,
                ..Outcome::default()
            }
        }
        Err(error) => Outcome {
            errors: error
                .diagnostics()
                .iter()
                .filter(|diagnostic| diagnostic.severity() == Severity::Error)
                .map(|diagnostic| format!("{}: {diagnostic}", diagnostic.code()))
                .collect(),
            ..Outcome::default()
        },
    };
    println!("{}", serde_json::to_string(&outcome)?);
    Ok(())
}

/// Counts the operations and the schemas of a document without the generator's help.
fn present(path: &Path) -> (usize, usize) {
    const METHODS: [&str; 8] = [
        "get", "put", "post", "delete", "options", "head", "patch", "trace",
    ];
    let Ok(text) = fs::read_to_string(path) else {
        return (0, 0);
    };
    let document: Value = match serde_json::from_str(&text)
        .ok()
        .or_else(|| serde_yaml::from_str(&text).ok())
    {
        Some(document) => document,
        None => return (0, 0),
    };
    let paths = document.get("paths").and_then(Value::as_object);
    let items = paths.into_iter().flat_map(serde_json::Map::values);
    let members = items
        .filter_map(Value::as_object)
        .flat_map(serde_json::Map::iter);
    let operations = members
        .filter(|(name, value)| METHODS.contains(&name.as_str()) && value.is_object())
        .count();
    let schemas = document
        .pointer("/components/schemas")
        .or_else(|| document.get("definitions"))
        .and_then(Value::as_object);
    (operations, schemas.map_or(0, serde_json::Map::len))
}
