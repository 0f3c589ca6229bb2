//! What would be written, for those who only ask.

use serde_json::json;
use similar::TextDiff;

use super::voice::{Voice, print, print_json};
use crate::write::Change;

/// Prints the changes as a patch (the unified format of `diff -u`), or as an object each.
pub(super) fn print_difference(changes: &[Change], voice: Voice) {
    if voice.is_json() {
        print_objects(changes);
        return;
    }
    for change in changes {
        print(&difference(change));
    }
}

/// Prints the changes, a line each, or an object.
pub(super) fn print_list(changes: &[Change], voice: Voice) {
    if voice.is_json() {
        print_objects(changes);
        return;
    }
    for change in changes {
        print(&format_args!("{} {}\n", kind(change), change.path()));
    }
}

fn print_objects(changes: &[Change]) {
    for change in changes {
        print_json(
            "change",
            json!({ "path": change.path(), "kind": kind(change) }),
        );
    }
}

fn kind(change: &Change) -> &'static str {
    match (change.before(), change.after()) {
        (None, _) => "create",
        (Some(_), Some(_)) => "change",
        (Some(_), None) => "remove",
    }
}

fn difference(change: &Change) -> String {
    let name = |side: &str, text: Option<&str>| match text {
        Some(_) => format!("{side}/{}", change.path()),
        None => "/dev/null".to_owned(),
    };
    let (before, after) = (change.before(), change.after());
    TextDiff::from_lines(before.unwrap_or_default(), after.unwrap_or_default())
        .unified_diff()
        .header(&name("a", before), &name("b", after))
        .to_string()
}
