//! The calls to make: every operation with what it requires, with all that it knows, and with each
//! media type of its body.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::{Map, Value, json};

use super::forms::is_form;
use super::mended::encoded;
use super::sample::Sampler;

/// A call, and the values of its parameters by where they go.
#[derive(Debug, Default, Serialize)]
pub(super) struct Case {
    pub(super) method: String,
    pub(super) path: String,
    pub(super) media_type: String,
    pub(super) parameters: BTreeMap<String, Map<String, Value>>,
    pub(super) body: Value,
    /// The names of properties that its schemas require and don't describe.
    #[serde(skip)]
    pub(super) undescribed: Vec<String>,
    /// Whether the document lists no media type of its answers.
    #[serde(skip)]
    pub(super) is_silent: bool,
}

impl Case {
    /// Returns whether properties are all that is missing, and none of them is described.
    pub(super) fn demands_undescribed(&self, violations: &str) -> bool {
        let mut missing = violations.split("must have required property '").skip(1);
        let is_known = |rest: &str| {
            let name = rest.split('\'').next().unwrap_or_default();
            self.undescribed.iter().any(|known| known == name)
        };
        let faults = violations.matches(" must ").count();
        let count = missing.clone().count();
        count > 0 && faults == count && missing.all(is_known)
    }

    /// Returns whether a parameter that wasn't sent, because no style has a form for it, holds an array or
    /// object inside another.
    pub(super) fn is_inexpressible(&self, detail: &str) -> bool {
        let is_told = |name: &str| detail.contains(&format!("parameter `{name}` holds an array"));
        let mut values = self.parameters.values().flatten();
        values.any(|(name, value)| is_told(name) && is_nested(value))
    }

    /// Returns whether Prism misses a parameter of the query under the name that it has made of its name,
    /// while the call has it under its own.
    pub(super) fn is_renamed(&self, violations: &str) -> bool {
        let query = self.parameters.get("query").into_iter().flatten();
        let mut renamed = query.filter_map(|(name, _)| {
            let other = encoded(name).to_lowercase();
            (other != name.to_lowercase()).then_some(other)
        });
        let is_missed = |name: String| violations.contains(&format!("required property '{name}'"));
        renamed.any(is_missed)
    }

    /// Returns whether Prism has read the text of a parameter as a number or a boolean and as a string, and so
    /// finds it in two alternatives.
    pub(super) fn is_coerced(&self, violations: &str) -> bool {
        let values = self.parameters.values().flatten();
        let mut scalars = values.filter(|(_, value)| value.is_number() || value.is_boolean());
        scalars.any(|(name, _)| {
            let name = name.to_lowercase();
            let told = format!(" parameter {name} must match exactly one schema in oneOf");
            violations.contains(&told)
        })
    }

    /// Returns whether Prism has held the whole body, as a text, against a schema of what the text says: it
    /// reads JSON and the two types of forms only.
    pub(super) fn is_unread(&self, violations: &str) -> bool {
        let is_read = self.media_type.contains("json") || is_form(&self.media_type);
        !is_read && violations.contains("Request body must be ")
    }

    /// Returns whether arrays and objects of a form are all that is wrong, because Prism has read one text.
    pub(super) fn is_unjoined(&self, violations: &str) -> bool {
        let members = self.body.as_object().into_iter().flatten();
        let told = members.filter_map(|(name, value)| {
            let kind = match value {
                Value::Array(_) => "array",
                Value::Object(_) => "object",
                _ => return None,
            };
            Some(format!("Request body property {name} must be {kind}"))
        });
        let count: usize = told.map(|told| violations.matches(&told).count()).sum();
        is_form(&self.media_type) && count > 0 && count == violations.matches(" must ").count()
    }
}

const METHODS: [&str; 8] = [
    "get", "put", "post", "delete", "options", "head", "patch", "trace",
];

/// Returns the calls of a document of the shape of OpenAPI 3.0, which was made of a source.
pub(super) fn of(document: &Value, source: &Value) -> Vec<Case> {
    let mut cases = Vec::new();
    let paths = document.get("paths").and_then(Value::as_object);
    for (path, item) in paths.into_iter().flatten() {
        for method in METHODS {
            let Some(operation) = item.get(method) else {
                continue;
            };
            for fills in [false, true] {
                let sampler = Sampler::new(document, fills);
                let place = Place {
                    path,
                    method,
                    item,
                    operation,
                };
                let first = cases.len();
                cases.extend(place.cases(&sampler));
                let undescribed = sampler.undescribed();
                let is_silent = is_silent(source, path, method);
                for case in cases.iter_mut().skip(first) {
                    case.is_silent = is_silent;
                    case.undescribed.clone_from(&undescribed);
                }
            }
        }
    }
    cases
}

/// Returns whether a media type is another notation of what JSON, or one that is preferred, carries: such a
/// one isn't generated, because nothing is lost with it. Forms and parts are of their own, if the value has any.
fn is_other_notation(media_type: &str, content: &Value, body: &Value, value: &Value) -> bool {
    let is_patch = |name: &str| name.contains("patch");
    let is_json = |name: &str| name.contains("json") && !is_patch(name);
    let is_own = media_type.contains("form-url") && value.is_object();
    let is_parts = |name: &str| name.starts_with("multipart/") && value.is_object();
    let is_text = |name: &str| name.starts_with("text/");
    let all = body.get("content").and_then(Value::as_object);
    let same = all.into_iter().flatten().filter(|(name, other)| {
        let is_like = if is_parts(media_type) {
            is_parts(name)
        } else {
            is_json(name) || is_text(media_type) && is_text(name)
        };
        is_like && other.get("schema") == content.get("schema")
    });
    // Of JSON its own type, of parts the forms that most servers read, or else the first.
    let preferred = same.min_by_key(|(name, _)| {
        let is_best = name.contains("form-data") || name.starts_with("application/json");
        (!is_json(name), !is_best)
    });
    !is_own && !is_patch(media_type) && preferred.is_some_and(|(name, _)| name != media_type)
}

