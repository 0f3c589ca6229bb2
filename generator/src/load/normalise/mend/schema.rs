//! Mistakes in schemas.

use indexmap::IndexSet;
use serde_json::{Number, Value, json};

use super::{Members, format, mended};
use crate::{
    booleans,
    diagnostics::Diagnostics,
    load::normalise::{Version, v3_1},
    pointer::Trail,
};

/// Mends a schema, its parts being mended already.
///
/// In OpenAPI 3.1 it is no mistake to leave out `type`.
pub(in super::super) fn schema(
    members: &mut Members,
    version: Version,
    trail: &Trail<'_>,
    diagnostics: &mut Diagnostics,
) {
    format::tell(members, trail, diagnostics);
    if !is_suspicious(members) {
        return;
    }
    type_word(members, trail, diagnostics);
    implied_type(members, version, trail, diagnostics);
    if members.contains_key("enum") {
        enumeration(members, trail, diagnostics);
    }
    if members.contains_key("properties") {
        required_properties(members, trail, diagnostics);
    }
    if members.get("nullable") == Some(&Value::Bool(true)) {
        nullable(members, version, trail, diagnostics);
    }
    if members.get("x-nullable") == Some(&Value::Bool(true)) {
        // A widespread extension of Swagger 2.0.
        members.insert("nullable".to_owned(), Value::Bool(true));
    }
    if let Some(Value::String(property)) = members.get("discriminator") {
        // Swagger 2.0's form.
        let property = property.clone();
        members.insert(
            "discriminator".to_owned(),
            json!({"propertyName": property}),
        );
    }
    if let Some(Value::String(text)) = members.get("additionalProperties")
        && let Some(flag) = booleans::meant(text)
    {
        members.insert("additionalProperties".to_owned(), Value::Bool(flag));
        let message = "a boolean is written as a string";
        mended(trail, "additionalProperties", message, diagnostics);
    }
}

/// Returns whether a schema may need a mend. Most don't, and are passed over at the cost of a look at
/// each keyword.
fn is_suspicious(members: &Members) -> bool {
    let mut has_type = false;
    let mut implies_type = false;
    let mut is_nullable = false;
    for (key, value) in members {
        match (key.as_str(), value) {
            ("type", Value::String(name)) if TYPES.contains(&name.as_str()) => has_type = true,
            ("type" | "enum", _) | ("discriminator" | "additionalProperties", Value::String(_)) => {
                return true;
            }
            ("x-nullable", Value::Bool(true)) => return true,
            ("nullable", Value::Bool(true)) => is_nullable = true,
            ("items", _) => implies_type = true,
            ("properties", Value::Object(properties)) => {
                implies_type = true;
                let has_flag = |property: &Value| {
                    let required = property.as_object().and_then(|it| it.get("required"));
                    required.is_some_and(|required| !required.is_array())
                };
                if properties.values().any(has_flag) {
                    return true;
                }
            }
            _ => {}
        }
    }
    (implies_type || is_nullable) && !has_type
}

const TYPES: &[&str] = &["string", "number", "integer", "boolean", "object", "array"];

/// Mends a reference to a schema with siblings: what only describes it is kept.
pub(in super::super) fn reference(
    members: &mut Members,
    is_ignored: bool,
    trail: &Trail<'_>,
    diagnostics: &mut Diagnostics,
) {
    let is_alternative = match trail {
        Trail::Element(Trail::Member(_, key), _) => matches!(*key, "allOf" | "anyOf" | "oneOf"),
        _ => false,
    };
    let constraint = members
        .keys()
        .find(|key| *key != "$ref" && !v3_1::is_annotation(key))
        .cloned();
    let constrains = constraint.is_some();
    if is_ignored && let Some(key) = constraint {
        let message = "what stands beside `$ref` is ignored, unless it only describes";
        mended(trail, &key, message, diagnostics);
        members.retain(|key, _| key == "$ref" || v3_1::is_annotation(key));
    }
    members.shift_remove("summary");
    let only_describes = members
        .keys()
        .all(|key| key == "$ref" || v3_1::is_annotation(key));
    if only_describes {
        let says = |key: &String| !matches!(key.as_str(), "$ref" | "example" | "xml");
        if is_alternative || !members.keys().any(says) {
            members.retain(|key, _| key == "$ref");
            return;
        }
        let kept = members.keys().find(|key| is_kept(key));
        if let Some(key) = kept.filter(|_| is_ignored && !constrains) {
            let message = "what stands beside `$ref` is ignored; it is kept, because it describes";
            mended(trail, key, message, diagnostics);
        }
    }
    v3_1::siblings(members);
}

