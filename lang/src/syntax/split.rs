//! Cuts a file into its declarations, by tokens alone.
//!
//! Apart from the grammar so that a mistake in one declaration hides no other, and so that the grammar
//! never sees brackets that do not close or that nest too deep.

use std::ops::Range;

use crate::syntax::token::{Token, TokenKind};

/// The words that begin a declaration.
pub const DECLARATIONS: &[&str] = &[
    "source", "field", "event", "identity", "table", "list", "calendar", "memory", "rule",
    "digest", "test", "param", "use",
];

/// A run of tokens that stands alone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Item {
    /// From the word that begins a declaration to its last token.
    Declaration(Range<usize>),
    /// Tokens that belong to no declaration.
    Stray(Range<usize>),
}

/// The tokens of a file without its comments, and its text.
#[derive(Clone, Copy)]
pub(crate) struct Tokens<'a> {
    pub(crate) text: &'a str,
    pub(crate) tokens: &'a [Token],
}

impl<'a> Tokens<'a> {
    pub(crate) fn kind(&self, at: usize) -> Option<TokenKind> {
        self.tokens.get(at).map(|token| token.kind)
    }

    /// Returns the text of a token, or nothing past the end.
    pub(crate) fn word(&self, at: usize) -> &'a str {
        self.tokens
            .get(at)
            .map_or("", |token| token.text(self.text))
    }

    /// Returns whether only blanks stand before the token on its line.
    pub(crate) fn begins_line(&self, at: usize) -> bool {
        let before = self
            .tokens
            .get(at)
            .and_then(|token| self.text.get(..token.start as usize));
        let before = before.unwrap_or_default().trim_end_matches([' ', '\t']);
        before.is_empty() || before.ends_with('\n')
    }

    /// Returns whether the token is the first of its line, with nothing before it.
    fn at_margin(&self, at: usize) -> bool {
        let before = self
            .tokens
            .get(at)
            .and_then(|token| self.text.get(..token.start as usize));
        before.is_some_and(|before| before.is_empty() || before.ends_with('\n'))
    }
}

/// Returns the declarations of a file and what stands between them, in order.
pub(crate) fn items(tokens: Tokens<'_>) -> Vec<Item> {
    let closing = closing(tokens);
    let mut items = Vec::new();
    let mut at = 0;
    while at < tokens.tokens.len() {
        let declares = starts(tokens, at);
        let end = if declares {
            declaration_end(tokens, &closing, at)
        } else {
            stray_end(tokens, &closing, at)
        };
        items.push(if declares {
            Item::Declaration(at..end)
        } else {
            Item::Stray(at..end)
        });
        at = end;
    }
    items
}

/// Where each `{` closes, by token; nothing for other tokens and for braces that stay open.
fn closing(tokens: Tokens<'_>) -> Vec<Option<usize>> {
    let mut closing = vec![None; tokens.tokens.len()];
    let mut open = Vec::new();
    for at in 0..tokens.tokens.len() {
        match brace(tokens, at) {
            Brace::Opens => open.push(at),
            Brace::Closes => {
                if let Some(slot) = open
                    .pop()
                    .and_then(|opening: usize| closing.get_mut(opening))
                {
                    *slot = Some(at);
                }
            }
            Brace::None => {}
        }
    }
    closing
}

/// Returns whether a token begins a declaration for certain, or at least seems to.
fn starts(tokens: Tokens<'_>, at: usize) -> bool {
    certain_start(tokens, at) || likely_start(tokens, at)
}

/// The shapes below never occur inside another declaration, whatever its fields are called.
fn certain_start(tokens: Tokens<'_>, at: usize) -> bool {
    if tokens.kind(at) != Some(TokenKind::Word) {
        return false;
    }
    let named = matches!(
        tokens.kind(at + 1),
        Some(TokenKind::Word | TokenKind::QuotedWord)
    );
    let then = |kind| tokens.kind(at + 2) == Some(kind);
    match tokens.word(at) {
        "rule" | "source" => {
            let titled = usize::from(then(TokenKind::Text));
            named && tokens.kind(at + 2 + titled) == Some(TokenKind::OpenBrace)
        }
        "identity" | "calendar" => named && then(TokenKind::OpenBrace),
        "event" | "list" | "memory" | "digest" | "param" => named && then(TokenKind::Assign),
        "table" => named && tokens.word(at + 2) == "from",
        "use" => named && then(TokenKind::Dot),
        "field" => named && field_head(tokens, at + 1),
        "test" => {
            let head = tokens.word(at + 2) == "for" || then(TokenKind::OpenBrace);
            tokens.kind(at + 1) == Some(TokenKind::Text) && head
        }
        _ => false,
    }
}

/// A dotted name with a colon behind it.
fn field_head(tokens: Tokens<'_>, mut at: usize) -> bool {
    while tokens.kind(at + 1) == Some(TokenKind::Dot) {
        at += 2;
    }
    tokens.kind(at + 1) == Some(TokenKind::Colon)
}

/// A word that begins declarations, first on its line, behind something complete.
fn likely_start(tokens: Tokens<'_>, at: usize) -> bool {
    let follows = matches!(
        tokens.kind(at + 1),
        Some(TokenKind::Word | TokenKind::QuotedWord | TokenKind::Text)
    );
    tokens.kind(at) == Some(TokenKind::Word)
        && DECLARATIONS.contains(&tokens.word(at))
        && follows
        && tokens.begins_line(at)
        && at
            .checked_sub(1)
            .is_none_or(|before| completes(tokens, before))
}

