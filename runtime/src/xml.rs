//! Bodies of XML: which element or attribute of a document each property of a value is
//! ([OpenAPI 3.0 §4.7.26](https://spec.openapis.org/oas/v3.0.3#xml-object)).
//!
//! Types read and write values of the kinds of JSON. Generated code has a table of the objects among
//! them, by which such a value becomes XML and XML such a value.

mod matching;
mod place;
mod read;
#[cfg(test)]
mod tests;
mod write;

pub(crate) use read::Fault;

/// The document that a body is: its root element, and what that holds.
#[derive(Debug, Clone, Copy)]
pub struct Document {
    objects: &'static [Object],
    root: Option<Name>,
    is_array: bool,
    items: Option<Name>,
    shape: Shape,
}

/// The properties of an object, behind what it is called.
#[derive(Debug, Clone, Copy)]
pub struct Object(pub &'static str, pub &'static [Property]);

/// What an element or an attribute holds.
#[derive(Debug, Clone, Copy)]
pub enum Shape {
    /// A text.
    Text,
    /// A number, in decimal.
    Number,
    /// `true` or `false`, or 1 or 0.
    Boolean,
    /// The properties of an object, by its index.
    Object(usize),
    /// Elements, each under a name that is data.
    Map(&'static Self),
}

/// A property of an object, and where in XML it is.
#[derive(Debug, Clone, Copy)]
pub struct Property {
    name: &'static str,
    node: Node,
    shape: Shape,
    absent: Absent,
}

/// What a property is in XML.
#[derive(Debug, Clone, Copy)]
pub enum Node {
    /// An attribute.
    Attribute(Name),
    /// An element.
    Element(Name),
    /// An element for each item of an array.
    Elements(Name),
    /// An element, in which there is one for each item of an array.
    Wrapped(Name, Name),
    /// The text of the object's own element.
    Text,
    /// The text of the object's own element, written as a CDATA section.
    Cdata,
    /// Every element that is no other property.
    Others,
}

/// What it means that nothing of a property is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Absent {
    /// That it is absent.
    Absent,
    /// That it is `null`.
    Null,
    /// That it is an array without items, or an empty text.
    Empty,
}

/// The name of an element or an attribute.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Name {
    local: &'static str,
    /// Empty where it has none, as the namespace is.
    prefix: &'static str,
    namespace: &'static str,
}

impl Document {
    /// Describes a document of whatever root element; the indexes of shapes are those of `objects`.
    #[must_use]
    pub const fn new(objects: &'static [Object], shape: Shape) -> Self {
        Self {
            objects,
            root: None,
            is_array: false,
            items: None,
            shape,
        }
    }

    /// Describes a document that is an array: its root element holds an element for each item.
    #[must_use]
    pub const fn of_items(objects: &'static [Object], shape: Shape) -> Self {
        Self {
            is_array: true,
            ..Self::new(objects, shape)
        }
    }

    /// Sets the name of the root element.
    #[must_use]
    pub const fn root(mut self, name: Name) -> Self {
        self.root = Some(name);
        self
    }

    /// Sets the name of the elements of items, which can be any otherwise.
    #[must_use]
    pub const fn items(mut self, name: Name) -> Self {
        self.items = Some(name);
        self
    }
}

impl Property {
    /// Describes a property by what the value calls it.
    #[must_use]
    pub const fn new(name: &'static str, node: Node, shape: Shape) -> Self {
        Self {
            name,
            node,
            shape,
            absent: Absent::Absent,
        }
    }

    /// Sets what it means that nothing of it is there.
    #[must_use]
    pub const fn when_absent(mut self, absent: Absent) -> Self {
        self.absent = absent;
        self
    }
}

impl Node {
    /// Returns the name of its element.
    const fn element(&self) -> Option<&Name> {
        match self {
            Self::Element(name) | Self::Elements(name) | Self::Wrapped(name, _) => Some(name),
            Self::Attribute(_) | Self::Text | Self::Cdata | Self::Others => None,
        }
    }
}

impl Name {
    /// Describes a name without a namespace. An element has that of the elements around it then.
    #[must_use]
    pub const fn new(local: &'static str) -> Self {
        Self {
            local,
            prefix: "",
            namespace: "",
        }
    }

    /// Sets the namespace; without a prefix it is that of the elements inside, too.
    #[must_use]
    pub const fn namespace(mut self, namespace: &'static str) -> Self {
        self.namespace = namespace;
        self
    }

    /// Sets the prefix.
    #[must_use]
    pub const fn prefix(mut self, prefix: &'static str) -> Self {
        self.prefix = prefix;
        self
    }
}
