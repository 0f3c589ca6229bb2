//! Load: a path becomes one complete document of the shape of OpenAPI 3.0.

mod origins;
mod parse;
mod source;

pub(crate) use origins::Origins;
pub(crate) use source::{Source, Sources};

use std::path::Path;

use serde_json::{Map, Value};

use crate::diagnostics::{At, Diagnostics};

/// One complete document: every reference in it is `#/components/<section>/<name>`.
#[derive(Debug)]
pub(crate) struct Document {
    /// The normalised document.
    pub(crate) root: Value,
    /// The files it came from, the first being the one that was asked for.
    pub(crate) sources: Sources,
    /// Where its parts came from.
    pub(crate) origins: Origins,
}

/// Loads a document. Where there are errors, it is empty, but its sources are there to show them.
pub(crate) fn load(path: &Path, diagnostics: &mut Diagnostics) -> Document {
    let mut sources = Sources::default();
    let root = sources
        .read(path, &At::Nowhere, diagnostics)
        .and_then(|file| parse::parse(&sources.0[file].text, file, diagnostics));
    Document {
        root: root.unwrap_or_else(|| Value::Object(Map::new())),
        sources,
        origins: Origins::default(),
    }
}
