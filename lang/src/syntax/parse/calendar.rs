//! Calendars.
//!
//! Apart from other declarations because days and spans of the day occur nowhere else.

use crate::syntax::ast::{Calendar, CalendarLine, CalendarLineKind, CalendarSpan};
use crate::syntax::parse::Node;
use crate::syntax::parse::builder::Builder;
use crate::syntax::parse::grammar::{self, Rule};

/// The days of the week, Monday first.
pub const DAYS: &[&str] = &["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

impl Builder<'_> {
    pub(super) fn calendar(&mut self, node: &Node<'_>) -> Option<Calendar> {
        let name = self.named(node, Rule::name)?;
        let lines: Option<Vec<CalendarLine>> = grammar::children(node, Rule::calendar_line)
            .map(|line| self.calendar_line(&line))
            .collect();
        Some(Calendar {
            name,
            lines: lines?,
        })
    }

    fn calendar_line(&mut self, node: &Node<'_>) -> Option<CalendarLine> {
        let inner = grammar::first(node)?;
        let kind = match inner.as_rule() {
            Rule::calendar_zone => CalendarLineKind::Zone(self.doc(&inner)?),
            Rule::calendar_days => {
                let items: Option<Vec<CalendarSpan>> =
                    grammar::children(&inner, Rule::calendar_span)
                        .map(|span| self.calendar_span(&span))
                        .collect();
                CalendarLineKind::Days {
                    items: items?,
                    except: self.named(&inner, Rule::name),
                }
            }
            Rule::calendar_from => self.calendar_from(&inner)?,
            _ => return None,
        };
        Some(CalendarLine {
            kind,
            span: self.span(node),
        })
    }

    fn calendar_from(&mut self, node: &Node<'_>) -> Option<CalendarLineKind> {
        let mut columns = grammar::children(node, Rule::column);
        let table = self.named(node, Rule::name)?;
        let start = self.column(&columns.next()?)?;
        let end = self.column(&columns.next()?)?;
        let per = columns.next().and_then(|per| self.column(&per));
        Some(CalendarLineKind::From {
            table,
            start,
            end,
            per,
        })
    }

    fn calendar_span(&mut self, node: &Node<'_>) -> Option<CalendarSpan> {
        let days: Option<Vec<(u8, u8)>> = grammar::children(node, Rule::days)
            .map(|days| day_range(days.as_str()))
            .collect();
        let mut clocks = grammar::children(node, Rule::clock);
        let start = self.clock(&clocks.next()?);
        let end = self.clock(&clocks.next()?);
        Some(CalendarSpan {
            days: days?,
            start,
            end,
            span: self.span(node),
        })
    }
}

fn day_range(written: &str) -> Option<(u8, u8)> {
    let (first, last) = written.split_once('-').unwrap_or((written, written));
    Some((day(first)?, day(last)?))
}

fn day(name: &str) -> Option<u8> {
    DAYS.iter()
        .position(|day| *day == name)
        .and_then(|at| u8::try_from(at).ok())
}
