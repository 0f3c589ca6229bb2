//! Mends: vendors' mistakes that have one plausible meaning. Each is a warning.

mod format;
mod schema;

pub(super) use schema::{reference, schema};

use serde_json::{Map, Value, json};

use crate::{
    diagnostics::{Code, Diagnostics},
    pointer::Trail,
};

type Members = Map<String, Value>;

fn mended(trail: &Trail<'_>, key: &str, message: impl Into<String>, diagnostics: &mut Diagnostics) {
    diagnostics.warning(Code::Mended, &trail.pointer().child(key), message);
}

/// Keywords of a schema that stand in a parameter, as in Swagger 2.0.
pub(super) const PARAMETER_KEYWORDS: &[&str] = &[
    "type",
    "format",
    "items",
    "default",
    "enum",
    "minimum",
    "maximum",
    "exclusiveMinimum",
    "exclusiveMaximum",
    "minLength",
    "maxLength",
    "minItems",
    "maxItems",
    "uniqueItems",
    "multipleOf",
    "pattern",
];

/// Mends a parameter or a header.
pub(super) fn parameter(members: &mut Members, trail: &Trail<'_>, diagnostics: &mut Diagnostics) {
    if members.contains_key("$ref") {
        return;
    }
    if members.get("in").is_some_and(|location| location == "path")
        && members.get("required") != Some(&Value::Bool(true))
    {
        let message = "a path parameter is always required";
        mended(trail, "required", message, diagnostics);
        members.insert("required".to_owned(), Value::Bool(true));
    }
    if members.contains_key("type")
        && !members.contains_key("schema")
        && !members.contains_key("content")
    {
        let message = "the type of a parameter belongs into its `schema`";
        mended(trail, "type", message, diagnostics);
        wrap(members);
    }
}

/// Moves the keywords of a schema into `schema`.
pub(super) fn wrap(members: &mut Members) {
    let mut schema = Map::new();
    for keyword in PARAMETER_KEYWORDS {
        let value = members.shift_remove(*keyword);
        schema.extend(value.map(|value| ((*keyword).to_owned(), value)));
    }
    members.insert("schema".to_owned(), Value::Object(schema));
}

/// Mends an operation. The name of one without `operationId` follows later, from what is left of its
/// path beside the others.
pub(super) fn operation(members: &mut Members, trail: &Trail<'_>, diagnostics: &mut Diagnostics) {
    if !members.contains_key("operationId") {
        let at = trail.pointer();
        // The operations of callbacks have no names.
        if matches!(at.tokens(), [paths, _, _] if paths == "paths") {
            let message = "an operation without `operationId` is named by its method and path";
            diagnostics
                .warning(Code::Mended, &at, message)
                .set_hint("add one by an overlay, and the name stays when the path changes");
        }
    }
    responses(members, trail, diagnostics);
}

/// Mends the keys of the responses of an operation: `4xx`, `200 OK`.
fn responses(operation: &mut Members, trail: &Trail<'_>, diagnostics: &mut Diagnostics) {
    let Some(Value::Object(responses)) = operation.get_mut("responses") else {
        return;
    };
    if responses.keys().all(|key| status(key).is_none()) {
        return;
    }
    let trail = Trail::Member(trail, "responses");
    let mut mended_responses = Map::new();
    for (key, response) in std::mem::take(responses) {
        let Some(status) = status(&key) else {
            mended_responses.insert(key, response);
            continue;
        };
        mended(
            &trail,
            &key,
            format!("the status `{key}` is read as `{status}`"),
            diagnostics,
        );
        mended_responses.entry(status).or_insert(response);
    }
    *responses = mended_responses;
}

/// Returns the key that one with decoration means.
fn status(key: &str) -> Option<String> {
    let trimmed = key.trim();
    let word = trimmed
        .split([' ', '-', '_', ':', '('])
        .next()
        .unwrap_or(trimmed);
    let word = if word.eq_ignore_ascii_case("default") {
        "default".to_owned()
    } else {
        word.to_uppercase()
    };
    let is_status = match word.as_bytes() {
        [b'1'..=b'5', b'X', b'X'] => true,
        bytes @ [_, _, _] => bytes.iter().all(u8::is_ascii_digit),
        _ => word == "default",
    };
    (is_status && word != key).then_some(word)
}

