//! What the layout of every construct shares: leaves as they were written, lines, and their comments.
//!
//! Apart from the constructs because a comment may stand before any token, and must never be lost.

use std::ops::Range;

use crate::file::Span;
use crate::syntax::ast::{Column, Literal, Name, Path, Quantity, Text};
use crate::syntax::format::comments::Comments;
use crate::syntax::format::doc::Doc;
use crate::syntax::print;

/// Whether a blank line stands before a line.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Blank {
    /// Where the text has one.
    Kept,
    /// Always.
    Forced,
}

/// The brackets around parts; curly ones have blanks inside.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Signs {
    Round,
    Square,
    Curly,
}

/// Lays constructs out, in the order they stand in the text.
pub(super) struct Layout<'a> {
    /// The text whose spellings are kept; nothing for a tree alone.
    text: Option<&'a str>,
    comments: Comments,
}

impl<'a> Layout<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Self {
            text: Some(text),
            comments: Comments::of(text),
        }
    }

    pub(super) fn without_text() -> Self {
        Self {
            text: None,
            comments: Comments::of(""),
        }
    }

    pub(super) fn has_text(&self) -> bool {
        self.text.is_some()
    }

    fn slice(&self, start: u32, end: u32) -> &'a str {
        self.text
            .and_then(|text| text.get(start as usize..end as usize))
            .unwrap_or_default()
    }

    /// Returns the spelling of a token, where it is one token.
    fn spelling(&self, span: Span) -> Option<&'a str> {
        self.text?;
        let written = self.slice(span.start, span.end);
        (!written.is_empty() && !written.contains(['\n', '#'])).then_some(written)
    }

    /// Returns the comments before a place, for the end of the line.
    pub(super) fn flush(&mut self, place: u32) -> Doc {
        let mut docs = Vec::new();
        while let Some(comment) = self.comments.before(place) {
            docs.push(Doc::Suffix(comment.text));
        }
        Doc::Concat(docs)
    }

    fn leaf(&mut self, span: Span, text: String) -> Doc {
        Doc::Concat(vec![self.flush(span.start), Doc::Text(text)])
    }

    pub(super) fn name(&mut self, name: &Name) -> Doc {
        let text = self
            .spelling(name.span)
            .map_or_else(|| print::name(&name.text), str::to_owned);
        self.leaf(name.span, text)
    }

    pub(super) fn column(&mut self, column: &Column) -> Doc {
        let text = self
            .spelling(column.span)
            .map_or_else(|| print::name(&column.text), str::to_owned);
        self.leaf(column.span, text)
    }

    pub(super) fn path(&mut self, path: &Path) -> Doc {
        let text = self
            .spelling(path.span)
            .map_or_else(|| print::path(path), str::to_owned);
        self.leaf(path.span, text)
    }

    pub(super) fn text(&mut self, text: &Text) -> Doc {
        let written = match self.text {
            Some(_) => self.slice(text.span.start, text.span.end).to_owned(),
            None => print::quoted(&text.value),
        };
        self.leaf(text.span, written)
    }

    /// Returns a text with holes as it was written.
    pub(super) fn written(&mut self, span: Span) -> Doc {
        let written = self.slice(span.start, span.end).to_owned();
        self.leaf(span, written)
    }

    pub(super) fn literal(&mut self, literal: &Literal) -> Doc {
        let spelled = match self.text {
            Some(_) => Some(self.slice(literal.span.start, literal.span.end)).filter(|written| {
                !written.is_empty()
                    && (written.ends_with('"') || !written.contains(char::is_whitespace))
            }),
            None => None,
        };
        let text = spelled.map_or_else(|| print::literal(literal), str::to_owned);
        self.leaf(literal.span, text)
    }

    pub(super) fn quantity(&mut self, quantity: &Quantity) -> Doc {
        match quantity {
            Quantity::Literal(literal) => self.literal(literal),
            Quantity::Param(name) => self.name(name),
        }
    }

    /// Returns a word and what stands behind it.
    pub(super) fn after(&mut self, word: &str, doc: Doc) -> Doc {
        Doc::Concat(vec![Doc::text(word), Doc::text(" "), doc])
    }

    pub(super) fn paths(&mut self, paths: &[Path]) -> Doc {
        self.commas(paths, |path| path.span, Self::path)
    }

    /// Returns elements with commas between them, which break as the group around them does.
    pub(super) fn commas<T>(
        &mut self,
        items: &[T],
        span: impl Fn(&T) -> Span,
        mut lay_out: impl FnMut(&mut Self, &T) -> Doc,
    ) -> Doc {
        let mut docs = Vec::new();
        let mut last: Option<Span> = None;
        for item in items {
            let place = span(item);
            if let Some(last) = last {
                docs.push(Doc::text(","));
                docs.push(self.trailing(last.end, place.start));
                docs.push(Doc::Line);
                let next = self.comments.peek(place.start).unwrap_or(place.start);
                docs.extend(self.blank_before(next).then_some(Doc::HardLine));
                docs.push(self.leading(place.start));
            }
            docs.push(lay_out(self, item));
            last = Some(place);
        }
        Doc::Concat(docs)
    }

    /// Returns a line between two parts, with the comments that stand between them.
    pub(super) fn separate(&mut self, end: u32, start: u32, line: Doc) -> Doc {
        let trailing = self.trailing(end, start);
        Doc::Concat(vec![trailing, line, self.leading(start)])
    }

    /// Returns the comments before a place, each on its line.
    fn leading(&mut self, place: u32) -> Doc {
        let mut docs = Vec::new();
        while let Some(comment) = self.comments.before(place) {
            docs.push(Doc::Text(comment.text));
            docs.push(Doc::HardLine);
        }
        Doc::Concat(docs)
    }

    /// Returns the comments on the line where something ended.
    pub(super) fn trailing(&mut self, end: u32, before: u32) -> Doc {
        let text = self.text.unwrap_or_default();
        let mut docs = Vec::new();
        while let Some(comment) = self.comments.before_if(before, |comment| {
            comment.start >= end
                && text
                    .get(end as usize..comment.start as usize)
                    .is_some_and(|gap| !gap.contains('\n'))
        }) {
            docs.push(Doc::Suffix(comment.text));
        }
        Doc::Concat(docs)
    }

    /// Returns brackets around parts, which stand on lines of their own where they do not fit.
    ///
    /// The first part starts and the closing bracket stands where `inside` says.
    pub(super) fn enclosed(
        &mut self,
        signs: Signs,
        inside: Range<u32>,
        lay_out: impl FnOnce(&mut Self) -> Doc,
    ) -> Doc {
        let (opening, closing, line) = match signs {
            Signs::Round => ("(", ")", Doc::SoftLine),
            Signs::Square => ("[", "]", Doc::SoftLine),
            Signs::Curly => ("{", "}", Doc::Line),
        };
        let last = if signs == Signs::Curly {
            Doc::Line
        } else {
            Doc::SoftLine
        };
        let open = self.behind_sign(opening, inside.start);
        let head = self.separate(open, inside.start, line);
        let inner = lay_out(self);
        let rest = self.closing(inside.end);
        Doc::group(Doc::Concat(vec![
            Doc::text(opening),
            Doc::indent(Doc::Concat(vec![head, inner, rest])),
            last,
            Doc::text(closing),
        ]))
    }

    /// Returns the comments before a closing bracket, each on its line.
    fn closing(&mut self, close: u32) -> Doc {
        let mut docs = Vec::new();
        while let Some(comment) = self.comments.before(close) {
            let own = self.begins_line(comment.start);
            docs.push(if own { Doc::HardLine } else { Doc::none() });
            docs.push(if own {
                Doc::Text(comment.text)
            } else {
                Doc::Suffix(comment.text)
            });
        }
        Doc::Concat(docs)
    }

    fn begins_line(&self, place: u32) -> bool {
        let before = self.slice(0, place).trim_end_matches([' ', '\t']);
        before.is_empty() || before.ends_with('\n')
    }

    /// Returns whether a blank line stands before a place.
    fn blank_before(&self, place: u32) -> bool {
        let before = self.slice(0, place);
        let blanks = before.len() - before.trim_end().len();
        let gap = before.get(before.len() - blanks..).unwrap_or_default();
        gap.matches('\n').count() >= 2 && blanks < before.len()
    }

    /// Returns lines with the comments and single blank lines between them.
    ///
    /// Each line starts with a line feed, the first one too.
    pub(super) fn lines(
        &mut self,
        spans: &[Span],
        close: u32,
        mut lay_out: impl FnMut(&mut Self, usize) -> Doc,
    ) -> Doc {
        let mut docs = Vec::new();
        for (at, span) in spans.iter().enumerate() {
            let next = spans.get(at + 1).map_or(close, |next| next.start);
            self.statement(*span, next, Blank::Kept, &mut docs, |layout| {
                lay_out(layout, at)
            });
        }
        self.own_lines(close, Blank::Kept, &mut docs);
        Doc::Concat(docs)
    }

    /// Adds a line with the comments before it and behind it.
    pub(super) fn statement(
        &mut self,
        span: Span,
        next: u32,
        blank: Blank,
        docs: &mut Vec<Doc>,
        lay_out: impl FnOnce(&mut Self) -> Doc,
    ) {
        let blank = self.own_lines(span.start, blank, docs);
        self.line_feed(span.start, blank, docs);
        docs.push(lay_out(self));
        docs.push(self.flush(span.end));
        docs.push(self.trailing(span.end, next));
    }

    /// Adds the comments before a place, each on its line, and returns what is left of a forced blank.
    pub(super) fn own_lines(&mut self, place: u32, blank: Blank, docs: &mut Vec<Doc>) -> Blank {
        let mut blank = blank;
        while let Some(comment) = self.comments.before(place) {
            self.line_feed(comment.start, blank, docs);
            docs.push(Doc::Text(comment.text));
            blank = Blank::Kept;
        }
        blank
    }

    /// A line feed, and a blank line where one was; never one behind the opening brace.
    fn line_feed(&self, place: u32, blank: Blank, docs: &mut Vec<Doc>) {
        if !docs.is_empty() && (blank == Blank::Forced || self.blank_before(place)) {
            docs.push(Doc::HardLine);
        }
        docs.push(Doc::HardLine);
    }

    /// Returns the span from the keyword that stands before a part of its line.
    pub(super) fn starting_at(&self, word: &str, span: Span) -> Span {
        let before = self.slice(0, span.start);
        let start = before
            .rfind(word)
            .and_then(|at| u32::try_from(at).ok())
            .unwrap_or(span.start);
        Span { start, ..span }
    }

    /// Returns a head and the lines between braces.
    pub(super) fn block(
        &mut self,
        head: Doc,
        spans: &[Span],
        end: u32,
        lay_out: impl FnMut(&mut Self, usize) -> Doc,
    ) -> Doc {
        let close = end.saturating_sub(1);
        let first = spans.first().map_or(close, |span| span.start);
        let open = self.behind_sign("{", first);
        let trailing = self.trailing(open, first);
        let lines = self.lines(spans, close, lay_out);
        let empty = matches!(&lines, Doc::Concat(parts) if parts.is_empty());
        let feed = if empty { Doc::none() } else { Doc::HardLine };
        let sign = if empty { "{ }" } else { "{" };
        let closing = if empty { Doc::none() } else { Doc::text("}") };
        Doc::Concat(vec![
            head,
            Doc::text(" "),
            Doc::text(sign),
            trailing,
            Doc::indent(lines),
            feed,
            closing,
        ])
    }

    /// Returns the place behind the last opening sign before a place and before the next comment.
    fn behind_sign(&self, sign: &str, place: u32) -> u32 {
        let limit = self.comments.peek(place).unwrap_or(place);
        let at = self.slice(0, limit).rfind(sign);
        at.and_then(|at| u32::try_from(at + sign.len()).ok())
            .unwrap_or(place)
    }
}
