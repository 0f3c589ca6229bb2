//! The diagnostics of a run beside the files they point into; the error that ends a run.

use std::collections::BTreeMap;
use std::fmt;
use std::mem;
use std::path::Path;

use serde_json::Value;

use crate::diagnostics::{Diagnostic, Diagnostics};
use crate::load::{Document, Origins, Sources};

/// What a run has to say, and the files that it is about.
#[derive(Debug, Default)]
pub(crate) struct Report {
    pub(crate) diagnostics: Diagnostics,
    sources: Sources,
    origins: Origins,
}

impl Report {
    /// Keeps the files of a document; returns the document itself.
    pub(crate) fn keep(&mut self, document: Document) -> Value {
        self.sources = document.sources;
        self.origins = document.origins;
        document.root
    }

    /// Ends the run where there is an error. Stands between two stages.
    pub(crate) fn barrier(&mut self) -> Result<(), Error> {
        if self.diagnostics.has_errors() {
            return Err(Error(Box::new(mem::take(self))));
        }
        Ok(())
    }

    /// Returns the paths of the files that were read, the document first.
    pub(crate) fn inputs(&self) -> impl Iterator<Item = &Path> {
        self.sources.0.iter().map(|source| source.path.as_path())
    }

    /// Returns a diagnostic with the lines of the document that it is about.
    pub(crate) fn render(&self, diagnostic: &Diagnostic) -> String {
        format!("{diagnostic}")
    }

    /// Returns a diagnostic and its place, on one line.
    pub(crate) fn in_a_line(&self, diagnostic: &Diagnostic) -> String {
        format!("{diagnostic}")
    }

    /// Returns the diagnostics as a person can take them: of each kind the first few, and how many
    /// more there are.
    pub(crate) fn digest(&self, render: impl Fn(&Diagnostic) -> String) -> Vec<String> {
        const SHOWN: usize = 10;
        let mut numbers = BTreeMap::new();
        let mut texts = Vec::new();
        for diagnostic in self.diagnostics.list() {
            let number = numbers.entry(diagnostic.code()).or_insert(0);
            *number += 1;
            if *number <= SHOWN {
                texts.push(render(diagnostic));
            }
        }
        for (code, number) in numbers {
            if number > SHOWN {
                let more = number - SHOWN;
                texts.push(format!(
                    "{more} more of the kind `{code}`; `accredit inspect` lists them all"
                ));
            }
        }
        texts
    }
}

/// Why nothing was generated, or nothing written.
///
/// Displays every diagnostic with its place in the document and the way out.
#[derive(Debug)]
pub struct Error(Box<Report>);

impl Error {
    /// Returns what led to it: at least one error, and the warnings that came before.
    #[must_use]
    pub fn diagnostics(&self) -> &[Diagnostic] {
        self.0.diagnostics.list()
    }

    pub(crate) fn report(&self) -> &Report {
        &self.0
    }
}

impl From<Diagnostic> for Error {
    fn from(diagnostic: Diagnostic) -> Self {
        let mut report = Report::default();
        report.diagnostics.add(diagnostic);
        Self(Box::new(report))
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let texts = self
            .diagnostics()
            .iter()
            .map(|diagnostic| self.0.render(diagnostic));
        f.write_str(&texts.collect::<Vec<_>>().join("\n"))
    }
}

impl std::error::Error for Error {}
