//! Calendars: weekdays with spans of the day, and intervals of a table.
//!
//! Apart from expressions because local time is a subject of its own.

use std::str::FromStr;

use chrono::{DateTime, Datelike, Days, NaiveDate, TimeZone, Timelike, Utc};
use chrono_tz::Tz;
use muster_lang::syntax::ast::{CalendarLineKind, CalendarSpan, Expr};
use muster_lang::units::{DAY, SECOND};
use muster_lang::value::Value;

use super::convert::instant;
use super::expression::value;
use super::names::{Expected, Scope};
use super::table::{Row, is_key};
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
    time: &Value,
    name: &str,
    key: Option<&Expr>,
    scope: Scope<'_>,
) -> Answer<Truth> {
    let key = match key {
        Some(key) => match value(key, scope, &Expected::Nothing)? {
            Value::Missing => return Ok(Truth::Unknown),
            found => Some(found),
        },
        None => None,
    };
    let Value::Time(time) = time else {
        return Ok(Truth::Unknown);
    };
    let Some(calendar) = scope.world.program.calendars.get(name) else {
        return unsupported(format!("the calendar `{name}`"));
    };
    let mut tz = Tz::UTC;
    for line in &calendar.lines {
        if let CalendarLineKind::Zone(name) = &line.kind {
            tz = zone(&name.value)?;
        }
    }
    let mut verdict = Truth::False;
    for line in &calendar.lines {
        let one = match &line.kind {
            CalendarLineKind::Zone(_) => Truth::False,
            CalendarLineKind::Days { items, except } => {
                let left_out = match except {
                    Some(name) => dates(&name.text, time.0, tz, scope)?,
                    None => Vec::new(),
                };
                let now = local(time.0, tz)?;
                Truth::of(items.iter().any(|span| covers(span, &now, &left_out)))
            }
            CalendarLineKind::From {
                table,
                start,
                end,
                per,
            } => {
                let per = per.as_ref().map(|per| per.text.as_str()).zip(key.as_ref());
                let rows = rows(&table.text, time.0, per, scope)?;
                let bound = |row: &Row, column: &str| instant(&row.cell(column), tz);
                let inside = rows.iter().any(|row| {
                    bound(row, &start.text).is_some_and(|start| start <= time.0)
                        && bound(row, &end.text).is_none_or(|end| time.0 < end)
                });
                if per.is_some() && rows.is_empty() {
                    Truth::Unknown
                } else {
                    Truth::of(inside)
                }
            }
        };
        verdict = verdict.or(one);
    }
    Ok(verdict)
}

/// The rows of a table that are valid at a time, those of a key where there is one.
fn rows<'s>(
    table: &str,
    at: i64,
    key: Option<(&str, &Value)>,
    scope: Scope<'s>,
) -> Answer<Vec<&'s Row>> {
    let Some(table) = scope.world.program.tables.get(table) else {
        return unsupported(format!("the table `{table}`"));
    };
    let rows = table.rows().iter().filter(|row| row.is_valid(Some(at)));
    let of_key = |row: &&Row| match key {
        Some((column, key)) => row.text(column).is_some_and(|own| is_key(&own, key)),
        None => true,
    };
    Ok(rows.filter(of_key).collect())
}

/// The days that a table or a list names, in a zone.
fn dates(name: &str, at: i64, tz: Tz, scope: Scope<'_>) -> Answer<Vec<NaiveDate>> {
    let program = scope.world.program;
    let values = match (program.tables.get(name), program.lists.get(name)) {
        (Some(table), _) => {
            let valid = table.rows().iter().filter(|row| row.is_valid(Some(at)));
            valid.map(|row| row.cell(table.key_column())).collect()
        }
        (None, Some(list)) => list.clone(),
        (None, None) => return unsupported(format!("no days in `{name}`")),
    };
    let days = values.iter().filter_map(|day| instant(day, tz));
    days.map(|start| Ok(local(start, tz)?.date_naive()))
        .collect()
}

/// A span whose end is not after its start ends on the next day.
/// The day on which it starts decides whether it is left out.
fn covers(span: &CalendarSpan, now: &DateTime<Tz>, left_out: &[NaiveDate]) -> bool {
    let clock = i64::from(now.num_seconds_from_midnight()) * SECOND
        + i64::from(now.timestamp_subsec_micros());
    let on = |day: Option<NaiveDate>| {
        day.is_some_and(|day| {
            if left_out.contains(&day) {
                return false;
            }
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
