//! The layout of sources: a line each.
//!
//! Apart from other declarations because only sources read raw records.

use crate::file::Span;
use crate::syntax::ast::{Source, SourceLineKind};
use crate::syntax::format::doc::Doc;
use crate::syntax::format::layout::Layout;
use crate::syntax::print;

impl Layout<'_> {
    pub(super) fn source(&mut self, source: &Source, span: Span) -> Doc {
        let head = self.head("source", &source.name, source.doc.as_ref());
        let spans: Vec<Span> = source.lines.iter().map(|line| line.span).collect();
        self.block(head, &spans, span.end, |layout, at| {
            match source.lines.get(at) {
                Some(line) => layout.source_line(&line.kind),
                None => Doc::none(),
            }
        })
    }

    fn source_line(&mut self, line: &SourceLineKind) -> Doc {
        match line {
            SourceLineKind::When(expr) => {
                let expr = self.hanging(expr);
                self.after("when", expr)
            }
            SourceLineKind::Absent(values) => {
                let values = self.commas(values, |value| value.span, Self::literal);
                self.after("absent", Doc::group(Doc::indent(values)))
            }
            SourceLineKind::Drop(expr) => {
                let expr = self.hanging(expr);
                self.after("drop when", expr)
            }
            SourceLineKind::Lateness(span) => {
                let span = self.quantity(span);
                self.after("lateness", span)
            }
            SourceLineKind::Dedupe(span) => {
                let span = self.quantity(span);
                self.after("dedupe", span)
            }
            SourceLineKind::Explode { list, name } => {
                let list = self.value(list);
                let name = self.name(name);
                let name = self.after("as", name);
                Doc::Concat(vec![Doc::text("explode "), list, Doc::text(" "), name])
            }
            SourceLineKind::Fields(from) => {
                Doc::text(format!("fields from {}", print::raw_path(from)))
            }
            SourceLineKind::Assign { field, value, when } => {
                let field = self.path(field);
                let end = value.span.end;
                let value = self.hanging(value);
                let when = self.when(end, when.as_ref());
                Doc::group(Doc::Concat(vec![field, Doc::text(" = "), value, when]))
            }
        }
    }
}
