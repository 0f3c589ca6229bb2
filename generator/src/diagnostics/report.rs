//! A report: the diagnostics of a run together with the files they point into.

use std::{fmt, sync::OnceLock};

use super::{Diagnostic, Diagnostics, Severity, place, render};
use crate::origins::Origins;
use crate::sources::Sources;

/// What a run has to say of a document.
///
/// Places are looked up when a diagnostic is first shown; a run that says nothing doesn't pay for
/// them. Displays as plain text; [`Report::render`] can colour it for a terminal.
#[derive(Default)]
pub struct Report {
    list: Vec<Diagnostic>,
    sources: Sources,
    origins: Origins,
    placed: OnceLock<Vec<Diagnostic>>,
}

impl Report {
    pub(crate) fn new(diagnostics: Diagnostics, sources: Sources, origins: Origins) -> Self {
        Self {
            list: diagnostics.into_list(),
            sources,
            origins,
            placed: OnceLock::new(),
        }
    }

    /// Returns the diagnostics with their places, in the order of these.
    #[must_use]
    pub fn diagnostics(&self) -> &[Diagnostic] {
        self.placed.get_or_init(|| {
            let mut list = self.list.clone();
            place::locate(&mut list, &self.sources, &self.origins);
            list.sort_by_cached_key(|diagnostic| {
                diagnostic
                    .place
                    .as_ref()
                    .map(|place| (place.file, place.span.start))
            });
            list
        })
    }

    /// Returns how many diagnostics are of a severity.
    #[must_use]
    pub fn count(&self, severity: Severity) -> usize {
        self.list
            .iter()
            .filter(|diagnostic| diagnostic.severity == severity)
            .count()
    }

    /// Returns whether there is nothing to say.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// Returns the paths of the files that were read, the document first.
    pub fn files(&self) -> impl Iterator<Item = &std::path::Path> {
        self.sources.0.iter().map(|source| source.path.as_path())
    }

    /// Returns the files that were read with their texts, the document first.
    pub(crate) fn texts(&self) -> impl Iterator<Item = (&std::path::Path, &str)> {
        let sources = self.sources.0.iter();
        sources.map(|source| (source.path.as_path(), source.text.as_str()))
    }

    /// Returns the report as text for people, with ANSI colours if asked for. Equal diagnostics are
    /// folded into the first.
    #[must_use]
    pub fn render(&self, colour: bool) -> String {
        render::render(self.diagnostics(), &self.sources, colour)
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.render(false))
    }
}

impl fmt::Debug for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(&self.list).finish()
    }
}
