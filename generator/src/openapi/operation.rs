//! Path items and operations.

use http::Method;
use indexmap::IndexMap;
use openapiv3::{Callback, Operation, PathItem, Responses, StatusCode};

use super::{
    content, info, parameter,
    part::{Part, text},
    security,
};
use crate::diagnostics::Diagnostics;

/// Reads a Path Item Object (OpenAPI 3.0 §4.7.9).
pub(super) fn path_item(part: &Part<'_>, diagnostics: &mut Diagnostics) -> Option<PathItem> {
    part.object(diagnostics)?;
    let mut method = |name: &str| operation(&part.member(name)?, diagnostics);
    Some(PathItem {
        get: method("get"),
        put: method("put"),
        post: method("post"),
        delete: method("delete"),
        options: method("options"),
        head: method("head"),
        patch: method("patch"),
        trace: method("trace"),
        summary: part.text("summary", diagnostics),
        description: part.text("description", diagnostics),
        servers: info::servers(part, diagnostics),
        parameters: part
            .list("parameters", diagnostics, parameter::parameter)
            .unwrap_or_default(),
        extensions: part.extensions(),
    })
}

/// An operation of a method that OpenAPI 3.0 doesn't know.
#[derive(Debug, Clone)]
pub(crate) struct FurtherOperation {
    pub(crate) method: Method,
    /// The way to it from its path.
    pub(crate) place: Vec<String>,
    pub(crate) operation: Operation,
}

/// Reads the operation for `QUERY` and those of `additionalOperations` (OpenAPI 3.2 §4.9).
pub(super) fn further(part: &Part<'_>, diagnostics: &mut Diagnostics) -> Vec<FurtherOperation> {
    let mut further = Vec::new();
    if let Some(query) = part.member("query") {
        let operation = operation(&query, diagnostics);
        further.extend(operation.map(|operation| FurtherOperation {
            method: Method::QUERY,
            place: vec!["query".to_owned()],
            operation,
        }));
    }
    part.each(
        "additionalOperations",
        diagnostics,
        |name, part, diagnostics| {
            let Ok(method) = Method::from_bytes(name.as_bytes()) else {
                part.lose("expected a method of HTTP", diagnostics);
                return;
            };
            let operation = operation(part, diagnostics);
            further.extend(operation.map(|operation| FurtherOperation {
                method,
                place: vec!["additionalOperations".to_owned(), name.to_owned()],
                operation,
            }));
        },
    );
    further
}

/// Reads an Operation Object (OpenAPI 3.0 §4.7.10).
fn operation(part: &Part<'_>, diagnostics: &mut Diagnostics) -> Option<Operation> {
    part.object(diagnostics)?;
    Some(Operation {
        tags: part.list("tags", diagnostics, text).unwrap_or_default(),
        summary: part.text("summary", diagnostics),
        description: part.text("description", diagnostics),
        external_docs: info::external_docs(part, diagnostics),
        operation_id: part.text("operationId", diagnostics),
        parameters: part
            .list("parameters", diagnostics, parameter::parameter)
            .unwrap_or_default(),
        request_body: part
            .member("requestBody")
            .and_then(|part| content::request_body(&part, diagnostics)),
        responses: responses(part, diagnostics),
        callbacks: part.map("callbacks", diagnostics, callback),
        deprecated: part.flag("deprecated", diagnostics).unwrap_or_default(),
        security: security::requirements(part, diagnostics),
        servers: info::servers(part, diagnostics),
        extensions: part.extensions(),
    })
}

/// Reads the Responses Object of an operation (OpenAPI 3.0 §4.7.16).
fn responses(operation: &Part<'_>, diagnostics: &mut Diagnostics) -> Responses {
    let mut responses = Responses::default();
    operation.each("responses", diagnostics, |key, part, diagnostics| {
        if key == "default" {
            responses.default = content::response(part, diagnostics);
            return;
        }
        match status_code(key) {
            Some(code) => {
                let response = content::response(part, diagnostics);
                responses.responses.extend(response.map(|it| (code, it)));
            }
            None => part.lose(
                "expected a status code such as `200`, `4XX` or `default`",
                diagnostics,
            ),
        }
    });
    if let Some(part) = operation.member("responses") {
        responses.extensions = part.extensions();
    }
    responses
}

fn status_code(key: &str) -> Option<StatusCode> {
    match key.as_bytes() {
        [class @ b'1'..=b'5', b'X' | b'x', b'X' | b'x'] => {
            Some(StatusCode::Range(u16::from(class - b'0')))
        }
        [b'1'..=b'9', b'0'..=b'9', b'0'..=b'9'] => key.parse().ok().map(StatusCode::Code),
        _ => None,
    }
}

/// Reads a Callback Object (OpenAPI 3.0 §4.7.18); a reference to one is read as an empty one.
fn callback(part: &Part<'_>, diagnostics: &mut Diagnostics) -> Option<Callback> {
    let mut callback = IndexMap::new();
    for (expression, value) in part.object(diagnostics)? {
        if !expression.starts_with("x-") && expression != "$ref" {
            let item = path_item(&part.with(expression, value), diagnostics);
            callback.extend(item.map(|item| (expression.clone(), item)));
        }
    }
    Some(callback)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn status_codes_are_three_digits_or_a_range() {
        assert_eq!(status_code("204"), Some(StatusCode::Code(204)));
        assert_eq!(status_code("4xx"), Some(StatusCode::Range(4)));
        for key in [
            "20",
            "2000",
            "+20",
            "default",
            "6XX",
            "2X0",
            "099",
            "２００",
        ] {
            assert_eq!(status_code(key), None, "{key}");
        }
    }
}
