//! Pages: whether an operation gives a list part by part, and how the parts follow each other.
//!
//! A document can say it, by `x-accredit-pagination`, and so can the configuration. Otherwise it is
//! seen from a `GET` whose success is JSON, by the first of these rules that holds:
//!
//! 1. *Cursor.* A query parameter is named like one that takes a cursor (`cursor`, `page_token`,
//!    `starting_after`, …), and a text or a number of the body like one that gives it (`next_cursor`,
//!    `nextPageToken`, `endCursor`, …).
//! 2. *URL.* A text of the body is named `next` or the like, and is a URL by its format, by the rest
//!    of its name or because it stands among links.
//! 3. *`Link` header.* A success declares one, there is a list, and a parameter that pages have.
//! 4. *Links.* The body has a list of links with `rel` and `href` beside the list itself, and there is
//!    a parameter that pages have.
//! 5. *Offset.* There are integers named like an offset and like a limit in the query, and a list.
//! 6. *Number.* There is an integer named like the number of a page in the query, the document says
//!    where it begins (by a default or a minimum of 0 or 1), and there is a list.
//!
//! Names are compared without case and punctuation. Values of the body are looked for at its top and
//! in objects that are named like ones about pages: `meta`, `paging`, `_links`, … The list is the body
//! itself, or its only array, or the one of several that is named like a list or like the end of the
//! path; also that of an object named `data` or the like.

mod shape;
mod words;

use std::collections::{BTreeMap, BTreeSet};

use http::Method;
use openapiv3::{ParameterData, ParameterSchemaOrContent};

use self::shape::Shape;
pub(super) use self::words::normal;
use self::words::{CURSORS, LIMITS, MORE, NEXT_CURSORS, NEXT_URLS, NUMBERS, OFFSETS};
use super::Lowerer;
use super::resolve::Part;
use crate::config::Pagination;
use crate::config::pagination::{self, EXTENSION};
use crate::diagnostics::Code;
use crate::model::{Location, Next, Operation, OperationId, Pages, Scalar, Type};
use crate::pointer::Pointer;

/// What the model doesn't say of operations.
#[derive(Debug, Default)]
pub(super) struct Facts {
    /// Where parameters that count begin.
    firsts: BTreeMap<(OperationId, String), u64>,
    /// Operations whose success has a `Link` header.
    linked: BTreeSet<OperationId>,
    declared: BTreeMap<OperationId, (Pagination, Pointer)>,
}

impl<'a> Lowerer<'a, '_> {
    /// Notes where a parameter begins to count: at its default, or else at its minimum.
    pub(super) fn note_first(
        &mut self,
        operation: OperationId,
        parameter: &'a ParameterData,
        at: &Pointer,
    ) {
        let key = (operation, parameter.name.clone());
        // That of the path is overridden.
        self.facts.pages.firsts.remove(&key);
        let ParameterSchemaOrContent::Schema(schema) = &parameter.format else {
            return;
        };
        let merged = self.merge(&[Part::new(schema, at.child("schema"))], None);
        let mut atoms = merged.atoms.iter();
        let default = atoms.find_map(|atom| atom.keywords.data().default.as_ref());
        let first = if let Some(default) = default {
            default.as_u64()
        } else {
            let minimum = merged.atoms.iter().find_map(|atom| atom.keywords.minimum);
            let mut firsts = [0_u8, 1].into_iter();
            let first = firsts.find(|first| minimum == Some(f64::from(*first)));
            first.map(u64::from)
        };
        if let Some(first) = first {
            self.facts.pages.firsts.insert(key, first);
        }
    }
}

impl Lowerer<'_, '_> {
    /// Notes what the document and the configuration say of an operation's pages.
    pub(super) fn note_pages(
        &mut self,
        id: OperationId,
        operation: &openapiv3::Operation,
        configured: Option<Pagination>,
        at: &Pointer,
    ) {
        let successes = operation.responses.responses.iter();
        let successes = successes.filter(|(status, _)| match status {
            openapiv3::StatusCode::Code(code) => code / 100 == 2,
            openapiv3::StatusCode::Range(class) => *class == 2,
        });
        let mut headers = successes
            .filter_map(|(_, response)| self.response_behind(response))
            .flat_map(|response| response.headers.keys());
        if headers.any(|name| name.eq_ignore_ascii_case("link")) {
            self.facts.pages.linked.insert(id);
        }
        let extension = (EXTENSION, operation.extensions.get(EXTENSION));
        let what = "how pages follow each other";
        if let Some(declared) = self.declared(configured, extension, Pagination::read, what, at) {
            self.facts.pages.declared.insert(id, declared);
        }
    }

    /// Finds out which operations give pages.
    pub(super) fn recognise_pages(&mut self) {
        for index in 0..self.api.operations.len() {
            let id = OperationId::new(index);
            let pages = match self.facts.pages.declared.get(&id).cloned() {
                Some((declared, at)) => self.declared_pages(id, declared, &at),
                None => self.seen_pages(id),
            };
            self.api.operations[index].pages = pages;
        }
    }

