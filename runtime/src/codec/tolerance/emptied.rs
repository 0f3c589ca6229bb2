//! Values that may be an empty string: they are watched while they are read.

use std::cell::Cell;
use std::fmt;

use serde::de::value::MapDeserializer;
use serde::de::{self, Deserialize, Deserializer, EnumAccess, MapAccess, SeqAccess, Visitor};

use super::expected::Expected;
use super::{AS_TEXT, forward, forward_scalars, scalars, written};
use crate::formats::AS_WRITTEN;

/// A value that may be an empty string instead.
pub(super) enum Emptied<T> {
    Empty,
    /// A value or `null`.
    Value(Option<T>),
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Emptied<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let is_empty = Cell::new(false);
        let watched = Watched {
            inner: deserializer,
            is_empty: &is_empty,
        };
        match Option::deserialize(watched) {
            Ok(value) => Ok(Self::Value(value)),
            Err(_) if is_empty.get() => Ok(Self::Empty),
            Err(error) => Err(error),
        }
    }
}

/// A deserializer, or a visitor, of a value that may turn out to be an empty string; what the value
/// consists of isn't watched.
struct Watched<'a, T> {
    inner: T,
    is_empty: &'a Cell<bool>,
}

/// A visitor that was told what is expected.
struct Watching<'a, V> {
    inner: V,
    is_empty: &'a Cell<bool>,
    expected: Expected,
}

impl<'a, D> Watched<'a, D> {
    const fn any<V>(&self, visitor: V) -> Watching<'a, V> {
        self.watching(visitor, Expected::Other)
    }

    const fn text<V>(&self, visitor: V) -> Watching<'a, V> {
        self.watching(visitor, Expected::Text)
    }

    const fn watching<V>(&self, visitor: V, expected: Expected) -> Watching<'a, V> {
        Watching {
            inner: visitor,
            is_empty: self.is_empty,
            expected,
        }
    }
}

impl<'de, D: Deserializer<'de>> Watched<'_, D> {
    /// Asks for a text, and by that for a value of any kind where the format has others.
    fn scalar<V: Visitor<'de>>(self, expected: Expected, visitor: V) -> Result<V::Value, D::Error> {
        let visitor = self.watching(visitor, expected);
        self.inner.deserialize_newtype_struct(AS_TEXT, visitor)
    }
}

impl<'de, D: Deserializer<'de>> Deserializer<'de> for Watched<'_, D> {
    type Error = D::Error;

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        visitor: V,
    ) -> Result<V::Value, D::Error> {
        let visitor = self.watching(visitor, Expected::newtype(name));
        self.inner.deserialize_newtype_struct(name, visitor)
    }

    scalars!();

    // A format that is asked for a number or an array refuses a string without showing it.
    serde::forward_to_deserialize_any! {
        unit unit_struct seq tuple tuple_struct map struct
    }

    forward! {
        deserialize_any() any;
        deserialize_char() any;
        deserialize_str() text;
        deserialize_string() any;
        deserialize_bytes() any;
        deserialize_byte_buf() any;
        deserialize_option() any;
        deserialize_enum(name: &'static str, variants: &'static [&'static str]) any;
        deserialize_identifier() any;
        deserialize_ignored_any() any;
    }
}

impl<'de, V: Visitor<'de>> Visitor<'de> for Watching<'_, V> {
    type Value = V::Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.inner.expecting(f)
    }

    forward_scalars! {
        visit_bool: bool,
        visit_i64: i64,
        visit_i128: i128,
        visit_u64: u64,
        visit_u128: u128,
        visit_f64: f64,
        visit_bytes: &[u8],
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<V::Value, E> {
        self.is_empty.set(text.is_empty());
        if text.is_empty() && self.expected == Expected::Text {
            return Err(E::invalid_value(de::Unexpected::Str(text), &self));
        }
        self.expected.visit(text, self.inner)
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<V::Value, D::Error> {
        self.inner.visit_some(Watched {
            inner: deserializer,
            is_empty: self.is_empty,
        })
    }

    fn visit_newtype_struct<D: Deserializer<'de>>(
        self,
        deserializer: D,
    ) -> Result<V::Value, D::Error> {
        let watched = Watched {
            inner: deserializer,
            is_empty: self.is_empty,
        };
        if self.expected.is_scalar() {
            return watched.deserialize_any(self.inner);
        }
        self.inner.visit_newtype_struct(watched)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, seq: A) -> Result<V::Value, A::Error> {
        self.inner.visit_seq(seq)
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<V::Value, A::Error> {
        if self.expected != Expected::Written {
            return self.inner.visit_map(map);
        }
        let text = written(map)?;
        self.is_empty.set(text == "\"\"");
        let entry = std::iter::once((AS_WRITTEN, text));
        self.inner.visit_map(MapDeserializer::new(entry))
    }

    fn visit_enum<A: EnumAccess<'de>>(self, data: A) -> Result<V::Value, A::Error> {
        self.inner.visit_enum(data)
    }
}
