//! A value becomes XML.

use quick_xml::Writer;
use quick_xml::events::{BytesCData, BytesDecl, BytesEnd, BytesStart, BytesText, Event};
use serde::ser::Error as _;
use serde_json::Error;

use super::{Document, Name, Node, Object, Property, Shape};
use crate::json::Json;

/// The namespace of `xsi:nil` (XML Schema §2.6.2).
const XSI: &str = "http://www.w3.org/2001/XMLSchema-instance";

impl Document {
    /// Writes a value.
    pub(crate) fn write(&self, value: &Json) -> Result<Vec<u8>, Error> {
        let mut writing = Writing {
            objects: self.objects,
            writer: Writer::new(Vec::new()),
            scope: Vec::new(),
        };
        writing.event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
        let root = self
            .root
            .ok_or_else(|| fault("the root element has no name"))?;
        match (self.is_array, self.items.unwrap_or(root)) {
            (true, items) => {
                writing.wrapped(&Tag::of(root), &Tag::of(items), value, self.shape)?;
            }
            (false, _) => writing.element(&Tag::of(root), value, self.shape)?,
        }
        Ok(writing.writer.into_inner())
    }
}

struct Writing {
    objects: &'static [Object],
    writer: Writer<Vec<u8>>,
    /// The prefixes that are bound here, and to which namespace; the last of several counts.
    scope: Vec<(&'static str, &'static str)>,
}

/// The name of an element, which may be data.
struct Tag<'a> {
    local: &'a str,
    prefix: &'static str,
    namespace: &'static str,
}

impl Tag<'static> {
    const fn of(name: Name) -> Self {
        Self {
            local: name.local,
            prefix: name.prefix,
            namespace: name.namespace,
        }
    }
}

impl<'a> Tag<'a> {
    fn of_data(name: &'a str) -> Result<Self, Error> {
        let mut characters = name.chars();
        let is_start = |c: char| c.is_alphabetic() || c == '_';
        let is_name = characters.next().is_some_and(is_start)
            && characters.all(|c| is_start(c) || c.is_numeric() || c == '-' || c == '.');
        if !is_name {
            return Err(fault("the name of a property can't be that of an element"));
        }
        Ok(Self {
            local: name,
            prefix: "",
            namespace: "",
        })
    }

    fn qualified(&self) -> String {
        qualified(self.prefix, self.local)
    }
}

impl Writing {
    fn element(&mut self, tag: &Tag<'_>, value: &Json, shape: Shape) -> Result<(), Error> {
        match (shape, value) {
            (_, Json::Null) => self.nil(tag),
            (Shape::Object(index), Json::Object(object)) => {
                self.object(tag, object, self.objects[index].1)
            }
            (Shape::Map(shape), Json::Object(map)) => self.inside(tag, &[], |writing| {
                for (name, value) in map {
                    writing.element(&Tag::of_data(name)?, value, *shape)?;
                }
                Ok(())
            }),
            (Shape::Object(_) | Shape::Map(_), _) => Err(fault("expected an object")),
            (_, value) => {
                let text = scalar(value)?;
                self.inside(tag, &[], |writing| writing.text(&text))
            }
        }
    }

    fn object(
        &mut self,
        tag: &Tag<'_>,
        object: &[(String, Json)],
        properties: &'static [Property],
    ) -> Result<(), Error> {
        let mut attributes = Vec::new();
        for property in properties {
            if let (Node::Attribute(name), Some(value)) =
                (property.node, member(object, property.name))
                && !value.is_null()
            {
                attributes.push((name, scalar(value)?));
            }
        }
        self.inside(tag, &attributes, |writing| {
            for property in properties {
                if let Some(value) = member(object, property.name) {
                    writing.property(property, value)?;
                }
            }
            let is_others = |property: &&Property| matches!(property.node, Node::Others);
            let is_known = |name: &str| {
                let mut known = properties.iter().filter(|property| !is_others(property));
                known.any(|property| property.name == name)
            };
            for (name, value) in object.iter().filter(|(name, _)| !is_known(name)) {
                let others = properties.iter().find(is_others);
                let others = others.ok_or_else(|| fault("a property has no element"))?;
                writing.element(&Tag::of_data(name)?, value, others.shape)?;
            }
            Ok(())
        })
    }

