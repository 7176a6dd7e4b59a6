//! The time of BSD syslog headers: `Oct  1 09:17:31`, with a year where a device adds one.
//!
//! Apart because a time without a year is none: this file never guesses one, neither from the wall
//! clock nor from other records, so that a replay gives what the first run gave.

use super::civil::{days_of_date, month_of_name};
use super::scan;
use super::zone::{LocalTime, Zone};
use crate::units::Timestamp;

/// Reads the time of a syslog header; one without a year is `None`.
///
/// Before it may stand `<164>`, and the `*` or `.` by which a device says its clock is not set; the
/// year stands behind the day or at the end; a fraction and `UTC`, `GMT` or `Z` may follow the
/// clock, and a colon all. Without a zone it is in the one given.
pub(super) fn parse(text: &str, zone: Zone) -> Option<Timestamp> {
    let text = after_priority(text.trim()).trim_start_matches(['*', '.']);
    let mut words = text.trim_end_matches(':').split_ascii_whitespace();
    let month = month_of_name(words.next()?)?;
    let day = number_of(words.next()?, 1..=2)?;
    let mut word = words.next()?;
    let mut year = number_of(word, 4..=4);
    if year.is_some() {
        word = words.next()?;
    }
    let micros = clock(word)?;
    let mut zone = zone;
    for word in words {
        if ["UTC", "GMT", "Z"]
            .iter()
            .any(|name| name.eq_ignore_ascii_case(word))
        {
            zone = Zone::UTC;
        } else if year.is_none() {
            year = Some(number_of(word, 4..=4)?);
        } else {
            return None;
        }
    }
    let days = days_of_date(year?, month, u32::try_from(day).ok()?)?;
    zone.instant(LocalTime { days, micros })
}

/// Returns what stands behind `<164>`, or all of it.
fn after_priority(text: &str) -> &str {
    let rest = text.strip_prefix('<').and_then(|rest| rest.split_once('>'));
    match rest {
        Some((priority, rest)) if number_of(priority, 1..=3).is_some() => rest.trim_start(),
        Some(_) | None => text,
    }
}

fn number_of(word: &str, width: std::ops::RangeInclusive<usize>) -> Option<i64> {
    if width.contains(&word.len()) {
        scan::number(word.as_bytes())
    } else {
        None
    }
}

fn clock(word: &str) -> Option<i64> {
    let [h0, h1, b':', m0, m1, b':', s0, s1, rest @ ..] = word.as_bytes() else {
        return None;
    };
    let (fraction, rest) = scan::take_fraction(rest, b".")?;
    let micros = scan::clock(&[*h0, *h1], &[*m0, *m1], &[*s0, *s1])?;
    rest.is_empty().then_some(micros + fraction)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::time::format_rfc3339;

    fn read(text: &str) -> Option<String> {
        parse(text, Zone::UTC).map(format_rfc3339)
    }

    #[test]
    fn times_with_a_year_are_read() {
        for text in [
            "Oct 01 2026 09:17:31",
            "<164>Oct 01 2026 09:17:31",
            "oct  1 2026 09:17:31:",
            "Oct  1 09:17:31 2026",
            "*Oct  1 2026 09:17:31 UTC:",
            "October 1 09:17:31 UTC 2026",
        ] {
            assert_eq!(
                read(text).as_deref(),
                Some("2026-10-01T09:17:31Z"),
                "{text}"
            );
        }
        let exact = read("Oct  1 2026 09:17:31.123456789");
        assert_eq!(exact.as_deref(), Some("2026-10-01T09:17:31.123456Z"));
        let madrid = parse("Oct 01 2026 09:17:31", Zone::find("Europe/Madrid").unwrap());
        assert_eq!(
            madrid.map(format_rfc3339).as_deref(),
            Some("2026-10-01T07:17:31Z")
        );
    }

    #[test]
    fn a_time_without_a_year_is_none_and_so_is_what_is_no_time() {
        for text in [
            "Oct  1 09:17:31",
            "",
            "<164>",
            "Oct",
            "Oct 1",
            "Oct 32 2026 09:17:31",
            "Foo 01 2026 09:17:31",
            "Oct 01 2026 9:17:31",
            "Oct 01 2026 09:17",
            "Oct 01 26 09:17:31",
            "Oct 01 2026 09:17:31 host",
            "Oct 01 2026 09:17:31 2026",
            "<x>Oct 01 2026 09:17:31",
            "Oct 01 1969 09:17:31",
            "é",
            "Oct é 2026 09:17:31",
        ] {
            assert_eq!(read(text), None, "{text}");
        }
    }
}
