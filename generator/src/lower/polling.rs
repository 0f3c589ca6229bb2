//! Long-running operations: whether what an operation starts can be asked for until it is done.
//!
//! A document can say it, by `x-accredit-polling`, and so can the configuration. Otherwise it is seen by
//! the first of these rules that holds; an operation of which none surely does isn't polled:
//!
//! 1. *`x-ms-long-running-operation`* is `true`. The URL of the state is in `Azure-AsyncOperation`,
//!    `Operation-Location` or `Location`, or is the operation's own for `PUT` and `PATCH`; where the result
//!    is, `final-state-via` says, or else the method: at the operation's own URL for these two.
//! 2. *A 202 declares `Operation-Location` or `Azure-AsyncOperation`*: headers that have no other use.
//! 3. *A 202 declares `Location`*, and a single `GET` of the document is what is found there: a link
//!    of the response (OpenAPI 3.0 §4.7.20) names it, it answers with what the 202 has, or its path is
//!    that of the operation and one parameter more. And it tells that it is done: it answers 202
//!    itself meanwhile, or has a state. `Location` alone can as well be that of what was made.
//! 4. *A `GET` answers 202* beside another success: it is asked again.
//!
//! A state is a property named `status` or `state` of which each value of its `enum` is known to mean that
//! it goes on, has succeeded or has failed, and that has values of the first two.

mod words;

use std::collections::BTreeMap;

use http::Method;
use openapiv3::{LinkOperation, ReferenceOr};
use serde_json::Value;

use self::words::{Meaning, STATES, meaning};
use super::Lowerer;
use super::pages::normal;
use crate::config::Polling as Declared;
use crate::config::polling::{EXTENSION, FinalState, Way};
use crate::diagnostics::Code;
use crate::model::{
    Api, Content, ContentKind, Operation, OperationId, Polling, PollingResult, Response,
    ResultPlace, StatusPattern, Type, TypeKind,
};
use crate::pointer::Pointer;

/// Headers that have the URL of a state and no other use.
const MONITORS: [&str; 2] = ["azure-asyncoperation", "operation-location"];

const LOCATION: &str = "location";

/// What the model doesn't say of operations.
#[derive(Debug, Default)]
pub(super) struct Facts {
    /// By operation, the first one of its document.
    firsts: Vec<usize>,
    declared: BTreeMap<OperationId, (Declared, Pointer)>,
    /// Those that are long-running by the extension of Microsoft, with `final-state-via`.
    marked: BTreeMap<OperationId, Option<String>>,
    /// By operation, the operations that links of its 202 name.
    links: BTreeMap<OperationId, Vec<String>>,
}

/// A state among the properties of a body.
#[derive(Debug, Clone)]
struct State {
    at: Vec<String>,
    succeeded: Vec<String>,
    failed: Vec<String>,
}

impl Lowerer<'_, '_> {
    /// Notes what the document and the configuration say of how an operation is polled.
    pub(super) fn note_polling(
        &mut self,
        id: OperationId,
        operation: &openapiv3::Operation,
        configured: Option<Declared>,
        at: &Pointer,
    ) {
        self.facts.polling.firsts.push(self.first_operation);
        let extensions = &operation.extensions;
        if extensions.get("x-ms-long-running-operation") == Some(&Value::Bool(true)) {
            let options = extensions.get("x-ms-long-running-operation-options");
            let via = options.and_then(|options| options.get("final-state-via")?.as_str());
            self.facts.polling.marked.insert(id, via.map(str::to_owned));
        }
        let accepted = operation
            .responses
            .responses
            .get(&openapiv3::StatusCode::Code(202));
        let links = accepted.map(|accepted| self.linked(accepted));
        if let Some(links) = links.filter(|links| !links.is_empty()) {
            self.facts.polling.links.insert(id, links);
        }
        let extension = (EXTENSION, extensions.get(EXTENSION));
        let what = "how an operation is polled";
        if let Some(declared) = self.declared(configured, extension, Declared::read, what, at) {
            self.facts.polling.declared.insert(id, declared);
        }
    }

