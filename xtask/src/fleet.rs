//! The example `fleet` against a real Redis.

use std::process::Command;

use anyhow::{Result, bail};

use crate::{debian, root};

/// Installs Redis if need be, and runs the example.
pub(crate) fn run() -> Result<()> {
    debian::provide("redis-server", "redis-server")?;
    let status = Command::new("cargo")
        .args(["run", "--quiet", "--package", "fleet"])
        .current_dir(root())
        .status()?;
    if !status.success() {
        bail!("the fleet broke a promise");
    }
    Ok(())
}
