//! `$dynamicRef`: a reference whose target depends on who reads the schema (JSON Schema Core §8.2.3.2).

use serde_json::Value;

use super::structure::{self, Kind};
use crate::{
    diagnostics::{At, Code, Diagnostics},
    pointer::Trail,
};

/// Reads dynamic references as plain ones: they lead to the anchor of their own file.
pub(super) fn settle(root: &mut Value, file: usize, diagnostics: &mut Diagnostics) {
    let kind = Kind::of_file(root);
    structure::walk_mut(kind, root, &Trail::Root, &mut |kind, value, trail| {
        let Value::Object(members) = value else {
            return;
        };
        if kind != Kind::Schema || !members.get("$dynamicRef").is_some_and(Value::is_string) {
            return;
        }
        let reference = members.shift_remove("$dynamicRef").unwrap_or_default();
        if members.contains_key("$ref") {
            return;
        }
        let at = At::Source {
            file,
            pointer: trail.pointer().child("$dynamicRef"),
        };
        diagnostics
            .warning(
                Code::Unsupported,
                at,
                "a `$dynamicRef` is read as a `$ref`: what extends the schema doesn't change it",
            )
            .set_hint("use `$ref` where nothing else is meant");
        members.insert("$ref".to_owned(), reference);
    });
}