/// Returns whether a keyword beside a reference changes what is generated.
fn is_kept(key: &str) -> bool {
    // `nullable` is told of by itself.
    !matches!(key, "$ref" | "example" | "nullable" | "xml") && !key.starts_with("x-")
}

/// `nullable` has an effect only beside `type` (OpenAPI 3.0.3 §4.7.24.1).
fn nullable(members: &Members, version: Version, trail: &Trail<'_>, diagnostics: &mut Diagnostics) {
    if version == Version::V3_0 && !members.contains_key("type") {
        let message = "`nullable` without `type` says nothing; it is taken at its word";
        mended(trail, "nullable", message, diagnostics);
    }
}

/// A word that isn't a type but is widely used as one.
fn type_word(members: &mut Members, trail: &Trail<'_>, diagnostics: &mut Diagnostics) {
    let Some(Value::String(word)) = members.get("type") else {
        return;
    };
    if TYPES.contains(&word.as_str()) {
        return;
    }
    let (name, format) = match word.trim().to_lowercase().as_str() {
        "string" | "str" | "text" | "char" => ("string", None),
        "number" | "numeric" | "decimal" => ("number", None),
        "integer" | "int" => ("integer", None),
        "boolean" | "bool" => ("boolean", None),
        "object" | "dict" | "dictionary" | "hash" | "map" => ("object", None),
        "array" | "list" => ("array", None),
        "int32" => ("integer", Some("int32")),
        "int64" | "long" => ("integer", Some("int64")),
        "float" => ("number", Some("float")),
        "double" => ("number", Some("double")),
        "file" => ("string", Some("binary")),
        "date-time" | "datetime" | "timestamp" => ("string", Some("date-time")),
        word @ ("date" | "time" | "uuid" | "uri" | "email" | "password" | "byte" | "binary") => {
            let formats = [
                "date", "time", "uuid", "uri", "email", "password", "byte", "binary",
            ];
            ("string", formats.into_iter().find(|format| *format == word))
        }
        "any" | "" => ("", None),
        _ => return,
    };
    let message = if name.is_empty() {
        format!("there is no type `{word}`; any value is accepted")
    } else {
        format!("there is no type `{word}`; it is read as `{name}`")
    };
    mended(trail, "type", message, diagnostics);
    if name.is_empty() {
        members.shift_remove("type");
    } else {
        members.insert("type".to_owned(), json!(name));
    }
    if let Some(format) = format {
        members.entry("format").or_insert_with(|| json!(format));
    }
}

/// A schema without `type` whose keywords are those of one type.
fn implied_type(
    members: &mut Members,
    version: Version,
    trail: &Trail<'_>,
    diagnostics: &mut Diagnostics,
) {
    if members.contains_key("type") {
        return;
    }
    let mut implied = None;
    for (key, value) in &*members {
        match key.as_str() {
            "$ref" | "allOf" | "anyOf" | "oneOf" | "not" => return,
            "properties" => implied = Some(("object", key)),
            "items" if implied.is_none() => implied = Some(("array", key)),
            "enum" if implied.is_none() => {
                implied = value
                    .as_array()
                    .and_then(|values| type_of(values))
                    .map(|name| (name, key));
            }
            _ => {}
        }
    }
    let Some((name, key)) = implied else {
        return;
    };
    // What holds together with others may leave the type to them.
    let is_part = matches!(
        trail,
        Trail::Element(Trail::Member(_, "allOf" | "anyOf" | "oneOf"), _) | Trail::Member(_, "not")
    );
    if !is_part && version != Version::V3_1 {
        let message = format!("a schema without `type` is read as one of type `{name}`");
        mended(trail, key, message, diagnostics);
    }
    members.insert("type".to_owned(), json!(name));
}

