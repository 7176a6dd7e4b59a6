//! Calendars, on the nights that clocks change most of all.
//!
//! Apart because time on the wall needs its own table of cases.

use super::*;
use muster_lang::ir::{Days, Intervals, WeeklySpan};
use muster_lang::units::{DAY, SECOND};

const HOUR: i64 = 3_600 * SECOND;
const WEEKDAYS: u8 = 0b001_1111;
const EVERY_DAY: u8 = 0b111_1111;

fn weekly(days: u8, start: i64, end: i64, except: Option<Days>) -> WeeklySpan {
    WeeklySpan {
        days,
        start,
        end,
        except,
    }
}

fn calendar(builder: &mut Builder, zone: Option<&str>, weekly: Vec<WeeklySpan>) -> CalendarId {
    builder.program.calendars.add(ir::Calendar {
        name: "office".into(),
        zone: zone.map(Into::into),
        weekly,
        intervals: None,
        span: Span::default(),
    })
}

/// Asserts of a calendar with one weekly span in Madrid what lies inside.
fn madrid(span: WeeklySpan, cases: &[(&str, bool)]) {
    let mut builder = Builder::default();
    let calendar = calendar(&mut builder, Some("Europe/Madrid"), vec![span]);
    let lookups = builder.loaded();
    for (time, expected) in cases {
        assert_eq!(
            lookups.during(calendar, at(time), None),
            Some(*expected),
            "{time}"
        );
    }
}

#[test]
fn office_hours_begin_with_their_start_and_end_before_their_end() {
    // Monday 2026-01-05; Madrid is an hour ahead of UTC in winter, two in summer.
    madrid(
        weekly(WEEKDAYS, 8 * HOUR, 18 * HOUR + HOUR / 2, None),
        &[
            ("2026-01-05T06:59:59.999999Z", false),
            ("2026-01-05T07:00:00Z", true),
            ("2026-01-05T17:29:59.999999Z", true),
            ("2026-01-05T17:30:00Z", false),
            ("2026-07-06T05:59:59Z", false),
            ("2026-07-06T06:00:00Z", true),
            ("2026-07-06T16:30:00Z", false),
            ("2026-01-10T10:00:00Z", false),
            ("2026-01-11T10:00:00Z", false),
            ("2026-01-09T10:00:00Z", true),
        ],
    );
}

#[test]
fn a_span_past_midnight_belongs_to_the_day_it_starts_on() {
    // Fridays from 22:00 to 06:00; Friday is 2026-01-09.
    madrid(
        weekly(0b001_0000, 22 * HOUR, 6 * HOUR, None),
        &[
            ("2026-01-09T04:00:00Z", false),
            ("2026-01-09T20:59:59Z", false),
            ("2026-01-09T21:00:00Z", true),
            ("2026-01-09T23:30:00Z", true),
            ("2026-01-10T04:59:59Z", true),
            ("2026-01-10T05:00:00Z", false),
            ("2026-01-10T21:30:00Z", false),
        ],
    );
}

#[test]
fn twenty_four_hundred_is_the_end_of_the_day() {
    madrid(
        weekly(0b100_0000, 0, DAY, None),
        &[
            ("2026-01-10T22:59:59.999999Z", false),
            ("2026-01-10T23:00:00Z", true),
            ("2026-01-11T22:59:59.999999Z", true),
            ("2026-01-11T23:00:00Z", false),
        ],
    );
    // From eight to eight is a whole day.
    madrid(
        weekly(0b000_0001, 8 * HOUR, 8 * HOUR, None),
        &[
            ("2026-01-05T06:59:59Z", false),
            ("2026-01-05T07:00:00Z", true),
            ("2026-01-06T06:59:59Z", true),
            ("2026-01-06T07:00:00Z", false),
        ],
    );
}

#[test]
fn the_night_clocks_go_forward_is_an_hour_shorter() {
    // 2026-03-29 in Madrid: after 01:59:59 (00:59:59Z) comes 03:00:00 (01:00:00Z).
    madrid(
        weekly(EVERY_DAY, 22 * HOUR, 6 * HOUR, None),
        &[
            ("2026-03-28T20:59:59Z", false),
            ("2026-03-28T21:00:00Z", true),
            ("2026-03-29T00:59:59Z", true),
            ("2026-03-29T01:00:00Z", true),
            ("2026-03-29T03:59:59Z", true),
            ("2026-03-29T04:00:00Z", false),
        ],
    );
    madrid(
        weekly(EVERY_DAY, 2 * HOUR, 3 * HOUR, None),
        &[
            ("2026-03-29T00:59:59Z", false),
            ("2026-03-29T01:00:00Z", false),
        ],
    );
    madrid(
        weekly(EVERY_DAY, 2 * HOUR + HOUR / 2, 4 * HOUR, None),
        &[
            ("2026-03-29T00:59:59Z", false),
            ("2026-03-29T01:00:00Z", true),
            ("2026-03-29T02:00:00Z", false),
        ],
    );
}

