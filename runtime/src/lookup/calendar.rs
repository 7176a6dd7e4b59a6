//! Calendars: whether an instant lies in weekly spans or in intervals of a table.
//!
//! Apart from tables because time on the wall has rules of its own.
//!
//! A weekly span is asked of the clock on the wall: an instant lies in `08:00-18:30` if clocks of the
//! zone show a time from 08:00 on and before 18:30. So a night from 22:00 to 06:00 has seven hours
//! when clocks go forward, nine when they go back, and an hour that comes twice counts both times.

use ahash::HashMap;
use muster_lang::ir::{self, Days, Program};
use muster_lang::time::LocalTime;
use muster_lang::units::Timestamp;
use muster_lang::value::{Value, fold};

use super::clock::Clock;
use super::error::{Fault, LookupError};
use super::table::{Table, Validity, key_text, shown, time_or};

/// A calendar in memory.
#[derive(Debug)]
pub(super) struct Calendar {
    clock: Clock,
    weekly: Vec<Span>,
    intervals: Option<Intervals>,
}

/// A weekly span, with the days it leaves out.
#[derive(Debug)]
struct Span {
    days: u8,
    start: i64,
    end: i64,
    /// By days since 1970-01-01.
    except: HashMap<i64, Vec<Validity>>,
}

/// Intervals from a table.
#[derive(Debug)]
struct Intervals {
    is_keyed: bool,
    by_key: HashMap<Box<str>, Vec<Interval>>,
}

/// A row of intervals.
#[derive(Clone, Copy, Debug)]
struct Interval {
    start: Timestamp,
    end: Timestamp,
    valid: Validity,
    /// The latest end of this and of all that start before it.
    latest_end: Timestamp,
}

impl Calendar {
    /// Returns a calendar over tables that were read, in the order of the program.
    pub(super) fn new(
        program: &Program,
        tables: &[Table],
        declared: &ir::Calendar,
    ) -> Result<Self, LookupError> {
        let clock = Clock::of(declared.zone.as_deref())
            .map_err(|reason| LookupError::of("calendar", &declared.name, reason))?;
        let mut weekly = Vec::new();
        for span in &declared.weekly {
            let except = match span.except {
                None => HashMap::default(),
                Some(days) => excepted(program, tables, days, &clock)?,
            };
            weekly.push(Span {
                days: span.days,
                start: span.start,
                end: span.end,
                except,
            });
        }
        let intervals =
            match &declared.intervals {
                None => None,
                Some(from) => match tables.get(from.table.index()) {
                    None => None,
                    Some(table) => Some(Intervals::new(table, from, &clock).map_err(|fault| {
                        LookupError::of_table(&program.tables[from.table], fault)
                    })?),
                },
            };
        Ok(Self {
            clock,
            weekly,
            intervals,
        })
    }

    /// Tells whether an instant lies inside; `None` for a key of which nothing is known.
    pub(super) fn holds(&self, time: Timestamp, key: Option<&Value>) -> Option<bool> {
        if self
            .weekly
            .iter()
            .any(|span| span.holds(time, self.clock.local(time)))
        {
            return Some(true);
        }
        self.intervals
            .as_ref()
            .map_or(Some(false), |intervals| intervals.hold(time, key))
    }
}

impl Span {
    fn holds(&self, time: Timestamp, local: LocalTime) -> bool {
        let LocalTime {
            days: today,
            micros,
        } = local;
        if self.start < self.end {
            return (self.start..self.end).contains(&micros) && self.starts(today, time);
        }
        micros >= self.start && self.starts(today, time)
            || micros < self.end && self.starts(today - 1, time)
    }

    /// Tells whether the span starts on a day.
    fn starts(&self, day: i64, time: Timestamp) -> bool {
        let weekday = LocalTime {
            days: day,
            micros: 0,
        }
        .weekday();
        let left_out = self.except.get(&day);
        self.days >> weekday & 1 == 1
            && !left_out.is_some_and(|rows| rows.iter().any(|row| row.holds(time)))
    }
}

