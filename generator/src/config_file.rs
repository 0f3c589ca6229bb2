//! The file `accredit.toml`: what is generated, and how, for those who generate again and again.
//!
//! ```no_run
//! # fn main() -> Result<(), accredit::Error> {
//! for client in accredit::config_file::read("accredit.toml")? {
//!     let package = accredit::generate(&client.config)?;
//!     package.write_to(client.output.as_deref().unwrap_or("sdk".as_ref()))?;
//! }
//! # Ok(())
//! # }
//! ```
//!
//! A key is a field in `settings.rs`, and that is all there is to it: its documentation becomes that
//! of the JSON Schema and of the reference, its type says what is read. Every mistake of a file is
//! told at once, with its place.

mod apply;
mod clients;
mod key;
mod mistake;
mod names;
mod number;
mod paging;
mod policies;
mod polling;
#[cfg(feature = "cli")]
mod reference;
mod runtime;
#[cfg(feature = "cli")]
mod schema;
mod settings;
#[cfg(feature = "cli")]
mod start;
mod text;
mod value;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use toml::de::DeTable;

use self::key::Keys as _;
use self::mistake::Reader;
pub(crate) use self::settings::Settings;
#[cfg(feature = "cli")]
pub(crate) use self::{
    mistake::nearest,
    reference::reference,
    runtime::parse as parse_runtime,
    schema::schema,
    settings::Package,
    start::Start,
    text::{CrateName, Document, License},
};
use crate::config::Config;
use crate::diagnostics::{At, Diagnostics, Report};
use crate::error::Error;
use crate::origins::Origins;
use crate::sources::{Source, Sources};

/// What the file is called.
pub const NAME: &str = "accredit.toml";

/// A client that the file describes.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Client {
    /// Its key among `clients`; `None` where the file describes one client only.
    pub name: Option<String>,
    /// What it is generated from, and how. Paths that are relative to the file are so no more.
    pub config: Config,
    /// Where it is written.
    pub output: Option<PathBuf>,
}

/// What a file says of a client.
#[derive(Debug, Default)]
pub(crate) struct Described {
    /// The client's key.
    pub(crate) name: Option<String>,
    pub(crate) settings: Settings,
    /// The file.
    pub(crate) file: Option<Arc<Source>>,
}

/// Reads a file.
pub fn read(path: impl AsRef<Path>) -> Result<Vec<Client>, Error> {
    let described = describe(path.as_ref())?.into_iter();
    Ok(described.map(Described::into_client).collect())
}

/// Reads what a file says, by client.
pub(crate) fn describe(path: &Path) -> Result<Vec<Described>, Error> {
    let mut sources = Sources::default();
    let mut diagnostics = Diagnostics::new();
    let mut read = Vec::new();
    if let Some(file) = sources.read(path, &At::Nowhere, &mut diagnostics) {
        let mut reader = Reader::new(file, &mut diagnostics);
        read = parse(&sources.0[file].text, &mut reader);
    }
    if diagnostics.has_errors() {
        return Err(Report::new(diagnostics, sources, Origins::default()).into());
    }
    let directory = path.parent().unwrap_or(Path::new(""));
    let file = sources.0.pop().map(Arc::new);
    let described = read.into_iter().map(|(name, mut settings)| {
        settings.all_below(directory);
        Described {
            name,
            settings,
            file: file.clone(),
        }
    });
    Ok(described.collect())
}

fn parse(text: &str, reader: &mut Reader<'_>) -> Vec<(Option<String>, Settings)> {
    let (table, errors) = DeTable::parse_recoverable(text);
    for error in &errors {
        reader.syntax(error);
    }
    // Half of a line that isn't TOML looks like a key that isn't known.
    if errors.is_empty() {
        clients::read(table.get_ref(), reader)
    } else {
        Vec::new()
    }
}
