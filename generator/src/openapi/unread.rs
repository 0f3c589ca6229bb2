//! Parts of which nothing is generated: said once for a document, with how many there are, at the
//! first.

use serde_json::Value;

use super::part::Part;
use crate::{
    diagnostics::{Code, Diagnostics},
    pointer::Pointer,
};

/// Reports links of responses, and the hierarchy of tags.
pub(super) fn report(root: &Part<'_>, diagnostics: &mut Diagnostics) {
    report_links(root, diagnostics);
    report_hierarchy(root, diagnostics);
}

/// Reports tags within others (OpenAPI 3.2 §4.22).
fn report_hierarchy(root: &Part<'_>, diagnostics: &mut Diagnostics) {
    let tags = root.value.get("tags").and_then(Value::as_array);
    let tags = tags.into_iter().flatten().enumerate();
    let mut within = tags.filter(|(_, tag)| tag.get("parent").is_some_and(Value::is_string));
    if let Some((index, _)) = within.next() {
        let number = 1 + within.count();
        let at = Pointer::from_iter(["tags", &index.to_string(), "parent"]);
        let message = format!(
            "tags within others aren't generated ({number} of the document's tags): their groups \
             stand side by side"
        );
        let at = root.pointer().join(&at);
        diagnostics.warning(Code::Unsupported, &at, message);
    }
}

fn report_links(root: &Part<'_>, diagnostics: &mut Diagnostics) {
    let mut places = Vec::new();
    let components = root.value.get("components");
    let shared = components.and_then(|components| components.get("responses"));
    let at = Pointer::from_iter(["components", "responses"]);
    links(shared, &at, &mut places);
    let items = root.value.get("paths").and_then(Value::as_object);
    for (path, item) in items.into_iter().flatten() {
        for (method, operation) in item.as_object().into_iter().flatten() {
            let at = Pointer::from_iter(["paths", path, method, "responses"]);
            links(operation.get("responses"), &at, &mut places);
        }
    }
    if let Some(first) = places.first() {
        let number = places.len();
        let at = root.pointer().join(first);
        let message =
            format!("links of responses aren't generated ({number} of the document's responses)");
        diagnostics.warning(Code::Unsupported, &at, message);
    }
}

fn links(responses: Option<&Value>, at: &Pointer, places: &mut Vec<Pointer>) {
    let responses = responses.and_then(Value::as_object);
    for (status, response) in responses.into_iter().flatten() {
        let links = response.get("links").and_then(Value::as_object);
        if links.is_some_and(|links| !links.is_empty()) {
            places.push(at.child(status.as_str()).child("links"));
        }
    }
}
