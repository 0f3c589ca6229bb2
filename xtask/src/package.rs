//! What a registry would get: our crates and generated ones, packaged, verified and published as far
//! as the upload.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use accredit::{Config, Runtime};
use anyhow::{Context, Result, ensure};
use clap::Args;

use crate::{root, succeed, target};

/// Documents of the repository, which stand for all others.
const DOCUMENTS: &[&str] = &[
    "examples/quickstart/paypal-payouts.json",
    "tests/documents/paypal-webhooks.json",
    "tests/documents/ups-paperless.yaml",
    "tests/documents/xero-app-store.yaml",
];

/// The largest package that crates.io takes.
const LARGEST: u64 = 10 * 1024 * 1024;

#[derive(Debug, Args)]
pub(crate) struct Options {
    /// Documents whose clients are packaged; those of the repository unless given.
    documents: Vec<PathBuf>,

    /// Packages changes that aren't committed.
    #[arg(long)]
    allow_dirty: bool,

    /// Leaves out the crates of the workspace.
    #[arg(long)]
    only_generated: bool,
}

/// Fails where a registry would refuse.
pub(crate) fn run(options: &Options) -> Result<()> {
    if !options.only_generated {
        own_crates(options.allow_dirty)?;
    }
    let documents = match options.documents.as_slice() {
        [] => DOCUMENTS.iter().map(|path| root().join(path)).collect(),
        given => given.to_vec(),
    };
    let folder = tempfile::tempdir()?;
    for document in documents {
        let size = generated_crate(&document, folder.path())
            .with_context(|| document.display().to_string())?;
        println!("{}: {} KiB", document.display(), size.div_ceil(1024));
    }
    Ok(())
}

/// Packages and verifies the crates of the workspace that are published.
pub(crate) fn own_crates(allow_dirty: bool) -> Result<()> {
    let mut cargo = Command::new(env!("CARGO"));
    cargo.current_dir(root()).args(["package", "--locked"]);
    cargo.args(["--package", "accredit-runtime", "--package", "accredit"]);
    if allow_dirty {
        cargo.arg("--allow-dirty");
    }
    succeed(&mut cargo)
}

/// Generates the client of a document and does what `cargo publish` does before the upload: packages,
/// and builds what was packaged. Returns the size of the package.
fn generated_crate(document: &Path, folder: &Path) -> Result<u64> {
    let stem = document.file_stem().context("a file")?.to_string_lossy();
    let name = stem.replace(['.', '_'], "-");
    let output = folder.join(&name);
    let config = Config::new(document)
        .name(&name)
        .runtime(Runtime::Path(root().join("runtime")));
    accredit::generate(&config)?.write_to(&output)?;
    fs::copy(root().join("Cargo.lock"), output.join("Cargo.lock"))?;

    // A package keeps the version of a dependency and not its path. Until a registry has the runtime of
    // that version, the one beside is put in its place.
    let runtime = root().join("runtime").display().to_string();
    let patch = format!("patch.crates-io.accredit-runtime.path={runtime:?}");
    // `package` builds what it packages, and leaves the package where it can be weighed.
    for step in [&["package"][..], &["publish", "--dry-run", "--no-verify"]] {
        let mut cargo = Command::new(env!("CARGO"));
        cargo.current_dir(&output).args(step);
        cargo.arg("--config").arg(&patch);
        cargo.arg("--target-dir").arg(target());
        succeed(&mut cargo)?;
    }

    let packages = fs::read_dir(target().join("package"))?;
    let mut sizes = Vec::new();
    for entry in packages {
        let entry = entry?;
        let path = entry.path();
        let stem = path.file_stem().unwrap_or_default().to_string_lossy();
        let is_package = path
            .extension()
            .is_some_and(|extension| extension == "crate");
        if is_package && stem.starts_with(&format!("{name}-")) {
            sizes.push(entry.metadata()?.len());
        }
    }
    let size = sizes.into_iter().max().context("no package was made")?;
    ensure!(size < LARGEST, "{size} bytes; crates.io takes {LARGEST}");
    Ok(size)
}
