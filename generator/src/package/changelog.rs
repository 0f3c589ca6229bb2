//! The changelog of the crate. It is generated once; from then on it is people's.

use super::escape;
use crate::{markdown, model::Api};

/// Returns the changelog of a crate that has no version yet.
pub(super) fn changelog(apis: &[Api]) -> String {
    let documents: Vec<_> = apis.iter().map(document).collect();
    format!(
        "# Changelog\n\nWhat changes for those who call this crate, by [semantic versioning](https://semver.org/).\n\n\
         ## Unreleased\n\n- Generated from {}.\n",
        documents.join(", ")
    )
}

/// Returns the title and the version of a document.
fn document(api: &Api) -> String {
    let text = format!("{} {}", api.info.title, api.info.version);
    let text = markdown::escape(&escape::line(&text));
    if text.is_empty() {
        "a document without a title".to_owned()
    } else {
        text
    }
}
