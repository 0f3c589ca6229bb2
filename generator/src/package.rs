//! Model and names become the text around the Rust: manifest, readme, the root of the crate.

use crate::model::Api;

/// Returns the version of the crate.
pub(crate) fn version(_api: &Api) -> &str {
    "0.1.0"
}
