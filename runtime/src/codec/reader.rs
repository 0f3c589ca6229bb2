//! The loop's hand in reading objects: which property is next, and where its value goes.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;

use serde::Deserialize;
use serde::de::{
    DeserializeOwned, DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, Visitor,
};

use super::index::{Index, equal};
use super::object::{Entry, Field, short};
use super::presence::Presence;

/// After the last property.
pub(super) const END: usize = usize::MAX;

/// Reads properties one by one, into whatever the caller has for them.
pub(super) struct Reader<'de, A> {
    map: A,
    names: Names<'de>,
    presence: Presence,
}

impl<'de, A: MapAccess<'de>> Reader<'de, A> {
    pub(super) const fn new(map: A, fields: &'static [Field], index: &'static Index) -> Self {
        Self {
            map,
            names: Names {
                fields,
                index,
                expected: 0,
                unknown: Cow::Borrowed(""),
            },
            presence: Presence::new(),
        }
    }

    /// Returns the index of the next property, whose value is to be read now; [`END`] where all are
    /// read and no required one is missing.
    #[expect(
        clippy::inline_always,
        reason = "its frame would cost as much as its work"
    )]
    #[inline(always)]
    pub(super) fn next(&mut self, ty: fn() -> &'static str) -> Result<usize, A::Error> {
        let names = &mut self.names;
        let Some(name) = self.map.next_key_seed(Key(names))? else {
            return match self.presence.missing(names.fields, names.index) {
                None => Ok(END),
                Some(field) => Err(missing(field, ty())),
            };
        };
        let field = match name {
            Name::Borrowed(name) => names.place(name, || Cow::Borrowed(name)),
            Name::Found(field) => field,
        };
        if field < names.fields.len() {
            self.presence.insert(field);
            names.expected = field + 1;
        }
        Ok(field)
    }

    /// Says where the failure is, unless the error does: `serde_json` gives line and column as long as
    /// it reads text, but knows no place in a value that a union has buffered.
    #[cold]
    pub(super) fn place(&self, error: A::Error, field: usize, ty: &'static str) -> A::Error {
        let message = error.to_string();
        if message.contains(" at line ") {
            return error;
        }
        let names = &self.names;
        let property = names
            .fields
            .get(field)
            .map_or(&*names.unknown, |field| field.name);
        Error::custom(format_args!("{message} in `{property}` of `{}`", short(ty)))
    }
}

#[cold]
fn missing<E: Error>(field: &Field, ty: &'static str) -> E {
    E::custom(format_args!(
        "missing property `{}` of `{}`",
        field.name,
        short(ty)
    ))
}

/// The names of a type's properties, and where reading them has come to.
struct Names<'de> {
    fields: &'static [Field],
    index: &'static Index,
    /// The index of the field that is likely to come now.
    expected: usize,
    /// The last unknown name.
    unknown: Cow<'de, str>,
}

impl<'de> Names<'de> {
    /// Returns the index of a field; the number of fields for an unknown name, which is kept.
    ///
    /// Servers tend to keep to one order: the field after the last one is tried first, and all else
    /// is left to a call, which keeps this small enough to be inlined.
    #[inline]
    fn place(&mut self, name: &str, keep: impl FnOnce() -> Cow<'de, str>) -> usize {
        let expected = self.fields.get(self.expected);
        if expected.is_some_and(|field| equal(field.name, name)) {
            return self.expected;
        }
        self.index.find(self.fields, name).unwrap_or_else(|| {
            self.unknown = keep();
            self.fields.len()
        })
    }

    /// Does it for a name that is gone soon, which JSON has where a name has an escape.
    #[inline(never)]
    fn place_copied(&mut self, name: &str) -> usize {
        self.place(name, || Cow::Owned(name.to_owned()))
    }
}

/// Reads a name, which needs no memory of its own.
struct Key<'a, 'de>(&'a mut Names<'de>);

/// What was read of a name.
enum Name<'de> {
    Borrowed(&'de str),
    /// The index of its field.
    Found(usize),
}

impl<'de> DeserializeSeed<'de> for Key<'_, 'de> {
    type Value = Name<'de>;

    #[inline]
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Name<'de>, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl<'de> Visitor<'de> for Key<'_, 'de> {
    type Value = Name<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the name of a property")
    }

    #[inline]
    fn visit_borrowed_str<E>(self, name: &'de str) -> Result<Name<'de>, E> {
        Ok(Name::Borrowed(name))
    }

    #[inline]
    fn visit_str<E>(self, name: &str) -> Result<Name<'de>, E> {
        Ok(Name::Found(self.0.place_copied(name)))
    }
}

impl<'de, A: MapAccess<'de>> Entry for &mut Reader<'de, A> {
    type Error = A::Error;

    fn value<T: DeserializeOwned>(self) -> Result<T, A::Error> {
        self.map.next_value()
    }

    fn optional<T: DeserializeOwned>(self, slot: &mut Option<T>) -> Result<(), A::Error> {
        self.map.next_value_seed(Slot(slot))
    }

    fn additional<T: DeserializeOwned>(
        self,
        properties: &mut BTreeMap<String, T>,
    ) -> Result<(), A::Error> {
        let value = self.map.next_value()?;
        properties.insert(std::mem::take(&mut self.names.unknown).into_owned(), value);
        Ok(())
    }

    fn ignore(self) -> Result<(), A::Error> {
        self.map.next_value::<IgnoredAny>()?;
        Ok(())
    }
}

/// Reads a value into where it is to be, rather than moving it there.
struct Slot<'a, T>(&'a mut Option<T>);

impl<'de, T: Deserialize<'de>> DeserializeSeed<'de> for Slot<'_, T> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_option(self)
    }
}

impl<'de, T: Deserialize<'de>> Visitor<'de> for Slot<'_, T> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("option")
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        *self.0 = None;
        Ok(())
    }

    fn visit_none<E>(self) -> Result<(), E> {
        *self.0 = None;
        Ok(())
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        *self.0 = Some(T::deserialize(deserializer)?);
        Ok(())
    }
}
