//! The keywords of one schema in one shape, whichever way the `openapiv3` crate sorted them.

use indexmap::IndexMap;
use openapiv3::{
    AdditionalProperties, AnySchema, IntegerFormat, NumberFormat, ReferenceOr, Schema, SchemaData,
    SchemaKind, StringFormat, Type, VariantOrUnknownOrEmpty,
};
use serde_json::Value;

pub(super) type Properties = IndexMap<String, ReferenceOr<Box<Schema>>>;

/// What `type` can say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Object,
    Array,
    String,
    Integer,
    Number,
    Boolean,
    Null,
}

/// What one schema says itself; what it composes (`allOf`, `oneOf`, `anyOf`) stands apart.
#[derive(Debug, Clone)]
pub(super) struct Keywords<'a> {
    pub(super) schema: &'a Schema,
    /// The declared `type`.
    pub(super) kind: Option<Kind>,
    /// A `type` that OpenAPI doesn't know.
    pub(super) unknown_kind: Option<&'a str>,
    pub(super) format: Option<&'a str>,
    pub(super) properties: Option<&'a Properties>,
    pub(super) required: &'a [String],
    pub(super) additional: Option<&'a AdditionalProperties>,
    pub(super) items: Option<&'a ReferenceOr<Box<Schema>>>,
    /// The constants of `enum`, without `null`.
    pub(super) values: Vec<Value>,
    /// Whether `enum` lists `null`.
    pub(super) lists_null: bool,
    /// Whether a keyword that only strings obey stands here.
    pub(super) limits_text: bool,
    /// The bounds of a number.
    pub(super) minimum: Option<f64>,
    pub(super) maximum: Option<f64>,
    pub(super) all_of: &'a [ReferenceOr<Schema>],
    pub(super) one_of: &'a [ReferenceOr<Schema>],
    pub(super) any_of: &'a [ReferenceOr<Schema>],
    pub(super) not: Option<&'a ReferenceOr<Schema>>,
}

impl<'a> Keywords<'a> {
    pub(super) fn of(schema: &'a Schema) -> Self {
        let mut keywords = Self::empty(schema);
        match &schema.schema_kind {
            SchemaKind::Type(ty) => keywords.read_type(ty),
            SchemaKind::OneOf { one_of } => keywords.one_of = one_of,
            SchemaKind::AllOf { all_of } => keywords.all_of = all_of,
            SchemaKind::AnyOf { any_of } => keywords.any_of = any_of,
            SchemaKind::Not { not } => keywords.not = Some(not),
            SchemaKind::Any(any) => keywords.read_any(any),
        }
        keywords
    }

    const fn empty(schema: &'a Schema) -> Self {
        Self {
            schema,
            kind: None,
            unknown_kind: None,
            format: None,
            properties: None,
            required: &[],
            additional: None,
            items: None,
            values: Vec::new(),
            lists_null: false,
            limits_text: false,
            minimum: None,
            maximum: None,
            all_of: &[],
            one_of: &[],
            any_of: &[],
            not: None,
        }
    }

    fn read_type(&mut self, ty: &'a Type) {
        match ty {
            Type::String(string) => {
                self.kind = Some(Kind::String);
                self.format = format(&string.format, string_format);
                self.read_values(string.enumeration.iter().map(|value| value.clone().into()));
            }
            Type::Number(number) => {
                self.kind = Some(Kind::Number);
                self.format = format(&number.format, number_format);
                self.minimum = number.minimum;
                self.maximum = number.maximum;
                self.read_values(number.enumeration.iter().map(|value| (*value).into()));
            }
            Type::Integer(integer) => {
                self.kind = Some(Kind::Integer);
                self.format = format(&integer.format, integer_format);
                self.minimum = integer.minimum.map(float);
                self.maximum = integer.maximum.map(float);
                self.read_values(integer.enumeration.iter().map(|value| (*value).into()));
            }
            Type::Boolean(boolean) => {
                self.kind = Some(Kind::Boolean);
                self.read_values(boolean.enumeration.iter().map(|value| (*value).into()));
            }
            Type::Object(object) => {
                self.kind = Some(Kind::Object);
                self.properties = Some(&object.properties).filter(|map| !map.is_empty());
                self.required = &object.required;
                self.additional = object.additional_properties.as_ref();
            }
            Type::Array(array) => {
                self.kind = Some(Kind::Array);
                self.items = array.items.as_ref();
            }
        }
    }

    fn read_any(&mut self, any: &'a AnySchema) {
        match any.typ.as_deref() {
            Some("object") => self.kind = Some(Kind::Object),
            Some("array") => self.kind = Some(Kind::Array),
            Some("string") => self.kind = Some(Kind::String),
            Some("integer") => self.kind = Some(Kind::Integer),
            Some("number") => self.kind = Some(Kind::Number),
            Some("boolean") => self.kind = Some(Kind::Boolean),
            Some("null") => self.kind = Some(Kind::Null),
            unknown => self.unknown_kind = unknown,
        }
        self.format = any.format.as_deref();
        self.properties = Some(&any.properties).filter(|map| !map.is_empty());
        self.required = &any.required;
        self.additional = any.additional_properties.as_ref();
        self.items = any.items.as_ref();
        self.read_values(any.enumeration.iter().cloned());
        self.limits_text =
            any.pattern.is_some() || any.min_length.is_some() || any.max_length.is_some();
        self.minimum = any.minimum;
        self.maximum = any.maximum;
        self.all_of = &any.all_of;
        self.one_of = &any.one_of;
        self.any_of = &any.any_of;
        self.not = any.not.as_deref();
    }

