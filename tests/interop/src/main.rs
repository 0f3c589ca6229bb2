//! The runtime against servers that others have written: the certified `oidc-provider`,
//! `oauth2-mock-server`, and nginx in front of them. `cargo xtask interop` installs them and runs this.
//!
//! Prints a table of features, servers and outcomes. Ends with a failure if one isn't as it should be.

// The table is what this program is for.
#![allow(clippy::print_stdout)]

mod authorities;
mod cases;
mod client;
mod report;
mod servers;
mod world;

use std::env;
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context, Result};

use self::report::Report;
use self::world::World;

#[tokio::main]
async fn main() -> Result<ExitCode> {
    let modules = env::args_os().nth(1).map(PathBuf::from);
    let modules =
        modules.context("where npm has installed the servers; run `cargo xtask interop`")?;
    let world = World::start(&modules).await?;
    let mut report = Report::begin();
    cases::authentication::run(&world, &mut report).await;
    cases::tokens::run(&world, &mut report).await;
    cases::proofs::run(&world, &mut report).await;
    cases::refusals::run(&world, &mut report).await;
    cases::discovery::run(&world, &mut report).await;
    cases::front::run(&world, &mut report).await;
    cases::mock_server::run(&world, &mut report).await;
    world.end().await?;
    Ok(report.end())
}
