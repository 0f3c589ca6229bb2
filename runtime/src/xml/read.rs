//! XML becomes a value.
//!
//! What the table doesn't name is passed over, as unknown properties of JSON are.

use std::borrow::Cow;
use std::collections::BTreeMap;

use quick_xml::escape::resolve_predefined_entity;
use quick_xml::events::{BytesRef, BytesStart, Event};
use quick_xml::{NsReader, XmlVersion};

use super::matching::Found;
use super::place::Place;
use super::{Absent, Document, Name, Node, Property, Shape};
use crate::formats::Number;
use crate::json::Json;

type Members = BTreeMap<String, Json>;

/// As deep as `serde_json` reads.
const DEEPEST: usize = 120;

/// Why a text isn't the document.
#[derive(Debug)]
pub(crate) struct Fault {
    /// The element at fault; empty outside of the root.
    pub(crate) path: String,
    pub(crate) message: String,
    /// The byte up to which the text was read.
    pub(crate) offset: usize,
    /// Whether it isn't XML at all.
    pub(crate) is_syntax: bool,
}

impl Document {
    /// Reads a text.
    pub(crate) fn read(&self, text: &str) -> Result<Json, Fault> {
        let mut reader = NsReader::from_str(text);
        reader.config_mut().expand_empty_elements = true;
        let mut reading = Reading {
            document: self,
            reader,
            place: Place::default(),
        };
        reading.whole()
    }
}

struct Reading<'x, 'd> {
    document: &'d Document,
    reader: NsReader<&'x [u8]>,
    place: Place,
}

