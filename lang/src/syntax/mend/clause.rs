//! Slips with lines: unknown, misplaced, or named like a reserved word.
//!
//! Apart from other slips because they need the words that may begin a line.

use crate::diagnostic::{Code, Diagnostic};
use crate::syntax::DAYS;
use crate::syntax::mend::{Failure, nearest, shorten};
use crate::syntax::parse::grammar::Rule;
use crate::syntax::split::DECLARATIONS;
use crate::syntax::token::TokenKind;

const META: &[&str] = &["about", "attack", "tags", "status", "references", "false"];
const CLAUSES: &[&str] = &[
    "within", "where", "unless", "without", "on", "each", "session", "tolerate", "global", "across",
];
const OPTIONS: &[&str] = &["show", "note", "severity", "score", "suppress"];
const SOURCE: &[&str] = &[
    "when", "absent", "drop", "lateness", "dedupe", "explode", "fields",
];
const IDENTITY: &[&str] = &["from", "clean", "never"];
const CALENDAR: &[&str] = &[
    "zone", "from", "mon", "tue", "wed", "thu", "fri", "sat", "sun",
];
const TEST: &[&str] = &["at", "feed", "advance", "expect"];
const MEMORY: &[&str] = &["where", "unless", "per", "for", "learn", "max"];
const DIGEST: &[&str] = &["where", "unless", "keep", "summarize", "drop"];

/// `then alert low "…"`
pub(super) fn then_alert(failure: &Failure<'_>) -> Option<Diagnostic> {
    let then = if failure.back(2) == "then" && failure.back(1) == "alert" {
        failure.at.checked_sub(2)?
    } else {
        return None;
    };
    if failure.kind(failure.at) != Some(TokenKind::Word) {
        return None;
    }
    let message = "expected a step after `then`, found the alert";
    let error = failure.error(Code::ThenAlert, then, then, message);
    Some(
        error
            .help("the alert stands behind the pattern without `then`")
            .patch(""),
    )
}

/// A reserved word where a name belongs.
pub(super) fn reserved_word(failure: &Failure<'_>) -> Option<Diagnostic> {
    const NAMES: &[Rule] = &[
        Rule::name,
        Rule::path,
        Rule::class,
        Rule::column,
        Rule::tag,
        Rule::severity,
        Rule::level,
        Rule::type_name,
    ];
    let word = failure.word(failure.at);
    let reserved = [
        "when", "then", "within", "where", "unless", "without", "and", "or", "not", "in", "as",
        "is",
    ];
    let only_names =
        !failure.expected.is_empty() && failure.expected.iter().all(|rule| NAMES.contains(rule));
    let heads = matches!(
        failure.back(1),
        "field" | "as" | "event" | "rule" | "list" | "," | "show" | "per"
    );
    if !reserved.contains(&word) || !only_names || !heads {
        return None;
    }
    let message = format!(
        "expected a name after `{}`, found the reserved word `{word}`",
        failure.back(1)
    );
    let error = failure.error(Code::ReservedWord, failure.at, failure.at, message);
    let help = "a name that is a reserved word is written between back quotes";
    Some(error.help(help).patch(format!("`{word}`")))
}

/// `rule brute-force { … }`
pub(super) fn hyphen(failure: &Failure<'_>) -> Option<Diagnostic> {
    let at = failure.at;
    let heads = at >= 2 && DECLARATIONS.contains(&failure.back(2)) || failure.back(2) == "as";
    let words = [failure.before()?, at + 1]
        .iter()
        .all(|at| failure.kind(*at) == Some(TokenKind::Word));
    if failure.kind(at) != Some(TokenKind::Minus) || !heads || !words {
        return None;
    }
    let mut last = at + 1;
    while failure.kind(last + 1) == Some(TokenKind::Minus)
        && failure.kind(last + 2) == Some(TokenKind::Word)
    {
        last += 2;
    }
    let first = at.checked_sub(1)?;
    let words: Vec<&str> = (first..=last)
        .step_by(2)
        .map(|at| failure.word(at))
        .collect();
    let (written, mended) = (words.join("-"), words.join("_"));
    let message = format!("expected a name without `-`, found `{}`", shorten(&written));
    let error = failure.error(Code::BadName, first, last, message);
    Some(
        error
            .help(format!(
                "names have small letters, digits and `_`: `{mended}`"
            ))
            .patch(mended),
    )
}

/// A second `when`.
pub(super) fn second_when(failure: &Failure<'_>) -> Option<Diagnostic> {
    let first = (0..failure.at).find(|at| failure.word(*at) == "when")?;
    let clause = failure.expects(Rule::clause) && failure.word(0) == "rule";
    if failure.word(failure.at) != "when" || !clause {
        return None;
    }
    let message = "expected one `when`, found a second";
    let error = failure.error(Code::RepeatedLine, failure.at, failure.at, message);
    Some(
        error
            .label(failure.span(first), "the first one")
            .help("steps are joined by `then` or `all of (…)`"),
    )
}

/// A line of metadata or an option that stands too late or too early.
pub(super) fn misplaced(failure: &Failure<'_>) -> Option<Diagnostic> {
    let word = failure.word(failure.at);
    if failure.word(0) != "rule" || failure.kind(failure.at) != Some(TokenKind::Word) {
        return None;
    }
    let help = if META.contains(&word) && !failure.expects(Rule::meta) {
        format!("`{word}` stands at the head of the rule, before `when`")
    } else if OPTIONS.contains(&word) && !failure.expects(Rule::alert_option) {
        format!("`{word}` stands behind the `alert` line")
    } else if CLAUSES.contains(&word) && failure.expects(Rule::alert_option) {
        format!("`{word}` stands between `when` and `alert`")
    } else {
        return None;
    };
    if !failure.tokens.begins_line(failure.at) {
        return None;
    }
    let message = format!("did not expect `{word}` here");
    Some(
        failure
            .error(Code::MisplacedLine, failure.at, failure.at, message)
            .help(help),
    )
}

