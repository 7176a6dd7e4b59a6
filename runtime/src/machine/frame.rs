//! Fixed windows of time: `each 1h`, `each day zone "Europe/Madrid"`.
//!
//! Apart from the machine because digests and profiles cut time the same way.

use chrono::{Datelike, Days, NaiveDate, NaiveTime, TimeZone};
use chrono_tz::Tz;
use muster_lang::units::{DAY, Duration, Timestamp};

/// Days from 1970-01-01 to the Monday that windows of whole days are counted from, 1970-01-05.
const FIRST_MONDAY: i64 = 4;

/// Returns the start of the window that holds an instant.
///
/// Windows shorter than a day start at local midnight and every `every` of elapsed time after it; the
/// last one of a day ends at midnight. Windows of whole days start at a local midnight, counted from
/// Monday 1970-01-05.
#[must_use]
pub fn window_start(time: Timestamp, every: Duration, zone: Tz) -> Timestamp {
    let every = every.0.max(1);
    let Some(date) = local_date(time, zone) else {
        return time;
    };
    if every < DAY {
        let midnight = midnight(date, zone).unwrap_or(time);
        return Timestamp(time.0 - time.since(midnight).0.rem_euclid(every));
    }
    let days = every / DAY;
    let number = i64::from(date.num_days_from_ce()) - i64::from(epoch().num_days_from_ce());
    let into = (number - FIRST_MONDAY).rem_euclid(days);
    let first = u64::try_from(into)
        .ok()
        .and_then(|into| date.checked_sub_days(Days::new(into)));
    first
        .and_then(|first| midnight(first, zone))
        .unwrap_or(time)
}

/// Returns the instant at which the window that starts at `start` ends, exclusive.
#[must_use]
pub fn window_end(start: Timestamp, every: Duration, zone: Tz) -> Timestamp {
    let every = every.0.max(1);
    let Some(date) = local_date(start, zone) else {
        return start.plus(Duration(every));
    };
    let days = u64::try_from((every / DAY).max(1)).unwrap_or(1);
    let next = date
        .checked_add_days(Days::new(days))
        .and_then(|date| midnight(date, zone));
    let next = next.unwrap_or(start.plus(Duration(every)));
    if every < DAY {
        next.min(start.plus(Duration(every)))
    } else {
        next
    }
}

fn epoch() -> NaiveDate {
    NaiveDate::default()
}

fn local_date(time: Timestamp, zone: Tz) -> Option<NaiveDate> {
    let utc = chrono::DateTime::from_timestamp_micros(time.0)?;
    Some(zone.from_utc_datetime(&utc.naive_utc()).date_naive())
}

/// Returns the instant a local date begins; where midnight is skipped, the first instant after it.
fn midnight(date: NaiveDate, zone: Tz) -> Option<Timestamp> {
    let local = |minutes: i64| {
        let time = date.and_time(NaiveTime::MIN) + chrono::TimeDelta::minutes(minutes);
        zone.from_local_datetime(&time).earliest()
    };
    // Zones skip at most a day's first hours; a quarter of an hour is the finest step in use.
    let first = (0..=12).find_map(|quarter| local(quarter * 15))?;
    Some(Timestamp(first.timestamp_micros()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use muster_lang::units::SECOND;

    const HOUR: i64 = 3_600 * SECOND;

    fn at(text: &str) -> Timestamp {
        Timestamp(
            chrono::DateTime::parse_from_rfc3339(text)
                .unwrap()
                .timestamp_micros(),
        )
    }

    fn check(time: &str, every: i64, zone: Tz, start: &str, end: &str) {
        let window = window_start(at(time), Duration(every), zone);
        assert_eq!(window, at(start), "start");
        assert_eq!(window_end(window, Duration(every), zone), at(end), "end");
    }

    #[test]
    fn hours_start_at_midnight() {
        check(
            "2026-01-05T10:59:59.999Z",
            HOUR,
            Tz::UTC,
            "2026-01-05T10:00:00Z",
            "2026-01-05T11:00:00Z",
        );
    }

    #[test]
    fn weeks_start_on_monday() {
        check(
            "2026-01-07T10:00:00Z",
            7 * DAY,
            Tz::UTC,
            "2026-01-05T00:00:00Z",
            "2026-01-12T00:00:00Z",
        );
    }

    #[test]
    fn days_are_local() {
        let madrid = Tz::Europe__Madrid;
        check(
            "2026-03-28T23:30:00Z",
            DAY,
            madrid,
            "2026-03-28T23:00:00Z",
            "2026-03-29T22:00:00Z",
        );
    }

    #[test]
    fn the_last_window_of_a_long_day_ends_at_midnight() {
        let madrid = Tz::Europe__Madrid;
        // 2026-10-25 has 25 hours in Madrid, from 22:00Z to 23:00Z.
        check(
            "2026-10-25T22:30:00Z",
            6 * HOUR,
            madrid,
            "2026-10-25T22:00:00Z",
            "2026-10-25T23:00:00Z",
        );
    }

    #[test]
    fn a_skipped_midnight_starts_when_the_day_does() {
        let sao_paulo = Tz::America__Sao_Paulo;
        // On 2018-11-04 clocks went from 00:00 to 01:00.
        check(
            "2018-11-04T12:00:00Z",
            DAY,
            sao_paulo,
            "2018-11-04T03:00:00Z",
            "2018-11-05T02:00:00Z",
        );
    }

    #[test]
    fn times_before_1970_have_windows_too() {
        check(
            "1969-12-31T23:30:00Z",
            HOUR,
            Tz::UTC,
            "1969-12-31T23:00:00Z",
            "1970-01-01T00:00:00Z",
        );
    }
}
