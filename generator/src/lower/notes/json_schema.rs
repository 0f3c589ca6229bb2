//! Notes of the keywords of JSON Schema 2020-12 that OpenAPI 3.0 lacks and no type expresses.

use indexmap::IndexMap;
use serde_json::Value;

use super::code;
use crate::extensions::{content_media_type, dependent_required, keyword, tuple};

/// Adds a line for each of the keywords.
pub(super) fn notes(extensions: &IndexMap<String, Value>, notes: &mut Vec<String>) {
    if extensions.is_empty() {
        return;
    }
    let text = |name: &str| keyword(extensions, name).and_then(Value::as_str);
    if let Some(encoding) = text("contentEncoding") {
        notes.push(format!("encoded as {}", code(encoding)));
    }
    if let Some(media_type) = content_media_type(extensions) {
        notes.push(format!("content of the media type {}", code(media_type)));
    }
    let is_tuple = tuple(extensions).is_some();
    let prefix = keyword(extensions, "prefixItems").filter(|_| !is_tuple);
    let prefix = prefix.and_then(Value::as_array);
    for (index, schema) in prefix.into_iter().flatten().enumerate() {
        notes.extend(kind(schema).map(|kind| format!("element {}: {kind}", index + 1)));
    }
    let patterns = keyword(extensions, "patternProperties").and_then(Value::as_object);
    for (pattern, schema) in patterns.into_iter().flatten() {
        if schema == &Value::Bool(false) {
            notes.push(format!("no properties that match {}", code(pattern)));
            continue;
        }
        let kind = kind(schema).map(|kind| format!(": {kind}"));
        notes.push(format!(
            "properties that match {}{}",
            code(pattern),
            kind.unwrap_or_default()
        ));
    }
    if let Some(names) = keyword(extensions, "propertyNames") {
        let pattern = names.get("pattern").and_then(Value::as_str);
        notes.push(pattern.map_or_else(
            || "not every name of a property is allowed".to_owned(),
            |pattern| format!("names of properties match {}", code(pattern)),
        ));
    }
    for (name, others) in dependent_required(extensions) {
        let others: Vec<_> = others.into_iter().map(code).collect();
        if !others.is_empty() {
            notes.push(format!("{} comes with {}", code(name), others.join(", ")));
        }
    }
    if keyword(extensions, "contains").is_some() {
        notes.push(contains(extensions));
    }
    for (name, what) in [
        ("unevaluatedProperties", "properties"),
        ("unevaluatedItems", "elements"),
    ] {
        match keyword(extensions, name) {
            Some(Value::Bool(false)) => notes.push(format!("no further {what}")),
            Some(schema) => {
                notes.extend(kind(schema).map(|kind| format!("further {what}: {kind}")));
            }
            None => {}
        }
    }
    for condition in conditions(extensions) {
        notes.push(format!("{} demands more of some values", code(condition)));
    }
}

/// Returns the keywords that are there by which a schema depends on the value.
pub(in crate::lower) fn conditions(
    extensions: &IndexMap<String, Value>,
) -> impl Iterator<Item = &'static str> {
    ["if", "dependentSchemas", "dependencies"]
        .into_iter()
        .filter(|name| keyword(extensions, name).is_some())
}

fn contains(extensions: &IndexMap<String, Value>) -> String {
    let count = |name: &str| keyword(extensions, name).and_then(Value::as_u64);
    let kind = keyword(extensions, "contains").and_then(kind);
    let kind = kind.unwrap_or_else(|| "a certain element".to_owned());
    let low = count("minContains").unwrap_or(1);
    match count("maxContains") {
        Some(high) => format!("contains {kind} {low} to {high} times"),
        None if low == 1 => format!("contains {kind}"),
        None => format!("contains {kind} at least {low} times"),
    }
}

/// Returns what a schema is, where a few words say it.
fn kind(schema: &Value) -> Option<String> {
    if let Some(reference) = schema.get("$ref").and_then(Value::as_str) {
        return reference.rsplit('/').next().map(code);
    }
    if let Some([value]) = schema
        .get("enum")
        .and_then(Value::as_array)
        .map(Vec::as_slice)
    {
        return Some(code(&value.to_string()));
    }
    let words = match schema.get("type")?.as_str()? {
        "string" => "a string",
        "integer" => "an integer",
        "number" => "a number",
        "boolean" => "a boolean",
        "array" => "an array",
        "object" => "an object",
        _ => return None,
    };
    Some(words.to_owned())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn noted(keywords: &Value) -> Vec<String> {
        let keywords = keywords.as_object().expect("an object");
        let extensions = keywords
            .iter()
            .map(|(name, value)| (format!("x-json-schema-{name}"), value.clone()))
            .collect();
        let mut found = Vec::new();
        notes(&extensions, &mut found);
        found
    }

    #[test]
    fn every_keyword_that_no_type_expresses_is_noted() {
        assert_eq!(
            noted(&json!({"contentEncoding": "base64", "contentMediaType": "image/png"})),
            [
                "encoded as `base64`",
                "content of the media type `image/png`"
            ]
        );
        assert_eq!(
            noted(
                &json!({"prefixItems": [{"type": "string"}, {"$ref": "#/components/schemas/A"}]})
            ),
            ["element 1: a string", "element 2: `A`"]
        );
        assert_eq!(
            noted(&json!({
                "patternProperties": {"^x-": {"enum": [1]}, "^y": {}},
                "propertyNames": {"pattern": "^[a-z]"},
                "dependentRequired": {"a": ["b", "c"]},
                "unevaluatedProperties": false,
                "unevaluatedItems": {"type": "boolean"}
            })),
            [
                "properties that match `^x-`: `1`",
                "properties that match `^y`",
                "names of properties match `^[a-z]`",
                "`a` comes with `b`, `c`",
                "no further properties",
                "further elements: a boolean"
            ]
        );
        assert_eq!(
            noted(&json!({"contains": {"type": "integer"}, "minContains": 2, "maxContains": 3})),
            ["contains an integer 2 to 3 times"]
        );
        assert_eq!(
            noted(&json!({"if": {}, "then": {}, "dependentSchemas": {}})),
            [
                "`if` demands more of some values",
                "`dependentSchemas` demands more of some values"
            ]
        );
    }
}
