//! Times and dates in tables and lists, read in a zone.
//!
//! Apart from the times of events because people write these by hand, and mostly without an offset.

use muster_lang::time::{LocalTime, TimeParser, Zone, days_of_date};
use muster_lang::units::Timestamp;
use muster_lang::value::Value;

/// The zone that times without an offset are of.
#[derive(Debug)]
pub(super) struct Clock {
    zone: Zone,
    iso: TimeParser,
}

impl Clock {
    /// Returns the clock of a zone, UTC where none is given.
    pub(super) fn of(zone: Option<&str>) -> Result<Self, String> {
        let iso = TimeParser::new(["iso"], zone).map_err(|error| error.to_string())?;
        let zone = zone
            .map_or(Some(Zone::UTC), Zone::find)
            .unwrap_or(Zone::UTC);
        Ok(Self { zone, iso })
    }

    /// Returns the instant that a cell names: an ISO 8601 time, or the first of a date.
    ///
    /// A date before 1970 is the earliest instant there is.
    pub(super) fn instant(&self, cell: &Value) -> Option<Timestamp> {
        match cell.as_text().and_then(date) {
            Some(days) if days < 0 => Some(Timestamp::MIN),
            Some(days) => self.zone.instant(LocalTime { days, micros: 0 }),
            None => self.iso.parse(cell),
        }
    }

    /// Returns the day that a cell names, in days since 1970-01-01: a date, or the day of a time.
    pub(super) fn day(&self, cell: &Value) -> Option<i64> {
        let day_of_time = || Some(self.local(self.iso.parse(cell)?).days);
        cell.as_text().and_then(date).or_else(day_of_time)
    }

    /// Returns what calendar and clock of the zone show at an instant.
    pub(super) fn local(&self, time: Timestamp) -> LocalTime {
        self.zone.local(time)
    }
}

/// Reads a date, `2026-12-25`, as days since 1970-01-01.
fn date(text: &str) -> Option<i64> {
    let mut parts = text.trim().splitn(3, '-');
    let mut number = |digits: usize| {
        let part = parts.next().filter(|part| part.len() == digits)?;
        part.bytes()
            .all(|byte| byte.is_ascii_digit())
            .then(|| part.parse::<u32>().ok())?
    };
    days_of_date(number(4)?.into(), number(2)?, number(2)?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use muster_lang::time::{date_of_days, format_rfc3339};

    fn at(text: &str, zone: &str) -> Option<String> {
        Clock::of(Some(zone))
            .unwrap()
            .instant(&Value::text(text))
            .map(format_rfc3339)
    }

    #[test]
    fn a_time_without_offset_is_of_the_zone() {
        for (text, expected) in [
            ("2026-01-05", "2026-01-04T23:00:00Z"),
            ("2026-07-05", "2026-07-04T22:00:00Z"),
            ("2026-01-05 08:00", "2026-01-05T07:00:00Z"),
            ("2026-01-05T08:00:30", "2026-01-05T07:00:30Z"),
            ("2026-01-05T08:00:30.5", "2026-01-05T07:00:30.5Z"),
            ("2026-01-05T08:00:00Z", "2026-01-05T08:00:00Z"),
            ("2026-01-05T08:00:00+05:30", "2026-01-05T02:30:00Z"),
            ("1900-01-01", "1970-01-01T00:00:00Z"),
            ("9999-12-31", "9999-12-30T23:00:00Z"),
            // Clocks go from 02:00 to 03:00 on 2026-03-29, and from 03:00 to 02:00 on 2026-10-25.
            ("2026-03-29 02:30", "2026-03-29T01:30:00Z"),
            ("2026-10-25 02:30", "2026-10-25T00:30:00Z"),
        ] {
            assert_eq!(
                at(text, "Europe/Madrid").as_deref(),
                Some(expected),
                "{text}"
            );
        }
    }

    #[test]
    fn a_day_that_begins_at_one_begins_at_one() {
        // Clocks of Beirut go from 00:00 to 01:00 on 2026-03-29.
        let expected = Some("2026-03-28T22:00:00Z".to_owned());
        assert_eq!(at("2026-03-29", "Asia/Beirut"), expected);
    }

    #[test]
    fn a_day_is_that_of_the_zone() {
        let madrid = Clock::of(Some("Europe/Madrid")).unwrap();
        let day = |text: &str| madrid.day(&Value::text(text)).map(date_of_days);
        assert_eq!(day("2026-12-25"), Some((2026, 12, 25)));
        assert_eq!(day("2026-12-25 23:30"), Some((2026, 12, 25)));
        assert_eq!(day("2026-12-24T23:30:00Z"), Some((2026, 12, 25)));
        assert_eq!(day("25.12.2026"), None);
    }

    #[test]
    fn what_is_no_time_is_none() {
        for text in [
            "",
            "-",
            "tomorrow",
            "2026-13-01",
            "2026-02-30",
            "2026-1-5",
            "12026-01-01",
        ] {
            assert_eq!(at(text, "UTC"), None, "{text}");
        }
        assert_eq!(Clock::of(None).unwrap().instant(&Value::Int(5)), None);
        assert!(Clock::of(Some("Europe/Atlantis")).is_err());
    }
}