fn excepted(
    program: &Program,
    tables: &[Table],
    days: Days,
    clock: &Clock,
) -> Result<HashMap<i64, Vec<Validity>>, LookupError> {
    let mut dates: HashMap<i64, Vec<Validity>> = HashMap::default();
    let mut add = |place: usize, day: &Value, valid: Validity| {
        if day.is_missing() {
            return Ok(());
        }
        let date = clock.day(day).ok_or_else(|| {
            Fault::of_row(
                place,
                format!("expected a date like `2026-12-25`, found `{}`", shown(day)),
            )
        })?;
        dates.entry(date).or_default().push(valid);
        Ok(())
    };
    match days {
        Days::Table(table) => {
            let rows = tables.get(table.index());
            for (place, day) in rows.iter().flat_map(|rows| rows.keys().enumerate()) {
                let valid = rows.map_or(Validity::ALWAYS, |rows| rows.validity(place));
                add(place, day, valid)
                    .map_err(|fault| LookupError::of_table(&program.tables[table], fault))?;
            }
        }
        Days::List(list) => {
            let list = &program.lists[list];
            for (place, day) in list.items.iter().enumerate() {
                add(place, day, Validity::ALWAYS)
                    .map_err(|fault| LookupError::of("list", &list.name, fault.reason))?;
            }
        }
    }
    Ok(dates)
}

impl Intervals {
    fn new(table: &Table, from: &ir::Intervals, clock: &Clock) -> Result<Self, Fault> {
        let column = |name: &str| table.required(name).map_err(Fault::of_file);
        let (starts, ends) = (
            table.cells(column(&from.start)?),
            table.cells(column(&from.end)?),
        );
        let key = from.per.as_ref().map(|per| column(per)).transpose()?;
        let mut keys = key.map(|key| table.cells(key));
        let mut by_key: HashMap<Box<str>, Vec<Interval>> = HashMap::default();
        for (place, (start, end)) in starts.zip(ends).enumerate() {
            let key = keys.as_mut().and_then(Iterator::next).map(key_text);
            let interval = interval(place, (start, end), table.validity(place), clock)?;
            match key {
                None => by_key.entry(Box::default()).or_default().push(interval),
                Some(Some(key)) => {
                    by_key.entry(fold(&key).into()).or_default().push(interval);
                }
                // A row without a key is of nobody.
                Some(None) => {}
            }
        }
        by_key.values_mut().for_each(|intervals| sort(intervals));
        Ok(Self {
            is_keyed: key.is_some(),
            by_key,
        })
    }

    fn hold(&self, time: Timestamp, key: Option<&Value>) -> Option<bool> {
        if !self.is_keyed {
            return Some(
                self.by_key
                    .get("")
                    .is_some_and(|intervals| one_holds(intervals, time)),
            );
        }
        let intervals = self.by_key.get(&*fold(&key_text(key?)?))?;
        if one_holds(intervals, time) {
            return Some(true);
        }
        intervals
            .iter()
            .any(|interval| interval.valid.holds(time))
            .then_some(false)
    }
}

fn interval(
    place: usize,
    (start, end): (&Value, &Value),
    valid: Validity,
    clock: &Clock,
) -> Result<Interval, Fault> {
    let fault = |found: String| {
        Fault::of_row(
            place,
            format!("expected the time of an interval, found `{found}`"),
        )
    };
    if start.is_missing() {
        return Err(Fault::of_row(
            place,
            "expected a start of the interval, found none",
        ));
    }
    let start = time_or(start, Validity::ALWAYS.from, clock).map_err(fault)?;
    // What has no end goes on.
    let end = time_or(end, Validity::ALWAYS.to, clock).map_err(fault)?;
    if end < start {
        return Err(Fault::of_row(
            place,
            "expected an interval, found an end before its start",
        ));
    }
    Ok(Interval {
        start,
        end,
        valid,
        latest_end: end,
    })
}

fn sort(intervals: &mut [Interval]) {
    intervals.sort_by_key(|interval| interval.start);
    let mut latest = Validity::ALWAYS.from;
    for interval in intervals {
        latest = latest.max(interval.end);
        interval.latest_end = latest;
    }
}

fn one_holds(intervals: &[Interval], time: Timestamp) -> bool {
    let started = intervals.partition_point(|interval| interval.start <= time);
    let started = intervals.get(..started).unwrap_or_default().iter().rev();
    let mut open = started.take_while(|interval| time < interval.latest_end);
    open.any(|interval| time < interval.end && interval.valid.holds(time))
}