    /// Returns the operations that the links of a response name.
    fn linked(&self, response: &ReferenceOr<openapiv3::Response>) -> Vec<String> {
        let response = self.response_behind(response);
        let links = response.into_iter().flat_map(|response| &response.links);
        let links = links.filter_map(|(_, link)| match &link.as_item()?.operation {
            LinkOperation::OperationId(id) => Some(id.clone()),
            LinkOperation::OperationRef(_) => None,
        });
        links.collect()
    }

    /// Finds out which operations are polled.
    pub(super) fn recognise_polling(&mut self) {
        for index in 0..self.api.operations.len() {
            let id = OperationId::new(index);
            let polling = match self.facts.polling.declared.get(&id).cloned() {
                Some((declared, at)) => self.declared_polling(id, declared, &at),
                None => self.seen_polling(id),
            };
            self.api.operations[index].polling = polling;
        }
    }

    /// Returns how the operation is polled as it is declared, as far as there is what it speaks of.
    fn declared_polling(
        &mut self,
        id: OperationId,
        declared: Declared,
        at: &Pointer,
    ) -> Option<Polling> {
        let (headers, asks_again) = match declared.way {
            Way::Off => return None,
            Way::Header(name) => (vec![name], false),
            Way::Again => (Vec::new(), true),
        };
        let asked = declared.operation.map(|name| {
            let mut found = self.gets_beside(id).filter(|other| other.id == name);
            found.next().ok_or(name)
        });
        let result = match &asked {
            Some(Ok(found)) => result_of(&found.successes),
            Some(Err(name)) => {
                let message = format!("no `GET` has the id `{name}`; it isn't known what it gives");
                self.warn(Code::InvalidPart, at, message);
                PollingResult::Answer
            }
            None => self.own_result(id),
        };
        Some(Polling {
            headers,
            asks_again,
            state: declared.state.map(|at| at.tokens().to_vec()),
            succeeded: declared.succeeded,
            failed: declared.failed,
            place: match declared.result {
                FinalState::Answer => ResultPlace::Answer,
                FinalState::Location => ResultPlace::Location,
                FinalState::OriginalUri => ResultPlace::OriginalUri,
            },
            result,
        })
    }

    /// Returns how the operation is polled, as its shape and those of its document show it.
    fn seen_polling(&self, id: OperationId) -> Option<Polling> {
        let operation = &self.api.operations[id.index()];
        if let Some(via) = self.facts.polling.marked.get(&id) {
            return Some(self.marked(id, via.as_deref()));
        }
        let mut successes = operation.successes.iter();
        let accepted = successes.find(|response| is_accepted(response))?;
        let declares = |name: &&str| {
            let mut headers = accepted.headers.iter();
            headers.any(|header| header.name.eq_ignore_ascii_case(name))
        };
        let monitors = MONITORS.iter().filter(|name| declares(name));
        let monitors: Vec<String> = monitors.map(|name| (*name).to_owned()).collect();
        if !monitors.is_empty() {
            let found = self.found_at(id, accepted);
            let shown = found.map(|found| (found_result(found), state_of(&self.api, found)));
            let own = || {
                let state = json(accepted).and_then(|(_, ty)| state(&self.api, ty))?;
                Some((result_of(std::slice::from_ref(accepted)), Some(state)))
            };
            let shown = shown.or_else(own);
            let (result, state) = shown.unwrap_or((PollingResult::Answer, None));
            return Some(polling(monitors, state, agreed(operation, result)));
        }
        if declares(&LOCATION) {
            let found = self.found_at(id, accepted)?;
            let result = agreed(operation, found_result(found));
            let state = state_of(&self.api, found);
            return Some(polling(vec![LOCATION.to_owned()], state, result));
        }
        if operation.method == Method::GET && operation.successes.len() > 1 {
            let result = match result_of(&operation.successes) {
                PollingResult::Answer => PollingResult::Own,
                result => result,
            };
            return Some(Polling {
                asks_again: true,
                ..polling(Vec::new(), None, result)
            });
        }
        None
    }

