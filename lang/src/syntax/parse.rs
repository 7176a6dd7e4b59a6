//! Rule text to tree: each declaration alone, so that no mistake hides another.
//!
//! Apart from the tree because nothing else knows pest; the files below it read one section of the
//! grammar each.

use pest::Parser as _;
use pest::iterators::Pair;

use crate::diagnostic::{Code, Diagnostic};
use crate::file::{FileId, Files, Span};
use crate::syntax::ast::{Expr, Module, Name};
use crate::syntax::mend;
use crate::syntax::place::Place;
use crate::syntax::scan;
use crate::syntax::split::{self, Item, Tokens};
use crate::syntax::token::{self, Token, TokenKind};

mod builder;
mod calendar;
mod chain;
mod clause;
mod declaration;
mod digest;
mod expression;
pub(crate) mod grammar;
mod memory;
mod name;
mod operand;
mod pattern;
mod rule;
mod scalar;
mod source;
mod template;
mod test;

use builder::Builder;
pub use calendar::DAYS;
pub(crate) use chain::DEPTH_MAX;
pub(crate) use name::is_plain as is_plain_name;

use grammar::{Grammar, Rule};

/// The most bytes of one rule file.
pub const FILE_BYTES_MAX: usize = 1 << 20;

/// The most mistakes told about one file.
const MISTAKES_MAX: usize = 100;

type Node<'i> = Pair<'i, Rule>;

/// What a file says, as far as it could be read.
#[derive(Clone, Debug, Default)]
pub struct Parsed {
    /// The declarations that parsed, in order; one with a mere slip inside is among them.
    pub module: Module,
    /// The mistakes, in order; all are errors.
    pub diagnostics: Vec<Diagnostic>,
    /// The names of declarations that did not parse, so that their users are not blamed.
    pub broken: Vec<Name>,
}

/// Returns the tree of a file and every mistake of its syntax.
#[must_use]
pub fn parse(files: &Files, file: FileId) -> Parsed {
    parse_some(files, file, &|_| true)
}

/// Returns the tree of those declarations of a file that begin with a word, whatever else it holds.
pub(crate) fn parse_only(files: &Files, file: FileId, word: &str) -> Parsed {
    parse_some(files, file, &|tokens| tokens.word(0) == word)
}

fn parse_some(files: &Files, file: FileId, is_wanted: &dyn Fn(Tokens<'_>) -> bool) -> Parsed {
    let text = files.get(file).map_or("", |file| &*file.text);
    let mut parsed = Parsed::default();
    if text.len() > FILE_BYTES_MAX {
        parsed.diagnostics.push(too_long(file, text));
        return parsed;
    }
    let tokens: Vec<Token> = token::tokens(text)
        .into_iter()
        .filter(|token| token.kind != TokenKind::Comment)
        .collect();
    for item in split::items(Tokens {
        text,
        tokens: &tokens,
    }) {
        let (Item::Declaration(range) | Item::Stray(range)) = &item;
        let tokens = tokens.get(range.clone()).unwrap_or_default();
        if !is_wanted(Tokens { text, tokens }) {
            continue;
        }
        let Some(piece) = Piece::cut(text, tokens, file) else {
            continue;
        };
        let mistakes = match item {
            Item::Declaration(_) => piece.declaration(&mut parsed),
            Item::Stray(_) => vec![piece.stray()],
        };
        let room = MISTAKES_MAX.saturating_sub(parsed.diagnostics.len());
        parsed.diagnostics.extend(mistakes.into_iter().take(room));
    }
    parsed
}

/// Returns the tree of a file that holds one expression.
///
/// # Errors
/// The mistakes of its syntax; at least one.
pub fn expression(files: &Files, file: FileId) -> Result<Expr, Vec<Diagnostic>> {
    let text = files.get(file).map_or("", |file| &*file.text);
    if text.len() > FILE_BYTES_MAX {
        return Err(vec![too_long(file, text)]);
    }
    let mut diagnostics = Vec::new();
    let place = Place {
        file,
        base: 0,
        decoded: None,
    };
    match lone_expression(text, place, &[], &mut diagnostics) {
        Some(expr) if diagnostics.is_empty() => Ok(expr),
        _ => Err(diagnostics),
    }
}

/// Returns the expression of a text that stands at a place, and tells its mistakes.
fn lone_expression(
    text: &str,
    place: Place,
    roots: &[String],
    diagnostics: &mut Vec<Diagnostic>,
) -> Option<Expr> {
    let tokens: Vec<Token> = token::tokens(text)
        .into_iter()
        .filter(|token| token.kind != TokenKind::Comment)
        .collect();
    let tokens = Tokens {
        text,
        tokens: &tokens,
    };
    if let Some(mistake) = scan::mistake(tokens, &place) {
        diagnostics.push(mistake);
        return None;
    }
    if diagnostics.len() >= MISTAKES_MAX {
        return None;
    }
    match Grammar::parse(Rule::lone_expression, text) {
        Ok(mut pairs) => {
            let node = grammar::child(&pairs.next()?, Rule::expression)?;
            Builder::new(tokens, place, roots.to_vec(), diagnostics).expression(&node)
        }
        Err(error) => {
            diagnostics.push(mend::explain(tokens, &place, &error));
            None
        }
    }
}

/// Returns the error of a file larger than [`FILE_BYTES_MAX`].
pub(crate) fn too_long(file: FileId, text: &str) -> Diagnostic {
    let message = format!(
        "expected at most {FILE_BYTES_MAX} bytes of rule text, found {}",
        text.len()
    );
    Diagnostic::error(
        Code::TooLong,
        Span {
            file,
            start: 0,
            end: 0,
        },
        message,
    )
    .help("split the file; long lists of values belong in a `table`")
}

/// One declaration, or what stands between two, as a text of its own.
struct Piece<'a> {
    text: &'a str,
    tokens: Vec<Token>,
    place: Place,
}

