//! Slips with numbers and their units.
//!
//! Apart from other slips because they need the table of units.

use crate::diagnostic::{Code, Diagnostic};
use crate::syntax::literal;
use crate::syntax::mend::{Failure, shorten};
use crate::syntax::token::TokenKind;
use crate::units;

/// `1 GB`, `5 minutes`
pub(super) fn space_before_unit(failure: &Failure<'_>) -> Option<Diagnostic> {
    // `1 GB and …` fails at the word; `within 5 m` reads the number and fails at `m`.
    let number = failure.before()?;
    if failure.kind(number) != Some(TokenKind::Number)
        || failure.kind(failure.at) != Some(TokenKind::Word)
    {
        return None;
    }
    let digits = failure.word(number);
    if !digits
        .bytes()
        .all(|byte| byte.is_ascii_digit() || byte == b'_' || byte == b'.')
    {
        return None;
    }
    let word = failure.word(failure.at);
    let (unit, last) = unit(failure, word)?;
    let mended = format!("{digits}{unit}");
    let written = format!("{digits} {word}");
    let message = format!(
        "expected the unit right behind the number, found `{}`",
        shorten(&written)
    );
    let error = failure.error(Code::SpaceBeforeUnit, number, last, message);
    Some(error.help(format!("write `{mended}`")).patch(mended))
}

/// Returns the unit that stands at the failure, and its last token.
fn unit(failure: &Failure<'_>, word: &str) -> Option<(&'static str, usize)> {
    let per_hour =
        word == "km" && failure.word(failure.at + 1) == "/" && failure.word(failure.at + 2) == "h";
    if per_hour {
        return Some(("km/h", failure.at + 2));
    }
    let exact = units::find(word).map(|unit| unit.name);
    exact
        .or_else(|| literal::near_unit(word))
        .map(|unit| (unit, failure.at))
}
