//! Builds values from what a parser reads, whatever the format.

use std::fmt;

use serde::de::{
    DeserializeSeed, Deserializer, EnumAccess, Error, MapAccess, SeqAccess, VariantAccess, Visitor,
};
use serde_json::{Map, Number, Value};

use crate::pointer::{Pointer, Trail};

/// What is said of a file with too many values.
pub(super) const TOO_MANY: &str = "the file holds too many values";

/// What was noticed while a text was read.
pub(super) struct Notes {
    pub(super) list: Vec<(Pointer, String)>,
    /// How much the values may still weigh, so that aliases don't multiply without bounds.
    budget: usize,
    /// How many values there may still be.
    values: usize,
}

/// The number of values in a file. The largest documents of vendors have a fraction of it.
pub(super) const MAX_VALUES: usize = 5_000_000;

/// The number of mistakes of a file that are noted.
const MAX_NOTES: usize = 1_000;

impl Notes {
    pub(super) fn new(length: usize) -> Self {
        Self {
            list: Vec::new(),
            budget: length.saturating_mul(16).saturating_add(1 << 20),
            values: MAX_VALUES,
        }
    }

    pub(super) fn push(&mut self, pointer: impl FnOnce() -> Pointer, message: &str) {
        if self.list.len() < MAX_NOTES {
            self.list.push((pointer(), message.to_owned()));
        }
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Format {
    Json,
    Yaml,
}

/// Builds the value that comes next, at the end of a trail.
pub(super) struct Build<'a> {
    format: Format,
    notes: &'a mut Notes,
    trail: Trail<'a>,
}

impl<'a> Build<'a> {
    pub(super) fn new(format: Format, notes: &'a mut Notes) -> Self {
        Self {
            format,
            notes,
            trail: Trail::Root,
        }
    }

    fn note(&mut self, message: &str) {
        self.notes.push(|| self.trail.pointer(), message);
    }

    fn spend<E: Error>(&mut self, weight: usize) -> Result<(), E> {
        self.notes.values = self
            .notes
            .values
            .checked_sub(1)
            .ok_or_else(|| E::custom(TOO_MANY))?;
        self.notes.budget = self
            .notes
            .budget
            .checked_sub(weight)
            .ok_or_else(|| E::custom("aliases make the document too large"))?;
        Ok(())
    }

    fn large(&mut self, value: f64) -> Value {
        self.note("an integer of more than 64 bits is read as a floating-point number");
        Number::from_f64(value).map_or(Value::Null, Value::Number)
    }
}

impl<'de> DeserializeSeed<'de> for Build<'_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Build<'_> {
    type Value = Value;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a value")
    }

    fn visit_bool<E: Error>(mut self, value: bool) -> Result<Value, E> {
        self.spend(1)?;
        Ok(Value::Bool(value))
    }

    fn visit_i64<E: Error>(mut self, value: i64) -> Result<Value, E> {
        self.spend(1)?;
        Ok(Value::Number(value.into()))
    }

    fn visit_u64<E: Error>(mut self, value: u64) -> Result<Value, E> {
        self.spend(1)?;
        Ok(Value::Number(value.into()))
    }

    #[allow(
        clippy::cast_precision_loss,
        reason = "what doesn't fit is said to be rounded"
    )]
    fn visit_i128<E: Error>(mut self, value: i128) -> Result<Value, E> {
        Ok(self.large(value as f64))
    }

    #[allow(
        clippy::cast_precision_loss,
        reason = "what doesn't fit is said to be rounded"
    )]
    fn visit_u128<E: Error>(mut self, value: u128) -> Result<Value, E> {
        Ok(self.large(value as f64))
    }

    fn visit_f64<E: Error>(mut self, value: f64) -> Result<Value, E> {
        self.spend(1)?;
        let number = Number::from_f64(value);
        if number.is_none() {
            self.note("JSON has no infinity and no NaN; `null` is read");
        }
        Ok(number.map_or(Value::Null, Value::Number))
    }

    fn visit_str<E: Error>(mut self, value: &str) -> Result<Value, E> {
        self.spend(value.len() + 1)?;
        Ok(Value::String(value.to_owned()))
    }

    fn visit_string<E: Error>(mut self, value: String) -> Result<Value, E> {
        self.spend(value.len() + 1)?;
        Ok(Value::String(value))
    }

    fn visit_unit<E: Error>(mut self) -> Result<Value, E> {
        self.spend(1)?;
        Ok(Value::Null)
    }

    fn visit_none<E: Error>(self) -> Result<Value, E> {
        self.visit_unit()
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        self.deserialize(deserializer)
    }

    fn visit_seq<A: SeqAccess<'de>>(mut self, mut access: A) -> Result<Value, A::Error> {
        self.spend(1)?;
        let mut elements = Vec::new();
        while let Some(element) = access.next_element_seed(Build {
            format: self.format,
            notes: &mut *self.notes,
            trail: Trail::Element(&self.trail, elements.len()),
        })? {
            elements.push(element);
        }
        Ok(Value::Array(elements))
    }

    fn visit_map<A: MapAccess<'de>>(mut self, mut access: A) -> Result<Value, A::Error> {
        self.spend(1)?;
        let mut members = Map::new();
        let mut merges = Vec::new();
        while let Some(key) = access.next_key::<String>()? {
            self.spend(key.len() + 1)?;
            let value = access.next_value_seed(Build {
                format: self.format,
                notes: &mut *self.notes,
                trail: Trail::Member(&self.trail, &key),
            })?;
            if self.format == Format::Yaml && key == "<<" && is_merge(&value) {
                merges.push(value);
                continue;
            }
            if members.contains_key(&key) {
                let message = "the key stands twice; the last one is taken";
                self.notes
                    .push(|| self.trail.pointer().child(key.as_str()), message);
            }
            members.insert(key, value);
        }
        for value in merges {
            merge(&mut members, value);
        }
        Ok(Value::Object(members))
    }

    /// A value with a tag of its own, such as `!Ref x`: the tag is passed over.
    fn visit_enum<A: EnumAccess<'de>>(self, access: A) -> Result<Value, A::Error> {
        let (_tag, content) = access.variant::<String>()?;
        content.newtype_variant_seed(self)
    }
}

fn is_merge(value: &Value) -> bool {
    match value {
        Value::Object(_) => true,
        Value::Array(elements) => elements.iter().all(Value::is_object),
        _ => false,
    }
}

/// Adds the members of `value` that aren't there yet (YAML 1.1 merge key).
fn merge(members: &mut Map<String, Value>, value: Value) {
    match value {
        Value::Object(others) => {
            for (key, value) in others {
                members.entry(key).or_insert(value);
            }
        }
        Value::Array(elements) => {
            for element in elements {
                merge(members, element);
            }
        }
        _ => {}
    }
}