impl<'a> Piece<'a> {
    fn cut(text: &'a str, tokens: &[Token], file: FileId) -> Option<Self> {
        let base = tokens.first()?.start;
        let end = tokens.last()?.end;
        let text = text.get(base as usize..end as usize)?;
        let shift = |token: &Token| Token {
            start: token.start - base,
            end: token.end - base,
            ..*token
        };
        let tokens = tokens.iter().map(shift).collect();
        Some(Self {
            text,
            tokens,
            place: Place {
                file,
                base,
                decoded: None,
            },
        })
    }

    fn tokens(&self) -> Tokens<'_> {
        Tokens {
            text: self.text,
            tokens: &self.tokens,
        }
    }

    fn stray(&self) -> Diagnostic {
        mend::stray(self.tokens(), &self.place)
    }

    /// Adds the declaration, or the name of one that cannot be read, and returns its mistakes.
    fn declaration(&self, parsed: &mut Parsed) -> Vec<Diagnostic> {
        let mut mistakes = Vec::new();
        match self.read(&mut mistakes) {
            Some(declaration) => parsed.module.declarations.push(declaration),
            None => {
                parsed.broken.extend(self.name());
                mistakes.extend(mistakes.is_empty().then(|| self.unreadable()));
            }
        }
        mistakes.sort_by_key(|mistake| mistake.span);
        mistakes
    }

    fn read(&self, diagnostics: &mut Vec<Diagnostic>) -> Option<super::ast::Declaration> {
        if let Some(mistake) = scan::mistake(self.tokens(), &self.place) {
            diagnostics.push(mistake);
            return None;
        }
        match Grammar::parse(Rule::declaration, self.text) {
            Ok(mut pairs) => {
                let node = pairs.next()?;
                Builder::new(self.tokens(), self.place.clone(), Vec::new(), diagnostics)
                    .declaration(&node)
            }
            Err(error) => {
                diagnostics.push(mend::explain(self.tokens(), &self.place, &error));
                None
            }
        }
    }

    fn name(&self) -> Option<Name> {
        let token = self.tokens.get(1)?;
        let named = matches!(token.kind, TokenKind::Word | TokenKind::QuotedWord);
        let text = token.text(self.text).trim_matches('`').to_owned();
        named.then(|| Name {
            text,
            span: self.place.span(token.start, token.end),
        })
    }

    fn unreadable(&self) -> Diagnostic {
        let end = self.tokens.first().map_or(0, |token| token.end);
        Diagnostic::error(
            Code::Syntax,
            self.place.span(0, end),
            "this declaration cannot be read",
        )
    }
}
