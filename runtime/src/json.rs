//! JSON with all digits of its numbers, where a value of a type is to become something else.
//!
//! A [`Value`] has an `f64` for what no 64 bits hold.

pub(crate) mod path;

use std::fmt;

use serde::de::{self, Deserialize, DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};
use serde::ser::{Serialize, Serializer};
use serde_json::Value;
use serde_json::value::RawValue;

use crate::formats::Number;
use crate::parameter::{ParameterValue, ToParameter};

/// A value of JSON. The members of objects keep their order.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Json {
    Null,
    Bool(bool),
    Number(Number),
    String(String),
    Array(Vec<Self>),
    Object(Vec<(String, Self)>),
}

impl Json {
    /// Returns what a value is in JSON.
    pub(crate) fn of<T: Serialize + ?Sized>(value: &T) -> Result<Self, serde_json::Error> {
        parse(&serde_json::to_string(value)?)
    }

    pub(crate) const fn is_null(&self) -> bool {
        matches!(self, Self::Null)
    }

    /// Returns the value with numbers as near as `f64` has them.
    pub(crate) fn approximate(self) -> Value {
        match self {
            Self::Null => Value::Null,
            Self::Bool(flag) => flag.into(),
            Self::Number(number) => serde_json::from_str(number.as_str())
                .unwrap_or_else(|_| f64::MAX.copysign(sign(&number)).into()),
            Self::String(text) => text.into(),
            Self::Array(items) => items.into_iter().map(Self::approximate).collect(),
            Self::Object(members) => {
                let members = members.into_iter();
                members
                    .map(|(name, value)| (name, value.approximate()))
                    .collect()
            }
        }
    }

    /// Returns the value with each string that is a number or a boolean in quotes as that.
    pub(crate) fn unquoted(self) -> Self {
        match self {
            Self::String(text) => unquote(&text).unwrap_or(Self::String(text)),
            Self::Array(items) => Self::Array(items.into_iter().map(Self::unquoted).collect()),
            Self::Object(members) => {
                let members = members.into_iter();
                let members = members.map(|(name, value)| (name, value.unquoted()));
                Self::Object(members.collect())
            }
            other => other,
        }
    }
}

fn sign(number: &Number) -> f64 {
    if number.as_str().starts_with('-') {
        -1.0
    } else {
        1.0
    }
}

/// Returns the number or the boolean that a text is.
pub(crate) fn unquote(text: &str) -> Option<Json> {
    if let Some(number) = Number::of_decimal(text) {
        return Some(Json::Number(number));
    }
    let flags = [("true", true), ("false", false)];
    let flag = flags
        .iter()
        .find(|(name, _)| text.eq_ignore_ascii_case(name));
    flag.map(|(_, flag)| Json::Bool(*flag))
}

/// As deep as `serde_json` reads.
const DEEPEST: usize = 127;

/// Reads JSON.
pub(crate) fn parse(text: &str) -> Result<Json, serde_json::Error> {
    parse_within(DEEPEST, text)
}

/// Reads a value by its text, and what it consists of by theirs.
fn parse_within(depth: usize, text: &str) -> Result<Json, serde_json::Error> {
    let mut deserializer = serde_json::Deserializer::from_str(text);
    let inside = depth.checked_sub(1);
    let inside = || inside.ok_or_else(|| de::Error::custom("recursion limit exceeded"));
    Ok(match text.bytes().next() {
        Some(b'{') => Json::Object(deserializer.deserialize_map(Members(inside()?))?),
        Some(b'[') => Json::Array(deserializer.deserialize_seq(Items(inside()?))?),
        Some(b'"') => Json::String(String::deserialize(&mut deserializer)?),
        Some(b't' | b'f') => Json::Bool(bool::deserialize(&mut deserializer)?),
        Some(b'n') => Json::Null,
        _ => Json::Number(Number::deserialize(&mut deserializer)?),
    })
}

/// A value that nests no deeper than this.
struct Within(usize);

impl<'de> DeserializeSeed<'de> for Within {
    type Value = Json;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Json, D::Error> {
        let text = <&RawValue>::deserialize(deserializer)?;
        parse_within(self.0, text.get()).map_err(de::Error::custom)
    }
}

impl<'de> Deserialize<'de> for Json {
    /// Takes what `serde_json` reads from memory.
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Within(DEEPEST).deserialize(deserializer)
    }
}

struct Items(usize);

impl<'de> Visitor<'de> for Items {
    type Value = Vec<Json>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an array")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Vec<Json>, A::Error> {
        let mut array = Vec::new();
        while let Some(item) = items.next_element_seed(Within(self.0))? {
            array.push(item);
        }
        Ok(array)
    }
}

struct Members(usize);

impl<'de> Visitor<'de> for Members {
    type Value = Vec<(String, Json)>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Self::Value, A::Error> {
        let mut object = Vec::new();
        while let Some(name) = members.next_key()? {
            object.push((name, members.next_value_seed(Within(self.0))?));
        }
        Ok(object)
    }
}

impl Serialize for Json {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Null => serializer.serialize_unit(),
            Self::Bool(flag) => serializer.serialize_bool(*flag),
            Self::Number(number) => number.serialize(serializer),
            Self::String(text) => serializer.serialize_str(text),
            Self::Array(items) => serializer.collect_seq(items),
            Self::Object(members) => {
                let members = members.iter().map(|(name, value)| (name, value));
                serializer.collect_map(members)
            }
        }
    }
}

impl fmt::Display for Json {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = serde_json::to_string(self).map_err(|_| fmt::Error)?;
        f.write_str(&text)
    }
}

impl ToParameter for Json {
    fn to_parameter(&self) -> ParameterValue {
        match self {
            Self::Null => ParameterValue::Undefined,
            Self::Bool(flag) => flag.to_parameter(),
            Self::Number(number) => number.to_parameter(),
            Self::String(text) => text.to_parameter(),
            Self::Array(items) => items.to_parameter(),
            Self::Object(members) => {
                let members = members.iter();
                let members = members.map(|(name, value)| (name.clone(), value.to_parameter()));
                ParameterValue::Object(members.collect())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_keeps_its_digits_and_the_order_of_its_members() {
        let text = r#"{"z":[1.10,null,{"y":18446744073709551616}],"a":"1.10","b":true,"c":-0}"#;
        let json = parse(text).expect("JSON");
        assert_eq!(json.to_string(), text);
        assert_eq!(Json::of(&json).expect("JSON"), json);
        let value: Value = serde_json::from_str(text).expect("JSON");
        assert_eq!(json.approximate(), value);
    }

    #[test]
    fn what_nests_too_deep_is_refused() {
        let nested = |depth| format!("{}1{}", "[".repeat(depth), "]".repeat(depth));
        assert!(parse(&nested(DEEPEST)).is_ok());
        assert!(parse(&nested(DEEPEST + 1)).is_err());
    }
}
