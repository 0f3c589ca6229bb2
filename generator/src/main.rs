//! The command line.

use std::process::ExitCode;

fn main() -> ExitCode {
    accredit::cli::run(std::env::args_os())
}
