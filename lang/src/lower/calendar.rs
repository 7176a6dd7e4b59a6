//! Calendars: weekly spans with their zone, and intervals from a table.
//!
//! Apart from tables because days and zones are checked here and nowhere else.

use chrono::NaiveDate;

use crate::check::Checker;
use crate::diagnostic::{Code, Diagnostic};
use crate::file::Span;
use crate::ir::{self, Days, Intervals, WeeklySpan};
use crate::resolve::{Declared, Global};
use crate::syntax::ast::{self, CalendarLineKind, CalendarSpan, LiteralKind, Name};
use crate::units::DAY;

impl Checker<'_> {
    pub(super) fn lower_calendars(&mut self, declared: &Declared<'_>) {
        for (calendar, span) in &declared.calendars {
            let lowered = self.lower_calendar(calendar, *span);
            self.program.calendars.add(lowered);
        }
    }

    fn lower_calendar(&mut self, calendar: &ast::Calendar, span: Span) -> ir::Calendar {
        let name = calendar.name.text.as_str().into();
        let mut lowered = ir::Calendar {
            name,
            zone: None,
            weekly: Vec::new(),
            intervals: None,
            span,
        };
        let mut zones = 0;
        for line in &calendar.lines {
            match &line.kind {
                CalendarLineKind::Zone(zone) => {
                    zones += 1;
                    lowered.zone = self.zone(&zone.value, zone.span);
                    self.only_once(zones, "zone", line.span);
                }
                CalendarLineKind::Days { items, except } => {
                    let except = except.as_ref().and_then(|name| self.days(name));
                    for item in items {
                        lowered.weekly.extend(self.weekly(item, except));
                    }
                }
                CalendarLineKind::From {
                    table,
                    start,
                    end,
                    per,
                } => {
                    if lowered.intervals.is_some() {
                        self.only_once(2, "from", line.span);
                    }
                    let table = self.table(table);
                    lowered.intervals = table.map(|table| Intervals {
                        table,
                        start: start.text.as_str().into(),
                        end: end.text.as_str().into(),
                        per: per.as_ref().map(|per| per.text.as_str().into()),
                    });
                }
            }
        }
        self.report_empty_calendar(calendar);
        lowered
    }

    fn only_once(&mut self, count: usize, word: &str, span: Span) {
        if count > 1 {
            let message = format!("a calendar has one line `{word}`, found another");
            self.report(Diagnostic::error(Code::Twice, span, message));
        }
    }

    fn report_empty_calendar(&mut self, calendar: &ast::Calendar) {
        let weekly = |line: &ast::CalendarLine| matches!(line.kind, CalendarLineKind::Days { .. });
        let from = |line: &ast::CalendarLine| matches!(line.kind, CalendarLineKind::From { .. });
        let (weekly, from) = (
            calendar.lines.iter().any(weekly),
            calendar.lines.iter().any(from),
        );
        let name = &calendar.name;
        if weekly == from {
            let message = if weekly {
                format!(
                    "calendar `{}` has both weekly days and intervals of a table",
                    name.text
                )
            } else {
                format!("calendar `{}` has no days", name.text)
            };
            let diagnostic = Diagnostic::error(Code::BadCalendar, name.span, message);
            self.report(if weekly {
                diagnostic.help("make two calendars of it")
            } else {
                diagnostic.help("write a line such as `mon-fri 08:00-18:30`")
            });
        }
    }

    fn weekly(&mut self, item: &CalendarSpan, except: Option<Days>) -> Option<WeeklySpan> {
        if item.start < 0 || item.start >= DAY || item.end > DAY || item.end < 0 {
            let message = "expected times between 00:00 and 24:00";
            self.report(Diagnostic::error(Code::BadCalendar, item.span, message));
            return None;
        }
        let days = item
            .days
            .iter()
            .fold(0, |days, (first, last)| days | day_bits(*first, *last));
        Some(WeeklySpan {
            days,
            start: item.start,
            end: item.end,
            except,
        })
    }

    /// Returns the table or list whose dates are left out.
    fn days(&mut self, name: &Name) -> Option<Days> {
        match self.names.globals.get(name.text.as_str()).copied() {
            Some(Global::List(list)) => {
                let items = self.names.lists.get(list.index())?.items;
                for item in items {
                    let fits = match &item.kind {
                        LiteralKind::Text { value, .. } => is_date(value),
                        LiteralKind::Instant(_) => true,
                        LiteralKind::Int(_)
                        | LiteralKind::Float(_)
                        | LiteralKind::Percent(_)
                        | LiteralKind::Duration(_)
                        | LiteralKind::Quantity { .. }
                        | LiteralKind::Bool(_)
                        | LiteralKind::Clock(_) => false,
                    };
                    if !fits {
                        let message = format!("expected a date, found `{}`", self.quote(item.span));
                        let diagnostic = Diagnostic::error(Code::BadCalendar, item.span, message);
                        self.report(diagnostic.help("write it as `\"2026-12-25\"`"));
                    }
                }
                Some(Days::List(list))
            }
            Some(
                Global::Table(_)
                | Global::Calendar(_)
                | Global::Memory(_)
                | Global::Param(_)
                | Global::Identity(_),
            )
            | None => self.table(name).map(Days::Table),
        }
    }
}

/// Returns the days of a range as bits, Monday is bit 0; a range may go over Sunday.
fn day_bits(first: u8, last: u8) -> u8 {
    let (first, last) = (first % 7, last % 7);
    let last = if last < first { last + 7 } else { last };
    (first..=last).fold(0, |days, day| days | 1 << (day % 7))
}

fn is_date(text: &str) -> bool {
    NaiveDate::parse_from_str(text, "%Y-%m-%d").is_ok()
}

#[cfg(test)]
mod tests {
    use super::day_bits;

    #[test]
    fn a_range_of_days_may_go_over_sunday() {
        assert_eq!(day_bits(0, 4), 0b001_1111);
        assert_eq!(day_bits(5, 0), 0b110_0001);
        assert_eq!(day_bits(6, 6), 0b100_0000);
    }
}