#[test]
fn the_hour_that_comes_twice_counts_both_times() {
    // 2026-10-25 in Madrid: after 02:59:59 (00:59:59Z) comes 02:00:00 (01:00:00Z).
    madrid(
        weekly(EVERY_DAY, 2 * HOUR, 3 * HOUR, None),
        &[
            ("2026-10-24T23:59:59Z", false),
            ("2026-10-25T00:00:00Z", true),
            ("2026-10-25T00:59:59Z", true),
            ("2026-10-25T01:00:00Z", true),
            ("2026-10-25T01:59:59Z", true),
            ("2026-10-25T02:00:00Z", false),
        ],
    );
    madrid(
        weekly(EVERY_DAY, 2 * HOUR, 2 * HOUR + HOUR / 2, None),
        &[
            ("2026-10-25T00:15:00Z", true),
            ("2026-10-25T00:45:00Z", false),
            ("2026-10-25T01:15:00Z", true),
            ("2026-10-25T01:45:00Z", false),
        ],
    );
}

#[test]
fn days_left_out_are_days_of_the_zone_on_which_a_span_starts() {
    let mut builder = Builder::default();
    let file =
        "day,name\n2026-01-06,Reyes\n\n2026-04-02T22:30:00Z,Viernes Santo\n2026-01-06,again\n";
    let holidays = builder.table("holidays.csv", TableMode::Exact, "day", file);
    let span = weekly(WEEKDAYS, 22 * HOUR, 6 * HOUR, Some(Days::Table(holidays)));
    let nights = calendar(&mut builder, Some("Europe/Madrid"), vec![span]);
    let list = builder.program.lists.add(ir::List {
        name: "bridge".into(),
        items: vec![text("2026-01-05"), Value::Time(at("2026-01-06T23:30:00Z"))],
        span: Span::default(),
    });
    let span = weekly(EVERY_DAY, 0, DAY, Some(Days::List(list)));
    let bridge = calendar(&mut builder, Some("Europe/Madrid"), vec![span]);
    let lookups = builder.loaded();
    for (calendar, time, expected) in [
        (nights, "2026-01-05T22:00:00Z", true),
        (nights, "2026-01-06T04:00:00Z", true),
        (nights, "2026-01-06T21:30:00Z", false),
        (nights, "2026-01-07T04:00:00Z", false),
        (nights, "2026-01-07T21:30:00Z", true),
        (nights, "2026-04-02T20:30:00Z", true),
        (nights, "2026-04-03T20:30:00Z", false),
        (bridge, "2026-01-05T12:00:00Z", false),
        (bridge, "2026-01-06T12:00:00Z", true),
        (bridge, "2026-01-07T12:00:00Z", false),
    ] {
        assert_eq!(
            lookups.during(calendar, at(time), None),
            Some(expected),
            "{time}"
        );
    }
}

#[test]
fn several_spans_add_up() {
    let mut builder = Builder::default();
    let spans = vec![
        weekly(0b000_0001, 8 * HOUR, 12 * HOUR, None),
        weekly(0b000_0001, 13 * HOUR, 17 * HOUR, None),
    ];
    let calendar = calendar(&mut builder, None, spans);
    let lookups = builder.loaded();
    for (time, expected) in [
        ("2026-01-05T11:59:59Z", true),
        ("2026-01-05T12:30:00Z", false),
        ("2026-01-05T13:00:00Z", true),
    ] {
        assert_eq!(
            lookups.during(calendar, at(time), None),
            Some(expected),
            "{time}"
        );
    }
}

fn intervals(file: &str, per: Option<&str>, zone: Option<&str>) -> (Builder, CalendarId) {
    let mut builder = Builder::default();
    let table = builder.table("change_log.csv", TableMode::Exact, "id", file);
    let calendar = builder.program.calendars.add(ir::Calendar {
        name: "changes".into(),
        zone: zone.map(Into::into),
        weekly: Vec::new(),
        intervals: Some(Intervals {
            table,
            start: "starts".into(),
            end: "ends".into(),
            per: per.map(Into::into),
        }),
        span: Span::default(),
    });
    (builder, calendar)
}

const CHANGES: &str = "id,asset,starts,ends\n\
    1,srv-1,2026-01-05T08:00:00Z,2026-01-05T20:00:00Z\n\
    2,SRV-1,2026-01-05T09:00:00Z,2026-01-05T10:00:00Z\n\
    3,srv-2,2026-01-06 08:00,2026-01-06 09:00\n\
    4,srv-3,2026-01-06,\n\
    5,,2026-01-01,2027-01-01\n";