    fn read_values(&mut self, values: impl Iterator<Item = Value>) {
        for value in values {
            if value.is_null() {
                self.lists_null = true;
            } else {
                self.values.push(value);
            }
        }
    }

    pub(super) const fn data(&self) -> &'a SchemaData {
        &self.schema.schema_data
    }

    /// Whether the schema allows `null`, seen by itself.
    pub(super) const fn nullable(&self) -> bool {
        self.data().nullable || self.lists_null || matches!(self.kind, Some(Kind::Null))
    }

    /// Whether the schema composes others.
    pub(super) const fn composes(&self) -> bool {
        !(self.all_of.is_empty() && self.one_of.is_empty() && self.any_of.is_empty())
    }

    /// Whether the schema says more of an object than that it is one.
    pub(super) const fn describes_object(&self) -> bool {
        self.properties.is_some() || self.additional.is_some() || !self.required.is_empty()
    }

    /// Whether the schema itself says what a value looks like, more than its bare `type`, its bounds
    /// and annotations.
    pub(super) fn has_shape(&self) -> bool {
        self.describes_object() || self.items.is_some() || !self.values.is_empty()
    }

    /// The kind that has the parts which the schema describes.
    pub(super) const fn shape_kind(&self) -> Option<Kind> {
        if self.properties.is_some() || self.additional.is_some() {
            Some(Kind::Object)
        } else if self.items.is_some() {
            Some(Kind::Array)
        } else {
            None
        }
    }

    /// The kind of its values: declared, or implied by keywords that only one kind obeys.
    pub(super) fn implied_kind(&self) -> Option<Kind> {
        if self.kind.is_some() {
            return self.kind;
        }
        if let Some(kind) = self.shape_kind() {
            return Some(kind);
        }
        if !self.values.is_empty() {
            return common_kind(&self.values);
        }
        if self.lists_null {
            return Some(Kind::Null);
        }
        if !self.required.is_empty() {
            return Some(Kind::Object);
        }
        match self.format {
            Some("int32" | "int64" | "uint32" | "uint64") => Some(Kind::Integer),
            Some("float" | "double") => Some(Kind::Number),
            Some(
                "date-time" | "date" | "time" | "duration" | "uuid" | "uri" | "email" | "hostname"
                | "ipv4" | "ipv6" | "byte" | "binary" | "password",
            ) => Some(Kind::String),
            _ if self.limits_text => Some(Kind::String),
            _ => None,
        }
    }

    /// Whether the schema allows nothing but `null`, or is how `null` is written beside an
    /// alternative: `{nullable: true}`, and `OData`'s `{type: object, nullable: true}`.
    pub(super) fn is_null(&self) -> bool {
        if self.composes() || self.has_shape() || self.not.is_some() {
            return false;
        }
        match self.kind {
            Some(Kind::Null) => true,
            None => self.nullable() && self.format.is_none(),
            Some(Kind::Object) => self.data().nullable,
            Some(_) => self.lists_null && self.values.is_empty(),
        }
    }
}

/// The kind of all values; `None` where they differ.
pub(super) fn common_kind(values: &[Value]) -> Option<Kind> {
    let mut kinds = values.iter().map(kind_of);
    let first = kinds.next()?;
    kinds.try_fold(first, |common, kind| match (common, kind) {
        (Kind::Integer, Kind::Number) | (Kind::Number, Kind::Integer) => Some(Kind::Number),
        _ => (common == kind).then_some(common),
    })
}

pub(super) fn kind_of(value: &Value) -> Kind {
    match value {
        Value::Null => Kind::Null,
        Value::Bool(_) => Kind::Boolean,
        Value::Number(number) if number.is_f64() => Kind::Number,
        Value::Number(_) => Kind::Integer,
        Value::String(_) => Kind::String,
        Value::Array(_) => Kind::Array,
        Value::Object(_) => Kind::Object,
    }
}

fn format<T: Copy>(
    format: &VariantOrUnknownOrEmpty<T>,
    known: fn(T) -> &'static str,
) -> Option<&str> {
    match format {
        VariantOrUnknownOrEmpty::Item(format) => Some(known(*format)),
        VariantOrUnknownOrEmpty::Unknown(format) => Some(format),
        VariantOrUnknownOrEmpty::Empty => None,
    }
}

const fn string_format(format: StringFormat) -> &'static str {
    match format {
        StringFormat::Date => "date",
        StringFormat::DateTime => "date-time",
        StringFormat::Password => "password",
        StringFormat::Byte => "byte",
        StringFormat::Binary => "binary",
    }
}

const fn number_format(format: NumberFormat) -> &'static str {
    match format {
        NumberFormat::Float => "float",
        NumberFormat::Double => "double",
    }
}

const fn integer_format(format: IntegerFormat) -> &'static str {
    match format {
        IntegerFormat::Int32 => "int32",
        IntegerFormat::Int64 => "int64",
    }
}

// Only compared with the limits of integer types, which needs no more precision.
#[expect(clippy::cast_precision_loss)]
const fn float(value: i64) -> f64 {
    value as f64
}
