//! Operations: what stands under `paths`.

use std::collections::{BTreeMap, BTreeSet};

use http::Method;
use openapiv3::{PathItem, ReferenceOr};

use super::Lowerer;
use super::content::Use;
use super::schema::Place;
use crate::config::Candidate;
use crate::diagnostics::Code;
use crate::extensions;
use crate::model::{
    Body, Docs, Group, Location, Operation, OperationId, Parameter, ParameterContent, Role, Scalar,
    Style, Type,
};
use crate::pointer::Pointer;

/// The tag of operations that have none.
const DEFAULT_TAG: &str = "default";

/// Names that are taken already.
#[derive(Debug, Default)]
struct Taken<'a> {
    ids: BTreeSet<String>,
    groups: BTreeMap<String, usize>,
    /// The tags by which operations aren't grouped.
    marks: BTreeSet<&'a str>,
}

impl Taken<'_> {
    /// Returns the first tag that groups operations, or else the first of all.
    fn grouping_tag<'o>(&self, tags: &'o [String]) -> Option<&'o str> {
        let mut all = tags.iter().map(String::as_str);
        all.find(|tag| !self.marks.contains(tag))
            .or_else(|| tags.first().map(String::as_str))
    }
}

impl<'a> Lowerer<'a, '_> {
    /// Lowers every operation, in document order.
    pub(super) fn lower_operations(&mut self) {
        let document = self.document;
        let marks = document.tags.iter();
        let marks = marks.filter(|tag| !extensions::groups(&tag.extensions));
        let mut taken = Taken {
            marks: marks.map(|tag| tag.name.as_str()).collect(),
            ..Taken::default()
        };
        for (path, item) in &document.paths.paths {
            let at = self.place.child("paths").child(path.as_str());
            match item {
                ReferenceOr::Item(item) => self.path_item(path, item, &at, &mut taken),
                ReferenceOr::Reference { reference } => self.unresolved(reference, &at),
            }
        }
    }

    fn path_item(&mut self, path: &str, item: &'a PathItem, at: &Pointer, taken: &mut Taken<'_>) {
        let known = item.iter().filter_map(|(method, operation)| {
            let http_method = Method::from_bytes(method.to_uppercase().as_bytes());
            Some((http_method.ok()?, at.child(method), operation))
        });
        let further = self.further.and_then(|further| further.get(path));
        let further = further.into_iter().flatten();
        let further = further.map(|further| {
            let at = further
                .place
                .iter()
                .fold(at.clone(), |at, key| at.child(key.as_str()));
            (further.method.clone(), at, &further.operation)
        });
        for (http_method, at, operation) in known.chain(further) {
            let declared = operation.operation_id.as_deref();
            let id = self.operation_id(path, &http_method, declared, &at, taken);
            let candidate = Candidate {
                id: &id,
                method: http_method.as_str(),
                path,
                tags: &operation.tags,
            };
            if !self.selection.takes(candidate, &mut self.used) {
                self.left_out.push(at);
                continue;
            }
            if !operation.callbacks.is_empty() {
                let message = "callbacks aren't generated: they are requests to the client";
                self.warn(Code::Unsupported, &at.child("callbacks"), message);
            }
            let declared = self
                .selection
                .pagination(candidate, &mut self.used)
                .cloned();
            let polled = self.selection.polling(candidate, &mut self.used).cloned();
            let suspicion = self.selection.suspicion(candidate, &mut self.used).cloned();
            let name = (id, http_method);
            let mut lowered = self.operation(path, name, item, operation, &at, taken);
            lowered.suspicion = suspicion;
            let index = OperationId::new(self.api.operations.len());
            self.note_pages(index, operation, declared, &at);
            self.note_polling(index, operation, polled, &at);
            self.api.operations.push(lowered);
        }
    }

    /// Returns the index of an operation's own servers: those of the operation, else those of its
    /// path (OpenAPI 3.0 §4.7.9.1, §4.7.10.1).
    fn own_servers(
        &mut self,
        item: &'a PathItem,
        item_at: &Pointer,
        operation: &'a openapiv3::Operation,
        at: &Pointer,
    ) -> Option<usize> {
        let (declared, at) = if operation.servers.is_empty() {
            (&item.servers, item_at)
        } else {
            (&operation.servers, at)
        };
        if declared.is_empty() || *declared == self.document.servers {
            return None;
        }
        let servers = self.servers(declared, &at.child("servers"));
        let lists = &mut self.api.operation_servers;
        let known = lists.iter().position(|known| *known == servers);
        Some(known.unwrap_or_else(|| {
            lists.push(servers);
            lists.len() - 1
        }))
    }

    fn operation(
        &mut self,
        path: &str,
        (name, method): (String, Method),
        item: &'a PathItem,
        operation: &'a openapiv3::Operation,
        at: &Pointer,
        taken: &mut Taken<'_>,
    ) -> Operation {
        let id = OperationId::new(self.api.operations.len());
        let group = self.group(taken.grouping_tag(&operation.tags), taken);
        let item_at = self.place.child("paths").child(path);
        let mut parameters = self.parameters(&item.parameters, &item_at, id);
        for parameter in self.parameters(&operation.parameters, at, id) {
            let same = |known: &Parameter| {
                known.name == parameter.name && known.location == parameter.location
            };
            match parameters.iter().position(same) {
                Some(overridden) => parameters[overridden] = parameter,
                None => parameters.push(parameter),
            }
        }
        let segments = segments(path);
        self.match_template(&segments, &mut parameters, at);
        // Stable: each part stays in document order.
        parameters.sort_by_key(|parameter| !parameter.required);
        let body = operation
            .request_body
            .as_ref()
            .and_then(|body| self.body(body, at, id));
        let is_head = method == Method::HEAD;
        let (successes, failures) = self.responses(&operation.responses, at, id, is_head);
        let title = operation.summary.clone().or_else(|| item.summary.clone());
        let description = operation
            .description
            .clone()
            .or_else(|| item.description.clone());
        let filled = |text: Option<String>| text.filter(|text| !text.trim().is_empty());
        Operation {
            id: name,
            method,
            path: path.to_owned(),
            group,
            docs: Docs {
                title: filled(title),
                description: filled(description),
                deprecated: operation.deprecated,
                notes: Vec::new(),
            },
            parameters,
            body,
            successes,
            failures,
            security: self.requirements(operation.security.as_deref(), at),
            servers: self.own_servers(item, &item_at, operation, at),
            // Known when all types are.
            pages: None,
            polling: None,
            suspicion: None,
            asked: self.asked(&operation.extensions, at),
        }
    }

    fn operation_id(
        &mut self,
        path: &str,
        method: &Method,
        declared: Option<&str>,
        at: &Pointer,
        taken: &mut Taken<'_>,
    ) -> String {
        let declared = declared.map(str::trim).filter(|id| !id.is_empty());
        let wanted = declared.map_or_else(|| derived_id(method, path), str::to_owned);
        let mut id = wanted.clone();
        let mut count = 2_u32;
        while !taken.ids.insert(id.clone()) {
            id = format!("{wanted}_{count}");
            count += 1;
        }
        if declared.is_some() && id != wanted {
            let message = format!("another operation has the id `{wanted}`; this is named `{id}`");
            self.warn(Code::Mended, &at.child("operationId"), message);
        }
        id
    }

    fn group(&mut self, tag: Option<&str>, taken: &mut Taken<'_>) -> usize {
        let tag = tag
            .map(str::trim)
            .filter(|tag| !tag.is_empty())
            .unwrap_or(DEFAULT_TAG);
        if let Some(group) = taken.groups.get(tag) {
            return *group;
        }
        let group = self.api.groups.len();
        let declared = self
            .document
            .tags
            .iter()
            .find(|declared| declared.name == tag);
        self.api.groups.push(Group {
            tag: tag.to_owned(),
            description: declared.and_then(|declared| declared.description.clone()),
        });
        taken.groups.insert(tag.to_owned(), group);
        group
    }

    /// Makes the path parameters those of the template.
    fn match_template(
        &mut self,
        segments: &[Segment],
        parameters: &mut Vec<Parameter>,
        at: &Pointer,
    ) {
        let in_template = |name: &str| {
            segments
                .iter()
                .any(|segment| matches!(segment, Segment::Variable(variable) if variable == name))
        };
        parameters.retain(|parameter| {
            let used = parameter.location != Location::Path || in_template(&parameter.name);
            if !used {
                let message = format!(
                    "the path has no `{{{}}}` for this path parameter; left out",
                    parameter.name
                );
                self.warn(Code::InvalidPart, &at.child("parameters"), message);
            }
            used
        });
        for segment in segments {
            let Segment::Variable(name) = segment else {
                continue;
            };
            let known = parameters
                .iter()
                .any(|known| known.location == Location::Path && known.name == *name);
            if !known {
                let message = format!("the path's `{{{name}}}` isn't declared; taken as a string");
                self.warn(Code::Mended, at, message);
                parameters.push(Parameter {
                    name: name.clone(),
                    location: Location::Path,
                    required: true,
                    ty: Type::Scalar(Scalar::String),
                    content: ParameterContent::Styled {
                        style: Style::Simple,
                        explode: false,
                        allow_reserved: false,
                    },
                    docs: Docs::default(),
                    default: None,
                    pointer: at.clone(),
                    constraints: None,
                });
            }
        }
    }

    fn body(
        &mut self,
        body: &'a ReferenceOr<openapiv3::RequestBody>,
        at: &Pointer,
        id: OperationId,
    ) -> Option<Body> {
        let at = at.child("requestBody");
        let body = self.resolve("requestBodies", |all| &all.request_bodies, body, at)?;
        let place = match body.key {
            Some(key) => Place::Key(key),
            None => Place::Of(id, Role::RequestBody),
        };
        let content_at = body.pointer.child("content");
        let contents = self.contents(&body.value.content, &content_at, &place, Use::Request);
        if contents.is_empty() {
            let message = "the request body has no media type; the operation takes no body";
            self.warn(Code::InvalidPart, &body.pointer, message);
            return None;
        }
        Some(Body {
            required: body.value.required,
            contents,
            description: body.value.description.clone(),
        })
    }
}

