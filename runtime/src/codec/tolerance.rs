//! What servers send in place of what their documents say, where it is expected.

mod emptied;
mod expected;
mod unquoted;

use std::collections::BTreeMap;

use serde::de::DeserializeOwned;
use serde_json::Value;

use self::emptied::Emptied;
pub(crate) use self::unquoted::Unquoted;
use super::object::Entry;

/// A property whose numbers, integers and booleans may be strings.
#[derive(Debug)]
pub struct Quoted<E>(pub(super) E);

impl<E: Entry> Entry for Quoted<E> {
    type Error = E::Error;

    fn value<T: DeserializeOwned>(self) -> Result<T, E::Error> {
        let Unquoted(value) = self.0.value()?;
        Ok(value)
    }

    fn optional<T: DeserializeOwned>(self, slot: &mut Option<T>) -> Result<(), E::Error> {
        let mut read = None;
        self.0.optional(&mut read)?;
        *slot = read.map(|Unquoted(value)| value);
        Ok(())
    }

    fn nullable<T: DeserializeOwned>(self, slot: &mut Option<T>) -> Result<(), E::Error> {
        let mut read = None;
        self.0.nullable(&mut read)?;
        *slot = read.map(|Unquoted(value)| value);
        Ok(())
    }

    fn optional_nullable<T: DeserializeOwned>(
        self,
        slot: &mut Option<Option<T>>,
    ) -> Result<(), E::Error> {
        let mut read = None;
        self.0.optional_nullable(&mut read)?;
        *slot = read.map(|read| read.map(|Unquoted(value)| value));
        Ok(())
    }

    fn additional<T: DeserializeOwned>(
        self,
        properties: &mut BTreeMap<String, T>,
    ) -> Result<(), E::Error> {
        let mut read = BTreeMap::new();
        self.0.additional(&mut read)?;
        let read = read.into_iter();
        properties.extend(read.map(|(name, Unquoted(value))| (name, value)));
        Ok(())
    }

    fn ignore(self) -> Result<(), E::Error> {
        self.0.ignore()
    }
}

/// A property that is absent where it is an empty string and its type has no such value. Formats and
/// enums of strings have none.
#[derive(Debug)]
pub struct OrEmpty<E>(pub(super) E);

impl<E: Entry> Entry for OrEmpty<E> {
    type Error = E::Error;

    fn value<T: DeserializeOwned>(self) -> Result<T, E::Error> {
        self.0.value()
    }

    fn optional<T: DeserializeOwned>(self, slot: &mut Option<T>) -> Result<(), E::Error> {
        *slot = match self.0.value()? {
            Emptied::Empty => None,
            Emptied::Value(value) => value,
        };
        Ok(())
    }

    fn optional_any(self, slot: &mut Option<Value>) -> Result<(), E::Error> {
        self.0.optional_any(slot)
    }

    fn nullable<T: DeserializeOwned>(self, slot: &mut Option<T>) -> Result<(), E::Error> {
        self.optional(slot)
    }

    fn optional_nullable<T: DeserializeOwned>(
        self,
        slot: &mut Option<Option<T>>,
    ) -> Result<(), E::Error> {
        *slot = match self.0.value()? {
            Emptied::Empty => None,
            Emptied::Value(value) => Some(value),
        };
        Ok(())
    }

    fn additional<T: DeserializeOwned>(
        self,
        properties: &mut BTreeMap<String, T>,
    ) -> Result<(), E::Error> {
        self.0.additional(properties)
    }

    fn ignore(self) -> Result<(), E::Error> {
        self.0.ignore()
    }
}

/// By this name, a format that has nothing but texts, such as a header, is asked for a value as one. Any
/// other format gives the value.
pub(crate) const AS_TEXT: &str = "$accredit_runtime::Text";

/// Returns the text of a value that is given as it is written: the only entry of a map.
fn written<'de, A: serde::de::MapAccess<'de>>(mut map: A) -> Result<String, A::Error> {
    let entry = map.next_entry::<serde::de::IgnoredAny, String>()?;
    Ok(entry.map(|(_, text)| text).unwrap_or_default())
}

/// Forwards the methods of a [`Deserializer`](serde::Deserializer) to `self.inner`, with what
/// `self.visitor` makes of the visitor.
macro_rules! forward {
    ($($method:ident($($argument:ident: $ty:ty),*) $kind:ident;)*) => {
        $(fn $method<V: Visitor<'de>>(
            self,
            $($argument: $ty,)*
            visitor: V,
        ) -> Result<V::Value, D::Error> {
            let visitor = self.$kind(visitor);
            self.inner.$method($($argument,)* visitor)
        })*

        fn is_human_readable(&self) -> bool {
            self.inner.is_human_readable()
        }
    };
}

/// Forwards the methods of a [`Visitor`](serde::de::Visitor) that take a scalar other than a text.
macro_rules! forward_scalars {
    ($($method:ident: $ty:ty,)*) => {
        $(fn $method<E: de::Error>(self, value: $ty) -> Result<V::Value, E> {
            self.inner.$method(value)
        })*

        fn visit_none<E: de::Error>(self) -> Result<V::Value, E> {
            self.inner.visit_none()
        }

        fn visit_unit<E: de::Error>(self) -> Result<V::Value, E> {
            self.inner.visit_unit()
        }
    };
}

/// Leaves to `self.scalar` the methods of a [`Deserializer`](serde::Deserializer) that ask for a boolean or
/// a number.
macro_rules! scalars {
    () => {
        scalars! {
            deserialize_bool Bool
            deserialize_i8 Integer
            deserialize_i16 Integer
            deserialize_i32 Integer
            deserialize_i64 Integer
            deserialize_i128 Integer
            deserialize_u8 Integer
            deserialize_u16 Integer
            deserialize_u32 Integer
            deserialize_u64 Integer
            deserialize_u128 Integer
            deserialize_f32 Number
            deserialize_f64 Number
        }
    };
    ($($method:ident $expected:ident)*) => {
        $(fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, D::Error> {
            self.scalar(Expected::$expected, visitor)
        })*
    };
}

