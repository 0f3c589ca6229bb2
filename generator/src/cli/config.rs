//! `accredit config`: the configuration file itself.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::voice::{Voice, print};
use crate::config_file;
use crate::error::Error;
use crate::inspect::count;

/// Checks the configuration file, or says what can stand in it.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  accredit config check
  accredit config schema > accredit.schema.json

With `#:schema ./accredit.schema.json` as its first line, editors complete and check accredit.toml.")]
pub(super) struct Config {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Says what is wrong with a file, all of it; nothing is generated.
    Check {
        /// The file.
        #[arg(value_name = "FILE", default_value = config_file::NAME)]
        file: PathBuf,
    },
    /// Prints a JSON Schema of the file, by which editors complete and check it.
    Schema,
    /// Prints the reference of all keys, in Markdown.
    Reference,
}

impl Config {
    pub(super) fn run(self, voice: Voice) -> Result<(), Error> {
        match self.command {
            Command::Check { file } => {
                let clients = config_file::read(&file)?.len();
                voice.say(&format_args!(
                    "`{}` describes {}",
                    file.display(),
                    count(clients, "client")
                ));
            }
            Command::Schema => print(&format_args!("{:#}\n", config_file::schema())),
            Command::Reference => print(&config_file::reference()),
        }
        Ok(())
    }
}
