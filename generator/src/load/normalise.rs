//! Normalise: a document of any version becomes one of the shape of OpenAPI 3.0.

mod mend;
mod v2_0;
mod v3_1;

use serde_json::{Value, json};

use super::{
    Origins,
    structure::{self, Kind},
};
use crate::{
    diagnostics::{At, Code, Diagnostics, kind},
    pointer::{Pointer, Trail},
};

/// A version of OpenAPI, as far as its shape goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Version {
    /// Swagger 2.0.
    V2_0,
    V3_0,
    /// OpenAPI 3.1 and 3.2.
    V3_1,
}

/// Returns what a document says of its version, for people.
pub(super) fn stated(root: &Value) -> String {
    let versions = [("OpenAPI", "openapi"), ("Swagger", "swagger")];
    let stated = versions
        .into_iter()
        .find_map(|(name, key)| Some((name, root.get(key)?)));
    match stated {
        Some((name, Value::String(version))) => format!("{name} {version}"),
        Some((name, version)) => format!("{name} {version}"),
        None => String::new(),
    }
}

/// Returns the version that a document says it is of.
pub(super) fn version(root: &Value, file: usize, diagnostics: &mut Diagnostics) -> Option<Version> {
    let at = |tokens: &[&str]| At::Source {
        file,
        pointer: tokens.iter().copied().collect(),
    };
    let Value::Object(members) = root else {
        let found = kind(root);
        let message = format!("expected an OpenAPI document, found {found}");
        diagnostics
            .error(Code::NotOpenApi, at(&[]), message)
            .set_hint("a document is an object that begins with `openapi: 3.0.3`, say");
        return None;
    };
    let Some((key, value)) = ["openapi", "swagger"]
        .into_iter()
        .find_map(|key| Some((key, members.get(key)?)))
    else {
        let message = "this is no OpenAPI document: it has neither `openapi` nor `swagger`";
        let hint = if members.contains_key("asyncapi") {
            "it is an AsyncAPI document, which is something else"
        } else if members.contains_key("$schema") {
            "it is a JSON Schema; name the OpenAPI document that refers to it"
        } else {
            "name an OpenAPI document; if this is one, it must state its version: `openapi: 3.0.3`, say"
        };
        diagnostics
            .error(Code::NotOpenApi, at(&[]), message)
            .set_hint(hint);
        return None;
    };
    let text = match value {
        Value::String(text) => text.trim().to_owned(),
        other => other.to_string(),
    };
    let mut parts = text.split('.');
    match (key, parts.next(), parts.next()) {
        ("swagger", Some("2"), _) => Some(Version::V2_0),
        ("openapi", Some("3"), Some("0") | None) => Some(Version::V3_0),
        ("openapi", Some("3"), Some("1" | "2")) => Some(Version::V3_1),
        _ => {
            diagnostics
                .error(
                    Code::UnsupportedVersion,
                    at(&[key]),
                    format!("`{key}: {text}` is no version that can be read"),
                )
                .set_hint("versions 2.0, 3.0, 3.1 and 3.2 are read");
            None
        }
    }
}

/// Makes a bundled document one of the shape of OpenAPI 3.0.
pub(super) fn normalise(
    root: &mut Value,
    version: Version,
    origins: &mut Origins,
    diagnostics: &mut Diagnostics,
) {
    match version {
        Version::V2_0 => v2_0::lift(root, origins, diagnostics),
        Version::V3_0 => {}
        Version::V3_1 => v3_1::document(root, diagnostics),
    }
    mend::paths(root, diagnostics);
    structure::walk_mut(
        Kind::Root,
        root,
        &Trail::Root,
        &mut |kind, value, trail| match (kind, &mut *value) {
            (Kind::Schema, Value::Object(members)) => {
                if members.len() > 1 && members.get("$ref").is_some_and(Value::is_string) {
                    let is_ignored = version != Version::V3_1;
                    mend::reference(members, is_ignored, trail, diagnostics);
                }
                if v3_1::schema(members) && version == Version::V3_0 {
                    let message =
                        "a keyword of OpenAPI 3.1 in a document of 3.0 is read as 3.1 has it";
                    diagnostics
                        .warning(Code::Mended, &trail.pointer(), message)
                        .set_hint("state `openapi: 3.1.0`");
                }
                mend::schema(members, version, trail, diagnostics);
            }
            (Kind::Parameter | Kind::Header, Value::Object(members)) => {
                mend::parameter(members, trail, diagnostics);
            }
            (Kind::SecurityScheme, Value::Object(members)) => {
                mend::security_scheme(members, trail, diagnostics);
            }
            (Kind::Operation, Value::Object(members)) => {
                mend::operation(members, trail, diagnostics);
            }
            _ => {}
        },
    );
    if let Value::Object(members) = root {
        members.entry("openapi").or_insert_with(|| json!("3.0.3"));
    }
}

/// Reports a document without paths, in which there is nothing to call.
pub(super) fn check_paths(root: &Value, file: usize, diagnostics: &mut Diagnostics) {
    let at = At::Source {
        file,
        pointer: Pointer::root().child("paths"),
    };
    let has_schemas =
        [("components", "schemas"), ("definitions", "")]
            .iter()
            .any(|(key, section)| {
                let members = root.get(key);
                let members = if section.is_empty() {
                    members
                } else {
                    members.and_then(|it| it.get(section))
                };
                members
                    .and_then(Value::as_object)
                    .is_some_and(|it| !it.is_empty())
            });
    match root.get("paths") {
        Some(Value::Object(paths)) if !paths.is_empty() => {}
        Some(Value::Object(_)) if has_schemas => {
            diagnostics
                .warning(Code::NoPaths, at, "the document has no paths, only schemas: types are generated, and nothing to call")
                .set_hint("name the document that refers to it, for a client with operations");
        }
        Some(Value::Object(_)) => {
            diagnostics
                .error(
                    Code::NoPaths,
                    at,
                    "the document has no paths: there is nothing to generate",
                )
                .set_hint("name a document that describes operations");
        }
        Some(other) => {
            let found = kind(other);
            diagnostics
                .error(
                    Code::NoPaths,
                    at,
                    format!("expected an object as `paths`, found {found}"),
                )
                .set_hint(
                    "`paths` holds a path item for each path: `paths: { /orders: { get: … } }`",
                );
        }
        None if has_schemas => {
            diagnostics
                .warning(
                    Code::NoPaths,
                    at,
                    "the document has no `paths`, only schemas: types are generated, and nothing to call",
                )
                .set_hint("name the document that refers to it, for a client with operations");
        }
        None => {
            let hint = if root.get("webhooks").is_some() {
                "webhooks are calls of the server to you; there is nothing that a client could call"
            } else {
                "name a document that describes operations under `paths`"
            };
            diagnostics
                .error(
                    Code::NoPaths,
                    at,
                    "the document has no `paths`: there is nothing to generate",
                )
                .set_hint(hint);
        }
    }
}
