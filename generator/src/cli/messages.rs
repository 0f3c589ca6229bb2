//! What is said, how, and where to.

use std::env;
use std::fmt::Display;
use std::io::{self, IsTerminal, Write};

use clap::{Args, ValueEnum};
use serde_json::{Value, json};

use crate::diagnostics::Report;

/// What is said of documents, and how.
#[derive(Debug, Args)]
pub(super) struct Messages {
    /// Treats warnings as errors.
    #[arg(long)]
    pub(super) strict: bool,

    /// How diagnostics are printed: as text for people on standard error, or as JSON, an object on a
    /// line, on standard output.
    #[arg(long, value_name = "FORMAT", value_enum, default_value_t)]
    pub(super) message_format: MessageFormat,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub(super) enum MessageFormat {
    #[default]
    Human,
    Json,
}

/// Returns whether standard error is a terminal whose user wants colour (<https://no-color.org>).
fn in_colour() -> bool {
    io::stderr().is_terminal() && env::var_os("NO_COLOR").is_none_or(|value| value.is_empty())
}

/// Prints the diagnostics of a report.
pub(super) fn tell(report: &Report, format: MessageFormat) {
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
pub(super) fn print_json(reason: &str, mut value: Value) {
    value["reason"] = json!(reason);
    print(&format_args!("{value}\n"));
}

/// Writes to standard output.
pub(super) fn print(text: &(impl Display + ?Sized)) {
    // A reader that has seen enough closes the pipe.
    write!(io::stdout().lock(), "{text}").ok();
}

/// Writes a line, or several, to standard error.
pub(super) fn say(text: &dyn Display) {
    let text = text.to_string();
    // Nobody is left to tell that standard error is closed.
    writeln!(io::stderr().lock(), "{}", text.trim_end()).ok();
}
