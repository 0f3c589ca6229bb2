//! Media types of values that follow one another (OpenAPI 3.2 §4.14.3).

use openapiv3::MediaType;

use super::Lowerer;
use super::all_of::Merged;
use super::content::is_json;
use super::keywords::Kind;
use super::resolve::Part;
use super::schema::Place;
use crate::diagnostics::Code;
use crate::extensions::{self, PREFIX};
use crate::model::{ContentKind, Framing, Scalar, Type};
use crate::pointer::Pointer;

impl<'a> Lowerer<'a, '_> {
    /// Returns what JSON lines or a JSON text sequence carry. Before OpenAPI 3.2 had `itemSchema`,
    /// documents gave the schema of one value, or of an array of all.
    pub(super) fn lines(
        &mut self,
        framing: Framing,
        media_type: &'a MediaType,
        at: Pointer,
        place: &Place<'a>,
    ) -> ContentKind {
        let Some(schema) = &media_type.schema else {
            return ContentKind::Items(framing, Type::Any);
        };
        let part = Part::new(schema, at);
        let is_of_items = extensions::is_of_items(&media_type.extensions);
        let merged = self.merge(std::slice::from_ref(&part), None);
        let item = match merged.kind().0 {
            // All of it is one text.
            Some(Kind::String) if !is_of_items => return ContentKind::Bytes,
            Some(Kind::Array) if !is_of_items => self.inner(&merged.items(), place),
            _ => self.inner(&[part], place),
        };
        ContentKind::Items(framing, item)
    }

    /// Returns what an event stream carries. `itemSchema` is the schema of an event with its fields;
    /// before it was there, documents gave the schema of what the data of an event are as JSON.
    pub(super) fn events(
        &mut self,
        media_type: &'a MediaType,
        at: &Pointer,
        place: &Place<'a>,
    ) -> ContentKind {
        let text = ContentKind::Items(Framing::TextEvents, Type::Scalar(Scalar::String));
        let Some(schema) = &media_type.schema else {
            return text;
        };
        let part = Part::new(schema, at.clone());
        let merged = self.merge(std::slice::from_ref(&part), None);
        if !extensions::is_of_items(&media_type.extensions) {
            return match merged.kind().0 {
                Some(Kind::String) => text,
                _ => ContentKind::Items(Framing::JsonEvents, self.inner(&[part], place)),
            };
        }
        let properties = merged.properties();
        let data = properties.iter().find(|(name, _)| *name == "data");
        let Some((_, data)) = data else {
            if !merged.choices.is_empty() {
                let message = "events of several schemas have texts as their data";
                self.warn(Code::Unsupported, at, message);
            }
            return text;
        };
        let value = self.merge(data, None);
        if value.kind().0 != Some(Kind::String) {
            return ContentKind::Items(Framing::JsonEvents, self.inner(data, place));
        }
        let is_text = |media_type: &str| !is_json(media_type);
        let media_types = value
            .atoms
            .iter()
            .filter_map(|atom| extensions::content_media_type(&atom.keywords.data().extensions));
        let media_types: Vec<_> = media_types.collect();
        let content = self.embedded(&value);
        if media_types.iter().any(|it| is_text(it)) || media_types.is_empty() && content.is_empty()
        {
            return text;
        }
        ContentKind::Items(Framing::JsonEvents, self.inner(&content, place))
    }

    /// Returns the schemas of what texts hold.
    pub(super) fn embedded(&self, texts: &Merged<'a>) -> Vec<Part<'a>> {
        let places = texts.atoms.iter().map(|atom| {
            let keyword = format!("{PREFIX}contentSchema");
            atom.pointer.child(&keyword)
        });
        places
            .filter_map(|at| Some(Part::new(self.embedded.get(&at)?, at)))
            .collect()
    }
}
