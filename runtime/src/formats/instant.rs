//! Instants: a date, a time of day and an offset from UTC.

use std::time::{Duration, SystemTime};

use super::calendar::{CivilDate, Clock, offset, separator};
use super::reader::Reader;
use super::{DateTime, Format, FormatError};

const DAY: i64 = 86_400;

/// A moment, with the offset that it was told in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Instant {
    /// Seconds since 1970-01-01T00:00:00Z.
    pub(super) seconds: i64,
    pub(super) nanosecond: u32,
    /// Seconds east of Greenwich.
    pub(super) offset: i32,
}

impl DateTime {
    /// Returns the present moment.
    #[must_use]
    pub fn now() -> Self {
        SystemTime::now().into()
    }

    /// Returns the same in UTC where the text names no offset.
    #[must_use]
    pub fn or_utc(&self) -> Self {
        let mut text = self.0.trim().to_owned();
        if let Ok((_, None)) = self.parts() {
            text.push('Z');
        }
        Self(text)
    }

    /// Returns the offset from UTC that the text names, in seconds east of Greenwich.
    pub fn offset(&self) -> Result<i32, FormatError> {
        self.instant().map(|instant| instant.offset)
    }

    /// Reads the moment.
    pub(super) fn instant(&self) -> Result<Instant, FormatError> {
        let ((day, clock), offset) = self.parts()?;
        let offset = offset.ok_or_else(|| Self::error("it names no offset from UTC"))?;
        Ok(Instant {
            seconds: day.since_epoch() * DAY + clock.seconds() - i64::from(offset),
            nanosecond: clock.nanosecond,
            offset,
        })
    }

    /// Reads what the text says; an offset may be missing.
    fn parts(&self) -> Result<((CivilDate, Clock), Option<i32>), FormatError> {
        let mut reader = Reader::new(&self.0);
        let day = CivilDate::take(&mut reader)
            .ok_or_else(|| Self::error("it doesn't begin with a date"))?;
        let clock = separator(&mut reader).and_then(|_| Clock::take(&mut reader));
        let clock = clock.ok_or_else(|| Self::error("no time of day follows the date"))?;
        if reader.is_at_end() {
            return Ok(((day, clock), None));
        }
        let offset = offset(&mut reader).filter(|_| reader.is_at_end());
        let offset =
            offset.ok_or_else(|| Self::error("something else than an offset follows the time"))?;
        Ok(((day, clock), Some(offset)))
    }

    /// Writes a moment as RFC 3339 has it.
    pub(super) fn write(seconds: i64, nanosecond: u32) -> Self {
        let (year, month, day) = CivilDate::from_epoch(seconds.div_euclid(DAY));
        let second = seconds.rem_euclid(DAY);
        let (hour, minute, second) = (second / 3_600, second / 60 % 60, second % 60);
        let mut text = format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}");
        if nanosecond > 0 {
            let fraction = format!(".{nanosecond:09}");
            text.push_str(fraction.trim_end_matches('0'));
        }
        text.push('Z');
        Self(text)
    }
}

impl TryFrom<&DateTime> for SystemTime {
    type Error = FormatError;

    fn try_from(text: &DateTime) -> Result<Self, FormatError> {
        let instant = text.instant()?;
        let whole = Duration::from_secs(instant.seconds.unsigned_abs());
        let time = if instant.seconds < 0 {
            Self::UNIX_EPOCH.checked_sub(whole)
        } else {
            Self::UNIX_EPOCH.checked_add(whole)
        };
        let fraction = Duration::from_nanos(instant.nanosecond.into());
        time.and_then(|time| time.checked_add(fraction))
            .ok_or_else(|| DateTime::error("the system knows no such time"))
    }
}

impl From<SystemTime> for DateTime {
    fn from(time: SystemTime) -> Self {
        let (seconds, nanosecond) = match time.duration_since(SystemTime::UNIX_EPOCH) {
            Ok(after) => (whole(after), after.subsec_nanos()),
            Err(error) => {
                let before = error.duration();
                match before.subsec_nanos() {
                    0 => (-whole(before), 0),
                    nanos => (-whole(before) - 1, 1_000_000_000 - nanos),
                }
            }
        };
        Self::write(seconds, nanosecond)
    }
}

fn whole(duration: Duration) -> i64 {
    // No system's clock goes further than this.
    i64::try_from(duration.as_secs()).unwrap_or(i64::MAX >> 1)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn seconds(text: &str) -> Result<(i64, u32), FormatError> {
        let instant = DateTime::from(text).instant()?;
        Ok((instant.seconds, instant.nanosecond))
    }

    #[test]
    fn an_instant_is_read_in_every_shape_that_means_one_thing() {
        for text in [
            "2026-03-01T12:30:00Z",
            "2026-03-01t12:30:00z",
            "2026-03-01 12:30:00.000+00:00",
            "2026-03-01_12:30Z",
            "2026-03-01T13:30:00+0100",
            "2026-03-01T13:30:00+01",
            "2026-03-01T07:00:00-05:30",
            " 2026-03-01T12:30:00,0Z\n",
        ] {
            assert_eq!(seconds(text), Ok((1_772_368_200, 0)), "{text}");
        }
        let finer = seconds("1969-12-31T23:59:59.9999999999Z");
        assert_eq!(finer, Ok((-1, 999_999_999)));
    }

    #[test]
    fn what_may_mean_several_things_is_not_read() {
        for text in [
            "",
            "2026-03-01",
            "2026-03-01T12:30:00",
            "03/01/2026 12:30:00Z",
            "1772368200",
            "2026-03-01T12:30:00Zulu",
            "2026-03-01T12:30:00+1",
            "2026-03-01T12:30:00+25:00",
            "2026-02-30T12:30:00Z",
            "２０２６-03-01T12:30:00Z",
        ] {
            assert!(seconds(text).is_err(), "{text}");
        }
        let local = DateTime::from("2026-03-01T12:30:00");
        assert!(local.or_utc().instant().is_ok());
        let zoned = DateTime::from("2026-03-01T12:30:00+02:00");
        assert_eq!(zoned.or_utc(), zoned);
    }

    proptest! {
        #[test]
        fn a_time_of_the_system_survives(seconds in -62_000_000_000_i64..250_000_000_000, nanos in 0..1_000_000_000_u32) {
            let text = DateTime::write(seconds, nanos);
            let time = SystemTime::try_from(&text).expect("an instant");
            prop_assert_eq!(DateTime::from(time), text.clone());
            prop_assert_eq!(tests::seconds(text.as_str()), Ok((seconds, nanos)));
        }

        #[test]
        fn no_text_makes_it_panic(text in "\\PC*|[0-9TZ:+. -]{0,40}") {
            let _ = DateTime::from(text.as_str()).or_utc().instant();
            let _ = super::super::Duration::from(text.as_str()).read::<Duration>();
        }
    }
}
