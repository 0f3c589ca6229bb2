//! `accredit completions`: what a shell completes.

use clap::{Args, Command};
use clap_complete::Shell;

use super::voice::print;

/// Prints what a shell needs to complete the command line.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  accredit completions bash > ~/.local/share/bash-completion/completions/accredit
  accredit completions fish > ~/.config/fish/completions/accredit.fish
  accredit completions zsh > \"${fpath[1]}/_accredit\"")]
pub(super) struct Completions {
    /// The shell.
    shell: Shell,
}

impl Completions {
    pub(super) fn run(self, mut command: Command) {
        let name = command.get_name().to_owned();
        let mut script = Vec::new();
        clap_complete::generate(self.shell, &mut command, name, &mut script);
        print(&String::from_utf8_lossy(&script));
    }
}
