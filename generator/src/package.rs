//! Model and names become the text around the Rust: manifest, readme, the root of the crate.

use crate::model::Api;

/// Returns the version of the crate.
pub(crate) fn version(_api: &Api) -> &str {
    "0.1.0"
}

/// Returns the files around the source.
pub(crate) fn package(
    _: &Api,
    _: &crate::names::Names,
    _: &crate::config::Config,
) -> crate::files::Files {
    crate::files::Files::default()
}
