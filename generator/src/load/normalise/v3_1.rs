//! OpenAPI 3.1 and 3.2, whose schemas are JSON Schema 2020-12, in the words of OpenAPI 3.0.
//!
//! Keywords that 3.0 lacks are mapped where it can say the same, and ride along as extensions where
//! it can't; [`crate::extensions`] gives access to these.

mod types;

use serde_json::{Map, Value, json};

use crate::{
    diagnostics::{Code, Diagnostics},
    extensions::{PREFIX, TUPLE},
    pointer::Pointer,
};
use types::{null_alternative, types};

type Members = Map<String, Value>;

/// Keywords without a counterpart, which ride along.
const CARRIED: &[&str] = &[
    "additionalItems",
    "contains",
    "contentEncoding",
    "contentMediaType",
    "contentSchema",
    "dependencies",
    "dependentRequired",
    "dependentSchemas",
    "else",
    "if",
    "maxContains",
    "minContains",
    "patternProperties",
    "prefixItems",
    "propertyNames",
    "then",
    "unevaluatedItems",
    "unevaluatedProperties",
];

/// Keywords that say nothing of values, or whose work is done: references into `$defs` lead to
/// `components` by now.
const DROPPED: &[&str] = &[
    "$anchor",
    "$comment",
    "$defs",
    "$dynamicAnchor",
    "$id",
    "$schema",
    "$vocabulary",
    "definitions",
];

/// What the names of dialects begin with whose keywords are read.
const DIALECTS: &[&str] = &[
    "http://json-schema.org/draft-",
    "https://json-schema.org/draft/",
    "https://spec.openapis.org/oas/3.",
];

/// Carries what 3.0 has no place for in the document itself.
pub(super) fn document(root: &mut Value, diagnostics: &mut Diagnostics) {
    let Value::Object(members) = root else {
        return;
    };
    if let Some(Value::String(dialect)) = members.get("jsonSchemaDialect")
        && !DIALECTS.iter().any(|known| dialect.starts_with(known))
    {
        let message = format!(
            "`{dialect}` is no dialect that is known; schemas are read as JSON Schema 2020-12"
        );
        let at = Pointer::root().child("jsonSchemaDialect");
        diagnostics.warning(Code::Unsupported, &at, message);
    }
    if let Some(webhooks) = members.shift_remove("webhooks") {
        if webhooks.as_object().is_some_and(|it| !it.is_empty()) {
            let message = "webhooks are calls of the server to you; nothing is generated of them";
            diagnostics.warning(
                Code::Unsupported,
                &Pointer::root().child("webhooks"),
                message,
            );
        }
        members.insert("x-webhooks".to_owned(), webhooks);
    }
}

/// Says a schema in the words of OpenAPI 3.0, its parts being so already. Returns whether there was
/// something to say.
pub(super) fn schema(members: &mut Members) -> bool {
    if !members.iter().any(|(key, value)| is_news(key, value)) {
        return false;
    }
    let mut changed = false;
    for step in [
        unevaluated_items,
        tuple,
        constant,
        exclusive_bounds,
        examples,
        patterns,
        unevaluated,
        content,
        carried,
        types,
        null_alternative,
    ] {
        changed |= step(members);
    }
    for keyword in DROPPED {
        members.shift_remove(*keyword);
    }
    changed
}

/// Returns whether a keyword may need other words in 3.0.
fn is_news(key: &str, value: &Value) -> bool {
    match key {
        "type" => !value.is_string() || value == "null",
        "items" => !value.is_object(),
        "exclusiveMinimum" | "exclusiveMaximum" => value.is_number(),
        "anyOf" | "oneOf" | "const" | "examples" => true,
        // Few keywords are this long or begin so; most schemas are done with after this.
        _ if key.starts_with('$') => DROPPED.contains(&key),
        _ if matches!(key, "if" | "else" | "then" | "contains" | "definitions") => true,
        _ => key.len() > 10 && CARRIED.contains(&key),
    }
}

