//! What holds of the parser and the formatter for any text.
//!
//! Apart from the corpus because these texts are made by chance.

#![expect(
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "a step that fails fails the test"
)]

use std::path::{Path, PathBuf};

use muster_lang::diagnostic::{Level, render};
use muster_lang::file::{FileId, Files, Origin, Span};
use muster_lang::syntax::token::{self, TokenKind};
use muster_lang::syntax::{self, format, listing};
use proptest::prelude::*;
use proptest::sample::select;

/// Pieces that rule text is made of, sound and broken ones.
const PIECES: &[&str] = &[
    "rule",
    "source",
    "field",
    "event",
    "identity",
    "table",
    "list",
    "calendar",
    "memory",
    "digest",
    "test",
    "param",
    "use",
    "when",
    "then",
    "within",
    "where",
    "unless",
    "without",
    "and",
    "or",
    "not",
    "in",
    "as",
    "is",
    "alert",
    "high",
    "show",
    "note",
    "score",
    "on",
    "per",
    "for",
    "each",
    "day",
    "zone",
    "same",
    "differs",
    "exists",
    "missing",
    "any",
    "all",
    "of",
    "geo",
    "distance",
    "elapsed",
    "raw",
    "between",
    "before",
    "after",
    "match",
    "keep",
    "first",
    "login",
    "a",
    "b",
    "identity",
    "device.id",
    ".x",
    ".",
    "\"text\"",
    "\"{a}\"",
    "\"{\"",
    "\"\\q\"",
    "r\"\\d\"",
    "5",
    "5m",
    "1h30m",
    "15min",
    "20%",
    "900km/h",
    "08:00",
    "25:00",
    "2026-03-15T08:42:17Z",
    "mon-fri",
    "T1078.004",
    "{",
    "}",
    "(",
    ")",
    "[",
    "]",
    ",",
    ":",
    "=",
    "==",
    "!=",
    "<",
    ">",
    "<=",
    "+",
    "-",
    "*",
    "/",
    "`in`",
    "`",
    "\"open",
    "# comment\n",
    "\n",
    "é",
    "\u{202e}",
    "\0",
    "$",
    "Capital",
    "std.zero_trust",
    "expect",
    "at",
    "no",
    "count",
    "text",
    "enum",
    "list<text>",
];

fn soup() -> impl Strategy<Value = String> {
    let piece = (select(PIECES), select(vec![" ", "", "\n", "  "]));
    prop::collection::vec(piece, 0..60).prop_map(|pieces| {
        pieces
            .into_iter()
            .flat_map(|(piece, blank)| [piece, blank])
            .collect()
    })
}

/// A program of the corpus with some of its tokens removed, doubled, or replaced.
fn mutation() -> impl Strategy<Value = String> {
    let change = (any::<prop::sample::Index>(), 0..4_u8, select(PIECES));
    (select(corpus()), prop::collection::vec(change, 1..6)).prop_map(|(text, changes)| {
        changes.into_iter().fold(text, |text, (at, kind, piece)| {
            changed(&text, at, kind, piece)
        })
    })
}

fn changed(text: &str, at: prop::sample::Index, kind: u8, piece: &str) -> String {
    let tokens = token::tokens(text);
    if tokens.is_empty() {
        return piece.to_owned();
    }
    let range = at.get(&tokens).range();
    let (before, after) = (&text[..range.start], &text[range.end..]);
    let token = &text[range];
    match kind {
        0 => format!("{before}{after}"),
        1 => format!("{before}{token} {token}{after}"),
        2 => format!("{before}{piece}{after}"),
        _ => format!("{before}{token} {piece} {after}"),
    }
}

/// A program of the corpus with comments between its tokens.
fn commented() -> impl Strategy<Value = String> {
    let comment = (
        any::<prop::sample::Index>(),
        select(vec![" # c\n", "\n# own\n", "\n\n  # far\n\n", "#tight\n"]),
    );
    (select(corpus()), prop::collection::vec(comment, 1..6)).prop_map(|(text, comments)| {
        comments.into_iter().fold(text, |text, (at, comment)| {
            let tokens = token::tokens(&text);
            let places: Vec<usize> = (1..tokens.len())
                .filter(|at| apart(&text, &tokens, *at))
                .collect();
            if places.is_empty() {
                return text;
            }
            let place = tokens[*at.get(&places)].range().start;
            format!("{}{comment}{}", &text[..place], &text[place..])
        })
    })
}

/// Whether a comment may stand before a token: blanks stand there, or signs that need none.
fn apart(text: &str, tokens: &[token::Token], at: usize) -> bool {
    let (before, next) = (tokens[at - 1], tokens[at]);
    let sign = |kind| {
        matches!(
            kind,
            TokenKind::Comma | TokenKind::OpenBrace | TokenKind::CloseBrace
        )
    };
    before.end < next.start || sign(before.kind) || text.is_empty()
}

