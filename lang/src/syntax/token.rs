//! The tokens of a rule file, comments included; no text is too broken to be cut into them.
//!
//! Apart from the grammar because highlighting, formatting and recovery want tokens where there is no
//! tree, and because the shape of a file is judged before pest may recurse into it.

use std::ops::Range;

use logos::Logos;

/// What a token is.
#[derive(Logos, Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[logos(skip r"[ \t\r\n\u{feff}]+")]
pub enum TokenKind {
    /// `# …` to the end of the line.
    #[regex(r"#[^\n]*", allow_greedy = true)]
    Comment,
    /// A name or a keyword, in any case.
    #[regex(r"[\p{L}_][\p{L}\p{N}_]*")]
    Word,
    /// A name between back quotes.
    #[regex(r"`[^`\n]+`")]
    QuotedWord,
    /// `"…"`.
    #[regex(r#""([^"\\\n]|\\[^\n])*""#)]
    Text,
    /// `r"…"`.
    #[regex(r#"r"[^"\n]*""#)]
    RawText,
    /// A quote whose text does not end on its line.
    #[regex(r#"r?"([^"\\\n]|\\[^\n])*\\?"#)]
    UnterminatedText,
    /// A number with its unit.
    #[regex(r"[0-9]([\p{L}\p{N}_]|\.[0-9])*%?")]
    #[regex(r"[0-9]([0-9_]|\.[0-9])*km/h")]
    Number,
    /// A time of day.
    #[regex(r"[0-9][0-9]?:[0-9]([0-9:]|\.[0-9])*")]
    Clock,
    /// An instant.
    #[regex(r"[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]([\p{L}\p{N}_:]|\.[0-9]|[+-][0-9][0-9]:)*")]
    Instant,
    /// `{`
    #[token("{")]
    OpenBrace,
    /// `}`
    #[token("}")]
    CloseBrace,
    /// `(`
    #[token("(")]
    OpenParen,
    /// `)`
    #[token(")")]
    CloseParen,
    /// `[`
    #[token("[")]
    OpenBracket,
    /// `]`
    #[token("]")]
    CloseBracket,
    /// `,`
    #[token(",")]
    Comma,
    /// `:`
    #[token(":")]
    Colon,
    /// `.`
    #[token(".")]
    Dot,
    /// A lone `=`.
    #[token("=")]
    Assign,
    /// `==`, `!=`, `<`, `<=`, `>`, `>=`.
    #[regex(r"==|!=|<=?|>=?")]
    Compare,
    /// `+`
    #[token("+")]
    Plus,
    /// `-`
    #[token("-")]
    Minus,
    /// `*`
    #[token("*")]
    Star,
    /// `/`
    #[token("/")]
    Slash,
    /// A character, or several in a row, that no token has.
    Unknown,
}

/// A token and its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Token {
    /// What it is.
    pub kind: TokenKind,
    /// Its first byte.
    pub start: u32,
    /// The byte after its last.
    pub end: u32,
}

impl Token {
    /// Returns its bytes as a range into the text it was cut from.
    #[must_use]
    pub fn range(self) -> Range<usize> {
        self.start as usize..self.end as usize
    }

    /// Returns its text in the text it was cut from.
    #[must_use]
    pub fn text(self, text: &str) -> &str {
        text.get(self.range()).unwrap_or_default()
    }
}

/// Returns every token of a text, comments included, in order.
#[must_use]
pub fn tokens(text: &str) -> Vec<Token> {
    let mut tokens: Vec<Token> = Vec::new();
    for (kind, range) in TokenKind::lexer(text).spanned() {
        let kind = kind.unwrap_or(TokenKind::Unknown);
        let (start, end) = (to_u32(range.start), to_u32(range.end));
        match tokens.last_mut() {
            Some(last) if kind == TokenKind::Unknown && last.kind == kind && last.end == start => {
                last.end = end;
            }
            _ => tokens.push(Token { kind, start, end }),
        }
    }
    tokens
}

fn to_u32(offset: usize) -> u32 {
    u32::try_from(offset).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use TokenKind::*;

    fn kinds(text: &str) -> Vec<TokenKind> {
        tokens(text).into_iter().map(|token| token.kind).collect()
    }

    #[test]
    fn numbers_keep_their_units_and_leave_the_sign_of_a_group() {
        assert_eq!(
            kinds("5+ x 1h30m 900km/h 20% 3.5"),
            [Number, Plus, Word, Number, Number, Number, Number]
        );
        assert_eq!(
            kinds("08:00-18:30 2026-03-15T08:42:17.003Z mon-fri"),
            [Clock, Minus, Clock, Instant, Word, Minus, Word]
        );
    }

    #[test]
    fn a_text_ends_on_its_line() {
        assert_eq!(
            kinds("\"a\\\" b\" r\"\\d\"\n\"open\nx"),
            [Text, RawText, UnterminatedText, Word]
        );
        assert_eq!(kinds("\"open\\\nx"), [UnterminatedText, Word]);
    }

    #[test]
    fn unknown_characters_are_one_token_a_run() {
        assert_eq!(kinds("a $$ b \u{a0}"), [Word, Unknown, Word, Unknown]);
    }

    #[test]
    fn a_comment_hides_its_line() {
        assert_eq!(kinds("a # { \" \n}"), [Word, Comment, CloseBrace]);
    }
}
