//! Unions: one of several types.

use std::collections::BTreeMap;
use std::fmt;

use serde::de::{DeserializeOwned, Deserializer};
use serde::ser::{SerializeMap, Serializer};
use serde::{Serialize, de};
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

    /// Reads the value as a variant, an index of [`Union::VARIANTS`], or keeps it where its tag
    /// isn't listed, for `None`.
    fn read(variant: Option<usize>, value: &Whole<'_>) -> Result<Self, Mismatch>;

    /// Writes the variant.
    fn write<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error>;
}

/// Why a value isn't of the type that it should be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mismatch(String);

impl Mismatch {
    /// Says what was expected, and where in a value.
    #[cold]
    fn of(error: &serde_json::Error, value: &Whole<'_>) -> Self {
        let expected = expectation(&message(error));
        let text = value.text().as_bytes();
        match path::at(text, error.line(), error.column()).as_str() {
            "" => Self(expected),
            path => Self(format!("{expected} at `{path}`")),
        }
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
pub fn variant<T: DeserializeOwned>(value: &Whole<'_>) -> Result<T, Mismatch> {
    match T::deserialize(&mut serde_json::Deserializer::from_str(value.text())) {
        Ok(value) => Ok(value),
        Err(error) => Err(Mismatch::of(&error, value)),
    }
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
    let whole = Whole::read(deserializer)?;
    read_whole(whole).map_err(de::Error::custom)
}

/// Reads a union, whatever the format it came in.
fn read_whole<T: Union>(mut whole: Whole<'_>) -> Result<T, Mismatch> {
    let chosen = choose(T::NAME, T::DISCRIMINATOR, T::VARIANTS, &mut whole)?;
    T::read(chosen, &whole).map_err(|mismatch| match chosen {
        Some(index) => mismatch.inside(T::NAME, T::VARIANTS[index].name()),
        None => mismatch,
    })
}

/// Chooses the variant of a value, and takes its quotes off where the variant may have them.
fn choose(
    union: &str,
    discriminator: Option<&str>,
    variants: &[Evidence],
    whole: &mut Whole<'_>,
) -> Result<Option<usize>, Mismatch> {
    let chosen = evidence::choose(union, discriminator, variants, whole).map_err(Mismatch)?;
    if chosen.is_some_and(|index| variants[index].is_quoted()) {
        whole.unquote().map_err(|error| Mismatch(message(&error)))?;
    }
    Ok(chosen)
}

impl Mismatch {
    fn inside(self, union: &str, variant: &str) -> Self {
        Self(format!("variant `{variant}` of `{union}`: {self}"))
    }
}
