//! ISO 8601 times: RFC 3339 as the language demands it, and the laxer forms that logs contain.
//!
//! Apart from other formats because nearly every record passes here: the usual forms are taken
//! apart by fixed-width patterns, without allocation.

use super::civil::{date_of_days, days_of_date};
use super::scan;
use super::zone::{LocalTime, Zone};
use crate::units::{DAY, SECOND, Timestamp};

/// Reads an RFC 3339 instant, `2026-03-15T08:42:17.003Z`.
///
/// `t` and `z` may be small, a fraction may have any number of digits, an offset is required.
#[must_use]
pub fn parse_rfc3339(text: &str) -> Option<Timestamp> {
    let (head, rest) = text.as_bytes().split_first_chunk::<19>()?;
    let local = date_and_clock(head, b"Tt")?;
    let (fraction, rest) = scan::take_fraction(rest, b".")?;
    let east = match rest {
        [b'Z' | b'z'] => 0,
        [sign, h0, h1, b':', m0, m1] => scan::offset(*sign, &[*h0, *h1], &[*m0, *m1])?,
        _ => return None,
    };
    instant(local, fraction, east)
}

/// Reads the forms of ISO 8601 that logs contain.
///
/// Beyond RFC 3339: a blank in place of `T`; a comma before the fraction; a date alone, which is
/// its midnight; no seconds; blanks before the zone; the zones `UTC`, `GMT`, `+02` and `+0200`; and
/// no zone at all, which is the zone given.
pub(super) fn parse_iso(text: &str, zone: Zone) -> Option<Timestamp> {
    let bytes = text.as_bytes();
    if let Some((head, rest)) = bytes.split_first_chunk::<19>()
        && let Some(local) = date_and_clock(head, b"Tt ")
    {
        let (fraction, rest) = scan::take_fraction(rest, b".,")?;
        return in_zone(local, fraction, rest, zone);
    }
    let (date, rest) = bytes.split_first_chunk::<10>()?;
    let days = date_days(date)?;
    let (clock, rest) = match rest {
        [] => (0, rest),
        [b'T' | b't' | b' ', h0, h1, b':', m0, m1, rest @ ..] => {
            (scan::clock(&[*h0, *h1], &[*m0, *m1], b"00")?, rest)
        }
        _ => return None,
    };
    in_zone(
        LocalTime {
            days,
            micros: clock,
        },
        0,
        rest,
        zone,
    )
}

fn date_days([y0, y1, y2, y3, dash, m0, m1, other, d0, d1]: &[u8; 10]) -> Option<i64> {
    let year = scan::number(&[*y0, *y1, *y2, *y3])?;
    let month = u32::try_from(scan::number(&[*m0, *m1])?).ok()?;
    let day = u32::try_from(scan::number(&[*d0, *d1])?).ok()?;
    if [*dash, *other] != *b"--" {
        return None;
    }
    days_of_date(year, month, day)
}

fn date_and_clock(text: &[u8; 19], separators: &[u8]) -> Option<LocalTime> {
    let (date, clock) = text.split_first_chunk::<10>()?;
    let [separator, h0, h1, b':', m0, m1, b':', s0, s1] = clock else {
        return None;
    };
    if !separators.contains(separator) {
        return None;
    }
    let micros = scan::clock(&[*h0, *h1], &[*m0, *m1], &[*s0, *s1])?;
    Some(LocalTime {
        days: date_days(date)?,
        micros,
    })
}

/// Joins a local time with what stands behind it: a zone or nothing.
fn in_zone(local: LocalTime, fraction: i64, rest: &[u8], zone: Zone) -> Option<Timestamp> {
    let east = match rest.trim_ascii() {
        [] => {
            let local = LocalTime {
                micros: local.micros + fraction,
                ..local
            };
            return zone.instant(local);
        }
        [b'Z' | b'z'] => 0,
        word if word.eq_ignore_ascii_case(b"UTC") || word.eq_ignore_ascii_case(b"GMT") => 0,
        [sign, h0, h1] => scan::offset(*sign, &[*h0, *h1], b"00")?,
        [sign, h0, h1, m0, m1] | [sign, h0, h1, b':', m0, m1] => {
            scan::offset(*sign, &[*h0, *h1], &[*m0, *m1])?
        }
        _ => return None,
    };
    instant(local, fraction, east)
}

fn instant(local: LocalTime, fraction: i64, east: i64) -> Option<Timestamp> {
    in_range(local.days * DAY + local.micros + fraction - east)
}

/// Returns the instant of microseconds since 1970, if it is one that an event may bear.
pub(super) fn in_range(micros: i64) -> Option<Timestamp> {
    let range = Timestamp::MIN.0..=Timestamp::MAX.0;
    range.contains(&micros).then_some(Timestamp(micros))
}

