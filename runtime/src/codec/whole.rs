//! The value of a union, before anybody knows of which variant it is.

use std::borrow::Cow;
use std::fmt;

use serde::de::{self, Deserialize, DeserializeSeed, Deserializer, IgnoredAny, MapAccess, Visitor};
use serde_json::Value;

use crate::formats::AS_WRITTEN;
use crate::json::{self, Json};

/// The value of a union as a whole: what it is, and how it is written where that counts.
#[derive(Debug)]
pub struct Whole<'de> {
    pub(super) value: Value,
    /// JSON; absent where digits don't count, or where the format has none.
    pub(super) text: Option<Cow<'de, str>>,
    /// Whether the value has another number for one that is out of its range.
    pub(super) is_approximate: bool,
}

impl<'de> Whole<'de> {
    /// Reads a value with its text.
    pub(super) fn as_written<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_newtype_struct(AS_WRITTEN, Written)
    }

    /// Takes the quotes off every number and boolean in it.
    pub(super) fn unquote(&mut self) -> Result<(), serde_json::Error> {
        let json = match &self.text {
            Some(text) => json::parse(text)?,
            None => Json::of(&self.value)?,
        };
        self.text = Some(json.unquoted().to_string().into());
        Ok(())
    }
}

impl From<Value> for Whole<'_> {
    fn from(value: Value) -> Self {
        Self {
            value,
            text: None,
            is_approximate: false,
        }
    }
}

impl From<Whole<'_>> for Value {
    fn from(whole: Whole<'_>) -> Self {
        whole.value
    }
}

struct Written;

impl<'de> Visitor<'de> for Written {
    type Value = Whole<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_newtype_struct<D: Deserializer<'de>>(self, value: D) -> Result<Whole<'de>, D::Error> {
        Value::deserialize(value).map(Whole::from)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Whole<'de>, A::Error> {
        map.next_key::<IgnoredAny>()?;
        let text = map.next_value_seed(Text)?;
        // What nests too deep for a value isn't read as anything else either.
        let mut value = serde_json::from_str(&text);
        let is_approximate = value.as_ref().is_err_and(is_out_of_range);
        if is_approximate {
            value = json::parse(&text).map(Json::approximate);
        }
        Ok(Whole {
            value: value.map_err(de::Error::custom)?,
            text: Some(text),
            is_approximate,
        })
    }
}

fn is_out_of_range(error: &serde_json::Error) -> bool {
    error.to_string().starts_with("number out of range")
}

/// A text that is copied only where it has to be.
struct Text;

impl<'de> DeserializeSeed<'de> for Text {
    type Value = Cow<'de, str>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Cow<'de, str>, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl<'de> Visitor<'de> for Text {
    type Value = Cow<'de, str>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a text")
    }

    fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Cow<'de, str>, E> {
        Ok(Cow::Borrowed(text))
    }

    fn visit_str<E>(self, text: &str) -> Result<Cow<'de, str>, E> {
        Ok(Cow::Owned(text.to_owned()))
    }

    fn visit_string<E>(self, text: String) -> Result<Cow<'de, str>, E> {
        Ok(Cow::Owned(text))
    }
}
