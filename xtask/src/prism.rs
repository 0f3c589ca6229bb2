//! Every operation called on the wire, before a foreign judge: Prism serves a document and refuses
//! requests that break it.

mod answers;
mod cases;
mod forms;
mod lacking;
mod mended;
mod pattern;
mod report;
mod sample;
mod scalar;

use std::fs;
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use accredit::{Config, Runtime};
use anyhow::{Context, Result, bail, ensure};

use self::report::{Judge, Outcome, Row};
use crate::{root, target};

/// The version that is installed.
const PRISM: &str = "@stoplight/prism-cli@5.16.0";

/// Large documents take Prism a while to read.
const LONGEST_START: Duration = Duration::from_secs(600);

#[derive(Debug, clap::Args)]
pub(crate) struct Options {
    /// The documents.
    #[arg(required = true)]
    documents: Vec<PathBuf>,
    /// Where crates and calls are written; a temporary folder unless given.
    #[arg(long)]
    output: Option<PathBuf>,
    /// Shows every call that wasn't accepted and decoded, not only the first of an operation.
    #[arg(long)]
    verbose: bool,
    /// Fails if a smaller share of the operations is accepted and decoded, in percent.
    #[arg(long, default_value_t = 0.0)]
    least: f64,
    /// Fails if a call goes wrong and it is neither Prism's fault nor the document's.
    #[arg(long)]
    explained: bool,
}

/// Makes calls of every operation of the documents to Prism, and reports what came of them.
pub(crate) fn run(options: &Options) -> Result<()> {
    let temporary = tempfile::tempdir()?;
    let output = options.output.clone();
    let output = output.unwrap_or_else(|| temporary.path().to_owned());
    let prism = installed()?;
    println!("| document | operations | called | accepted | decoded | mended | share | ours |");
    println!("|--|--:|--:|--:|--:|--:|--:|--:|");
    let mut rows = Vec::new();
    for (index, document) in options.documents.iter().enumerate() {
        let document =
            fs::canonicalize(document).with_context(|| document.display().to_string())?;
        let crate_dir = output.join(format!("prism{index}"));
        match judged(&document, &crate_dir, &output, &prism) {
            Ok(row) => {
                row.print();
                rows.push(row);
            }
            Err(error) => println!(
                "| {} | {} |",
                shown(&document),
                format!("{error:#}").replace(['|', '\n'], " ")
            ),
        }
    }
    let all = Row::sum(&rows);
    all.print();
    for row in &rows {
        row.explain(options.verbose);
    }
    ensure!(
        all.share() >= options.least,
        "{:.1} % of the operations are accepted and decoded, expected {} %",
        all.share(),
        options.least
    );
    ensure!(
        !options.explained || all.ours() == 0,
        "calls of {} operations went wrong through our fault",
        all.ours()
    );
    Ok(())
}

fn shown(document: &Path) -> String {
    document
        .file_name()
        .unwrap_or_default()
        .to_string_lossy()
        .into_owned()
}

/// Installs Prism below the target directory, if it isn't there; returns what to run.
fn installed() -> Result<PathBuf> {
    let folder = target().join("prism");
    let program = folder.join("node_modules/.bin/prism");
    if program.exists() {
        return Ok(program);
    }
    fs::create_dir_all(&folder)?;
    let installed = Command::new("npm")
        .args(["install", "--no-audit", "--no-fund", "--prefix"])
        .arg(&folder)
        .arg(PRISM)
        .stdout(Stdio::null())
        .status()
        .context("Prism needs Node.js 20 or later, with npm in the PATH")?;
    ensure!(installed.success(), "npm couldn't install {PRISM}");
    Ok(program)
}

