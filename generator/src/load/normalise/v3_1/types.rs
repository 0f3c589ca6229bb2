//! Schemas of several types, or of one and `null`.

use serde_json::{Map, Value, json};

use super::{Members, is_annotation};

/// `type` as an array: `null` makes a schema nullable, and of several types each is an alternative.
pub(super) fn types(members: &mut Members) -> bool {
    let names: Vec<String> = match members.get("type") {
        Some(Value::Array(names)) => names
            .iter()
            .filter_map(|name| name.as_str().map(str::to_owned))
            .collect(),
        Some(Value::String(name)) if name == "null" => vec![name.clone()],
        _ => return false,
    };
    members.shift_remove("type");
    let mut others: Vec<String> = Vec::new();
    for name in &names {
        if name != "null" && !others.contains(name) {
            others.push(name.clone());
        }
    }
    if names.iter().any(|name| name == "null") {
        members.insert("nullable".to_owned(), json!(true));
        if others.is_empty() {
            members.insert("enum".to_owned(), json!([null]));
        }
    }
    match others.as_slice() {
        [] => {}
        [one] => {
            members.insert("type".to_owned(), json!(one));
        }
        // Every type together is no constraint.
        _ if ["string", "number", "boolean", "object", "array"]
            .iter()
            .all(|name| others.iter().any(|other| other == name)) => {}
        _ => alternatives(members, &others),
    }
    true
}

/// Splits a schema of several types into one alternative for each, with the keywords that apply to
/// it.
fn alternatives(members: &mut Members, names: &[String]) {
    let values = match members.shift_remove("enum") {
        Some(Value::Array(values)) => Some(values),
        _ => None,
    };
    let mut alternatives = Vec::new();
    for name in names {
        let mut alternative = Map::new();
        alternative.insert("type".to_owned(), json!(name));
        for keyword in applicable(name) {
            let value = members.get(*keyword).cloned();
            alternative.extend(value.map(|value| ((*keyword).to_owned(), value)));
        }
        if let Some(values) = &values {
            let values: Vec<_> = values.iter().filter(|value| is_of(value, name)).collect();
            if values.is_empty() {
                continue;
            }
            alternative.insert("enum".to_owned(), json!(values));
        }
        alternatives.push(Value::Object(alternative));
    }
    for keyword in names.iter().flat_map(|name| applicable(name)) {
        members.shift_remove(*keyword);
    }
    if alternatives.len() == 1 || !members.contains_key("anyOf") {
        if let (Value::Object(alternative), true) = (&alternatives[0], alternatives.len() == 1) {
            members.extend(alternative.clone());
        } else {
            members.insert("anyOf".to_owned(), Value::Array(alternatives));
        }
        return;
    }
    let own = members.entry("allOf").or_insert_with(|| json!([]));
    if let Value::Array(own) = own {
        own.push(json!({"anyOf": alternatives}));
    }
}

fn applicable(name: &str) -> &'static [&'static str] {
    match name {
        "string" => &["format", "maxLength", "minLength", "pattern"],
        "number" | "integer" => &[
            "exclusiveMaximum",
            "exclusiveMinimum",
            "format",
            "maximum",
            "minimum",
            "multipleOf",
        ],
        "array" => &["items", "maxItems", "minItems", "uniqueItems"],
        "object" => &[
            "additionalProperties",
            "maxProperties",
            "minProperties",
            "properties",
            "required",
        ],
        _ => &[],
    }
}

fn is_of(value: &Value, name: &str) -> bool {
    match name {
        "string" => value.is_string(),
        "integer" => value.is_i64() || value.is_u64(),
        "number" => value.is_number(),
        "boolean" => value.is_boolean(),
        "array" => value.is_array(),
        "object" => value.is_object(),
        _ => false,
    }
}

/// An alternative that is `null` alone makes the schema nullable; one that is left over is the
/// schema itself.
pub(super) fn null_alternative(members: &mut Members) -> bool {
    let mut changed = false;
    for keyword in ["anyOf", "oneOf"] {
        let Some(Value::Array(alternatives)) = members.get_mut(keyword) else {
            continue;
        };
        let before = alternatives.len();
        if !alternatives.iter().any(|it| !is_null(it)) {
            continue;
        }
        alternatives.retain(|alternative| !is_null(alternative));
        if alternatives.len() == before {
            continue;
        }
        changed = true;
        let only = if alternatives.len() == 1 {
            alternatives.pop()
        } else {
            None
        };
        members.insert("nullable".to_owned(), json!(true));
        if let Some(only) = only {
            members.shift_remove(keyword);
            combine(members, only);
        }
    }
    changed
}

fn is_null(schema: &Value) -> bool {
    schema.get("type").is_none() && schema.get("enum") == Some(&json!([null]))
}

/// Adds a schema to one that must hold too.
fn combine(members: &mut Members, schema: Value) {
    match schema {
        Value::Object(own)
            if !own.contains_key("$ref")
                && own
                    .keys()
                    .all(|key| !members.contains_key(key) || is_annotation(key)) =>
        {
            for (key, value) in own {
                members.entry(key).or_insert(value);
            }
        }
        other => {
            let all = members.entry("allOf").or_insert_with(|| json!([]));
            if let Value::Array(all) = all {
                all.push(other);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::load::normalise::v3_1::schema;

    fn normalised(mut value: Value) -> Value {
        if let Value::Object(members) = &mut value {
            schema(members);
        }
        value
    }

    #[test]
    fn null_among_the_types_makes_a_schema_nullable() {
        assert_eq!(
            normalised(json!({"type": ["string", "null"], "maxLength": 3})),
            json!({"type": "string", "nullable": true, "maxLength": 3})
        );
        assert_eq!(
            normalised(json!({"type": "null"})),
            json!({"nullable": true, "enum": [null]})
        );
    }

    #[test]
    fn several_types_are_alternatives_with_their_keywords() {
        assert_eq!(
            normalised(
                json!({"type": ["string", "integer"], "maxLength": 3, "minimum": 1, "title": "T"})
            ),
            json!({"title": "T", "anyOf": [
                {"type": "string", "maxLength": 3},
                {"type": "integer", "minimum": 1}
            ]})
        );
        assert_eq!(
            normalised(json!({"type": ["string", "integer"], "enum": [1, 2]})),
            json!({"type": "integer", "enum": [1, 2]})
        );
    }

    #[test]
    fn an_alternative_that_is_null_makes_a_schema_nullable() {
        assert_eq!(
            normalised(
                json!({"anyOf": [{"type": "string"}, {"nullable": true, "enum": [null]}], "title": "T"})
            ),
            json!({"title": "T", "nullable": true, "type": "string"})
        );
        assert_eq!(
            normalised(json!({"oneOf": [{"$ref": "#/components/schemas/A"}, {"enum": [null]}]})),
            json!({"nullable": true, "allOf": [{"$ref": "#/components/schemas/A"}]})
        );
    }
}
