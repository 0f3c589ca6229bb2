//! The files of a bundle, taken from the library when a reference leads to them.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::{
    diagnostics::{At, Diagnostics},
    load::library::{Library, Refusal},
};

pub(super) struct Files<'a> {
    library: &'a mut Library,
    /// By their index among the sources.
    values: BTreeMap<usize, Value>,
    root: usize,
}

impl<'a> Files<'a> {
    /// Begins with a document.
    pub(super) fn new(root: usize, library: &'a mut Library) -> Self {
        Self {
            values: BTreeMap::from([(root, library.take(root))]),
            root,
            library,
        }
    }

    /// Returns the index of the document.
    pub(super) const fn root(&self) -> usize {
        self.root
    }

    pub(super) fn value(&self, file: usize) -> &Value {
        const NOTHING: &Value = &Value::Null;
        self.values.get(&file).unwrap_or(NOTHING)
    }

    pub(super) fn value_mut(&mut self, file: usize) -> &mut Value {
        self.values.entry(file).or_default()
    }

    pub(super) fn into_root(mut self) -> Value {
        self.values.remove(&self.root).unwrap_or_default()
    }

    /// Returns whether the text of a file has a word in it.
    pub(super) fn mentions(&self, file: usize, word: &str) -> bool {
        let source = self.library.sources.0.get(file);
        source.is_some_and(|source| source.text.contains(word))
    }

    /// Returns the name of a file without its extension.
    pub(super) fn stem(&self, file: usize) -> &str {
        self.library.sources.stem(file)
    }

    /// Returns the file that a relative reference of another file names.
    pub(super) fn open(
        &mut self,
        from: usize,
        reference: &str,
        at: &At,
        diagnostics: &mut Diagnostics,
    ) -> Result<usize, Refusal> {
        let file = self.library.follow(from, reference, at, diagnostics)?;
        let library = &mut *self.library;
        self.values
            .entry(file)
            .or_insert_with(|| library.take(file));
        Ok(file)
    }
}