/// Returns whether an array or object is inside another: RFC 6570 §2.3 has no such value, and OpenAPI 3.0
/// §4.7.12.2 says nothing of it.
fn is_nested(value: &Value) -> bool {
    let is_composed = |value: &Value| value.is_array() || value.is_object();
    match value {
        Value::Array(items) => items.iter().any(is_composed),
        Value::Object(members) => members.values().any(is_composed),
        _ => false,
    }
}

/// Whether an operation of Swagger 2.0 produces nothing that the document names: neither itself, whose list
/// has precedence even if it is empty, nor all operations.
fn is_silent(source: &Value, path: &str, method: &str) -> bool {
    let operation = source.get("paths").and_then(|it| it.get(path)?.get(method));
    let own = operation.and_then(|operation| operation.get("produces"));
    let produces = own.or_else(|| source.get("produces"));
    let is_empty = produces.and_then(Value::as_array).is_none_or(Vec::is_empty);
    source.get("swagger").is_some() && is_empty
}

struct Place<'d> {
    path: &'d str,
    method: &'d str,
    item: &'d Value,
    operation: &'d Value,
}

impl Place<'_> {
    fn cases(&self, sampler: &Sampler<'_>) -> Vec<Case> {
        let parameters = self.parameters(sampler);
        let case = |media_type: &str, body: Value| Case {
            method: self.method.to_uppercase(),
            path: self.path.to_owned(),
            media_type: media_type.to_owned(),
            parameters: parameters.clone(),
            body,
            undescribed: Vec::new(),
            is_silent: false,
        };
        let body = self
            .operation
            .get("requestBody")
            .map(|body| sampler.resolved(body));
        let is_required = body.and_then(|body| body.get("required")) == Some(&Value::Bool(true));
        let content = body
            .and_then(|body| body.get("content"))
            .and_then(Value::as_object);
        let mut cases = Vec::new();
        if content.is_none() || !is_required && !sampler.fills {
            cases.push(case("", Value::Null));
        }
        if is_required || sampler.fills {
            for (media_type, content) in content.into_iter().flatten() {
                let essence = media_type.split(';').next().unwrap_or_default().trim();
                let schema = content.get("schema");
                let value = schema.map_or(json!("text"), |schema| sampler.value(schema));
                let is_other = |body| is_other_notation(media_type, content, body, &value);
                // A body of no part has no form (RFC 2046 §5.1.1).
                let is_empty = essence.starts_with("multipart/") && value == json!({});
                if !is_empty && !body.is_some_and(is_other) {
                    cases.push(case(essence, value));
                }
            }
        }
        cases
    }

    fn parameters(&self, sampler: &Sampler<'_>) -> BTreeMap<String, Map<String, Value>> {
        let mut values: BTreeMap<String, Map<String, Value>> = BTreeMap::new();
        for list in
            [self.item, self.operation].map(|it| it.get("parameters").and_then(Value::as_array))
        {
            for parameter in list.into_iter().flatten() {
                let parameter = sampler.resolved(parameter);
                let text = |name: &str| parameter.get(name).and_then(Value::as_str);
                let (Some(location), Some(name)) = (text("in"), text("name")) else {
                    continue;
                };
                let is_required =
                    location == "path" || parameter.get("required") == Some(&Value::Bool(true));
                if !is_required && !sampler.fills {
                    continue;
                }
                let content = parameter.get("content").and_then(Value::as_object);
                let content = content.and_then(|content| content.values().next());
                let schema = content.unwrap_or(parameter).get("schema");
                let mut value = schema.map_or(json!("text"), |schema| sampler.value(schema));
                let is_flat = content.is_none() && text("style") != Some("deepObject");
                // What no style has a form for is left out where it may be.
                if let Some(schema) = schema.filter(|_| is_flat && is_nested(&value)) {
                    value = sampler.least().value(schema);
                }
                values
                    .entry(location.to_owned())
                    .or_default()
                    .insert(name.to_owned(), value);
            }
        }
        values
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_call_is_made_with_each_media_type_that_is_generated() {
        let object = json!({"type": "object", "properties": {"a": {"type": "string"}}});
        let text = json!({"type": "string"});
        let list = json!({"type": "array", "items": text});
        let media_types = |content: Value| -> Vec<String> {
            let content = content.as_object().cloned().unwrap_or_default();
            let content = content
                .into_iter()
                .map(|(name, it)| (name, json!({"schema": it})));
            let content: Map<_, _> = content.collect();
            let body = json!({"required": true, "content": content});
            let document = json!({"paths": {"/a": {"post": {"requestBody": body}}}});
            let cases = of(&document, &Value::Null);
            let filled = cases.into_iter().skip_while(|case| case.body == json!({}));
            let mut media_types: Vec<_> = filled.map(|case| case.media_type).collect();
            media_types.dedup();
            media_types
        };
        let all = json!({
            "multipart/related": object, "multipart/form-data": object,
            "application/vnd.a+json": object, "application/json": object, "text/csv": text,
            "application/xml": object,
        });
        let generated = ["multipart/form-data", "application/json", "text/csv"];
        assert!(media_types(all).ends_with(&generated.map(str::to_owned)));
        let lists = json!({"multipart/form-data": list, "application/json": list});
        assert_eq!(media_types(lists), ["application/json"]);
        let texts = json!({"text/plain": text, "text/x-markdown": text});
        assert_eq!(media_types(texts), ["text/plain"]);
    }
}
