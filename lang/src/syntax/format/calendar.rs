//! The layout of calendars: a line each.
//!
//! Apart from other declarations because days and hours have a spelling of their own.

use crate::file::Span;
use crate::syntax::DAYS;
use crate::syntax::ast::{Calendar, CalendarLineKind, CalendarSpan};
use crate::syntax::format::doc::Doc;
use crate::syntax::format::layout::Layout;
use crate::syntax::print;

impl Layout<'_> {
    pub(super) fn calendar(&mut self, calendar: &Calendar, span: Span) -> Doc {
        let head = self.head("calendar", &calendar.name, None);
        let spans: Vec<Span> = calendar.lines.iter().map(|line| line.span).collect();
        self.block(head, &spans, span.end, |layout, at| {
            match calendar.lines.get(at) {
                Some(line) => layout.calendar_line(&line.kind),
                None => Doc::none(),
            }
        })
    }

    fn calendar_line(&mut self, line: &CalendarLineKind) -> Doc {
        match line {
            CalendarLineKind::Zone(zone) => {
                let zone = self.text(zone);
                self.after("zone", zone)
            }
            CalendarLineKind::Days { items, except } => {
                let end = items.last().map_or(0, |last| last.span.end);
                let items = self.commas(items, |item| item.span, |_, item| calendar_span(item));
                let mut docs = vec![Doc::indent(items)];
                if let Some(except) = except {
                    let line = self.separate(end, except.span.start, Doc::Line);
                    let except = self.name(except);
                    let except = self.after("except days in", except);
                    docs.push(Doc::indent(Doc::Concat(vec![line, except])));
                }
                Doc::group(Doc::Concat(docs))
            }
            CalendarLineKind::From {
                table,
                start,
                end,
                per,
            } => {
                let mut docs = vec![Doc::text("from "), self.name(table)];
                docs.extend([Doc::text(" start "), self.column(start)]);
                docs.extend([Doc::text(" end "), self.column(end)]);
                if let Some(per) = per {
                    docs.extend([Doc::text(" per "), self.column(per)]);
                }
                Doc::Concat(docs)
            }
        }
    }
}

fn calendar_span(span: &CalendarSpan) -> Doc {
    let day = |at: u8| DAYS.get(usize::from(at)).copied().unwrap_or_default();
    let days: Vec<String> = span
        .days
        .iter()
        .map(|(first, last)| match first == last {
            true => day(*first).to_owned(),
            false => format!("{}-{}", day(*first), day(*last)),
        })
        .collect();
    Doc::text(format!(
        "{} {}-{}",
        days.join(", "),
        print::clock(span.start),
        print::clock(span.end)
    ))
}
