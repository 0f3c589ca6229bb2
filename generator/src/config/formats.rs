//! Which formats of strings are types of their own.

use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;

/// A `format` of strings for which the runtime has a type, in `accredit_runtime::formats`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Format {
    /// `date-time`
    DateTime,
    /// `date`
    Date,
    /// `time`
    Time,
    /// `duration`
    Duration,
    /// `uuid`
    Uuid,
    /// `uri`
    Uri,
    /// `ipv4`
    Ipv4,
    /// `ipv6`
    Ipv6,
    /// `byte`, and `base64url`
    Byte,
    /// `decimal`, and `decimal128`; of numbers too
    Decimal,
}

impl Format {
    /// All of them.
    pub const ALL: [Self; 10] = [
        Self::DateTime,
        Self::Date,
        Self::Time,
        Self::Duration,
        Self::Uuid,
        Self::Uri,
        Self::Ipv4,
        Self::Ipv6,
        Self::Byte,
        Self::Decimal,
    ];

    /// Returns what documents call it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::DateTime => "date-time",
            Self::Date => "date",
            Self::Time => "time",
            Self::Duration => "duration",
            Self::Uuid => "uuid",
            Self::Uri => "uri",
            Self::Ipv4 => "ipv4",
            Self::Ipv6 => "ipv6",
            Self::Byte => "byte",
            Self::Decimal => "decimal",
        }
    }
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl FromStr for Format {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let mut all = Self::ALL.into_iter();
        all.find(|format| format.name() == text).ok_or_else(|| {
            let names = Self::ALL.map(Self::name).join(", ");
            format!("`{text}` is no format that has a type; these have: {names}")
        })
    }
}

/// The formats that are types; those left out are strings. All are unless something else is said:
/// their types keep the text as it came, so that none fails a response.
///
/// ```
/// use accredit::{Format, Formats};
///
/// let formats: Formats = "date-time,uuid".parse()?;
/// assert_eq!(formats, Formats::of([Format::DateTime, Format::Uuid]));
/// assert_eq!("all".parse(), Ok(Formats::default()));
/// # Ok::<(), String>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Formats(BTreeSet<Format>);

impl Formats {
    /// Makes types of some formats.
    pub fn of(formats: impl IntoIterator<Item = Format>) -> Self {
        Self(formats.into_iter().collect())
    }

    /// Returns the format of this name, where it is a type.
    pub(crate) fn find(&self, name: &str) -> Option<Format> {
        let name = match name {
            // Both alphabets are read alike.
            "base64url" => "byte",
            "decimal128" => "decimal",
            name => name,
        };
        self.0.iter().copied().find(|format| format.name() == name)
    }
}

impl fmt::Display for Formats {
    /// Writes the names with commas between them, or `none`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<_> = self.0.iter().map(|format| format.name()).collect();
        match names.as_slice() {
            [] => f.write_str("none"),
            names => f.write_str(&names.join(",")),
        }
    }
}

impl Default for Formats {
    fn default() -> Self {
        Self::of(Format::ALL)
    }
}

impl FromStr for Formats {
    type Err = String;

    /// Reads `all`, `none`, or names with commas between them.
    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "all" => Ok(Self::default()),
            "none" => Ok(Self::of([])),
            list => list.split(',').map(|name| name.trim().parse()).collect(),
        }
    }
}

impl FromIterator<Format> for Formats {
    fn from_iter<I: IntoIterator<Item = Format>>(formats: I) -> Self {
        Self::of(formats)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_names_formats_or_says_what_is_wrong() {
        assert_eq!("none".parse(), Ok(Formats::of([])));
        assert_eq!(
            "date, byte".parse(),
            Ok(Formats::of([Format::Date, Format::Byte]))
        );
        let message = "date,email".parse::<Formats>().expect_err("a mistake");
        assert!(message.starts_with("`email` is no format that has a type"));
    }
}
