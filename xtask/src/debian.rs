//! Programs that a task needs, from Debian's packages.

use std::process::Command;

use anyhow::{Result, bail};

/// Installs a package unless its program is there already.
pub(crate) fn provide(program: &str, package: &str) -> Result<()> {
    if is_there(program) {
        return Ok(());
    }
    println!("installing {package}, for {program}");
    for arguments in [
        &["update", "--quiet=2"][..],
        &[
            "install",
            "--yes",
            "--quiet=2",
            "--no-install-recommends",
            package,
        ],
    ] {
        // A service that starts by itself isn't wanted: tasks start programs of their own.
        let status = Command::new("apt-get")
            .args(arguments)
            .env("DEBIAN_FRONTEND", "noninteractive")
            .env("RUNLEVEL", "1")
            .status();
        if !status.is_ok_and(|status| status.success()) {
            bail!("{program} is missing; install it (on Debian: `apt-get install {package}`)");
        }
    }
    if !is_there(program) {
        bail!("{program} is missing although {package} is installed");
    }
    Ok(())
}

fn is_there(program: &str) -> bool {
    Command::new("sh")
        .args(["-c", "command -v \"$1\" >/dev/null", "sh", program])
        .status()
        .is_ok_and(|status| status.success())
}
