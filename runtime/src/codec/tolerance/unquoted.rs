//! Values of which each number, each integer and each boolean may be a string.

use std::fmt;

use serde::de::value::MapDeserializer;
use serde::de::{
    self, Deserialize, DeserializeSeed, Deserializer, EnumAccess, MapAccess, SeqAccess, Visitor,
};

use super::expected::Expected;
use super::{forward, forward_scalars, scalars, written};
use crate::formats::AS_WRITTEN;

/// What is read.
pub(crate) struct Unquoted<T>(pub(crate) T);

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Unquoted<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        T::deserialize(Lenient {
            inner: deserializer,
        })
        .map(Self)
    }
}

/// A deserializer, a seed, or what gives elements, of such values.
struct Lenient<T> {
    inner: T,
}

/// A visitor that was told what is expected.
struct Unquoting<V> {
    inner: V,
    expected: Expected,
}

impl<D> Lenient<D> {
    #[expect(
        clippy::unused_self,
        reason = "`forward!` asks what was told of the visitor"
    )]
    const fn any<V>(&self, visitor: V) -> Unquoting<V> {
        Unquoting {
            inner: visitor,
            expected: Expected::Other,
        }
    }
}

impl<'de, D: Deserializer<'de>> Lenient<D> {
    /// Asks for a value of any kind: a format that is asked for a number refuses a string.
    fn scalar<V: Visitor<'de>>(self, expected: Expected, visitor: V) -> Result<V::Value, D::Error> {
        self.inner.deserialize_any(Unquoting {
            inner: visitor,
            expected,
        })
    }
}

impl<'de, D: Deserializer<'de>> Deserializer<'de> for Lenient<D> {
    type Error = D::Error;

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        visitor: V,
    ) -> Result<V::Value, D::Error> {
        let visitor = Unquoting {
            inner: visitor,
            expected: Expected::newtype(name),
        };
        self.inner.deserialize_newtype_struct(name, visitor)
    }

    scalars!();

    forward! {
        deserialize_any() any;
        deserialize_char() any;
        deserialize_str() any;
        deserialize_string() any;
        deserialize_bytes() any;
        deserialize_byte_buf() any;
        deserialize_option() any;
        deserialize_unit() any;
        deserialize_unit_struct(name: &'static str) any;
        deserialize_seq() any;
        deserialize_tuple(len: usize) any;
        deserialize_tuple_struct(name: &'static str, len: usize) any;
        deserialize_map() any;
        deserialize_struct(name: &'static str, fields: &'static [&'static str]) any;
        deserialize_enum(name: &'static str, variants: &'static [&'static str]) any;
        deserialize_identifier() any;
        deserialize_ignored_any() any;
    }
}

impl<'de, V: Visitor<'de>> Visitor<'de> for Unquoting<V> {
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
        self.expected.visit(text, self.inner)
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<V::Value, D::Error> {
        self.inner.visit_some(Lenient {
            inner: deserializer,
        })
    }

    fn visit_newtype_struct<D: Deserializer<'de>>(
        self,
        deserializer: D,
    ) -> Result<V::Value, D::Error> {
        self.inner.visit_newtype_struct(Lenient {
            inner: deserializer,
        })
    }

    fn visit_seq<A: SeqAccess<'de>>(self, seq: A) -> Result<V::Value, A::Error> {
        self.inner.visit_seq(Lenient { inner: seq })
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<V::Value, A::Error> {
        if self.expected != Expected::Written {
            return self.inner.visit_map(Lenient { inner: map });
        }
        let text = written(map)?;
        // A string without its quotes is a number, or nothing that anybody reads.
        let text = match text.strip_prefix('"').and_then(|it| it.strip_suffix('"')) {
            Some(quoted) if !quoted.is_empty() => quoted.to_owned(),
            _ => text,
        };
        let entry = std::iter::once((AS_WRITTEN, text));
        self.inner.visit_map(MapDeserializer::new(entry))
    }

    fn visit_enum<A: EnumAccess<'de>>(self, data: A) -> Result<V::Value, A::Error> {
        self.inner.visit_enum(data)
    }
}

impl<'de, S: DeserializeSeed<'de>> DeserializeSeed<'de> for Lenient<S> {
    type Value = S::Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<S::Value, D::Error> {
        self.inner.deserialize(Lenient {
            inner: deserializer,
        })
    }
}

impl<'de, A: SeqAccess<'de>> SeqAccess<'de> for Lenient<A> {
    type Error = A::Error;

    fn next_element_seed<S: DeserializeSeed<'de>>(
        &mut self,
        seed: S,
    ) -> Result<Option<S::Value>, A::Error> {
        self.inner.next_element_seed(Lenient { inner: seed })
    }

    fn size_hint(&self) -> Option<usize> {
        self.inner.size_hint()
    }
}

/// Keys are strings anyway.
impl<'de, A: MapAccess<'de>> MapAccess<'de> for Lenient<A> {
    type Error = A::Error;

    fn next_key_seed<S: DeserializeSeed<'de>>(
        &mut self,
        seed: S,
    ) -> Result<Option<S::Value>, A::Error> {
        self.inner.next_key_seed(seed)
    }

    fn next_value_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<S::Value, A::Error> {
        self.inner.next_value_seed(Lenient { inner: seed })
    }

    fn size_hint(&self) -> Option<usize> {
        self.inner.size_hint()
    }
}
