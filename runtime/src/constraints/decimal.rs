//! Numbers as they are written: a bound of `0.1` isn't the nearest `f64`.

use std::cmp::Ordering;

/// A decimal number: digits, and how many of them stand behind the point.
#[derive(Debug, Clone, Copy)]
pub(super) struct Decimal {
    digits: i128,
    scale: i32,
}

impl Decimal {
    /// Reads a number of JSON; `None` where it is none, or has more digits than can be kept.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let (number, exponent) = match text.split_once(['e', 'E']) {
            Some((number, exponent)) => (number, exponent.parse::<i32>().ok()?),
            None => (text, 0),
        };
        let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
        let is_number = whole.ends_with(|last: char| last.is_ascii_digit())
            && fraction.bytes().all(|byte| byte.is_ascii_digit());
        if !is_number {
            return None;
        }
        Some(Self {
            digits: format!("{whole}{fraction}").parse().ok()?,
            scale: i32::try_from(fraction.len()).ok()?.checked_sub(exponent)?,
        })
    }

    /// Returns the digits of two numbers with as many of them behind the point.
    fn aligned(self, other: Self) -> Option<(i128, i128)> {
        let scale = self.scale.max(other.scale);
        Some((self.digits_at(scale)?, other.digits_at(scale)?))
    }

    fn digits_at(self, scale: i32) -> Option<i128> {
        let missing = u32::try_from(scale.checked_sub(self.scale)?).ok()?;
        if self.digits == 0 {
            return Some(0);
        }
        self.digits.checked_mul(10_i128.checked_pow(missing)?)
    }

    /// Compares two numbers; `None` where they are too far apart to be held side by side.
    pub(super) fn compare(self, other: Self) -> Option<Ordering> {
        let (one, other) = self.aligned(other)?;
        Some(one.cmp(&other))
    }

    pub(super) fn is_multiple_of(self, other: Self) -> Option<bool> {
        let (one, other) = self.aligned(other)?;
        one.checked_rem(other).map(|rest| rest == 0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decimal(text: &str) -> Decimal {
        Decimal::parse(text).expect("a number")
    }

    #[test]
    fn numbers_are_compared_as_they_are_written() {
        for (less, more) in [
            ("0.1", "0.11"),
            ("-2", "-1.5"),
            ("1e-7", "1"),
            ("9007199254740992", "9007199254740993"),
            ("18446744073709551615", "18446744073709551616"),
        ] {
            assert_eq!(decimal(less).compare(decimal(more)), Some(Ordering::Less));
        }
        assert_eq!(
            decimal("1.50").compare(decimal("15e-1")),
            Some(Ordering::Equal)
        );
    }

    #[test]
    fn multiples_are_not_those_of_the_nearest_binary_fraction() {
        assert_eq!(decimal("19.99").is_multiple_of(decimal("0.01")), Some(true));
        assert_eq!(
            decimal("19.995").is_multiple_of(decimal("0.01")),
            Some(false)
        );
        assert_eq!(decimal("1").is_multiple_of(decimal("0")), None);
    }

    #[test]
    fn what_is_no_number_and_what_is_too_long_is_told() {
        for text in ["", "-", "a", "1.a", "1e", &"9".repeat(50)] {
            assert!(Decimal::parse(text).is_none(), "{text}");
        }
        assert_eq!(decimal("1e300").compare(decimal("1")), None);
    }
}
