//! `accredit man`: manual pages.

use clap::error::ErrorKind;
use clap::{Args, Command};

use super::reference;
use super::voice::print;

/// Prints the manual page of `accredit`, or of one of its commands.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  accredit man | man -l -
  accredit man generate > accredit-generate.1")]
pub(super) struct Man {
    /// The command.
    command: Option<String>,

    /// Prints the reference of all commands, in Markdown.
    #[arg(long, conflicts_with = "command")]
    markdown: bool,
}

impl Man {
    pub(super) fn run(self, mut all: Command) -> Result<(), clap::Error> {
        // Options that hold for all commands stand on the pages of all, and each knows its full name.
        all.build();
        if self.markdown {
            print(&reference::page(&all));
            return Ok(());
        }
        let page = match &self.command {
            None => all,
            Some(name) => match all.find_subcommand(name) {
                Some(command) => command.clone(),
                None => return Err(unknown(name, &mut all)),
            },
        };
        let mut text = Vec::new();
        clap_mangen::Man::new(page).render(&mut text)?;
        print(&String::from_utf8_lossy(&text));
        Ok(())
    }
}

fn unknown(name: &str, all: &mut Command) -> clap::Error {
    let names: Vec<_> = all.get_subcommands().map(Command::get_name).collect();
    let message = format!(
        "there is no command `{name}`; there are: {}",
        names.join(", ")
    );
    all.error(ErrorKind::InvalidValue, message)
}