/// A part of a path template.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Segment {
    Literal(String),
    /// The name of a path parameter.
    Variable(String),
}

/// Returns the parts of a template: text and `{variables}`. A brace without its partner is text.
pub(super) fn segments(template: &str) -> Vec<Segment> {
    let mut segments = Vec::new();
    let mut literal = String::new();
    let mut rest = template;
    while let Some(open) = rest.find('{') {
        let (before, after) = rest.split_at(open);
        literal.push_str(before);
        let name = after[1..]
            .find(['{', '}'])
            .filter(|end| after[1..][*end..].starts_with('}'));
        match name {
            Some(end) if end > 0 => {
                if !literal.is_empty() {
                    segments.push(Segment::Literal(std::mem::take(&mut literal)));
                }
                segments.push(Segment::Variable(after[1..=end].to_owned()));
                rest = &after[end + 2..];
            }
            _ => {
                literal.push('{');
                rest = &after[1..];
            }
        }
    }
    literal.push_str(rest);
    if !literal.is_empty() {
        segments.push(Segment::Literal(literal));
    }
    segments
}

/// Returns an id for an operation without one: `get_orders_by_id` for `GET /orders/{id}`.
fn derived_id(method: &Method, path: &str) -> String {
    let mut words = vec![method.as_str().to_lowercase()];
    for segment in segments(path) {
        match segment {
            Segment::Literal(text) => {
                let parts = text.split(|c: char| !c.is_alphanumeric());
                words.extend(parts.filter(|part| !part.is_empty()).map(str::to_owned));
            }
            Segment::Variable(name) => {
                words.push("by".to_owned());
                words.push(name);
            }
        }
    }
    words.join("_")
}

