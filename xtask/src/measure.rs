//! A child process, measured: CPU seconds and peak memory of it and all that it waited for.

use std::process::{Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use wait4::Wait4;

/// What a process took.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Usage {
    pub(crate) status: ExitStatus,
    pub(crate) wall: Duration,
    /// User and system time.
    pub(crate) cpu: Duration,
    /// The largest resident set of any one process, in bytes.
    pub(crate) peak: u64,
}

/// Runs a command to its end, its output discarded unless the caller redirected it.
pub(crate) fn measure(command: &mut Command) -> Result<Usage> {
    let program = command.get_program().to_owned();
    let start = Instant::now();
    let mut child = command
        .stdin(Stdio::null())
        .spawn()
        .with_context(|| format!("start {}", program.display()))?;
    let used = child.wait4()?;
    Ok(Usage {
        status: used.status,
        wall: start.elapsed(),
        cpu: used.rusage.utime + used.rusage.stime,
        peak: used.rusage.maxrss,
    })
}

/// Returns the middle one of several values.
pub(crate) fn median<T: PartialOrd + Copy>(mut values: Vec<T>) -> T {
    values.sort_by(|a, b| a.partial_cmp(b).expect("measured values are ordered"));
    values[values.len() / 2]
}
