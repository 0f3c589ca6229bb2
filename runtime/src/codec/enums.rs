//! Enums of strings and of integers, open for values that the document doesn't list.

use std::fmt;

use serde::de::{Deserializer, Error, Unexpected, Visitor};

/// An enum of strings.
pub trait StringEnum: Clone + 'static {
    /// The name of the type, for messages.
    const NAME: &'static str;
    /// The values with their texts. Large tables are searched faster when they are sorted by text
    /// (by bytes); any order is correct.
    const VALUES: &'static [(&'static str, Self)];

    /// Wraps a text that isn't listed.
    fn unknown(value: String) -> Self;

    /// Returns the text.
    fn as_str(&self) -> &str;
}

/// An enum of integers.
///
/// An integral number may be written with a fraction of zero, `3.0` for `3`: to
/// [JSON Schema](https://json-schema.org/draft/2020-12/json-schema-core#section-4.2.1) they are
/// the same value.
pub trait IntegerEnum: Clone + 'static {
    /// The name of the type, for messages.
    const NAME: &'static str;
    /// The values with their numbers.
    const VALUES: &'static [(i64, Self)];

    /// Wraps a number that isn't listed.
    fn unknown(value: i64) -> Self;

    /// Returns the number.
    fn as_i64(&self) -> i64;
}

/// Reads a string enum.
pub fn read_string_enum<'de, T: StringEnum, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<T, D::Error> {
    let found = deserializer.deserialize_str(TextVisitor {
        name: T::NAME,
        find: find::<T>,
    })?;
    Ok(match found {
        Text::Listed(index) => T::VALUES[index].1.clone(),
        Text::Other(text) => T::unknown(text),
    })
}

/// Returns the value with this text.
pub fn parse_string<T: StringEnum>(text: &str) -> T {
    match find::<T>(text) {
        Some(index) => T::VALUES[index].1.clone(),
        None => T::unknown(text.to_owned()),
    }
}

/// Reads an integer enum.
pub fn read_integer_enum<'de, T: IntegerEnum, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<T, D::Error> {
    let visitor = NumberVisitor { name: T::NAME };
    deserializer.deserialize_i64(visitor).map(parse_integer)
}

/// Returns the value with this number.
pub fn parse_integer<T: IntegerEnum>(number: i64) -> T {
    let listed = T::VALUES.iter().find(|(value, _)| *value == number);
    listed.map_or_else(|| T::unknown(number), |(_, value)| value.clone())
}

/// The length up to which a table is searched from end to end.
const SHORT: usize = 16;

fn find<T: StringEnum>(text: &str) -> Option<usize> {
    let values = T::VALUES;
    if const { T::VALUES.len() > SHORT }
        && let Ok(index) = values.binary_search_by(|(value, _)| (*value).cmp(text))
    {
        return Some(index);
    }
    values.iter().position(|(value, _)| *value == text)
}

/// A text of an enum: an index of its table, or what isn't there.
enum Text {
    Listed(usize),
    Other(String),
}

struct TextVisitor {
    name: &'static str,
    find: fn(&str) -> Option<usize>,
}

impl Visitor<'_> for TextVisitor {
    type Value = Text;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "string `{}`", self.name)
    }

    fn visit_str<E>(self, text: &str) -> Result<Text, E> {
        Ok((self.find)(text).map_or_else(|| Text::Other(text.to_owned()), Text::Listed))
    }

    fn visit_string<E>(self, text: String) -> Result<Text, E> {
        Ok((self.find)(&text).map_or(Text::Other(text), Text::Listed))
    }
}

struct NumberVisitor {
    name: &'static str,
}

impl Visitor<'_> for NumberVisitor {
    type Value = i64;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "integer `{}`", self.name)
    }

    fn visit_i64<E>(self, number: i64) -> Result<i64, E> {
        Ok(number)
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<i64, E> {
        i64::try_from(number).map_err(|_| E::invalid_value(Unexpected::Unsigned(number), &self))
    }

    fn visit_f64<E: Error>(self, number: f64) -> Result<i64, E> {
        integer(number).ok_or_else(|| E::invalid_value(Unexpected::Float(number), &self))
    }
}

/// Returns the integer that a number equals, as long as every integer of its size has a number of
/// its own (up to 2⁵³).
pub(super) fn integer(number: f64) -> Option<i64> {
    const LIMIT: f64 = 9_007_199_254_740_992.0;
    if number.fract() != 0.0 || number.abs() > LIMIT {
        return None;
    }
    #[expect(
        clippy::cast_possible_truncation,
        reason = "a whole number within the limit is exact"
    )]
    Some(number as i64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_an_integer_when_it_has_no_fraction_and_is_exact() {
        assert_eq!(integer(3.0), Some(3));
        assert_eq!(
            integer(-9_007_199_254_740_992.0),
            Some(-9_007_199_254_740_992)
        );
        assert_eq!(integer(3.5), None);
        assert_eq!(integer(1e300), None);
        assert_eq!(integer(f64::NAN), None);
        assert_eq!(integer(f64::INFINITY), None);
    }
}
