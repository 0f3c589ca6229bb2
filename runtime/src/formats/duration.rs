//! Lengths of time (ISO 8601-1 §5.5.2): `P1DT12H`.

use std::time::Duration as Length;

use super::reader::Reader;
use super::{Duration, Format, FormatError};

impl TryFrom<&Duration> for Length {
    type Error = FormatError;

    fn try_from(text: &Duration) -> Result<Self, FormatError> {
        let mut reader = Reader::new(&text.0);
        reader
            .take(b"Pp")
            .ok_or_else(|| Duration::error("it doesn't begin with `P`"))?;
        let mut length = Self::ZERO;
        // Units come in order, each at most once.
        let (mut is_clock, mut finest) = (false, 0);
        loop {
            is_clock |= reader.take(b"Tt").is_some();
            let count = reader
                .digits()
                .ok_or_else(|| Duration::error("a number is missing"))?;
            let fraction = match reader.take(b".,") {
                Some(_) => reader
                    .billionths()
                    .ok_or_else(|| Duration::error("no fraction"))?,
                None => 0,
            };
            let unit = reader
                .take(b"YyMmWwDdHhSs")
                .map(|it| it.to_ascii_uppercase());
            let (rank, seconds) = match (is_clock, unit) {
                (false, Some(b'W')) => (1, 604_800),
                (false, Some(b'D')) => (2, 86_400),
                (true, Some(b'H')) => (3, 3_600),
                (true, Some(b'M')) => (4, 60),
                (true, Some(b'S')) => (5, 1),
                (false, Some(b'Y' | b'M')) => {
                    return Err(Duration::error("a year and a month have no fixed length"));
                }
                _ => return Err(Duration::error("a unit is missing or unknown")),
            };
            if rank <= finest || (fraction > 0 && !reader.is_at_end()) {
                return Err(Duration::error("its units are out of order"));
            }
            finest = rank;
            let whole = count.checked_mul(seconds).map(Self::from_secs);
            let part = Self::from_nanos(u64::from(fraction) * seconds);
            let both = whole.and_then(|whole| whole.checked_add(part));
            length = both
                .and_then(|it| length.checked_add(it))
                .ok_or_else(|| Duration::error("it is too long"))?;
            if reader.is_at_end() {
                return Ok(length);
            }
        }
    }
}

impl From<Length> for Duration {
    fn from(length: Length) -> Self {
        let mut text = format!("PT{}", length.as_secs());
        if length.subsec_nanos() > 0 {
            let fraction = format!(".{:09}", length.subsec_nanos());
            text.push_str(fraction.trim_end_matches('0'));
        }
        text.push('S');
        Self(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_length_is_read_where_it_is_fixed() {
        let read = |text: &str| Duration::from(text).read::<Length>();
        let seconds = |text| read(text).map(|length| length.as_secs_f64());
        assert_eq!(seconds("PT0S"), Ok(0.0));
        assert_eq!(seconds("P1W"), Ok(604_800.0));
        assert_eq!(seconds("P1DT12H30M5.25S"), Ok(131_405.25));
        assert_eq!(seconds("pt1,5h"), Ok(5_400.0));
        let failing = [
            "",
            "P",
            "PT",
            "P1",
            "1D",
            "P1M",
            "P1Y2D",
            "PT1S1M",
            "PT1.5H1M",
            "P1H",
            "PT1D",
            "PT18446744073709551616S",
            "P99999999999999999999W",
            "PT5SX",
            "-PT5S",
        ];
        for text in failing {
            assert!(read(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_length_is_written_in_seconds() {
        for (length, text) in [
            (Length::from_secs(90), "PT90S"),
            (Length::from_millis(1_500), "PT1.5S"),
            (Length::ZERO, "PT0S"),
        ] {
            let written = Duration::from(length);
            assert_eq!(written.as_str(), text);
            assert_eq!(written.read(), Ok(length));
        }
    }
}
