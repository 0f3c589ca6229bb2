//! What a document says of itself, its servers and its tags.

use indexmap::IndexMap;
use openapiv3::{Contact, ExternalDocumentation, Info, License, Server, ServerVariable, Tag};
use serde_json::Value;

use super::part::{Part, text};
use crate::diagnostics::{Code, Diagnostics};
use crate::extensions::TAG_KIND;

/// Reads the Info Object (OpenAPI 3.0 §4.7.2).
pub(super) fn info(root: &Part<'_>, diagnostics: &mut Diagnostics) -> Info {
    let Some(part) = root.member("info").filter(|part| part.value.is_object()) else {
        diagnostics
            .warning(
                Code::InvalidPart,
                &root.pointer().child("info"),
                "a document without `info`",
            )
            .set_hint("add `info` with `title` and `version`");
        return Info::default();
    };
    Info {
        title: part.text("title", diagnostics).unwrap_or_default(),
        description: part.text("description", diagnostics),
        terms_of_service: part.text("termsOfService", diagnostics),
        contact: part.member("contact").map(|part| Contact {
            name: part.text("name", diagnostics),
            url: part.text("url", diagnostics),
            email: part.text("email", diagnostics),
            extensions: part.extensions(),
        }),
        license: part.member("license").map(|part| License {
            name: part.text("name", diagnostics).unwrap_or_default(),
            url: part.text("url", diagnostics),
            extensions: part.extensions(),
        }),
        version: part.text("version", diagnostics).unwrap_or_default(),
        extensions: part.extensions(),
    }
}

/// Reads the servers of a document, a path item or an operation (OpenAPI 3.0 §4.7.5).
pub(super) fn servers(part: &Part<'_>, diagnostics: &mut Diagnostics) -> Vec<Server> {
    part.list("servers", diagnostics, server)
        .unwrap_or_default()
}

fn server(part: &Part<'_>, diagnostics: &mut Diagnostics) -> Option<Server> {
    part.object(diagnostics)?;
    let Some(url) = part.text("url", diagnostics) else {
        part.lose("a server without `url`", diagnostics);
        return None;
    };
    Some(Server {
        url,
        // OpenAPI 3.2 names servers too.
        description: part
            .text("description", diagnostics)
            .or_else(|| part.text("name", diagnostics)),
        variables: part
            .member("variables")
            .map(|_| part.map("variables", diagnostics, variable)),
        extensions: part.extensions(),
    })
}

/// Reads a variable; without `default`, its first value is the default.
fn variable(part: &Part<'_>, diagnostics: &mut Diagnostics) -> Option<ServerVariable> {
    part.object(diagnostics)?;
    let enumeration = part.list("enum", diagnostics, text).unwrap_or_default();
    let default = part.text("default", diagnostics);
    Some(ServerVariable {
        default: default
            .or_else(|| enumeration.first().cloned())
            .unwrap_or_default(),
        enumeration,
        description: part.text("description", diagnostics),
        extensions: part.extensions(),
    })
}

/// Reads the tags of a document (OpenAPI 3.0 §4.7.22).
pub(super) fn tags(root: &Part<'_>, diagnostics: &mut Diagnostics) -> Vec<Tag> {
    let read = |part: &Part<'_>, diagnostics: &mut Diagnostics| {
        part.object(diagnostics)?;
        let Some(name) = part.text("name", diagnostics) else {
            part.lose("a tag without `name`", diagnostics);
            return None;
        };
        let mut extensions = part.extensions();
        if let Some(kind) = part.text("kind", diagnostics) {
            extensions.insert(TAG_KIND.to_owned(), Value::String(kind));
        }
        Some(Tag {
            name,
            // OpenAPI 3.2 has a `summary` too.
            description: part
                .text("description", diagnostics)
                .or_else(|| part.text("summary", diagnostics)),
            external_docs: external_docs(part, diagnostics),
            extensions,
        })
    };
    root.list("tags", diagnostics, read).unwrap_or_default()
}

/// Reads the External Documentation Object of a part (OpenAPI 3.0 §4.7.11).
pub(super) fn external_docs(
    part: &Part<'_>,
    diagnostics: &mut Diagnostics,
) -> Option<ExternalDocumentation> {
    let part = part.member("externalDocs")?;
    part.object(diagnostics)?;
    Some(ExternalDocumentation {
        description: part.text("description", diagnostics),
        url: part.text("url", diagnostics)?,
        extensions: IndexMap::new(),
    })
}
