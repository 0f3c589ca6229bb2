//! Where in a document something is.

use std::fmt;

use super::{Document, Node, Property, Shape};

/// The way from the root to an element or an attribute. It is written as an `XPath`:
/// `/order/item[2]/@id`.
#[derive(Debug, Default)]
pub(super) struct Place(Vec<Step>);

#[derive(Debug)]
struct Step {
    name: String,
    is_attribute: bool,
    /// Which of several of its name it is, from 1.
    index: Option<usize>,
}

impl Place {
    pub(super) fn enter(&mut self, name: &str, index: Option<usize>) {
        self.step(name, false, index);
    }

    pub(super) fn enter_attribute(&mut self, name: &str) {
        self.step(name, true, None);
    }

    fn step(&mut self, name: &str, is_attribute: bool, index: Option<usize>) {
        self.0.push(Step {
            name: name.to_owned(),
            is_attribute,
            index,
        });
    }

    pub(super) fn leave(&mut self) {
        self.0.pop();
    }

    pub(super) const fn depth(&self) -> usize {
        self.0.len()
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for step in &self.0 {
            let at = if step.is_attribute { "@" } else { "" };
            write!(f, "/{at}{}", super::read::shown(&step.name))?;
            if let Some(index) = step.index {
                write!(f, "[{index}]")?;
            }
        }
        Ok(())
    }
}

impl Document {
    /// Returns where in the XML the value is that a JSON Pointer leads to.
    pub(crate) fn place(&self, pointer: &str) -> String {
        let mut tokens = pointer.split('/').skip(1).map(unescaped);
        let mut place = Place::default();
        place.enter(self.root.map_or("*", |root| root.local), None);
        let mut shape = self.shape;
        if self.is_array {
            let name = self.items.map_or("*", |name| name.local);
            match tokens.next() {
                Some(index) => place.enter(name, item(&index)),
                None => return place.to_string(),
            }
        }
        while let Some(token) = tokens.next() {
            shape = match shape {
                Shape::Map(inner) => {
                    place.enter(&token, None);
                    *inner
                }
                Shape::Object(index) => {
                    let properties = self.objects[index].1;
                    let is_it = |property: &&Property| property.name == token;
                    let is_others = |property: &&Property| matches!(property.node, Node::Others);
                    let found = properties.iter().find(is_it);
                    match found.or_else(|| properties.iter().find(is_others)) {
                        Some(property) => {
                            property.enter(&mut place, &token, &mut tokens);
                            property.shape
                        }
                        None => break,
                    }
                }
                Shape::Text | Shape::Number | Shape::Boolean => break,
            };
        }
        place.to_string()
    }
}

impl Property {
    /// Goes on to where the property is, and to the item of it where it is an array.
    fn enter(&self, place: &mut Place, token: &str, tokens: &mut impl Iterator<Item = String>) {
        match self.node {
            Node::Attribute(name) => place.enter_attribute(name.local),
            Node::Element(name) => place.enter(name.local, None),
            Node::Elements(name) => {
                let index = tokens.next().and_then(|index| item(&index));
                place.enter(name.local, index);
            }
            Node::Wrapped(name, items) => {
                place.enter(name.local, None);
                if let Some(index) = tokens.next() {
                    place.enter(items.local, item(&index));
                }
            }
            Node::Others => place.enter(token, None),
            Node::Text | Node::Cdata => {}
        }
    }
}

/// Returns the position of an item, which `XPath` counts from 1.
fn item(index: &str) -> Option<usize> {
    index.parse::<usize>().ok()?.checked_add(1)
}

/// Returns what a token of a JSON Pointer stands for (RFC 6901 §4).
fn unescaped(token: &str) -> String {
    token.replace("~1", "/").replace("~0", "~")
}
