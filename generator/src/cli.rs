//! The door for people: the command line. Each command has a file below `cli/`.
//!
//! What is printed to standard output is data; everything said about the work goes to standard
//! error.

mod changes;
mod completions;
mod config;
mod diff;
mod explain;
mod generate;
mod init;
mod input;
mod inspect;
mod man;
mod progress;
mod reference;
mod release;
mod voice;

use std::ffi::OsString;
use std::process::ExitCode;

use clap::{CommandFactory as _, Parser, Subcommand};

use self::completions::Completions;
use self::config::Config;
use self::diff::Diff;
use self::explain::Explain;
use self::generate::Generate;
use self::init::Init;
use self::inspect::Inspect;
use self::man::Man;
use self::voice::Voice;
use crate::diagnostics::{Code, Severity};
use crate::error::Error;

/// The document is at fault.
const AT_FAULT: u8 = 1;

/// The command line is, or a file or directory that it names.
const USAGE: u8 = 2;

const GUIDE: &str = "\
Start with:
  accredit inspect openapi.yaml
  accredit generate openapi.yaml --output sdk
  cargo doc --manifest-path sdk/Cargo.toml --open

To generate again and again:
  accredit init openapi.yaml
  accredit generate

Exit codes:
  0  done
  1  the document is at fault: nothing was written
  2  the command line is, or what it names: a document that can't be read, an output
     directory that holds files of others or can't be written; nothing was written";

/// Generates typed Rust clients from OpenAPI documents that declare OAuth 2.0 client credentials.
#[derive(Debug, Parser)]
#[command(name = "accredit", version, after_help = GUIDE, arg_required_else_help = true)]
struct Arguments {
    #[command(flatten)]
    voice: Voice,

    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Generate(Generate),
    Inspect(Inspect),
    Diff(Diff),
    Explain(Explain),
    Init(Init),
    Config(Config),
    Completions(Completions),
    Man(Man),
}

/// Runs a command line, the name of the program being the first argument.
pub fn run(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    let Arguments { voice, command } = match Arguments::try_parse_from(arguments) {
        Ok(arguments) => arguments,
        Err(error) => return misused(&error),
    };
    let done = match command {
        Command::Generate(command) => command.run(voice),
        Command::Inspect(command) => command.run(voice),
        Command::Diff(command) => command.run(voice),
        Command::Explain(command) => {
            command.run();
            Ok(())
        }
        Command::Init(command) => command.run(voice),
        Command::Config(command) => command.run(voice),
        Command::Completions(command) => {
            command.run(Arguments::command());
            Ok(())
        }
        Command::Man(command) => match command.run(Arguments::command()) {
            Ok(()) => Ok(()),
            Err(error) => return misused(&error),
        },
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            voice.tell(error.report());
            ExitCode::from(exit_code(&error))
        }
    }
}

/// Says how the command line is used, or what was asked about it.
fn misused(error: &clap::Error) -> ExitCode {
    error.print().ok();
    ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(USAGE))
}

/// Returns whose fault an error is.
fn exit_code(error: &Error) -> u8 {
    let nothing_was_read = error.report().files().next().is_none();
    let of_usage = error
        .diagnostics()
        .iter()
        .filter(|diagnostic| diagnostic.severity() == Severity::Error)
        .all(|diagnostic| match diagnostic.code() {
            Code::InvalidConfig
            | Code::EditedOutput
            | Code::InvalidName
            | Code::ForeignOutput
            | Code::UnwritableFile => true,
            // Later on, it is the document that leads to a file.
            Code::UnreadableFile => nothing_was_read,
            _ => false,
        });
    if of_usage { USAGE } else { AT_FAULT }
}
