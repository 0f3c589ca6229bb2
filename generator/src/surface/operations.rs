//! The operations that callers can see.

use std::collections::BTreeMap;

use super::{Input, Operation, text};
use crate::model::{self, Api, Content, PollingResult, Response, Success};
use crate::names::{Identifier, Names, OperationNames};

/// Returns the operations by the way to their methods.
pub(super) fn of<'a>(
    api: &'a Api,
    names: &'a Names,
) -> impl Iterator<Item = (String, Operation)> + use<'a> {
    api.operations().map(move |(id, operation)| {
        let own = names.operation(id);
        let accessor = &names.group(operation.group).accessor;
        let key = format!("{accessor}.{}", own.method);
        (key, described(api, operation, own, names))
    })
}

fn described(
    api: &Api,
    operation: &model::Operation,
    own: &OperationNames,
    names: &Names,
) -> Operation {
    let mut arguments = Vec::new();
    let mut setters = Vec::new();
    for (parameter, identifier) in operation.parameters.iter().zip(&own.parameters) {
        let input = Input {
            name: parameter.name.clone(),
            identifier: identifier.to_string(),
            ty: text::ty(names, &parameter.ty),
        };
        let list = if parameter.required {
            &mut arguments
        } else {
            &mut setters
        };
        list.push(input);
    }
    if let Some(body) = &operation.body {
        let contents: Vec<_> = body
            .contents
            .iter()
            .map(|it| text::content(names, it))
            .collect();
        let input = Input {
            name: "body".to_owned(),
            identifier: own.body.to_string(),
            ty: contents.join(" or "),
        };
        let list = if body.required {
            &mut arguments
        } else {
            &mut setters
        };
        list.push(input);
    }
    let (output, successes) = output(operation, own, names);
    let methods = methods(api, operation, &output, names);
    Operation {
        request: format!("{} {}", operation.method, operation.path),
        arguments,
        setters,
        output,
        methods,
        successes,
        failures: variants(&operation.failures, &own.failures, names),
        security: security(api, operation),
        deprecated: operation.docs.deprecated,
    }
}

/// Returns what a call gives, and the variants where that is an enum of its own.
fn output(
    operation: &model::Operation,
    own: &OperationNames,
    names: &Names,
) -> (String, BTreeMap<String, String>) {
    let plain = |text: String| (text, BTreeMap::new());
    match operation.success() {
        Success::Nothing => plain("()".to_owned()),
        Success::Always(content) => plain(text::content(names, content)),
        Success::Sometimes(content) => plain(format!("Option<{}>", text::content(names, content))),
        Success::OneOf => (
            own.response.to_string(),
            variants(&operation.successes, &own.successes, names),
        ),
    }
}

/// Returns what a call has beside its answer, with what it gives.
fn methods(
    api: &Api,
    operation: &model::Operation,
    output: &str,
    names: &Names,
) -> BTreeMap<String, String> {
    let mut methods = BTreeMap::new();
    if let Some(pages) = &operation.pages {
        methods.insert("pages".to_owned(), output.to_owned());
        let items = pages.items.as_ref().zip(operation.page());
        let items = items.and_then(|(at, page)| {
            at.iter().try_fold(page, |ty, name| {
                let mut fields = api.fields(ty).iter();
                Some(&fields.find(|field| field.name == *name)?.ty)
            })
        });
        methods.extend(items.map(|list| ("items".to_owned(), text::ty(names, list))));
    }
    if let Some(polling) = &operation.polling {
        let result = match &polling.result {
            PollingResult::Json { ty, .. } => text::ty(names, ty),
            PollingResult::Nothing => "()".to_owned(),
            PollingResult::Own => output.to_owned(),
            PollingResult::Answer => "Answer".to_owned(),
        };
        methods.insert("poller".to_owned(), result);
    }
    methods
}

fn variants(
    responses: &[Response],
    identifiers: &[Identifier],
    names: &Names,
) -> BTreeMap<String, String> {
    let contents = responses.iter().flat_map(Response::variants);
    let named = contents.zip(identifiers);
    let text = |content: Option<&Content>| {
        content.map_or_else(|| "()".to_owned(), |content| text::content(names, content))
    };
    named
        .map(|(content, name)| (name.to_string(), text(content)))
        .collect()
}

/// Returns the alternatives of an operation's security, each in words.
fn security(api: &Api, operation: &model::Operation) -> Vec<String> {
    let alternatives = operation.security.iter().map(|requirement| {
        let schemes = requirement.schemes.iter().map(|(index, scopes)| {
            let name = api
                .schemes
                .get(*index)
                .map_or("", |scheme| scheme.name.as_str());
            if scopes.is_empty() {
                name.to_owned()
            } else {
                format!("{name} ({})", scopes.join(" "))
            }
        });
        let schemes: Vec<_> = schemes.collect();
        if schemes.is_empty() {
            "no authorization".to_owned()
        } else {
            schemes.join(" and ")
        }
    });
    alternatives.collect()
}
