//! The reference of the command line, in Markdown.

use std::fmt::Write as _;

use clap::builder::StyledStr;
use clap::{Arg, Command};

use crate::markdown::code;

/// Returns the page of a program and its commands.
pub(super) fn page(program: &Command) -> String {
    let mut page = format!("# The command line\n\n{}\n", about(program));
    examples(program, &mut page);
    section(program, &mut page);
    page.push_str("\n## Options of all commands\n");
    let shared = program.get_arguments().filter(|it| it.is_global_set());
    shared.for_each(|argument| item(argument, &mut page));
    page
}

/// Writes of the commands below one.
fn section(of: &Command, page: &mut String) {
    let commands = of.get_subcommands();
    for command in commands.filter(|command| command.get_name() != "help") {
        let name = command.get_bin_name().unwrap_or(command.get_name());
        // Writing to a string can't fail.
        let _ = write!(page, "\n## {}\n\n{}\n", code(name), about(command));
        let own = command.get_arguments();
        let own = own.filter(|it| !it.is_global_set() && it.get_id() != "help");
        own.for_each(|argument| item(argument, page));
        examples(command, page);
        section(command, page);
    }
}

fn about(command: &Command) -> String {
    let about = command.get_long_about().or_else(|| command.get_about());
    sentence(about)
}

/// Returns a text with the full stop that the help of a line goes without.
fn sentence(text: Option<&StyledStr>) -> String {
    let text = text.map(ToString::to_string).unwrap_or_default();
    if text.is_empty() || text.ends_with('.') {
        text
    } else {
        text + "."
    }
}

/// Writes of an argument: how it is written, what it does, what it takes.
fn item(argument: &Arg, page: &mut String) {
    let value = argument.get_value_names().and_then(<[_]>::first);
    let value = value
        .filter(|_| argument.get_action().takes_values())
        .map(|name| format!("<{name}>"));
    let flags = [
        argument.get_short().map(|short| format!("-{short}")),
        argument.get_long().map(|long| format!("--{long}")),
    ];
    let flags: Vec<_> = flags.into_iter().flatten().collect();
    let written = match (flags.is_empty(), value) {
        (true, value) => value.unwrap_or_default(),
        (false, Some(value)) => format!("{} {value}", flags.join(", ")),
        (false, None) => flags.join(", "),
    };
    let help = argument.get_long_help().or_else(|| argument.get_help());
    let help = sentence(help).replace("\n\n", "\n\n  ");
    let _ = write!(page, "\n- {}: {help}", code(&written));
    if argument.get_action().takes_values() {
        let words = argument.get_possible_values();
        let words: Vec<_> = words.iter().map(|word| code(word.get_name())).collect();
        if !words.is_empty() {
            let _ = write!(page, "\n\n  One of {}.", words.join(", "));
        }
        for default in argument.get_default_values() {
            let default = code(&default.to_string_lossy());
            let _ = write!(page, " The default is {default}.");
        }
    }
    page.push('\n');
}

/// Writes what stands behind the help of a command.
fn examples(command: &Command, page: &mut String) {
    let after = command
        .get_after_long_help()
        .or_else(|| command.get_after_help());
    if let Some(after) = after {
        let _ = write!(page, "\n```text\n{after}\n```\n");
    }
}
