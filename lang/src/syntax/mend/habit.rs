//! What people write who come from another language: SQL, KQL, EQL, Sigma, regular expressions.
//!
//! Apart from other slips because each of them says a whole thing another way.

use crate::diagnostic::{Code, Diagnostic};
use crate::syntax::mend::{Failure, shorten};
use crate::syntax::parse::grammar::Rule;
use crate::syntax::token::TokenKind;

/// `login and then access`, `login followed by access`, `login -> access`
pub(super) fn other_then(failure: &Failure<'_>) -> Option<Diagnostic> {
    let at = failure.at;
    let last = match (failure.word(at), failure.word(at + 1)) {
        ("and" | "," | "&&", "then") | ("followed", "by") | ("-" | "=", ">") => at + 1,
        ("->" | "=>" | "afterwards" | "next", _) => at,
        _ => return None,
    };
    if !in_pattern(failure) {
        return None;
    }
    let written = shorten(failure.text(at, last));
    let message = format!("expected `then` between two steps, found `{written}`");
    let error = failure.error(Code::Syntax, at, last, message);
    Some(
        error
            .help("what comes later follows `then`; a time between the two is `then within 5m`")
            .patch("then"),
    )
}

/// `when login and access`, `when login or access`, `when login and outcome is success`
pub(super) fn steps_joined(failure: &Failure<'_>) -> Option<Diagnostic> {
    let word = failure.word(failure.at);
    if !["and", "or"].contains(&word) || !in_pattern(failure) {
        return None;
    }
    let message = format!("expected `then` between two steps, found `{word}`");
    let error = failure.error(Code::Syntax, failure.at, failure.at, message);
    let next = path_end(failure, failure.at + 1)? + 1;
    let compares = failure.kind(next) == Some(TokenKind::Compare)
        || ["is", "in", "exists", "contains", "starts", "matches"].contains(&failure.word(next));
    if compares {
        let help = "what an event must be stands behind `where`";
        let error = error.help(help);
        return Some(if word == "and" {
            error.patch("where")
        } else {
            error
        });
    }
    let named = failure.back(2) == "as";
    let first = shorten(failure.back(if named { 3 } else { 1 }));
    let both = format!("{first}, {}", shorten(failure.word(failure.at + 1)));
    Some(error.help(match word {
        "and" => format!("both, in any order, are `all of ({both})`"),
        _ => format!("either of two events is `1 of ({both})`"),
    }))
}

/// `unless elevation within 10m before b`
pub(super) fn unless_event(failure: &Failure<'_>) -> Option<Diagnostic> {
    let at = failure.at;
    let clause = clause_before(failure, &["unless", "without"])?;
    let sided = ["before", "after"].contains(&failure.word(at));
    // `unless elevation` is a condition, `within 10m` a clause: only the side does not fit.
    let event = clause + 2 == at.checked_sub(2)?
        && failure.word(clause + 2) == "within"
        && failure.kind(clause + 1) == Some(TokenKind::Word);
    if failure.word(clause) != "unless" || !sided || !event {
        return None;
    }
    let message = "expected a condition after `unless`, found an event and a time";
    let error = failure.error(Code::Syntax, clause, at, message);
    let mended = format!("without {}", failure.text(clause + 1, at));
    Some(
        error
            .help("an event that must not have happened stands behind `without`")
            .patch(mended),
    )
}

/// `without approval before b`
pub(super) fn without_span(failure: &Failure<'_>) -> Option<Diagnostic> {
    let at = failure.at;
    let word = failure.word(at);
    if !["before", "after"].contains(&word) || failure.kind(at + 1) != Some(TokenKind::Word) {
        return None;
    }
    let clause = clause_before(failure, &["unless", "without", "within"])?;
    if failure.word(clause) != "without" {
        return None;
    }
    let message = format!("expected how long {word} `{}`", failure.word(at + 1));
    let error = failure.error(Code::Syntax, at, at, message);
    let help = format!(
        "an absence has a bound: `within 1d {word} {}`",
        failure.word(at + 1)
    );
    Some(error.help(help).patch(format!("within 1d {word}")))
}

/// `when count(login_failed) > 5`
pub(super) fn counted_step(failure: &Failure<'_>) -> Option<Diagnostic> {
    let at = failure.at;
    let head = failure.before()?;
    let begins = ["when", "then", "(", ","].contains(&failure.back(2));
    if failure.word(at) != "(" || !begins || failure.word(0) != "rule" {
        return None;
    }
    let event = failure.word(at + 1);
    let help = match failure.word(head) {
        "count" => format!("a number of events is `5+ {}`", shorten(event)),
        "distinct" | "dcount" | "count_distinct" => {
            "a number of different values is `10+ different ip in login`".to_owned()
        }
        "sum" | "avg" | "min" | "max" => {
            format!(
                "a group by its {0} is `{0} of bytes.down in download > 2GB`",
                failure.word(head)
            )
        }
        _ => return None,
    };
    let message = format!(
        "expected a step after `{}`, found the function `{}`",
        failure.back(2),
        failure.word(head)
    );
    match at_least(failure, head) {
        Some((last, least)) => {
            let error = failure.error(Code::Syntax, head, last, message);
            Some(error.help(help).patch(format!("{least}+ {event}")))
        }
        None => Some(failure.error(Code::Syntax, head, head, message).help(help)),
    }
}

