//! The door for people: the command line.
//!
//! What is printed to standard output is data; everything said about the work goes to standard
//! error.

mod progress;
mod runtime;

use std::env;
use std::ffi::OsString;
use std::fmt::Display;
use std::io::{self, IsTerminal, Write};
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Instant;

use clap::{Args, Parser, Subcommand};

use crate::config::{Config, Runtime, crate_name};
use crate::diagnostics::{Code, Severity};
use crate::error::Error;
use crate::generate;
use crate::inspect::{self, count};

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
}

/// Generates a crate from a document.
///
/// The crate is whole: manifest, readme and source. Generating again replaces the
/// files that were generated before and leaves yours alone; a directory that holds
/// nothing but files of others is refused. Either everything is written or nothing.
#[derive(Debug, Args)]
#[command(
    verbatim_doc_comment,
    after_help = "\
Examples:
  accredit generate openapi.yaml --output sdk
  accredit generate openapi.json --output sdk --name acme-billing
  accredit generate openapi.yaml --output sdk --runtime ../accredit/runtime

The crate's name is the prefix of the environment variables that its client reads:
`acme-billing` reads ACME_BILLING_CLIENT_ID and ACME_BILLING_CLIENT_SECRET."
)]
struct Generate {
    /// The OpenAPI document: a JSON or YAML file.
    document: PathBuf,

    /// The directory of the crate; made where it is missing.
    #[arg(long, short, value_name = "DIR")]
    output: PathBuf,

    /// The name of the crate; taken from the document's title otherwise.
    #[arg(long, value_name = "CRATE", value_parser = parse_name)]
    name: Option<String>,

    /// Where the crate finds `accredit-runtime`: a version in the registry, or a directory.
    ///
    /// A relative directory is written relative to the crate, so that both can move together.
    #[arg(long, value_name = "PATH or VERSION", value_parser = runtime::parse)]
    runtime: Option<Runtime>,

    /// Also generates tests: every example of the document survives reading and writing.
    #[arg(long)]
    emit_tests: bool,
}

/// Prints what is in a document.
///
/// That is: operations by tag, schemas, security schemes with their token endpoint
/// and scopes, and what `generate` would warn about. Nothing is written.
#[derive(Debug, Args)]
#[command(verbatim_doc_comment)]
struct Inspect {
    /// The OpenAPI document: a JSON or YAML file.
    document: PathBuf,
}

/// Runs a command line, the name of the program being the first argument.
pub fn run(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    let done = match Arguments::try_parse_from(arguments) {
        Ok(Arguments {
            command: Command::Generate(command),
        }) => command.run(),
        Ok(Arguments {
            command: Command::Inspect(command),
        }) => command.run(),
        Err(error) => {
            error.print().ok();
            return ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(USAGE));
        }
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            say(&error.report().render(in_colour()));
            ExitCode::from(exit_code(&error))
        }
    }
}

impl Generate {
    fn run(self) -> Result<(), Error> {
        let start = Instant::now();
        let mut config = Config::new(self.document).tests(self.emit_tests);
        if let Some(name) = self.name {
            config = config.name(name);
        }
        if let Some(runtime) = self.runtime {
            config = config.runtime(runtime::seen_from(&self.output, runtime));
        }
        let package = progress::shown(|begin| {
            generate::generate_by_stages(&config, &mut |stage| begin(stage))
        })?;
        let written = package.write_to(&self.output)?;
        let report = package.report();
        if !report.is_empty() {
            say(&report.render(in_colour()));
        }
        say(&format_args!(
            "generated `{}`: {}, {}, {} ({} written, {} unchanged, {} removed), {}, in {:.2} s",
            self.output.display(),
            count(package.operations(), "operation"),
            count(package.types(), "type"),
            count(package.files().len(), "file"),
            written.written,
            written.unchanged,
            written.removed,
            count(package.warnings().len(), "warning"),
            start.elapsed().as_secs_f64(),
        ));
        Ok(())
    }
}

impl Inspect {
    fn run(self) -> Result<(), Error> {
        let config = Config::new(self.document);
        let inspection =
            progress::shown(|begin| inspect::inspect(&config, &mut |stage| begin(stage)))?;
        // A reader that has seen enough closes the pipe.
        write!(io::stdout().lock(), "{inspection}").ok();
        Ok(())
    }
}

fn parse_name(name: &str) -> Result<String, String> {
    crate_name::fault(name).map_or_else(|| Ok(name.to_owned()), Err)
}

/// Returns whose fault an error is.
fn exit_code(error: &Error) -> u8 {
    let nothing_was_read = error.report().files().next().is_none();
    let of_usage = error
        .diagnostics()
        .iter()
        .filter(|diagnostic| diagnostic.severity() == Severity::Error)
        .all(|diagnostic| match diagnostic.code() {
            Code::InvalidName | Code::ForeignOutput | Code::UnwritableFile => true,
            // Later on, it is the document that leads to a file.
            Code::UnreadableFile => nothing_was_read,
            _ => false,
        });
    if of_usage { USAGE } else { AT_FAULT }
}

/// Returns whether standard error is a terminal whose user wants colour (<https://no-color.org>).
fn in_colour() -> bool {
    io::stderr().is_terminal() && env::var_os("NO_COLOR").is_none_or(|value| value.is_empty())
}

/// Writes a line, or several, to standard error.
fn say(text: &dyn Display) {
    let text = text.to_string();
    // Nobody is left to tell that standard error is closed.
    writeln!(io::stderr().lock(), "{}", text.trim_end()).ok();
}
