//! Numbers of JSON with all their digits.

use std::fmt;
use std::str::FromStr;

use serde::de::{self, Deserialize, Deserializer, IgnoredAny, MapAccess, Visitor};
use serde::ser::{Error as _, Serialize, Serializer};
use serde_json::value::RawValue;

use super::{Format, FormatError};

/// A number of any size and precision, as it is written: `18446744073709551616`, `0.10`.
///
/// It is what a `number` is where digits count, and an `integer` whose bounds no 64 bits hold.
/// Equality is that of the text. A value of any type, which is a [`Value`](crate::Value), knows no text of
/// its own and keeps as many digits as `f64` unless `arbitrary_precision` of `serde_json` is on; so
/// does what `#[serde(flatten)]` has passed on.
///
/// ```
/// use accredit_runtime::formats::Number;
///
/// let price: Number = serde_json::from_str("0.1000000000000000000001")?;
/// assert_eq!(serde_json::to_string(&price)?, "0.1000000000000000000001");
/// assert_eq!(price.read::<f64>(), Ok(0.1));
/// assert!(price.read::<i128>().is_err());
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Number(Box<str>);

impl Number {
    /// Returns the number as it is written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Reads the number: as an integer, as the nearest `f64`, or with the feature `decimal` as a
    /// `rust_decimal::Decimal`.
    pub fn read<T>(&self) -> Result<T, FormatError>
    where
        T: for<'a> TryFrom<&'a Self, Error = FormatError>,
    {
        T::try_from(self)
    }
}

impl Number {
    /// Takes a number in decimal that needn't be written as JSON writes it: `+1`, `007`, `.5` and `1.`
    /// are numbers to XML Schema, and to servers that put them in quotes.
    pub(crate) fn of_decimal(text: &str) -> Option<Self> {
        if let Ok(number) = text.parse() {
            return Some(number);
        }
        let (sign, unsigned) = match text.strip_prefix('-') {
            Some(unsigned) => ("-", unsigned),
            None => ("", text.strip_prefix('+').unwrap_or(text)),
        };
        if !unsigned.starts_with(|first: char| first.is_ascii_digit() || first == '.') {
            return None;
        }
        let (number, exponent) =
            unsigned.split_at(unsigned.find(['e', 'E']).unwrap_or(unsigned.len()));
        let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
        let significant = match whole.trim_start_matches('0') {
            "" if whole.is_empty() && fraction.is_empty() => return None,
            "" => "0",
            significant => significant,
        };
        let point = if fraction.is_empty() { "" } else { "." };
        let text = format!("{sign}{significant}{point}{fraction}{exponent}");
        text.parse().ok()
    }

    /// Takes a text that is known to be a number.
    #[cfg(feature = "decimal")]
    pub(super) fn of_text(text: String) -> Self {
        Self(text.into())
    }
}

impl Format for Number {
    const NAME: &'static str = "number";
}

impl fmt::Debug for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl FromStr for Number {
    type Err = FormatError;

    /// Takes a number as JSON writes it ([RFC 8259 §6](https://www.rfc-editor.org/rfc/rfc8259#section-6)).
    fn from_str(text: &str) -> Result<Self, FormatError> {
        if is_number(text) {
            Ok(Self(text.into()))
        } else {
            Err(Self::error("it isn't a number"))
        }
    }
}

fn is_number(text: &str) -> bool {
    let unsigned = text.strip_prefix('-').unwrap_or(text);
    let (number, exponent) = match unsigned.split_once(['e', 'E']) {
        Some((number, exponent)) => (number, Some(exponent)),
        None => (unsigned, None),
    };
    let (whole, fraction) = match number.split_once('.') {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (number, None),
    };
    let is_digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    is_digits(whole)
        && (whole == "0" || !whole.starts_with('0'))
        && fraction.is_none_or(is_digits)
        && exponent
            .is_none_or(|exponent| is_digits(exponent.strip_prefix(['+', '-']).unwrap_or(exponent)))
}

