//! The text of a header as a format of serde's: what it is depends on the type that is asked for.

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

use serde::de::value::{MapDeserializer, SeqDeserializer, StrDeserializer};
use serde::de::{self, Deserializer, IntoDeserializer, Visitor};

use crate::codec::AS_TEXT;

/// The text of a header.
pub(super) struct Text<'a> {
    items: Vec<&'a str>,
    whole: Cow<'a, str>,
    explode: bool,
}

/// What was expected of a text; the text itself may be a secret.
#[derive(Debug)]
pub(super) struct Expected(Cow<'static, str>);

impl<'a> Text<'a> {
    /// Makes the text of a header of the lines that have its name
    /// ([RFC 9110 §5.3](https://www.rfc-editor.org/rfc/rfc9110#section-5.3)). A cookie has commas of
    /// its own.
    pub(super) fn new(name: &str, lines: &'a [Cow<'a, str>], explode: bool) -> Self {
        let lines: Vec<&str> = lines.iter().map(Cow::as_ref).collect();
        let items = if name.eq_ignore_ascii_case("set-cookie") {
            lines.clone()
        } else {
            let lines = lines.iter().filter(|line| !line.is_empty());
            lines
                .flat_map(|line| line.split(','))
                .map(str::trim)
                .collect()
        };
        Self {
            items,
            whole: match lines.as_slice() {
                [line] => Cow::Borrowed(line),
                lines => Cow::Owned(lines.join(", ")),
            },
            explode,
        }
    }

    fn text(&self) -> &str {
        &self.whole
    }

    /// Returns the names and values of an object.
    fn pairs(&self) -> Result<Vec<(&'a str, Item<'a>)>, Expected> {
        if self.explode {
            let pairs = self.items.iter().map(|item| {
                let pair = item.split_once('=');
                let pair = pair.map(|(name, value)| (name, Item(value)));
                pair.ok_or(Expected("expected pairs of the form `name=value`".into()))
            });
            return pairs.collect();
        }
        let pairs = self.items.chunks(2).map(|pair| match pair {
            [name, value] => Ok((*name, Item(value))),
            _ => Err(Expected("expected a value after each name".into())),
        });
        pairs.collect()
    }
}

/// A member of a list or of an object, which has no members itself.
struct Item<'a>(&'a str);

impl Item<'_> {
    const fn text(&self) -> &str {
        self.0
    }
}

fn parsed<T: FromStr>(text: &str, expected: &'static str) -> Result<T, Expected> {
    text.parse().map_err(|_| Expected(expected.into()))
}

const BOOL: &str = "expected `true` or `false`";
const INTEGER: &str = "expected an integer";
const NUMBER: &str = "expected a number";

macro_rules! parsed {
    ($($method:ident $visit:ident $expected:ident)*) => {
        $(fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Expected> {
            visitor.$visit(parsed(self.text(), $expected)?)
        })*
    };
}

/// The methods for what has no members, by the method `text`.
macro_rules! primitives {
    () => {
        parsed! {
            deserialize_bool visit_bool BOOL
            deserialize_i8 visit_i8 INTEGER
            deserialize_i16 visit_i16 INTEGER
            deserialize_i32 visit_i32 INTEGER
            deserialize_i64 visit_i64 INTEGER
            deserialize_u8 visit_u8 INTEGER
            deserialize_u16 visit_u16 INTEGER
            deserialize_u32 visit_u32 INTEGER
            deserialize_u64 visit_u64 INTEGER
            deserialize_f32 visit_f32 NUMBER
            deserialize_f64 visit_f64 NUMBER
        }

        fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Expected> {
            visitor.visit_str(self.text())
        }

        fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Expected> {
            visitor.visit_some(self)
        }

        fn deserialize_newtype_struct<V: Visitor<'de>>(
            self,
            name: &'static str,
            visitor: V,
        ) -> Result<V::Value, Expected> {
            if name == AS_TEXT {
                return visitor.visit_str(self.text());
            }
            visitor.visit_newtype_struct(self)
        }

        fn deserialize_enum<V: Visitor<'de>>(
            self,
            _: &'static str,
            _: &'static [&'static str],
            visitor: V,
        ) -> Result<V::Value, Expected> {
            visitor.visit_enum(StrDeserializer::new(self.text()))
        }
    };
}

impl<'de> Deserializer<'de> for Text<'_> {
    type Error = Expected;

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Expected> {
        let items = self.items.into_iter().map(Item);
        visitor.visit_seq(SeqDeserializer::new(items))
    }

    fn deserialize_tuple<V: Visitor<'de>>(
        self,
        _: usize,
        visitor: V,
    ) -> Result<V::Value, Expected> {
        self.deserialize_seq(visitor)
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Expected> {
        visitor.visit_map(MapDeserializer::new(self.pairs()?.into_iter()))
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Expected> {
        self.deserialize_map(visitor)
    }

    primitives!();

    serde::forward_to_deserialize_any! {
        i128 u128 char str string bytes byte_buf unit unit_struct tuple_struct identifier ignored_any
    }
}

impl<'de> Deserializer<'de> for Item<'_> {
    type Error = Expected;

    primitives!();

    serde::forward_to_deserialize_any! {
        i128 u128 char str string bytes byte_buf unit unit_struct seq tuple tuple_struct map struct
        identifier ignored_any
    }
}

impl IntoDeserializer<'_, Expected> for Item<'_> {
    type Deserializer = Self;

    fn into_deserializer(self) -> Self {
        self
    }
}

impl de::Error for Expected {
    fn custom<T: fmt::Display>(message: T) -> Self {
        Self(message.to_string().into())
    }

    fn invalid_type(_: de::Unexpected<'_>, expected: &dyn de::Expected) -> Self {
        Self(format!("expected {expected}").into())
    }

    fn invalid_value(_: de::Unexpected<'_>, expected: &dyn de::Expected) -> Self {
        Self(format!("expected {expected}").into())
    }

    fn unknown_variant(_: &str, _: &'static [&'static str]) -> Self {
        Self("expected another value".into())
    }

    fn unknown_field(_: &str, _: &'static [&'static str]) -> Self {
        Self("expected other names".into())
    }
}

impl fmt::Display for Expected {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Expected {}
