//! Judges the tokens of one declaration before the grammar may recurse into it.
//!
//! Apart from the grammar because a bracket that never closes is best told at its opening, and because
//! hostile nesting must be refused in one pass over the tokens.

use crate::diagnostic::{Code, Diagnostic};
use crate::file::Span;
use crate::syntax::parse::DEPTH_MAX;
use crate::syntax::place::Place;
use crate::syntax::split::Tokens;
use crate::syntax::token::{Token, TokenKind};

/// How deep brackets, signs and types may nest.
pub const NESTING_MAX: usize = 64;

/// Returns the first mistake that the grammar could not tell well, or survive.
pub(crate) fn mistake(tokens: Tokens<'_>, place: &Place) -> Option<Diagnostic> {
    let mut open: Vec<Token> = Vec::new();
    let mut runs = Runs::default();
    for at in 0..tokens.tokens.len() {
        let token = *tokens.tokens.get(at)?;
        let span = place.span(token.start, token.end);
        let found = lexical(token, tokens.text, span)
            .or_else(|| bracket(token, &mut open, tokens.text, place))
            .or_else(|| runs.too_deep(tokens, at, open.len(), span));
        if found.is_some() {
            return found;
        }
    }
    let last = open.pop()?;
    let span = place.span(last.start, last.end);
    let sign = last.text(tokens.text);
    let closing = partner(last.kind);
    Some(
        Diagnostic::error(Code::Unclosed, span, format!("`{sign}` is never closed"))
            .at(format!("expected a `{closing}` for this"))
            .help(format!("add `{closing}` where it ends")),
    )
}

fn lexical(token: Token, text: &str, span: Span) -> Option<Diagnostic> {
    match token.kind {
        TokenKind::UnterminatedText => Some(unterminated(token, text, span)),
        TokenKind::Unknown => Some(unknown(token.text(text), span)),
        _ => None,
    }
}

fn unterminated(token: Token, text: &str, span: Span) -> Diagnostic {
    let written = token.text(text);
    let mut end = token.end;
    let visible = written.trim_end().len();
    if visible < written.len() {
        end = token.start + u32::try_from(visible).unwrap_or(0);
    }
    let span = Span {
        end: span.start + (end - token.start),
        ..span
    };
    let help = if written.ends_with('\\') {
        "write `\\\\` for a backslash, then close the text with `\"`"
    } else {
        "a text ends on its line: close it with `\"`, write `\\n` for a line feed"
    };
    Diagnostic::error(
        Code::UnterminatedText,
        span,
        "expected `\"` at the end of the text, found the end of the line",
    )
    .help(help)
}

fn unknown(found: &str, span: Span) -> Diagnostic {
    let shown = crate::escape::escape_line(found).into_owned();
    let message = format!("`{shown}` has no meaning in rule text");
    let error = Diagnostic::error(Code::UnknownCharacter, span, message);
    match found {
        "&&" | "&" => error.help("write `and`").patch("and"),
        "||" | "|" => error.help("write `or`").patch("or"),
        "!" => error.help("write `not`").patch("not "),
        "“" | "”" | "„" => error
            .help("texts stand between straight quotes: `\"`")
            .patch("\""),
        "'" | "‘" | "’" => error.help("texts stand between double quotes: `\"text\"`"),
        "≥" => error.help("write `>=`").patch(">="),
        "≤" => error.help("write `<=`").patch("<="),
        "≠" => error.help("write `!=`").patch("!="),
        "–" | "—" | "−" => error.help("write `-`").patch("-"),
        ";" => error
            .help("white space is enough between two lines")
            .patch(""),
        "`" => error.help("a quoted name ends on its line: `` `in` ``"),
        "\\" => error.help("a backslash stands in texts only"),
        _ => error.help("remove it, or put it between quotes"),
    }
}

fn bracket(token: Token, open: &mut Vec<Token>, text: &str, place: &Place) -> Option<Diagnostic> {
    match token.kind {
        TokenKind::OpenBrace | TokenKind::OpenParen | TokenKind::OpenBracket => {
            open.push(token);
            None
        }
        TokenKind::CloseBrace | TokenKind::CloseParen | TokenKind::CloseBracket => {
            let opening = open.pop();
            if opening.is_some_and(|opening| partner(opening.kind) == token.text(text)) {
                return None;
            }
            Some(mismatch(opening, token, text, place))
        }
        _ => None,
    }
}

fn mismatch(opening: Option<Token>, token: Token, text: &str, place: &Place) -> Diagnostic {
    let found = token.text(text);
    let span = place.span(token.start, token.end);
    let Some(opening) = opening else {
        return Diagnostic::error(Code::Unclosed, span, format!("`{found}` closes nothing"))
            .help(format!("remove the `{found}`, or open it before"));
    };
    let sign = opening.text(text);
    let closing = partner(opening.kind);
    let message = format!("expected `{closing}` for this `{sign}`, found `{found}`");
    Diagnostic::error(
        Code::Unclosed,
        place.span(opening.start, opening.end),
        message,
    )
    .at("never closed")
    .label(
        span,
        format!("`{found}` stands where `{closing}` is missing"),
    )
    .help(format!("add `{closing}` where it ends"))
}

fn partner(kind: TokenKind) -> &'static str {
    match kind {
        TokenKind::OpenBrace => "}",
        TokenKind::OpenParen => ")",
        TokenKind::OpenBracket => "]",
        _ => "",
    }
}

/// Nesting without brackets: `not not …`, `- - …`, `list<list<…`.
#[derive(Default)]
struct Runs {
    nots: usize,
    minuses: usize,
    lists: usize,
}

impl Runs {
    fn too_deep(
        &mut self,
        tokens: Tokens<'_>,
        at: usize,
        open: usize,
        span: Span,
    ) -> Option<Diagnostic> {
        let kind = tokens.kind(at)?;
        self.nots = if tokens.word(at) == "not" {
            self.nots + 1
        } else {
            0
        };
        self.minuses = if kind == TokenKind::Minus {
            self.minuses + 1
        } else {
            0
        };
        let in_list = match kind {
            TokenKind::Word => tokens.word(at) == "list",
            TokenKind::Compare => tokens.word(at) == "<",
            _ => false,
        };
        self.lists = if in_list { self.lists + 1 } else { 0 };
        let deepest = open.max(self.nots).max(self.minuses).max(self.lists / 2);
        (deepest > NESTING_MAX).then(|| too_deep(span))
    }
}

/// Returns the error of something nested deeper than [`NESTING_MAX`].
pub(crate) fn too_deep(span: Span) -> Diagnostic {
    Diagnostic::error(
        Code::TooDeep,
        span,
        format!("expected at most {NESTING_MAX} levels of nesting, found more"),
    )
    .help("name the inner part with an `event` or a `list`, then use the name")
}

/// Returns the error of an expression with more operations one in another than a tree may hold.
pub(crate) fn too_many_operations(span: Span) -> Diagnostic {
    let message = format!("expected at most {DEPTH_MAX} operations in one expression, found more");
    Diagnostic::error(Code::TooDeep, span, message)
        .help("name a part of it with a `field`, then use the name")
}
