//! Where the grammar gave up: what was expected, what was found, and what was probably meant.
//!
//! Apart from the parser because a message is about the author, not about the grammar.

use pest::error::{Error, ErrorVariant, InputLocation};

use crate::diagnostic::{Code, Diagnostic};
use crate::escape::escape_line;
use crate::file::Span;
use crate::syntax::noun;
use crate::syntax::parse::grammar::Rule;
use crate::syntax::place::Place;
use crate::syntax::scan;
use crate::syntax::split::{DECLARATIONS, Tokens};
use crate::syntax::token::{Token, TokenKind};

mod clause;
mod comparison;
mod habit;
mod quantity;

/// A text that did not fit the grammar, and where.
struct Failure<'a> {
    tokens: Tokens<'a>,
    place: &'a Place,
    /// The token that did not fit; past the last where the text ended too soon.
    at: usize,
    /// What would have fitted.
    expected: Vec<Rule>,
}

type Mend = fn(&Failure<'_>) -> Option<Diagnostic>;

/// The slips that are told apart, the most certain first.
const MENDS: &[Mend] = &[
    quantity::space_before_unit,
    comparison::is_in,
    comparison::does_not,
    comparison::between_values,
    comparison::chained,
    comparison::single_equals,
    comparison::same_list,
    comparison::bare_literal,
    clause::then_alert,
    habit::other_then,
    habit::steps_joined,
    habit::unless_event,
    habit::without_span,
    habit::counted_step,
    habit::grouped_by,
    habit::no_severity,
    habit::memory_of_what,
    habit::slashed_pattern,
    habit::round_list,
    clause::reserved_word,
    clause::hyphen,
    clause::second_when,
    clause::misplaced,
    clause::unknown_declaration,
    clause::unknown_line,
];

/// Returns the mistake behind an error of pest.
pub(crate) fn explain(tokens: Tokens<'_>, place: &Place, error: &Error<Rule>) -> Diagnostic {
    let (InputLocation::Pos(offset) | InputLocation::Span((offset, _))) = error.location;
    let at = tokens
        .tokens
        .partition_point(|token| (token.start as usize) < offset);
    let expected = match &error.variant {
        ErrorVariant::ParsingError { positives, .. } => positives.clone(),
        ErrorVariant::CustomError { .. } => {
            // Only a limit makes one: the stack is too small for what is nested here.
            return scan::too_deep(
                place.span(0, tokens.tokens.first().map_or(0, |token| token.end)),
            );
        }
    };
    let failure = Failure {
        tokens,
        place,
        at,
        expected,
    };
    MENDS
        .iter()
        .find_map(|mend| mend(&failure))
        .unwrap_or_else(|| failure.plain())
}

/// Returns the mistake of tokens that belong to no declaration.
pub(crate) fn stray(tokens: Tokens<'_>, place: &Place) -> Diagnostic {
    if let Some(mistake) = scan::mistake(tokens, place) {
        return mistake;
    }
    let failure = Failure {
        tokens,
        place,
        at: 0,
        expected: Vec::new(),
    };
    let found = failure.found();
    if DECLARATIONS.contains(&tokens.word(0)) {
        return Diagnostic::error(
            Code::Syntax,
            failure.span(1),
            format!(
                "expected a name after `{found}`, found {}",
                failure.shown(1)
            ),
        )
        .help(clause::declaration_help(tokens.word(0)));
    }
    clause::unknown_declaration_at(&failure, 0)
}

impl<'a> Failure<'a> {
    fn kind(&self, at: usize) -> Option<TokenKind> {
        self.tokens.kind(at)
    }

    fn word(&self, at: usize) -> &'a str {
        self.tokens.word(at)
    }

    /// Returns the index of the token before the one that did not fit.
    fn before(&self) -> Option<usize> {
        self.at.checked_sub(1)
    }

    /// Returns the text of a token some places before the one that did not fit.
    fn back(&self, steps: usize) -> &'a str {
        self.at.checked_sub(steps).map_or("", |at| self.word(at))
    }

    fn expects(&self, rule: Rule) -> bool {
        self.expected.contains(&rule)
    }

    fn token(&self, at: usize) -> Option<Token> {
        self.tokens.tokens.get(at).copied()
    }

    /// Returns the span of a token, or the place behind the last one.
    fn span(&self, at: usize) -> Span {
        let end = self.tokens.tokens.last().map_or(0, |last| last.end);
        match self.token(at) {
            Some(token) => self.place.span(token.start, token.end),
            None => self.place.span(end, end),
        }
    }

    fn found(&self) -> String {
        shorten(self.word(self.at))
    }

    /// Returns a token as messages quote it.
    fn shown(&self, at: usize) -> String {
        match self.token(at) {
            Some(_) => format!("`{}`", shorten(self.word(at))),
            None => "the end".to_owned(),
        }
    }

    /// Returns the text from a token to another, both included.
    fn text(&self, from: usize, to: usize) -> &'a str {
        let ends = self.token(from).zip(self.token(to));
        ends.and_then(|(from, to)| self.tokens.text.get(from.start as usize..to.end as usize))
            .unwrap_or_default()
    }

    /// Returns an error at some tokens.
    fn error(&self, code: Code, from: usize, to: usize, message: impl Into<String>) -> Diagnostic {
        Diagnostic::error(code, self.span(from).to(self.span(to)), message)
    }

    fn plain(&self) -> Diagnostic {
        let after = match self.before() {
            Some(before) => format!(" after `{}`", shorten(self.word(before))),
            None => String::new(),
        };
        let found = self.shown(self.at);
        let message = match noun::expected(&self.expected) {
            Some(expected) => format!("expected {expected}{after}, found {found}"),
            None => format!("did not expect {found}{after}"),
        };
        let error = Diagnostic::error(Code::Syntax, self.span(self.at), message);
        match self.meant() {
            Some(word) => error.help(format!("did you mean `{word}`?")).patch(word),
            None => error,
        }
    }

    /// Returns the keyword that the word which did not fit probably is.
    fn meant(&self) -> Option<&'static str> {
        let word = self.word(self.at);
        if self.kind(self.at) != Some(TokenKind::Word) || word.len() < 3 {
            return None;
        }
        nearest(
            word,
            self.expected
                .iter()
                .flat_map(|wanted| noun::words(*wanted))
                .copied(),
        )
    }
}

/// Returns user text made safe and short enough for a message.
fn shorten(text: &str) -> String {
    const SHOWN_MAX: usize = 40;
    let line = escape_line(text);
    if line.chars().count() <= SHOWN_MAX {
        return line.into_owned();
    }
    let head: String = line.chars().take(SHOWN_MAX).collect();
    format!("{head}…")
}

/// Returns the word of a list that another probably means.
fn nearest(word: &str, words: impl IntoIterator<Item = &'static str>) -> Option<&'static str> {
    let lower = word.to_lowercase();
    let far = 1 + lower.chars().count() / 4;
    let scored = words
        .into_iter()
        .map(|known| (strsim::damerau_levenshtein(&lower, known), known));
    scored
        .filter(|(distance, _)| *distance <= far.min(3))
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, known)| known)
}