/// Returns an instant as RFC 3339 in UTC, with as many digits of a fraction as it needs.
///
/// What lies outside the years 0 to 9999 is shown as their first or last instant.
#[must_use]
pub fn format_rfc3339(time: Timestamp) -> String {
    const FIRST: i64 = -719_528 * DAY;
    let micros = time.0.clamp(FIRST, Timestamp::MAX.0);
    let (year, month, day) = date_of_days(micros.div_euclid(DAY));
    let clock = micros.rem_euclid(DAY);
    let (seconds, fraction) = (clock / SECOND, clock % SECOND);
    let (hour, minute, second) = (seconds / 3_600, seconds / 60 % 60, seconds % 60);
    let mut text = format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}");
    if fraction > 0 {
        text.push_str(format!(".{fraction:06}").trim_end_matches('0'));
    }
    text.push('Z');
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    const INSTANT: i64 = 1_773_564_137_000_000;

    fn iso(text: &str) -> Option<i64> {
        parse_iso(text, Zone::UTC).map(|time| time.0)
    }

    fn rfc(text: &str) -> Option<i64> {
        parse_rfc3339(text).map(|time| time.0)
    }

    #[test]
    fn rfc_3339_is_read_with_any_fraction_and_offset() {
        for (text, micros) in [
            ("2026-03-15T08:42:17Z", INSTANT),
            ("2026-03-15t08:42:17z", INSTANT),
            ("2026-03-15T08:42:17.0Z", INSTANT),
            ("2026-03-15T08:42:17.003Z", INSTANT + 3_000),
            ("2026-03-15T08:42:17.0039999Z", INSTANT + 3_999),
            ("2026-03-15T08:42:17.000000999Z", INSTANT),
            ("2026-03-15T08:42:17.1234567890123Z", INSTANT + 123_456),
            ("2026-03-15T09:42:17+01:00", INSTANT),
            ("2026-03-15T00:12:17-08:30", INSTANT),
            ("2026-03-15T08:42:17-00:00", INSTANT),
            ("2016-12-31T23:59:60Z", 1_483_228_800_000_000),
            ("1970-01-01T00:00:00Z", 0),
            ("9999-12-31T23:59:59.9999999Z", Timestamp::MAX.0),
        ] {
            assert_eq!(rfc(text), Some(micros), "{text}");
            assert_eq!(iso(text), Some(micros), "{text}");
        }
    }

    #[test]
    fn what_rfc_3339_does_not_allow_only_iso_may_read() {
        for (text, micros) in [
            ("2026-03-15 08:42:17Z", INSTANT),
            ("2026-03-15T08:42:17", INSTANT),
            ("2026-03-15 08:42:17 UTC", INSTANT),
            ("2026-03-15 08:42:17 gmt", INSTANT),
            ("2026-03-15T10:42:17+0200", INSTANT),
            ("2026-03-15T10:42:17 +02", INSTANT),
            ("2026-03-15T10:42:17 +02:00", INSTANT),
            ("2026-03-15 08:42:17,250", INSTANT + 250_000),
            ("2026-03-15 08:42:17.250000000", INSTANT + 250_000),
            ("2026-03-15T08:42", INSTANT - 17_000_000),
            ("2026-03-15T08:42Z", INSTANT - 17_000_000),
            ("2026-03-15", 1_773_532_800_000_000),
        ] {
            assert_eq!(iso(text), Some(micros), "{text}");
            assert_eq!(rfc(text), None, "{text}");
        }
    }

    #[test]
    fn what_is_no_time_is_none() {
        for text in [
            "",
            "-",
            "2026",
            "2026-03-15T",
            "2026-03-15T08",
            "2026-02-29T00:00:00Z",
            "2026-13-01T00:00:00Z",
            "2026-03-15T24:00:00Z",
            "2026-03-15T08:60:00Z",
            "2026-03-15T08:42:61Z",
            "2026-03-15T08:42:17.Z",
            "2026-03-15T08:42:17.Zulu",
            "2026-03-15T08:42:17+24:00",
            "2026-03-15T08:42:17+01:60",
            "2026-03-15T08:42:17*01:00",
            "2026-03-15X08:42:17Z",
            "1969-12-31T23:59:59Z",
            "1970-01-01T00:00:00+00:01",
            "9999-12-31T23:59:59-00:01",
            "+026-03-15T08:42:17Z",
            "２026-03-15T08:42:17Z",
            "2026-03-15T08:42:17é",
            "2026/03/15T08:42:17Z",
            "é026-03-15T08:42:17Z",
        ] {
            assert_eq!(iso(text), None, "{text}");
            assert_eq!(rfc(text), None, "{text}");
        }
    }

    #[test]
    fn instants_print_with_the_fewest_digits_and_read_back() {
        for (micros, text) in [
            (0, "1970-01-01T00:00:00Z"),
            (INSTANT + 3_000, "2026-03-15T08:42:17.003Z"),
            (INSTANT + 1, "2026-03-15T08:42:17.000001Z"),
            (INSTANT + 500_000, "2026-03-15T08:42:17.5Z"),
            (Timestamp::MAX.0, "9999-12-31T23:59:59.999999Z"),
        ] {
            assert_eq!(format_rfc3339(Timestamp(micros)), text);
            assert_eq!(rfc(text), Some(micros));
        }
        assert_eq!(format_rfc3339(Timestamp(-1)), "1969-12-31T23:59:59.999999Z");
        assert_eq!(
            format_rfc3339(Timestamp(i64::MAX)),
            "9999-12-31T23:59:59.999999Z"
        );
        assert_eq!(format_rfc3339(Timestamp(i64::MIN)), "0000-01-01T00:00:00Z");
    }
}