/// `prefixItems`, and `items` as an array, which said the same before 2020-12: 3.0 has one schema
/// for all items, any of them.
fn tuple(members: &mut Members) -> bool {
    if matches!(members.get("items"), Some(Value::Array(_))) {
        let rest = members.shift_remove("additionalItems");
        if let Some(items) = members.shift_remove("items") {
            members.insert("prefixItems".to_owned(), items);
        }
        members.extend(rest.map(|rest| ("items".to_owned(), rest)));
    }
    let Some(Value::Array(prefix)) = members.get("prefixItems").cloned() else {
        if matches!(members.get("items"), Some(Value::Bool(false))) {
            // No item at all.
            members.insert("items".to_owned(), json!({}));
            members.insert("maxItems".to_owned(), json!(0));
            return true;
        }
        return false;
    };
    let length = prefix.len();
    let mut alternatives: Vec<Value> = Vec::new();
    for schema in prefix
        .iter()
        .chain(members.get("items").filter(|it| it.is_object()))
    {
        if !alternatives.contains(schema) {
            alternatives.push(schema.clone());
        }
    }
    if matches!(members.get("items"), Some(Value::Bool(false))) {
        members.entry("maxItems").or_insert_with(|| json!(length));
    }
    let indexes: Vec<_> = prefix
        .iter()
        .filter_map(|schema| alternatives.iter().position(|other| other == schema))
        .collect();
    let is = |key: &str| members.get(key).and_then(Value::as_u64) == u64::try_from(length).ok();
    if alternatives.len() > 1 && is("minItems") && is("maxItems") {
        members.insert(TUPLE.to_owned(), json!(indexes));
    }
    members.insert("items".to_owned(), any_of(alternatives));
    true
}

fn any_of(mut alternatives: Vec<Value>) -> Value {
    if alternatives.len() > 1 {
        json!({"anyOf": alternatives})
    } else {
        alternatives.pop().unwrap_or_else(|| json!({}))
    }
}

/// `const` is an `enum` of one value.
fn constant(members: &mut Members) -> bool {
    let value = members.shift_remove("const");
    let is_there = value.is_some();
    members.extend(value.map(|value| ("enum".to_owned(), json!([value]))));
    is_there
}

/// A number as `exclusiveMinimum` is the bound itself.
fn exclusive_bounds(members: &mut Members) -> bool {
    let mut changed = false;
    let bounds = [
        (
            "minimum",
            "exclusiveMinimum",
            (|own, other| own > other) as fn(f64, f64) -> bool,
        ),
        ("maximum", "exclusiveMaximum", |own, other| own < other),
    ];
    for (inclusive, exclusive, is_narrower) in bounds {
        let Some(Value::Number(bound)) = members.get(exclusive) else {
            continue;
        };
        let bound = bound.clone();
        changed = true;
        let own = members.get(inclusive).and_then(Value::as_f64);
        let own_counts = own
            .zip(bound.as_f64())
            .is_some_and(|(own, bound)| is_narrower(own, bound));
        if own_counts {
            members.shift_remove(exclusive);
        } else {
            members.insert(inclusive.to_owned(), Value::Number(bound));
            members.insert(exclusive.to_owned(), Value::Bool(true));
        }
    }
    changed
}

/// The first of several examples is the example; the others ride along.
fn examples(members: &mut Members) -> bool {
    if !matches!(members.get("examples"), Some(Value::Array(_))) {
        return false;
    }
    if let Some(Value::Array(mut examples)) = members.shift_remove("examples")
        && !examples.is_empty()
    {
        if !members.contains_key("example") {
            members.insert("example".to_owned(), examples.remove(0));
        }
        if !examples.is_empty() {
            members.insert(format!("{PREFIX}examples"), Value::Array(examples));
        }
    }
    true
}

/// `patternProperties` name the schemas of properties that are data. Who says nothing of further
/// properties means that there are none; who allows any, has any.
fn patterns(members: &mut Members) -> bool {
    let Some(Value::Object(patterns)) = members.get("patternProperties") else {
        return false;
    };
    if matches!(members.get("additionalProperties"), Some(Value::Bool(true))) {
        return false;
    }
    let mut alternatives: Vec<Value> = Vec::new();
    let others = members
        .get("additionalProperties")
        .filter(|it| it.is_object());
    let schemas = patterns.values().chain(others);
    for schema in schemas.filter(|schema| **schema != Value::Bool(false)) {
        if !alternatives.contains(schema) {
            alternatives.push(schema.clone());
        }
    }
    let others = if alternatives.is_empty() {
        Value::Bool(false)
    } else {
        any_of(alternatives)
    };
    members.insert("additionalProperties".to_owned(), others);
    true
}

/// `unevaluatedProperties` is `additionalProperties` where no combinator adds properties.
fn unevaluated(members: &mut Members) -> bool {
    let combines = ["allOf", "anyOf", "oneOf", "if", "$ref"]
        .iter()
        .any(|key| members.contains_key(*key));
    if combines || members.contains_key("additionalProperties") {
        return false;
    }
    match members.shift_remove("unevaluatedProperties") {
        Some(schema) => {
            members.insert("additionalProperties".to_owned(), schema);
            true
        }
        None => false,
    }
}

