//! The source files of a run.

use std::path::PathBuf;

/// The source files of a run, kept so that a diagnostic can show its place; an index identifies one.
#[derive(Debug, Default)]
pub(crate) struct Sources(pub(crate) Vec<Source>);

impl Sources {
    /// Returns the name of a file without its extension.
    pub(crate) fn stem(&self, file: usize) -> &str {
        let source = self.0.get(file);
        source
            .and_then(|source| source.path.file_stem()?.to_str())
            .unwrap_or_default()
    }
}

/// A source file.
#[derive(Debug, Clone)]
pub(crate) struct Source {
    /// The path as the user wrote it, or as the reference that led to it resolves.
    pub(crate) path: PathBuf,
    pub(crate) text: String,
}
