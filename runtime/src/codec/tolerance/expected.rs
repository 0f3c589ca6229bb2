//! What a deserializer is asked for, which its visitor knows by that.

use serde::de::{Error, Visitor};

use crate::formats::AS_WRITTEN;

/// What is expected of a value.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Expected {
    Bool,
    Integer,
    Number,
    /// A number as it is written.
    Written,
    /// A text that may be more than a string: of a format, of an enum.
    Text,
    Other,
}

impl Expected {
    /// Returns what a newtype of a name is.
    pub(super) fn newtype(name: &str) -> Self {
        if name == AS_WRITTEN {
            Self::Written
        } else {
            Self::Other
        }
    }

    /// Returns whether it is a boolean or a number.
    pub(super) const fn is_scalar(self) -> bool {
        matches!(self, Self::Bool | Self::Integer | Self::Number)
    }

    /// Visits the boolean or the number that a text is, or else the text.
    pub(super) fn visit<'de, V: Visitor<'de>, E: Error>(
        self,
        text: &str,
        visitor: V,
    ) -> Result<V::Value, E> {
        match self {
            Self::Bool if text.eq_ignore_ascii_case("true") => visitor.visit_bool(true),
            Self::Bool if text.eq_ignore_ascii_case("false") => visitor.visit_bool(false),
            Self::Integer => match (text.parse(), text.parse()) {
                (Ok(number), _) => visitor.visit_i64(number),
                (_, Ok(number)) => visitor.visit_u64(number),
                _ => visitor.visit_str(text),
            },
            Self::Number => match text.parse() {
                Ok(number) if f64::is_finite(number) => visitor.visit_f64(number),
                _ => visitor.visit_str(text),
            },
            _ => visitor.visit_str(text),
        }
    }
}
