//! Slips that the grammar accepts and only the checker can tell.
//!
//! Apart from the other mends because what was meant is a question of the text, and whether it was
//! meant is one of types.

use crate::diagnostic::Diagnostic;
use crate::file::{Files, Span};
use crate::syntax::token::{self, Token, TokenKind};

/// Adds a mend to a mistake at a path that stands in `a and b same`: the paths are listed by commas.
///
/// A mistake anywhere else is returned as it is.
#[must_use]
pub fn mend_paths_joined_by_and(files: &Files, told: Diagnostic) -> Diagnostic {
    let Some((span, word)) = joined_paths(files, told.span) else {
        return told;
    };
    let mended = files.text(span).replace(" and ", ", ");
    let help = format!("paths before `{word}` are listed with commas: `{mended} {word}`");
    Diagnostic { span, ..told }.help(help).patch(mended)
}

/// Returns the paths from a place up to `same` or `differs`, if they are joined by `and` alone.
fn joined_paths(files: &Files, span: Span) -> Option<(Span, &'static str)> {
    let text = &files.get(span.file)?.text;
    let rest = text.get(span.start as usize..)?;
    let line = rest.lines().next().unwrap_or_default();
    let tokens = token::tokens(line);
    let word = |at: usize| tokens.get(at).map_or("", |token: &Token| token.text(line));
    let mut at = path_end(&tokens, 0)?;
    let ends_there = tokens
        .get(at.checked_sub(1)?)
        .map(|last| span.start + last.end)
        == Some(span.end);
    let mut joints = 0;
    while word(at) == "and" {
        at = path_end(&tokens, at + 1)?;
        joints += 1;
    }
    let same = ["same", "differs"]
        .into_iter()
        .find(|same| word(at) == *same)?;
    let last = tokens.get(at.checked_sub(1)?)?;
    (joints > 0 && ends_there).then_some((
        Span {
            end: span.start + last.end,
            ..span
        },
        same,
    ))
}

/// Returns the index behind the path that starts with a token.
fn path_end(tokens: &[Token], start: usize) -> Option<usize> {
    let kind = |at: usize| tokens.get(at).map(|token| token.kind);
    let word = |at: usize| matches!(kind(at), Some(TokenKind::Word | TokenKind::QuotedWord));
    let mut at = Some(start).filter(|at| word(*at))? + 1;
    while kind(at) == Some(TokenKind::Dot) && word(at + 1) {
        at += 2;
    }
    Some(at)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::Code;
    use crate::file::Origin;

    fn mended(text: &str, word: &str) -> Option<String> {
        let mut files = Files::new();
        let file = files.add("a", text, Origin::User);
        let start = u32::try_from(text.find(word).unwrap()).unwrap();
        let end = start + u32::try_from(word.len()).unwrap();
        let told = Diagnostic::error(Code::Ambiguous, Span { file, start, end }, "which?");
        mend_paths_joined_by_and(&files, told).patch
    }

    #[test]
    fn paths_joined_by_and_become_a_list() {
        let text = "where identity and device.id and ip same and x is y";
        assert_eq!(
            mended(text, "identity"),
            Some("identity, device.id, ip".to_owned())
        );
        assert_eq!(mended(text, "x"), None);
        assert_eq!(mended("where identity is a and ip same", "identity"), None);
    }
}
