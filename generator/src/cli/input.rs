//! What is read: documents, or what a configuration names. The same for each command that reads some.

use std::path::{Path, PathBuf};

use clap::Args;

use crate::config::Selector;
use crate::config_file::{self, Client, Described, Document, Settings, nearest};
use crate::diagnostics::{Code, Diagnostic};
use crate::error::Error;

/// What is read, and what of it.
#[derive(Debug, Args)]
pub(super) struct Input {
    /// The OpenAPI documents: JSON or YAML files, directories of such, URLs, or `-` for standard input.
    ///
    /// Several make one crate with a module for each; a schema that they share is generated once.
    /// Without any, `accredit.toml` says what is read.
    #[arg(value_name = "DOCUMENT")]
    documents: Vec<PathBuf>,

    /// Reads options from a file; what is said here comes first.
    ///
    /// Without it, and without a document, that is `accredit.toml`, if it is there.
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,

    /// Takes only a client of the configuration, where it has several.
    ///
    /// Can be repeated.
    #[arg(long = "client", value_name = "NAME")]
    clients: Vec<String>,

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

    /// Generates what can be understood although references lead nowhere or one of several
    /// documents can't be read; what is left out is a warning.
    #[arg(long, conflicts_with = "strict")]
    keep_going: bool,

    /// Lets references lead into a directory beside those of the documents.
    #[arg(long, value_name = "DIR")]
    root: Vec<PathBuf>,

    /// Treats warnings as errors.
    #[arg(long)]
    strict: bool,

    /// Lets references lead to other hosts: at most 64 files, 32 MiB and 30 seconds in all.
    #[cfg(feature = "remote")]
    #[arg(long)]
    allow_remote: bool,
}

impl Input {
    /// Returns the clients that are asked for; `flags` and what is said here come before the
    /// configuration.
    pub(super) fn clients(self, flags: Settings) -> Result<Vec<Client>, Error> {
        let configured = match (&self.config, self.documents.is_empty()) {
            (None, false) => vec![Described::default()],
            (Some(file), _) => config_file::describe(file)?,
            (None, true) if Path::new(config_file::NAME).exists() => {
                config_file::describe(config_file::NAME.as_ref())?
            }
            (None, true) => return Err(nothing_named()),
        };
        let chosen = choose(configured, &self.clients)?;
        let is_for_one = flags.output.is_some() || flags.package.is_some();
        if chosen.len() > 1 && (is_for_one || !self.documents.is_empty()) {
            return Err(for_one_of_several(&chosen));
        }
        let flags = self.over(flags);
        let clients = chosen
            .into_iter()
            .map(|client| client.under(flags.clone()).into_client());
        Ok(clients.collect())
    }

    fn over(self, flags: Settings) -> Settings {
        let documents = self.documents.into_iter().map(Document);
        let own = Settings {
            documents: given(documents.collect()),
            include: given(self.include),
            exclude: given(self.exclude),
            overlays: given(self.overlay),
            roots: given(self.root),
            strict: self.strict.then_some(true),
            keep_going: self.keep_going.then_some(true),
            #[cfg(feature = "remote")]
            allow_remote: self.allow_remote.then_some(true),
            ..Settings::default()
        };
        own.or(flags)
    }
}

/// Returns the clients of those names, or all where none is named.
fn choose(clients: Vec<Described>, names: &[String]) -> Result<Vec<Described>, Error> {
    let known: Vec<String> = clients
        .iter()
        .filter_map(|client| client.name.clone())
        .collect();
    let known: Vec<_> = known.iter().map(String::as_str).collect();
    if let Some(name) = names.iter().find(|name| !known.contains(&name.as_str())) {
        let message = format!("the configuration has no client `{name}`");
        let mut fault = Diagnostic::fault(Code::InvalidConfig, message);
        fault.set_hint(match nearest(name, &known) {
            Some(meant) => format!("did you mean `{meant}`?"),
            None if known.is_empty() => "leave `--client` out: it describes one client".to_owned(),
            None => format!("there are {}", known.join(", ")),
        });
        return Err(Box::new(fault).into());
    }
    let mut chosen = clients;
    if !names.is_empty() {
        chosen.retain(|client| {
            client
                .name
                .as_ref()
                .is_some_and(|name| names.contains(name))
        });
    }
    Ok(chosen)
}

fn nothing_named() -> Error {
    let message = format!(
        "no document is named, and there is no `{}` here",
        config_file::NAME
    );
    let mut fault = Diagnostic::fault(Code::UnreadableFile, message);
    fault.set_hint(
        "name a document: `accredit generate openapi.yaml --output sdk`; or have a configuration \
         written: `accredit init openapi.yaml`",
    );
    Box::new(fault).into()
}

fn for_one_of_several(clients: &[Described]) -> Error {
    let message = format!(
        "this is for one client, and the configuration has {}",
        clients.len()
    );
    let mut fault = Diagnostic::fault(Code::InvalidConfig, message);
    let first = clients.iter().find_map(|client| client.name.as_deref());
    fault.set_hint(format!(
        "choose one: `--client {}`",
        first.unwrap_or_default()
    ));
    Box::new(fault).into()
}

/// Returns a list, if anything was given.
fn given<T>(list: Vec<T>) -> Option<Vec<T>> {
    (!list.is_empty()).then_some(list)
}
