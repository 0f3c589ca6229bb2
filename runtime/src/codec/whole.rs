//! The value of a union, before anybody knows of which variant it is.

use std::borrow::Cow;
use std::fmt;

use serde::de::{self, Deserialize, Deserializer, IgnoredAny, MapAccess, Visitor};
use serde_json::{Map, Value};

use crate::formats::AS_WRITTEN;
use crate::json::{self, Json, path};

/// The value of a union as a whole: JSON, whatever the format is that it came in.
///
/// A variant is read from its text, so that its type is compiled for one source only.
pub struct Whole<'de>(Cow<'de, str>);

impl<'de> Whole<'de> {
    /// Reads a value.
    pub(super) fn read<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let whole = deserializer.deserialize_newtype_struct(AS_WRITTEN, Written)?;
        // Each union inside it begins to count anew.
        if path::is_too_deep(whole.text().as_bytes()) {
            return Err(de::Error::custom("recursion limit exceeded"));
        }
        Ok(whole)
    }

    /// Returns the JSON.
    pub(super) fn text(&self) -> &str {
        &self.0
    }

    /// Returns the value of a property, if the value is an object that has it and it isn't `null`.
    pub(super) fn property(&self, name: &str) -> Result<Option<Value>, serde_json::Error> {
        if !self.0.starts_with('{') {
            return Ok(None);
        }
        serde_json::Deserializer::from_str(&self.0).deserialize_map(Property(name))
    }

    /// Returns what the value looks like from outside: arrays are empty, and properties that nobody asks for
    /// are `null`. A number that an `f64` has no room for is as near as can be.
    pub(super) fn shape(
        &self,
        is_wanted: &dyn Fn(&str) -> bool,
    ) -> Result<Value, serde_json::Error> {
        let mut deserializer = serde_json::Deserializer::from_str(&self.0);
        let shape = match self.0.bytes().next() {
            Some(b'{') => deserializer
                .deserialize_map(Members(is_wanted))
                .map(Value::Object),
            Some(b'[') => Ok(Value::Array(Vec::new())),
            _ => Value::deserialize(&mut deserializer),
        };
        shape.or_else(|_| json::parse(&self.0).map(Json::approximate))
    }

    /// Takes the quotes off every number and boolean in it.
    pub(super) fn unquote(&mut self) -> Result<(), serde_json::Error> {
        self.0 = json::parse(&self.0)?.unquoted().to_string().into();
        Ok(())
    }
}

impl fmt::Debug for Whole<'_> {
    /// Prints nothing of the value, which may hold what must not be seen.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Whole({} bytes)", self.0.len())
    }
}

/// A property of this name.
struct Property<'a>(&'a str);

impl<'de> Visitor<'de> for Property<'_> {
    type Value = Option<Value>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Option<Value>, A::Error> {
        let mut found = None;
        while let Some(Text(name)) = members.next_key()? {
            if name == self.0 {
                found = Some(members.next_value::<Value>()?);
            } else {
                members.next_value::<IgnoredAny>()?;
            }
        }
        Ok(found.filter(|value| !value.is_null()))
    }
}

/// The properties of an object, of which those that are wanted have their values.
struct Members<'a>(&'a dyn Fn(&str) -> bool);

impl<'de> Visitor<'de> for Members<'_> {
    type Value = Map<String, Value>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Self::Value, A::Error> {
        let mut shapes = Map::new();
        while let Some(name) = members.next_key::<String>()? {
            let value = if self.0(&name) {
                members.next_value()?
            } else {
                members.next_value::<IgnoredAny>()?;
                Value::Null
            };
            shapes.insert(name, value);
        }
        Ok(shapes)
    }
}

struct Written;

impl<'de> Visitor<'de> for Written {
    type Value = Whole<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_newtype_struct<D: Deserializer<'de>>(self, value: D) -> Result<Whole<'de>, D::Error> {
        let text = Value::deserialize(value)?.to_string();
        Ok(Whole(text.into()))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Whole<'de>, A::Error> {
        map.next_key::<IgnoredAny>()?;
        let Text(text) = map.next_value()?;
        Ok(Whole(text))
    }
}

/// A text that is copied only where it has to be.
struct Text<'de>(Cow<'de, str>);

impl<'de> Deserialize<'de> for Text<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_str(Copied).map(Self)
    }
}

struct Copied;

impl<'de> Visitor<'de> for Copied {
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
