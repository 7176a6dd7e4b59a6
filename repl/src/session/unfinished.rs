//! Whether a line goes on in the next one.
//!
//! Apart from taking the line because a terminal asks this at every Enter.

use muster_lang::file::{Files, Origin};
use muster_lang::syntax::token::{TokenKind, tokens};
use muster_lang::syntax::{self};

use super::book::declares;

/// Words behind which something must follow.
const OPEN: [&str; 18] = [
    "where", "unless", "and", "or", "not", "is", "in", "like", "matches", "contains", "by", "per",
    "for", "every", "from", "key", "of", "within",
];

/// The most lines of one text.
const LINES_MAX: usize = 10_000;

/// Tells whether more lines belong to a text; an empty line ends it, inside brackets two of them.
pub(crate) fn needs_more(text: &str) -> bool {
    let blanks = text
        .lines()
        .rev()
        .take_while(|line| line.trim().is_empty())
        .count();
    let is_long = text.lines().count() > LINES_MAX;
    if is_long || blanks > 1 || text.trim_start().starts_with(':') {
        return false;
    }
    let all = tokens(text);
    let all: Vec<_> = all
        .iter()
        .filter(|token| token.kind != TokenKind::Comment)
        .collect();
    let Some(last) = all.last() else { return false };
    let depth = all.iter().fold(0i32, |depth, token| match token.kind {
        TokenKind::OpenBrace | TokenKind::OpenParen | TokenKind::OpenBracket => depth + 1,
        TokenKind::CloseBrace | TokenKind::CloseParen | TokenKind::CloseBracket => depth - 1,
        _ => depth,
    });
    let is_open = matches!(
        last.kind,
        TokenKind::Comma
            | TokenKind::Assign
            | TokenKind::Compare
            | TokenKind::Plus
            | TokenKind::Minus
            | TokenKind::Star
            | TokenKind::Slash
    ) || OPEN.contains(&last.text(text));
    if depth > 0 {
        return true;
    }
    if blanks > 0 {
        return false;
    }
    if is_open && all.len() > 1 {
        return true;
    }
    depth == 0
        && declares(text)
        && is_cut_short(
            text,
            &all.iter().map(|token| token.text(text)).collect::<Vec<_>>(),
        )
}

/// Tells whether a declaration lacks its body, or its syntax something at its very end.
fn is_cut_short(text: &str, words: &[&str]) -> bool {
    match words.first().copied() {
        Some("rule" | "source" | "identity" | "calendar" | "test") => !words.contains(&"{"),
        Some("memory") if !words.contains(&"for") => true,
        _ => {
            let mut files = Files::new();
            let file = files.add("<line>", text, Origin::User);
            let end = u32::try_from(text.trim_end().len()).unwrap_or(u32::MAX);
            let mistakes = syntax::parse(&files, file).diagnostics;
            mistakes.iter().any(|mistake| mistake.span.start >= end)
        }
    }
}

/// Cuts a text that was pasted into the lines, or runs of lines, that belong together.
pub(crate) fn pieces(text: &str) -> Vec<String> {
    let mut pieces = Vec::new();
    let mut piece = String::new();
    for line in text.lines() {
        piece.push_str(line);
        piece.push('\n');
        if !needs_more(&piece) {
            pieces.push(std::mem::take(&mut piece));
        }
    }
    if !piece.trim().is_empty() {
        pieces.push(piece);
    }
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn brackets_and_bodies_are_waited_for() {
        for text in [
            "rule x",
            "rule x {",
            "rule x \"t\" {\n when login",
            "login where",
            "memory m = count in login",
            "event e =",
            "login where (outcome is failure",
        ] {
            assert!(needs_more(text), "{text}");
        }
    }

    #[test]
    fn a_pasted_text_is_cut_where_lines_are_whole() {
        let text = "rule x {\n when login\n\n alert low \"x\"\n}\nlogin count\n:quit";
        assert_eq!(
            pieces(text),
            [
                "rule x {\n when login\n\n alert low \"x\"\n}\n",
                "login count\n",
                ":quit\n"
            ]
        );
    }

    #[test]
    fn what_is_whole_is_not() {
        for text in [
            "login",
            "rule x { when login alert low \"x\" }",
            "event e = any where outcome is failure",
            "memory m = count in login for 1d",
            ":why (",
            "rule x {\n\n\n",
            "memory m = count in login\n\n",
            "by ip",
            "",
            "}",
        ] {
            assert!(!needs_more(text), "{text}");
        }
    }
}
