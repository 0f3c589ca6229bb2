//! Unions: one of several types.

use std::collections::BTreeMap;
use std::fmt;

use serde::de::{DeserializeOwned, Deserializer};
use serde::ser::{SerializeMap, Serializer};
use serde::{Deserialize, Serialize, de};
use serde_json::Value;

use super::blank::Blank;
use super::evidence::{self, Evidence};
use super::expectation::{expectation, message};
use super::object::{MapWriter, Properties, Writer};
use super::whole::Whole;
use crate::json::{Json, path};

/// One of several types (`oneOf`, `anyOf`).
///
/// The value is read as a whole before its variant is chosen: a discriminator may be the last of
/// its properties. With a [discriminator](https://spec.openapis.org/oas/v3.0.3#discriminator-object)
/// the variant is the one with that tag, and a value with another tag is kept as it is; without a
/// discriminator, or where a value lacks it, the [`Evidence`] decides.
pub trait Union: Blank {
    /// The name of the type, for messages.
    const NAME: &'static str;
    /// The property that says which variant a value is.
    const DISCRIMINATOR: Option<&'static str> = None;
    /// The variants.
    const VARIANTS: &'static [Evidence];

    /// Whether the digits of its numbers count.
    #[doc(hidden)]
    const IS_EXACT: bool = evidence::is_any_exact(Self::VARIANTS);

    /// Reads the value as a variant, an index of [`Union::VARIANTS`], or keeps it where its tag
    /// isn't listed, for `None`.
    fn read(variant: Option<usize>, value: Whole<'_>) -> Result<Self, Mismatch>;

    /// Writes the variant.
    fn write<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error>;
}

/// Why a value isn't of the type that it should be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mismatch(String);

impl Mismatch {
    #[cold]
    fn of(error: &serde_json::Error) -> Self {
        Self(expectation(&error.to_string()))
    }

    /// The value is of no variant that is listed.
    #[must_use]
    pub fn unlisted() -> Self {
        Self("none of the variants".to_owned())
    }
}

impl fmt::Display for Mismatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Mismatch {}

/// Reads a value as the type of a variant.
pub fn variant<T: DeserializeOwned>(value: Whole<'_>) -> Result<T, Mismatch> {
    T::deserialize(Value::from(value)).map_err(|error| Mismatch::of(&error))
}

/// Reads a value as the type of a variant, by its text where it has one.
pub fn written<T: DeserializeOwned>(value: Whole<'_>) -> Result<T, Mismatch> {
    let Some(text) = &value.text else {
        return variant(value);
    };
    serde_json::from_str(text).map_err(|error| {
        let expected = expectation(&message(&error));
        match path::at(text.as_bytes(), error.line(), error.column()).as_str() {
            "" => Mismatch(expected),
            path => Mismatch(format!("{expected} at `{path}`")),
        }
    })
}

/// Writes the value of a variant as it is.
pub fn untagged<T: Serialize + ?Sized, S: Serializer>(
    value: &T,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    value.serialize(serializer)
}

/// Writes the value of a variant that lacks the discriminator, with a tag before its properties.
pub fn tagged<T: Properties + ?Sized, S: Serializer>(
    discriminator: &'static str,
    tag: &'static str,
    value: &T,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    let mut map = serializer.serialize_map(None)?;
    map.serialize_entry(discriminator, tag)?;
    let mut writer = MapWriter::new(map, Some(discriminator));
    value.write_properties(&mut writer);
    writer.end()
}

impl Properties for Value {
    fn write_properties<W: Writer>(&self, writer: &mut W) {
        write_value_properties(self, writer);
    }
}

/// Writes the properties of a type that isn't an object in all cases.
pub fn write_value_properties<T: Serialize, W: Writer>(value: &T, writer: &mut W) {
    match Json::of(value) {
        Ok(Json::Object(object)) => {
            writer.additional(&object.into_iter().collect::<BTreeMap<_, _>>());
        }
        Ok(_) => writer.fail(&"a value that isn't an object can't carry a discriminator"),
        Err(error) => writer.fail(&error),
    }
}

/// Reads a union.
pub fn read_union<'de, T: Union, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
    let value = if T::IS_EXACT {
        Whole::as_written(deserializer)?
    } else {
        Value::deserialize(deserializer)?.into()
    };
    read_whole(value).map_err(de::Error::custom)
}

/// Reads a union, whatever the format it came in.
fn read_whole<T: Union>(mut whole: Whole<'_>) -> Result<T, Mismatch> {
    let chosen = evidence::choose(T::NAME, T::DISCRIMINATOR, T::VARIANTS, &whole.value);
    let chosen = chosen.map_err(Mismatch)?;
    if chosen.is_some_and(|index| T::VARIANTS[index].is_quoted()) {
        whole.unquote().map_err(|error| Mismatch(message(&error)))?;
    }
    if chosen.is_none() && whole.is_approximate {
        return Err(Mismatch("number out of range".to_owned()));
    }
    T::read(chosen, whole).map_err(|mismatch| match chosen {
        Some(index) => mismatch.inside(T::NAME, T::VARIANTS[index].name()),
        None => mismatch,
    })
}

impl Mismatch {
    fn inside(self, union: &str, variant: &str) -> Self {
        Self(format!("variant `{variant}` of `{union}`: {self}"))
    }
}
