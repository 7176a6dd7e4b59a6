//! Windows that do not slide: `each D` and sessions.
//!
//! Apart from matching because buckets of profiles and digests are aligned alike.

use chrono::{Datelike, Days, NaiveDate};
use muster_lang::units::DAY;

use super::calendar::{local, midnight, zone};
use super::{Answer, unsupported};

const MONDAY: i64 = 4 * DAY;

/// Returns the start of the UTC window an instant lies in: a part of a day, or whole days counted
/// from Monday 1970-01-05.
pub(crate) fn aligned(time: i64, every: i64) -> i64 {
    (time - MONDAY).div_euclid(every) * every + MONDAY
}

/// Returns the start of the window an instant lies in, in a zone.
pub(crate) fn start(time: i64, every: i64, name: Option<&str>) -> Answer<i64> {
    if DAY % every != 0 && every % DAY != 0 {
        return unsupported("`each` with a span that neither divides a day nor is whole days");
    }
    let Some(name) = name else {
        return Ok(aligned(time, every));
    };
    let tz = zone(name)?;
    let day = local(time, tz)?.date_naive();
    if every <= DAY {
        let midnight = midnight(day, tz)?;
        return Ok(midnight + (time - midnight).div_euclid(every) * every);
    }
    let monday = NaiveDate::from_ymd_opt(1970, 1, 5).unwrap_or_default();
    let into =
        i64::from(day.num_days_from_ce() - monday.num_days_from_ce()).rem_euclid(every / DAY);
    match day.checked_sub_days(Days::new(into.unsigned_abs())) {
        Some(first) => midnight(first, tz),
        None => unsupported("a window before all time"),
    }
}

/// Returns the end of a window that starts at an instant.
pub(crate) fn end(from: i64, every: i64, name: Option<&str>) -> Answer<i64> {
    let Some(name) = name else {
        return Ok(from + every);
    };
    let tz = zone(name)?;
    let days = (every + DAY - 1) / DAY;
    let next = local(from, tz)?
        .date_naive()
        .checked_add_days(Days::new(days.unsigned_abs()));
    let Some(next) = next else {
        return unsupported("a window after all time");
    };
    let midnight = midnight(next, tz)?;
    Ok(if every < DAY {
        midnight.min(from + every)
    } else {
        midnight
    })
}

/// Returns the number of the session of each time; times are in order.
pub(crate) fn sessions(times: &[i64], gap: i64, up_to: i64) -> Vec<usize> {
    let mut numbers = Vec::new();
    let mut number = 0;
    let mut first = None;
    let mut last = None;
    for time in times {
        let silent = last.is_some_and(|last| time - last > gap);
        let long = first.is_some_and(|first| time - first > up_to);
        if silent || long {
            number += 1;
            first = None;
        }
        first = first.or(Some(*time));
        last = Some(*time);
        numbers.push(number);
    }
    numbers
}
