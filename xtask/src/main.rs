//! The project's own tasks. `cargo xtask help` lists them.

// Tasks print their results.
#![allow(clippy::print_stdout)]

mod bench;
mod cold;
mod corpus;
mod debian;
mod examples;
mod fleet;
mod interop;
mod measure;
mod package;
mod prism;
mod release;
mod serde_twin;
mod tidy;

use std::env;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use anyhow::{Result, ensure};
use clap::{Parser, Subcommand};

/// Tasks of the project itself.
#[derive(Debug, Parser)]
#[command(name = "cargo xtask")]
struct Arguments {
    #[command(subcommand)]
    task: Task,
}

#[derive(Debug, Subcommand)]
enum Task {
    /// Measures generation and the compile time of what is generated.
    Bench(bench::Options),
    /// Measures what a client that is generated in a build costs the first build of a service.
    Cold(cold::Options),
    /// Generates a client from every document of a folder and says what came of it.
    Corpus(corpus::Options),
    /// One document of a corpus, in a process of its own; prints JSON.
    #[command(hide = true)]
    CorpusDocument(corpus::DocumentOptions),
    /// Shares one token between processes through a real Redis, which it installs if need be.
    Fleet,
    /// Holds the runtime against authorization servers and a proxy that others have written.
    Interop,
    /// Packages our crates and generated ones, and publishes them as far as the upload.
    Package(package::Options),
    /// Calls every operation of documents before Prism, which refuses requests that break them.
    Prism(prism::Options),
    /// Prepares a release: version, changelog, compatibility, packages, documentation.
    Release(release::Options),
    /// Holds the tree against the layering table, the file caps and the banned names.
    Tidy,
}

fn main() -> ExitCode {
    let result = match Arguments::parse().task {
        Task::Bench(options) => bench::run(&options),
        Task::Cold(options) => cold::run(&options),
        Task::Corpus(options) => corpus::run(&options),
        Task::CorpusDocument(options) => corpus::document(&options),
        Task::Fleet => fleet::run(),
        Task::Interop => interop::run(),
        Task::Package(options) => package::run(&options),
        Task::Prism(options) => prism::run(&options),
        Task::Release(options) => release::run(&options),
        Task::Tidy => tidy::run(),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

/// Returns the root of the workspace.
fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .expect("xtask stands in the workspace")
        .to_owned()
}

/// Returns the directory in which cargo builds.
fn target() -> PathBuf {
    env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), PathBuf::from)
}

/// Runs a command to its end; one that fails is an error.
fn succeed(command: &mut Command) -> Result<()> {
    let status = command.status()?;
    ensure!(status.success(), "{command:?}: {status}");
    Ok(())
}
