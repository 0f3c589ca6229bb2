//! Load: a path becomes one complete document of the shape of OpenAPI 3.0.

mod sources;

pub(crate) use sources::{Source, Sources};

use serde_json::Value;

/// One complete document: every reference in it is `#/components/<section>/<name>`.
#[derive(Debug)]
pub(crate) struct Document {
    /// The normalised document.
    pub(crate) root: Value,
    /// The files it came from, the first being the one that was asked for.
    pub(crate) sources: Sources,
}
