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

use clap::{Args, Parser, Subcommand, ValueEnum};
use serde_json::{Value, json};

use crate::config::{Config, Runtime, Selector, crate_name};
use crate::diagnostics::{Code, Report, Severity};
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
    Explain(Explain),
}

/// Generates a crate from a document, or from several.
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
  accredit generate orders.yaml payments.yaml shared/ --output sdk --name acme

The crate's name is the prefix of the environment variables that its client reads:
`acme-billing` reads ACME_BILLING_CLIENT_ID and ACME_BILLING_CLIENT_SECRET."
)]
struct Generate {
    /// The OpenAPI documents: JSON or YAML files, or directories of such.
    ///
    /// Several make one crate with a module for each; a schema that they share is generated once.
    #[arg(value_name = "DOCUMENT", required = true)]
    documents: Vec<PathBuf>,

    /// The directory of the crate; made where it is missing.
    #[arg(long, short, value_name = "DIR")]
    output: PathBuf,

    #[command(flatten)]
    input: Input,

    #[command(flatten)]
    messages: Messages,

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
    /// The OpenAPI documents: JSON or YAML files, or directories of such.
    #[arg(value_name = "DOCUMENT", required = true)]
    documents: Vec<PathBuf>,

    #[command(flatten)]
    input: Input,

    #[command(flatten)]
    messages: Messages,

    /// Prints one JSON object instead of text.
    #[arg(long)]
    json: bool,
}

/// Says what a code of a diagnostic means, and the way out.
#[derive(Debug, Args)]
struct Explain {
    /// The code, as in `warning[mended]`.
    #[arg(value_parser = parse_code)]
    code: Code,
}

/// What is read of the documents.
#[derive(Debug, Args)]
struct Input {
    /// Takes only the operations that match: `tag:orders`, `path:/v2/**`, `id:orders.get`, `method:GET`.
    ///
    /// Can be repeated. `*` stands for anything but `/`, `**` for anything. Types that only other
    /// operations need aren't generated.
    #[arg(long, value_name = "SELECTOR")]
    include: Vec<Selector>,

    /// Leaves out the operations that match.
    #[arg(long, value_name = "SELECTOR")]
    exclude: Vec<Selector>,

    /// Mends the documents by an overlay (OpenAPI Overlay 1.0 or 1.1) before they are read.
    ///
    /// Can be repeated; they are applied in their order.
    #[arg(long, value_name = "FILE")]
    overlay: Vec<PathBuf>,

    /// Lets references lead into a directory beside those of the documents.
    #[arg(long, value_name = "DIR")]
    root: Vec<PathBuf>,

    /// Lets references lead to other hosts: at most 64 files, 32 MiB and 30 seconds in all.
    #[cfg(feature = "remote")]
    #[arg(long)]
    allow_remote: bool,
}

impl Input {
    fn apply(self, config: Config) -> Config {
        let config = self.include.into_iter().fold(config, Config::include);
        let config = self.exclude.into_iter().fold(config, Config::exclude);
        let config = self.overlay.into_iter().fold(config, Config::overlay);
        let config = self.root.into_iter().fold(config, Config::root);
        #[cfg(feature = "remote")]
        let config = config.allow_remote(self.allow_remote);
        config
    }
}

/// What is said of documents, and how.
#[derive(Debug, Args)]
struct Messages {
    /// Treats warnings as errors.
    #[arg(long)]
    strict: bool,

    /// How diagnostics are printed: as text for people on standard error, or as JSON, an object on a
    /// line, on standard output.
    #[arg(long, value_name = "FORMAT", value_enum, default_value_t)]
    message_format: MessageFormat,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
enum MessageFormat {
    #[default]
    Human,
    Json,
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
        Command::Explain(command) => {
            print(command.code.explanation());
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

impl Generate {
    fn run(self) -> Result<(), Error> {
        let start = Instant::now();
        let format = self.messages.message_format;
        let config = Config::of(self.documents).strict(self.messages.strict);
        let mut config = self.input.apply(config).tests(self.emit_tests);
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
        tell(report, format);
        if format == MessageFormat::Json {
            print_json(
                "generated",
                json!({
                    "output": self.output.display().to_string(),
                    "operations": package.operations(),
                    "types": package.types(),
                    "files": package.files().len(),
                    "warnings": package.warnings().len(),
                }),
            );
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
        let format = self.messages.message_format;
        let config = Config::of(self.documents).strict(self.messages.strict);
        let config = self.input.apply(config);
        let inspection =
            progress::shown(|begin| inspect::inspect(&config, &mut |stage| begin(stage)))?;
        if self.json {
            print(&format_args!("{:#}\n", inspection.to_json()));
        } else if format == MessageFormat::Json {
            tell(inspection.report(), format);
            print_json("inspected", inspection.summary());
        } else {
            print(&inspection);
        }
        Ok(())
    }
}

fn parse_code(name: &str) -> Result<Code, String> {
    let found = Code::ALL.iter().find(|code| code.as_str() == name);
    found.copied().ok_or_else(|| {
        let names: Vec<_> = Code::ALL.iter().map(|code| code.as_str()).collect();
        format!("there is no such code; there are: {}", names.join(", "))
    })
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

/// Prints the diagnostics of a report.
fn tell(report: &Report, format: MessageFormat) {
    match format {
        MessageFormat::Human if report.is_empty() => {}
        MessageFormat::Human => say(&report.render(in_colour())),
        MessageFormat::Json => {
            for diagnostic in report.diagnostics() {
                print_json("diagnostic", diagnostic.to_json());
            }
        }
    }
}

/// Writes an object on a line to standard output; `reason` says what it is.
fn print_json(reason: &str, mut value: Value) {
    value["reason"] = json!(reason);
    print(&format_args!("{value}\n"));
}

/// Writes to standard output.
fn print(text: &(impl Display + ?Sized)) {
    // A reader that has seen enough closes the pipe.
    write!(io::stdout().lock(), "{text}").ok();
}

/// Writes a line, or several, to standard error.
fn say(text: &dyn Display) {
    let text = text.to_string();
    // Nobody is left to tell that standard error is closed.
    writeln!(io::stderr().lock(), "{}", text.trim_end()).ok();
}
