//! Alert and note text: holes are found, decoded and parsed as expressions of their own.
//!
//! Apart from texts because every mistake inside a hole must point into the file, not into the hole.

use crate::diagnostic::{Code, Diagnostic};
use crate::syntax::ast::{Template, TemplatePart};
use crate::syntax::parse::builder::{Builder, offset};
use crate::syntax::parse::name::between_quotes;
use crate::syntax::parse::{Node, lone_expression};
use crate::syntax::place::Place;
use crate::syntax::text::{self, Piece};

impl Builder<'_> {
    pub(super) fn template(&mut self, node: &Node<'_>) -> Template {
        let inner = between_quotes(node.as_str());
        let start = node.as_span().start() + 1;
        let mut parts = Vec::new();
        for piece in text::pieces(inner) {
            match piece {
                Piece::Text { start: from, end } => {
                    self.template_text(inner, start, from..end, &mut parts);
                }
                Piece::Hole { start: from, end } => {
                    let written = inner.get(from..end).unwrap_or_default();
                    parts.extend(self.hole(written, start + from).map(TemplatePart::Hole));
                }
                Piece::LoneBrace { at } => self.lone_brace(start + at),
            }
        }
        Template {
            parts,
            span: self.span(node),
        }
    }

    fn template_text(
        &mut self,
        inner: &str,
        start: usize,
        range: std::ops::Range<usize>,
        parts: &mut Vec<TemplatePart>,
    ) {
        let written = inner.get(range.clone()).unwrap_or_default();
        let decoded = text::decode(written);
        for bad in &decoded.bad {
            let from = start + range.start;
            let span = self.range(from + bad.start, from + bad.end);
            self.bad_escape(written.get(bad.start..bad.end).unwrap_or_default(), span);
        }
        match parts.last_mut() {
            Some(TemplatePart::Text(last)) => last.push_str(&decoded.value),
            _ => parts.push(TemplatePart::Text(decoded.value)),
        }
    }

    fn hole(&mut self, written: &str, start: usize) -> Option<crate::syntax::ast::Expr> {
        let base = self.range(start, start).start;
        if written.trim().is_empty() {
            let span = self.range(start - 1, start + written.len() + 1);
            let help = "write `{{` and `}}` for braces that are text";
            let message = "expected an expression between `{` and `}`, found nothing";
            self.tell(Diagnostic::error(Code::Syntax, span, message).help(help));
            return None;
        }
        let decoded = text::decode(written);
        let value = decoded.value.clone();
        let place = Place {
            file: self.place.file,
            base,
            decoded: Some(decoded),
        };
        let roots = self.roots.clone();
        lone_expression(&value, place, &roots, self.diagnostics)
    }

    fn lone_brace(&mut self, at: usize) {
        let span = self.place.span(offset(at), offset(at + 1));
        let error = Diagnostic::error(
            Code::LoneBrace,
            span,
            "expected `}` behind this `{`, found none",
        );
        self.tell(
            error
                .help("write `{{` for a brace that is text")
                .patch("{{"),
        );
    }
}
