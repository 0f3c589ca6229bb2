//! Values of which each number, each integer and each boolean may be a string.

use std::fmt;

use serde::de::value::MapDeserializer;
use serde::de::{
    self, Deserialize, DeserializeSeed, Deserializer, EnumAccess, MapAccess, SeqAccess, Visitor,
};

use super::{forward, forward_scalars, written};
use crate::formats::AS_WRITTEN;

/// What is read.
pub(super) struct Unquoted<T>(pub(super) T);

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

#[derive(Clone, Copy, PartialEq)]
enum Expected {
    Bool,
    Integer,
    Number,
    /// A number as it is written.
    Written,
    Other,
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

/// Asks for a value of any kind: a format that is asked for a number refuses a string.
macro_rules! scalars {
    ($($method:ident $expected:ident)*) => {
        $(fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, D::Error> {
            self.inner.deserialize_any(Unquoting {
                inner: visitor,
                expected: Expected::$expected,
            })
        })*
    };
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
            expected: if name == AS_WRITTEN {
                Expected::Written
            } else {
                Expected::Other
            },
        };
        self.inner.deserialize_newtype_struct(name, visitor)
    }

    scalars! {
        deserialize_bool Bool
        deserialize_i8 Integer
        deserialize_i16 Integer
        deserialize_i32 Integer
        deserialize_i64 Integer
        deserialize_i128 Integer
        deserialize_u8 Integer
        deserialize_u16 Integer
        deserialize_u32 Integer
        deserialize_u64 Integer
        deserialize_u128 Integer
        deserialize_f32 Number
        deserialize_f64 Number
    }

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
        match self.expected {
            Expected::Bool if text.eq_ignore_ascii_case("true") => {
                return self.inner.visit_bool(true);
            }
            Expected::Bool if text.eq_ignore_ascii_case("false") => {
                return self.inner.visit_bool(false);
            }
            Expected::Integer => {
                if let Ok(number) = text.parse() {
                    return self.inner.visit_i64(number);
                }
                if let Ok(number) = text.parse() {
                    return self.inner.visit_u64(number);
                }
            }
            Expected::Number => {
                if let Some(number) = text.parse().ok().filter(|number: &f64| number.is_finite()) {
                    return self.inner.visit_f64(number);
                }
            }
            Expected::Bool | Expected::Written | Expected::Other => {}
        }
        self.inner.visit_str(text)
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
