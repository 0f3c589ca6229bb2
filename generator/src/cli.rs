//! The door for people: the command line. Each command has a file below `cli/`.
//!
//! What is printed to standard output is data; everything said about the work goes to standard
//! error.

mod config;
mod explain;
mod generate;
mod input;
mod inspect;
mod messages;
mod progress;

use std::ffi::OsString;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

use self::config::Config;
use self::explain::Explain;
use self::generate::Generate;
use self::inspect::Inspect;
use self::messages::{MessageFormat, tell};
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

Exit codes:
  0  done
  1  the document is at fault: nothing was written
  2  the command line is, or what it names: a document that can't be read, an output
     directory that holds files of others or can't be written; nothing was written";

/// Generates typed Rust clients from OpenAPI documents that declare OAuth 2.0 client credentials.
#[derive(Debug, Parser)]
#[command(name = "accredit", version, after_help = GUIDE, arg_required_else_help = true)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Generate(Generate),
    Inspect(Inspect),
    Explain(Explain),
    Config(Config),
}

/// Runs a command line, the name of the program being the first argument.
pub fn run(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    let command = match Arguments::try_parse_from(arguments) {
        Ok(arguments) => arguments.command,
        Err(error) => {
            error.print().ok();
            return ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(USAGE));
        }
    };
    let (format, done) = match command {
        Command::Generate(command) => (command.messages.message_format, command.run()),
        Command::Inspect(command) => (command.messages.message_format, command.run()),
        Command::Config(command) => (MessageFormat::default(), command.run()),
        Command::Explain(command) => {
            command.run();
            return ExitCode::SUCCESS;
        }
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            tell(error.report(), format);
            ExitCode::from(exit_code(&error))
        }
    }
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
            | Code::InvalidName
            | Code::ForeignOutput
            | Code::UnwritableFile => true,
            // Later on, it is the document that leads to a file.
            Code::UnreadableFile => nothing_was_read,
            _ => false,
        });
    if of_usage { USAGE } else { AT_FAULT }
}
