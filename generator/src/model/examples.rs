//! Examples: values that the document gives of its types.

use serde_json::Value;

use super::Type;
use crate::pointer::Pointer;

/// A place of the document that may hold examples: a schema, or what has one.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Exemplified {
    pub(crate) pointer: Pointer,
    /// Whether it is a schema; otherwise a media type or a parameter.
    pub(crate) is_schema: bool,
    /// The type of the examples.
    pub(crate) ty: Type,
}

/// A value that the document gives as an example or as the default.
#[derive(Debug)]
pub(crate) struct Example {
    /// Where it stands.
    pub(crate) pointer: Pointer,
    pub(crate) ty: Type,
    pub(crate) value: Value,
    /// Places in the value that the type doesn't keep: properties that the document doesn't
    /// declare, and `null` that reads as absence.
    pub(crate) left_out: Vec<Pointer>,
}
