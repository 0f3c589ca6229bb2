//! Texts of a known format: `date-time`, `uuid`, `byte` and their like; and [`Number`], which keeps its
//! digits.
//!
//! A text of a format keeps the text that it came as, and is read when somebody asks for what it
//! means:
//!
//! ```
//! use std::time::SystemTime;
//! use accredit_runtime::formats::DateTime;
//!
//! let sent = DateTime::from("2026-03-01 12:30+0100");
//! let time: SystemTime = sent.read()?;
//! assert_eq!(DateTime::from(time).as_str(), "2026-03-01T11:30:00Z");
//! # Ok::<(), accredit_runtime::formats::FormatError>(())
//! ```
//!
//! So a value goes back as it came, and a text that a server sends in another shape than it says
//! fails the one read instead of the whole response. What isn't looked at costs no more than a
//! string.
//!
//! # What is read
//!
//! A shape is read where it can mean one thing only:
//!
//! - [`DateTime`]: [RFC 3339](https://www.rfc-editor.org/rfc/rfc3339#section-5.6), and besides a
//!   space, `_` or `t` between date and time, no seconds, a comma before their fraction, a fraction
//!   of any length (the tenth digit and those after it are dropped), and an offset as `+01` or
//!   `+0100`. A leap second is the second before it. A text without an offset names no instant;
//!   [`DateTime::or_utc`] is for those who know that theirs is UTC.
//! - [`Date`]: `2026-03-01`, and the date of what is a [`DateTime`] but for the offset, as it is
//!   written there.
//! - [`Time`]: `12:30:00` in the same variants, with or without an offset, which isn't read.
//! - [`Duration`]: ISO 8601 in weeks or in days, hours, minutes and seconds; years and months have
//!   no fixed length.
//! - [`Base64`]: either alphabet, with or without padding, in lines or in one.
//!
//! # What it is read as
//!
//! [`read`](DateTime::read) takes any type that converts from the format; the other way is `From`.
//!
//! | format | in `std` and this crate | with the feature |
//! |--|--|--|
//! | [`DateTime`] | [`SystemTime`](std::time::SystemTime) | `jiff`: `Timestamp`; `chrono`: `DateTime<FixedOffset>`, `DateTime<Utc>`; `time`: `OffsetDateTime` |
//! | [`Date`] | | `jiff`: `civil::Date`; `chrono`: `NaiveDate`; `time`: `Date` |
//! | [`Time`] | | `jiff`: `civil::Time`; `chrono`: `NaiveTime`; `time`: `Time` |
//! | [`Duration`] | [`std::time::Duration`] | `jiff`: `Span` |
//! | [`Uuid`] | | `uuid`: `Uuid` |
//! | [`Uri`] | `url::Url` | |
//! | [`Ipv4`], [`Ipv6`] | [`Ipv4Addr`](std::net::Ipv4Addr), [`Ipv6Addr`](std::net::Ipv6Addr) | |
//! | [`Base64`] | `Vec<u8>` | |
//! | [`Decimal`] | | `decimal`: `rust_decimal::Decimal` |
//! | [`Number`] | `i32` to `u128`, `f64` | `decimal`: `rust_decimal::Decimal` |

mod base64;
mod calendar;
#[cfg(feature = "chrono")]
mod chrono;
#[cfg(feature = "decimal")]
mod decimal;
mod duration;
mod instant;
#[cfg(feature = "jiff")]
mod jiff;
mod network;
mod number;
mod reader;
#[cfg(feature = "time")]
mod time;
#[cfg(feature = "uuid")]
mod uuid;

use std::fmt;

pub(crate) use number::AS_WRITTEN;
pub use number::Number;

/// Why a text can't be read as what its format says; the text itself isn't told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FormatError {
    format: &'static str,
    reason: &'static str,
}

impl fmt::Display for FormatError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { format, reason } = self;
        write!(f, "a text of format `{format}` can't be read: {reason}")
    }
}

impl std::error::Error for FormatError {}

/// A format by its name in documents.
trait Format {
    const NAME: &'static str;

    fn error(reason: &'static str) -> FormatError {
        FormatError {
            format: Self::NAME,
            reason,
        }
    }
}

struct TextVisitor;

impl serde::de::Visitor<'_> for TextVisitor {
    type Value = String;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a string")
    }

    fn visit_str<E>(self, text: &str) -> Result<String, E> {
        Ok(text.to_owned())
    }

    fn visit_string<E>(self, text: String) -> Result<String, E> {
        Ok(text)
    }
}

macro_rules! texts {
    ($($(#[$doc:meta])* $name:ident $format:literal)*) => {$(
        $(#[$doc])*
        ///
        /// Equality and order are those of the text.
        #[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(String);

        impl $name {
            /// Returns the text as it came.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }

            /// Reads what the text means.
            pub fn read<T>(&self) -> Result<T, FormatError>
            where
                T: for<'a> TryFrom<&'a Self, Error = FormatError>,
            {
                T::try_from(self)
            }
        }

        impl Format for $name {
            const NAME: &'static str = $format;
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Debug::fmt(&self.0, f)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(&self.0)
            }
        }

        impl From<String> for $name {
            /// Takes the text as it is.
            fn from(text: String) -> Self {
                Self(text)
            }
        }

        impl From<&str> for $name {
            /// Takes the text as it is.
            fn from(text: &str) -> Self {
                Self(text.to_owned())
            }
        }

        impl From<$name> for String {
            fn from(text: $name) -> Self {
                text.0
            }
        }

        impl AsRef<str> for $name {
            fn as_ref(&self) -> &str {
                &self.0
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                self.0.serialize(serializer)
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                // More than a string: an empty one can be taken for none.
                deserializer.deserialize_str(TextVisitor).map(Self)
            }
        }

        impl crate::ToParameter for $name {
            fn to_parameter(&self) -> crate::ParameterValue {
                self.0.to_parameter()
            }
        }

        impl crate::codec::Blank for $name {
            fn blank() -> Self {
                Self(String::new())
            }
        }
    )*};
}

texts! {
    /// A date with a time and an offset from UTC: `2026-03-01T12:30:00Z`.
    DateTime "date-time"
    /// A date: `2026-03-01`.
    Date "date"
    /// A time of day: `12:30:00`.
    Time "time"
    /// A length of time in the notation of ISO 8601: `P1DT12H`.
    Duration "duration"
    /// A universally unique identifier.
    Uuid "uuid"
    /// A URI.
    Uri "uri"
    /// An IPv4 address.
    Ipv4 "ipv4"
    /// An IPv6 address.
    Ipv6 "ipv6"
    /// Bytes in base64.
    Base64 "byte"
    /// A decimal number that is sent as a text, for the sake of its digits.
    Decimal "decimal"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_goes_back_as_it_came_whatever_it_is() {
        let json = r#"["2026-03-01 12:30+0100","soon"]"#;
        let texts: Vec<DateTime> = serde_json::from_str(json).expect("texts");
        assert_eq!(serde_json::to_string(&texts).expect("texts"), json);
        assert!(texts[0].read::<std::time::SystemTime>().is_ok());
        let error = texts[1].read::<std::time::SystemTime>().expect_err("soon");
        let message = "a text of format `date-time` can't be read: it doesn't begin with a date";
        assert_eq!(error.to_string(), message);
    }
}
