//! Media types: which one of several is generated, and what it carries.

use indexmap::IndexMap;
use openapiv3::{MediaType, ReferenceOr, Schema};

use super::Lowerer;
use super::keywords::Kind;
use super::resolve::Part;
use super::schema::Place;
use crate::diagnostics::Code;
use crate::model::{Content, ContentKind, Type};
use crate::pointer::Pointer;

/// Which way content goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Use {
    Request,
    Response,
}

/// What a media type is to us, in order of preference.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Family {
    Json,
    /// `+json`, and what older documents write for JSON.
    JsonLike,
    /// `*/*`: JSON where a schema says what it holds.
    Wildcard,
    Form,
    Text,
    Bytes,
    Multipart,
}

impl<'a> Lowerer<'a, '_> {
    /// Returns the media type that is generated; `None` where there is none.
    pub(super) fn content(
        &mut self,
        content: &'a IndexMap<String, MediaType>,
        at: &Pointer,
        place: &Place<'a>,
        usage: Use,
    ) -> Option<Content> {
        let (_, name, media_type) = content
            .iter()
            .map(|(name, media_type)| (family(name, media_type), name, media_type))
            .min_by_key(|(family, _, _)| *family)?;
        // The same schema in another notation is the same content; nothing is lost with it.
        let lost: Vec<_> = content
            .iter()
            .filter(|(other, also)| *other != name && also.schema != media_type.schema)
            .map(|(other, _)| format!("`{other}`"))
            .collect();
        if !lost.is_empty() {
            let message = format!("`{name}` is generated; not {}", lost.join(", "));
            self.warn(Code::Unsupported, at, message);
        }
        Some(self.one(name, media_type, &at.child(name), place, usage))
    }

    fn one(
        &mut self,
        name: &str,
        media_type: &'a MediaType,
        at: &Pointer,
        place: &Place<'a>,
        usage: Use,
    ) -> Content {
        let schema = media_type.schema.as_ref();
        let schema_at = at.child("schema");
        let part = schema.map(|schema| Part::new(schema, schema_at.clone()));
        let (kind, is_binary) = part.map_or((None, false), |part| self.nature(part));
        let essence = essence(name);
        let is_object = kind == Some(Kind::Object);
        let is_structured = is_object || kind == Some(Kind::Array);
        let content = match family(name, media_type) {
            Family::Json | Family::JsonLike | Family::Wildcard if is_binary => ContentKind::Bytes,
            Family::Json | Family::JsonLike | Family::Wildcard => {
                ContentKind::Json(self.content_type(schema, schema_at, place))
            }
            Family::Form if usage == Use::Request && (is_object || kind.is_none()) => {
                let plain = media_type.encoding.values().all(|encoding| {
                    encoding.style.is_none() && !encoding.allow_reserved && !encoding.explode
                });
                if !plain {
                    let message = "the encoding of properties isn't generated yet";
                    self.warn(Code::Unsupported, &at.child("encoding"), message);
                }
                ContentKind::Form(self.content_type(schema, schema_at, place))
            }
            Family::Form | Family::Text => {
                if is_structured {
                    let message = format!("`{essence}` isn't taken apart; it is plain text");
                    self.warn(Code::Unsupported, at, message);
                }
                ContentKind::Text
            }
            Family::Bytes => {
                if is_structured {
                    let message = format!("`{essence}` isn't taken apart yet; it is bytes");
                    self.warn(Code::Unsupported, at, message);
                }
                ContentKind::Bytes
            }
            Family::Multipart
                if usage == Use::Request && essence == "multipart/form-data" && is_object =>
            {
                match self.multipart(media_type, at, place) {
                    Some(parts) => ContentKind::Multipart(parts),
                    None => self.parts_as_bytes(&essence, at),
                }
            }
            Family::Multipart => self.parts_as_bytes(&essence, at),
        };
        if let ContentKind::Json(ty) | ContentKind::Form(ty) = &content {
            self.exemplify(at, ty);
        }
        Content {
            media_type: sendable(&essence, &content, usage),
            kind: content,
        }
    }

    fn parts_as_bytes(&mut self, essence: &str, at: &Pointer) -> ContentKind {
        let message = format!("the parts of `{essence}` aren't generated; it is bytes");
        let hint = "encode the parts and pass the whole as bytes";
        self.warn_with_hint(Code::Unsupported, at, message, hint);
        ContentKind::Bytes
    }

    fn content_type(
        &mut self,
        schema: Option<&'a ReferenceOr<Schema>>,
        at: Pointer,
        place: &Place<'a>,
    ) -> Type {
        schema.map_or(Type::Any, |schema| self.schema(schema, at, place))
    }

    /// Returns the kind of a schema's values, and whether they are bytes.
    fn nature(&mut self, part: Part<'a>) -> (Option<Kind>, bool) {
        let merged = self.merge(&[part], None);
        let (kind, _) = merged.kind();
        let mut formats = merged.atoms.iter().filter_map(|atom| atom.keywords.format);
        let is_binary = kind == Some(Kind::String) && formats.any(|format| format == "binary");
        (kind, is_binary)
    }
}

/// Returns a media type in lower case and without parameters (RFC 9110 §8.3.1).
fn essence(media_type: &str) -> String {
    let essence = media_type.split(';').next().unwrap_or_default();
    essence.trim().to_ascii_lowercase()
}

/// Whether a media type is JSON.
pub(super) fn is_json(media_type: &str) -> bool {
    let essence = essence(media_type);
    matches!(
        essence.as_str(),
        "application/json" | "text/json" | "application/x-json"
    ) || essence.ends_with("+json")
}

/// Whether a part of these media types is a file: none of them is text or JSON.
pub(super) fn is_of_files(media_types: &str) -> bool {
    let mut types = media_types.split(',').map(essence);
    !types.any(|one| one.is_empty() || is_json(&one) || one.starts_with("text/") || one == "*/*")
}

fn family(name: &str, media_type: &MediaType) -> Family {
    match essence(name).as_str() {
        "application/json" => Family::Json,
        json if is_json(json) => Family::JsonLike,
        "*/*" | "application/*" | "*" if media_type.schema.is_some() => Family::Wildcard,
        "application/x-www-form-urlencoded" => Family::Form,
        text if text.starts_with("text/") && text != "text/xml" => Family::Text,
        parts if parts.starts_with("multipart/") => Family::Multipart,
        _ => Family::Bytes,
    }
}

/// Returns the media type to send: a range is none (RFC 9110 §8.3).
fn sendable(essence: &str, content: &ContentKind, usage: Use) -> String {
    if usage == Use::Response || !essence.contains('*') {
        return essence.to_owned();
    }
    let media_type = match content {
        ContentKind::Json(_) => "application/json",
        ContentKind::Form(_) => "application/x-www-form-urlencoded",
        ContentKind::Multipart(_) => "multipart/form-data",
        ContentKind::Text => "text/plain",
        ContentKind::Bytes => "application/octet-stream",
    };
    media_type.to_owned()
}
