//! Decimal numbers as [`rust_decimal`] has them.

use rust_decimal::Decimal as Number;

use super::{Decimal, Format, FormatError};

impl TryFrom<&Decimal> for Number {
    type Error = FormatError;

    fn try_from(text: &Decimal) -> Result<Self, FormatError> {
        let text = text.0.trim();
        Self::from_str_exact(text)
            .or_else(|_| Self::from_scientific(text))
            .map_err(|_| Decimal::error("it isn't a decimal number of at most 28 digits"))
    }
}

impl From<Number> for Decimal {
    fn from(number: Number) -> Self {
        Self(number.to_string())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_read_and_written_with_all_its_digits() {
        let number: Number = Decimal::from("10.50").read().expect("a number");
        assert_eq!(Decimal::from(number).as_str(), "10.50");
        assert_eq!(Decimal::from("1.05e1").read(), Ok(number));
        assert!(Decimal::from("1,05").read::<Number>().is_err());
    }
}
