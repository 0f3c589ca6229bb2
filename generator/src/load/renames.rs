//! Names that the configuration asks for: each is written into the documents, as if they asked for it
//! themselves.

use serde_json::{Map, Value, json};

use super::{library::Library, structure};
use crate::{
    config::{Rename, Renames, Thing},
    diagnostics::{At, Code, Diagnostics},
    extensions::{RUST_NAME, RUST_NAMES, RUST_TYPE},
    origins::Patches,
    pointer::{Pointer, percent_decode},
};

/// Writes the names into documents; where they come from is recorded as a patch.
pub(super) fn apply(
    renames: &Renames,
    documents: &[usize],
    library: &mut Library,
    patches: &mut Patches,
    diagnostics: &mut Diagnostics,
) {
    if renames.list.is_empty() {
        return;
    }
    let file = renames.file.as_deref();
    let file = file.map(|file| library.keep(file.clone()));
    for rename in &renames.list {
        let place = file.zip(rename.place.clone());
        let mut found = false;
        for &document in documents {
            let root = library.value_mut(document);
            for target in targets(&rename.thing, root) {
                let written = write(rename, &target, root);
                if let (Some(written), Some(place)) = (written, &place) {
                    patches.insert(document, written, place.clone());
                }
                found = true;
            }
        }
        if !found {
            let at = place.map_or(At::Nowhere, |(file, pointer)| At::Source { file, pointer });
            let (what, key) = match &rename.thing {
                Thing::Schema(key) | Thing::Replaced(key) | Thing::Member { schema: key, .. } => {
                    ("schema", key)
                }
                Thing::Operation(key) => ("operation", key),
            };
            let message =
                format!("the documents have no {what} `{key}`, which is to have a name or a type");
            diagnostics
                .warning(Code::UnmatchedSelector, at, message)
                .set_hint("the document may have changed; correct the key or drop it");
        }
    }
}

/// Returns where what is to have a name stands in a document.
fn targets(thing: &Thing, root: &Value) -> Vec<Pointer> {
    match thing {
        Thing::Schema(key) | Thing::Replaced(key) | Thing::Member { schema: key, .. } => {
            let candidates = match pointer(key) {
                Some(pointer) => vec![pointer],
                None => vec![
                    Pointer::from_iter(["components", "schemas", key.as_str()]),
                    Pointer::from_iter(["definitions", key.as_str()]),
                ],
            };
            let mut candidates = candidates;
            candidates.retain(|at| structure::get(root, at).is_some_and(Value::is_object));
            candidates
        }
        Thing::Operation(key) => match pointer(key) {
            Some(at) => structure::get(root, &at)
                .is_some_and(Value::is_object)
                .then_some(at)
                .into_iter()
                .collect(),
            None => operations(key, root),
        },
    }
}

/// Returns the pointer that a key is, in contrast to a name.
fn pointer(key: &str) -> Option<Pointer> {
    let fragment = key.strip_prefix('#')?;
    // `Pointer::parse` undoes the percent-encoding too.
    percent_decode(fragment).and_then(|_| Pointer::parse(fragment))
}

/// Returns the operations of an `operationId`.
fn operations(id: &str, root: &Value) -> Vec<Pointer> {
    let empty = Map::new();
    let paths = root.get("paths").and_then(Value::as_object);
    let mut found = Vec::new();
    for (path, item) in paths.unwrap_or(&empty) {
        for (method, operation) in item.as_object().unwrap_or(&empty) {
            if operation.get("operationId").and_then(Value::as_str) == Some(id) {
                found.push(Pointer::from_iter(["paths", path, method]));
            }
        }
    }
    found
}

/// Writes a name into what is at an address; returns where it stands then.
fn write(rename: &Rename, target: &Pointer, root: &mut Value) -> Option<Pointer> {
    let members = structure::get_mut(root, target)?.as_object_mut()?;
    let name = json!(rename.name);
    let Thing::Member { member, .. } = &rename.thing else {
        let extension = match rename.thing {
            Thing::Replaced(_) => RUST_TYPE,
            _ => RUST_NAME,
        };
        members.insert(extension.to_owned(), name);
        return Some(target.child(extension));
    };
    let names = members.entry(RUST_NAMES).or_insert_with(|| json!({}));
    names.as_object_mut()?.insert(member.clone(), name);
    Some(target.child(RUST_NAMES).child(member.as_str()))
}
