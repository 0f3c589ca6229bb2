//! Parts of which nothing is generated: said once for a document.

use serde_json::Value;

use super::part::Part;
use crate::{
    diagnostics::{Code, Diagnostics},
    pointer::Pointer,
};

/// Reports headers and links of responses, with how many there are, at the first.
pub(super) fn report(root: &Part<'_>, diagnostics: &mut Diagnostics) {
    let of_document = root.pointer();
    let messages = [
        (
            "headers",
            "headers of responses have no types; `.send()` gives them as they come",
        ),
        ("links", "links of responses aren't generated"),
    ];
    for (key, message) in messages {
        let mut places = Vec::new();
        let components = root.value.get("components");
        let shared = components.and_then(|components| components.get("responses"));
        let at = Pointer::from_iter(["components", "responses"]);
        responses(shared, &at, key, &mut places);
        let items = root.value.get("paths").and_then(Value::as_object);
        for (path, item) in items.into_iter().flatten() {
            for (method, operation) in item.as_object().into_iter().flatten() {
                let at = Pointer::from_iter(["paths", path, method, "responses"]);
                responses(operation.get("responses"), &at, key, &mut places);
            }
        }
        if let Some(first) = places.first() {
            let number = places.len();
            let at = of_document.join(first);
            let message = format!("{message} ({number} of the document's responses)");
            diagnostics.warning(Code::Unsupported, &at, message);
        }
    }
}

fn responses(responses: Option<&Value>, at: &Pointer, key: &str, places: &mut Vec<Pointer>) {
    let responses = responses.and_then(Value::as_object);
    for (status, response) in responses.into_iter().flatten() {
        let member = response.get(key).and_then(Value::as_object);
        if member.is_some_and(|member| !member.is_empty()) {
            places.push(at.child(status.as_str()).child(key));
        }
    }
}
