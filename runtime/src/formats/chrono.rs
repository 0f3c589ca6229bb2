//! Dates and times as [`chrono`] has them.

use chrono::{FixedOffset, NaiveDate, NaiveTime, SecondsFormat, TimeZone, Utc};

use super::calendar::{CivilDate, Clock};
use super::{Date, DateTime, Format, FormatError, Time};

fn no_such_time() -> FormatError {
    DateTime::error("`chrono` knows no such time")
}

impl TryFrom<&DateTime> for chrono::DateTime<Utc> {
    type Error = FormatError;

    fn try_from(text: &DateTime) -> Result<Self, FormatError> {
        let instant = text.instant()?;
        Self::from_timestamp(instant.seconds, instant.nanosecond).ok_or_else(no_such_time)
    }
}

impl TryFrom<&DateTime> for chrono::DateTime<FixedOffset> {
    type Error = FormatError;

    fn try_from(text: &DateTime) -> Result<Self, FormatError> {
        let instant = text.instant()?;
        let time = chrono::DateTime::from_timestamp(instant.seconds, instant.nanosecond);
        let offset = FixedOffset::east_opt(instant.offset);
        let (time, offset) = time.zip(offset).ok_or_else(no_such_time)?;
        Ok(time.with_timezone(&offset))
    }
}

impl<Z: TimeZone> From<chrono::DateTime<Z>> for DateTime {
    fn from(time: chrono::DateTime<Z>) -> Self {
        let time = time.fixed_offset();
        Self(time.to_rfc3339_opts(SecondsFormat::AutoSi, true))
    }
}

impl TryFrom<&Date> for NaiveDate {
    type Error = FormatError;

    fn try_from(text: &Date) -> Result<Self, FormatError> {
        let CivilDate { year, month, day } = text.day()?;
        Self::from_ymd_opt(year.cast_signed(), month, day)
            .ok_or_else(|| Date::error("`chrono` knows no such date"))
    }
}

impl From<NaiveDate> for Date {
    fn from(date: NaiveDate) -> Self {
        Self(date.to_string())
    }
}

impl TryFrom<&Time> for NaiveTime {
    type Error = FormatError;

    fn try_from(text: &Time) -> Result<Self, FormatError> {
        let Clock {
            hour,
            minute,
            second,
            nanosecond,
        } = text.clock()?;
        Self::from_hms_nano_opt(hour, minute, second, nanosecond)
            .ok_or_else(|| Time::error("`chrono` knows no such time"))
    }
}

impl From<NaiveTime> for Time {
    fn from(time: NaiveTime) -> Self {
        Self(time.to_string())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_chrono_has_is_read_and_written() {
        let text = DateTime::from("2026-03-01 13:30:00.5+0100");
        let time: chrono::DateTime<FixedOffset> = text.read().expect("an instant");
        assert_eq!(
            DateTime::from(time).as_str(),
            "2026-03-01T13:30:00.500+01:00"
        );
        let time: chrono::DateTime<Utc> = text.read().expect("an instant");
        assert_eq!(DateTime::from(time).as_str(), "2026-03-01T12:30:00.500Z");
        let date: NaiveDate = Date::from("2026-03-01").read().expect("a date");
        assert_eq!(Date::from(date).as_str(), "2026-03-01");
        let time: NaiveTime = Time::from("12:30Z").read().expect("a time");
        assert_eq!(Time::from(time).as_str(), "12:30:00");
    }
}
