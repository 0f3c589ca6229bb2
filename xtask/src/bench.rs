//! What generation takes, and what the compiler takes for what was generated.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use anyhow::{Context, Result, bail, ensure};

use crate::measure::{Usage, measure, median};
use crate::{root, serde_twin, target};

/// The documents measured unless others are named, below the folder of documents.
const DOCUMENTS: &[&str] = &[
    "paypal/openapi/payments_payouts_batch_v1.json",
    "paypal/openapi/notifications_webhooks_v1.json",
    "xero/xero-app-store.yaml",
    "ups/Paperless.yaml",
    "ebay/specs/buy_browse_v1_oas3.json",
    "vectara.io/vectara.io.json",
    "twinehealth.com/twinehealth.com.json",
];

#[derive(Debug, clap::Args)]
pub(crate) struct Options {
    /// The documents to measure; a representative few unless given.
    documents: Vec<PathBuf>,
    /// The folder that holds the documents measured by default.
    #[arg(long, default_value = "../shared/specs")]
    specs: PathBuf,
    /// How often each figure is taken; the median is shown.
    #[arg(long, default_value_t = 5)]
    runs: usize,
}

/// Generates each document and checks three crates made from it, side by side in each run: the
/// whole client, its types alone, and the same types with serde's derives.
pub(crate) fn run(options: &Options) -> Result<()> {
    ensure!(options.runs > 0, "`--runs` must be at least 1");
    let specs = root().join(&options.specs);
    let documents: Vec<PathBuf> = if options.documents.is_empty() {
        DOCUMENTS.iter().map(|path| specs.join(path)).collect()
    } else {
        options.documents.clone()
    };
    let program = build_generator()?;
    let workspace = tempfile::tempdir()?;
    println!(
        "| document | generate s | peak MB | files | lines | kB | check s (CPU) | types, table s | types, derive s | table / derive |"
    );
    println!("|--|--|--|--|--|--|--|--|--|--|");
    for (index, document) in documents.iter().enumerate() {
        let folder = workspace.path().join(format!("d{index}"));
        println!("{}", row(&program, document, &folder, options.runs)?);
    }
    Ok(())
}

fn build_generator() -> Result<PathBuf> {
    eprintln!("building the generator");
    let status = Command::new("cargo")
        .args(["build", "--quiet", "--release", "--package", "accredit"])
        .current_dir(root())
        .status()?;
    ensure!(status.success(), "the generator doesn't build");
    Ok(target().join("release/accredit"))
}

fn row(program: &Path, document: &Path, folder: &Path, runs: usize) -> Result<String> {
    let name = document.file_stem().context("a file")?.to_string_lossy();
    eprintln!("measuring {name}");
    let client = folder.join("client");
    let generated = (0..runs)
        .map(|_| generate(program, document, &client))
        .collect::<Result<Vec<_>>>()?;
    let size = Size::of(&client.join("src"))?;

    let table = folder.join("table");
    let derive = folder.join("derive");
    serde_twin::types_alone(&client, &table)?;
    serde_twin::with_derives(&client, &derive)?;
    let crates = [&client, &table, &derive];
    let target = folder.join("target");
    for path in crates {
        check(path, &target)?;
    }
    let mut cpu = [const { Vec::new() }; 3];
    for _ in 0..runs {
        for (path, times) in crates.iter().zip(&mut cpu) {
            times.push(check(path, &target)?.cpu);
        }
    }
    let [client, table, derive] = cpu.map(|times| median(times).as_secs_f64());
    Ok(format!(
        "| {name} | {:.3} | {:.0} | {} | {} | {} | {client:.2} | {table:.2} | {derive:.2} | {:.2} |",
        median(
            generated
                .iter()
                .map(|usage| usage.wall)
                .collect::<Vec<Duration>>()
        )
        .as_secs_f64(),
        megabytes(median(generated.iter().map(|usage| usage.peak).collect())),
        size.files,
        size.lines,
        size.bytes / 1000,
        table / derive,
    ))
}

fn generate(program: &Path, document: &Path, output: &Path) -> Result<Usage> {
    if output.exists() {
        fs::remove_dir_all(output)?;
    }
    fs::create_dir_all(output.parent().context("a parent")?)?;
    let usage = measure(
        Command::new(program)
            .arg("generate")
            .arg(document)
            .args(["--name", "measured"])
            .arg("--output")
            .arg(output)
            .arg("--runtime")
            .arg(root().join("runtime"))
            .stdout(Stdio::null())
            .stderr(Stdio::null()),
    )?;
    ensure!(
        usage.status.success(),
        "{} isn't generated",
        document.display()
    );
    Ok(usage)
}

/// Checks a crate whose dependencies are checked already.
fn check(path: &Path, target: &Path) -> Result<Usage> {
    let root_file = path.join("src/lib.rs");
    fs::write(&root_file, fs::read(&root_file)?)?;
    let usage = measure(
        Command::new("cargo")
            .args(["check", "--quiet"])
            .current_dir(path)
            .env("CARGO_TARGET_DIR", target)
            .env("CARGO_INCREMENTAL", "0"),
    )?;
    if !usage.status.success() {
        bail!("{} doesn't compile", path.display());
    }
    Ok(usage)
}

/// How much was generated.
#[derive(Debug, Default)]
pub(crate) struct Size {
    pub(crate) files: usize,
    pub(crate) lines: usize,
    pub(crate) bytes: usize,
}

impl Size {
    /// Adds up the Rust files below a folder.
    pub(crate) fn of(folder: &Path) -> Result<Self> {
        let mut size = Self::default();
        for entry in fs::read_dir(folder)? {
            let path = entry?.path();
            if path.is_dir() {
                let inner = Self::of(&path)?;
                size.files += inner.files;
                size.lines += inner.lines;
                size.bytes += inner.bytes;
            } else {
                let text = fs::read_to_string(&path)?;
                size.files += 1;
                size.lines += text.lines().count();
                size.bytes += text.len();
            }
        }
        Ok(size)
    }
}

#[expect(clippy::cast_precision_loss, reason = "shown to the megabyte")]
pub(crate) fn megabytes(bytes: u64) -> f64 {
    bytes as f64 / 1e6
}
