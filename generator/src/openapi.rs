//! Read: the document in the specification's own words, those of the crate `openapiv3`.
//!
//! A document is read part by part. What doesn't have the shape that the specification asks for is
//! reported at its place and only it is lost. Links stay in the document: nothing is generated
//! from them.

mod content;
mod embedded;
mod info;
mod operation;
mod parameter;
mod part;
mod schema;
mod security;
mod unread;

use std::{collections::BTreeMap, mem, path::PathBuf};

use indexmap::IndexMap;
use openapiv3::{Components, OpenAPI, Paths, ReferenceOr};

use crate::{diagnostics::Diagnostics, load::Document, pointer::Pointer};
pub(crate) use embedded::Embedded;
pub(crate) use operation::FurtherOperation;
use part::Part;

/// Documents and the components that they share.
#[derive(Debug, Default)]
pub(crate) struct Description {
    pub(crate) documents: Vec<Head>,
    /// Those that aren't a document's own.
    pub(crate) components: Components,
    /// The schemas of the contents of texts.
    pub(crate) embedded: Embedded,
}

/// A document.
#[derive(Debug)]
pub(crate) struct Head {
    /// Where it stands.
    pub(crate) place: Pointer,
    /// The path of its file.
    pub(crate) path: PathBuf,
    /// What it says of its version, such as `OpenAPI 3.1.0`.
    pub(crate) version: String,
    /// What it says; of the components, its security schemes.
    pub(crate) openapi: OpenAPI,
    /// By path, operations of methods for which [`openapiv3::PathItem`] has no place.
    pub(crate) further: BTreeMap<String, Vec<FurtherOperation>>,
}

impl From<OpenAPI> for Description {
    fn from(mut openapi: OpenAPI) -> Self {
        let mut components = openapi.components.take().unwrap_or_default();
        openapi.components = Some(Components {
            security_schemes: mem::take(&mut components.security_schemes),
            ..Components::default()
        });
        Self {
            documents: vec![Head {
                place: Pointer::root(),
                path: PathBuf::new(),
                version: String::new(),
                openapi,
                further: BTreeMap::new(),
            }],
            components,
            embedded: Embedded::new(),
        }
    }
}

/// Reads what was loaded.
pub(crate) fn read(document: &Document, diagnostics: &mut Diagnostics) -> Description {
    let root = Part::root(&document.root);
    let mut description = Description {
        embedded: embedded::read(&root, diagnostics),
        ..Description::default()
    };
    for (place, file) in &document.heads {
        let source = document.sources.0.get(*file);
        let path = source.map(|source| source.path.clone()).unwrap_or_default();
        let of = root.at(place.tokens(), &mut |part| {
            let openapi = self::document(part, diagnostics);
            (openapi, further_operations(part, diagnostics))
        });
        let Some((openapi, further)) = of else {
            continue;
        };
        let mut one = Description::from(openapi);
        for head in &mut one.documents {
            head.place = place.clone();
            head.further.clone_from(&further);
            head.path.clone_from(&path);
            head.version = document.versions.get(file).cloned().unwrap_or_default();
        }
        description.documents.append(&mut one.documents);
        if *place == Pointer::root() {
            return Description {
                components: one.components,
                ..description
            };
        }
    }
    description.components = components(&root, diagnostics);
    description
}

fn document(root: &Part<'_>, diagnostics: &mut Diagnostics) -> OpenAPI {
    unread::report(root, diagnostics);
    OpenAPI {
        openapi: root.text("openapi", diagnostics).unwrap_or_default(),
        info: info::info(root, diagnostics),
        servers: info::servers(root, diagnostics),
        paths: paths(root, diagnostics),
        components: Some(components(root, diagnostics)),
        security: security::requirements(root, diagnostics),
        tags: info::tags(root, diagnostics),
        external_docs: info::external_docs(root, diagnostics),
        extensions: root.extensions(),
    }
}

fn paths(root: &Part<'_>, diagnostics: &mut Diagnostics) -> Paths {
    let mut paths = IndexMap::new();
    root.each("paths", diagnostics, |path, part, diagnostics| {
        if !path.starts_with('/') {
            part.lose("expected a path that begins with `/`", diagnostics);
        } else if let Some(item) = operation::path_item(part, diagnostics) {
            paths.insert(path.to_owned(), ReferenceOr::Item(item));
        }
    });
    Paths {
        paths,
        extensions: root
            .member("paths")
            .map(|paths| paths.extensions())
            .unwrap_or_default(),
    }
}