    /// Returns the pages that are declared, as far as the operation has what they are made of.
    fn declared_pages(
        &mut self,
        id: OperationId,
        declared: Pagination,
        at: &Pointer,
    ) -> Option<Pages> {
        let operation = &self.api.operations[id.index()];
        let place = |pointer: &Pointer| pointer.tokens().to_vec();
        let (parameter, next) = match declared.next {
            pagination::Next::None => return None,
            pagination::Next::Cursor { parameter, at } => {
                let at = place(&at);
                (Some(parameter.clone()), Next::Cursor { parameter, at })
            }
            pagination::Next::Offset { parameter, first } => {
                (Some(parameter.clone()), Next::Offset { parameter, first })
            }
            pagination::Next::Page { parameter, first } => {
                (Some(parameter.clone()), Next::Number { parameter, first })
            }
            pagination::Next::Header => (None, Next::Header),
            pagination::Next::Url { at } => (None, Next::Url { at: place(&at) }),
            pagination::Next::Links { at } => (None, Next::Links { at: place(&at) }),
        };
        let fault = match (self.page_shape(operation), parameter) {
            (None, _) => Some("an operation that gives pages answers with JSON".to_owned()),
            (_, Some(name)) if query(operation, &[&normal(&name)]).next().is_none() => {
                Some(format!("the operation has no query parameter `{name}`"))
            }
            (Some(shape), _) => {
                let items = declared.items.as_ref().map(place);
                let items = items.or_else(|| shape.items(&operation.path));
                let is_list = items.as_ref().is_none_or(|items| shape.is_list(items));
                if is_list {
                    return Some(Pages {
                        next,
                        items,
                        more: declared.more.as_ref().map(place),
                    });
                }
                Some("no list stands where the items are to be".to_owned())
            }
        };
        let message = fault.unwrap_or_default();
        self.warn(Code::InvalidPart, at, format!("{message}; it has no pages"));
        None
    }

    fn page_shape<'s>(&'s self, operation: &'s Operation) -> Option<Shape<'s>> {
        let body = operation.page()?;
        Some(Shape::new(&self.api, &self.facts, body))
    }

    /// Returns the pages that are seen from the operation's own shape.
    fn seen_pages(&self, id: OperationId) -> Option<Pages> {
        let operation = &self.api.operations[id.index()];
        let shape = self
            .page_shape(operation)
            .filter(|_| operation.method == Method::GET)?;
        let items = shape.items(&operation.path);
        let next = cursor(operation, &shape).or_else(|| {
            let url = shape.value(NEXT_URLS, Shape::is_url);
            url.map(|at| Next::Url { at })
        });
        let next = match next {
            Some(next) => next,
            None if items.is_some() => self.counted_or_linked(id, &shape)?,
            None => return None,
        };
        let more = shape.value(MORE, Shape::is_bool);
        Some(Pages { next, items, more })
    }

    /// Returns what leads on from a list that doesn't say what comes next in a value of its body.
    fn counted_or_linked(&self, id: OperationId, shape: &Shape<'_>) -> Option<Next> {
        let operation = &self.api.operations[id.index()];
        let pageable = [CURSORS, OFFSETS, NUMBERS, LIMITS].concat();
        let is_pageable = query(operation, &pageable).next().is_some();
        if is_pageable && self.facts.pages.linked.contains(&id) {
            return Some(Next::Header);
        }
        if is_pageable && let Some(at) = shape.links() {
            return Some(Next::Links { at });
        }
        let first = |name: &str| {
            let key = (id, name.to_owned());
            self.facts.pages.firsts.get(&key).copied()
        };
        let has_limit = self.integers(operation, LIMITS).next().is_some();
        if let Some(name) = self
            .integers(operation, OFFSETS)
            .next()
            .filter(|_| has_limit)
        {
            // These two count what is passed over; the others can begin at 1.
            let counts_passed = matches!(normal(name).as_str(), "offset" | "skip");
            let first = first(name).or(counts_passed.then_some(0))?;
            let parameter = name.to_owned();
            return Some(Next::Offset { parameter, first });
        }
        let name = self.integers(operation, NUMBERS).next()?;
        let first = first(name).filter(|first| *first <= 1)?;
        let parameter = name.to_owned();
        Some(Next::Number { parameter, first })
    }

    /// Returns the query parameters of a name among these that are integers.
    fn integers<'o>(
        &self,
        operation: &'o Operation,
        names: &[&str],
    ) -> impl Iterator<Item = &'o str> {
        let parameters = operation.parameters.iter();
        let integers = parameters.filter(|parameter| {
            let ty = self.api.resolved(&parameter.ty);
            matches!(
                ty,
                Type::Scalar(Scalar::I32 | Scalar::I64 | Scalar::U32 | Scalar::U64)
            )
        });
        let integers: Vec<_> = integers.map(|parameter| parameter.name.as_str()).collect();
        query(operation, names).filter(move |name| integers.contains(name))
    }
}

/// Returns a parameter that takes a cursor, with the value of the body that is one.
fn cursor(operation: &Operation, shape: &Shape<'_>) -> Option<Next> {
    let parameter = query(operation, CURSORS).next()?;
    let at = shape.value(NEXT_CURSORS, |shape, place, field| {
        shape.is_scalar(field) && !shape.is_url(place, field)
    })?;
    let parameter = parameter.to_owned();
    Some(Next::Cursor { parameter, at })
}

/// Returns the query parameters of a name among these, in document order.
fn query<'o>(operation: &'o Operation, names: &[&str]) -> impl Iterator<Item = &'o str> {
    let parameters = operation.parameters.iter();
    parameters.filter_map(move |parameter| {
        let name = normal(&parameter.name);
        let is_known = parameter.location == Location::Query && names.contains(&name.as_str());
        is_known.then_some(parameter.name.as_str())
    })
}

#[cfg(test)]
mod tests;
