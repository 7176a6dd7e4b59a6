//! Time zones of the IANA database.
//!
//! Apart because what a clock on the wall shows has gaps and repeats, and one file decides them.

use chrono::{MappedLocalTime, NaiveDateTime, Offset, TimeDelta, TimeZone};
use chrono_tz::Tz;

use super::iso::in_range;
use crate::units::{DAY, SECOND, Timestamp};

/// A time zone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Zone(Tz);

/// What calendar and clock of a zone show.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct LocalTime {
    /// Days since 1970-01-01.
    pub days: i64,
    /// Microseconds since midnight; more than a day is in the days that follow.
    pub micros: i64,
}

impl LocalTime {
    /// Returns the hour of the day.
    #[must_use]
    pub fn hour(self) -> i64 {
        self.micros.rem_euclid(DAY) / (3_600 * SECOND)
    }

    /// Returns the day of the week, Monday is 0.
    #[must_use]
    pub fn weekday(self) -> usize {
        // 1970-01-01 was a Thursday.
        usize::try_from((self.days + 3).rem_euclid(7)).unwrap_or(0)
    }

    fn naive(self) -> Option<NaiveDateTime> {
        let micros = self.days.checked_mul(DAY)?.checked_add(self.micros)?;
        chrono::DateTime::from_timestamp_micros(micros).map(|time| time.naive_utc())
    }
}

impl Zone {
    /// Coordinated universal time.
    pub const UTC: Self = Self(Tz::UTC);

    /// Returns the zone of a name of the IANA database, `Europe/Madrid`, as it is spelled there.
    #[must_use]
    pub fn find(name: &str) -> Option<Self> {
        name.parse().ok().map(Self)
    }

    /// Returns the names of all zones, sorted.
    pub fn names() -> impl Iterator<Item = &'static str> {
        chrono_tz::TZ_VARIANTS.iter().map(|zone| zone.name())
    }

    /// Returns its name.
    #[must_use]
    pub fn name(self) -> &'static str {
        self.0.name()
    }

    /// Returns what calendar and clock of the zone show at an instant.
    #[must_use]
    pub fn local(self, time: Timestamp) -> LocalTime {
        let micros = time.0.saturating_add(self.offset(time) * SECOND);
        LocalTime {
            days: micros.div_euclid(DAY),
            micros: micros.rem_euclid(DAY),
        }
    }

    /// Returns the seconds east of Greenwich at an instant.
    fn offset(self, time: Timestamp) -> i64 {
        if self == Self::UTC {
            return 0;
        }
        chrono::DateTime::from_timestamp_micros(time.0)
            .map_or(0, |utc| {
                self.0
                    .offset_from_utc_datetime(&utc.naive_utc())
                    .fix()
                    .local_minus_utc()
            })
            .into()
    }

    /// Returns the instant at which the zone shows a local time, if an event may bear it.
    ///
    /// A time that the clock shows twice, in the hour it is put back, is the earlier of the two. One
    /// that it never shows, in the hour it is put forward, is read as if it had not been put forward
    /// yet: 02:30 is 03:30.
    #[must_use]
    pub fn instant(self, local: LocalTime) -> Option<Timestamp> {
        let east = if self == Self::UTC {
            0
        } else {
            self.offset_of_local(local.naive()?)?
        };
        let micros = local.days.checked_mul(DAY)?.checked_add(local.micros)?;
        in_range(micros.checked_sub(i64::from(east) * SECOND)?)
    }

    fn offset_of_local(self, local: NaiveDateTime) -> Option<i32> {
        let offset = match self.0.offset_from_local_datetime(&local) {
            MappedLocalTime::Single(offset) | MappedLocalTime::Ambiguous(offset, _) => offset,
            // A day earlier, in UTC, every zone still has the offset from before the gap.
            MappedLocalTime::None => {
                let before = local.checked_sub_signed(TimeDelta::days(1))?;
                self.0.offset_from_utc_datetime(&before)
            }
        };
        Some(offset.fix().local_minus_utc())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::time::{days_of_date, format_rfc3339, parse_rfc3339};

    fn at(zone: &str, (year, month, day): (i64, u32, u32), (hour, minute): (i64, i64)) -> String {
        let days = days_of_date(year, month, day).unwrap();
        let micros = (hour * 60 + minute) * 60 * SECOND;
        let instant = Zone::find(zone)
            .unwrap()
            .instant(LocalTime { days, micros })
            .unwrap();
        format_rfc3339(instant)
    }

    #[test]
    fn local_times_have_the_offset_of_their_day() {
        assert_eq!(
            at("Europe/Madrid", (2026, 1, 15), (9, 0)),
            "2026-01-15T08:00:00Z"
        );
        assert_eq!(
            at("Europe/Madrid", (2026, 7, 15), (9, 0)),
            "2026-07-15T07:00:00Z"
        );
        assert_eq!(
            at("Asia/Tokyo", (2026, 7, 15), (9, 0)),
            "2026-07-15T00:00:00Z"
        );
    }

    #[test]
    fn a_time_shown_twice_is_the_earlier() {
        assert_eq!(
            at("Europe/Madrid", (2026, 10, 25), (2, 30)),
            "2026-10-25T00:30:00Z"
        );
        assert_eq!(
            at("America/New_York", (2026, 11, 1), (1, 30)),
            "2026-11-01T05:30:00Z"
        );
    }

    #[test]
    fn a_time_never_shown_is_read_with_the_offset_before_the_gap() {
        assert_eq!(
            at("Europe/Madrid", (2026, 3, 29), (2, 30)),
            "2026-03-29T01:30:00Z"
        );
        assert_eq!(
            at("America/New_York", (2026, 3, 8), (2, 30)),
            "2026-03-08T07:30:00Z"
        );
        // Samoa went without the whole of 2011-12-30.
        assert_eq!(
            at("Pacific/Apia", (2011, 12, 30), (12, 0)),
            "2011-12-30T22:00:00Z"
        );
    }

    #[test]
    fn the_local_time_of_an_instant_is_what_the_clock_shows() {
        let madrid = Zone::find("Europe/Madrid").unwrap();
        let local = madrid.local(parse_rfc3339("2026-07-15T22:30:00Z").unwrap());
        assert_eq!(Some(local.days), days_of_date(2026, 7, 16));
        assert_eq!(local.hour(), 0);
        assert_eq!(local.weekday(), 3);
        assert_eq!(Zone::UTC.local(Timestamp(0)).weekday(), 3);
        for micros in [i64::MIN, -1, i64::MAX] {
            let _ = madrid.local(Timestamp(micros));
        }
    }

    #[test]
    fn unknown_zones_are_none() {
        assert_eq!(Zone::find("Europe/Atlantis"), None);
        assert_eq!(Zone::find(""), None);
        assert_eq!(Zone::find("UTC"), Some(Zone::UTC));
    }

    #[test]
    fn no_local_time_panics() {
        let zone = Zone::find("America/Sao_Paulo").unwrap();
        for days in [i64::MIN, -1_000_000, 0, 2_932_896, 95_000_000, i64::MAX] {
            for micros in [i64::MIN, 0, DAY, i64::MAX] {
                let _ = zone.instant(LocalTime { days, micros });
                let _ = Zone::UTC.instant(LocalTime { days, micros });
            }
        }
    }
}
