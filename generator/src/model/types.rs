//! Types: what a schema is to a client.

use std::collections::BTreeMap;

use serde_json::Value;

use super::{StatusPattern, XmlNode};
use crate::config::Format;
use crate::pointer::Pointer;

/// The identity of a [`TypeDef`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct TypeId(u32);

impl TypeId {
    pub(crate) fn new(index: usize) -> Self {
        Self(u32::try_from(index).expect("fewer than four billion types"))
    }

    pub(crate) const fn index(self) -> usize {
        self.0 as usize
    }
}

/// A use of a type: what a field, a parameter or a body holds.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Type {
    Scalar(Scalar),
    Named(TypeId),
    Array(Box<Self>),
    /// An object whose property names are data.
    Map(Box<Self>),
    /// An array of a fixed length, each element of a type of its own.
    Tuple(Vec<Self>),
    /// A value or `null`, where no [`Presence`] says so: an element of an array or of a map, or an
    /// alias.
    Nullable(Box<Self>),
    /// Any JSON value.
    Any,
}

/// A type without parts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Scalar {
    Bool,
    I32,
    I64,
    U32,
    U64,
    F64,
    /// A number with all its digits.
    Number,
    String,
    /// A text that isn't shown in `Debug`: `format: password`.
    Secret,
    /// A text of a format that is a type.
    Text(Format),
}

/// A type with a name of its own.
#[derive(Debug)]
pub(crate) struct TypeDef {
    pub(crate) naming: Naming,
    pub(crate) docs: Docs,
    pub(crate) kind: TypeKind,
    /// Where the schema stands.
    pub(crate) pointer: Pointer,
    pub(crate) asked: AskedNames,
}

/// Names that the document, or the user, asks for.
#[derive(Debug, Clone, Default)]
pub(crate) struct AskedNames {
    /// Of the type.
    pub(crate) own: Option<Asked>,
    /// Of properties and of values, by what the document calls them.
    pub(crate) members: BTreeMap<String, Asked>,
}

/// A name as it is to stand in the code.
#[derive(Debug, Clone)]
pub(crate) struct Asked {
    pub(crate) name: String,
    /// Where it is asked for.
    pub(crate) pointer: Pointer,
}

/// Where a name comes from.
#[derive(Debug, Clone)]
pub(crate) enum Naming {
    /// A key of `components` (of `schemas`, or of the response, parameter or request body whose
    /// schema has no name of its own), or a name that the document gives by an extension.
    Component(String),
    /// A schema without a name of its own: it stands in another type in a certain role.
    Inside {
        parent: TypeId,
        role: Role,
        title: Option<String>,
    },
    /// A schema without a name of its own that stands in an operation: its body, a response.
    Of {
        operation: super::OperationId,
        role: Role,
        title: Option<String>,
    },
}

/// What an unnamed schema is to what it stands in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Role {
    Property(String),
    Item,
    Value,
    /// The alternative of a union, counted from 1.
    Variant(usize),
    Parameter(String),
    RequestBody,
    /// The body of a response.
    Response(StatusPattern),
}

/// What the document says of a thing.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Docs {
    /// A single line.
    pub(crate) title: Option<String>,
    /// `CommonMark`.
    pub(crate) description: Option<String>,
    pub(crate) deprecated: bool,
    /// Constraints and formats that the Rust type doesn't express, a line each: ``at most 127
    /// characters``.
    pub(crate) notes: Vec<String>,
}

#[derive(Debug)]
pub(crate) enum TypeKind {
    Struct(Struct),
    Enum(Enum),
    Union(Union),
    /// Another name of a type.
    Alias(Type),
    /// A type that isn't generated, by the segments of its path.
    Foreign(Vec<String>),
    /// A type that only wraps another, because an alias that contains itself is no Rust.
    Newtype(Type),
}

