//! Overlays mend documents that aren't the user's to edit
//! ([Overlay Specification](https://spec.openapis.org/overlay/latest.html) 1.0 and 1.1).

use std::path::{Path, PathBuf};

use serde_json::{Map, Value};
use serde_json_path::JsonPath;

use super::{library::Library, structure};
use crate::{
    diagnostics::{At, Code, Diagnostics, kind},
    origins::Patches,
    pointer::Pointer,
};

/// How many values overlays may add.
const MAX_ADDED: usize = 500_000;

/// The depth to which they may nest what is there: that of a text that is parsed.
const MAX_DEPTH: usize = 128;

struct Action {
    /// Where it stands in its file.
    place: Pointer,
    target: JsonPath,
    written: String,
    change: Change,
}

enum Change {
    Remove,
    Update(Value),
    Copy(JsonPath),
}

/// Applies overlays to documents, one after the other. What is patched is recorded by its place.
pub(super) fn apply(
    paths: &[PathBuf],
    documents: &[usize],
    library: &mut Library,
    diagnostics: &mut Diagnostics,
) -> Patches {
    let mut work = Work {
        patches: Patches::default(),
        budget: MAX_ADDED,
    };
    for path in paths {
        let Some(file) = library.open(path, diagnostics) else {
            continue;
        };
        let Some(actions) = read(file, library.value(file), diagnostics) else {
            continue;
        };
        let extended = extended(file, path, documents, library);
        for action in &actions {
            let mut found = 0;
            for &document in &extended {
                let root = library.value_mut(document);
                found += work.act(action, file, document, root);
            }
            let at = At::Source {
                file,
                pointer: action.place.child("target"),
            };
            if work.budget == 0 {
                let message = "the overlay makes the document too large";
                diagnostics
                    .error(Code::InvalidOverlay, at, message)
                    .set_hint("name fewer targets");
                return work.patches;
            }
            if found == 0 {
                let what = match action.change {
                    Change::Copy(_) => "matches nothing, or what is to be copied isn't one place",
                    _ => "matches nothing",
                };
                let message = format!("the target `{}` {what}", action.written);
                diagnostics
                    .warning(Code::UnmatchedSelector, at, message)
                    .set_hint(
                        "the document may have changed; correct the target or drop the action",
                    );
            }
        }
    }
    work.patches
}

/// Returns the documents that an overlay is for: the one it names by `extends`, or all.
fn extended(file: usize, path: &Path, documents: &[usize], library: &Library) -> Vec<usize> {
    let named = library.value(file).get("extends").and_then(Value::as_str);
    let named = named
        .and_then(|named| path.parent()?.join(named).canonicalize().ok())
        .and_then(|named| {
            let mut documents = documents.iter();
            documents.find(|document| library.is(**document, &named))
        });
    named.map_or_else(|| documents.to_vec(), |only| vec![*only])
}

/// Reads the actions of an overlay.
fn read(file: usize, root: &Value, diagnostics: &mut Diagnostics) -> Option<Vec<Action>> {
    let mut fault = |pointer: Pointer, message: String| {
        let at = At::Source { file, pointer };
        diagnostics
            .error(Code::InvalidOverlay, at, message)
            .set_hint("`accredit explain invalid-overlay` shows one");
    };
    let version = match root.get("overlay") {
        Some(Value::String(version)) => version.clone(),
        Some(version) => version.to_string(),
        None => {
            let message = "this is no overlay: it doesn't state `overlay: 1.0.0`";
            fault(Pointer::root(), message.to_owned());
            return None;
        }
    };
    if !version.trim().starts_with("1.") {
        let message = format!("version `{version}` of overlays isn't read; 1.0 and 1.1 are");
        fault(Pointer::root().child("overlay"), message);
        return None;
    }
    let at = Pointer::root().child("actions");
    let Some(list) = root.get("actions").and_then(Value::as_array) else {
        fault(at, "expected an array as `actions`".to_owned());
        return None;
    };
    let mut actions = Vec::new();
    for (index, action) in list.iter().enumerate() {
        let place = at.child(index.to_string());
        match read_action(action, place.clone()) {
            Ok(action) => actions.push(action),
            Err((key, message)) => fault(place.child(key), message),
        }
    }
    Some(actions)
}

fn read_action(action: &Value, place: Pointer) -> Result<Action, (&'static str, String)> {
    let path = |key: &'static str| {
        let text = action.get(key).and_then(Value::as_str);
        let text = text.ok_or((key, format!("expected a JSONPath as `{key}`")))?;
        match JsonPath::parse(text) {
            Ok(path) => Ok((path, text.to_owned())),
            Err(error) => Err((key, format!("`{text}` is no JSONPath: {}", error.message()))),
        }
    };
    let (target, written) = path("target")?;
    let change = if action.get("remove") == Some(&Value::Bool(true)) {
        Change::Remove
    } else if let Some(update) = action.get("update") {
        Change::Update(update.clone())
    } else if action.get("copy").is_some() {
        Change::Copy(path("copy")?.0)
    } else {
        let found = kind(action);
        let message = format!("expected `update`, `remove` or `copy` in the action, found {found}");
        return Err(("target", message));
    };
    Ok(Action {
        place,
        target,
        written,
        change,
    })
}

