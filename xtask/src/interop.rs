//! The runtime against foreign servers, which it installs.

use std::fs;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail, ensure};

use crate::{debian, root, target};

/// The versions that are installed.
const SERVERS: &[&str] = &["oidc-provider@9.13.3", "oauth2-mock-server@8.2.3"];

/// Installs the servers if need be, and runs `tests/interop`.
pub(crate) fn run() -> Result<()> {
    debian::provide("nginx", "nginx-light")?;
    let status = Command::new("cargo")
        .args(["run", "--quiet", "--package", "interop", "--"])
        .arg(installed()?)
        .current_dir(root())
        .status()?;
    if !status.success() {
        bail!("a feature doesn't hold against a foreign server");
    }
    Ok(())
}

/// Installs the servers below the target directory; returns where.
fn installed() -> Result<PathBuf> {
    let folder = target().join("interop");
    fs::create_dir_all(&folder)?;
    let installed = Command::new("npm")
        .args([
            "install",
            "--no-audit",
            "--no-fund",
            "--prefer-offline",
            "--prefix",
        ])
        .arg(&folder)
        .args(SERVERS)
        .stdout(Stdio::null())
        .status()
        .context("the servers need Node.js 20.19 or later, with npm in the PATH")?;
    ensure!(installed.success(), "npm couldn't install {SERVERS:?}");
    Ok(folder)
}
