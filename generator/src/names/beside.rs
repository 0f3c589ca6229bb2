//! Identifiers of what stands beside a call: enums and structs that are called after it, and their
//! fields.

use super::{
    case::Words,
    keyword::PRELUDE,
    scope::{Case, Claim, Identifier, Scope},
};
use crate::model::{Api, Operation, Response, Success};

/// Names what stands beside a call and is called after it.
pub(super) fn around(
    calls: &[Identifier],
    suffixes: [&'static str; 3],
    items: &mut Scope,
) -> Vec<Identifier> {
    let claim = |call: &Identifier| after(call, suffixes);
    let claims: Vec<_> = calls.iter().map(claim).collect();
    items.claim_all(Case::Pascal, &claims, PRELUDE)
}

fn after(call: &Identifier, suffixes: [&'static str; 3]) -> Claim {
    let words = Words::of_pascal(call.as_str());
    Claim {
        candidates: suffixes
            .iter()
            .map(|suffix| words.then(&Words::fixed(suffix)))
            .collect(),
        fallback: suffixes[0],
    }
}

/// Names the enums of successes.
pub(super) fn responses(api: &Api, calls: &[Identifier], items: &mut Scope) -> Vec<Identifier> {
    let has = |operation: &Operation| operation.success() == Success::OneOf;
    where_there(
        api,
        calls,
        ["response", "success", "response body"],
        has,
        items,
    )
}

/// Names the structs of parts.
pub(super) fn forms(api: &Api, calls: &[Identifier], items: &mut Scope) -> Vec<Identifier> {
    let has = |operation: &Operation| operation.parts().is_some();
    where_there(api, calls, ["form", "parts", "multipart"], has, items)
}

/// Names the enums of what a body can be.
pub(super) fn choices(api: &Api, calls: &[Identifier], items: &mut Scope) -> Vec<Identifier> {
    let has = |operation: &Operation| {
        let body = operation.body.as_ref();
        body.is_some_and(|body| body.contents.len() > 1)
    };
    where_there(api, calls, ["body", "content", "body choice"], has, items)
}

/// Names the structs of headers.
pub(super) fn headers(
    api: &Api,
    calls: &[Identifier],
    suffixes: [&'static str; 3],
    responses: impl Fn(&Operation) -> &[Response],
    items: &mut Scope,
) -> Vec<Identifier> {
    let has = |operation: &Operation| !Operation::headers(responses(operation)).is_empty();
    where_there(api, calls, suffixes, has, items)
}

/// Names the fields of a struct of headers.
pub(super) fn fields_of(responses: &[Response]) -> Vec<Identifier> {
    let headers = Operation::headers(responses);
    let claims = headers.iter().map(|header| {
        let name = &header.parameter.name;
        Claim {
            candidates: vec![Words::of(name), Words::spelled(name)],
            fallback: "header",
        }
    });
    let claims: Vec<_> = claims.collect();
    Scope::default().claim_all(Case::Snake, &claims, &[])
}

/// Names what stands beside some calls. An operation without it takes nothing: a type is to have
/// that name then.
fn where_there(
    api: &Api,
    calls: &[Identifier],
    suffixes: [&'static str; 3],
    has: impl Fn(&Operation) -> bool,
    items: &mut Scope,
) -> Vec<Identifier> {
    let named = api.operations.iter().zip(calls);
    named
        .map(|(operation, call)| {
            let claim = after(call, suffixes);
            if has(operation) {
                items.claim(Case::Pascal, &claim, PRELUDE)
            } else {
                Scope::default().claim(Case::Pascal, &claim, PRELUDE)
            }
        })
        .collect()
}

/// Names the fields of a struct of parts.
pub(super) fn parts_of(operation: &Operation) -> Vec<Identifier> {
    part_claims(operation).0
}

/// Names the fields of the headers of an operation's parts, by part.
pub(super) fn part_headers_of(operation: &Operation) -> Vec<Vec<Identifier>> {
    part_claims(operation).1
}

fn part_claims(operation: &Operation) -> (Vec<Identifier>, Vec<Vec<Identifier>>) {
    let parts = operation.parts().unwrap_or_default().iter();
    let claims = parts.map(|part| Claim {
        candidates: vec![
            Words::of(&part.name),
            Words::of(&part.name).then(&Words::fixed("part")),
            Words::spelled(&part.name),
        ],
        fallback: "part",
    });
    let claims: Vec<_> = claims.collect();
    let mut scope = Scope::default();
    let fields = scope.claim_all(Case::Snake, &claims, &[]);
    let parts = operation.parts().unwrap_or_default().iter();
    let headers = parts.map(|part| {
        let claims = part.headers.iter().map(|header| {
            let of_part = Words::of(&part.name).then(&Words::of(&header.name));
            Claim {
                candidates: vec![of_part.clone(), of_part.then(&Words::fixed("header"))],
                fallback: "header",
            }
        });
        let claims: Vec<_> = claims.collect();
        scope.claim_all(Case::Snake, &claims, &[])
    });
    (fields, headers.collect())
}