    /// Returns how an operation is polled that Microsoft's extension marks
    /// (<https://github.com/Azure/autorest/blob/main/docs/extensions/readme.md>).
    fn marked(&self, id: OperationId, via: Option<&str>) -> Polling {
        let operation = &self.api.operations[id.index()];
        let is_in_place = matches!(operation.method, Method::PUT | Method::PATCH);
        let place = match via {
            Some("location") => ResultPlace::Location,
            Some("original-uri") => ResultPlace::OriginalUri,
            Some("azure-async-operation" | "operation-location") => ResultPlace::Answer,
            _ if is_in_place => ResultPlace::OriginalUri,
            _ => ResultPlace::Location,
        };
        let result = self.own_result(id);
        let place = match result {
            PollingResult::Nothing => ResultPlace::Answer,
            _ => place,
        };
        let headers = MONITORS.iter().chain(&[LOCATION]);
        Polling {
            asks_again: is_in_place || operation.method == Method::GET,
            place,
            ..polling(
                headers.map(|name| (*name).to_owned()).collect(),
                None,
                result,
            )
        }
    }

    /// Returns what an operation ends in by its other successes than 202, or by the `GET` of its path.
    fn own_result(&self, id: OperationId) -> PollingResult {
        let operation = &self.api.operations[id.index()];
        if !operation.successes.iter().all(is_accepted) {
            return result_of(&operation.successes);
        }
        let mut of_path = self
            .gets_beside(id)
            .filter(|other| other.path == operation.path);
        of_path
            .next()
            .map_or(PollingResult::Answer, |found| result_of(&found.successes))
    }

    /// Returns the `GET` operations of an operation's document.
    fn gets_beside(&self, id: OperationId) -> impl Iterator<Item = &Operation> {
        let firsts = &self.facts.polling.firsts;
        let operations = self.api.operations.iter().zip(firsts);
        operations.filter_map(move |(other, first)| {
            let is_beside = Some(first) == firsts.get(id.index()) && other.method == Method::GET;
            is_beside.then_some(other)
        })
    }

    /// Returns the only operation that can be what a header of the 202 leads to.
    fn found_at(&self, id: OperationId, accepted: &Response) -> Option<&Operation> {
        let operation = &self.api.operations[id.index()];
        let links = self.facts.polling.links.get(&id);
        let body = json(accepted).map(|(_, ty)| ty);
        let body = body.filter(|ty| matches!(ty, Type::Named(_)));
        let tells = |other: &&Operation| {
            let answers_meanwhile = other.successes.len() > 1;
            let answers_meanwhile = answers_meanwhile && other.successes.iter().any(is_accepted);
            answers_meanwhile || state_of(&self.api, other).is_some()
        };
        let ways: [&dyn Fn(&Operation) -> bool; 3] = [
            &|other| links.is_some_and(|links| links.contains(&other.id)),
            &|other| body.is_some() && body == other.page(),
            &|other| is_below(&other.path, &operation.path),
        ];
        ways.iter().find_map(|is_it| {
            let mut found = self.gets_beside(id).filter(tells).filter(|it| is_it(it));
            let first = found.next()?;
            found.next().is_none().then_some(first)
        })
    }
}

fn polling(headers: Vec<String>, state: Option<State>, result: PollingResult) -> Polling {
    let (state, succeeded, failed) = match state {
        Some(State {
            at,
            succeeded,
            failed,
        }) => (Some(at), succeeded, failed),
        None => (None, Vec::new(), Vec::new()),
    };
    Polling {
        headers,
        asks_again: false,
        state,
        succeeded,
        failed,
        place: ResultPlace::Answer,
        result,
    }
}

fn is_accepted(response: &Response) -> bool {
    response.status == StatusPattern::Code(202)
}