/// What content is made of.
enum Piece<'x> {
    Start(BytesStart<'x>),
    Text(Cow<'x, str>),
    End,
    Eof,
}

impl<'x> Reading<'x, '_> {
    fn whole(&mut self) -> Result<Json, Fault> {
        let mut root = None;
        loop {
            match self.next()? {
                Piece::Start(start) if root.is_none() => root = Some(self.root(&start)?),
                Piece::Start(_) => return Err(self.syntax("expected one root element, found two")),
                Piece::Text(text) if is_blank(&text) => {}
                Piece::Text(_) | Piece::End => {
                    return Err(self.syntax("expected an element, found text"));
                }
                Piece::Eof => {
                    return root.ok_or_else(|| self.syntax("expected an element, found none"));
                }
            }
        }
    }

    fn root(&mut self, start: &BytesStart<'x>) -> Result<Json, Fault> {
        self.expect(self.document.root.as_ref(), start)?;
        self.place.enter(start.local_name().as_ref(), None);
        let value = if !self.document.is_array {
            self.value(start, self.document.shape)?
        } else if self.is_nil(start) {
            self.skip().map(|()| Json::Null)?
        } else {
            self.items(self.document.items.as_ref(), self.document.shape)?
        };
        self.place.leave();
        Ok(value)
    }

    /// An array of other elements would be an empty one.
    fn expect(&self, name: Option<&Name>, start: &BytesStart<'x>) -> Result<(), Fault> {
        let found = Found::element(start.name(), self.reader.resolver());
        let Some(name) = name.filter(|name| found.fit(name).is_none()) else {
            return Ok(());
        };
        let expected = name.local;
        let found = start.local_name();
        Err(self.fault(if found.as_ref() == expected {
            let namespace = name.namespace;
            format!("expected `{expected}` of the namespace `{namespace}`, found that of another")
        } else {
            format!("expected `{expected}`, found `{}`", shown(found.as_ref()))
        }))
    }

    /// Reads what stands in an element, up to its end.
    fn value(&mut self, start: &BytesStart<'x>, shape: Shape) -> Result<Json, Fault> {
        if self.place.depth() > DEEPEST {
            return Err(self.fault("the elements nest too deep".to_owned()));
        }
        if self.is_nil(start) {
            return self.skip().map(|()| Json::Null);
        }
        match shape {
            Shape::Object(index) => self.object(start, self.document.objects[index].1),
            Shape::Map(shape) => self.map(*shape),
            scalar => {
                let text = self.text()?;
                self.scalar(scalar, text)
            }
        }
    }

    fn object(
        &mut self,
        start: &BytesStart<'x>,
        properties: &'static [Property],
    ) -> Result<Json, Fault> {
        let mut object = self.attributes(start, properties)?;
        let mut own = String::new();
        loop {
            match self.next()? {
                Piece::Start(child) => self.member(&child, properties, &mut object)?,
                Piece::Text(text) => own.push_str(&text),
                Piece::End => break,
                Piece::Eof => return Err(self.unclosed()),
            }
        }
        for property in properties {
            let is_text = matches!(property.node, Node::Text | Node::Cdata);
            if is_text && (!own.is_empty() || property.absent == Absent::Empty) {
                let text = std::mem::take(&mut own);
                object.insert(property.name.to_owned(), self.scalar(property.shape, text)?);
            } else if !object.contains_key(property.name) {
                let value = match property.absent {
                    Absent::Absent => continue,
                    Absent::Null => Json::Null,
                    Absent::Empty => Json::Array(Vec::new()),
                };
                object.insert(property.name.to_owned(), value);
            }
        }
        Ok(Json::Object(object.into_iter().collect()))
    }

    fn attributes(
        &mut self,
        start: &BytesStart<'x>,
        properties: &'static [Property],
    ) -> Result<Members, Fault> {
        let mut object = Members::new();
        let mut attributes = start.attributes();
        // It compares each with all before it, which takes too long where somebody sends thousands.
        for attribute in attributes.with_checks(false) {
            let attribute = attribute.map_err(|_| self.syntax("expected an attribute"))?;
            let name = attribute.key.local_name();
            if attribute.key.as_namespace_binding().is_some() {
                continue;
            }
            let found = Found::attribute(attribute.key, self.reader.resolver());
            if let Some(property) = found.among_attributes(properties) {
                self.place.enter_attribute(name.as_ref());
                let text = attribute.normalized_value(XmlVersion::Implicit1_0);
                let text = text.map_err(|_| self.syntax("expected the value of an attribute"))?;
                let value = self.scalar(property.shape, text.into_owned())?;
                self.once(&mut object, property.name, value)?;
                self.place.leave();
            }
        }
        Ok(object)
    }

    /// Reads an element in that of an object.
    fn member(
        &mut self,
        start: &BytesStart<'x>,
        properties: &'static [Property],
        object: &mut Members,
    ) -> Result<(), Fault> {
        let local = start.local_name();
        let local = local.as_ref();
        let found = Found::element(start.name(), self.reader.resolver());
        let named = found.among_elements(properties);
        let others = || {
            let is_others = |property: &&Property| matches!(property.node, Node::Others);
            properties.iter().find(is_others)
        };
        let Some(property) = named.or_else(others) else {
            return self.skip();
        };
        match &property.node {
            Node::Elements(_) => {
                let items = object.entry(property.name.to_owned());
                let items = items.or_insert_with(|| Json::Array(Vec::new()));
                let Json::Array(items) = items else {
                    return self.skip();
                };
                self.place.enter(local, Some(items.len() + 1));
                items.push(self.value(start, property.shape)?);
            }
            Node::Wrapped(_, name) => {
                self.place.enter(local, None);
                let value = if self.is_nil(start) {
                    self.skip().map(|()| Json::Null)?
                } else {
                    self.items(Some(name), property.shape)?
                };
                self.once(object, property.name, value)?;
            }
            node => {
                self.place.enter(local, None);
                let value = self.value(start, property.shape)?;
                let name = if matches!(node, Node::Others) {
                    local
                } else {
                    property.name
                };
                self.once(object, name, value)?;
            }
        }
        self.place.leave();
        Ok(())
    }

    /// Reads the elements of an array up to the end of the element around them.
    fn items(&mut self, name: Option<&Name>, shape: Shape) -> Result<Json, Fault> {
        let mut items = Vec::new();
        loop {
            match self.next()? {
                Piece::Start(start) => {
                    self.expect(name, &start)?;
                    self.place
                        .enter(start.local_name().as_ref(), Some(items.len() + 1));
                    items.push(self.value(&start, shape)?);
                    self.place.leave();
                }
                Piece::Text(_) => {}
                Piece::End => return Ok(Json::Array(items)),
                Piece::Eof => return Err(self.unclosed()),
            }
        }
    }

    fn map(&mut self, shape: Shape) -> Result<Json, Fault> {
        let mut map = Members::new();
        loop {
            match self.next()? {
                Piece::Start(start) => {
                    let local = start.local_name();
                    self.place.enter(local.as_ref(), None);
                    let value = self.value(&start, shape)?;
                    self.once(&mut map, local.as_ref(), value)?;
                    self.place.leave();
                }
                Piece::Text(_) => {}
                Piece::End => return Ok(Json::Object(map.into_iter().collect())),
                Piece::Eof => return Err(self.unclosed()),
            }
        }
    }

    fn once(&self, object: &mut Members, name: &str, value: Json) -> Result<(), Fault> {
        match object.insert(name.to_owned(), value) {
            None => Ok(()),
            Some(_) => Err(self.fault("expected it once, found it twice".to_owned())),
        }
    }

    fn text(&mut self) -> Result<String, Fault> {
        let mut whole = String::new();
        loop {
            match self.next()? {
                Piece::Text(text) => whole.push_str(&text),
                Piece::Start(start) => {
                    let found = start.local_name();
                    let found = shown(found.as_ref());
                    return Err(self.fault(format!("expected text, found an element `{found}`")));
                }
                Piece::End => return Ok(whole),
                Piece::Eof => return Err(self.unclosed()),
            }
        }
    }

    /// Returns what a text says. An empty one is no number: there is none.
    fn scalar(&self, shape: Shape, text: String) -> Result<Json, Fault> {
        let trimmed = text.trim_matches(SPACE);
        match shape {
            Shape::Number | Shape::Boolean if trimmed.is_empty() => Ok(Json::Null),
            Shape::Number => {
                let number = Number::of_decimal(trimmed).map(Json::Number);
                number.ok_or_else(|| self.fault("expected a number, found other text".to_owned()))
            }
            Shape::Boolean => match trimmed {
                "true" | "1" => Ok(Json::Bool(true)),
                "false" | "0" => Ok(Json::Bool(false)),
                _ => Err(self.fault("expected `true` or `false`, found other text".to_owned())),
            },
            _ => Ok(Json::String(text)),
        }
    }

    /// Passes over an element that was begun, however deep its content is.
    fn skip(&mut self) -> Result<(), Fault> {
        let mut depth = 1_usize;
        while depth > 0 {
            match self.next()? {
                Piece::Start(_) => depth += 1,
                Piece::End => depth -= 1,
                Piece::Text(_) => {}
                Piece::Eof => return Err(self.unclosed()),
            }
        }
        Ok(())
    }

    fn is_nil(&self, start: &BytesStart<'x>) -> bool {
        let mut attributes = start.attributes();
        attributes
            .with_checks(false)
            .has_nil(self.reader.resolver())
    }

    fn next(&mut self) -> Result<Piece<'x>, Fault> {
        loop {
            let event = self.reader.read_event();
            let event = event.map_err(|_| self.syntax("expected XML, found other text"))?;
            return Ok(match event {
                Event::Start(start) | Event::Empty(start) => Piece::Start(start),
                Event::End(_) => Piece::End,
                Event::Text(text) => Piece::Text(text.xml10_content()),
                Event::CData(text) => Piece::Text(text.xml10_content()),
                Event::GeneralRef(reference) => Piece::Text(self.resolved(&reference)?),
                Event::Eof => Piece::Eof,
                // Nothing is to be read from elsewhere, and nothing expanded without end.
                Event::DocType(_) => {
                    return Err(self.syntax("a document type declaration isn't read"));
                }
                Event::Comment(_) | Event::Decl(_) | Event::PI(_) => continue,
            });
        }
    }

    fn resolved(&self, reference: &BytesRef<'x>) -> Result<Cow<'x, str>, Fault> {
        let fault = || self.syntax("an entity that isn't one of XML's own isn't read");
        match reference.resolve_char_ref().map_err(|_| fault())? {
            Some(character) => Ok(Cow::Owned(character.to_string())),
            None => resolve_predefined_entity(reference)
                .map(Cow::Borrowed)
                .ok_or_else(fault),
        }
    }

    fn unclosed(&self) -> Fault {
        self.syntax("expected the end of the element, found that of the text")
    }

    fn syntax(&self, message: &str) -> Fault {
        Fault {
            is_syntax: true,
            ..self.fault(message.to_owned())
        }
    }

    fn fault(&self, message: String) -> Fault {
        Fault {
            path: self.place.to_string(),
            message,
            offset: usize::try_from(self.reader.buffer_position()).unwrap_or(usize::MAX),
            is_syntax: false,
        }
    }
}

/// White space (XML 1.0 §2.3).
const SPACE: [char; 4] = [' ', '\t', '\n', '\r'];

fn is_blank(text: &str) -> bool {
    // A reader that splits bytes doesn't take the mark away.
    text.trim_start_matches('\u{feff}')
        .trim_matches(SPACE)
        .is_empty()
}

/// A name as an error shows it: it comes from outside.
pub(super) fn shown(name: &str) -> String {
    let known = |c: char| {
        if c.is_alphanumeric() || "-._:*".contains(c) {
            c
        } else {
            '?'
        }
    };
    name.chars().map(known).take(60).collect()
}
