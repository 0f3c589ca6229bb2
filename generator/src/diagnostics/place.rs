//! Places: what a diagnostic points at becomes a line and a column, when it is shown.

use std::{
    collections::BTreeMap,
    ops::Range,
    path::{Path, PathBuf},
};

use super::{At, Diagnostic};
use crate::{
    origins::Origins,
    pointer::Pointer,
    sources::Sources,
    tree::{Lines, Tree},
};

/// A place in a source file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    path: PathBuf,
    line: usize,
    column: usize,
    pointer: Option<Pointer>,
    /// The file's index.
    pub(super) file: usize,
    /// Bytes of the file's text.
    pub(super) span: Range<usize>,
}

impl Place {
    /// Returns the path of the file, as the user or a reference wrote it.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Returns the line, counted from 1.
    #[must_use]
    pub const fn line(&self) -> usize {
        self.line
    }

    /// Returns the column in characters, counted from 1.
    #[must_use]
    pub const fn column(&self) -> usize {
        self.column
    }

    /// Returns the address in the file; `None` in a text that couldn't be parsed.
    #[must_use]
    pub const fn pointer(&self) -> Option<&Pointer> {
        self.pointer.as_ref()
    }
}

/// Finds the places of diagnostics. A file is read once, and only if something points into it.
pub(super) fn locate(list: &mut [Diagnostic], sources: &Sources, origins: &Origins) {
    let mut by_file: BTreeMap<usize, Vec<(&mut Diagnostic, Target)>> = BTreeMap::new();
    for diagnostic in list {
        let (file, target) = match &diagnostic.at {
            At::Nowhere => continue,
            At::Pointer(pointer) => {
                let (file, pointer) = origins.find(pointer);
                let (file, pointer) = origins.written(file, &pointer);
                (file, Target::Pointer(pointer))
            }
            At::Source { file, pointer } => {
                let (file, pointer) = origins.written(*file, pointer);
                (file, Target::Pointer(pointer))
            }
            At::Position { file, line, column } => (*file, Target::Position(*line, *column)),
            At::Span { file, span } => (*file, Target::Span(span.clone())),
        };
        by_file.entry(file).or_default().push((diagnostic, target));
    }
    for (file, diagnostics) in by_file {
        let Some(source) = sources.0.get(file) else {
            continue;
        };
        let lines = Lines::new(&source.text);
        let mut tree = None;
        for (diagnostic, target) in diagnostics {
            let (span, pointer) = match target {
                Target::Pointer(pointer) => {
                    let tree = tree.get_or_insert_with(|| Tree::of(source));
                    (tree.find(&pointer).unwrap_or(0..0), Some(pointer))
                }
                Target::Position(line, column) => {
                    let offset = lines.offset(line, column);
                    (offset..offset, None)
                }
                Target::Span(span) => (span, None),
            };
            let (line, column) = lines.position(span.start);
            diagnostic.place = Some(Place {
                path: source.path.clone(),
                line,
                column,
                pointer,
                file,
                span,
            });
        }
    }
}

enum Target {
    Pointer(Pointer),
    Position(usize, usize),
    Span(Range<usize>),
}
