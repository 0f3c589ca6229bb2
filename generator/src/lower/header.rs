//! Headers of responses: values like those of header parameters, read instead of written.

use indexmap::IndexMap;
use openapiv3::{Header, ReferenceOr};

use super::Lowerer;
use super::parameter::describe;
use super::schema::Place;
use crate::extensions;
use crate::model::{Docs, Location, Parameter, ParameterContent, Role, Style};
use crate::pointer::Pointer;

impl<'a> Lowerer<'a, '_> {
    /// Lowers the headers of a response or of a part.
    pub(super) fn headers(
        &mut self,
        headers: &'a IndexMap<String, ReferenceOr<Header>>,
        at: &Pointer,
        place: &Place<'a>,
    ) -> Vec<Parameter> {
        let mut lowered = Vec::new();
        for (name, header) in headers {
            // The media type says it already: such a header "SHALL be ignored" (OpenAPI 3.0 §4.7.17.1).
            if name.eq_ignore_ascii_case("content-type") {
                continue;
            }
            let at = at.child(name.as_str());
            let found = self.resolve("headers", |all| &all.headers, header, at);
            let Some(found) = found else { continue };
            let header = found.value;
            let place = match (found.key, place) {
                (Some(key), _) => Place::Key(key),
                (None, Place::Of(id, _)) => Place::Of(*id, Role::Parameter(name.clone())),
                (None, other) => other.clone(),
            };
            let styled = ParameterContent::Styled {
                style: Style::Simple,
                explode: extensions::is_exploded(&header.extensions).unwrap_or(false),
                allow_reserved: false,
            };
            let mut docs = Docs::default();
            let at = &found.pointer;
            let (ty, content) = self.value(&header.format, at, styled, &place, &mut docs);
            let default = self.note_default(&header.format, at, &mut docs);
            describe(&mut docs, header.description.as_ref(), header.deprecated);
            lowered.push(Parameter {
                name: name.clone(),
                location: Location::Header,
                required: header.required,
                ty,
                content,
                docs,
                default,
                pointer: at.clone(),
                constraints: None,
            });
        }
        lowered
    }
}

#[cfg(test)]
mod tests {
    use indoc::indoc;

    use super::super::testing::lower;
    use crate::model::Operation;

    #[test]
    fn a_header_is_required_where_every_response_has_it() {
        let lowered = lower(indoc! {"
            openapi: 3.0.3
            info: {title: T, version: '1'}
            paths:
              /a:
                get:
                  security: []
                  responses:
                    '200':
                      description: ''
                      headers:
                        Content-Type: {schema: {type: string}}
                        X-Total: {required: true, schema: {type: integer}}
                        ETag: {$ref: '#/components/headers/ETag'}
                        X-Range: {schema: {type: array, items: {type: integer}}}
                    '206':
                      description: ''
                      headers:
                        etag: {$ref: '#/components/headers/ETag'}
                        x-range: {schema: {type: integer}}
                    '404': {description: ''}
            components:
              headers:
                ETag: {required: true, description: The version., schema: {type: string}}
        "});
        let operation = &lowered.api.operations[0];
        let headers = Operation::headers(&operation.successes);
        let shown: Vec<_> = headers
            .iter()
            .map(|header| {
                let ty = header.ty().map(|ty| lowered.ty(ty));
                (header.parameter.name.as_str(), header.required, ty)
            })
            .collect();
        let integer = Some("i64".to_owned());
        let string = Some("String".to_owned());
        assert_eq!(
            shown,
            [
                ("X-Total", false, integer),
                ("ETag", true, string),
                ("X-Range", false, None)
            ]
        );
        assert!(Operation::headers(&operation.failures).is_empty());
    }
}
