//! Hostile rule text: whatever it is, it is refused or read in little time on a small stack.
//!
//! Apart from the corpus because these programs are large, and made rather than written.

#![expect(clippy::panic, reason = "a step that fails fails the test")]

use std::time::{Duration, Instant};

use muster_lang::diagnostic::Code;
use muster_lang::file::{Files, Origin};
use muster_lang::syntax::{self, Parsed, format, listing};

const SMALL_STACK: usize = 512 << 10;
/// What a thread of a program gets where it says nothing.
const USUAL_STACK: usize = 2 << 20;
/// The largest file.
const LARGE: usize = 1 << 20;
/// A file that still shows a quadratic reading, where there are many to read.
const MIDDLE: usize = 1 << 16;
/// Far above what is needed without optimization, far below what a quadratic reading would take.
const TIME_MAX: Duration = Duration::from_secs(60);

/// Returns what becomes of a text on a thread with a small stack, and asserts that it takes little time.
fn parse(text: String) -> Parsed {
    parse_on(SMALL_STACK, text)
}

fn parse_on(stack_bytes: usize, text: String) -> Parsed {
    let started = now();
    let name: String = text.chars().take(40).collect();
    let parsed = on_stack(stack_bytes, move || {
        let mut files = Files::new();
        let file = files.add("hostile", text, Origin::User);
        let parsed = syntax::parse(&files, file);
        let _ = listing::module(&parsed.module);
        drop(parsed.clone());
        parsed
    });
    let took = started.elapsed();
    assert!(took < TIME_MAX, "{name}… took {took:?}");
    parsed
}

fn on_stack<T: Send + 'static>(stack_bytes: usize, run: impl FnOnce() -> T + Send + 'static) -> T {
    let thread = std::thread::Builder::new()
        .stack_size(stack_bytes)
        .spawn(run);
    thread
        .unwrap_or_else(|error| panic!("{error}"))
        .join()
        .unwrap_or_else(|_| panic!("it panicked"))
}

#[expect(
    clippy::disallowed_methods,
    reason = "a limit of time is what is tested"
)]
fn now() -> Instant {
    Instant::now()
}

/// Returns a text of so many bytes that repeats a piece.
fn repeated(bytes: usize, head: &str, piece: &str) -> String {
    let times = (bytes - head.len()) / piece.len();
    format!("{head}{}", piece.repeat(times))
}

#[test]
fn a_large_file_of_one_sign_is_refused() {
    for piece in ["(", "[", "{", "-", "not ", "a or ", "a.", "\"", "\u{e9}"] {
        let told = parse(repeated(LARGE, "event e = any where ", piece)).diagnostics;
        assert!(!told.is_empty(), "{piece} is accepted");
    }
}

#[test]
fn a_file_of_one_sign_is_refused() {
    for piece in [
        "(", "]", "{", "-", "not ", "\"", "a.", ".", ",", "=", "}", "`", "1", "\\", "\u{e9}", "\0",
        "\r",
    ] {
        let _ = parse(repeated(MIDDLE, "", piece));
        let told = parse(repeated(MIDDLE, "event e = any where ", piece)).diagnostics;
        assert!(!told.is_empty(), "{piece} is accepted");
    }
}

#[test]
fn nesting_is_refused_where_it_begins_to_be_too_deep() {
    let told = |head, piece| {
        parse(repeated(MIDDLE, head, piece))
            .diagnostics
            .first()
            .map(|told| told.code)
    };
    for piece in [
        "(",
        "[",
        "f(",
        "[a, ",
        "(a and ",
        "not ",
        "-",
        "x[",
        "not (",
        "any of (",
        "(1, ",
        "f(a where ",
    ] {
        assert_eq!(
            told("event e = any where ", piece),
            Some(Code::TooDeep),
            "{piece}"
        );
    }
    for piece in ["all of (", "2 of (a, ", "(a then "] {
        assert_eq!(
            told("rule r { when ", piece),
            Some(Code::TooDeep),
            "{piece}"
        );
    }
    assert_eq!(told("field f: ", "list<"), Some(Code::TooDeep));
}

