//! Request bodies, responses and their media types.

use indexmap::IndexMap;
use openapiv3::{Content, Encoding, MediaType, ReferenceOr, RequestBody, Response};

use super::{parameter, part::Part, schema};
use crate::diagnostics::Diagnostics;
use crate::extensions::{EXPLODE, ITEMS};

/// Reads a Request Body Object (OpenAPI 3.0 §4.7.13) or a reference to one.
pub(super) fn request_body(
    part: &Part<'_>,
    diagnostics: &mut Diagnostics,
) -> Option<ReferenceOr<RequestBody>> {
    part.object(diagnostics)?;
    part.reference().or_else(|| {
        Some(ReferenceOr::Item(RequestBody {
            description: part.text("description", diagnostics),
            content: content(part, diagnostics),
            required: part.flag("required", diagnostics).unwrap_or_default(),
            extensions: part.extensions(),
        }))
    })
}

/// Reads a Response Object (OpenAPI 3.0 §4.7.17) or a reference to one.
pub(super) fn response(
    part: &Part<'_>,
    diagnostics: &mut Diagnostics,
) -> Option<ReferenceOr<Response>> {
    part.object(diagnostics)?;
    part.reference().or_else(|| {
        Some(ReferenceOr::Item(Response {
            // OpenAPI 3.2 has a `summary`, and lets the description be missing.
            description: part
                .text("description", diagnostics)
                .or_else(|| part.text("summary", diagnostics))
                .unwrap_or_default(),
            headers: part.map("headers", diagnostics, parameter::header),
            content: content(part, diagnostics),
            links: IndexMap::new(),
            extensions: part.extensions(),
        }))
    })
}

/// Reads the media types of a part (OpenAPI 3.0 §4.7.14).
pub(super) fn content(part: &Part<'_>, diagnostics: &mut Diagnostics) -> Content {
    part.map("content", diagnostics, |part, diagnostics| {
        // `application/octet-stream:` without a value says what there is to say.
        if part.value.is_null() {
            return Some(MediaType::default());
        }
        if part.object(diagnostics)?.contains_key("$ref") {
            // One that leads nowhere, which was told; the others are inlined by now.
            return None;
        }
        let mut extensions = part.extensions();
        let key = if part.member("itemSchema").is_some() {
            extensions.insert(ITEMS.to_owned(), true.into());
            "itemSchema"
        } else {
            "schema"
        };
        Some(MediaType {
            schema: part
                .member(key)
                .map(|part| schema::reference_or_schema(&part, diagnostics)),
            encoding: part.map("encoding", diagnostics, encoding),
            extensions,
            ..MediaType::default()
        })
    })
}

/// Reads an Encoding Object (OpenAPI 3.0 §4.7.15).
fn encoding(part: &Part<'_>, diagnostics: &mut Diagnostics) -> Option<Encoding> {
    part.object(diagnostics)?;
    let style = part
        .member("style")
        .and_then(|style| parameter::query_style(&style, diagnostics));
    let mut extensions = part.extensions();
    let explode = part.flag("explode", diagnostics);
    extensions.extend(explode.map(|explode| (EXPLODE.to_owned(), explode.into())));
    Some(Encoding {
        content_type: part.text("contentType", diagnostics),
        headers: part.map("headers", diagnostics, parameter::header),
        explode: explode.unwrap_or_default(),
        style,
        allow_reserved: part.flag("allowReserved", diagnostics).unwrap_or_default(),
        extensions,
    })
}