#[cfg(test)]
mod tests {
    use indoc::indoc;

    use super::super::testing::{lower, lower_paths};
    use super::*;

    #[test]
    fn a_template_is_text_and_variables() {
        let literal = |text: &str| Segment::Literal(text.to_owned());
        let variable = |name: &str| Segment::Variable(name.to_owned());
        assert_eq!(
            segments("/a/{id}:run/{b}{c}"),
            [
                literal("/a/"),
                variable("id"),
                literal(":run/"),
                variable("b"),
                variable("c")
            ]
        );
        assert_eq!(
            segments("/a{/{b}}/{}"),
            [literal("/a{/"), variable("b"), literal("}/{}")]
        );
    }

    #[test]
    fn an_operation_overrides_the_parameters_of_its_path() {
        let lowered = lower_paths(indoc! {"
            /a/{id}:
              parameters:
              - {name: limit, in: query, schema: {type: string}}
              - {name: id, in: path, required: true, schema: {type: string}}
              get:
                parameters:
                - {name: limit, in: query, schema: {type: integer}}
                - {name: accept, in: header, schema: {type: string}}
                responses: {'200': {description: ''}}
        "});
        let parameters = &lowered.api.operations[0].parameters;
        let shown: Vec<_> = parameters
            .iter()
            .map(|parameter| {
                (
                    parameter.name.as_str(),
                    parameter.required,
                    lowered.ty(&parameter.ty),
                )
            })
            .collect();
        assert_eq!(
            shown,
            [
                ("id", true, "String".to_owned()),
                ("limit", false, "i64".to_owned())
            ]
        );
        assert_eq!(lowered.told, []);
    }

    #[test]
    fn path_parameters_are_those_of_the_template() {
        let lowered = lower_paths(indoc! {"
            /a/{id}:
              get:
                parameters: [{name: other, in: path, required: true, schema: {type: string}}]
                responses: {'200': {description: ''}}
        "});
        let parameters = &lowered.api.operations[0].parameters;
        assert_eq!(parameters.len(), 1);
        assert_eq!(parameters[0].name, "id");
        let codes: Vec<_> = lowered.told.iter().map(|(code, _)| *code).collect();
        assert_eq!(codes, [Code::InvalidPart, Code::Mended]);
    }

    #[test]
    fn ids_are_derived_and_unique_and_tags_are_groups() {
        let lowered = lower_paths(indoc! {"
            /a-b/{id}:
              parameters: [{name: id, in: path, required: true, schema: {type: string}}]
              get: {tags: [x, y], responses: {'200': {description: ''}}}
              put: {operationId: same, responses: {'200': {description: ''}}}
              post: {operationId: same, tags: [x], responses: {'200': {description: ''}}}
        "});
        let shown: Vec<_> = lowered
            .api
            .operations
            .iter()
            .map(|operation| (operation.id.as_str(), operation.group))
            .collect();
        assert_eq!(shown, [("get_a_b_by_id", 0), ("same", 1), ("same_2", 0)]);
        let tags: Vec<_> = lowered
            .api
            .groups
            .iter()
            .map(|group| group.tag.as_str())
            .collect();
        assert_eq!(tags, ["x", "default"]);
        assert_eq!(lowered.told.len(), 1);
    }

    #[test]
    fn styles_have_the_defaults_of_their_location() {
        let lowered = lower_paths(indoc! {"
            /a:
              get:
                parameters:
                - {name: a, in: query, schema: {type: array, items: {type: string}}}
                - {name: b, in: query, style: pipeDelimited, schema: {type: array, items: {type: string}}}
                - {name: c, in: header, schema: {type: string}}
                - {name: d, in: query, content: {application/json: {schema: {type: object}}}}
                responses: {'200': {description: ''}}
        "});
        let styled = |style, explode| ParameterContent::Styled {
            style,
            explode,
            allow_reserved: false,
        };
        let shown: Vec<_> = lowered.api.operations[0]
            .parameters
            .iter()
            .map(|parameter| parameter.content.clone())
            .collect();
        assert_eq!(
            shown,
            [
                styled(Style::Form, true),
                styled(Style::PipeDelimited, false),
                styled(Style::Simple, false),
                ParameterContent::Json,
            ]
        );
    }

    #[test]
    fn a_schema_of_a_shared_response_is_named_after_it() {
        let lowered = lower(indoc! {"
            openapi: 3.0.3
            info: {title: T, version: '1'}
            paths:
              /a:
                get:
                  security: []
                  responses: {'200': {description: ''}, default: {$ref: '#/components/responses/Bad'}}
            components:
              responses:
                Bad: {description: '', content: {application/json: {schema: {properties: {a: {type: string}}}}}}
        "});
        assert_eq!(lowered.types(), "Bad { a?: String }\n");
    }
}
