//! Media types: which of several are generated, and what each carries.

use indexmap::IndexMap;
use openapiv3::{MediaType, ReferenceOr, Schema};

use super::Lowerer;
use super::keywords::Kind;
use super::resolve::Part;
use super::schema::Place;
use crate::diagnostics::Code;
use crate::extensions;
use crate::model::{Content, ContentKind, Framing, Type};
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
    Xml,
    Lines,
    Sequence,
    Events,
    Text,
    Bytes,
    Multipart,
}

impl Family {
    /// Whether the same schema gives a further typed choice beside that of another family.
    fn is_typed_beside(self, other: Self, usage: Use, also_xml: bool) -> bool {
        let is_typed =
            matches!(self, Self::Form | Self::Multipart) || also_xml && self == Self::Xml;
        usage == Use::Request && self != other && is_typed
    }
}

impl<'a> Lowerer<'a, '_> {
    /// Returns the media types that are generated, the preferred one first.
    pub(super) fn contents(
        &mut self,
        content: &'a IndexMap<String, MediaType>,
        at: &Pointer,
        place: &Place<'a>,
        usage: Use,
    ) -> Vec<Content> {
        let mut ranked: Vec<_> = content
            .iter()
            .map(|(name, media_type)| (family(name, media_type), name, media_type))
            .collect();
        ranked.sort_by_key(|(family, name, _)| (*family, is_rarer(*family, name)));
        let mut taken: Vec<(Family, &MediaType, bool)> = Vec::new();
        let mut contents: Vec<Content> = Vec::new();
        for (family, name, media_type) in ranked {
            let is_patch = usage == Use::Request && is_patch(name);
            let has_type = self.has_type(family, media_type, &at.child(name));
            let is_typed_beside =
                |other| has_type && family.is_typed_beside(other, usage, self.also_xml);
            // The same schema in another notation is the same content; nothing is lost with it.
            let is_known = taken.iter().any(|&(other, known, is_also_patch)| {
                known.schema == media_type.schema
                    && !is_patch
                    && !is_also_patch
                    && !is_typed_beside(other)
            });
            if is_known {
                if self.also_xml && family == Family::Xml {
                    self.add_xml(&mut contents, name, media_type, at);
                }
                continue;
            }
            // The parts of a body are a type of their own, of which an operation has one.
            let has_parts = contents
                .iter()
                .any(|other| matches!(other.kind, ContentKind::Multipart(_)));
            let at = at.child(name);
            let one = self.one((family, name, media_type), &at, place, usage, has_parts);
            let is_new = contents.iter().all(|other| other.kind != one.kind);
            if is_new || is_patch {
                taken.push((family, media_type, is_patch));
                contents.push(one);
            }
        }
        contents
    }

    /// Whether a form or the parts of a body have a type: they are made of properties, not of items or
    /// of alternatives.
    fn has_type(&mut self, family: Family, media_type: &'a MediaType, at: &Pointer) -> bool {
        let Some(schema) = &media_type.schema else {
            return family != Family::Multipart;
        };
        if !matches!(family, Family::Form | Family::Multipart) {
            return true;
        }
        let merged = self.merge(&[Part::new(schema, at.child("schema"))], None);
        match family {
            Family::Multipart => !merged.properties().is_empty() && merged.choices.is_empty(),
            _ => matches!(merged.kind().0, None | Some(Kind::Object)),
        }
    }

    /// Has what is answered in JSON be read in XML, too.
    fn add_xml(
        &mut self,
        contents: &mut [Content],
        name: &str,
        media_type: &'a MediaType,
        at: &Pointer,
    ) {
        let Some(schema) = &media_type.schema else {
            return;
        };
        let schema_at = at.child(name).child("schema");
        let root = self.xml_root(schema, &schema_at, Use::Response);
        let mut contents = contents.iter_mut();
        let json = contents.find(|content| matches!(content.kind, ContentKind::Json(_)));
        if let Some(json) = json.filter(|json| json.also_xml.is_none()) {
            json.also_xml = Some((essence(name), root));
        }
    }

    fn one(
        &mut self,
        (family, name, media_type): (Family, &str, &'a MediaType),
        at: &Pointer,
        place: &Place<'a>,
        usage: Use,
        has_parts: bool,
    ) -> Content {
        let schema = media_type.schema.as_ref();
        let is_of_items = extensions::is_of_items(&media_type.extensions);
        let schema_at = at.child(if is_of_items { "itemSchema" } else { "schema" });
        let part = schema.map(|schema| Part::new(schema, schema_at.clone()));
        let (kind, is_binary) = part.clone().map_or((None, false), |part| self.nature(part));
        let is_choice = part.is_some_and(|part| !self.merge(&[part], None).choices.is_empty());
        let essence = essence(name);
        let is_object = kind == Some(Kind::Object);
        let is_structured = is_object || kind == Some(Kind::Array);
        let is_stream = matches!(family, Family::Lines | Family::Sequence | Family::Events);
        if is_of_items && !is_stream {
            let message =
                format!("the items of `{essence}` aren't generated; it is taken as a whole");
            self.warn(Code::Unsupported, &schema_at, message);
        }
        let content = match family {
            _ if is_of_items && !is_stream => ContentKind::Bytes,
            Family::Lines => self.lines(Framing::Lines, media_type, schema_at, place),
            Family::Sequence => self.lines(Framing::Sequence, media_type, schema_at, place),
            Family::Events if usage == Use::Response => self.events(media_type, &schema_at, place),
            Family::Json | Family::JsonLike | Family::Wildcard if is_binary => ContentKind::Bytes,
            Family::Json | Family::JsonLike | Family::Wildcard => {
                ContentKind::Json(self.content_type(schema, schema_at, place))
            }
            Family::Form if usage == Use::Request && (is_object || kind.is_none()) => {
                let properties = self.form_properties(&media_type.encoding, at);
                ContentKind::Form(self.content_type(schema, schema_at, place), properties)
            }
            Family::Xml if is_structured || is_choice => match schema {
                Some(schema) => {
                    let root = self.xml_root(schema, &schema_at, usage);
                    let ty = self.content_type(Some(schema), schema_at, place);
                    ContentKind::Xml(ty, root)
                }
                None => ContentKind::Bytes,
            },
            Family::Form | Family::Text | Family::Events => {
                if is_structured {
                    let message = format!("`{essence}` isn't taken apart; it is plain text");
                    self.warn(Code::Unsupported, at, message);
                }
                ContentKind::Text
            }
            Family::Xml | Family::Bytes => {
                if is_structured {
                    let message = format!("`{essence}` isn't taken apart yet; it is bytes");
                    self.warn(Code::Unsupported, at, message);
                }
                ContentKind::Bytes
            }
            Family::Multipart if usage == Use::Request && !has_parts && is_object => {
                match self.multipart(media_type, at, place) {
                    Some(parts) => ContentKind::Multipart(parts),
                    None => self.parts_as_bytes(&essence, at),
                }
            }
            Family::Multipart => self.parts_as_bytes(&essence, at),
        };
        if let ContentKind::Json(ty) | ContentKind::Form(ty, _) = &content {
            self.exemplify(at, ty);
        }
        Content {
            media_type: sendable(&essence, &content, usage),
            kind: content,
            also_xml: None,
            pointer: at.clone(),
            constraints: None,
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
    pub(super) fn nature(&mut self, part: Part<'a>) -> (Option<Kind>, bool) {
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

/// Whether a media type says what is to be done with a document rather than how it is written:
/// JSON Patch (RFC 6902), JSON Merge Patch (RFC 7396) and the like.
fn is_patch(media_type: &str) -> bool {
    essence(media_type)
        .split_once('/')
        .is_some_and(|(_, subtype)| subtype.contains("patch"))
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
        "application/x-ndjson"
        | "application/ndjson"
        | "application/jsonl"
        | "application/x-jsonl"
        | "application/jsonlines"
        | "application/x-jsonlines"
        | "application/x-ldjson" => Family::Lines,
        "application/json-seq" => Family::Sequence,
        // RFC 8091.
        sequence if sequence.ends_with("+json-seq") => Family::Sequence,
        "text/event-stream" => Family::Events,
        // RFC 7303.
        "application/xml" | "text/xml" => Family::Xml,
        xml if xml.ends_with("+xml") => Family::Xml,
        text if text.starts_with("text/") => Family::Text,
        parts if parts.starts_with("multipart/") => Family::Multipart,
        _ => Family::Bytes,
    }
}

/// Whether a media type of parts is one that fewer servers read than `multipart/form-data`.
fn is_rarer(family: Family, media_type: &str) -> bool {
    family == Family::Multipart && essence(media_type) != FORM_DATA
}

const FORM_DATA: &str = "multipart/form-data";

/// Returns the media type to send: a range is none (RFC 9110 §8.3).
fn sendable(essence: &str, content: &ContentKind, usage: Use) -> String {
    if usage == Use::Response || !essence.contains('*') {
        return essence.to_owned();
    }
    let media_type = match content {
        ContentKind::Json(_) => "application/json",
        ContentKind::Form(..) => "application/x-www-form-urlencoded",
        ContentKind::Multipart(_) => FORM_DATA,
        ContentKind::Xml(..) => "application/xml",
        ContentKind::Text => "text/plain",
        ContentKind::Items(..) => "application/x-ndjson",
        ContentKind::Bytes => "application/octet-stream",
    };
    media_type.to_owned()
}

#[cfg(test)]
mod tests {
    use indoc::indoc;

    use super::super::testing::lower_paths;
    use super::*;

    #[test]
    fn media_types_of_other_schemas_are_a_choice_with_the_preferred_one_first() {
        let lowered = lower_paths(indoc! {"
            /a:
              post:
                requestBody:
                  required: true
                  content:
                    text/csv: {schema: {type: string}}
                    application/vnd.a+json: {schema: {type: object}}
                    text/json: {schema: {type: object}}
                responses: {'200': {description: '', content: {'*/*': {schema: {type: string, format: binary}}}}}
              put:
                requestBody:
                  content: {multipart/form-data: {schema: {type: object}}}
                responses: {'200': {description: '', content: {text/plain; charset=utf-8: {}}}}
              patch:
                requestBody:
                  content: {application/x-www-form-urlencoded: {schema: {properties: {a: {type: string}}}}}
                responses: {'200': {description: '', content: {application/json: {}}}}
        "});
        let shown: Vec<_> = lowered
            .api
            .operations
            .iter()
            .map(|operation| {
                let body = operation.body.as_ref().expect("a body");
                let shown = |contents: &[Content]| {
                    let contents = contents.iter().map(|content| {
                        let kind = lowered.content(&content.kind);
                        format!("{} {kind}", content.media_type)
                    });
                    contents.collect::<Vec<_>>().join(", ")
                };
                (
                    shown(&body.contents),
                    shown(&operation.successes[0].contents),
                )
            })
            .collect();
        let pair = |one: &str, other: &str| (one.to_owned(), other.to_owned());
        assert_eq!(
            shown,
            [
                pair("multipart/form-data bytes", "text/plain text"),
                pair(
                    "application/vnd.a+json json map[any], text/csv text",
                    "*/* bytes"
                ),
                pair(
                    "application/x-www-form-urlencoded form patch_a.body",
                    "application/json json any"
                ),
            ]
        );
        let codes: Vec<_> = lowered.told.iter().map(|(code, _)| *code).collect();
        assert_eq!(codes, [Code::Unsupported]);
    }

    #[test]
    fn another_notation_of_a_schema_is_a_choice_only_where_it_has_a_type_or_a_meaning() {
        let lowered = lower_paths(indoc! {"
            /a:
              patch:
                requestBody:
                  content:
                    application/xml: {schema: {type: object}}
                    application/x-www-form-urlencoded: {schema: {type: object}}
                    text/json: {schema: {type: object}}
                    application/json: {schema: {type: object}}
                    application/merge-patch+json: {schema: {type: object}}
                responses:
                  '200':
                    description: ''
                    content:
                      text/csv: {schema: {type: string}}
                      application/json: {schema: {type: array, items: {}}}
                      application/xml: {schema: {type: array, items: {}}}
        "});
        let operation = &lowered.api.operations[0];
        let body = operation.body.as_ref().expect("a body");
        let media_types: Vec<_> = body
            .contents
            .iter()
            .map(|content| content.media_type.as_str())
            .collect();
        assert_eq!(
            media_types,
            [
                "application/json",
                "application/merge-patch+json",
                "application/x-www-form-urlencoded"
            ]
        );
        assert_eq!(
            lowered.responses(&operation.successes),
            ["200 json [any] | text"]
        );
        assert_eq!(lowered.told, []);
    }

    #[test]
    fn of_several_types_of_parts_forms_are_preferred_and_what_has_no_parts_is_none() {
        let lowered = lower_paths(indoc! {"
            /a:
              post:
                requestBody:
                  content:
                    multipart/related: {schema: {properties: {a: {type: string}}}}
                    multipart/form-data: {schema: {properties: {a: {type: string}}}}
                    application/json: {schema: {properties: {a: {type: string}}}}
                responses: {'204': {description: ''}}
              patch:
                requestBody:
                  content:
                    multipart/form-data: {schema: {type: array, items: {}}}
                    application/x-www-form-urlencoded: {schema: {type: array, items: {}}}
                    application/json: {schema: {type: array, items: {}}}
                responses: {'204': {description: ''}}
        "});
        let operations = lowered.api.operations.iter();
        let media_types = operations.map(|operation| {
            let contents = operation.body.iter().flat_map(|body| &body.contents);
            let names: Vec<_> = contents.map(|it| it.media_type.as_str()).collect();
            names.join(" ")
        });
        let media_types: Vec<_> = media_types.collect();
        assert_eq!(
            media_types,
            ["application/json multipart/form-data", "application/json"]
        );
        assert_eq!(lowered.told, []);
    }
}
