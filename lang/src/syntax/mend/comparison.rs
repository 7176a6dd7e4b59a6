//! Slips with comparisons.
//!
//! Apart from other slips because each of them is another language's way to compare.

use crate::diagnostic::{Code, Diagnostic};
use crate::syntax::mend::{Failure, shorten};
use crate::syntax::parse::grammar::Rule;
use crate::syntax::token::TokenKind;

/// `is in`, `is not in`, `is like` and the like
pub(super) fn is_in(failure: &Failure<'_>) -> Option<Diagnostic> {
    let word = failure.word(failure.at);
    if !["in", "like", "contains", "matches", "starts", "ends"].contains(&word) {
        return None;
    }
    let (first, not) = match (failure.back(2), failure.back(1)) {
        ("is", "not") => (2, "not "),
        (_, "is") => (1, ""),
        _ => return None,
    };
    let written = if not.is_empty() {
        format!("is {word}")
    } else {
        format!("is not {word}")
    };
    let mended = format!("{not}{word}");
    let message = format!("expected a value after `is`, found `{word}`");
    let _ = written;
    let error = failure.error(
        Code::IsIn,
        failure.at.checked_sub(first)?,
        failure.at,
        message,
    );
    Some(
        error
            .help(format!("write `{mended}` without `is`"))
            .patch(mended),
    )
}

/// `does not contain`, `doesn't` is told by its quote
pub(super) fn does_not(failure: &Failure<'_>) -> Option<Diagnostic> {
    let at = failure.at;
    if !["does", "do", "did"].contains(&failure.word(at)) || failure.word(at + 1) != "not" {
        return None;
    }
    let verb = failure.word(at + 2);
    let mended = match verb {
        "contain" | "contains" | "include" | "includes" | "have" => "not contains",
        "match" | "matches" => "not matches",
        "start" | "starts" | "begin" => "not starts",
        "end" | "ends" => "not ends",
        "equal" | "equals" => "is not",
        "exist" | "exists" => "is missing",
        "like" => "not like",
        _ => return None,
    };
    let written = format!("{} not {verb}", failure.word(at));
    let message = format!("expected a comparison, found `{}`", shorten(&written));
    let error = failure.error(Code::DoesNot, at, at + 2, message);
    Some(error.help(format!("write `{mended}`")).patch(mended))
}

/// `x between 1 and 5`
pub(super) fn between_values(failure: &Failure<'_>) -> Option<Diagnostic> {
    let between = match (failure.word(failure.at), failure.back(1)) {
        ("between", _) => failure.at,
        (_, "between") => failure.before()?,
        _ => return None,
    };
    let value = |at: usize| {
        matches!(
            failure.kind(at),
            Some(TokenKind::Number | TokenKind::Clock | TokenKind::Instant | TokenKind::Text)
        )
    };
    let named = between == failure.at && failure.kind(between + 1) == Some(TokenKind::Word);
    if !value(between + 1) && !named {
        return None;
    }
    let low = failure.word(between + 1);
    let spelled = failure.word(between + 2) == "and";
    let high = if spelled {
        failure.word(between + 3)
    } else {
        "…"
    };
    let subject = failure
        .tokens
        .kind(between.checked_sub(1)?)
        .map_or("x", |_| failure.word(between - 1));
    let last = if spelled { between + 3 } else { between + 1 };
    let message = "expected a comparison, found `between` with values";
    let error = failure.error(Code::BetweenValues, between, last, message);
    let help = format!(
        "write `{} >= {low} and {} <= {high}`",
        shorten(subject),
        shorten(subject)
    );
    Some(error.help(help))
}

/// `x < y < z`
pub(super) fn chained(failure: &Failure<'_>) -> Option<Diagnostic> {
    if failure.kind(failure.at) != Some(TokenKind::Compare) || failure.expects(Rule::value) {
        return None;
    }
    let stops = [
        "and", "or", "where", "unless", "when", "not", ",", "(", "[", "{",
    ];
    let earlier = (0..failure.at)
        .rev()
        .take_while(|at| !stops.contains(&failure.word(*at)));
    let first = earlier
        .into_iter()
        .find(|at| failure.kind(*at) == Some(TokenKind::Compare))?;
    let middle = failure.back(1);
    let sign = failure.word(failure.at);
    let message = format!("expected `and` or `or` after a comparison, found `{sign}`");
    let error = failure.error(Code::ChainedComparison, failure.at, failure.at, message);
    let middle = if first + 2 == failure.at {
        shorten(middle)
    } else {
        "y".to_owned()
    };
    Some(
        error
            .label(failure.span(first), "the first comparison")
            .help(format!(
                "comparisons do not chain: write `… and {middle} {sign} …`"
            )),
    )
}

/// `outcome = failure`
pub(super) fn single_equals(failure: &Failure<'_>) -> Option<Diagnostic> {
    if failure.kind(failure.at) != Some(TokenKind::Assign) {
        return None;
    }
    let after_value = matches!(
        failure.before().and_then(|before| failure.kind(before)),
        Some(
            TokenKind::Word
                | TokenKind::QuotedWord
                | TokenKind::Text
                | TokenKind::RawText
                | TokenKind::Number
                | TokenKind::CloseParen
                | TokenKind::CloseBracket
        )
    );
    if !after_value || failure.at < 3 {
        return None;
    }
    let error = failure.error(
        Code::SingleEquals,
        failure.at,
        failure.at,
        "expected a comparison, found `=`",
    );
    Some(
        error
            .help("write `is` to compare and ignore case, `==` to compare exactly")
            .patch("is"),
    )
}

/// `[a, b same]`, `f(a, b same)`
pub(super) fn same_list(failure: &Failure<'_>) -> Option<Diagnostic> {
    let _ = failure;
    None
}