impl TypeKind {
    /// Returns the types that it holds.
    pub(crate) fn types(&self) -> Vec<&Type> {
        match self {
            Self::Struct(object) => {
                let fields = object.fields.iter().map(|field| &field.ty);
                fields.chain(&object.additional).collect()
            }
            Self::Union(union) => union.variants.iter().map(|variant| &variant.ty).collect(),
            Self::Alias(ty) | Self::Newtype(ty) => vec![ty],
            Self::Enum(_) | Self::Foreign(_) => Vec::new(),
        }
    }
}

/// An object with known properties.
#[derive(Debug, Clone, Default)]
pub(crate) struct Struct {
    pub(crate) fields: Vec<Field>,
    /// The type of further properties where the document speaks of them; otherwise they are
    /// ignored.
    pub(crate) additional: Option<Type>,
}

#[derive(Debug, Clone)]
pub(crate) struct Field {
    /// The name of the property.
    pub(crate) name: String,
    pub(crate) ty: Type,
    pub(crate) presence: Presence,
    /// Whether the value is behind a pointer, because the type contains itself.
    pub(crate) boxed: bool,
    pub(crate) docs: Docs,
    pub(crate) default: Option<Value>,
    /// The only value that the document knows of it: a string, a number or a boolean that a caller
    /// needn't choose. Other values are read all the same.
    pub(crate) constant: Option<Value>,
    /// What it is in XML, where the type stands in any.
    pub(crate) xml: Option<XmlNode>,
}

/// May a property be absent, may it be `null`?
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Presence {
    /// `T`
    Required,
    /// `Option<T>`: absent or a value. A `null` that a server sends all the same reads as absent.
    Optional,
    /// `Option<T>`: `null` or a value, never absent.
    Nullable,
    /// `Option<Option<T>>`: absent, `null` or a value.
    OptionalNullable,
}

impl Presence {
    /// Returns whether the property is always there.
    pub(crate) const fn is_always(self) -> bool {
        matches!(self, Self::Required | Self::Nullable)
    }
}

/// A set of constants, open for values that the document doesn't list.
#[derive(Debug)]
pub(crate) struct Enum {
    pub(crate) values: Vec<EnumValue>,
}

#[derive(Debug)]
pub(crate) struct EnumValue {
    /// A string or an integer; the same kind in all of an enum.
    pub(crate) value: Value,
    /// A name that the document gives by `x-enum-varnames` or its like.
    pub(crate) name: Option<String>,
    pub(crate) description: Option<String>,
}

/// One of several types: `oneOf`, `anyOf`.
#[derive(Debug)]
pub(crate) struct Union {
    pub(crate) variants: Vec<Variant>,
    /// The property that says which variant it is
    /// (OpenAPI 3.0 §4.7.25).
    pub(crate) discriminator: Option<String>,
    /// The index of a variant that has a finite value without another value of this type.
    pub(crate) base: usize,
}

#[derive(Debug)]
pub(crate) struct Variant {
    pub(crate) ty: Type,
    pub(crate) boxed: bool,
    pub(crate) evidence: Evidence,
    pub(crate) docs: Docs,
}

/// By what a value is known to be of a variant.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Evidence {
    /// The kinds of JSON value that the variant can be.
    pub(crate) kinds: Vec<JsonKind>,
    /// The values of the discriminator; empty where there is none.
    pub(crate) tags: Vec<Tag>,
    /// Properties that must be there.
    pub(crate) required: Vec<String>,
    /// All properties that the variant knows.
    pub(crate) properties: Vec<String>,
    /// Properties that have one of a few values: constants and enums.
    pub(crate) constants: Vec<(String, Vec<Value>)>,
    /// The values of a scalar variant that is an enum; empty for every other.
    pub(crate) values: Vec<Value>,
    /// Whether an object is told by its tags alone, because none is without: then all else is left
    /// out.
    pub(crate) is_told_by_tag: bool,
}

/// A value of a discriminator, as the document maps it.
pub(crate) type Tag = String;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum JsonKind {
    Null,
    Bool,
    Integer,
    Number,
    String,
    Array,
    Object,
}
