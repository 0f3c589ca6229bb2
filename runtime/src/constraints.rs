//! What a document demands of values and no type expresses, checked before a request is sent
//! ([JSON Schema Validation §6](https://json-schema.org/draft/2020-12/json-schema-validation#section-6)).
//!
//! Generated code has the demands as tables, and gives them to parameters and bodies.

mod check;
mod decimal;
#[cfg(feature = "pattern")]
mod pattern;

use serde_json::Value;

use crate::parameter::ParameterValue;
use check::Check;
pub(crate) use check::Violation;

/// The rules of a schema, behind what it is called.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Schema(pub &'static str, pub &'static [Rule]);

/// A rule for a value. It holds for the values that it speaks of: a length says nothing of a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rule {
    /// `minimum`; numbers are written in decimal.
    Minimum(&'static str),
    /// `exclusiveMinimum`
    ExclusiveMinimum(&'static str),
    /// `maximum`
    Maximum(&'static str),
    /// `exclusiveMaximum`
    ExclusiveMaximum(&'static str),
    /// `multipleOf`
    MultipleOf(&'static str),
    /// `minLength`, in characters.
    MinLength(u64),
    /// `maxLength`, in characters.
    MaxLength(u64),
    /// `pattern`: a regular expression of ECMA-262.
    #[cfg(feature = "pattern")]
    Pattern(&'static str),
    /// `minItems`
    MinItems(u64),
    /// `maxItems`
    MaxItems(u64),
    /// `uniqueItems`
    UniqueItems,
    /// `minProperties`
    MinProperties(u64),
    /// `maxProperties`
    MaxProperties(u64),
    /// The rules of a property.
    Property(&'static str, &'static [Self]),
    /// The rules of each property that isn't among these.
    Others(&'static [&'static str], &'static [Self]),
    /// The rules of each element.
    Items(&'static [Self]),
    /// The rules of one of the alternatives that the value can be.
    AnyOf(&'static [Alternative]),
    /// The rules of another schema, by its index.
    Schema(usize),
}

/// One of several things that a value can be, and what tells that it is this one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Alternative {
    /// Kinds of JSON value, as a schema's `type` names them; any where there is none.
    pub kinds: &'static [&'static str],
    /// Properties that are there.
    pub required: &'static [&'static str],
    /// Properties that, where they are texts, are among a few.
    pub constants: &'static [(&'static str, &'static [&'static str])],
    /// The rules.
    pub rules: &'static [Rule],
}

/// The rules of one of a document's schemas.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Constraints {
    schemas: &'static [Schema],
    index: usize,
}

impl Constraints {
    /// Returns the rules of a schema by its index.
    #[must_use]
    pub const fn of(schemas: &'static [Schema], index: usize) -> Self {
        Self { schemas, index }
    }

    /// Returns what a value breaks.
    pub(crate) fn check(self, value: &Value) -> Vec<Violation> {
        Check::of(self.schemas, false).violations(self.index, value)
    }

    /// Returns what the value of a parameter breaks, whose numbers are text by now.
    pub(crate) fn check_parameter(self, value: &ParameterValue) -> Vec<Violation> {
        Check::of(self.schemas, true).violations(self.index, &json(value))
    }
}

fn json(value: &ParameterValue) -> Value {
    match value {
        ParameterValue::Undefined => Value::Null,
        ParameterValue::Primitive(text) => Value::String(text.clone()),
        ParameterValue::Array(items) => items.iter().map(json).collect(),
        ParameterValue::Object(properties) => properties
            .iter()
            .map(|(name, value)| (name.clone(), json(value)))
            .collect(),
    }
}
