//! Objects: one loop for all that reads properties, one writer for all that writes them.
//!
//! In serde's data model an object is a map, not a struct: its properties may be absent and others
//! may be there, and formats that encode a struct by position would misread both.

use std::any::type_name;
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;
use std::marker::PhantomData;

use serde::de::{DeserializeSeed, Deserializer, Error as _, IgnoredAny, MapAccess, Visitor};
use serde::ser::{self, SerializeMap, Serializer};
use serde::{Deserialize, Serialize, de};
use serde_json::Value;

use super::blank::Blank;
use super::index::Index;
use super::presence::Presence;
use super::tolerance::{OrEmpty, Quoted};

/// An object with known properties: a [`Blank`] one, into which they are read.
pub trait Object: Blank + Properties {
    /// The properties, in the order in which they are likely to arrive.
    const FIELDS: &'static [Field];
    /// Where they are by their names.
    #[doc(hidden)]
    const INDEX: &'static Index = &Index::of(Self::FIELDS);

    /// Reads a property: the one of [`Object::FIELDS`] with this index, or an unknown one where the
    /// index is past the end.
    fn read<'de, E: Entry<'de>>(&mut self, field: usize, entry: E) -> Result<(), E::Error>;
}

/// A type whose values are objects.
pub trait Properties {
    /// Writes all properties.
    fn write_properties<W: Writer>(&self, writer: &mut W);
}

impl<T: Properties> Properties for Box<T> {
    fn write_properties<W: Writer>(&self, writer: &mut W) {
        (**self).write_properties(writer);
    }
}

impl<T: Serialize + fmt::Debug> Properties for BTreeMap<String, T> {
    fn write_properties<W: Writer>(&self, writer: &mut W) {
        writer.additional(self);
    }
}

/// A property of an [`Object`].
#[derive(Debug, Clone, Copy)]
pub struct Field {
    /// Its name in the document.
    pub name: &'static str,
    /// Whether it must be there, be it as `null`.
    pub is_required: bool,
}

/// A property that is being read: each method reads its value into a slot.
pub trait Entry<'de>: Sized {
    /// The error of the format.
    type Error;

    /// Reads the value.
    fn value<T: Deserialize<'de>>(self) -> Result<T, Self::Error>;

    /// Takes numbers, integers and booleans that are strings too.
    fn quoted(self) -> Quoted<Self> {
        Quoted(self)
    }

    /// Takes an empty string for absence.
    fn or_empty(self) -> OrEmpty<Self> {
        OrEmpty(self)
    }

    /// Takes both.
    fn quoted_or_empty(self) -> Quoted<OrEmpty<Self>> {
        self.or_empty().quoted()
    }

    /// Reads a value that is there.
    fn required<T: Deserialize<'de>>(self, slot: &mut T) -> Result<(), Self::Error> {
        *slot = self.value()?;
        Ok(())
    }

    /// Reads a value or, for `null`, none.
    fn optional<T: Deserialize<'de>>(self, slot: &mut Option<T>) -> Result<(), Self::Error> {
        self.required(slot)
    }

    /// Reads any value: `null` is one of them.
    fn optional_any(self, slot: &mut Option<Value>) -> Result<(), Self::Error> {
        self.required(slot.insert(Value::Null))
    }

    /// Reads a value or `null`.
    fn nullable<T: Deserialize<'de>>(self, slot: &mut Option<T>) -> Result<(), Self::Error> {
        self.required(slot)
    }

    /// Reads a value or `null`, which isn't the same as absence: that leaves the slot `None`.
    fn optional_nullable<T: Deserialize<'de>>(
        self,
        slot: &mut Option<Option<T>>,
    ) -> Result<(), Self::Error> {
        self.required(slot.insert(None))
    }

    /// Reads an unknown property into the map of those.
    fn additional<T: Deserialize<'de>>(
        self,
        properties: &mut BTreeMap<String, T>,
    ) -> Result<(), Self::Error>;

    /// Skips an unknown property.
    fn ignore(self) -> Result<(), Self::Error>;
}

