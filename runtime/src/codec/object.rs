//! Objects: one loop for all that reads properties, one writer for all that writes them.
//!
//! In serde's data model an object is a map, not a struct: its properties may be absent and others
//! may be there, and formats that encode a struct by position would misread both.

use std::any::type_name;
use std::collections::BTreeMap;
use std::fmt;

use serde::Serialize;
use serde::de::{DeserializeOwned, Deserializer, MapAccess, Visitor};
use serde::ser::{self, SerializeMap, Serializer};
use serde_json::Value;

use super::blank::Blank;
use super::index::Index;
use super::reader::{END, Reader};
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
    fn read<E: Entry>(&mut self, field: usize, entry: E) -> Result<(), E::Error>;
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
///
/// What is read owns all of its parts. A bound without a lifetime is proved once for each type, one
/// with `'de` again in each function that asks for it.
pub trait Entry: Sized {
    /// The error of the format.
    type Error;

    /// Reads the value.
    fn value<T: DeserializeOwned>(self) -> Result<T, Self::Error>;

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
    fn required<T: DeserializeOwned>(self, slot: &mut T) -> Result<(), Self::Error> {
        *slot = self.value()?;
        Ok(())
    }

    /// Reads a value or, for `null`, none.
    fn optional<T: DeserializeOwned>(self, slot: &mut Option<T>) -> Result<(), Self::Error> {
        self.required(slot)
    }

    /// Reads any value: `null` is one of them.
    fn optional_any(self, slot: &mut Option<Value>) -> Result<(), Self::Error> {
        self.required(slot.insert(Value::Null))
    }

    /// Reads a value or `null`.
    fn nullable<T: DeserializeOwned>(self, slot: &mut Option<T>) -> Result<(), Self::Error> {
        self.required(slot)
    }

    /// Reads a value or `null`, which isn't the same as absence: that leaves the slot `None`.
    fn optional_nullable<T: DeserializeOwned>(
        self,
        slot: &mut Option<Option<T>>,
    ) -> Result<(), Self::Error> {
        self.required(slot.insert(None))
    }

    /// Reads an unknown property into the map of those.
    fn additional<T: DeserializeOwned>(
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
    let mut object = T::blank();
    deserializer.deserialize_map(ObjectVisitor(&mut object))?;
    Ok(object)
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

/// Reads an object where it stands: one that is returned would be moved by the format, which would be
/// compiled to drop it too.
struct ObjectVisitor<'a, T>(&'a mut T);

impl<'de, T: Object> Visitor<'de> for ObjectVisitor<'_, T> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        expect_object(f, type_name::<T>())
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<(), A::Error> {
        let mut reader = Reader::new(map, T::FIELDS, T::INDEX);
        loop {
            let field = reader.next(type_name::<T>)?;
            if field == END {
                return Ok(());
            }
            if let Err(error) = self.0.read(field, &mut reader) {
                return Err(reader.place(error, field, type_name::<T>()));
            }
        }
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

/// A writer into a map.
pub(super) struct MapWriter<M: SerializeMap> {
    map: M,
    /// The property that is written already, whatever the additional properties hold.
    tag: Option<&'static str>,
    failure: Option<M::Error>,
}

impl<M: SerializeMap> MapWriter<M> {
    pub(super) const fn new(map: M, tag: Option<&'static str>) -> Self {
        Self {
            map,
            tag,
            failure: None,
        }
    }

    fn entry<T: Serialize + ?Sized>(&mut self, name: &str, value: &T) {
        if self.failure.is_none()
            && let Err(error) = self.map.serialize_entry(name, value)
        {
            self.keep(error);
        }
    }

    /// Apart, so that nothing is dropped where nothing fails.
    #[cold]
    fn keep(&mut self, failure: M::Error) {
        self.failure = Some(failure);
    }

    pub(super) fn end(self) -> Result<M::Ok, M::Error> {
        match self.failure {
            None => self.map.end(),
            Some(failure) => Err(failure),
        }
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
        if self.failure.is_none() {
            self.keep(ser::Error::custom(reason));
        }
    }
}
