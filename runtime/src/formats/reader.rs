//! A text, read from its beginning.

/// What is left of a text.
#[derive(Debug, Clone, Copy)]
pub(super) struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Self(text.trim().as_bytes())
    }

    pub(super) const fn is_at_end(&self) -> bool {
        self.0.is_empty()
    }

    /// Takes one of a few characters.
    pub(super) fn take(&mut self, of: &[u8]) -> Option<u8> {
        let (first, rest) = self.0.split_first()?;
        of.contains(first).then(|| self.0 = rest)?;
        Some(*first)
    }

    /// Takes a number of so many digits.
    pub(super) fn number(&mut self, digits: usize) -> Option<u32> {
        let (number, rest) = self.0.split_at_checked(digits)?;
        let number = decimal(number)?;
        self.0 = rest;
        u32::try_from(number).ok()
    }

    /// Takes all digits that follow; at least one, at most as many as a `u64` holds.
    pub(super) fn digits(&mut self) -> Option<u64> {
        let (digits, rest) = self.0.split_at(self.count());
        let number = decimal(digits)?;
        self.0 = rest;
        Some(number)
    }

    /// Takes the digits of a fraction, as billionths.
    pub(super) fn billionths(&mut self) -> Option<u32> {
        let (digits, rest) = self.0.split_at(self.count());
        let known = &digits[..digits.len().min(9)];
        let mut billionths = u32::try_from(decimal(known)?).ok()?;
        for _ in known.len()..9 {
            billionths *= 10;
        }
        self.0 = rest;
        Some(billionths)
    }

    fn count(&self) -> usize {
        self.0.iter().take_while(|it| it.is_ascii_digit()).count()
    }
}

fn decimal(digits: &[u8]) -> Option<u64> {
    if digits.is_empty() {
        return None;
    }
    digits.iter().try_fold(0_u64, |number, digit| {
        let digit = char::from(*digit).to_digit(10)?;
        number.checked_mul(10)?.checked_add(digit.into())
    })
}