    fn property(&mut self, property: &Property, value: &Json) -> Result<(), Error> {
        let shape = property.shape;
        match property.node {
            Node::Element(name) => self.element(&Tag::of(name), value, shape),
            Node::Elements(name) => {
                for item in items(value)? {
                    self.element(&Tag::of(name), item, shape)?;
                }
                Ok(())
            }
            Node::Wrapped(name, item) => self.wrapped(&Tag::of(name), &Tag::of(item), value, shape),
            Node::Text | Node::Cdata if value.is_null() => Ok(()),
            Node::Text => self.text(&scalar(value)?),
            Node::Cdata => {
                for section in BytesCData::escaped(&scalar(value)?) {
                    self.event(Event::CData(section))?;
                }
                Ok(())
            }
            Node::Attribute(_) | Node::Others => Ok(()),
        }
    }

    fn wrapped(
        &mut self,
        tag: &Tag<'_>,
        item: &Tag<'_>,
        value: &Json,
        shape: Shape,
    ) -> Result<(), Error> {
        if value.is_null() {
            return self.nil(tag);
        }
        let items = items(value)?;
        self.inside(tag, &[], |writing| {
            let mut items = items.iter();
            items.try_for_each(|value| writing.element(item, value, shape))
        })
    }

    fn nil(&mut self, tag: &Tag<'_>) -> Result<(), Error> {
        let nil = Name::new("nil").prefix("xsi").namespace(XSI);
        self.inside(tag, &[(nil, "true".to_owned())], |_| Ok(()))
    }

    /// Writes an element with its attributes, and what stands in it.
    fn inside(
        &mut self,
        tag: &Tag<'_>,
        attributes: &[(Name, String)],
        content: impl FnOnce(&mut Self) -> Result<(), Error>,
    ) -> Result<(), Error> {
        let name = tag.qualified();
        let bound = self.scope.len();
        let mut start = BytesStart::new(name.as_str());
        self.bind(tag.prefix, tag.namespace, &mut start);
        for (attribute, value) in attributes {
            // Without a prefix an attribute has no namespace (Namespaces in XML §6.2).
            if !attribute.prefix.is_empty() {
                self.bind(attribute.prefix, attribute.namespace, &mut start);
            }
            let name = qualified(attribute.prefix, attribute.local);
            start.push_attribute((name.as_str(), value.as_str()));
        }
        self.event(Event::Start(start))?;
        content(self)?;
        self.scope.truncate(bound);
        self.event(Event::End(BytesEnd::new(name.as_str())))
    }

    /// Binds a prefix to a namespace, unless it is.
    fn bind(&mut self, prefix: &'static str, namespace: &'static str, start: &mut BytesStart<'_>) {
        let bound = self.scope.iter().rev().find(|(known, _)| *known == prefix);
        if namespace.is_empty() || bound.is_some_and(|(_, bound)| *bound == namespace) {
            return;
        }
        self.scope.push((prefix, namespace));
        let attribute = match prefix {
            "" => "xmlns".to_owned(),
            prefix => format!("xmlns:{prefix}"),
        };
        start.push_attribute((attribute.as_str(), namespace));
    }

    fn text(&mut self, text: &str) -> Result<(), Error> {
        self.event(Event::Text(BytesText::new(text)))
    }

    fn event(&mut self, event: Event<'_>) -> Result<(), Error> {
        self.writer.write_event(event).map_err(Error::custom)
    }
}

fn qualified(prefix: &str, local: &str) -> String {
    match prefix {
        "" => local.to_owned(),
        prefix => format!("{prefix}:{local}"),
    }
}

fn member<'a>(object: &'a [(String, Json)], name: &str) -> Option<&'a Json> {
    let found = object.iter().find(|(known, _)| known == name);
    found.map(|(_, value)| value)
}

/// Returns the items of an array; `null` has none.
fn items(value: &Json) -> Result<&[Json], Error> {
    match value {
        Json::Array(items) => Ok(items),
        Json::Null => Ok(&[]),
        _ => Err(fault("expected an array")),
    }
}

/// Returns the text of a value, which XML must be able to hold (XML 1.0 §2.2).
fn scalar(value: &Json) -> Result<String, Error> {
    let text = match value {
        Json::String(text) => text.clone(),
        Json::Number(number) => number.to_string(),
        Json::Bool(flag) => flag.to_string(),
        Json::Null => String::new(),
        Json::Array(_) | Json::Object(_) => return Err(fault("expected a text")),
    };
    let is_held = |c: char| matches!(c, '\t' | '\n' | '\r' | ' '..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'..);
    if text.chars().all(is_held) {
        Ok(text)
    } else {
        Err(fault("a text has a character that XML can't hold"))
    }
}

fn fault(message: &str) -> Error {
    Error::custom(message)
}
