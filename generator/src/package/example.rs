//! The first call that a reader sees: a real one, as simple as the document has.

use http::Method;

use super::escape;
use crate::{
    model::{
        Api, ContentKind, Operation, OperationId, Requirement, Scalar, SchemeKind, Success, Type,
        TypeKind,
    },
    names::Names,
};

/// A call as Rust.
#[derive(Debug, Default)]
pub(super) struct Example {
    /// Statements that make the call and show its outcome; `client` is in scope.
    pub(super) lines: Vec<String>,
    /// The same call as an expression, without its end.
    pub(super) call: Option<String>,
    /// The feature that the operation stands behind.
    pub(super) feature: Option<String>,
    /// The enum of the bodies of its failures, where there is one.
    pub(super) error: Option<String>,
    /// Whether a double can return the default of what the call gives.
    pub(super) returns: bool,
    /// Whether the call carries a token that the client fetches, in any case.
    pub(super) has_token: bool,
}

/// Returns a call of the operation that asks for the least: preferably a `GET` without arguments.
pub(super) fn example(api: &Api, names: &Names) -> Example {
    let candidates = api.operations().filter_map(|(id, operation)| {
        let arguments = arguments(api, operation)?;
        let is_read = operation.method == Method::GET;
        let is_empty = operation.success() == Success::Nothing;
        let cost = (
            operation.docs.deprecated,
            !is_read,
            is_empty,
            arguments.len(),
        );
        Some((cost, id, arguments))
    });
    let Some((_, id, arguments)) = candidates.min_by_key(|(cost, id, _)| (*cost, *id)) else {
        return Example::default();
    };
    let operation = &api.operations[id.index()];
    let call = call(names, id, operation, &arguments);
    let lines = if operation.success() == Success::Nothing {
        vec![format!("{call}.await?;")]
    } else {
        vec![
            format!("let answer = {call}.await?;"),
            "println!(\"{answer:?}\");".to_owned(),
        ]
    };
    let has_body = operation
        .failures
        .iter()
        .any(|failure| !failure.contents.is_empty());
    Example {
        lines,
        call: Some(call),
        feature: names.group(operation.group).feature.clone(),
        error: has_body.then(|| names.operation(id).error.to_string()),
        returns: match operation.success() {
            Success::Nothing | Success::Sometimes(_) => true,
            Success::Always(content) => match &content.kind {
                ContentKind::Json(ty) | ContentKind::Xml(ty, _) => has_default(api, ty),
                kind => *kind == ContentKind::Text,
            },
            Success::OneOf => false,
        },
        has_token: has_token(api, operation),
    }
}

/// Returns whether each alternative of an operation's security has a token of client credentials.
fn has_token(api: &Api, operation: &Operation) -> bool {
    let has_client_credentials = |requirement: &Requirement| {
        let mut schemes = requirement.schemes.iter();
        schemes.any(|(index, _)| {
            let scheme = api.schemes.get(*index);
            scheme.is_some_and(|it| matches!(it.kind, SchemeKind::ClientCredentials { .. }))
        })
    };
    let alternatives = &operation.security;
    !alternatives.is_empty() && alternatives.iter().all(has_client_credentials)
}

fn call(names: &Names, id: OperationId, operation: &Operation, arguments: &[String]) -> String {
    let accessor = &names.group(operation.group).accessor;
    let method = &names.operation(id).method;
    format!("client.{accessor}().{method}({})", arguments.join(", "))
}

/// Returns values for all that an operation requires; `None` where one isn't easily made up.
fn arguments(api: &Api, operation: &Operation) -> Option<Vec<String>> {
    if operation.body.as_ref().is_some_and(|body| body.required) {
        return None;
    }
    let required = operation
        .parameters
        .iter()
        .filter(|parameter| parameter.required);
    required
        .map(|parameter| value(api, &parameter.name, &parameter.ty))
        .collect()
}

fn value(api: &Api, name: &str, ty: &Type) -> Option<String> {
    match ty {
        Type::Scalar(Scalar::String) => Some(escape::rust(name)),
        Type::Scalar(Scalar::Text(_)) => Some(format!("&{}.into()", escape::rust(name))),
        Type::Scalar(Scalar::Bool) => Some("true".to_owned()),
        Type::Scalar(Scalar::I32 | Scalar::I64 | Scalar::U32 | Scalar::U64) => Some("1".to_owned()),
        Type::Scalar(Scalar::F64) => Some("1.0".to_owned()),
        Type::Scalar(Scalar::Number) => Some("&1.into()".to_owned()),
        Type::Array(_) => Some("&[]".to_owned()),
        Type::Named(id) => match &api.ty(*id).kind {
            TypeKind::Alias(target) => value(api, name, target),
            TypeKind::Enum(set) => {
                let first = set.values.first()?.value.as_str()?;
                Some(format!("&{}.into()", escape::rust(first)))
            }
            _ => None,
        },
        _ => None,
    }
}

/// Returns whether a type has a default.
fn has_default(api: &Api, ty: &Type) -> bool {
    match api.resolved(ty) {
        Type::Scalar(Scalar::Number | Scalar::Secret | Scalar::Text(_)) | Type::Tuple(_) => false,
        Type::Named(id) => match &api.ty(*id).kind {
            TypeKind::Struct(object) => {
                let mut fields = object.fields.iter();
                fields.all(|field| !field.presence.is_always())
            }
            _ => false,
        },
        _ => true,
    }
}