struct Work {
    patches: Patches,
    /// How many values overlays may still add.
    budget: usize,
}

impl Work {
    /// Applies an action to a document; returns how many places it found.
    fn act(&mut self, action: &Action, overlay: usize, document: usize, root: &mut Value) -> usize {
        let targets = located(&action.target, root);
        match &action.change {
            Change::Remove => {
                for target in targets.iter().rev() {
                    self.remove(document, target, root);
                }
            }
            Change::Update(update) => {
                let from = (overlay, action.place.child("update"));
                self.merge_all(document, &targets, root, update, &from);
            }
            Change::Copy(source) => {
                let sources = located(source, root);
                let [source] = sources.as_slice() else {
                    return 0;
                };
                let Some(copied) = structure::get(root, source).cloned() else {
                    return 0;
                };
                let from = self.patches.find(document, source);
                self.merge_all(document, &targets, root, &copied, &from);
            }
        }
        targets.len()
    }

    fn remove(&mut self, document: usize, target: &Pointer, root: &mut Value) {
        let Some((last, parent)) = target.tokens().split_last() else {
            return;
        };
        let parent: Pointer = parent.iter().cloned().collect();
        match structure::get_mut(root, &parent) {
            Some(Value::Object(members)) => {
                members.shift_remove(last);
            }
            Some(Value::Array(elements)) => {
                if let Some(index) = last.parse().ok().filter(|index| *index < elements.len()) {
                    elements.remove(index);
                    self.patches.close(document, &parent, index, elements.len());
                }
            }
            _ => {}
        }
    }

    fn merge_all(
        &mut self,
        document: usize,
        targets: &[Pointer],
        root: &mut Value,
        update: &Value,
        from: &(usize, Pointer),
    ) {
        let (weight, depth) = (weight(update), depth(update));
        for target in targets {
            self.budget = self.budget.saturating_sub(weight);
            if target.tokens().len() + depth > MAX_DEPTH {
                self.budget = 0;
            }
            if self.budget == 0 {
                return;
            }
            if let Some(value) = structure::get_mut(root, target) {
                self.merge(document, target, value, update, from);
            }
        }
    }

    /// Merges a value into another: objects member by member, arrays one after the other; all else
    /// replaces what is there.
    fn merge(
        &mut self,
        document: usize,
        at: &Pointer,
        value: &mut Value,
        update: &Value,
        from: &(usize, Pointer),
    ) {
        match (value, update) {
            (Value::Object(members), Value::Object(updates)) => {
                for (key, update) in updates {
                    let at = at.child(key.as_str());
                    let from = (from.0, from.1.child(key.as_str()));
                    self.merge_member(document, &at, members, key, update, &from);
                }
            }
            (Value::Array(elements), Value::Array(updates)) => {
                for (index, update) in updates.iter().enumerate() {
                    let at = at.child(elements.len().to_string());
                    let source = from.1.child(index.to_string());
                    self.patches.insert(document, at, (from.0, source));
                    elements.push(update.clone());
                }
            }
            (Value::Array(elements), update) => {
                let at = at.child(elements.len().to_string());
                self.patches.insert(document, at, from.clone());
                elements.push(update.clone());
            }
            (value, update) => {
                self.patches.insert(document, at.clone(), from.clone());
                value.clone_from(update);
            }
        }
    }

    fn merge_member(
        &mut self,
        document: usize,
        at: &Pointer,
        members: &mut Map<String, Value>,
        key: &str,
        update: &Value,
        from: &(usize, Pointer),
    ) {
        match members.get_mut(key) {
            Some(value) if value.is_object() == update.is_object() => {
                self.merge(document, at, value, update, from);
            }
            _ => {
                self.patches.insert(document, at.clone(), from.clone());
                members.insert(key.to_owned(), update.clone());
            }
        }
    }
}

/// Returns the places that a path finds, in the order of the document.
fn located(path: &JsonPath, root: &Value) -> Vec<Pointer> {
    let mut places: Vec<Vec<(usize, String)>> = path
        .query_located(root)
        .iter()
        .map(|node| {
            let elements = node.location().iter();
            elements
                .map(|element| match element.as_name() {
                    Some(name) => (0, name.to_owned()),
                    None => (element.as_index().unwrap_or_default(), element.to_string()),
                })
                .collect()
        })
        .collect();
    // Indexes count as numbers.
    places.sort();
    places.dedup();
    places
        .into_iter()
        .map(|place| place.into_iter().map(|(_, token)| token).collect())
        .collect()
}