/// What properties are written to: a value in some format, or what `Debug` shows.
///
/// A failure is kept, and nothing is written after it: a table has no branch for each property.
pub trait Writer {
    /// Writes a property.
    fn required<T: Serialize + fmt::Debug + ?Sized>(&mut self, name: &'static str, value: &T);

    /// Writes a property unless it is absent.
    fn optional<T: Serialize + fmt::Debug>(&mut self, name: &'static str, value: &Option<T>) {
        if let Some(value) = value {
            self.required(name, value);
        }
    }

    /// Writes any value, `null` too, unless it is absent.
    fn optional_any(&mut self, name: &'static str, value: &Option<Value>) {
        self.optional(name, value);
    }

    /// Writes a property that may be `null`.
    fn nullable<T: Serialize + fmt::Debug>(&mut self, name: &'static str, value: &Option<T>) {
        self.required(name, value);
    }

    /// Writes a property that may be `null`, unless it is absent.
    fn optional_nullable<T: Serialize + fmt::Debug>(
        &mut self,
        name: &'static str,
        value: &Option<Option<T>>,
    ) {
        self.optional(name, value);
    }

    /// Writes further properties.
    fn additional<T: Serialize + fmt::Debug>(&mut self, properties: &BTreeMap<String, T>);

    /// Fails for a reason.
    fn fail(&mut self, reason: &dyn fmt::Display);
}

/// Reads an object.
pub fn read_object<'de, T: Object, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
    deserializer.deserialize_map(ObjectVisitor(PhantomData))
}

/// Writes an object.
pub fn write_object<T: Object, S: Serializer>(
    object: &T,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    let mut writer = MapWriter::new(serializer.serialize_map(None)?, None);
    object.write_properties(&mut writer);
    writer.end()
}

struct ObjectVisitor<T>(PhantomData<T>);

impl<'de, T: Object> Visitor<'de> for ObjectVisitor<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        expect_object(f, type_name::<T>())
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<T, A::Error> {
        let mut object = T::blank();
        read_properties(
            map,
            type_name::<T>(),
            (T::FIELDS, T::INDEX),
            &mut |field, property| object.read(field, property),
        )?;
        Ok(object)
    }
}

/// Apart, for this would be compiled for each type.
fn expect_object(f: &mut fmt::Formatter<'_>, ty: &'static str) -> fmt::Result {
    write!(f, "object `{}`", short(ty))
}

/// Returns the name of a type without its path and what it is generic over.
pub(super) fn short(ty: &'static str) -> &'static str {
    let path = ty.split('<').next().unwrap_or(ty);
    path.rsplit("::").next().unwrap_or(path)
}

type Read<'a, 'de, A> =
    dyn FnMut(usize, Property<'_, 'de, A>) -> Result<(), <A as MapAccess<'de>>::Error> + 'a;

/// Reads properties one by one. The call through `dyn` makes this loop compile once per format
/// rather than once per type.
fn read_properties<'de, A: MapAccess<'de>>(
    mut map: A,
    ty: &'static str,
    (fields, index): (&'static [Field], &'static Index),
    read: &mut Read<'_, 'de, A>,
) -> Result<(), A::Error> {
    let mut presence = Presence::default();
    let mut unknown = Cow::Borrowed("");
    let mut expected = 0;
    while let Some(field) = map.next_key_seed(Key {
        fields,
        index,
        expected,
        unknown: &mut unknown,
    })? {
        let property = Property {
            map: &mut map,
            key: &mut unknown,
        };
        read(field, property).map_err(|error| {
            let property = fields.get(field).map_or(&*unknown, |field| field.name);
            place(error, property, short(ty))
        })?;
        if field < fields.len() {
            presence.insert(field);
            expected = field + 1;
        }
    }
    for (index, field) in fields.iter().enumerate() {
        if field.is_required && !presence.contains(index) {
            return Err(A::Error::custom(format_args!(
                "missing property `{}` of `{}`",
                field.name,
                short(ty)
            )));
        }
    }
    Ok(())
}

/// Says where the failure is, unless the error does: `serde_json` gives line and column as long as
/// it reads text, but knows no place in a value that a union has buffered.
#[cold]
fn place<E: de::Error>(error: E, property: &str, object: &str) -> E {
    let message = error.to_string();
    if message.contains(" at line ") {
        return error;
    }
    E::custom(format_args!("{message} in `{property}` of `{object}`"))
}

/// A key that is looked up in the table where it stands, so that it needs no memory of its own.
struct Key<'a, 'de> {
    fields: &'static [Field],
    index: &'static Index,
    /// The index of the field that is likely to come now.
    expected: usize,
    /// Where an unknown key is put.
    unknown: &'a mut Cow<'de, str>,
}

impl Key<'_, '_> {
    /// Servers tend to keep to one order: the field after the last one is tried first, and all
    /// else is left to calls, which keeps this small enough to be inlined.
    #[inline]
    fn is_expected(&self, key: &str) -> bool {
        let expected = self.fields.get(self.expected);
        expected.is_some_and(|field| equal(field.name, key))
    }

    /// Returns the index of a field; the number of fields for an unknown key, which is kept.
    #[inline(never)]
    fn find(self, key: &str) -> usize {
        self.index.find(self.fields, key).unwrap_or_else(|| {
            if let Cow::Owned(unknown) = self.unknown {
                unknown.clear();
                unknown.push_str(key);
            } else {
                *self.unknown = Cow::Owned(key.to_owned());
            }
            self.fields.len()
        })
    }
}

impl<'de> Key<'_, 'de> {
    /// Does the same for a key that needs no memory to be kept.
    #[inline(never)]
    fn find_borrowed(self, key: &'de str) -> usize {
        self.index.find(self.fields, key).unwrap_or_else(|| {
            *self.unknown = Cow::Borrowed(key);
            self.fields.len()
        })
    }
}

