//! Times in a layout of `strftime`, `%a %b %e %H:%M:%S %Y`.
//!
//! Apart because it is the one place where the layouts of chrono are met, and only those of its
//! functions that return a result.

use chrono::format::{Item, Parsed, StrftimeItems, parse};
use chrono::{Datelike, NaiveDateTime, NaiveTime, Timelike};

use super::days_of_date;
use super::iso::in_range;
use super::zone::{LocalTime, Zone};
use crate::units::{SECOND, Timestamp};

/// The longest text that is read.
const TEXT_BYTES_MAX: usize = 256;

/// A layout, ready to read times.
#[derive(Clone, Debug)]
pub(super) struct Layout {
    items: Box<[Item<'static>]>,
}

impl Layout {
    /// Returns the layout of a pattern, or `None` if it has a specifier that does not exist.
    pub(super) fn new(pattern: &str) -> Option<Self> {
        let items = StrftimeItems::new(pattern).parse_to_owned().ok()?;
        Some(Self {
            items: items.into(),
        })
    }

    /// Reads a time; without an offset it is in the zone, without a clock it is midnight.
    ///
    /// Blanks and leading zeros of numbers are as the text likes; a day of the week must be the
    /// date's; without a year there is no time.
    pub(super) fn parse(&self, text: &str, zone: Zone) -> Option<Timestamp> {
        if text.len() > TEXT_BYTES_MAX {
            return None;
        }
        let mut parsed = Parsed::new();
        parse(&mut parsed, text, self.items.iter()).ok()?;
        if parsed.offset().is_some() {
            return in_range(parsed.to_datetime().ok()?.timestamp_micros());
        }
        let naive = match parsed.to_naive_datetime_with_offset(0) {
            Ok(naive) => naive,
            Err(_) => midnight(&parsed)?,
        };
        // A count of seconds since 1970 has no zone.
        let zone = if parsed.timestamp().is_some() {
            Zone::UTC
        } else {
            zone
        };
        zone.instant(local(naive)?)
    }
}

/// Returns the midnight of a date that has no clock beside it.
fn midnight(parsed: &Parsed) -> Option<NaiveDateTime> {
    let clock = parsed.hour_mod_12().is_some() || parsed.minute().is_some();
    if clock {
        None
    } else {
        Some(parsed.to_naive_date().ok()?.and_time(NaiveTime::MIN))
    }
}

fn local(naive: NaiveDateTime) -> Option<LocalTime> {
    let days = days_of_date(naive.year().into(), naive.month(), naive.day())?;
    // Chrono counts a leap second in nanoseconds beyond the second, which is the same instant here.
    let micros = i64::from(naive.num_seconds_from_midnight()) * SECOND;
    Some(LocalTime {
        days,
        micros: micros + i64::from(naive.nanosecond() / 1_000),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::time::format_rfc3339;

    fn read(pattern: &str, text: &str) -> Option<String> {
        Layout::new(pattern)
            .unwrap()
            .parse(text, Zone::UTC)
            .map(format_rfc3339)
    }

    #[test]
    fn the_layouts_of_real_logs_are_read() {
        let ctime = "%a %b %e %H:%M:%S %Y";
        for (pattern, text, time) in [
            (ctime, "Fri May 31 17:35:42 2019", "2019-05-31T17:35:42Z"),
            (ctime, "Wed Jul 3 05:12:25 2019", "2019-07-03T05:12:25Z"),
            (ctime, "Thu Oct  7 10:40:00 2021", "2021-10-07T10:40:00Z"),
            (
                "%m/%d/%Y %H:%M:%S",
                "01/09/2007 09:41:00",
                "2007-01-09T09:41:00Z",
            ),
            (
                "%m/%d/%Y %I:%M:%S %p",
                "1/9/2007 9:41:00 AM",
                "2007-01-09T09:41:00Z",
            ),
            (
                "%m/%d/%Y %I:%M:%S %p %z",
                "1/9/2007 10:41:00 AM +01:00",
                "2007-01-09T09:41:00Z",
            ),
            (
                "%Y-%m-%d %H:%M:%S%.f",
                "2024-12-16 16:32:16.087554000",
                "2024-12-16T16:32:16.087554Z",
            ),
            (
                "%Y-%m-%d %H:%M:%S%.f",
                "2023-10-26 12:23:58.7994868",
                "2023-10-26T12:23:58.799486Z",
            ),
            (
                "%Y-%m-%d %H:%M:%S %Z",
                "2025-04-30 16:23:40 UTC",
                "2025-04-30T16:23:40Z",
            ),
            (
                "%d/%b/%Y:%H:%M:%S %z",
                "10/Oct/2000:13:55:36 -0700",
                "2000-10-10T20:55:36Z",
            ),
            ("%Y%m%d", "20260315", "2026-03-15T00:00:00Z"),
            ("%s", "1513229995", "2017-12-14T05:39:55Z"),
            (
                "%H:%M:%S %d.%m.%Y",
                "23:59:60 31.12.2016",
                "2017-01-01T00:00:00Z",
            ),
        ] {
            assert_eq!(read(pattern, text).as_deref(), Some(time), "{text}");
        }
    }

    #[test]
    fn what_does_not_fit_the_layout_is_none() {
        let ctime = "%a %b %e %H:%M:%S %Y";
        for (pattern, text) in [
            (ctime, ""),
            (ctime, "Thu May 31 17:35:42 2019"),
            (ctime, "Fri May 31 17:35:42 2019 x"),
            (ctime, "Fri Mai 31 17:35:42 2019"),
            ("%b %e %H:%M:%S", "Oct  7 10:40:00"),
            ("%H:%M", "10:40"),
            ("%Y-%m-%d %H", "2026-03-15 10"),
            ("%Y-%m-%d %I:%M", "2026-03-15 10:00"),
            ("%s", "-1"),
            ("%s", "99999999999999999999"),
            ("%Y-%m-%d", "9999999-01-01"),
            ("%Y-%m-%d", "1969-12-31"),
        ] {
            assert_eq!(read(pattern, text), None, "{text}");
        }
        assert_eq!(read("%Y", &"9".repeat(10_000)), None);
    }

    #[test]
    fn a_zone_applies_only_where_the_text_has_no_offset() {
        let madrid = Zone::find("Europe/Madrid").unwrap();
        let read = |pattern: &str, text: &str| {
            Layout::new(pattern)
                .unwrap()
                .parse(text, madrid)
                .map(format_rfc3339)
                .unwrap()
        };
        assert_eq!(
            read("%Y-%m-%d %H:%M", "2026-07-15 09:00"),
            "2026-07-15T07:00:00Z"
        );
        assert_eq!(
            read("%Y-%m-%d %H:%M %z", "2026-07-15 09:00 +0000"),
            "2026-07-15T09:00:00Z"
        );
        assert_eq!(read("%s", "0"), "1970-01-01T00:00:00Z");
    }

    #[test]
    fn unknown_specifiers_make_no_layout() {
        assert!(Layout::new("%Q!%").is_none());
        assert!(Layout::new("%").is_none());
    }
}
