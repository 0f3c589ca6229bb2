//! A JSON Schema of the file, for editors.

use serde_json::{Map, Value, json};

use super::clients;
use super::key::Key;
use super::value::Shape;

/// Returns the schema (JSON Schema 2020-12).
pub(crate) fn schema() -> Value {
    let mut schema = table(clients::keys());
    schema["$schema"] = json!("https://json-schema.org/draft/2020-12/schema");
    schema["title"] = json!(super::NAME);
    schema
}

fn table<'k>(keys: impl IntoIterator<Item = &'k Key>) -> Value {
    let properties: Map<_, _> = keys
        .into_iter()
        .map(|key| {
            let mut property = of(&(key.shape)());
            property["description"] = json!(key.description());
            property["examples"] = json!([example(key)]);
            (key.name.to_owned(), property)
        })
        .collect();
    json!({
        "type": "object",
        "additionalProperties": false,
        "properties": properties,
    })
}

/// Returns the example of a key as JSON.
fn example(key: &Key) -> Value {
    let table = toml::from_str::<Value>(&format!("example = {}", key.example));
    table
        .map(|mut table| table["example"].take())
        .unwrap_or_default()
}

fn of(shape: &Shape) -> Value {
    match shape {
        Shape::Boolean => json!({ "type": "boolean" }),
        Shape::Integer(least, most) => {
            json!({ "type": "integer", "minimum": least, "maximum": most })
        }
        Shape::Seconds => json!({ "type": "number", "exclusiveMinimum": 0 }),
        Shape::Text(_) => json!({ "type": "string" }),
        Shape::Choice(words) => json!({ "enum": words }),
        Shape::List(element) => json!({ "type": "array", "items": of(element) }),
        Shape::Table(keys) => table(*keys),
        Shape::Map(_, value) => json!({ "type": "object", "additionalProperties": of(value) }),
        Shape::Either(shapes) => json!({ "anyOf": [of(&shapes[0]), of(&shapes[1])] }),
    }
}
