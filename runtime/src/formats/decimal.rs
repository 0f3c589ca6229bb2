//! Decimal numbers as [`rust_decimal`] has them.

use rust_decimal::Decimal as Read;

use super::{Decimal, Format, FormatError, Number};

fn read<F: Format>(text: &str) -> Result<Read, FormatError> {
    Read::from_str_exact(text)
        .or_else(|_| Read::from_scientific(text))
        .map_err(|_| F::error("it isn't a decimal number of at most 28 digits"))
}

impl TryFrom<&Decimal> for Read {
    type Error = FormatError;

    fn try_from(text: &Decimal) -> Result<Self, FormatError> {
        read::<Decimal>(text.0.trim())
    }
}

impl From<Read> for Decimal {
    fn from(number: Read) -> Self {
        Self(number.to_string())
    }
}

impl TryFrom<&Number> for Read {
    type Error = FormatError;

    fn try_from(number: &Number) -> Result<Self, FormatError> {
        read::<Number>(number.as_str())
    }
}

impl From<Read> for Number {
    fn from(number: Read) -> Self {
        Self::of_text(number.to_string())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_read_and_written_with_all_its_digits() {
        let number: Read = Decimal::from("10.50").read().expect("a number");
        assert_eq!(Decimal::from(number).as_str(), "10.50");
        assert_eq!(Decimal::from("1.05e1").read(), Ok(number));
        assert!(Decimal::from("1,05").read::<Read>().is_err());
        assert_eq!(Number::from(number).as_str(), "10.50");
        assert_eq!(Number::from(number).read(), Ok(number));
    }
}
