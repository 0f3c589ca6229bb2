//! The error that ends a run.

use std::fmt;

use crate::diagnostics::{Diagnostic, Diagnostics, Report};
use crate::origins::Origins;
use crate::sources::Sources;

/// Why nothing was generated, or nothing written.
///
/// Displays every diagnostic with its place in the document and the way out.
#[derive(Debug)]
pub struct Error(Box<Report>);

impl Error {
    /// Returns what led to it: at least one error, and warnings.
    #[must_use]
    pub fn diagnostics(&self) -> &[Diagnostic] {
        self.0.diagnostics()
    }

    /// Returns the same as a report, which can be shown in colour.
    #[must_use]
    pub const fn report(&self) -> &Report {
        &self.0
    }
}

impl From<Report> for Error {
    fn from(report: Report) -> Self {
        Self(Box::new(report))
    }
}

impl From<Box<Diagnostic>> for Error {
    fn from(diagnostic: Box<Diagnostic>) -> Self {
        let mut diagnostics = Diagnostics::new();
        diagnostics.add(*diagnostic);
        Report::new(diagnostics, Sources::default(), Origins::default()).into()
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

impl std::error::Error for Error {}
