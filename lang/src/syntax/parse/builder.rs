//! What every reader shares: the tokens, the place of the text, and where mistakes go.
//!
//! Apart from the readers because spans are decided here: pest's own reach over trailing blanks.

use crate::diagnostic::{Code, Diagnostic};
use crate::file::Span;
use crate::syntax::parse::{MISTAKES_MAX, Node};
use crate::syntax::place::Place;
use crate::syntax::split::Tokens;
use crate::syntax::token::Token;

/// Reads nodes of pest into nodes of the tree.
///
/// A reader returns nothing where a node has another shape than the grammar gives it, or where it has
/// told a mistake after which the declaration cannot stand.
pub(super) struct Builder<'a> {
    pub(super) tokens: Tokens<'a>,
    pub(super) place: Place,
    /// The names of `explode` lines, whose paths may have any words.
    pub(super) roots: Vec<String>,
    pub(super) diagnostics: &'a mut Vec<Diagnostic>,
}

impl<'a> Builder<'a> {
    pub(super) fn new(
        tokens: Tokens<'a>,
        place: Place,
        roots: Vec<String>,
        diagnostics: &'a mut Vec<Diagnostic>,
    ) -> Self {
        Self {
            tokens,
            place,
            roots,
            diagnostics,
        }
    }

    /// Returns the span of a node without the blanks and comments behind it.
    pub(super) fn span(&self, node: &Node<'_>) -> Span {
        let span = node.as_span();
        self.place
            .span(offset(span.start()), self.trim(offset(span.end())))
    }

    /// Returns the span of some bytes of the text.
    pub(super) fn range(&self, start: usize, end: usize) -> Span {
        self.place.span(offset(start), offset(end))
    }

    /// Returns the index of the first token behind some bytes of the text.
    pub(super) fn token_behind(&self, end: usize) -> usize {
        self.tokens
            .tokens
            .partition_point(|token| token.end <= offset(end))
    }

    /// Returns the text of the token that a span of this file covers.
    pub(super) fn word_at(&self, span: Span) -> &'a str {
        let covers = |token: &&Token| self.place.span(token.start, token.end) == span;
        let before = |token: &Token| self.place.span(0, token.end).end < span.end;
        let at = self.tokens.tokens.partition_point(before);
        self.tokens
            .tokens
            .get(at)
            .filter(covers)
            .map_or("", |token| token.text(self.tokens.text))
    }

    fn trim(&self, end: u32) -> u32 {
        let last = self.token_behind(end as usize).checked_sub(1);
        last.and_then(|last| self.tokens.tokens.get(last))
            .map_or(end, |token| token.end)
    }

    /// Keeps a mistake, unless there are more already than anyone reads.
    pub(super) fn tell(&mut self, mistake: Diagnostic) {
        if self.diagnostics.len() < MISTAKES_MAX {
            self.diagnostics.push(mistake);
        }
    }

    pub(super) fn error(
        &mut self,
        code: Code,
        span: Span,
        message: impl Into<String>,
        help: impl Into<String>,
    ) {
        self.tell(Diagnostic::error(code, span, message).help(help));
    }
}

pub(super) fn offset(offset: usize) -> u32 {
    u32::try_from(offset).unwrap_or(u32::MAX)
}