#[test]
fn sixty_four_brackets_are_read() {
    for (open, close) in [
        ("(", ")"),
        ("not (", ")"),
        ("(a or not b and ", ")"),
        ("f(", ")"),
        ("(y + ", ")"),
    ] {
        let (opened, closed) = (open.repeat(64), close.repeat(64));
        let text = format!("event e = any where {opened}x{closed}");
        let told = parse_on(USUAL_STACK, text).diagnostics;
        assert!(told.is_empty(), "{open} {told:?}");
    }
}

#[test]
fn long_chains_are_read_and_laid_out() {
    for (word, times) in [
        (" or ", 10_000),
        (" and ", 10_000),
        (" and a or ", 5_000),
        (", ", 10_000),
    ] {
        let operands = vec!["a"; times].join(word);
        let expr = if word == ", " {
            format!("x in [{operands}]")
        } else {
            operands
        };
        let text = format!("event e = any where {expr}\n");
        let told = parse(text.clone()).diagnostics;
        assert!(told.is_empty(), "{word} {:?}", told.first());
        let laid_out = on_stack(SMALL_STACK, move || format::format(&text));
        assert!(laid_out.is_ok(), "{word}");
    }
}

#[test]
fn long_arithmetic_is_refused() {
    for sign in [" + ", " * ", " - 1 / "] {
        let text = format!(
            "event e = any where {}1 > 2",
            format!("a{sign}").repeat(10_000)
        );
        let told = parse(text).diagnostics;
        assert_eq!(
            told.first().map(|told| told.code),
            Some(Code::TooDeep),
            "{sign}"
        );
    }
    for part in ["[0]", ".a", ".\"a\"", "[0].a"] {
        let text = format!("event e = any where f(x){} > 2", part.repeat(10_000));
        let told = parse(text).diagnostics;
        assert_eq!(
            told.first().map(|told| told.code),
            Some(Code::TooDeep),
            "{part}"
        );
    }
}

#[test]
fn broken_declarations_cost_no_more_than_sound_ones() {
    let pieces = [
        "rule a {\n",
        "rule r { when ",
        "event e = any where ",
        "rule r { alert low \"{\" }\n",
        "event e = any where \"a\n",
        "rule r { when a then ",
        "test \"t\" { at ",
        "source s { x = ",
        "list l = [a, ",
        "then ",
        "a, ",
        "x y ",
        "5+ ",
        "a or ",
        "rule r { } ",
        "} rule ",
        "field f: ",
        "memory m = seen a in b per ",
        "alert low \"{a}\" ",
        "`a` ",
        "x is in ",
        "rule r { when a alert low \"{(\" } ",
    ];
    for piece in pieces {
        let parsed = parse(repeated(MIDDLE, "", piece));
        assert!(parsed.diagnostics.len() <= 100, "{piece}");
        let _ = parse(repeated(MIDDLE, "event e = any where ", piece));
        let _ = parse(repeated(MIDDLE, "rule r { when ", piece));
    }
}

#[test]
fn a_text_with_many_holes_is_read() {
    let text = format!(
        "rule r {{ when login alert low \"{}\" }}",
        "{a.b is \\\"c\\\"} ".repeat(5_000)
    );
    assert!(parse(text).diagnostics.is_empty());
    let text = format!(
        "rule r {{ when login alert low \"{}\" }}",
        "{".repeat(LARGE - 100)
    );
    assert!(parse(text).diagnostics.len() <= 100);
    let text = format!(
        "rule r {{ when login alert low \"{}\" }}",
        "{a ".repeat(LARGE / 4)
    );
    assert!(!parse(text).diagnostics.is_empty());
}

#[test]
fn a_file_of_more_than_a_mebibyte_is_refused() {
    let told = parse("# ".repeat(LARGE)).diagnostics;
    assert_eq!(told.first().map(|told| told.code), Some(Code::TooLong));
}

#[test]
fn a_large_valid_file_is_read() {
    let rule = "rule impossible_travel \"Impossible travel\" {\n  attack T1078\n  when login as a then login as b\n  \
                within 15m where identity same and geo distance > 500km\n  alert high \"{identity}: {a.geo.city}\"\n}\n\n";
    let text = rule.repeat(LARGE / rule.len());
    assert!(parse(text).diagnostics.is_empty());
}