/// Returns whether a declaration may end with this token.
fn completes(tokens: Tokens<'_>, at: usize) -> bool {
    const OPEN_WORDS: &[&str] = &[
        "per", "for", "in", "of", "from", "key", "each", "every", "learn", "max", "seen", "last",
        "distinct", "changes", "is", "not", "and", "or", "where", "unless", "cidr", "prefix",
        "use", "like", "contains", "matches", "with", "during", "outside", "as", "then", "when",
        "keep", "first", "source", "field", "event", "identity", "table", "list", "calendar",
        "memory", "rule", "digest", "test", "param",
    ];
    match tokens.kind(at) {
        Some(TokenKind::Word) => !OPEN_WORDS.contains(&tokens.word(at)),
        Some(
            TokenKind::QuotedWord
            | TokenKind::Text
            | TokenKind::RawText
            | TokenKind::UnterminatedText
            | TokenKind::Number
            | TokenKind::Clock
            | TokenKind::Instant
            | TokenKind::CloseBrace
            | TokenKind::CloseParen
            | TokenKind::CloseBracket
            | TokenKind::Unknown,
        ) => true,
        Some(TokenKind::Compare) => tokens.word(at) == ">",
        Some(
            TokenKind::Comment
            | TokenKind::OpenBrace
            | TokenKind::OpenParen
            | TokenKind::OpenBracket
            | TokenKind::Comma
            | TokenKind::Colon
            | TokenKind::Dot
            | TokenKind::Assign
            | TokenKind::Plus
            | TokenKind::Minus
            | TokenKind::Star
            | TokenKind::Slash,
        )
        | None => false,
    }
}

/// What a token does to the depth of braces.
#[derive(PartialEq, Eq)]
enum Brace {
    Opens,
    Closes,
    None,
}

/// A text that does not end may hide the brace of its line.
fn brace(tokens: Tokens<'_>, at: usize) -> Brace {
    match tokens.kind(at) {
        Some(TokenKind::OpenBrace) => Brace::Opens,
        Some(TokenKind::CloseBrace) => Brace::Closes,
        Some(TokenKind::UnterminatedText) if tokens.word(at).trim_end().ends_with('{') => {
            Brace::Opens
        }
        _ => Brace::None,
    }
}

fn declaration_end(tokens: Tokens<'_>, closing: &[Option<usize>], start: usize) -> usize {
    let braced = matches!(
        tokens.word(start),
        "rule" | "source" | "identity" | "calendar" | "test" | "digest"
    );
    let mut at = start + 1;
    while at < tokens.tokens.len() && !starts(tokens, at) {
        match brace(tokens, at) {
            Brace::Closes => return at + 1,
            Brace::None => {}
            Brace::Opens => match closing.get(at).copied().flatten() {
                Some(close) if braced => return close + 1,
                Some(close) => at = close,
                None => return next_at_margin(tokens, at + 1),
            },
        }
        at += 1;
    }
    at
}

/// A brace that nothing closes: the next declaration at the margin ends it.
fn next_at_margin(tokens: Tokens<'_>, start: usize) -> usize {
    let begins = |at: &usize| tokens.at_margin(*at) && certain_start(tokens, *at);
    (start..tokens.tokens.len())
        .find(begins)
        .unwrap_or(tokens.tokens.len())
}

fn stray_end(tokens: Tokens<'_>, closing: &[Option<usize>], start: usize) -> usize {
    let mut at = start;
    while at < tokens.tokens.len() && (at == start || !starts(tokens, at)) {
        match brace(tokens, at) {
            Brace::Closes => return at + 1,
            Brace::None => {}
            Brace::Opens => match closing.get(at).copied().flatten() {
                Some(close) => return close + 1,
                None => return next_at_margin(tokens, at + 1),
            },
        }
        at += 1;
    }
    at
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::syntax::token;

    fn heads(text: &str) -> Vec<String> {
        let tokens = token::tokens(text);
        let tokens = Tokens {
            text,
            tokens: &tokens,
        };
        let head = |item: &Item| match item {
            Item::Declaration(range) => tokens.word(range.start).to_owned(),
            Item::Stray(range) => format!("stray {}", tokens.word(range.start)),
        };
        items(tokens).iter().map(head).collect()
    }

    #[test]
    fn fields_named_like_declarations_begin_none() {
        let text = "field rule: text\nfield source: text = raw.test \"test\"\n\
                    memory m = seen rule in access per\nidentity for 30d\nevent e = any where action is use\nlist l = [1]";
        assert_eq!(heads(text), ["field", "field", "memory", "event", "list"]);
    }

    #[test]
    fn an_unclosed_brace_ends_at_the_margin() {
        assert_eq!(
            heads("rule a {\n  when x\n\nrule b { when y }\nparam p = 1"),
            ["rule", "rule", "param"]
        );
    }

    #[test]
    fn unknown_declarations_stand_alone() {
        assert_eq!(
            heads("rul a { when x }\nrule b { when y }\n}\nevent c = any"),
            ["stray rul", "rule", "stray }", "event"]
        );
    }
}
