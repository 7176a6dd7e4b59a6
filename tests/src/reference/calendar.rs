//! Calendars of weekdays and spans of the day.
//!
//! Apart from expressions because local time is a subject of its own.

use std::str::FromStr;

use chrono::{DateTime, Datelike, Days, NaiveDate, TimeZone, Timelike, Utc};
use chrono_tz::Tz;
use muster_lang::syntax::ast::{CalendarLineKind, CalendarSpan, Expr};
use muster_lang::units::{DAY, SECOND};
use muster_lang::value::Value;

use super::program::Program;
use super::value::Truth;
use super::{Answer, unsupported};

/// Returns a time zone.
pub(crate) fn zone(name: &str) -> Answer<Tz> {
    match Tz::from_str(name) {
        Ok(zone) => Ok(zone),
        Err(_) => unsupported(format!("the zone `{name}`")),
    }
}

/// Returns an instant in a zone.
pub(crate) fn local(micros: i64, zone: Tz) -> Answer<DateTime<Tz>> {
    match DateTime::<Utc>::from_timestamp_micros(micros) {
        Some(time) => Ok(time.with_timezone(&zone)),
        None => unsupported("an instant out of range"),
    }
}

/// Returns the instant at which a local day begins.
pub(crate) fn midnight(day: NaiveDate, zone: Tz) -> Answer<i64> {
    for hour in 0..24 {
        let found = day
            .and_hms_opt(hour, 0, 0)
            .and_then(|start| zone.from_local_datetime(&start).earliest());
        if let Some(start) = found {
            return Ok(start.timestamp_micros());
        }
    }
    unsupported("a day without a midnight")
}

/// Tells whether a time lies inside a calendar.
pub(crate) fn during(
    program: &Program<'_>,
    time: &Value,
    name: &str,
    key: Option<&Expr>,
) -> Answer<Truth> {
    let Value::Time(time) = time else {
        return Ok(Truth::Unknown);
    };
    let Some(calendar) = program.calendars.get(name) else {
        return unsupported(format!("the calendar `{name}`"));
    };
    if key.is_some() {
        return unsupported("a calendar with a key");
    }
    let mut tz = Tz::UTC;
    for line in &calendar.lines {
        if let CalendarLineKind::Zone(name) = &line.kind {
            tz = zone(&name.value)?;
        }
    }
    let mut verdict = Truth::False;
    for line in &calendar.lines {
        match &line.kind {
            CalendarLineKind::Zone(_) => {}
            CalendarLineKind::Days {
                items,
                except: None,
            } => {
                let now = local(time.0, tz)?;
                let inside = items.iter().any(|span| covers(span, &now));
                verdict = verdict.or(Truth::of(inside));
            }
            CalendarLineKind::Days { .. } | CalendarLineKind::From { .. } => {
                return unsupported("a calendar with a table");
            }
        }
    }
    Ok(verdict)
}

/// A span whose end is not after its start ends on the next day.
fn covers(span: &CalendarSpan, now: &DateTime<Tz>) -> bool {
    let clock = i64::from(now.num_seconds_from_midnight()) * SECOND
        + i64::from(now.timestamp_subsec_micros());
    let on = |day: Option<NaiveDate>| {
        day.is_some_and(|day| {
            let weekday = u8::try_from(day.weekday().num_days_from_monday()).unwrap_or(7);
            span.days
                .iter()
                .any(|(first, last)| in_days(*first, *last, weekday))
        })
    };
    let today = now.date_naive();
    let end = if span.end > span.start {
        span.end
    } else {
        span.end + DAY
    };
    let same_day = on(Some(today)) && span.start <= clock && clock < end;
    let day_before = on(today.checked_sub_days(Days::new(1))) && clock + DAY < end;
    same_day || day_before
}

fn in_days(first: u8, last: u8, day: u8) -> bool {
    if first <= last {
        (first..=last).contains(&day)
    } else {
        day >= first || day <= last
    }
}