/// Returns the type of values that are all of one type, `null` apart.
fn type_of(values: &[Value]) -> Option<&'static str> {
    let mut found = None;
    for value in values {
        let name = match value {
            Value::Null => continue,
            Value::String(_) => "string",
            Value::Bool(_) => "boolean",
            Value::Number(number) if number.is_f64() => "number",
            Value::Number(_) => "integer",
            _ => return None,
        };
        match found {
            None => found = Some(name),
            Some(other) if other == name => {}
            Some(_) => return None,
        }
    }
    found
}

/// Values of an `enum` that are of another type than the schema's, stand twice, or are `null`.
fn enumeration(members: &mut Members, trail: &Trail<'_>, diagnostics: &mut Diagnostics) {
    let name = members
        .get("type")
        .and_then(Value::as_str)
        .map(str::to_owned);
    let Some(Value::Array(values)) = members.get_mut("enum") else {
        return;
    };
    if values.iter().any(|value| {
        name.as_deref()
            .is_some_and(|name| of_type(value, name).is_some())
    }) {
        for value in &mut *values {
            let read = name.as_deref().and_then(|name| of_type(value, name));
            *value = read.unwrap_or_else(|| std::mem::take(value));
        }
        let message =
            "values of an `enum` aren't of the schema's `type`; they are read as if they were";
        mended(trail, "enum", message, diagnostics);
    }
    let mut seen = IndexSet::with_capacity(values.len());
    let repeated: Vec<bool> = values.iter().map(|value| !seen.insert(value)).collect();
    if repeated.contains(&true) {
        mended(
            trail,
            "enum",
            "a value of an `enum` stands twice",
            diagnostics,
        );
        let mut repeated = repeated.into_iter();
        values.retain(|_| repeated.next() == Some(false));
    }
    let has_null = values.iter().any(Value::is_null);
    if has_null && name.is_some() && members.get("nullable") != Some(&Value::Bool(true)) {
        let message = "`null` in an `enum` makes the schema nullable";
        mended(trail, "enum", message, diagnostics);
        members.insert("nullable".to_owned(), Value::Bool(true));
    }
}

/// Returns a value as one of a type, where it isn't but can be read so.
fn of_type(value: &Value, name: &str) -> Option<Value> {
    match (name, value) {
        ("string", Value::Number(_) | Value::Bool(_)) => Some(Value::String(value.to_string())),
        ("integer" | "number", Value::String(text)) => {
            let text = text.trim();
            let integer = text.parse::<i64>().ok().map(Number::from);
            let number = integer.or_else(|| Number::from_f64(text.parse().ok()?))?;
            (name == "number" || !number.is_f64()).then_some(Value::Number(number))
        }
        ("boolean", Value::String(text)) => match text.as_str() {
            "true" => Some(Value::Bool(true)),
            "false" => Some(Value::Bool(false)),
            _ => None,
        },
        _ => None,
    }
}