fn weight(value: &Value) -> usize {
    match value {
        Value::Object(members) => members.values().map(weight).sum::<usize>() + 1,
        Value::Array(elements) => elements.iter().map(weight).sum::<usize>() + 1,
        _ => 1,
    }
}

fn depth(value: &Value) -> usize {
    let inner = match value {
        Value::Object(members) => members.values().map(depth).max(),
        Value::Array(elements) => elements.iter().map(depth).max(),
        _ => None,
    };
    inner.unwrap_or_default() + 1
}

#[cfg(test)]
mod tests {
    use std::fs;

    use serde_json::json;

    use super::*;

    const DOCUMENT: &str =
        "tags: [{name: a}, {name: b}, {name: c}]\npaths:\n  /x: {get: {summary: old}}\n";

    /// Applies an overlay; returns the document, what was told, and what finds places.
    fn applied(actions: &str) -> (Value, Vec<String>, impl Fn(&str) -> String) {
        let directory = tempfile::tempdir().expect("a directory");
        let write = |name: &str, text: &str| {
            let path = directory.path().join(name);
            fs::write(&path, text).expect("written");
            path
        };
        let mut library = Library::new(true);
        let mut diagnostics = Diagnostics::new();
        let document = write("api.yaml", DOCUMENT);
        let document = library
            .open(&document, &mut diagnostics)
            .expect("a document");
        let overlay = write("fix.yaml", &format!("overlay: 1.1.0\nactions:\n{actions}"));
        let patches = apply(&[overlay], &[document], &mut library, &mut diagnostics);
        let told = diagnostics.into_list();
        let find = move |place: &str| {
            let place = Pointer::parse(place).expect("a pointer");
            let (file, pointer) = patches.find(document, &place);
            format!("{file}{pointer}")
        };
        let told = told.iter().map(|told| format!("{} {told}", told.code()));
        (library.value(document).clone(), told.collect(), find)
    }

    #[test]
    fn objects_are_merged_arrays_appended_and_texts_replaced() {
        let (document, told, find) = applied(
            "- {target: '$.paths[\"/x\"]', update: {get: {summary: new, deprecated: true}}}\n\
             - {target: $.tags, update: {name: d}}\n\
             - {target: '$.paths.*.get.summary', update: newest}\n",
        );
        assert_eq!(
            document["paths"]["/x"]["get"],
            json!({"summary": "newest", "deprecated": true})
        );
        assert_eq!(document["tags"][3], json!({"name": "d"}));
        assert!(told.is_empty(), "{told:?}");
        assert_eq!(
            find("/paths/~1x/get/deprecated"),
            "1#/actions/0/update/get/deprecated"
        );
        assert_eq!(find("/paths/~1x/get/summary"), "1#/actions/2/update");
        assert_eq!(find("/tags/3/name"), "1#/actions/1/update/name");
        assert_eq!(find("/tags/0/name"), "0#/tags/0/name");
    }

    #[test]
    fn what_stands_after_a_removed_element_keeps_its_place() {
        let (document, _, find) = applied("- {target: '$.tags[?@.name != \"c\"]', remove: true}\n");
        assert_eq!(document["tags"], json!([{"name": "c"}]));
        assert_eq!(find("/tags/0/name"), "0#/tags/2/name");
    }

    #[test]
    fn a_copy_comes_from_where_its_source_does() {
        let (document, _, find) = applied(
            "- {target: $.paths, update: {/y: {}}}\n- {target: '$.paths[\"/y\"]', copy: '$.paths[\"/x\"]'}\n",
        );
        assert_eq!(document["paths"]["/y"], document["paths"]["/x"]);
        assert_eq!(find("/paths/~1y/get/summary"), "0#/paths/~1x/get/summary");
    }

    #[test]
    fn what_can_t_be_applied_is_told() {
        let (_, told, _) = applied(
            "- {target: $.nothing, remove: true}\n- {target: '$[', update: 1}\n- {target: $}\n",
        );
        let codes: Vec<_> = told.iter().map(|told| told.split(' ').next()).collect();
        let codes: Vec<_> = codes.into_iter().flatten().collect();
        assert_eq!(
            codes,
            ["invalid-overlay", "invalid-overlay", "unmatched-selector"]
        );
    }

    #[test]
    fn copies_don_t_multiply_without_bounds() {
        let bomb = "- {target: $, copy: $.paths}\n- {target: $.paths, update: {z: {}}}\n- {target: '$.paths.z', copy: $}\n".repeat(60);
        let deep = "- {target: $, update: {z: {}}}\n- {target: $..z, copy: $.z}\n- {target: $..z, update: {z: {}}}\n"
            .repeat(60);
        for bomb in [bomb, deep] {
            let (_, told, _) = applied(&bomb);
            let is_refused = told.iter().any(|told| told.contains("too large"));
            assert!(is_refused, "{told:?}");
        }
    }
}