/// Reads the operations of methods that OpenAPI 3.0 doesn't know, by path.
fn further_operations(
    root: &Part<'_>,
    diagnostics: &mut Diagnostics,
) -> BTreeMap<String, Vec<FurtherOperation>> {
    let mut further = BTreeMap::new();
    root.each("paths", diagnostics, |path, part, diagnostics| {
        let operations = operation::further(part, diagnostics);
        if !operations.is_empty() {
            further.insert(path.to_owned(), operations);
        }
    });
    further
}

fn components(root: &Part<'_>, diagnostics: &mut Diagnostics) -> Components {
    let Some(part) = root
        .member("components")
        .filter(|part| part.object(diagnostics).is_some())
    else {
        return Components::default();
    };
    Components {
        schemas: part.map("schemas", diagnostics, |part, diagnostics| {
            Some(schema::reference_or_schema(part, diagnostics))
        }),
        responses: part.map("responses", diagnostics, content::response),
        parameters: part.map("parameters", diagnostics, parameter::parameter),
        request_bodies: part.map("requestBodies", diagnostics, content::request_body),
        headers: part.map("headers", diagnostics, parameter::header),
        security_schemes: part.map("securitySchemes", diagnostics, security::scheme),
        extensions: part.extensions(),
        ..Components::default()
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    pub(super) fn reading(root: &Value) -> (OpenAPI, Vec<String>) {
        let mut diagnostics = Diagnostics::new();
        let openapi = document(&Part::root(root), &mut diagnostics);
        let lines = diagnostics.into_list().into_iter().map(|diagnostic| {
            let place = match &diagnostic.at {
                crate::diagnostics::At::Pointer(pointer) => pointer.to_string(),
                _ => String::new(),
            };
            format!("{place} {diagnostic}")
        });
        (openapi, lines.collect())
    }

    #[test]
    fn one_bad_part_is_reported_and_only_it_is_lost() {
        let (openapi, lines) = reading(&json!({
            "openapi": "3.0.3",
            "info": {"title": "T", "version": 1.5},
            "paths": {
                "orders": {},
                "/orders": {
                    "get": "nothing",
                    "post": {
                        "parameters": [{"name": "a"}, {"name": "b", "in": "query", "schema": {"type": "string"}}],
                        "responses": {"20": {}, "200": {"description": "fine"}}
                    }
                }
            },
            "components": {"schemas": {
                "A": {"type": "object", "properties": {"x": 1, "y": {"type": "string", "minLength": "z"}}}
            }}
        }));
        assert_eq!(openapi.info.version, "1.5");
        let operations: Vec<_> = openapi.operations().collect();
        assert_eq!(operations.len(), 1);
        assert_eq!(operations[0].2.parameters.len(), 1);
        assert_eq!(operations[0].2.responses.responses.len(), 1);
        assert_eq!(
            lines,
            [
                "#/paths/orders expected a path that begins with `/`; it is left out",
                "#/paths/~1orders/get expected an object, found a string; it is left out",
                "#/paths/~1orders/post/parameters/0 a parameter without `in`; it is left out",
                "#/paths/~1orders/post/responses/20 expected a status code such as `200`, `4XX` or `default`; it is left out",
                "#/components/schemas/A/properties/x expected a schema, found a number; any value is accepted instead",
                "#/components/schemas/A/properties/y/minLength expected a count, found a string; it is left out",
            ]
        );
    }

    #[test]
    fn garbage_in_every_place_is_survived() {
        for garbage in [
            json!(null),
            json!(1),
            json!("x"),
            json!([[]]),
            json!({"x": 1}),
        ] {
            let g = &garbage;
            reading(
                &json!({"info": g, "paths": g, "components": g, "servers": g, "tags": g, "security": g}),
            );
            reading(&json!({
                "info": {"title": g, "license": g},
                "paths": {"/a": g, "/b": {"get": g, "parameters": g, "put": {
                    "parameters": [g], "requestBody": g, "responses": {"200": g}, "security": [g],
                    "tags": [g], "callbacks": {"c": g}, "servers": [g]
                }}},
                "components": {
                    "schemas": {"a": g, "b": {"type": g, "enum": g, "properties": g, "items": g,
                        "allOf": g, "required": g, "discriminator": g, "additionalProperties": g, "minimum": g}},
                    "responses": {"a": g, "b": {"content": g, "headers": {"h": g}}, "c": {"content": {"x": g}}},
                    "parameters": {"a": g, "b": {"name": g, "in": "path", "schema": g, "style": g}},
                    "securitySchemes": {"a": g, "b": {"type": "oauth2", "flows": g},
                        "c": {"type": "oauth2", "flows": {"clientCredentials": g}},
                        "d": {"type": "oauth2", "flows": {"clientCredentials": {"tokenUrl": g, "scopes": g}}}}
                }
            }));
        }
    }
}
