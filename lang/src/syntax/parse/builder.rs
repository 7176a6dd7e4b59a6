//! What every reader shares: the tokens, the place of the text, and where mistakes go.
//!
//! Apart from the readers because spans are decided here: pest's own reach over trailing blanks.

use crate::diagnostic::{Code, Diagnostic};
use crate::file::Span;
use crate::syntax::parse::Node;
use crate::syntax::place::Place;
use crate::syntax::split::Tokens;

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

    fn trim(&self, end: u32) -> u32 {
        let ended = self.tokens.tokens.partition_point(|token| token.end <= end);
        let last = ended
            .checked_sub(1)
            .and_then(|last| self.tokens.tokens.get(last));
        last.map_or(end, |token| token.end)
    }

    pub(super) fn tell(&mut self, mistake: Diagnostic) {
        self.diagnostics.push(mistake);
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
