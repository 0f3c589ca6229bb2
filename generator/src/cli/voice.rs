//! What is said, how much of it, and where to.

use std::env;
use std::fmt::Display;
use std::io::{self, IsTerminal, Write};

use clap::{Args, ValueEnum};
use serde_json::{Value, json};

use crate::diagnostics::{Report, Severity};

/// How much is said, and how: the same for every command.
#[derive(Debug, Clone, Copy, Args)]
pub(super) struct Voice {
    /// Says nothing but errors.
    #[arg(long, short, global = true, conflicts_with = "verbose")]
    quiet: bool,

    /// Also says what is read, and how long each stage takes.
    #[arg(long, short, global = true)]
    verbose: bool,

    /// When diagnostics are coloured: by default on a terminal, unless `NO_COLOR` is set.
    #[arg(
        long,
        global = true,
        value_name = "WHEN",
        value_enum,
        default_value_t,
        hide_default_value = true
    )]
    color: Color,

    /// How diagnostics are printed: as text for people on standard error, or as JSON, an object on a
    /// line, on standard output.
    #[arg(
        long,
        global = true,
        value_name = "FORMAT",
        value_enum,
        default_value_t
    )]
    message_format: MessageFormat,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
enum Color {
    #[default]
    Auto,
    Always,
    Never,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
enum MessageFormat {
    #[default]
    Human,
    Json,
}

impl Voice {
    /// Returns whether machines are listening.
    pub(super) fn is_json(self) -> bool {
        self.message_format == MessageFormat::Json
    }

    /// Prints the diagnostics of a report.
    pub(super) fn tell(self, report: &Report) {
        if self.is_json() {
            for diagnostic in report.diagnostics() {
                print_json("diagnostic", diagnostic.to_json());
            }
            return;
        }
        let is_said = !self.quiet || report.count(Severity::Error) > 0;
        if is_said && !report.is_empty() {
            write_line(&report.render(self.is_coloured()));
        }
    }

    /// Writes a line, or several, to standard error.
    pub(super) fn say(self, text: &dyn Display) {
        if !self.quiet {
            write_line(text);
        }
    }

    /// Writes a line to standard error for those who want to know it all.
    pub(super) fn detail(self, text: &dyn Display) {
        if self.verbose {
            write_line(text);
        }
    }

    /// Returns whether standard error takes colours, and its user wants them (<https://no-color.org>).
    fn is_coloured(self) -> bool {
        match self.color {
            Color::Always => true,
            Color::Never => false,
            Color::Auto => {
                let is_wanted = env::var_os("NO_COLOR").is_none_or(|value| value.is_empty());
                is_wanted && io::stderr().is_terminal()
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

fn write_line(text: &dyn Display) {
    let text = text.to_string();
    // Nobody is left to tell that standard error is closed.
    writeln!(io::stderr().lock(), "{}", text.trim_end()).ok();
}

/// Returns how many columns standard output has, if it is a terminal.
pub(super) fn terminal_width() -> Option<u16> {
    terminal_size::terminal_size_of(io::stdout()).map(|(width, _)| width.0)
}
