//! The layout of tests: a line each, records on one line where they fit.
//!
//! Apart from other declarations because only tests have moments.

use crate::file::Span;
use crate::syntax::ast::{Expr, Path, Test, TestLineKind, TestTime, TestTimeKind};
use crate::syntax::format::doc::Doc;
use crate::syntax::format::layout::Layout;
use crate::syntax::print;

impl Layout<'_> {
    pub(super) fn test(&mut self, test: &Test, span: Span) -> Doc {
        let name = self.text(&test.name);
        let mut docs = vec![self.after("test", name)];
        if let Some(rule) = &test.rule {
            let rule = self.name(rule);
            docs.extend([Doc::text(" "), self.after("for", rule)]);
        }
        let spans: Vec<Span> = test.lines.iter().map(|line| line.span).collect();
        self.block(
            Doc::Concat(docs),
            &spans,
            span.end,
            |layout, at| match test.lines.get(at) {
                Some(line) => layout.test_line(&line.kind, line.span),
                None => Doc::none(),
            },
        )
    }

    fn test_line(&mut self, line: &TestLineKind, span: Span) -> Doc {
        match line {
            TestLineKind::Event { at, class, fields } => {
                let class = self.name(&class.name);
                let head = Doc::Concat(vec![Doc::text("at "), moment(at), Doc::text(" "), class]);
                let fields = self.fields(fields, span);
                Doc::Concat(vec![head, Doc::text(" "), fields])
            }
            TestLineKind::Feed(file) => {
                let file = self.text(file);
                self.after("feed", file)
            }
            TestLineKind::Advance(to) => self.after("advance to", moment(to)),
            TestLineKind::Alerts { count, at, fields } => {
                let mut docs = vec![Doc::text("expect "), Doc::text(alerts(*count))];
                if let Some(at) = at {
                    docs.extend([Doc::text(" at "), moment(at)]);
                }
                if !fields.is_empty() {
                    docs.extend([Doc::text(" "), self.fields(fields, span)]);
                }
                Doc::Concat(docs)
            }
            TestLineKind::Pending => Doc::text("expect pending"),
            TestLineKind::Forwarded(count) => Doc::text(format!("expect forwarded {count}")),
        }
    }

    fn fields(&mut self, fields: &[(Path, Expr)], span: Span) -> Doc {
        let place = |(path, value): &(Path, Expr)| path.span.to(value.span);
        self.record(span, fields, place, |layout, (path, value)| {
            let path = layout.path(path);
            let value = layout.item(value);
            Doc::Concat(vec![path, Doc::text(": "), value])
        })
    }
}

fn alerts(count: u32) -> String {
    match count {
        0 => "no alert".to_owned(),
        1 => "1 alert".to_owned(),
        several => format!("{several} alerts"),
    }
}

fn moment(time: &TestTime) -> Doc {
    Doc::text(match time.kind {
        TestTimeKind::Clock { day: None, time } => print::clock(time),
        TestTimeKind::Clock {
            day: Some(day),
            time,
        } => format!("day {day} {}", print::clock(time)),
        TestTimeKind::After(span) => format!("+{}", print::duration(span)),
        TestTimeKind::Instant(micros) => print::instant(micros),
    })
}
