//! Dates, times and lengths of time as [`jiff`] has them.

use jiff::civil;
use jiff::{Span, Timestamp};

use super::calendar::{CivilDate, Clock};
use super::{Date, DateTime, Duration, Format, FormatError, Time};

impl TryFrom<&DateTime> for Timestamp {
    type Error = FormatError;

    fn try_from(text: &DateTime) -> Result<Self, FormatError> {
        let instant = text.instant()?;
        let nanosecond = instant.nanosecond.cast_signed();
        Self::new(instant.seconds, nanosecond)
            .map_err(|_| DateTime::error("`jiff` knows no such time"))
    }
}

impl From<Timestamp> for DateTime {
    fn from(time: Timestamp) -> Self {
        Self(time.to_string())
    }
}

impl TryFrom<&Date> for civil::Date {
    type Error = FormatError;

    fn try_from(text: &Date) -> Result<Self, FormatError> {
        let CivilDate { year, month, day } = text.day()?;
        let date = || {
            let (year, month) = (year.try_into().ok()?, month.try_into().ok()?);
            Self::new(year, month, day.try_into().ok()?).ok()
        };
        date().ok_or_else(|| Date::error("`jiff` knows no such date"))
    }
}

impl From<civil::Date> for Date {
    fn from(date: civil::Date) -> Self {
        Self(date.to_string())
    }
}

impl TryFrom<&Time> for civil::Time {
    type Error = FormatError;

    fn try_from(text: &Time) -> Result<Self, FormatError> {
        let Clock {
            hour,
            minute,
            second,
            nanosecond,
        } = text.clock()?;
        let time = || {
            let (hour, minute) = (hour.try_into().ok()?, minute.try_into().ok()?);
            let (second, nanosecond) = (second.try_into().ok()?, nanosecond.try_into().ok()?);
            Self::new(hour, minute, second, nanosecond).ok()
        };
        time().ok_or_else(|| Time::error("`jiff` knows no such time"))
    }
}

impl From<civil::Time> for Time {
    fn from(time: civil::Time) -> Self {
        Self(time.to_string())
    }
}

impl TryFrom<&Duration> for Span {
    type Error = FormatError;

    /// Reads years and months too: a span isn't of a fixed length.
    fn try_from(text: &Duration) -> Result<Self, FormatError> {
        let span = text.0.trim().parse();
        span.map_err(|_| Duration::error("it isn't a duration of ISO 8601"))
    }
}

impl From<Span> for Duration {
    fn from(span: Span) -> Self {
        Self(span.to_string())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_jiff_has_is_read_and_written() {
        let time: Timestamp = DateTime::from("2026-03-01 13:30:00.5+0100")
            .read()
            .expect("an instant");
        assert_eq!(DateTime::from(time).as_str(), "2026-03-01T12:30:00.5Z");
        let date: civil::Date = Date::from("2026-03-01").read().expect("a date");
        assert_eq!(Date::from(date).as_str(), "2026-03-01");
        let time: civil::Time = Time::from("12:30Z").read().expect("a time");
        assert_eq!(Time::from(time).as_str(), "12:30:00");
        let span: Span = Duration::from("P1Y2M").read().expect("a span");
        assert_eq!(Duration::from(span).as_str(), "P1Y2M");
    }
}
