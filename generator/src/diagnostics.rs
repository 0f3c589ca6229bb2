//! What the user must be told: errors and warnings with their place and the way out.

mod code;
#[cfg(feature = "cli")]
mod json;
mod kind;
mod line;
mod place;
mod render;
mod report;

pub use code::Code;
pub(crate) use kind::kind;
pub use place::Place;
pub use report::Report;

#[cfg(feature = "cli")]
pub(crate) use line::line;

use std::{collections::BTreeSet, fmt, ops::Range};

use crate::pointer::Pointer;

/// How much a diagnostic weighs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Nothing is generated.
    Error,
    /// The output lacks something, or the document was mended.
    Warning,
}

/// Where a diagnostic points.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) enum At {
    /// At nothing in particular.
    #[default]
    Nowhere,
    /// A place in the normalised document.
    Pointer(Pointer),
    /// A place in a source file, by the file's index in [`crate::sources::Sources`].
    Source { file: usize, pointer: Pointer },
    /// A position in a source file that couldn't be parsed; line and column count from 1.
    Position {
        file: usize,
        line: usize,
        column: usize,
    },
    /// Bytes of a source file.
    #[cfg_attr(
        not(feature = "config-file"),
        expect(dead_code, reason = "only a configuration file is read with spans")
    )]
    Span { file: usize, span: Range<usize> },
}

impl From<&Pointer> for At {
    fn from(pointer: &Pointer) -> Self {
        Self::Pointer(pointer.clone())
    }
}

/// Something the user must be told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    pub(crate) code: Code,
    pub(crate) severity: Severity,
    pub(crate) message: String,
    pub(crate) at: At,
    pub(crate) hint: Option<String>,
    pub(crate) place: Option<Place>,
}

impl Diagnostic {
    /// Makes an error that has nothing to do with a place of a document.
    pub(crate) fn fault(code: Code, message: impl Into<String>) -> Self {
        Self {
            code,
            severity: Severity::Error,
            message: message.into(),
            at: At::Nowhere,
            hint: None,
            place: None,
        }
    }

    /// Returns the stable name of its kind.
    #[must_use]
    pub const fn code(&self) -> Code {
        self.code
    }

    /// Returns how much it weighs.
    #[must_use]
    pub const fn severity(&self) -> Severity {
        self.severity
    }

    /// Returns what was expected and what was found, in a line.
    #[must_use]
    pub fn message(&self) -> &str {
        &self.message
    }

    /// Returns the way out.
    #[must_use]
    pub fn hint(&self) -> Option<&str> {
        self.hint.as_deref()
    }

    /// Returns where it points; `None` where it points at no place of a file.
    #[must_use]
    pub const fn place(&self) -> Option<&Place> {
        self.place.as_ref()
    }

    /// Sets the way out.
    pub(crate) fn set_hint(&mut self, hint: impl Into<String>) {
        self.hint = Some(hint.into());
    }

    /// Adds to the message what becomes of its object.
    pub(crate) fn add_consequence(&mut self, consequence: &str) {
        self.message = format!("{}; {consequence}", self.message);
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Error => "error",
            Self::Warning => "warning",
        })
    }
}

impl fmt::Display for Diagnostic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

/// The diagnostics of a run, collected by every stage.
#[derive(Debug, Default)]
pub(crate) struct Diagnostics {
    list: Vec<Diagnostic>,
    /// The last one beyond [`Diagnostics::LIMIT`].
    overflow: Option<Diagnostic>,
    has_errors: bool,
}

impl Diagnostics {
    /// The number of diagnostics that are kept: whoever gets so many reads the first.
    const LIMIT: usize = 20_000;

    pub(crate) fn new() -> Self {
        Self::default()
    }

    /// Adds an error: after the stage, nothing more is done. Returns it, so that a hint can be set.
    pub(crate) fn error(
        &mut self,
        code: Code,
        at: impl Into<At>,
        message: impl Into<String>,
    ) -> &mut Diagnostic {
        self.push(code, Severity::Error, at.into(), message.into())
    }

    /// Adds a warning. Returns it, so that a hint can be set.
    pub(crate) fn warning(
        &mut self,
        code: Code,
        at: impl Into<At>,
        message: impl Into<String>,
    ) -> &mut Diagnostic {
        self.push(code, Severity::Warning, at.into(), message.into())
    }

    fn push(&mut self, code: Code, severity: Severity, at: At, message: String) -> &mut Diagnostic {
        let diagnostic = Diagnostic {
            code,
            severity,
            message,
            at,
            hint: None,
            place: None,
        };
        // The first error is kept in any case: it ends the run.
        let is_first_error = severity == Severity::Error && !self.has_errors;
        self.has_errors |= severity == Severity::Error;
        if self.list.len() >= Self::LIMIT && !is_first_error {
            return self.overflow.insert(diagnostic);
        }
        self.list.push(diagnostic);
        self.list.last_mut().expect("just pushed")
    }

    /// Adds a diagnostic that was made elsewhere.
    pub(crate) fn add(&mut self, diagnostic: Diagnostic) {
        self.list.push(diagnostic);
    }

    /// Takes back the warnings about places of the normalised document and what is in them.
    pub(crate) fn withdraw(&mut self, places: &[Pointer]) {
        let places: BTreeSet<_> = places.iter().map(Pointer::tokens).collect();
        self.list.retain(|diagnostic| {
            let At::Pointer(pointer) = &diagnostic.at else {
                return true;
            };
            let tokens = pointer.tokens();
            let is_within = (1..=tokens.len()).any(|length| places.contains(&tokens[..length]));
            diagnostic.severity == Severity::Error || !is_within
        });
    }

    /// Makes every warning an error.
    pub(crate) fn harden(&mut self) {
        for diagnostic in &mut self.list {
            diagnostic.severity = Severity::Error;
        }
        self.has_errors |= !self.list.is_empty();
    }

    /// Makes every error a warning: what it is about is left out.
    pub(crate) fn soften(&mut self) {
        for diagnostic in &mut self.list {
            diagnostic.severity = Severity::Warning;
        }
        self.has_errors = false;
    }

    /// Takes over what another collection holds.
    pub(crate) fn append(&mut self, other: Self) {
        self.has_errors |= other.has_errors;
        self.list.extend(other.list);
    }

    /// Returns whether an error is among them: the next stage must not begin.
    pub(crate) const fn has_errors(&self) -> bool {
        self.has_errors
    }

    /// Ends the collection.
    pub(crate) fn into_list(self) -> Vec<Diagnostic> {
        self.list
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_error_is_kept_however_many_warnings_there_are() {
        let mut diagnostics = Diagnostics::new();
        for _ in 0..Diagnostics::LIMIT + 10 {
            diagnostics.warning(Code::Mended, At::Nowhere, "a mistake");
        }
        assert!(!diagnostics.has_errors());
        diagnostics.error(Code::NotOpenApi, At::Nowhere, "the end");
        diagnostics.error(Code::NotOpenApi, At::Nowhere, "another");
        assert!(diagnostics.has_errors());
        let list = diagnostics.into_list();
        assert_eq!(list.len(), Diagnostics::LIMIT + 1);
        assert_eq!(list[Diagnostics::LIMIT].message(), "the end");
    }
}