/// Generates a crate from a document, makes its calls, and sums up.
fn judged(document: &Path, folder: &Path, output: &Path, prism: &Path) -> Result<Row> {
    let name = "smoke-client";
    let config = Config::new(document)
        .name(name)
        .runtime(Runtime::Path(root().join("runtime")));
    let package = accredit::generate(&config)
        .map_err(|error| anyhow::anyhow!("it isn't generated: {error}"))?;
    // What is there would be kept, as what a person has changed.
    if folder.exists() {
        fs::remove_dir_all(folder)?;
    }
    package.write_to(folder)?;
    let (calls, normalised) =
        accredit::smoke(&config).map_err(|error| anyhow::anyhow!("it isn't generated: {error}"))?;
    write_program(folder, &name.replace('-', "_"), &calls)?;
    let cases = cases::of(&normalised, &source(document));
    let file = folder.join("cases.json");
    fs::write(&file, serde_json::to_vec(&cases)?)?;
    let program = built(folder, &output.join("target"))?;

    let log = folder.join("prism.log");
    let mut server = Server::start(prism, document, &log)?;
    let mended = mended(normalised.clone(), folder)?;
    let mended_log = folder.join("mended.log");
    let mended_server = Server::start(prism, &mended, &mended_log)?;
    let calls = Command::new(program)
        .arg(&file)
        .args([server.url(), mended_server.url()])
        .output()?;
    ensure!(
        calls.status.success(),
        "the calls ended early: {}",
        String::from_utf8_lossy(&calls.stderr)
    );
    let outcomes = String::from_utf8_lossy(&calls.stdout);
    let outcomes: Vec<Outcome> = outcomes
        .lines()
        .map(serde_json::from_str)
        .collect::<serde_json::Result<_>>()?;
    ensure!(
        outcomes.len() == cases.len(),
        "there is an outcome for every call"
    );
    let judge = Judge {
        violations: report::violations(&fs::read_to_string(&log)?),
        mended: report::violations(&fs::read_to_string(&mended_log)?),
        document: normalised,
        has_ended: server.process.try_wait()?.is_some(),
    };
    Ok(Row::of(shown(document), &cases, outcomes, &judge))
}

/// Returns the document in one file, mended.
fn mended(normalised: serde_json::Value, folder: &Path) -> Result<PathBuf> {
    let path = folder.join("mended.json");
    fs::write(&path, serde_json::to_vec(&mended::mended(normalised))?)?;
    Ok(path)
}

/// Returns the document as it stands; nothing where it can't be read as a whole.
fn source(document: &Path) -> serde_json::Value {
    let text = fs::read_to_string(document).unwrap_or_default();
    serde_yaml::from_str(&text).unwrap_or_default()
}

/// Adds the program that makes the calls to a generated crate.
fn write_program(folder: &Path, library: &str, calls: &str) -> Result<()> {
    fs::create_dir_all(folder.join("examples/smoke"))?;
    fs::write(folder.join("examples/smoke/operations.rs"), calls)?;
    let main = include_str!("prism/smoke.rs.txt").replace("CRATE", library);
    fs::write(folder.join("examples/smoke/main.rs"), main)?;
    let path = folder.join("Cargo.toml");
    let runtime = root().join("runtime").display().to_string();
    let ours = format!(
        "[dev-dependencies]\n\
         accredit-runtime = {{ path = {runtime:?}, features = [\"mock\"] }}\n\
         serde = {{ version = \"1\", features = [\"derive\"] }}\n\
         serde_json = \"1\"\n"
    );
    let manifest = fs::read_to_string(&path)?;
    fs::write(&path, manifest.replace("[dev-dependencies]\n", &ours))?;
    Ok(())
}

fn built(folder: &Path, target: &Path) -> Result<PathBuf> {
    let build = Command::new("cargo")
        .args(["build", "--quiet", "--example", "smoke"])
        .current_dir(folder)
        .env("CARGO_TARGET_DIR", target)
        .env("CARGO_INCREMENTAL", "0")
        .output()?;
    let complaint = String::from_utf8_lossy(&build.stderr);
    let first = complaint.lines().find(|line| line.starts_with("error"));
    ensure!(
        build.status.success(),
        "its calls don't compile: {}",
        first.unwrap_or(&complaint)
    );
    Ok(target.join("debug/examples/smoke"))
}

/// Prism, for as long as it is held.
struct Server {
    process: Child,
    port: u16,
}

impl Server {
    /// Starts Prism, and waits until it listens.
    fn start(prism: &Path, document: &Path, log: &Path) -> Result<Self> {
        let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        let process = Command::new(prism)
            .args(["mock", "--errors", "--host", "127.0.0.1", "--port"])
            .arg(port.to_string())
            .arg(document)
            .stdout(fs::File::create(log)?)
            .stderr(Stdio::null())
            .spawn()
            .context("Prism needs Node.js 20 or later in the PATH")?;
        let mut server = Self { process, port };
        let started = Instant::now();
        while TcpStream::connect(("127.0.0.1", port)).is_err() {
            if server.process.try_wait()?.is_some() || started.elapsed() > LONGEST_START {
                let text = fs::read_to_string(log).unwrap_or_default();
                let last = text.lines().rev().find(|line| !line.trim().is_empty());
                bail!(
                    "Prism doesn't load it: {}",
                    last.unwrap_or("it says nothing")
                );
            }
            std::thread::sleep(Duration::from_millis(100));
        }
        Ok(server)
    }

    fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }
}

impl Drop for Server {
    /// Ends the process, which runs until it is told to stop.
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