/// `required: true` on a property, which is a list on the object.
fn required_properties(members: &mut Members, trail: &Trail<'_>, diagnostics: &mut Diagnostics) {
    let Some(Value::Object(properties)) = members.get_mut("properties") else {
        return;
    };
    let trail = Trail::Member(trail, "properties");
    let mut required = Vec::new();
    for (name, property) in properties {
        let Value::Object(property) = property else {
            continue;
        };
        let flag = match property.get("required") {
            Some(Value::Bool(flag)) => *flag,
            Some(Value::String(text)) => match booleans::meant(text) {
                Some(flag) => flag,
                None => continue,
            },
            _ => continue,
        };
        property.shift_remove("required");
        let message = "`required` on a property: it belongs to the object, as a list of names";
        mended(
            &Trail::Member(&trail, name),
            "required",
            message,
            diagnostics,
        );
        if flag {
            required.push(Value::String(name.clone()));
        }
    }
    if required.is_empty() {
        return;
    }
    let list = members.entry("required").or_insert_with(|| json!([]));
    if !list.is_array() {
        *list = json!([]);
    }
    if let Value::Array(list) = list {
        required.retain(|name| !list.contains(name));
        list.append(&mut required);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mend(mut value: Value) -> (Value, Vec<String>) {
        let mut diagnostics = Diagnostics::new();
        if let Value::Object(members) = &mut value {
            schema(members, Version::V3_0, &Trail::Root, &mut diagnostics);
        }
        let list = diagnostics.into_list().into_iter();
        (
            value,
            list.map(|diagnostic| diagnostic.to_string()).collect(),
        )
    }

    #[test]
    fn required_on_a_property_becomes_the_objects() {
        let (value, warnings) = mend(json!({"type": "object", "required": ["b"], "properties": {
            "a": {"type": "string", "required": true},
            "b": {"type": "string", "required": "true"},
            "c": {"type": "string", "required": false}
        }}));
        assert_eq!(value["required"], json!(["b", "a"]));
        assert_eq!(value["properties"]["a"], json!({"type": "string"}));
        assert_eq!(warnings.len(), 3);
    }

    #[test]
    fn words_that_are_no_types_are_read_as_what_they_mean() {
        assert_eq!(
            mend(json!({"type": "date-time"})).0,
            json!({"type": "string", "format": "date-time"})
        );
        assert_eq!(mend(json!({"type": "Int"})).0, json!({"type": "integer"}));
        assert_eq!(mend(json!({"type": "any"})).0, json!({}));
        let (value, warnings) = mend(json!({"type": "frobnicate"}));
        assert_eq!((value, warnings), (json!({"type": "frobnicate"}), vec![]));
    }

    #[test]
    fn a_type_is_implied_by_the_keywords_of_one() {
        assert_eq!(mend(json!({"properties": {}})).0["type"], "object");
        assert_eq!(mend(json!({"items": {}})).0["type"], "array");
        assert_eq!(mend(json!({"enum": [1, null]})).0["type"], "integer");
        assert_eq!(mend(json!({"enum": [1, "a"]})).0.get("type"), None);
        assert_eq!(
            mend(json!({"properties": {}, "allOf": []})).0.get("type"),
            None
        );
    }

    #[test]
    fn nullable_without_a_type_is_told() {
        let (value, warnings) = mend(json!({"nullable": true, "allOf": [{"$ref": "#/a"}]}));
        assert_eq!(value["nullable"], json!(true));
        let expected = "`nullable` without `type` says nothing; it is taken at its word";
        assert_eq!(warnings, [expected]);
        let (_, warnings) = mend(json!({"nullable": true, "type": "string"}));
        assert_eq!(warnings, [""; 0]);
    }

    #[test]
    fn values_of_an_enum_are_read_as_of_its_type() {
        let (value, warnings) = mend(json!({"type": "string", "enum": [1, true, "a", "a", null]}));
        assert_eq!(
            value,
            json!({"type": "string", "enum": ["1", "true", "a", null], "nullable": true})
        );
        assert_eq!(warnings.len(), 3, "{warnings:?}");
        assert_eq!(
            mend(json!({"type": "integer", "enum": ["1", "2"]})).0["enum"],
            json!([1, 2])
        );
    }

    #[test]
    fn a_reference_keeps_what_describes_it() {
        let mut diagnostics = Diagnostics::new();
        let mut with = |value: Value, is_ignored: bool| {
            let mut members = value.as_object().cloned().unwrap_or_default();
            reference(&mut members, is_ignored, &Trail::Root, &mut diagnostics);
            Value::Object(members)
        };
        assert_eq!(
            with(
                json!({"$ref": "#/a", "description": "D", "type": "object"}),
                true
            ),
            json!({"description": "D", "allOf": [{"$ref": "#/a"}]})
        );
        assert_eq!(
            with(json!({"$ref": "#/a", "maxLength": 3}), false),
            json!({"maxLength": 3, "allOf": [{"$ref": "#/a"}]})
        );
        assert_eq!(
            with(json!({"$ref": "#/a", "example": 1}), true),
            json!({"$ref": "#/a"})
        );
        assert_eq!(
            with(json!({"$ref": "#/a", "title": "T"}), true),
            json!({"title": "T", "allOf": [{"$ref": "#/a"}]})
        );
        let told = diagnostics.into_list().into_iter();
        let told: Vec<_> = told.map(|diagnostic| diagnostic.to_string()).collect();
        assert_eq!(
            told,
            [
                "what stands beside `$ref` is ignored, unless it only describes",
                "what stands beside `$ref` is ignored; it is kept, because it describes"
            ]
        );
    }
}
