//! The documents of a run: what the user names, and what is found in the directories among it.

use std::path::{Path, PathBuf};

use serde_json::{Map, Value};

use super::{
    library::Library,
    source::{self, MAX_BYTES},
    structure::{self, Holds, Kind},
};
use crate::{
    diagnostics::{At, Code, Diagnostics},
    pointer::Pointer,
};

/// The depth to which directories are looked into.
const MAX_DEPTH: usize = 32;

/// The number of files that are looked at.
const MAX_FILES: usize = 20_000;

/// Opens the documents that paths name, each once, in their order; a directory stands for the
/// documents in it, in the order of their paths.
pub(super) fn open(
    paths: &[PathBuf],
    library: &mut Library,
    diagnostics: &mut Diagnostics,
) -> Vec<usize> {
    let mut found: Vec<usize> = Vec::new();
    for path in paths {
        if path.is_dir() {
            library.allow(path);
            let files = directory(path, library, diagnostics);
            if files.is_empty() && !diagnostics.has_errors() {
                let message = format!("`{}` holds no OpenAPI document", path.display());
                diagnostics
                    .error(Code::UnreadableFile, At::Nowhere, message)
                    .set_hint(
                        "name the document, or a directory of documents that have operations",
                    );
            }
            found.extend(files);
        } else {
            library.allow(path.parent().unwrap_or(Path::new("")));
            found.extend(library.open(path, diagnostics));
        }
    }
    let mut documents = Vec::new();
    for file in found {
        if !documents.contains(&file) {
            documents.push(file);
        }
    }
    documents
}

/// Opens the documents of a directory: files that state a version of OpenAPI and have operations.
/// The other files are there to be referred to.
fn directory(path: &Path, library: &mut Library, diagnostics: &mut Diagnostics) -> Vec<usize> {
    let mut files = Vec::new();
    list(path, 0, &mut files);
    files.sort();
    let mut documents = Vec::new();
    for path in files {
        if mentions_a_version(&path)
            && let Some(file) = library.open(&path, diagnostics)
            && has_operations(library.value(file))
        {
            documents.push(file);
        }
    }
    documents
}

/// Returns all files of the directories among paths, in an order that stays.
pub(crate) fn listed(paths: &[PathBuf]) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for path in paths.iter().filter(|path| path.is_dir()) {
        list(path, 0, &mut files);
    }
    files.sort();
    files
}

fn list(directory: &Path, depth: usize, files: &mut Vec<PathBuf>) {
    let Ok(entries) = directory.read_dir() else {
        return;
    };
    for entry in entries.flatten() {
        let path = entry.path();
        let is_hidden = entry.file_name().to_string_lossy().starts_with('.');
        // A link could lead back, or out.
        let Ok(kind) = entry.file_type() else {
            continue;
        };
        if is_hidden || kind.is_symlink() || files.len() >= MAX_FILES {
            continue;
        }
        if kind.is_dir() {
            if depth < MAX_DEPTH {
                list(&path, depth + 1, files);
            }
        } else if path.extension().is_some_and(|extension| {
            extension == "json" || extension == "yaml" || extension == "yml"
        }) {
            files.push(path);
        }
    }
}

/// Returns whether a file may be a document, before it is parsed: not every file of a directory is
/// the user's concern.
fn mentions_a_version(path: &Path) -> bool {
    let Ok(bytes) = source::bytes(path, MAX_BYTES) else {
        return false;
    };
    let mentions = |word: &[u8]| bytes.windows(word.len()).any(|window| window == word);
    mentions(b"openapi") || mentions(b"swagger")
}

fn has_operations(root: &Value) -> bool {
    let paths = root.get("paths").and_then(Value::as_object);
    let mut items = paths.into_iter().flatten();
    let holds_operations = |key: &String| {
        key == "$ref"
            || matches!(
                Kind::PathItem.member(key),
                Some(Holds::One(Kind::Operation) | Holds::Map(Kind::Operation))
            )
    };
    structure::states_version(root)
        && items.any(|(_, item)| {
            let mut keys = item.as_object().into_iter().flat_map(Map::keys);
            keys.any(holds_operations)
        })
}

/// Returns the address of a document in the tree of several.
pub(super) fn place(index: usize) -> Pointer {
    Pointer::from_iter(["documents".to_owned(), index.to_string()])
}
