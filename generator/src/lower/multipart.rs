//! Multipart bodies: each property of the schema is a part (OpenAPI 3.0 §4.7.14.4).

use openapiv3::{Encoding, MediaType};

use super::Lowerer;
use super::all_of::Merged;
use super::content::{is_json, is_of_files};
use super::keywords::Kind;
use super::resolve;
use super::schema::Place;
use crate::diagnostics::Code;
use crate::model::{Parameter, Part, PartKind, Role};
use crate::pointer::Pointer;

impl<'a> Lowerer<'a, '_> {
    /// Returns the parts of a multipart body; `None` where its schema names none.
    pub(super) fn multipart(
        &mut self,
        media_type: &'a MediaType,
        at: &Pointer,
        place: &Place<'a>,
    ) -> Option<Vec<Part>> {
        let schema = resolve::Part::new(media_type.schema.as_ref()?, at.child("schema"));
        let merged = self.merge(&[schema], None);
        let properties = merged.properties();
        if properties.is_empty() || !merged.choices.is_empty() {
            return None;
        }
        let required = merged.required();
        let mut parts = Vec::new();
        for (name, schemas) in &properties {
            let is_required = required.iter().any(|(required, _)| required == name);
            let encoding = media_type.encoding.get(*name);
            let content_type = encoding.and_then(|encoding| encoding.content_type.as_deref());
            let content_type = content_type.map(str::trim);
            let mut part = self.part(name, schemas, is_required, content_type, place);
            if let Some(encoding) = encoding {
                let at = at.child("encoding").child(*name).child("headers");
                part.headers = self.part_headers(encoding, &at, place);
            }
            parts.push(part);
        }
        Some(parts)
    }

    /// Returns the headers that the Encoding Object gives a part (OpenAPI 3.0 §4.7.15).
    fn part_headers(
        &mut self,
        encoding: &'a Encoding,
        at: &Pointer,
        place: &Place<'a>,
    ) -> Vec<Parameter> {
        let mut headers = self.headers(&encoding.headers, at, place);
        headers.retain(|header| {
            let is_own = header.name.eq_ignore_ascii_case("content-disposition");
            if is_own {
                let message = "the client writes the `Content-Disposition` of a part itself";
                self.warn(Code::Unsupported, &at.child(header.name.as_str()), message);
            }
            !is_own
        });
        headers
    }

    fn part(
        &mut self,
        name: &str,
        schemas: &[resolve::Part<'a>],
        is_required: bool,
        content_type: Option<&str>,
        place: &Place<'a>,
    ) -> Part {
        let merged = self.merge(schemas, None);
        let repeated = merged.kind().0 == Some(Kind::Array);
        let items = merged.items();
        let each = if repeated { &items } else { schemas };
        let value = self.merge(each, None);
        let place = match place {
            Place::Of(operation, _) => Place::Of(*operation, Role::Parameter(name.to_owned())),
            other => other.clone(),
        };
        let kind = if is_file(&value, content_type) {
            PartKind::File
        } else {
            let (kind, _) = value.kind();
            let is_scalar = kind.is_some_and(|kind| !matches!(kind, Kind::Object | Kind::Array));
            let ty = self.inner(each, &place);
            if content_type.map_or(!is_scalar, is_json) {
                PartKind::Json(ty)
            } else {
                PartKind::Text(ty)
            }
        };
        let read_only = |merged: &Merged<'a>| {
            let mut atoms = merged.atoms.iter();
            atoms.any(|atom| atom.keywords.data().read_only)
        };
        Part {
            name: name.to_owned(),
            required: is_required && !read_only(&merged),
            repeated,
            kind,
            // Of several the caller chooses.
            media_type: content_type
                .filter(|one| !one.is_empty() && !one.contains([',', '*']))
                .map(str::to_owned),
            headers: Vec::new(),
            docs: self.docs(schemas),
        }
    }
}

/// A binary string is a file, and so is a string that the document gives a media type other than text
/// and JSON.
fn is_file(value: &Merged<'_>, content_type: Option<&str>) -> bool {
    let (kind, _) = value.kind();
    let mut formats = value.atoms.iter().filter_map(|atom| atom.keywords.format);
    let is_string = kind == Some(Kind::String);
    is_string && (formats.any(|format| format == "binary") || content_type.is_some_and(is_of_files))
}

#[cfg(test)]
mod tests {
    use indoc::indoc;

    use super::super::testing::lower;
    use super::*;

    #[test]
    fn a_property_is_a_part_of_its_kind() {
        let lowered = lower(indoc! {"
            openapi: 3.0.3
            info: {title: T, version: '1'}
            paths:
              /a:
                post:
                  operationId: a
                  security: []
                  requestBody:
                    content:
                      multipart/form-data:
                        schema:
                          required: [file, id]
                          properties:
                            id: {type: integer, readOnly: true}
                            file: {type: string, format: binary}
                            pages: {type: array, items: {type: string, format: binary}}
                            tags: {type: array, items: {type: string}}
                            address: {properties: {city: {type: string}}}
                            picture: {type: string}
                            count: {type: integer}
                            words: {type: string, format: byte}
                            any: {}
                        encoding:
                          picture: {contentType: 'image/png, image/jpeg'}
                          count: {contentType: application/json}
                          file:
                            headers:
                              Content-Type: {schema: {type: string}}
                              Content-Disposition: {schema: {type: string}}
                              X-Pages: {required: true, schema: {type: integer}}
                  responses: {'204': {description: ''}}
        "});
        let body = lowered.api.operations[0].body.as_ref().expect("a body");
        assert_eq!(
            lowered.content(&body.contents[0].kind),
            "parts { id?: i64, file: file [X-Pages: i64], pages?*: file, tags?*: String, address?: json a.address, \
             picture?: file, count?: json i64, words?: byte, any?: json any }"
        );
        let codes: Vec<_> = lowered.told.iter().map(|(code, _)| *code).collect();
        assert_eq!(codes, [Code::NoClientCredentials, Code::Unsupported]);
    }

    #[test]
    fn other_multipart_types_have_parts_too_but_an_operation_has_one_set_of_them() {
        let lowered = lower(indoc! {"
            openapi: 3.0.3
            info: {title: T, version: '1'}
            paths:
              /a:
                post:
                  operationId: a
                  security: []
                  requestBody:
                    content:
                      multipart/related:
                        schema: {properties: {a: {type: object}, b: {type: string, format: binary}}}
                        encoding:
                          b: {contentType: application/vnd.b, headers: {Content-Id: {schema: {type: string}}}}
                      multipart/mixed:
                        schema: {properties: {c: {type: string}}}
                  responses: {'204': {description: ''}}
        "});
        let body = lowered.api.operations[0].body.as_ref().expect("a body");
        let shown = body.contents.iter().map(|content| {
            let kind = lowered.content(&content.kind);
            format!("{} {kind}", content.media_type)
        });
        assert_eq!(
            shown.collect::<Vec<_>>(),
            [
                "multipart/related parts { a?: json map[any], b?: file [Content-Id: String] }",
                "multipart/mixed bytes"
            ]
        );
    }
}
