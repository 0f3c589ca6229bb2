//! The answers that Prism gives: values of our own as the examples of a document. What it makes up itself
//! often breaks the schemas that it holds it against.

use serde_json::{Map, Value, json};

use super::sample::Sampler;

/// An answer that is longer has only what is required.
const LONGEST: usize = 20_000;

/// What is set in which places of a document.
pub(super) type Answers = Vec<(String, Map<String, Value>)>;

/// Gives an example to each response and to each header of one.
pub(super) fn give(document: &mut Value, answers: Answers) {
    for (pointer, members) in answers {
        if let Some(Value::Object(place)) = document.pointer_mut(&pointer) {
            place.extend(members);
        }
    }
}

/// Returns the answers of a document.
pub(super) fn of(document: &Value) -> Answers {
    let samplers = Samplers {
        all: Sampler::new(document, true).answering(),
        least: Sampler::new(document, false).answering(),
    };
    let mut answers = Vec::new();
    let mut add = |at: &str, responses: Option<&Value>| {
        let responses = responses.and_then(Value::as_object).into_iter().flatten();
        for (status, response) in responses {
            let at = format!("{at}/{}", escaped(status));
            for (media_type, content) in members(response, "content") {
                let schema = content.get("schema");
                let answer = schema.and_then(|schema| samplers.body(media_type, schema));
                let at = format!("{at}/content/{}", escaped(media_type));
                answers.extend(answer.map(|answer| (at, answer)));
            }
            answers.extend(samplers.headers(&at, response));
        }
    };
    let components = document.get("components");
    add(
        "/components/responses",
        components.and_then(|it| it.get("responses")),
    );
    for (path, item) in members(document, "paths") {
        for (method, operation) in item.as_object().into_iter().flatten() {
            let at = format!("/paths/{}/{method}/responses", escaped(path));
            add(&at, operation.get("responses"));
        }
    }
    let shared = components.map(|components| samplers.headers("/components", components));
    answers.extend(shared.into_iter().flatten());
    answers
}

fn members<'v>(value: &'v Value, name: &str) -> impl Iterator<Item = (&'v String, &'v Value)> {
    let members = value.get(name).and_then(Value::as_object);
    members.into_iter().flatten()
}

struct Samplers<'d> {
    all: Sampler<'d>,
    least: Sampler<'d>,
}

impl Samplers<'_> {
    fn value(&self, schema: &Value) -> Value {
        let value = self.all.value(schema);
        if value.to_string().len() > LONGEST {
            self.least.value(schema)
        } else {
            value
        }
    }

    /// Returns what a body of a media type has: an example, and nothing to hold it against where Prism
    /// can't tell its text from a value.
    fn body(&self, media_type: &str, schema: &Value) -> Option<Map<String, Value>> {
        let value = self.value(schema);
        if let Some(text) = streamed(media_type, &value) {
            return object(json!({"schema": {"type": "string"}, "example": text}));
        }
        let is_any = media_type.contains('*');
        if media_type.contains("json") || is_any {
            return object(json!({"example": value}));
        }
        let is_text = media_type.starts_with("text/") && !value.is_string();
        let text = || json!({"schema": {"type": "string"}, "example": "text"});
        is_text.then(text).and_then(object)
    }

    /// Returns an example for each header of a response that is described in this place.
    fn headers(&self, at: &str, response: &Value) -> Answers {
        let example = |(name, header): (&String, &Value)| {
            let value = self.value(header.get("schema")?);
            let is_one = value.is_string() || value.is_number();
            let example = object(json!({"example": value}))?;
            is_one.then(|| (format!("{at}/headers/{}", escaped(name)), example))
        };
        members(response, "headers").filter_map(example).collect()
    }
}

fn object(value: Value) -> Option<Map<String, Value>> {
    match value {
        Value::Object(members) => Some(members),
        _ => None,
    }
}

/// Returns the text of values that follow one another (OpenAPI 3.2 §4.14.3); `None` for other media types.
fn streamed(media_type: &str, value: &Value) -> Option<String> {
    let [before, after] = match media_type.split(';').next().unwrap_or_default().trim() {
        "text/event-stream" => ["data: ", "\n\n"],
        "application/json-seq" => ["\u{1e}", "\n"],
        name if name.ends_with("ndjson") || name.contains("jsonl") => ["", "\n"],
        _ => return None,
    };
    let items = match value {
        Value::Array(items) => items.as_slice(),
        Value::String(text) => return Some(format!("{before}{text}{after}")),
        item => std::slice::from_ref(item),
    };
    let items = items.iter().map(|item| format!("{before}{item}{after}"));
    Some(items.collect())
}

/// Returns a token of a JSON Pointer (RFC 6901 §3).
fn escaped(token: &str) -> String {
    token.replace('~', "~0").replace('/', "~1")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_a_value_that_its_schema_allows_in_the_notation_of_its_media_type() {
        let answer = |media_type: &str, schema: Value| {
            let response = json!({"content": {media_type: {"schema": schema}}});
            let mut document = json!({"components": {"responses": {"a/b": response}}});
            let answers = of(&document);
            give(&mut document, answers);
            document["components"]["responses"]["a/b"]["content"][media_type].clone()
        };
        let object = json!({"type": "object", "properties": {"a": {"type": "boolean"}}});
        let json = answer("application/json", object.clone());
        assert_eq!(json, json!({"schema": object, "example": {"a": true}}));
        let text = |text: &str| json!({"schema": {"type": "string"}, "example": text});
        let events = answer("text/event-stream", object.clone());
        assert_eq!(events, text("data: {\"a\":true}\n\n"));
        let lines = answer("application/x-ndjson", object.clone());
        assert_eq!(lines, text("{\"a\":true}\n"));
        assert_eq!(answer("text/csv", object), text("text"));
    }

    #[test]
    fn a_header_of_an_answer_is_one_that_its_schema_allows() {
        let header = json!({"schema": {"type": "string", "pattern": "^[0-9]{3}-?[a-f]$"}});
        let reference = json!({"$ref": "#/components/headers/Shared"});
        let mut document = json!({
            "components": {
                "headers": {"Shared": header},
                "responses": {"a": {"headers": {"x-a": header, "x-b": reference}}},
            },
        });
        let answers = of(&document);
        give(&mut document, answers);
        let example = |pointer: &str| document.pointer(pointer).cloned();
        let own = "/components/responses/a/headers/x-a/example";
        assert_eq!(example(own), Some(json!("000a")));
        let shared = "/components/headers/Shared/example";
        assert_eq!(example(shared), Some(json!("000a")));
        let pointer = "/components/responses/a/headers/x-b";
        assert_eq!(example(pointer), Some(reference));
    }
}
