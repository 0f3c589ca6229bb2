//! What pointers and references of a document lead to.

use serde_json::Value;

use crate::pointer::Pointer;

/// Returns what stands at a place.
pub(crate) fn at<'a>(root: &'a Value, tokens: &[String]) -> Option<&'a Value> {
    tokens.iter().try_fold(root, |value, token| match value {
        Value::Object(members) => members.get(token),
        Value::Array(elements) => elements.get(token.parse::<usize>().ok()?),
        _ => None,
    })
}

/// Returns what stands behind a chain of references.
pub(crate) fn followed<'a>(root: &'a Value, value: &'a Value) -> Option<&'a Value> {
    /// No chain is longer without leading back to itself.
    const LONGEST: usize = 100;
    let mut value = value;
    for _ in 0..LONGEST {
        let Some(reference) = value.get("$ref").and_then(Value::as_str) else {
            return Some(value);
        };
        let pointer = Pointer::parse(reference.strip_prefix('#')?)?;
        value = at(root, pointer.tokens())?;
    }
    None
}
