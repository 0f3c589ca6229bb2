//! A document as Prism can serve it: what it says that no call and no answer can keep to is taken out.
//!
//! It judges only calls that the document itself, or Prism, kept from being judged by the document as it
//! stands.

use serde_json::{Map, Value, json};

use super::{answers, forms};

/// Parameters that "SHALL be ignored" (OpenAPI 3.0 §4.7.12.1), though Prism demands them.
pub(super) const IGNORED_HEADERS: [&str; 3] = ["accept", "authorization", "content-type"];

/// Mends a document of the shape of OpenAPI 3.0.
pub(super) fn mended(mut document: Value) -> Value {
    if let Some(members) = document.as_object_mut() {
        members.shift_remove("swagger");
        members.insert("openapi".to_owned(), json!("3.0.3"));
    }
    let shared = document
        .get("components")
        .and_then(|it| it.get("parameters"));
    let shared = shared.cloned().unwrap_or_default();
    let paths = document.get_mut("paths").and_then(Value::as_object_mut);
    for (path, item) in paths.into_iter().flatten() {
        drop_parameters(path, item, &shared);
        let operations = item.as_object_mut().into_iter().flatten();
        operations.for_each(|(_, operation)| drop_parameters(path, operation, &shared));
    }
    walk(&mut document, false, mend);
    forms::flatten(&mut document);
    let answers = answers::of(&document);
    // Many break their own schemas; without them Prism makes answers up.
    walk(&mut document, false, |members| {
        members.shift_remove("example");
        members.shift_remove("examples");
    });
    answers::give(&mut document, answers);
    document
}

/// Takes out the parameters that are ignored, and those of the path that the path has no place for.
fn drop_parameters(path: &str, holder: &mut Value, shared: &Value) {
    let Some(parameters) = holder.get_mut("parameters").and_then(Value::as_array_mut) else {
        return;
    };
    parameters.retain(|parameter| {
        let reference = parameter.get("$ref").and_then(Value::as_str);
        let key =
            reference.and_then(|reference| reference.strip_prefix("#/components/parameters/"));
        let parameter = key.and_then(|key| shared.get(key)).unwrap_or(parameter);
        let text = |name: &str| {
            parameter
                .get(name)
                .and_then(Value::as_str)
                .unwrap_or_default()
        };
        let name = text("name");
        match text("in") {
            "path" => path.contains(&format!("{{{name}}}")),
            "header" => !IGNORED_HEADERS.contains(&name.to_ascii_lowercase().as_str()),
            _ => true,
        }
    });
}

/// Mends everything in a part; the keys of a map are names, not words of the specification.
fn walk(value: &mut Value, is_map: bool, mend: fn(&mut Map<String, Value>)) {
    match value {
        Value::Object(members) => {
            if !is_map {
                mend(members);
            }
            for (name, member) in members {
                let holds_names = matches!(name.as_str(), "properties" | "headers" | "schemas");
                walk(member, !is_map && holds_names, mend);
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| walk(item, false, mend)),
        _ => {}
    }
}

fn mend(members: &mut Map<String, Value>) {
    keep_name(members);
    // JSON Schema has no such format.
    if members.get("format") == Some(&json!("url")) {
        members.shift_remove("format");
    }
    // What Prism makes up by one alternative it refuses where another allows it too.
    if let Some(alternatives) = members.shift_remove("oneOf") {
        members.insert("anyOf".to_owned(), alternatives);
    }
    // `type: object` around constants that are texts.
    if members.contains_key("allOf") && !members.contains_key("properties") {
        members.shift_remove("type");
    }
    let properties = members.get("properties").and_then(Value::as_object);
    let is_whole = !["allOf", "anyOf"]
        .iter()
        .any(|keyword| members.contains_key(*keyword));
    if properties.is_some() || is_whole && members.contains_key("additionalProperties") {
        let described: Vec<String> = properties
            .into_iter()
            .flatten()
            .map(|(name, _)| name.clone())
            .collect();
        let required = members.get_mut("required").and_then(Value::as_array_mut);
        let is_described = |name: &Value| {
            described
                .iter()
                .any(|known| Some(known.as_str()) == name.as_str())
        };
        if let Some(required) = required {
            required.retain(is_described);
        }
    }
    if let Some(Value::Object(headers)) = members.get_mut("headers") {
        let is_token = |name: &str| {
            name.chars()
                .all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_')
        };
        headers.retain(|name, _| is_token(name));
    }
}

/// Has a parameter of a query stand under its name: of the style `form`, Prism encodes the names for the
/// examples that it prints when it starts, and then demands them so.
fn keep_name(members: &mut Map<String, Value>) {
    let text = |name: &str| members.get(name).and_then(Value::as_str);
    let is_encoded = text("in") == Some("query")
        && text("style").is_none_or(|style| style == "form")
        && text("name").is_some_and(|name| encoded(name) != name);
    if is_encoded {
        // Prism's own word for what it reads as `form` and leaves alone.
        members.insert("style".to_owned(), json!("unspecified"));
        members.entry("explode").or_insert(json!(true));
    }
}

/// Returns what `encodeURI` of ECMAScript makes of a name.
pub(super) fn encoded(name: &str) -> String {
    let is_kept =
        |byte: u8| byte.is_ascii_alphanumeric() || b";/?:@&=+$,-_.!~*'()#".contains(&byte);
    let encode = |byte: u8| {
        if is_kept(byte) {
            char::from(byte).to_string()
        } else {
            format!("%{byte:02X}")
        }
    };
    name.bytes().map(encode).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_nothing_can_keep_to_is_taken_out_and_the_rest_stays() {
        let document = json!({
            "swagger": "2.0",
            "paths": {"/a/{id}": {"get": {
                "parameters": [
                    {"in": "path", "name": "id", "required": true},
                    {"in": "path", "name": "version", "required": true},
                    {"$ref": "#/components/parameters/Accept"},
                    {"in": "query", "name": "accept"},
                    {"in": "query", "name": "a[b]"},
                ],
                "responses": {"200": {
                    "headers": {"a/b": {}, "x-a": {}},
                    "content": {"a/b+json": {"schema": {"$ref": "#/components/schemas/example"}}},
                }},
            }}},
            "components": {
                "parameters": {"Accept": {"in": "header", "name": "Accept"}},
                "schemas": {"example": {
                    "type": "object",
                    "required": ["id", "gone"],
                    "properties": {"id": {"type": "string", "format": "url", "example": 1}},
                    "oneOf": [{}],
                }},
            },
        });
        assert_eq!(
            mended(document),
            json!({
                "openapi": "3.0.3",
                "paths": {"/a/{id}": {"get": {
                    "parameters": [
                        {"in": "path", "name": "id", "required": true},
                        {"in": "query", "name": "accept"},
                        {
                            "in": "query", "name": "a[b]",
                            "style": "unspecified", "explode": true,
                        },
                    ],
                    "responses": {"200": {
                        "headers": {"x-a": {}},
                        "content": {"a/b+json": {
                            "schema": {"$ref": "#/components/schemas/example"},
                            "example": {"id": "text"},
                        }},
                    }},
                }}},
                "components": {
                    "parameters": {"Accept": {"in": "header", "name": "Accept"}},
                    "schemas": {"example": {
                        "type": "object",
                        "required": ["id"],
                        "properties": {"id": {"type": "string"}},
                        "anyOf": [{}],
                    }},
                },
            })
        );
    }
}
