//! Numbers with bounds of their own.

use std::time::Duration;

use toml::Spanned;
use toml::de::DeValue;

use super::mistake::Reader;
use super::value::{Shape, Value};

/// Returns an integer that isn't negative.
fn integer(value: &Spanned<DeValue<'_>>) -> Option<u64> {
    let integer = value.get_ref().as_integer()?;
    u64::from_str_radix(integer.as_str(), integer.radix()).ok()
}

/// How many times.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Times(pub(crate) u32);

impl Value for Times {
    fn shape() -> Shape {
        Shape::Integer(1, u32::MAX.into())
    }

    fn read(value: &Spanned<DeValue<'_>>, reader: &mut Reader<'_>) -> Option<Self> {
        bounded(value, reader, &Self::shape()).map(Self)
    }
}

/// Where something begins to count.
#[derive(Debug, Clone, Copy)]
pub(crate) struct First(pub(crate) u32);

impl Value for First {
    fn shape() -> Shape {
        Shape::Integer(0, u32::MAX.into())
    }

    fn read(value: &Spanned<DeValue<'_>>, reader: &mut Reader<'_>) -> Option<Self> {
        bounded(value, reader, &Self::shape()).map(Self)
    }
}

/// The status of an answer that is a failure (RFC 9110 §15.5, §15.6).
#[derive(Debug, Clone, Copy)]
pub(crate) struct Failure(pub(crate) u16);

impl Value for Failure {
    fn shape() -> Shape {
        Shape::Integer(400, 599)
    }

    fn read(value: &Spanned<DeValue<'_>>, reader: &mut Reader<'_>) -> Option<Self> {
        bounded(value, reader, &Self::shape()).map(Self)
    }
}

/// Reads an integer within the bounds of its shape.
fn bounded<T: TryFrom<u64>>(
    value: &Spanned<DeValue<'_>>,
    reader: &mut Reader<'_>,
    shape: &Shape,
) -> Option<T> {
    let read = integer(value).filter(|read| match shape {
        Shape::Integer(least, most) => (*least..=*most).contains(read),
        _ => true,
    });
    let read = read.and_then(|read| T::try_from(read).ok());
    if read.is_none() {
        reader.unexpected(value, shape);
    }
    read
}

/// A length of time.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Seconds(pub(crate) Duration);

impl Value for Seconds {
    fn shape() -> Shape {
        Shape::Seconds
    }

    fn read(value: &Spanned<DeValue<'_>>, reader: &mut Reader<'_>) -> Option<Self> {
        let whole = integer(value).map(Duration::from_secs);
        let float = || value.get_ref().as_float()?.as_str().parse::<f64>().ok();
        let read = whole.or_else(|| Duration::try_from_secs_f64(float()?).ok());
        // What the runtime is told is milliseconds.
        let read = read.filter(|read| read.as_millis() > 0);
        if read.is_none() {
            reader.unexpected(value, &Self::shape());
        }
        read.map(Self)
    }
}