/// Mends a security scheme.
pub(super) fn security_scheme(
    members: &mut Members,
    trail: &Trail<'_>,
    diagnostics: &mut Diagnostics,
) {
    let Some(Value::String(name)) = members.get("type") else {
        return;
    };
    let name = name.clone();
    match name.as_str() {
        "oauth2" | "http" | "apiKey" | "openIdConnect" => {}
        // OpenAPI 3.1; a caller meets it outside of the client.
        "mutualTLS" => {
            members.insert("type".to_owned(), json!("http"));
            members.insert("scheme".to_owned(), json!("mutualTLS"));
        }
        "basic" | "bearer" => {
            members.insert("type".to_owned(), json!("http"));
            members.insert("scheme".to_owned(), json!(name));
            mended(
                trail,
                "type",
                format!("`{name}` is a scheme of the type `http`"),
                diagnostics,
            );
        }
        _ => {
            let meant = ["oauth2", "http", "apiKey", "openIdConnect"]
                .into_iter()
                .find(|known| known.eq_ignore_ascii_case(&name));
            if let Some(meant) = meant {
                members.insert("type".to_owned(), json!(meant));
                mended(
                    trail,
                    "type",
                    format!("the type `{name}` is read as `{meant}`"),
                    diagnostics,
                );
            }
        }
    }
    let Some(Value::Object(flows)) = members.get_mut("flows") else {
        return;
    };
    let trail = Trail::Member(trail, "flows");
    let misnamed = [
        ("application", "clientCredentials"),
        ("clientCredential", "clientCredentials"),
        ("client_credentials", "clientCredentials"),
        ("clientcredentials", "clientCredentials"),
        ("accessCode", "authorizationCode"),
        ("authorization_code", "authorizationCode"),
    ];
    for (wrong, right) in misnamed {
        if !flows.contains_key(right)
            && let Some(flow) = flows.shift_remove(wrong)
        {
            mended(
                &trail,
                wrong,
                format!("the flow `{wrong}` is called `{right}`"),
                diagnostics,
            );
            flows.insert(right.to_owned(), flow);
        }
    }
    for (name, flow) in flows {
        let trail = Trail::Member(&trail, name);
        if let Some(Value::Array(scopes)) = flow.get("scopes") {
            let scopes: Map<String, Value> = scopes
                .iter()
                .filter_map(|scope| Some((scope.as_str()?.to_owned(), json!(""))))
                .collect();
            mended(
                &trail,
                "scopes",
                "scopes are an object from names to descriptions",
                diagnostics,
            );
            flow["scopes"] = Value::Object(scopes);
        }
    }
}

/// Mends the keys of `paths`, which begin with a slash.
pub(super) fn paths(root: &mut Value, diagnostics: &mut Diagnostics) {
    let Some(Value::Object(paths)) = root.get_mut("paths") else {
        return;
    };
    let is_wrong = |path: &String| !path.starts_with('/') && !path.starts_with("x-");
    if !paths.keys().any(is_wrong) {
        return;
    }
    let trail = Trail::Member(&Trail::Root, "paths");
    let mut mended_paths = Map::new();
    for (path, item) in std::mem::take(paths) {
        if !is_wrong(&path) || path.contains("://") {
            mended_paths.insert(path, item);
            continue;
        }
        mended(&trail, &path, "a path begins with `/`", diagnostics);
        mended_paths
            .entry(format!("/{}", path.trim()))
            .or_insert(item);
    }
    *paths = mended_paths;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decorated_statuses_are_read() {
        for (key, expected) in [
            ("4xx", "4XX"),
            ("200 OK", "200"),
            (" 201", "201"),
            ("Default", "default"),
        ] {
            assert_eq!(status(key).as_deref(), Some(expected));
        }
        for key in ["200", "default", "4XX", "x-a", "20", "ok"] {
            assert_eq!(status(key), None, "{key}");
        }
    }
}