/// `unevaluatedItems` is the schema of the items that `prefixItems` leaves where no combinator adds
/// items.
fn unevaluated_items(members: &mut Members) -> bool {
    let says_items = ["items", "contains", "allOf", "anyOf", "oneOf", "if", "$ref"]
        .iter()
        .any(|key| members.contains_key(*key));
    if says_items {
        return false;
    }
    match members.shift_remove("unevaluatedItems") {
        Some(schema) => {
            members.insert("items".to_owned(), schema);
            true
        }
        None => false,
    }
}

/// Encoded and binary content have formats in 3.0 (OpenAPI 3.1 §4.7.14.3).
fn content(members: &mut Members) -> bool {
    if members.contains_key("format") {
        return false;
    }
    let format = match members.get("contentEncoding").and_then(Value::as_str) {
        Some("base64") => "byte",
        Some("base64url") => "base64url",
        Some(_) => return false,
        None => match members.get("contentMediaType").and_then(Value::as_str) {
            Some("application/octet-stream") => "binary",
            _ => return false,
        },
    };
    members.insert("format".to_owned(), json!(format));
    true
}

fn carried(members: &mut Members) -> bool {
    let mut changed = false;
    for keyword in CARRIED {
        if let Some(value) = members.shift_remove(*keyword) {
            members.insert(format!("{PREFIX}{keyword}"), value);
            changed = true;
        }
    }
    changed
}

/// Returns whether a keyword says nothing of the values that are valid.
pub(super) fn is_annotation(key: &str) -> bool {
    matches!(
        key,
        "default"
            | "deprecated"
            | "description"
            | "example"
            | "externalDocs"
            | "nullable"
            | "readOnly"
            | "summary"
            | "title"
            | "writeOnly"
            | "xml"
    ) || key.starts_with("x-")
}

/// Puts a reference that has siblings into an `allOf` beside them, because OpenAPI 3.0 ignores what
/// stands beside `$ref` (OpenAPI 3.0 §4.7.23).
pub(super) fn siblings(members: &mut Members) {
    if let Some(reference) = members.shift_remove("$ref") {
        let all = members.entry("allOf").or_insert_with(|| json!([]));
        if let Value::Array(all) = all {
            all.insert(0, json!({"$ref": reference}));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn normalised(mut value: Value) -> Value {
        if let Value::Object(members) = &mut value {
            schema(members);
        }
        value
    }

    #[test]
    fn constants_and_exclusive_bounds_are_said_in_the_old_way() {
        assert_eq!(normalised(json!({"const": "a"})), json!({"enum": ["a"]}));
        assert_eq!(
            normalised(
                json!({"exclusiveMinimum": 0, "minimum": -5, "exclusiveMaximum": 9, "maximum": 5})
            ),
            json!({"exclusiveMinimum": true, "minimum": 0, "maximum": 5})
        );
        assert_eq!(
            normalised(json!({"exclusiveMinimum": true, "minimum": 0})),
            json!({"exclusiveMinimum": true, "minimum": 0})
        );
    }

    #[test]
    fn tuples_are_arrays_of_any_of_their_items() {
        assert_eq!(
            normalised(
                json!({"prefixItems": [{"type": "string"}, {"type": "integer"}], "items": false})
            ),
            json!({
                "items": {"anyOf": [{"type": "string"}, {"type": "integer"}]},
                "maxItems": 2,
                "x-json-schema-prefixItems": [{"type": "string"}, {"type": "integer"}]
            })
        );
        assert_eq!(
            normalised(json!({"items": [{"type": "string"}, {"type": "string"}]})),
            json!({
                "items": {"type": "string"},
                "x-json-schema-prefixItems": [{"type": "string"}, {"type": "string"}]
            })
        );
    }

    #[test]
    fn keywords_without_a_counterpart_ride_along() {
        assert_eq!(
            normalised(json!({
                "patternProperties": {"^a": {"type": "string"}},
                "if": {}, "then": {}, "dependentRequired": {"a": ["b"]},
                "contentEncoding": "base64", "$defs": {"A": {}}
            })),
            json!({
                "additionalProperties": {"type": "string"},
                "format": "byte",
                "x-json-schema-contentEncoding": "base64",
                "x-json-schema-dependentRequired": {"a": ["b"]},
                "x-json-schema-if": {},
                "x-json-schema-patternProperties": {"^a": {"type": "string"}},
                "x-json-schema-then": {}
            })
        );
    }
}
