//! What rustyline asks while a line is typed: is it whole, what may follow, how is it colored.
//!
//! Apart from talking because only this file knows those traits.

use std::borrow::Cow;

use anstyle::{AnsiColor, Style};
use rustyline::completion::{Completer, Pair};
use rustyline::highlight::{CmdKind, Highlighter};
use rustyline::hint::Hinter;
use rustyline::validate::{ValidationContext, ValidationResult, Validator};
use rustyline::{Context, Result};

use muster_lang::syntax::token::{TokenKind, tokens};

use crate::report::{BOLD, CYAN, Color, DIM};
use crate::session::{Kind, Words, needs_more};

const TEXT: Style = AnsiColor::Green.on_default();
const NUMBER: Style = AnsiColor::Magenta.on_default();
const KEYWORD: Style = AnsiColor::Blue.on_default();

/// Answers rustyline.
pub(super) struct Helper {
    words: Words,
    color: Color,
}

impl Helper {
    pub(super) fn new(words: Words, color: Color) -> Self {
        Self { words, color }
    }
}

impl rustyline::Helper for Helper {}

impl Validator for Helper {
    fn validate(&self, context: &mut ValidationContext<'_>) -> Result<ValidationResult> {
        // The empty line that ends a text is the one the cursor stands on.
        let text = format!("{}\n", context.input());
        Ok(if needs_more(&text) {
            ValidationResult::Incomplete
        } else {
            ValidationResult::Valid(None)
        })
    }
}

impl Completer for Helper {
    type Candidate = Pair;

    fn complete(&self, line: &str, cursor: usize, _: &Context<'_>) -> Result<(usize, Vec<Pair>)> {
        let (start, found) = self.words.complete(line, cursor);
        let pair = |word: String| Pair {
            display: word.clone(),
            replacement: word,
        };
        Ok((start, found.into_iter().map(pair).collect()))
    }
}

impl Hinter for Helper {
    type Hint = String;

    fn hint(&self, line: &str, cursor: usize, _: &Context<'_>) -> Option<String> {
        self.words.hint(line, cursor)
    }
}

impl Highlighter for Helper {
    fn highlight<'l>(&self, line: &'l str, _: usize) -> Cow<'l, str> {
        if !self.color.is_on() {
            return Cow::Borrowed(line);
        }
        Cow::Owned(self.colored(line))
    }

    fn highlight_prompt<'b, 's: 'b, 'p: 'b>(&'s self, prompt: &'p str, _: bool) -> Cow<'b, str> {
        Cow::Owned(self.color.paint(BOLD, prompt))
    }

    fn highlight_hint<'h>(&self, hint: &'h str) -> Cow<'h, str> {
        Cow::Owned(self.color.paint(DIM, hint))
    }

    fn highlight_char(&self, _: &str, _: usize, _: CmdKind) -> bool {
        self.color.is_on()
    }
}

impl Helper {
    fn colored(&self, line: &str) -> String {
        let mut text = String::new();
        let mut done = 0;
        for token in tokens(line) {
            let range = token.range();
            text.push_str(line.get(done..range.start).unwrap_or_default());
            let word = line.get(range.clone()).unwrap_or_default();
            text.push_str(&match self.style(token.kind, word) {
                Some(style) => self.color.paint(style, word),
                None => word.to_owned(),
            });
            done = range.end;
        }
        text.push_str(line.get(done..).unwrap_or_default());
        text
    }

    fn style(&self, kind: TokenKind, word: &str) -> Option<Style> {
        match kind {
            TokenKind::Comment => Some(DIM),
            TokenKind::Text | TokenKind::RawText | TokenKind::UnterminatedText => Some(TEXT),
            TokenKind::Number | TokenKind::Clock | TokenKind::Instant => Some(NUMBER),
            TokenKind::Word => match self.words.kind(word) {
                Kind::Keyword => Some(KEYWORD),
                Kind::Class => Some(CYAN),
                Kind::Other => None,
            },
            TokenKind::QuotedWord
            | TokenKind::OpenBrace
            | TokenKind::CloseBrace
            | TokenKind::OpenParen
            | TokenKind::CloseParen
            | TokenKind::OpenBracket
            | TokenKind::CloseBracket
            | TokenKind::Comma
            | TokenKind::Colon
            | TokenKind::Dot
            | TokenKind::Assign
            | TokenKind::Compare
            | TokenKind::Plus
            | TokenKind::Minus
            | TokenKind::Star
            | TokenKind::Slash
            | TokenKind::Unknown => None,
        }
    }
}