/// Returns the media type and the type of a response that is JSON.
fn json(response: &Response) -> Option<(&str, &Type)> {
    match response.contents.as_slice() {
        [
            Content {
                kind: ContentKind::Json(ty),
                media_type,
                ..
            },
        ] => Some((media_type, ty)),
        _ => None,
    }
}

/// Returns what successes are once it is done: those other than 202, if there are any.
fn result_of(successes: &[Response]) -> PollingResult {
    let is_only_accepted = successes.iter().all(is_accepted);
    let last = successes.iter();
    let mut last = last.filter(|response| is_only_accepted || !is_accepted(response));
    let Some(first) = last.next() else {
        return PollingResult::Answer;
    };
    let is_empty = |response: &Response| response.contents.is_empty();
    match json(first) {
        None if is_empty(first) && last.all(is_empty) => PollingResult::Nothing,
        Some((media_type, ty)) if last.all(|it| json(it).is_some_and(|(_, it)| it == ty)) => {
            PollingResult::Json {
                media_type: media_type.to_owned(),
                ty: ty.clone(),
            }
        }
        _ => PollingResult::Answer,
    }
}

/// Returns what the request for a state gives in the end: it can lead elsewhere.
fn found_result(found: &Operation) -> PollingResult {
    let mut failures = found.failures.iter();
    let leads_on = |it: &Response| matches!(it.status, StatusPattern::Code(302 | 303));
    if failures.any(leads_on) {
        PollingResult::Answer
    } else {
        result_of(&found.successes)
    }
}

/// Returns the result, unless the operation can be done at once with another one.
fn agreed(operation: &Operation, result: PollingResult) -> PollingResult {
    let is_always_accepted = operation.successes.iter().all(is_accepted);
    if is_always_accepted || result_of(&operation.successes) == result {
        result
    } else {
        PollingResult::Answer
    }
}

/// Returns the state in what an operation answers with, if it always answers with the same.
fn state_of(api: &Api, operation: &Operation) -> Option<State> {
    state(api, operation.page()?)
}

/// Returns the state in a body.
fn state(api: &Api, body: &Type) -> Option<State> {
    let fields = api.fields(body).iter();
    let properties = fields.clone().find(|field| field.name == "properties");
    let inner = properties.into_iter().flat_map(|outer| {
        let fields = api.fields(&outer.ty).iter();
        fields.map(|field| (vec![outer.name.clone(), field.name.clone()], field))
    });
    let fields = fields.map(|field| (vec![field.name.clone()], field));
    let mut fields = fields.chain(inner);
    fields.find_map(|(at, field)| {
        let is_state = STATES.contains(&normal(&field.name).as_str());
        let Type::Named(id) = api.resolved(&field.ty) else {
            return None;
        };
        let TypeKind::Enum(states) = &api.ty(*id).kind else {
            return None;
        };
        let states = states.values.iter().filter(|_| is_state);
        let states = states.map(|state| {
            let state = state.value.as_str()?;
            Some((state.to_lowercase(), meaning(state)?))
        });
        let states: Vec<_> = states.collect::<Option<_>>()?;
        let of = |wanted: Meaning| {
            let states = states.iter().filter(move |(_, meaning)| *meaning == wanted);
            states.map(|(state, _)| state.clone()).collect::<Vec<_>>()
        };
        let (succeeded, failed) = (of(Meaning::Succeeded), of(Meaning::Failed));
        let tells = !succeeded.is_empty() && !of(Meaning::GoesOn).is_empty();
        tells.then_some(State {
            at,
            succeeded,
            failed,
        })
    })
}

/// Returns whether a path is another one and one parameter more.
fn is_below(path: &str, outer: &str) -> bool {
    let rest = path.strip_prefix(outer.trim_end_matches('/'));
    let parameter = rest.and_then(|rest| rest.strip_prefix("/{")?.strip_suffix('}'));
    parameter.is_some_and(|name| !name.contains(['/', '{', '}']))
}

#[cfg(test)]
mod tests;
