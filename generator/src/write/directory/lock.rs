//! What the lock file of an earlier generation says of the files in the output directory.

use std::collections::BTreeMap;

use toml_edit::DocumentMut;

use crate::package::sha256;

/// What was written, as far as that is known: a lock file can be missing or damaged.
#[derive(Debug, Default)]
pub(super) struct Lock {
    /// By path, the hash of the text that was generated.
    files: BTreeMap<String, String>,
    /// The manifest as it was generated.
    manifest: Option<String>,
}

impl Lock {
    /// Reads the text of a lock file.
    pub(super) fn read(text: &str) -> Self {
        let Ok(document) = text.parse::<DocumentMut>() else {
            return Self::default();
        };
        let text = |item: &toml_edit::Item| item.as_str().map(str::to_owned);
        let files = document.get("files").and_then(|files| files.as_table());
        let files = files.into_iter().flat_map(|files| files.iter());
        Self {
            files: files
                .filter_map(|(path, hash)| Some((path.to_owned(), text(hash)?)))
                .collect(),
            manifest: document
                .get("manifest")
                .and_then(|manifest| text(manifest.get("text")?)),
        }
    }

    /// Returns whether a file holds another text than was generated.
    pub(super) fn is_edited(&self, path: &str, present: &str) -> bool {
        let generated = self.files.get(path);
        generated.is_some_and(|hash| *hash != sha256(present))
    }

    /// Returns the manifest as it was generated.
    pub(super) fn manifest(&self) -> Option<&str> {
        self.manifest.as_deref()
    }
}