macro_rules! integers {
    ($($integer:ident)*) => {$(
        impl From<$integer> for Number {
            fn from(number: $integer) -> Self {
                Self(number.to_string().into())
            }
        }

        impl TryFrom<&Number> for $integer {
            type Error = FormatError;

            /// Takes a fraction of zeros along: `3.0` is an integer.
            fn try_from(number: &Number) -> Result<Self, FormatError> {
                let text = match number.0.split_once('.') {
                    Some((whole, fraction)) if fraction.bytes().all(|it| it == b'0') => whole,
                    _ => &number.0,
                };
                let reason = concat!("it isn't written as an `", stringify!($integer), "`");
                text.parse().map_err(|_| Number::error(reason))
            }
        }
    )*};
}

integers!(i32 i64 i128 u32 u64 u128);

impl TryFrom<&Number> for f64 {
    type Error = FormatError;

    /// Reads the nearest one.
    fn try_from(number: &Number) -> Result<Self, FormatError> {
        let number: Result<Self, _> = number.0.parse();
        let finite = number.ok().filter(|number| number.is_finite());
        finite.ok_or_else(|| Number::error("it is too large for an `f64`"))
    }
}

impl TryFrom<f64> for Number {
    type Error = FormatError;

    /// Takes the shortest text that is read as the same number.
    fn try_from(number: f64) -> Result<Self, FormatError> {
        match serde_json::Number::from_f64(number) {
            Some(number) => Ok(Self(number.to_string().into())),
            None => Err(Self::error("it is none")),
        }
    }
}

impl Serialize for Number {
    /// What is too long for the numbers of Rust is written as it is, for `serde_json`; all else in
    /// any format.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let text = &*self.0;
        if let Ok(number) = text.parse::<i64>()
            && text != "-0"
        {
            return serializer.serialize_i64(number);
        }
        if let Ok(number) = text.parse::<f64>()
            && serde_json::Number::from_f64(number).is_some_and(|it| it.to_string() == text)
        {
            return serializer.serialize_f64(number);
        }
        let raw = RawValue::from_string(text.to_owned()).map_err(S::Error::custom)?;
        raw.serialize(serializer)
    }
}

/// By this name, `serde_json` is asked for a value as it is written, as for its `RawValue`. Any
/// other format gives the value.
pub(crate) const AS_WRITTEN: &str = "$serde_json::private::RawValue";

impl<'de> Deserialize<'de> for Number {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_newtype_struct(AS_WRITTEN, NumberVisitor)
    }
}

struct NumberVisitor;

impl<'de> Visitor<'de> for NumberVisitor {
    type Value = Number;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a number")
    }

    fn visit_newtype_struct<D: Deserializer<'de>>(self, value: D) -> Result<Number, D::Error> {
        value.deserialize_any(self)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Number, A::Error> {
        let written = map.next_entry::<IgnoredAny, String>()?;
        let text = written.map(|(_, text)| text).unwrap_or_default();
        let kind = match text.bytes().next() {
            Some(b'"') => "string",
            Some(b'{') => "map",
            Some(b'[') => "sequence",
            Some(b't' | b'f') => "boolean",
            Some(b'n') => "null",
            _ => return self.visit_str(&text),
        };
        Err(de::Error::invalid_type(de::Unexpected::Other(kind), &self))
    }

    /// What has nothing but texts, such as a header, has a number as one.
    fn visit_str<E: de::Error>(self, text: &str) -> Result<Number, E> {
        text.parse().map_err(E::custom)
    }

    fn visit_i64<E>(self, number: i64) -> Result<Number, E> {
        Ok(number.into())
    }

    fn visit_u64<E>(self, number: u64) -> Result<Number, E> {
        Ok(number.into())
    }

    fn visit_i128<E>(self, number: i128) -> Result<Number, E> {
        Ok(number.into())
    }

    fn visit_u128<E>(self, number: u128) -> Result<Number, E> {
        Ok(number.into())
    }

    fn visit_f64<E: de::Error>(self, number: f64) -> Result<Number, E> {
        number.try_into().map_err(E::custom)
    }
}