/// Compares short texts without a call: eight bytes at a time from both ends.
#[inline]
pub(super) fn equal(name: &str, key: &str) -> bool {
    let (name, key) = (name.as_bytes(), key.as_bytes());
    if name.len() != key.len() {
        return false;
    }
    match name.len() {
        0..4 => name.iter().eq(key),
        4..8 => {
            name.first_chunk::<4>() == key.first_chunk::<4>()
                && name.last_chunk::<4>() == key.last_chunk::<4>()
        }
        8..=16 => {
            name.first_chunk::<8>() == key.first_chunk::<8>()
                && name.last_chunk::<8>() == key.last_chunk::<8>()
        }
        _ => name == key,
    }
}

impl<'de> DeserializeSeed<'de> for Key<'_, 'de> {
    type Value = usize;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<usize, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl<'de> Visitor<'de> for Key<'_, 'de> {
    type Value = usize;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the name of a property")
    }

    fn visit_borrowed_str<E>(self, key: &'de str) -> Result<usize, E> {
        Ok(if self.is_expected(key) {
            self.expected
        } else {
            self.find_borrowed(key)
        })
    }

    fn visit_str<E>(self, key: &str) -> Result<usize, E> {
        Ok(if self.is_expected(key) {
            self.expected
        } else {
            self.find(key)
        })
    }
}

struct Property<'a, 'de, A> {
    map: &'a mut A,
    key: &'a mut Cow<'de, str>,
}

impl<'de, A: MapAccess<'de>> Entry<'de> for Property<'_, 'de, A> {
    type Error = A::Error;

    fn value<T: Deserialize<'de>>(self) -> Result<T, A::Error> {
        self.map.next_value()
    }

    fn additional<T: Deserialize<'de>>(
        self,
        properties: &mut BTreeMap<String, T>,
    ) -> Result<(), A::Error> {
        let value = self.map.next_value()?;
        properties.insert(std::mem::take(self.key).into_owned(), value);
        Ok(())
    }

    fn ignore(self) -> Result<(), A::Error> {
        self.map.next_value::<IgnoredAny>()?;
        Ok(())
    }
}

/// A writer into a map.
pub(super) struct MapWriter<M: SerializeMap> {
    map: M,
    /// The property that is written already, whatever the additional properties hold.
    tag: Option<&'static str>,
    outcome: Result<(), M::Error>,
}

impl<M: SerializeMap> MapWriter<M> {
    pub(super) const fn new(map: M, tag: Option<&'static str>) -> Self {
        Self {
            map,
            tag,
            outcome: Ok(()),
        }
    }

    fn entry<T: Serialize + ?Sized>(&mut self, name: &str, value: &T) {
        if self.outcome.is_ok() {
            self.outcome = self.map.serialize_entry(name, value);
        }
    }

    pub(super) fn end(self) -> Result<M::Ok, M::Error> {
        self.outcome?;
        self.map.end()
    }
}

impl<M: SerializeMap> Writer for MapWriter<M> {
    fn required<T: Serialize + fmt::Debug + ?Sized>(&mut self, name: &'static str, value: &T) {
        self.entry(name, value);
    }

    fn additional<T: Serialize + fmt::Debug>(&mut self, properties: &BTreeMap<String, T>) {
        for (name, value) in properties {
            if self.tag != Some(name.as_str()) {
                self.entry(name, value);
            }
        }
    }

    fn fail(&mut self, reason: &dyn fmt::Display) {
        if self.outcome.is_ok() {
            self.outcome = Err(ser::Error::custom(reason));
        }
    }
}
