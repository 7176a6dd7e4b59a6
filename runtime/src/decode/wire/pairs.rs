//! Pairs like `key=value`, whose values may hold spaces.
//!
//! Apart because CEF, LEEF and audit records all have them, each with another oddity.

use muster_lang::value::{RecordBuilder, Value};

/// The most pairs that are read of one text; what follows belongs to the last value.
const PAIRS_MAX: usize = 1_024;

/// Tells whether a line is a list of pairs: it begins with one, and has three at least.
pub(super) fn looks_so(text: &str) -> bool {
    let first = text.split(' ').next().unwrap_or_default();
    let begins = first.split_once('=').is_some_and(|(key, _)| is_key(key));
    begins && text.matches('=').count() >= 3
}

/// Reads pairs that stand apart by white space; a value goes on until the next key.
///
/// A value in quotes ends with them, and what follows without a space begins a new pair.
pub(super) fn spaced(text: &str, unescape: fn(&str) -> String) -> RecordBuilder {
    let mut record = RecordBuilder::default();
    let mut key = None;
    let mut rest = text;
    let mut value_from = text;
    let mut count = 0;
    while let Some((head, behind)) = next_equals(rest) {
        if let Some((before, name)) = key_at_end(head).filter(|_| count < PAIRS_MAX) {
            let value = up_to(value_from, before, rest);
            close(&mut record, key.take(), value, unescape);
            count += 1;
            if let Some((quoted, after)) = quoted(behind) {
                record.put(name.into(), Value::text(unescape(quoted)));
                (rest, value_from) = (after, after);
            } else {
                key = Some(name);
                (rest, value_from) = (behind, behind);
            }
        } else {
            rest = behind;
        }
    }
    close(&mut record, key, value_from, unescape);
    record
}

/// Returns the part of `from` that ends where `before`, the beginning of `rest`, does.
fn up_to<'t>(from: &'t str, before: &str, rest: &str) -> &'t str {
    let skipped = from.len() - rest.len();
    from.get(..skipped + before.len()).unwrap_or(from)
}

fn close(record: &mut RecordBuilder, key: Option<&str>, value: &str, unescape: fn(&str) -> String) {
    if let Some(key) = key {
        record.put(key.into(), Value::text(unescape(value.trim())));
    }
}

/// Splits at the next equals sign that no backslash stands before.
fn next_equals(text: &str) -> Option<(&str, &str)> {
    let mut escaped = false;
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            b'=' if !escaped => return Some((text.get(..at)?, text.get(at + 1..)?)),
            b'\\' => escaped = !escaped,
            _ => escaped = false,
        }
    }
    None
}

/// Splits the key off the end of a text: the last word, if it may be one.
fn key_at_end(text: &str) -> Option<(&str, &str)> {
    let text = text.trim_end_matches(' ');
    let start = text
        .rfind(|c: char| c.is_whitespace() || matches!(c, '\u{1d}' | '\'' | '"'))
        .map_or(0, |at| {
            at + text
                .get(at..)
                .and_then(|t| t.chars().next())
                .map_or(1, char::len_utf8)
        });
    let (before, key) = text.split_at_checked(start)?;
    is_key(key).then_some((before, key))
}

fn is_key(text: &str) -> bool {
    let fits = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '-' | '[' | ']');
    !text.is_empty() && text.len() <= 128 && text.chars().all(fits)
}

/// Splits a text in quotes off the front, if it begins with one and ends with one.
fn quoted(text: &str) -> Option<(&str, &str)> {
    let quote = text.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    let inner = text.get(1..)?;
    let mut escaped = false;
    for (at, c) in inner.char_indices() {
        match c {
            '\\' => escaped = !escaped,
            c if c == quote && !escaped => return Some((inner.get(..at)?, inner.get(at + 1..)?)),
            _ => escaped = false,
        }
    }
    None
}

/// Returns a text as it is.
pub(super) fn verbatim(text: &str) -> String {
    text.to_owned()
}

/// Returns a text with `\=`, `\\`, `\|`, `\n` and `\r` replaced; other backslashes stay.
pub(super) fn unescaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        if c != '\\' {
            out.push(c);
            continue;
        }
        match chars.next() {
            Some('n') => out.push('\n'),
            Some('r') => out.push('\r'),
            Some(c @ ('=' | '\\' | '|')) => out.push(c),
            Some(c) => out.extend(['\\', c]),
            None => out.push('\\'),
        }
    }
    out
}