#[test]
fn intervals_are_those_of_the_key_and_half_open() {
    let (builder, changes) = intervals(CHANGES, Some("asset"), Some("Europe/Madrid"));
    let lookups = builder.loaded();
    for (key, time, expected) in [
        ("srv-1", "2026-01-05T07:59:59Z", Some(false)),
        ("srv-1", "2026-01-05T08:00:00Z", Some(true)),
        ("srv-1", "2026-01-05T15:00:00Z", Some(true)),
        ("srv-1", "2026-01-05T20:00:00Z", Some(false)),
        ("srv-2", "2026-01-06T06:59:59Z", Some(false)),
        ("SRV-2", "2026-01-06T07:00:00Z", Some(true)),
        ("srv-2", "2026-01-06T08:00:00Z", Some(false)),
        ("srv-3", "2026-01-05T22:59:59Z", Some(false)),
        ("srv-3", "2036-01-06T00:00:00Z", Some(true)),
        ("srv-9", "2026-01-05T08:00:00Z", None),
        ("", "2026-01-05T08:00:00Z", None),
    ] {
        assert_eq!(
            lookups.during(changes, at(time), Some(&text(key))),
            expected,
            "{key} {time}"
        );
    }
    let time = at("2026-01-05T08:00:00Z");
    assert_eq!(lookups.during(changes, time, None), None);
    assert_eq!(lookups.during(changes, time, Some(&Value::Missing)), None);
    assert_eq!(lookups.during(CalendarId(7), time, None), None);
}

#[test]
fn intervals_without_a_key_hold_for_all() {
    let (builder, changes) = intervals(CHANGES, None, None);
    let lookups = builder.loaded();
    assert_eq!(
        lookups.during(changes, at("2026-07-01T00:00:00Z"), None),
        Some(true)
    );
    assert_eq!(
        lookups.during(changes, at("2025-12-31T23:59:59Z"), None),
        Some(false)
    );
}

#[test]
fn a_row_of_intervals_that_is_not_valid_is_not_known() {
    let file = "id,asset,starts,ends,valid_from,valid_to\n\
        1,a,2026-01-01,2026-02-01,2026-01-10,2026-01-20\n";
    let (builder, changes) = intervals(file, Some("asset"), None);
    let lookups = builder.loaded();
    let during = |time| lookups.during(changes, at(time), Some(&text("a")));
    assert_eq!(during("2026-01-05T00:00:00Z"), None);
    assert_eq!(during("2026-01-15T00:00:00Z"), Some(true));
    assert_eq!(during("2026-01-20T00:00:00Z"), None);
}

#[test]
fn many_intervals_are_searched_as_one_by_one() {
    // Interval n starts at 10 n seconds and lasts (n * 7 % 50) seconds.
    let moment = |seconds: i64| Timestamp(1_767_571_200_000_000 + seconds * SECOND);
    let spans: Vec<(i64, i64)> = (0..200).map(|n| (10 * n, 10 * n + n * 7 % 50)).collect();
    let rows: String = spans
        .iter()
        .rev()
        .map(|(start, end)| {
            let time = |at: i64| muster_lang::time::format_rfc3339(moment(at));
            format!("x,{},{}\n", time(*start), time(*end))
        })
        .collect();
    let (builder, changes) = intervals(&format!("id,starts,ends\n{rows}"), None, None);
    let lookups = builder.loaded();
    for second in -5..2_100 {
        let expected = spans
            .iter()
            .any(|(start, end)| (*start..*end).contains(&second));
        assert_eq!(
            lookups.during(changes, moment(second), None),
            Some(expected),
            "{second}"
        );
    }
}

#[test]
fn faults_of_a_calendar_are_told() {
    for (rows, expected) in [
        (
            "1,a,,2026-01-01\n",
            "row 1: expected a start of the interval, found none",
        ),
        (
            "1,a,x,2026-01-01\n",
            "row 1: expected the time of an interval, found `x`",
        ),
        (
            "1,a,2026-01-01,y\n",
            "row 1: expected the time of an interval, found `y`",
        ),
        (
            "1,a,2026-01-02,2026-01-01\n",
            "row 1: expected an interval, found an end before its start",
        ),
    ] {
        let (builder, _) = intervals(
            &format!("id,asset,starts,ends\n{rows}"),
            Some("asset"),
            None,
        );
        assert_eq!(
            builder.faults(),
            [format!(
                "table `change_log`, file `change_log.csv`, {expected}"
            )]
        );
    }
    let (builder, _) = intervals("id,starts,end\n", Some("asset"), None);
    let expected = "table `change_log`, file `change_log.csv`: expected a column `ends`, found `id`, `starts`, `end`";
    assert_eq!(builder.faults(), [expected]);
    let (builder, _) = intervals(CHANGES, None, Some("Europe/Atlantis"));
    let faults = builder.faults().join("");
    assert!(
        faults.starts_with("calendar `changes`: ") && faults.contains("Europe/Atlantis"),
        "{faults}"
    );
    let mut builder = Builder::default();
    let days = builder.table(
        "holidays.csv",
        TableMode::Exact,
        "day",
        "day\n2026-01-06\nxmas\n",
    );
    calendar(
        &mut builder,
        None,
        vec![weekly(1, 0, DAY, Some(Days::Table(days)))],
    );
    let expected = "table `holidays`, file `holidays.csv`, row 2: expected a date like `2026-12-25`, found `xmas`";
    assert_eq!(builder.faults(), [expected]);
}