/// A declaration that does not exist, behind one that has no braces.
pub(super) fn unknown_declaration(failure: &Failure<'_>) -> Option<Diagnostic> {
    let braced = ["rule", "source", "identity", "calendar", "test"].contains(&failure.word(0));
    let named = matches!(
        failure.kind(failure.at + 1),
        Some(TokenKind::Word | TokenKind::Text)
    );
    let word = failure.kind(failure.at) == Some(TokenKind::Word);
    if braced || !word || !named || !failure.tokens.begins_line(failure.at) {
        return None;
    }
    nearest(failure.word(failure.at), DECLARATIONS.iter().copied())?;
    Some(unknown_declaration_at(failure, failure.at))
}

pub(super) fn unknown_declaration_at(failure: &Failure<'_>, at: usize) -> Diagnostic {
    let word = failure.word(at);
    let message = format!(
        "expected a declaration such as `rule`, found {}",
        failure.shown(at)
    );
    let error = failure.error(Code::UnknownDeclaration, at, at, message);
    let named = failure.kind(at) == Some(TokenKind::Word);
    match nearest(word, DECLARATIONS.iter().copied()).filter(|_| named) {
        Some(meant) => error.help(format!("did you mean `{meant}`?")).patch(meant),
        None => error.help(format!("the declarations are {}", listed(DECLARATIONS))),
    }
}

/// Returns an example of a declaration.
pub(super) fn declaration_help(word: &str) -> &'static str {
    match word {
        "source" => "write `source name \"title\" { … }`",
        "field" => "write `field name: text`",
        "event" => "write `event name = login where …`",
        "identity" => "write `identity person { … }`",
        "table" => "write `table name from \"file.csv\" key column`",
        "list" => "write `list name = [\"a\", \"b\"]`",
        "calendar" => "write `calendar name { mon-fri 08:00-18:00 }`",
        "memory" => "write `memory name = seen path in class per identity for 90d`",
        "digest" => "write `digest name = class keep first per identity each day`",
        "test" => "write `test \"what holds\" for rule_name { … }`",
        "param" => "write `param name = 10 \"what it means\"`",
        "use" => "write `use std.pack`",
        _ => "write `rule name \"title\" { … }`",
    }
}

/// A line whose first word begins none.
pub(super) fn unknown_line(failure: &Failure<'_>) -> Option<Diagnostic> {
    let (at, words) = line(failure)?;
    let word = failure.word(at);
    let unknown = failure.kind(at) == Some(TokenKind::Word) && !words.contains(&word);
    if !unknown || !failure.tokens.begins_line(at) || at == 0 {
        return None;
    }
    let message = format!(
        "expected a line such as `{}`, found `{}`",
        words.first()?,
        shorten(word)
    );
    let error = failure.error(Code::UnknownClause, at, at, message);
    let meant = nearest(word, words.iter().copied()).or_else(|| day_of(failure, word));
    Some(match meant {
        Some(meant) => error.help(format!("did you mean `{meant}`?")).patch(meant),
        None => error.help(format!("what may stand here: {}", listed(&words))),
    })
}

/// `monday` is `mon`
fn day_of(failure: &Failure<'_>, word: &str) -> Option<&'static str> {
    let lower = word.to_lowercase();
    let days = DAYS
        .iter()
        .copied()
        .filter(|_| failure.word(0) == "calendar");
    days.into_iter()
        .find(|day| lower.starts_with(day) && lower.ends_with("day"))
}

/// Returns the word that should have begun a line, and the words that may.
fn line(failure: &Failure<'_>) -> Option<(usize, Vec<&'static str>)> {
    let at = failure.at;
    match failure.word(0) {
        "rule" => {
            let mut words = Vec::new();
            words.extend(
                META.iter()
                    .filter(|_| failure.expects(Rule::meta) || failure.expects(Rule::when)),
            );
            words.extend(Some("when").filter(|_| failure.expects(Rule::when)));
            words.extend(CLAUSES.iter().filter(|_| failure.expects(Rule::clause)));
            words.extend(Some("alert").filter(|_| failure.expects(Rule::alert)));
            words.extend(
                OPTIONS
                    .iter()
                    .filter(|_| failure.expects(Rule::alert_option)),
            );
            (!words.is_empty()).then_some((at, words))
        }
        // A line of a source may be an assignment: the word before the failure began it.
        "source" if failure.expects(Rule::assign_sign) => {
            Some((failure.before()?, SOURCE.to_vec()))
        }
        "source" if failure.expects(Rule::source_line) => Some((at, SOURCE.to_vec())),
        "identity" if failure.expects(Rule::identity_line) => Some((at, IDENTITY.to_vec())),
        "calendar" if failure.expects(Rule::calendar_line) => Some((at, CALENDAR.to_vec())),
        "test" if failure.expects(Rule::test_line) => Some((at, TEST.to_vec())),
        "memory" if failure.expects(Rule::memory_option) => Some((at, MEMORY.to_vec())),
        "digest" if failure.expects(Rule::digest_action) => Some((at, DIGEST.to_vec())),
        _ => None,
    }
}

fn listed(words: &[&str]) -> String {
    let quoted: Vec<String> = words.iter().map(|word| format!("`{word}`")).collect();
    quoted.join(", ")
}