/// An expression written by chance.
fn expression() -> impl Strategy<Value = String> {
    let leaf = select(vec![
        "a",
        "a.b",
        ".x",
        ".\"odd key\"[0]",
        "raw.X",
        "a.raw.y",
        "5",
        "1.5",
        "20%",
        "5m",
        "2GB",
        "\"t\"",
        "r\"\\d\"",
        "true",
        "08:00",
        "elapsed",
        "geo distance",
        "`missing`",
        "`in`.c",
        "t[a].b",
        "f()",
        "time",
    ]);
    leaf.prop_map(str::to_owned)
        .prop_recursive(5, 40, 3, |inner| {
            let pair = (inner.clone(), inner.clone());
            prop_oneof![
                (pair.clone(), select(vec!["and", "or", "+", "-", "*", "/"]))
                    .prop_map(|((left, right), op)| format!("{left} {op} {right}")),
                (
                    pair.clone(),
                    select(vec![
                        "is",
                        "is not",
                        "==",
                        "<",
                        ">=",
                        "in",
                        "not in",
                        "like",
                        "not contains",
                        "starts with"
                    ])
                )
                    .prop_map(|((left, right), op)| format!("({left}) {op} ({right})")),
                inner.clone().prop_map(|inner| format!("({inner})")),
                inner.clone().prop_map(|inner| format!("not ({inner})")),
                inner.clone().prop_map(|inner| format!("-({inner})")),
                inner.clone().prop_map(|inner| format!("({inner}) exists")),
                inner
                    .clone()
                    .prop_map(|inner| format!("({inner}) is missing")),
                pair.clone()
                    .prop_map(|(left, right)| format!("[{left}, {right}]")),
                pair.clone()
                    .prop_map(|(left, right)| format!("f({left}, {right})")),
                pair.clone()
                    .prop_map(|(left, right)| format!("count({left} where {right})")),
                pair.prop_map(|(list, test)| format!("any of ({list}) where ({test})")),
                Just("(a, b.c same)".to_owned()),
            ]
        })
}

fn corpus() -> Vec<String> {
    let mut texts = Vec::new();
    read("tests/programs/valid", &mut texts);
    read("stdlib-rules", &mut texts);
    texts
}

/// Returns the text of every rule file in a folder of the workspace.
#[expect(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    reason = "a corpus is read from its folder"
)]
fn read(folder: &str, texts: &mut Vec<String>) {
    let mut folders = vec![
        Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("..")
            .join(folder),
    ];
    let mut paths: Vec<PathBuf> = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().path())
        {
            if entry.is_dir() {
                folders.push(entry);
            } else if entry
                .extension()
                .is_some_and(|extension| extension == "muster")
            {
                paths.push(entry);
            }
        }
    }
    paths.sort();
    texts.extend(
        paths
            .iter()
            .map(|path| std::fs::read_to_string(path).unwrap()),
    );
}

fn file(text: &str) -> (Files, FileId) {
    let mut files = Files::new();
    let id = files.add("any.muster", text, Origin::User);
    (files, id)
}

/// Asserts what holds of any text: mistakes have places, and are drawn.
fn assert_sound(text: &str) {
    let (files, id) = file(text);
    let parsed = syntax::parse(&files, id);
    for told in &parsed.diagnostics {
        let spans = std::iter::once(told.span).chain(told.labels.iter().map(|label| label.span));
        for span in spans {
            assert_inside(text, span);
        }
        assert_eq!(told.level, Level::Error);
        assert!(!told.message.is_empty() && !render::render(&files, told, true).is_empty());
        assert!(!render::json(&files, told).contains('\n'));
    }
    for declaration in &parsed.module.declarations {
        assert_inside(text, declaration.span);
    }
    if let Ok(laid_out) = format::format(text) {
        assert_eq!(format::format(&laid_out).as_ref(), Ok(&laid_out));
    } else {
        assert!(!parsed.diagnostics.is_empty(), "a valid text has no layout");
    }
}

fn assert_inside(text: &str, span: Span) {
    let range = span.start as usize..span.end as usize;
    assert!(
        text.get(range.clone()).is_some(),
        "{range:?} is no range of the text"
    );
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_soup_of_tokens_is_read(text in soup()) {
        assert_sound(&text);
    }

    #[test]
    fn any_text_is_read(text in "\\PC{0,200}") {
        assert_sound(&text);
    }

    #[test]
    fn any_change_of_a_program_is_read(text in mutation()) {
        assert_sound(&text);
    }

    #[test]
    fn comments_between_tokens_are_kept(text in commented()) {
        let (files, id) = file(&text);
        let told = syntax::parse(&files, id).diagnostics;
        prop_assume!(told.is_empty());
        prop_assert!(format::format(&text).is_ok(), "{text}");
    }

    #[test]
    fn an_expression_prints_as_itself(text in expression()) {
        let (files, id) = file(&text);
        let Ok(expr) = syntax::expression(&files, id) else { return Ok(()) };
        let printed = format::expr(&expr);
        let (files, id) = file(&printed);
        let again = syntax::expression(&files, id);
        prop_assert!(again.is_ok(), "{text} was printed as {printed}");
        let again = again.map(|expr| listing::expr(&expr)).unwrap_or_default();
        prop_assert_eq!(listing::expr(&expr), again, "{} was printed as {}", text, printed);
    }
}

#[test]
fn every_rule_file_of_the_library_has_a_layout() {
    for text in corpus() {
        assert_sound(&text);
    }
}
