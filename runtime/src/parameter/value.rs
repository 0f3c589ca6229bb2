//! The values of parameters.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::Value;

use crate::Secret;
use crate::json::Json;

/// A value on its way into a request.
#[derive(Clone, PartialEq, Eq)]
pub enum ParameterValue {
    /// No value: the parameter, member or property is left out.
    Undefined,
    /// A boolean, number or string as text, not yet encoded.
    Primitive(String),
    /// An array.
    Array(Vec<Self>),
    /// An object: its properties in order.
    Object(Vec<(String, Self)>),
}

impl std::fmt::Debug for ParameterValue {
    /// Prints the kind, not the value: a parameter may hold what must not be seen.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Undefined => "Undefined",
            Self::Primitive(_) => "Primitive(..)",
            Self::Array(_) => "Array(..)",
            Self::Object(_) => "Object(..)",
        })
    }
}

/// A type whose values can stand in a parameter.
pub trait ToParameter {
    /// Returns the value as a parameter takes it.
    fn to_parameter(&self) -> ParameterValue;
}

/// A value that stands in a parameter in the shape that it has in JSON.
#[derive(Debug, Clone, Copy)]
pub struct AsJson<'a, T: ?Sized>(pub &'a T);

impl<T: Serialize + ?Sized> ToParameter for AsJson<'_, T> {
    /// What can't be encoded is undefined.
    fn to_parameter(&self) -> ParameterValue {
        Json::of(self.0).map_or(ParameterValue::Undefined, |value| value.to_parameter())
    }
}

impl<T: ToParameter + ?Sized> ToParameter for &T {
    fn to_parameter(&self) -> ParameterValue {
        (**self).to_parameter()
    }
}

impl<T: ToParameter + ?Sized> ToParameter for Box<T> {
    fn to_parameter(&self) -> ParameterValue {
        (**self).to_parameter()
    }
}

impl<T: ToParameter> ToParameter for Option<T> {
    fn to_parameter(&self) -> ParameterValue {
        self.as_ref()
            .map_or(ParameterValue::Undefined, ToParameter::to_parameter)
    }
}

impl<T: ToParameter> ToParameter for [T] {
    fn to_parameter(&self) -> ParameterValue {
        ParameterValue::Array(self.iter().map(ToParameter::to_parameter).collect())
    }
}

impl<T: ToParameter, const N: usize> ToParameter for [T; N] {
    fn to_parameter(&self) -> ParameterValue {
        self.as_slice().to_parameter()
    }
}

impl<T: ToParameter> ToParameter for Vec<T> {
    fn to_parameter(&self) -> ParameterValue {
        self.as_slice().to_parameter()
    }
}

macro_rules! tuples_to_parameters {
    ($(($($name:ident $index:tt)+))*) => {
        $(impl<$($name: ToParameter),+> ToParameter for ($($name,)+) {
            fn to_parameter(&self) -> ParameterValue {
                ParameterValue::Array(vec![$(self.$index.to_parameter()),+])
            }
        })*
    };
}

tuples_to_parameters! {
    (A 0) (A 0 B 1) (A 0 B 1 C 2) (A 0 B 1 C 2 D 3) (A 0 B 1 C 2 D 3 E 4)
    (A 0 B 1 C 2 D 3 E 4 F 5) (A 0 B 1 C 2 D 3 E 4 F 5 G 6) (A 0 B 1 C 2 D 3 E 4 F 5 G 6 H 7)
    (A 0 B 1 C 2 D 3 E 4 F 5 G 6 H 7 I 8) (A 0 B 1 C 2 D 3 E 4 F 5 G 6 H 7 I 8 J 9)
    (A 0 B 1 C 2 D 3 E 4 F 5 G 6 H 7 I 8 J 9 K 10)
    (A 0 B 1 C 2 D 3 E 4 F 5 G 6 H 7 I 8 J 9 K 10 L 11)
}

impl<T: ToParameter> ToParameter for BTreeMap<String, T> {
    fn to_parameter(&self) -> ParameterValue {
        ParameterValue::Object(
            self.iter()
                .map(|(name, value)| (name.clone(), value.to_parameter()))
                .collect(),
        )
    }
}

impl ToParameter for str {
    fn to_parameter(&self) -> ParameterValue {
        ParameterValue::Primitive(self.to_owned())
    }
}

impl ToParameter for String {
    fn to_parameter(&self) -> ParameterValue {
        self.as_str().to_parameter()
    }
}

impl ToParameter for Secret {
    fn to_parameter(&self) -> ParameterValue {
        self.expose().to_parameter()
    }
}

impl ToParameter for Value {
    fn to_parameter(&self) -> ParameterValue {
        match self {
            Self::Null => ParameterValue::Undefined,
            Self::Bool(value) => value.to_parameter(),
            Self::Number(value) => ParameterValue::Primitive(value.to_string()),
            Self::String(value) => value.to_parameter(),
            Self::Array(items) => items.to_parameter(),
            Self::Object(properties) => ParameterValue::Object(
                properties
                    .iter()
                    .map(|(name, value)| (name.clone(), value.to_parameter()))
                    .collect(),
            ),
        }
    }
}

macro_rules! primitives {
    ($($ty:ty)+) => {
        $(impl ToParameter for $ty {
            fn to_parameter(&self) -> ParameterValue {
                ParameterValue::Primitive(self.to_string())
            }
        })+
    };
}

primitives!(bool i8 i16 i32 i64 u8 u16 u32 u64 f32 f64);

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn primitive(text: &str) -> ParameterValue {
        ParameterValue::Primitive(text.to_owned())
    }

    #[test]
    fn primitives_become_their_json_text() {
        assert_eq!(true.to_parameter(), primitive("true"));
        assert_eq!((-7_i32).to_parameter(), primitive("-7"));
        assert_eq!(u64::MAX.to_parameter(), primitive("18446744073709551615"));
        assert_eq!(1.5_f64.to_parameter(), primitive("1.5"));
        assert_eq!("a b".to_parameter(), primitive("a b"));
        assert_eq!(Secret::new("s").to_parameter(), primitive("s"));
    }

    #[test]
    fn no_value_and_null_are_undefined() {
        assert_eq!(None::<String>.to_parameter(), ParameterValue::Undefined);
        assert_eq!(Value::Null.to_parameter(), ParameterValue::Undefined);
        assert_eq!(Some(1).to_parameter(), primitive("1"));
    }

    #[test]
    fn json_keeps_its_structure_and_order() {
        assert_eq!(
            json!({"b": [1, "x"], "a": {"c": false}}).to_parameter(),
            ParameterValue::Object(vec![
                (
                    "b".into(),
                    ParameterValue::Array(vec![primitive("1"), primitive("x")])
                ),
                (
                    "a".into(),
                    ParameterValue::Object(vec![("c".into(), primitive("false"))])
                ),
            ])
        );
    }

    #[test]
    fn debug_shows_no_value() {
        let value = vec![Secret::new("hunter2")].to_parameter();
        assert_eq!(format!("{value:?}"), "Array(..)");
    }

    #[test]
    fn the_trait_is_object_safe() {
        let values: [&dyn ToParameter; 3] =
            [&"a", &vec![1_i64], &BTreeMap::from([(String::new(), 1.0)])];
        assert_eq!(values.len(), 3);
    }
}
