//! What servers may send in place of what their document says.

use std::fmt;
use std::str::FromStr;

/// What is read although the document says otherwise.
///
/// ```
/// use accredit::Tolerance;
///
/// assert_eq!("quoted-values".parse(), Ok(Tolerance::QuotedValues));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Tolerance {
    /// `quoted-values`: numbers, integers and booleans that are sent as strings, alone, in arrays and
    /// maps, and as variants of a union, unless another variant has the string.
    QuotedValues,
    /// `empty-strings`: an empty string for a value that isn't there, where a property or a header may be
    /// absent or `null` and no string is its type.
    EmptyStrings,
}

impl Tolerance {
    /// All of them.
    pub const ALL: [Self; 2] = [Self::QuotedValues, Self::EmptyStrings];

    /// Returns what configurations and command lines call it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::QuotedValues => "quoted-values",
            Self::EmptyStrings => "empty-strings",
        }
    }
}

impl fmt::Display for Tolerance {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl FromStr for Tolerance {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let mut all = Self::ALL.into_iter();
        all.find(|tolerance| tolerance.name() == text)
            .ok_or_else(|| {
                let names = Self::ALL.map(Self::name).join(", ");
                format!("`{text}` can't be tolerated; these can: {names}")
            })
    }
}

/// What is tolerated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Tolerances {
    pub(crate) quoted_values: bool,
    pub(crate) empty_strings: bool,
}

impl Tolerances {
    pub(super) const fn with(mut self, tolerance: Tolerance) -> Self {
        match tolerance {
            Tolerance::QuotedValues => self.quoted_values = true,
            Tolerance::EmptyStrings => self.empty_strings = true,
        }
        self
    }

    #[cfg(feature = "directory")]
    pub(super) fn list(self) -> impl Iterator<Item = Tolerance> {
        let all = Tolerance::ALL.into_iter();
        all.filter(move |tolerance| match tolerance {
            Tolerance::QuotedValues => self.quoted_values,
            Tolerance::EmptyStrings => self.empty_strings,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_known_or_the_known_ones_are_told() {
        for tolerance in Tolerance::ALL {
            assert_eq!(tolerance.to_string().parse(), Ok(tolerance));
        }
        let message = "nulls".parse::<Tolerance>().expect_err("a mistake");
        assert_eq!(
            message,
            "`nulls` can't be tolerated; these can: quoted-values, empty-strings"
        );
    }
}
