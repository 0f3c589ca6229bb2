//! References by identifiers: `$id`, `$anchor`, `$dynamicAnchor` (JSON Schema Core §8.2).

use serde_json::{Map, Value};

use crate::{
    load::structure::{self, Kind},
    pointer::{Pointer, Trail},
};

/// Returns the address of the schema with a plain-name fragment.
pub(super) fn anchor(root: &Value, name: &str) -> Option<Pointer> {
    find(root, &|object| {
        let is = |key: &str| object.get(key).is_some_and(|anchor| anchor == name);
        is("$anchor") || is("$dynamicAnchor")
    })
}

/// Returns the address of the schema that a reference without its fragment identifies: by its whole
/// identifier, or relative to that of the schemas around it.
pub(super) fn identified(root: &Value, path: &str) -> Option<Pointer> {
    let end = format!("/{}", path.trim_start_matches("./"));
    find(root, &|object| {
        let id = object.get("$id").and_then(Value::as_str);
        let id = id.map(|id| id.trim_end_matches('#'));
        id.is_some_and(|id| id == path || id.contains("://") && id.ends_with(&end))
    })
}

fn find(root: &Value, is: &dyn Fn(&Map<String, Value>) -> bool) -> Option<Pointer> {
    let mut found = None;
    structure::walk(
        Kind::of_file(root),
        root,
        &Trail::Root,
        &mut |kind, object, trail| {
            if found.is_none() && kind == Kind::Schema && is(object) {
                found = Some(trail.pointer());
            }
        },
    );
    found
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn schemas_are_found_by_their_identifiers() {
        let root = json!({"openapi": "3.1.0", "components": {"schemas": {
            "A": {"$id": "https://example.com/schemas/a.json", "$defs": {"x": {"$anchor": "x"}}},
            "B": {"properties": {"$id": {"type": "string"}}}
        }}});
        let shown = |found: Option<Pointer>| found.map(|pointer| pointer.to_string());
        let a = Some("#/components/schemas/A".to_owned());
        assert_eq!(
            shown(identified(&root, "https://example.com/schemas/a.json")),
            a
        );
        assert_eq!(shown(identified(&root, "a.json")), a);
        assert_eq!(shown(identified(&root, "b.json")), None);
        assert_eq!(
            shown(anchor(&root, "x")),
            Some("#/components/schemas/A/$defs/x".to_owned())
        );
    }
}
