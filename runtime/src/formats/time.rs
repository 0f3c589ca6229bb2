//! Dates and times as [`time`] has them.

use time::{Month, OffsetDateTime, UtcOffset};

use super::calendar::{CivilDate, Clock};
use super::{Date, DateTime, Format, FormatError, Time};

fn no_such_time() -> FormatError {
    DateTime::error("`time` knows no such time")
}

impl TryFrom<&DateTime> for OffsetDateTime {
    type Error = FormatError;

    fn try_from(text: &DateTime) -> Result<Self, FormatError> {
        let instant = text.instant()?;
        let nanoseconds =
            i128::from(instant.seconds) * 1_000_000_000 + i128::from(instant.nanosecond);
        let time = Self::from_unix_timestamp_nanos(nanoseconds).map_err(|_| no_such_time())?;
        let offset = UtcOffset::from_whole_seconds(instant.offset).map_err(|_| no_such_time())?;
        time.checked_to_offset(offset).ok_or_else(no_such_time)
    }
}

impl From<OffsetDateTime> for DateTime {
    /// Writes the moment in UTC.
    fn from(time: OffsetDateTime) -> Self {
        Self::write(time.unix_timestamp(), time.nanosecond())
    }
}

impl TryFrom<&Date> for time::Date {
    type Error = FormatError;

    fn try_from(text: &Date) -> Result<Self, FormatError> {
        let CivilDate { year, month, day } = text.day()?;
        let date = || {
            let month: u8 = month.try_into().ok()?;
            let (month, day) = (Month::try_from(month).ok()?, day.try_into().ok()?);
            Self::from_calendar_date(year.cast_signed(), month, day).ok()
        };
        date().ok_or_else(|| Date::error("`time` knows no such date"))
    }
}

impl From<time::Date> for Date {
    fn from(date: time::Date) -> Self {
        let (year, month, day) = date.to_calendar_date();
        Self(format!("{year:04}-{:02}-{day:02}", u8::from(month)))
    }
}

impl TryFrom<&Time> for time::Time {
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
            Self::from_hms_nano(hour, minute, second.try_into().ok()?, nanosecond).ok()
        };
        time().ok_or_else(|| Time::error("`time` knows no such time"))
    }
}

impl From<time::Time> for Time {
    fn from(time: time::Time) -> Self {
        let (hour, minute, second, nanosecond) = time.as_hms_nano();
        let mut text = format!("{hour:02}:{minute:02}:{second:02}");
        if nanosecond > 0 {
            let fraction = format!(".{nanosecond:09}");
            text.push_str(fraction.trim_end_matches('0'));
        }
        Self(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_time_has_is_read_and_written() {
        let time: OffsetDateTime = DateTime::from("2026-03-01 13:30:00.5+0100")
            .read()
            .expect("an instant");
        assert_eq!((time.hour(), time.offset().whole_hours()), (13, 1));
        assert_eq!(DateTime::from(time).as_str(), "2026-03-01T12:30:00.5Z");
        let date: time::Date = Date::from("2026-03-01").read().expect("a date");
        assert_eq!(Date::from(date).as_str(), "2026-03-01");
        let time: time::Time = Time::from("12:30:00.25Z").read().expect("a time");
        assert_eq!(Time::from(time).as_str(), "12:30:00.25");
    }
}
