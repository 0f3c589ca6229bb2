//! Bodies of forms as Prism reads them: a property is the last text of its name. It doesn't gather the items
//! of an array, each of which is sent by itself, and doesn't read the JSON that an object is sent as
//! (OpenAPI 3.0 §4.7.14.3 and §4.7.14.4). Parts of other types than forms it doesn't take apart at all.

use serde_json::{Map, Value, json};

use super::sample::Sampler;

/// Returns whether a media type is that of a form.
pub(super) fn is_form(media_type: &str) -> bool {
    ["application/x-www-form-urlencoded", "multipart/form-data"].contains(&media_type)
}

/// Has each property of a form that is an array or an object be what Prism reads of it.
pub(super) fn flatten(document: &mut Value) {
    let sampler = Sampler::new(document, false);
    let mut flat = Vec::new();
    let mut add = |at: String, body: &Value| {
        let content = body.get("content").and_then(Value::as_object);
        for (media_type, content) in content.into_iter().flatten() {
            let encodings = content.get("encoding");
            let schema = content.get("schema").and_then(|schema| {
                if is_form(media_type) {
                    of_texts(&sampler, schema, media_type, encodings)
                } else {
                    let is_taken_apart = media_type.starts_with("multipart/");
                    let is_parts = is_taken_apart && sampler.value(schema).is_object();
                    is_parts.then(|| json!({"type": "string", "pattern": PARTS}))
                }
            });
            let media_type = media_type.replace('/', "~1");
            flat.extend(schema.map(|it| (format!("{at}/content/{media_type}/schema"), it)));
        }
    };
    let members = |value: &Value, name: &str| -> Map<String, Value> {
        let members = value.get(name).and_then(Value::as_object);
        members.cloned().unwrap_or_default()
    };
    let components = document.get("components").unwrap_or(&Value::Null);
    for (name, body) in members(components, "requestBodies") {
        add(format!("/components/requestBodies/{name}"), &body);
    }
    for (path, item) in members(document, "paths") {
        for (method, operation) in item.as_object().into_iter().flatten() {
            let path = path.replace('~', "~0").replace('/', "~1");
            if let Some(body) = operation.get("requestBody") {
                add(format!("/paths/{path}/{method}/requestBody"), body);
            }
        }
    }
    for (pointer, schema) in flat {
        if let Some(place) = document.pointer_mut(&pointer) {
            *place = schema;
        }
    }
}

/// A body of RFC 2046 §5.1.1: parts with headers between delimiters of one boundary, the last of which closes it.
const PARTS: &str = "^--(\\S+)\\r\\n(?:[\\w-]+: [^\\r\\n]+\\r\\n)+\\r\\n[\\s\\S]*?\
                     (?:\\r\\n--\\1\\r\\n(?:[\\w-]+: [^\\r\\n]+\\r\\n)+\\r\\n[\\s\\S]*?)*\\r\\n--\\1--\\r\\n$";

/// Returns the schema of what Prism reads of a form; `None` where it reads all that is sent.
fn of_texts(
    sampler: &Sampler<'_>,
    schema: &Value,
    media_type: &str,
    encodings: Option<&Value>,
) -> Option<Value> {
    let mut schema = sampler.flat(schema, 0);
    let properties = schema.get_mut("properties")?.as_object_mut()?;
    let mut is_any_other = false;
    for (name, property) in properties {
        let encoding = encodings.and_then(|encodings| encodings.get(name));
        let told = |keyword: &str| encoding.and_then(|encoding| encoding.get(keyword));
        // That, Prism heeds.
        if told("style").is_some() {
            continue;
        }
        let is_whole = told("contentType") == Some(&json!("application/json"))
            && media_type != "multipart/form-data";
        if let Some(read) = text_of(sampler, property, is_whole) {
            *property = read;
            is_any_other = true;
        }
    }
    is_any_other.then_some(Value::Object(schema))
}

/// Returns the schema of the text that is read of an array or an object; an array is JSON as a whole, or an
/// item by itself.
fn text_of(sampler: &Sampler<'_>, property: &Value, is_whole: bool) -> Option<Value> {
    let value = Value::Object(sampler.flat(property, 0));
    let json = |[open, close]: [&str; 2]| {
        Some(json!({"type": "string", "pattern": format!("^\\{open}.*\\{close}$")}))
    };
    match value.get("items") {
        Some(_) if is_whole => json(["[", "]"]),
        Some(items) => {
            let item = Value::Object(sampler.flat(items, 0));
            text_of(sampler, &item, false).or(Some(item))
        }
        None if is_object(&value) => json(["{", "}"]),
        None => None,
    }
}

fn is_object(schema: &Value) -> bool {
    let is_known = |name: &str| schema.get(name).is_some();
    schema.get("type") == Some(&json!("object"))
        || is_known("properties")
        || is_known("additionalProperties")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_property_of_a_form_is_the_one_text_that_prism_reads() {
        let schema = json!({"$ref": "#/components/schemas/Form"});
        let encoding = json!({
            "styled": {"style": "form"},
            "whole": {"contentType": "application/json"},
        });
        let form = json!({"content": {
            "application/x-www-form-urlencoded": {"schema": schema, "encoding": encoding},
            "application/json": {"schema": schema},
        }});
        let list = json!({"type": "array", "items": {"type": "integer"}});
        let mut document = json!({
            "paths": {"/a": {"post": {"requestBody": form}}},
            "components": {"schemas": {"Form": {"type": "object", "properties": {
                "text": {"type": "string"},
                "list": list,
                "object": {"$ref": "#/components/schemas/Object"},
                "styled": list,
                "whole": list,
            }}, "Object": {"type": "object"}}},
        });
        flatten(&mut document);
        let content = &document["paths"]["/a"]["post"]["requestBody"]["content"];
        assert_eq!(content["application/json"]["schema"], schema);
        assert_eq!(
            content["application/x-www-form-urlencoded"]["schema"],
            json!({"type": "object", "properties": {
                "text": {"type": "string"},
                "list": {"type": "integer"},
                "object": {"type": "string", "pattern": "^\\{.*\\}$"},
                "styled": list,
                "whole": {"type": "string", "pattern": "^\\[.*\\]$"},
            }})
        );
    }

    #[test]
    fn parts_of_other_types_are_a_text_of_their_delimiters() {
        use super::super::pattern::matches;

        let part = "--b\r\nContent-Type: text/plain\r\n\r\na\r\n";
        assert!(matches(PARTS, &format!("{part}--b--\r\n")));
        assert!(matches(PARTS, &format!("{part}{part}--b--\r\n")));
        for broken in [
            format!("{part}{part}"),
            format!("{part}--c--\r\n"),
            "--b\r\n\r\na\r\n--b--\r\n".to_owned(),
            "{\"a\":1}".to_owned(),
        ] {
            assert!(!matches(PARTS, &broken), "{broken}");
        }
    }
}
