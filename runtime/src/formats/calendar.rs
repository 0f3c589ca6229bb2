//! Dates and times of day as they are written.

use super::reader::Reader;
#[cfg(any(test, feature = "chrono", feature = "jiff", feature = "time"))]
use super::{Date, Format, FormatError, Time};

/// A day of the Gregorian calendar.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct CivilDate {
    pub(super) year: u32,
    /// From 1.
    pub(super) month: u32,
    /// From 1.
    pub(super) day: u32,
}

impl CivilDate {
    /// Takes `2026-03-01`.
    pub(super) fn take(reader: &mut Reader<'_>) -> Option<Self> {
        let year = reader.number(4)?;
        reader.take(b"-")?;
        let month = reader.number(2)?;
        reader.take(b"-")?;
        let day = reader.number(2)?;
        let date = Self { year, month, day };
        let exists = (1..=12).contains(&month) && (1..=date.length_of_month()).contains(&day);
        exists.then_some(date)
    }

    const fn length_of_month(self) -> u32 {
        let is_leap = self.year.is_multiple_of(4)
            && (!self.year.is_multiple_of(100) || self.year.is_multiple_of(400));
        match self.month {
            2 if is_leap => 29,
            2 => 28,
            4 | 6 | 9 | 11 => 30,
            _ => 31,
        }
    }

    /// Returns the days since 1970-01-01.
    pub(super) fn since_epoch(self) -> i64 {
        // A year that begins in March has its leap day at its end.
        let (year, month) = (i64::from(self.year), i64::from(self.month));
        let year = if month <= 2 { year - 1 } else { year };
        let month = (month + 9) % 12;
        let day = i64::from(self.day) - 1;
        let leap_days = year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400);
        year * 365 + leap_days + (month * 153 + 2) / 5 + day - 719_468
    }

    /// Returns the day that is so many days after 1970-01-01, with its year, which may be any.
    pub(super) fn from_epoch(days: i64) -> (i64, i64, i64) {
        const ERA: i64 = 146_097;
        let days = days + 719_468;
        let (era, day) = (days.div_euclid(ERA), days.rem_euclid(ERA));
        let year = (day - day / 1_460 + day / 36_524 - day / 146_096) / 365;
        let day = day - (year * 365 + year / 4 - year / 100);
        let month = (5 * day + 2) / 153;
        let day = day - (153 * month + 2) / 5 + 1;
        let (next, month) = if month < 10 {
            (0, month + 3)
        } else {
            (1, month - 9)
        };
        (era * 400 + year + next, month, day)
    }
}

/// A time of day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Clock {
    pub(super) hour: u32,
    pub(super) minute: u32,
    pub(super) second: u32,
    pub(super) nanosecond: u32,
}

impl Clock {
    /// Takes `12:30:00.5`, or less of it.
    pub(super) fn take(reader: &mut Reader<'_>) -> Option<Self> {
        let hour = reader.number(2)?;
        reader.take(b":")?;
        let minute = reader.number(2)?;
        let (mut second, mut nanosecond) = (0, 0);
        if reader.take(b":").is_some() {
            // A leap second is the second before it.
            second = reader.number(2).filter(|second| *second <= 60)?.min(59);
            if reader.take(b".,").is_some() {
                nanosecond = reader.billionths()?;
            }
        }
        (hour < 24 && minute < 60).then_some(Self {
            hour,
            minute,
            second,
            nanosecond,
        })
    }

    /// Returns the seconds since midnight.
    pub(super) fn seconds(self) -> i64 {
        i64::from(self.hour * 3_600 + self.minute * 60 + self.second)
    }
}

/// Takes an offset from UTC, in seconds.
pub(super) fn offset(reader: &mut Reader<'_>) -> Option<i32> {
    let sign = match reader.take(b"Zz+-")? {
        b'+' => 1,
        b'-' => -1,
        _ => return Some(0),
    };
    let hours = reader.number(2)?;
    let has_minutes = reader.take(b":").is_some() || !reader.is_at_end();
    let minutes = if has_minutes { reader.number(2)? } else { 0 };
    let seconds = i32::try_from(hours * 3_600 + minutes * 60).ok()?;
    (hours < 24 && minutes < 60).then_some(sign * seconds)
}

/// Takes what stands between a date and a time.
pub(super) fn separator(reader: &mut Reader<'_>) -> Option<u8> {
    reader.take(b"Tt_ ")
}

#[cfg(any(test, feature = "chrono", feature = "jiff", feature = "time"))]
impl Date {
    /// Reads the day.
    pub(super) fn day(&self) -> Result<CivilDate, FormatError> {
        let mut reader = Reader::new(&self.0);
        let day = CivilDate::take(&mut reader).ok_or_else(|| Self::error("it isn't a date"))?;
        let is_followed = separator(&mut reader).is_some() && Clock::take(&mut reader).is_some();
        let _ = is_followed && offset(&mut reader).is_some();
        if reader.is_at_end() {
            Ok(day)
        } else {
            Err(Self::error("something follows the date"))
        }
    }
}

#[cfg(any(test, feature = "chrono", feature = "jiff", feature = "time"))]
impl Time {
    /// Reads the time of day.
    pub(super) fn clock(&self) -> Result<Clock, FormatError> {
        let mut reader = Reader::new(&self.0);
        let clock =
            Clock::take(&mut reader).ok_or_else(|| Self::error("it isn't a time of day"))?;
        let _ = !reader.is_at_end() && offset(&mut reader).is_some();
        if reader.is_at_end() {
            Ok(clock)
        } else {
            Err(Self::error("something follows the time"))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_counted_both_ways() {
        for days in [-719_468, -1, 0, 58, 59, 60, 11_016, 20_513, 2_932_896] {
            let (year, month, day) = CivilDate::from_epoch(days);
            let number = |number| u32::try_from(number).expect("not negative");
            let day = CivilDate {
                year: number(year),
                month: number(month),
                day: number(day),
            };
            assert_eq!(day.since_epoch(), days, "{day:?}");
        }
        assert_eq!(CivilDate::from_epoch(11_016), (2000, 2, 29));
    }

    #[test]
    fn a_date_is_read_as_it_is_written() {
        let day = |text: &str| Date::from(text).day().map(|day| (day.month, day.day));
        assert_eq!(day("2024-02-29"), Ok((2, 29)));
        assert_eq!(day("2024-02-29T23:30:00-05:00"), Ok((2, 29)));
        assert_eq!(day("2024-02-29 23:30"), Ok((2, 29)));
        for text in [
            "",
            "2023-02-29",
            "2024-13-01",
            "2024-2-9",
            "2024-02-29x",
            "20240229",
        ] {
            assert!(day(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_time_of_day_needs_no_seconds_and_no_offset() {
        let clock = |text: &str| {
            Time::from(text)
                .clock()
                .map(|it| (it.seconds(), it.nanosecond))
        };
        assert_eq!(clock("12:30"), Ok((45_000, 0)));
        assert_eq!(clock("12:30:01.25Z"), Ok((45_001, 250_000_000)));
        assert_eq!(clock("23:59:60,1234567891+0200"), Ok((86_399, 123_456_789)));
        for text in [
            "",
            "24:00",
            "12:60",
            "12:30:61",
            "12:30:00 h",
            "12:30:00.",
            "1:30",
        ] {
            assert!(clock(text).is_err(), "{text}");
        }
    }
}