/// Returns the last token of `count(EVENT) > N`, and how many events that are at least.
fn at_least(failure: &Failure<'_>, head: usize) -> Option<(usize, u32)> {
    let more = match failure.word(head + 4) {
        ">" => 1,
        ">=" => 0,
        _ => return None,
    };
    if failure.word(head) != "count" || failure.word(head + 3) != ")" {
        return None;
    }
    let number: u32 = failure.word(head + 5).parse().ok()?;
    Some((head + 5, number.checked_add(more)?))
}

/// `within 10m by identity`, `group by identity`
pub(super) fn grouped_by(failure: &Failure<'_>) -> Option<Diagnostic> {
    let at = failure.at;
    let (by, first) = match (failure.word(at), failure.word(at + 1)) {
        ("group", "by") => (at + 1, at),
        ("by" | "per", _) => (at, at),
        _ => return None,
    };
    let in_rule = failure.word(0) == "rule" && failure.expects(Rule::clause);
    let last = paths_end(failure, by + 1)?;
    if !in_rule {
        return None;
    }
    let message = format!(
        "expected `alert` or a clause, found `{}`",
        shorten(failure.text(first, by))
    );
    let error = failure.error(Code::Syntax, first, last, message);
    let mended = format!("where {} same", failure.text(by + 1, last));
    Some(
        error
            .help("what all events of a match have in common is said by `same`")
            .patch(mended),
    )
}

/// `alert "…"`
pub(super) fn no_severity(failure: &Failure<'_>) -> Option<Diagnostic> {
    let text = failure.kind(failure.at) == Some(TokenKind::Text);
    if !text || failure.back(1) != "alert" || !failure.expects(Rule::severity) {
        return None;
    }
    let message = "expected a severity such as `high` after `alert`, found the text";
    let error = failure.error(Code::Syntax, failure.at, failure.at, message);
    let help = "a severity stands before the text: `info`, `low`, `medium`, `high` or `critical`";
    let mended = format!("medium {}", failure.word(failure.at));
    Some(error.help(help).patch(mended))
}

/// `memory seen_ips = seen ip per identity for 90d`
pub(super) fn memory_of_what(failure: &Failure<'_>) -> Option<Diagnostic> {
    let option = ["per", "for", "where", "learn", "max"].contains(&failure.word(failure.at));
    if failure.word(0) != "memory" || !option || !failure.expects(Rule::kw_in) {
        return None;
    }
    let word = failure.word(failure.at);
    let message = format!("expected `in` and a class of events, found `{word}`");
    let error = failure.error(Code::Syntax, failure.at, failure.at, message);
    Some(
        error
            .help("say which events it remembers, as in `in login`")
            .patch(format!("in login {word}")),
    )
}

/// `matches /^adm/`
pub(super) fn slashed_pattern(failure: &Failure<'_>) -> Option<Diagnostic> {
    let at = failure.at;
    let asked = ["matches", "like", "~"].contains(&failure.back(1));
    if failure.word(at) != "/" || !asked {
        return None;
    }
    let verb = failure.back(1);
    let message = format!("expected a text after `{verb}`, found `/`");
    let error = failure.error(Code::Syntax, at, at, message);
    Some(error.help("a regular expression is a raw text: `matches r\"^adm\"`"))
}

/// Returns the last token of the paths, with commas between them, that begin with a token.
fn paths_end(failure: &Failure<'_>, first: usize) -> Option<usize> {
    let mut last = path_end(failure, first)?;
    while failure.kind(last + 1) == Some(TokenKind::Comma) {
        let Some(next) = path_end(failure, last + 2) else {
            break;
        };
        last = next;
    }
    Some(last)
}

/// Returns the last token of the path that begins with a token.
fn path_end(failure: &Failure<'_>, first: usize) -> Option<usize> {
    let word = |at: usize| failure.kind(at) == Some(TokenKind::Word);
    let mut last = Some(first).filter(|at| word(*at))?;
    while failure.kind(last + 1) == Some(TokenKind::Dot) && word(last + 2) {
        last += 2;
    }
    Some(last)
}

/// `in ("ES", "FR", "DE")`
pub(super) fn round_list(failure: &Failure<'_>) -> Option<Diagnostic> {
    let item = |at: &usize| {
        matches!(
            failure.kind(*at),
            Some(TokenKind::Text | TokenKind::RawText | TokenKind::Number | TokenKind::Comma)
        )
    };
    let open = (0..failure.at).rev().find(|at| !item(at))?;
    let close = (failure.at..).find(|at| !item(at))?;
    let round = failure.word(open) == "(" && failure.word(close) == ")";
    let asked = open.checked_sub(1).map(|at| failure.word(at)) == Some("in");
    if !round || !asked || failure.kind(failure.at) != Some(TokenKind::Comma) {
        return None;
    }
    let message = "expected a list behind `in`, found round brackets";
    let error = failure.error(Code::Syntax, open, close, message);
    let mended = format!("[{}]", failure.text(open + 1, close - 1));
    Some(
        error
            .help("a list stands between square brackets")
            .patch(mended),
    )
}

/// Tells whether the steps of a rule are being read: no clause has begun yet.
fn in_pattern(failure: &Failure<'_>) -> bool {
    let clauses = ["within", "where", "unless", "without", "alert", "on"];
    failure.word(0) == "rule"
        && failure.expects(Rule::clause)
        && (0..failure.at)
            .rev()
            .map(|at| failure.word(at))
            .find(|word| clauses.contains(word) || ["when", "then"].contains(word))
            .is_some_and(|word| ["when", "then"].contains(&word))
}

/// Returns the nearest of some words before what did not fit.
fn clause_before(failure: &Failure<'_>, words: &[&str]) -> Option<usize> {
    (0..failure.at)
        .rev()
        .find(|at| words.contains(&failure.word(*at)))
}
