//! Slips with comparisons.
//!
//! Apart from other slips because each of them is another language's way to compare.

use crate::diagnostic::{Code, Diagnostic};
use crate::syntax::mend::{Failure, shorten};
use crate::syntax::parse::grammar::Rule;
use crate::syntax::token::TokenKind;

/// `is in`, `is not in`, `is like` and the like
pub(super) fn is_in(failure: &Failure<'_>) -> Option<Diagnostic> {
    // `in` is reserved and fails itself; the others are names, and what follows them fails.
    let verbs = ["like", "contains", "matches", "starts", "ends"];
    let verb = match failure.word(failure.at) {
        "in" => failure.at,
        _ => failure
            .before()
            .filter(|at| verbs.contains(&failure.word(*at)))?,
    };
    let word = |back: usize| verb.checked_sub(back).map_or("", |at| failure.word(at));
    let (steps, not) = match (word(2), word(1)) {
        ("is", "not") => (2, "not "),
        (_, "is") => (1, ""),
        _ => return None,
    };
    let first = verb.checked_sub(steps)?;
    let mended = format!("{not}{}", failure.word(verb));
    let message = format!(
        "expected a value after `is`, found `{}`",
        failure.word(verb)
    );
    let error = failure.error(Code::IsIn, first, verb, message);
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
    let with = failure.word(at + 3) == "with";
    let (last, mended) = if with {
        (at + 3, format!("{mended} with"))
    } else {
        (at + 2, mended.to_owned())
    };
    let error = failure.error(Code::DoesNot, at, last, message);
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
    let subject = between
        .checked_sub(1)
        .and_then(|last| Some(failure.text(path_start(failure, last)?, last)));
    let subject = shorten(subject.unwrap_or("…"));
    let last = if spelled { between + 3 } else { between + 1 };
    let message = "expected a comparison, found `between` with values";
    let error = failure.error(Code::BetweenValues, between, last, message);
    let help = format!("write `{subject} >= {low} and {subject} <= {high}`");
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
    let compares = failure.expects(Rule::operator) || failure.expects(Rule::arithmetic_sign);
    if failure.kind(failure.at) != Some(TokenKind::Assign) || !compares {
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

/// `all of (login as a, download where identity, ip same)`
pub(super) fn same_list(failure: &Failure<'_>) -> Option<Diagnostic> {
    // A dotted path fails at its dot, a plain one at `same`.
    let path = |at: usize| {
        matches!(
            failure.kind(at),
            Some(TokenKind::Word | TokenKind::QuotedWord | TokenKind::Dot | TokenKind::Comma)
        )
    };
    let is_same = |at: &usize| ["same", "differs"].contains(&failure.word(*at));
    let same = (failure.at..).take_while(|at| path(*at)).find(is_same)?;
    let mut first = path_start(failure, same.checked_sub(1)?)?;
    let mut paths = 1;
    while let Some(comma) = first
        .checked_sub(1)
        .filter(|at| failure.kind(*at) == Some(TokenKind::Comma))
    {
        first = path_start(failure, comma.checked_sub(1)?)?;
        paths += 1;
    }
    if paths < 2 {
        return None;
    }
    let message = format!(
        "expected a list of paths before `{}` to stand in brackets here",
        failure.word(same)
    );
    let error = failure.error(Code::SameList, first, same, message);
    let help = "a comma separates other things here, so the list needs brackets of its own";
    Some(
        error
            .help(help)
            .patch(format!("({})", failure.text(first, same))),
    )
}

/// Returns the first token of the path that ends with a token.
fn path_start(failure: &Failure<'_>, last: usize) -> Option<usize> {
    let word = |at: usize| {
        matches!(
            failure.kind(at),
            Some(TokenKind::Word | TokenKind::QuotedWord)
        )
    };
    let mut first = Some(last).filter(|at| word(*at))?;
    while let Some(before) = first.checked_sub(2) {
        if failure.kind(first - 1) != Some(TokenKind::Dot) || !word(before) {
            break;
        }
        first = before;
    }
    Some(first)
}

/// `list admins = [ana]`
pub(super) fn bare_literal(failure: &Failure<'_>) -> Option<Diagnostic> {
    let word = failure.word(failure.at);
    if !failure.expects(Rule::literal) || failure.kind(failure.at) != Some(TokenKind::Word) {
        return None;
    }
    let message = format!(
        "expected a literal such as `\"ana\"` or `5`, found `{}`",
        shorten(word)
    );
    let error = failure.error(Code::Syntax, failure.at, failure.at, message);
    Some(
        error
            .help("texts stand between quotes")
            .patch(format!("\"{word}\"")),
    )
}
