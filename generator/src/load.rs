//! Load: a path becomes one complete document of the shape of OpenAPI 3.0.

mod bundle;
mod normalise;
mod origins;
mod parse;
mod source;
mod structure;

pub(crate) use origins::Origins;
#[cfg(test)]
pub(crate) use source::Source;
pub(crate) use source::Sources;

use std::path::Path;

use serde_json::{Map, Value};

use crate::diagnostics::{At, Code, Diagnostics};
use normalise::Version;

/// One complete document: every reference in it is `#/components/<section>/<name>`.
#[derive(Debug, Default)]
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
    let loaded = load_into(&mut sources, path, diagnostics);
    let (root, origins) = loaded
        .filter(|_| !diagnostics.has_errors())
        .unwrap_or_else(|| (Value::Object(Map::new()), Origins::default()));
    Document {
        root,
        sources,
        origins,
    }
}

fn load_into(
    sources: &mut Sources,
    path: &Path,
    diagnostics: &mut Diagnostics,
) -> Option<(Value, Origins)> {
    let file = sources.read(path, &At::Nowhere, diagnostics)?;
    let root = parse::parse(&sources.0[file].text, file, diagnostics)?;
    let version = normalise::version(&root, diagnostics)?;
    normalise::check_paths(&root, diagnostics);
    let bundled = bundle::bundle(root, version, sources, diagnostics);
    if version != Version::V3_0 {
        diagnostics
            .error(
                Code::UnsupportedVersion,
                At::Nowhere,
                "only documents of OpenAPI 3.0 are read yet",
            )
            .set_hint("convert the document to OpenAPI 3.0");
    }
    Some(bundled)
}
