//! The layout of digests, and of the windows that rules have too.
//!
//! Apart from other declarations because only a digest ends with a record.

use crate::file::Span;
use crate::syntax::ast::{Digest, DigestAction, Expr, Name, Quantity, Text};
use crate::syntax::format::doc::Doc;
use crate::syntax::format::layout::Layout;

impl Layout<'_> {
    pub(super) fn digest(&mut self, digest: &Digest, span: Span) -> Doc {
        let name = self.name(&digest.name);
        let head = self.after("digest", name);
        let class = self.name(&digest.class.name);
        let filters = self.filters(digest.class.name.span.end, &digest.filters);
        let end = digest
            .filters
            .last()
            .map_or(digest.class.name.span.end, |last| last.span.end);
        let start = action_start(&digest.action).unwrap_or(span.end);
        let line = self.separate(end, start, Doc::Line);
        let action = self.digest_action(&digest.action, span);
        let head = Doc::Concat(vec![head, Doc::text(" = "), class]);
        let rest = Doc::Concat(vec![filters, line, action]);
        Doc::group(Doc::Concat(vec![head, Doc::indent(rest)]))
    }

    fn digest_action(&mut self, action: &DigestAction, span: Span) -> Doc {
        match action {
            DigestAction::First { per, each } => {
                let mut docs = vec![Doc::text("keep first")];
                if !per.is_empty() {
                    docs.extend([Doc::text(" "), self.per(per)]);
                }
                if let Some((every, zone)) = each {
                    docs.extend([Doc::text(" "), self.window("each", every, zone.as_ref())]);
                }
                Doc::Concat(docs)
            }
            DigestAction::Changes { of, per } => {
                let of = self.path(of);
                let mut docs = vec![self.after("keep changes of", of)];
                if !per.is_empty() {
                    docs.extend([Doc::text(" "), self.per(per)]);
                }
                Doc::Concat(docs)
            }
            DigestAction::Summarize {
                per,
                every,
                zone,
                values,
            } => {
                let mut docs = vec![Doc::text("summarize ")];
                if !per.is_empty() {
                    docs.extend([self.per(per), Doc::text(" ")]);
                }
                docs.extend([self.window("every", every, zone.as_ref()), Doc::text(" ")]);
                docs.push(self.summary(values, span));
                Doc::Concat(docs)
            }
            DigestAction::Drop => Doc::text("drop"),
        }
    }

    fn summary(&mut self, values: &[(Name, Expr)], span: Span) -> Doc {
        self.record(
            span,
            values,
            |(name, value)| name.span.to(value.span),
            |layout, (name, value)| {
                let name = layout.name(name);
                let value = layout.item(value);
                Doc::Concat(vec![name, Doc::text(" = "), value])
            },
        )
    }

    /// Returns a window with its zone.
    pub(super) fn window(&mut self, word: &str, every: &Quantity, zone: Option<&Text>) -> Doc {
        let every = self.quantity(every);
        let mut docs = vec![self.after(word, every)];
        if let Some(zone) = zone {
            docs.extend([Doc::text(" zone "), self.text(zone)]);
        }
        Doc::Concat(docs)
    }
}

/// Returns where the first part of an action stands, whose comments stand before it.
fn action_start(action: &DigestAction) -> Option<u32> {
    let span = match action {
        DigestAction::First { per, each } => per
            .first()
            .map(|path| path.span)
            .or(each.as_ref().map(|(every, _)| every.span())),
        DigestAction::Changes { of, .. } => Some(of.span),
        DigestAction::Summarize { per, every, .. } => {
            per.first().map(|path| path.span).or(Some(every.span()))
        }
        DigestAction::Drop => None,
    };
    span.map(|span| span.start)
}
