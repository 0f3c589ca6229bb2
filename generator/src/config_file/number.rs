//! Numbers with bounds of their own.

use std::time::Duration;

use toml::Spanned;
use toml::de::DeValue;

use super::mistake::Reader;
use super::value::{Shape, Value};

/// How many times.
pub(crate) type Times = Within<1, { u32::MAX as u64 }, u32>;

/// Where something begins to count.
pub(crate) type First = Within<0, { u32::MAX as u64 }, u32>;

/// The status of an answer that is a failure (RFC 9110 §15.5, §15.6).
pub(crate) type Failure = Within<400, 599, u16>;

/// An integer between bounds, both included.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Within<const LEAST: u64, const MOST: u64, T>(pub(crate) T);

impl<const LEAST: u64, const MOST: u64, T: TryFrom<u64>> Value for Within<LEAST, MOST, T> {
    fn shape() -> Shape {
        Shape::Integer(LEAST, MOST)
    }

    fn read(value: &Spanned<DeValue<'_>>, reader: &mut Reader<'_>) -> Option<Self> {
        let read = integer(value).filter(|read| (LEAST..=MOST).contains(read));
        let read = read.and_then(|read| T::try_from(read).ok());
        if read.is_none() {
            reader.unexpected(value, &Self::shape());
        }
        read.map(Self)
    }
}

/// Returns an integer that isn't negative.
fn integer(value: &Spanned<DeValue<'_>>) -> Option<u64> {
    let integer = value.get_ref().as_integer()?;
    u64::from_str_radix(integer.as_str(), integer.radix()).ok()
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