impl crate::ToParameter for Number {
    fn to_parameter(&self) -> crate::ParameterValue {
        self.0.to_parameter()
    }
}

impl crate::codec::Blank for Number {
    fn blank() -> Self {
        Self("0".into())
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    /// Numbers that the types of Rust would change.
    const WRITTEN: [&str; 8] = [
        "0",
        "-0",
        "1.10",
        "1E+2",
        "18446744073709551616",
        "0.1000000000000000055511151231257827",
        "-1e-400",
        "99999999999999999999999999999999999999999999999999",
    ];

    #[test]
    fn a_number_goes_back_as_it_came() {
        for text in WRITTEN {
            let number: Number = serde_json::from_str(text).expect(text);
            assert_eq!(number.as_str(), text);
            assert_eq!(serde_json::to_string(&number).expect(text), text);
            let list = format!("[{text} , null]");
            let list: Vec<Option<Number>> = serde_json::from_slice(list.as_bytes()).expect(text);
            assert_eq!(list, [Some(number), None]);
        }
    }

    #[test]
    fn a_decimal_is_a_number_however_it_begins() {
        for (text, number) in [
            ("1.10", "1.10"),
            ("+007", "7"),
            ("-.5", "-0.5"),
            ("1.", "1"),
            ("00.50e+3", "0.50e+3"),
            ("18446744073709551616", "18446744073709551616"),
        ] {
            let read = Number::of_decimal(text).expect(text);
            assert_eq!(read.as_str(), number);
        }
        for text in [
            "", ".", "-", "+", "--1", "+-1", "1e", "e5", "INF", "1,5", "1 ",
        ] {
            assert_eq!(Number::of_decimal(text), None, "{text}");
        }
    }

    #[test]
    fn what_is_no_number_is_told_without_it() {
        for (json, message) in [
            (r#""s3cret""#, "invalid type: string, expected a number"),
            (r#"{"a": 1}"#, "invalid type: map, expected a number"),
            ("null", "invalid type: null, expected a number"),
        ] {
            let error = serde_json::from_str::<Number>(json).expect_err(json);
            assert_eq!(error.to_string(), message);
        }
        for text in ["", "-", "01", "1.", ".5", "1e", "+1", "0x1", "NaN", " 1"] {
            assert!(text.parse::<Number>().is_err(), "{text}");
        }
    }

    #[test]
    fn a_number_is_read_as_what_can_hold_it() {
        let number = |text: &str| text.parse::<Number>().expect("a number");
        assert_eq!(number("3.00").read(), Ok(3_i64));
        assert!(number("3.5").read::<i64>().is_err());
        assert!(number("18446744073709551616").read::<u64>().is_err());
        assert_eq!(
            number("18446744073709551616").read(),
            Ok(18_446_744_073_709_551_616_u128)
        );
        assert_eq!(number("0.10").read(), Ok(0.1));
        assert!(number("1e400").read::<f64>().is_err());
        assert_eq!(Number::try_from(0.1).expect("finite").as_str(), "0.1");
        assert!(Number::try_from(f64::NAN).is_err());
    }

    #[test]
    fn a_number_in_a_value_or_below_flatten_is_read_too() {
        #[derive(serde::Deserialize)]
        struct Outer {
            #[serde(flatten)]
            inner: BTreeMap<String, Number>,
        }
        let outer: Outer = serde_json::from_str(r#"{"a": 1.5, "b": 7}"#).expect("numbers");
        assert_eq!(outer.inner["a"].as_str(), "1.5");
        let value = serde_json::json!({"a": 1.5, "b": 7});
        let map: BTreeMap<String, Number> = serde_json::from_value(value).expect("numbers");
        assert_eq!(map, outer.inner);
    }
}