use {forward, forward_scalars, scalars};

#[cfg(test)]
#[expect(
    unreachable_pub,
    clippy::option_option,
    reason = "as in generated crates"
)]
mod tests {
    use super::super::StringEnum;
    use crate::formats::{Date, Number};
    use std::collections::BTreeMap;

    #[derive(Debug, Clone)]
    enum State {
        Open,
        Unknown(String),
    }

    crate::string_enum!(State {
        Open = "open",
        _ = Unknown,
    });

    #[derive(Clone)]
    struct Order {
        id: i64,
        total: Option<Number>,
        open: Option<bool>,
        counts: Option<Vec<Option<u64>>>,
        rates: Option<BTreeMap<String, f64>>,
        state: Option<State>,
        placed: Option<Option<Date>>,
        note: Option<String>,
        parent: Option<Box<Self>>,
        further: BTreeMap<String, i32>,
    }

    crate::object!(Order {
        0 => id: required("id") quoted,
        1 => total: nullable("total") quoted_or_empty,
        2 => open: optional("open") quoted_or_empty,
        3 => counts: optional("counts") quoted_or_empty,
        4 => rates: optional("rates") quoted,
        5 => state: optional("state") or_empty,
        6 => placed: optional_nullable("placed") or_empty,
        7 => note: optional("note") or_empty,
        8 => parent: optional("parent") or_empty,
        _ => further quoted,
    });

    fn read(json: &str) -> Result<Order, serde_json::Error> {
        let order = serde_json::from_str(json)?;
        // A value has no position to go back to.
        let value: serde_json::Value = serde_json::from_str(json)?;
        let again: Order = serde_json::from_value(value)?;
        assert_eq!(format!("{order:?}"), format!("{again:?}"));
        Ok(order)
    }

    #[test]
    fn numbers_and_booleans_in_quotes_are_read_wherever_they_stand() {
        let order = read(
            r#"{"id": "-7", "total": "12.50", "open": "True", "counts": ["1", null, 2],
                "rates": {"a": "1.5", "b": 2}, "parent": {"id": "8", "total": 1}, "weight": "3"}"#,
        )
        .expect("an order");
        assert_eq!(order.id, -7);
        assert_eq!(order.total.as_ref().map(Number::as_str), Some("12.50"));
        assert_eq!(order.open, Some(true));
        assert_eq!(order.counts, Some(vec![Some(1), None, Some(2)]));
        assert_eq!(order.rates.map(|rates| rates["a"] + rates["b"]), Some(3.5));
        assert_eq!(order.parent.map(|parent| parent.id), Some(8));
        assert_eq!(order.further["weight"], 3);
    }

    #[test]
    fn an_empty_string_is_absence_unless_a_string_is_expected() {
        let order = read(
            r#"{"id": 7, "total": "", "open": "", "counts": "", "state": "", "placed": "",
                "note": "", "parent": ""}"#,
        )
        .expect("an order");
        assert!(order.total.is_none() && order.open.is_none() && order.counts.is_none());
        assert!(order.state.is_none() && order.placed.is_none() && order.parent.is_none());
        assert_eq!(order.note.as_deref(), Some(""));
        let written = serde_json::to_value(&order).expect("JSON");
        assert_eq!(
            written,
            serde_json::json!({"id": 7, "total": null, "note": ""})
        );
        let order = read(r#"{"id": 7, "total": null, "placed": null}"#).expect("an order");
        assert_eq!(order.placed, Some(None));
    }

    #[derive(Clone)]
    struct Strict {
        size: Option<i32>,
        open: Option<bool>,
    }

    crate::object!(Strict {
        0 => size: optional("size") or_empty,
        1 => open: optional("open") or_empty,
    });

    #[test]
    fn who_tolerates_empty_strings_alone_refuses_other_strings() {
        let read = serde_json::from_str::<Strict>;
        let strict = read(r#"{"size": "", "open": true}"#).expect("an object");
        assert_eq!((strict.size, strict.open), (None, Some(true)));
        assert!(read(r#"{"size": "7"}"#).is_err());
        assert!(read(r#"{"open": "true"}"#).is_err());
    }

    #[test]
    fn nothing_else_is_tolerated() {
        for (json, message) in [
            (
                r#"{"id": "", "total": null}"#,
                "invalid type: string \"\", expected i64",
            ),
            (
                r#"{"id": "7a", "total": null}"#,
                "invalid type: string \"7a\", expected i64",
            ),
            (
                r#"{"id": 7, "total": "NaN"}"#,
                "a text of format `number` can't be read",
            ),
            (
                r#"{"id": 7, "total": null, "open": "yes"}"#,
                "invalid type: string \"yes\"",
            ),
            (
                r#"{"id": 7, "total": null, "rates": {"a": ""}}"#,
                "invalid type: string \"\"",
            ),
            (
                r#"{"id": 7, "total": null, "rates": ""}"#,
                "invalid type: string \"\", expected a map",
            ),
            (
                r#"{"id": 7, "total": null, "parent": {"id": ""}}"#,
                "invalid type: string \"\"",
            ),
        ] {
            let error = serde_json::from_str::<Order>(json).expect_err(json);
            assert!(error.to_string().starts_with(message), "{error}");
        }
    }

    #[test]
    fn an_enum_without_tolerance_keeps_an_empty_string() {
        let state: State = serde_json::from_str(r#""""#).expect("a text");
        assert_eq!(StringEnum::as_str(&state), "");
    }
}
