//! The files of a bundle, opened when a reference leads to them.

use std::path::{Component, Path, PathBuf};

use serde_json::Value;

use super::Failure;
use crate::{
    diagnostics::{At, Diagnostics},
    load::{Sources, parse},
};

/// The number of files of a bundle.
const MAX_FILES: usize = 4096;

pub(super) struct Files<'a> {
    sources: &'a mut Sources,
    /// The files in the order of the sources.
    opened: Vec<File>,
    /// The directory that references may not leave.
    directory: Option<PathBuf>,
}

struct File {
    value: Value,
    /// The path without links and detours, so that a file is the same however it is spelled.
    identity: Option<PathBuf>,
}

impl<'a> Files<'a> {
    /// Begins with a document that is parsed, the first of the sources.
    pub(super) fn new(root: Value, sources: &'a mut Sources) -> Self {
        let identity = sources
            .0
            .first()
            .and_then(|source| source.path.canonicalize().ok());
        Self {
            directory: identity
                .as_ref()
                .and_then(|path| path.parent().map(Path::to_owned)),
            opened: vec![File {
                value: root,
                identity,
            }],
            sources,
        }
    }

    pub(super) fn value(&self, file: usize) -> &Value {
        &self.opened[file].value
    }

    pub(super) fn value_mut(&mut self, file: usize) -> &mut Value {
        &mut self.opened[file].value
    }

    pub(super) fn into_root(mut self) -> Value {
        self.opened.swap_remove(0).value
    }

    /// Returns the name of a file without its extension.
    pub(super) fn stem(&self, file: usize) -> &str {
        self.sources
            .0
            .get(file)
            .and_then(|source| source.path.file_stem()?.to_str())
            .unwrap_or_default()
    }

    /// Returns the file that a relative reference of another file names.
    pub(super) fn open(
        &mut self,
        from: usize,
        reference: &str,
        at: &At,
        diagnostics: &mut Diagnostics,
    ) -> Result<usize, Failure> {
        let is_remote = reference.contains("://") || reference.starts_with("//");
        if is_remote {
            return Err(Failure::Remote);
        }
        let base = self.sources.0[from].path.parent().unwrap_or(Path::new(""));
        let relative = percent_decoded(reference);
        let path = tidy(&base.join(&relative));
        let Ok(identity) = path.canonicalize() else {
            // A path that leaves the directory isn't even asked whether it exists.
            if Path::new(&relative).is_absolute() || self.leaves(&path) {
                return Err(Failure::Outside);
            }
            self.sources.read(&path, at, diagnostics);
            return Err(Failure::Unread);
        };
        if let Some(known) = self
            .opened
            .iter()
            .position(|file| file.identity.as_ref() == Some(&identity))
        {
            return Ok(known);
        }
        let is_inside = self
            .directory
            .as_ref()
            .is_some_and(|directory| identity.starts_with(directory));
        if !is_inside || self.opened.len() >= MAX_FILES {
            return Err(Failure::Outside);
        }
        let file = self
            .sources
            .read(&path, at, diagnostics)
            .ok_or(Failure::Unread)?;
        let value = parse::parse(&self.sources.0[file].text, file, diagnostics);
        let is_parsed = value.is_some();
        // Sources and files keep step: a file that can't be parsed is an empty one.
        while self.opened.len() < file {
            self.opened.push(File {
                value: Value::Null,
                identity: None,
            });
        }
        self.opened.push(File {
            value: value.unwrap_or_default(),
            identity: Some(identity),
        });
        if is_parsed {
            Ok(file)
        } else {
            Err(Failure::Unread)
        }
    }

    fn leaves(&self, path: &Path) -> bool {
        let root = self.sources.0[0].path.parent().unwrap_or(Path::new(""));
        !path.starts_with(tidy(root))
    }
}

/// Takes `.` and what `..` undoes out of a path.
fn tidy(path: &Path) -> PathBuf {
    let mut tidy = PathBuf::new();
    for component in path.components() {
        match component {
            Component::CurDir => {}
            Component::ParentDir
                if matches!(tidy.components().next_back(), Some(Component::Normal(_))) =>
            {
                tidy.pop();
            }
            other => tidy.push(other),
        }
    }
    tidy
}

/// Undoes the percent-encoding of a path (RFC 3986 §2.1).
fn percent_decoded(path: &str) -> String {
    crate::pointer::percent_decode(path).unwrap_or_else(|| path.to_owned())
}
