//! `kv`: the pairs of a text.
//!
//! A file of its own, as every builtin has.

use std::sync::Arc;

use super::{Builtin, Gives, Kind, Parameter, Signature, Takes, argument};
use crate::value::{RecordBuilder, Value};

pub(super) const BUILTIN: Builtin = Builtin {
    name: "kv",
    kind: Kind::Function,
    signature: Signature {
        parameters: &[
            Parameter::new("text", Takes::Text),
            Parameter::new("between_pairs", Takes::Text).optional(),
            Parameter::new("behind_key", Takes::Text).optional(),
        ],
        options: &[],
        gives: Gives::Any,
    },
    doc: "Returns a record of the pairs in a text like `user=ana port=443`. Pairs stand apart by \
          white space and keys end at `=` unless separators are given. White space around keys \
          and values is dropped; a value in double quotes may hold separators and escapes `\\\"` \
          and `\\\\`. What has no key is skipped; of equal keys the last counts.",
    missing: "Missing where a separator is empty, or for more than 4096 pairs.",
    examples: &[
        (
            r#"kv("user=ana port=443")"#,
            r#"{"user":"ana","port":"443"}"#,
        ),
        (
            r#"kv("user=\"ana bo\" action=\"a\\\"b\"")"#,
            r#"{"user":"ana bo","action":"a\"b"}"#,
        ),
        (
            r#"kv("myname:user,myemail:user@example.com", ",", ":")"#,
            r#"{"myname":"user","myemail":"user@example.com"}"#,
        ),
        (
            r#"kv("Group = TG, Username = dana", ",")"#,
            r#"{"Group":"TG","Username":"dana"}"#,
        ),
        (r#"kv("no pairs here")"#, "{}"),
    ],
    call,
};

/// The most pairs that are read.
const PAIRS_MAX: usize = 4_096;

fn call(arguments: &[Value]) -> Value {
    argument::give(pairs(arguments))
}

fn pairs(arguments: &[Value]) -> Option<Value> {
    let text = argument::text(arguments, 0)?;
    let between = separator(arguments, 1)?;
    let behind = separator(arguments, 2)?;
    let separators = Separators {
        between: between.as_deref(),
        behind: behind.as_deref().unwrap_or("="),
    };
    let mut record = RecordBuilder::default();
    let mut rest = text.trim_start();
    while !rest.is_empty() {
        let (pair, after) = separators.next_pair(rest);
        if let Some((key, value)) = pair.filter(|(key, _)| !key.is_empty()) {
            record.put(key.into(), Value::text(value));
        }
        if record.len() > PAIRS_MAX {
            return None;
        }
        rest = after.trim_start();
    }
    Some(record.build())
}

/// Returns a separator; `Some(None)` where none is given, `None` where it is empty.
fn separator(arguments: &[Value], at: usize) -> Option<Option<Arc<str>>> {
    if argument::any(arguments, at).is_missing() {
        return Some(None);
    }
    argument::text(arguments, at)
        .filter(|separator| !separator.is_empty())
        .map(Some)
}

/// What stands between pairs, white space if nothing else, and behind keys.
struct Separators<'a> {
    between: Option<&'a str>,
    behind: &'a str,
}

impl Separators<'_> {
    /// Splits the next pair off, if what comes next is one, and returns what stands behind it.
    fn next_pair<'t>(&self, text: &'t str) -> (Option<(&'t str, String)>, &'t str) {
        let (head, after) = self.split(text);
        let Some((key, value)) = head.split_once(self.behind) else {
            return (None, after);
        };
        // A quoted value may reach beyond the separator, so it is read from the whole text.
        let start = head.len() - value.trim_start().len();
        if let Some((value, rest)) = text.get(start..).and_then(quoted) {
            return (Some((key.trim(), value)), self.split(rest).1);
        }
        (Some((key.trim(), value.trim().to_owned())), after)
    }

    /// Splits the text at the next separator between pairs.
    fn split<'t>(&self, text: &'t str) -> (&'t str, &'t str) {
        let split = match self.between {
            Some(separator) => text.split_once(separator),
            None => text.split_once(char::is_whitespace),
        };
        split.unwrap_or((text, ""))
    }
}

/// Reads a text in double quotes; a backslash keeps the character behind it.
fn quoted(text: &str) -> Option<(String, &str)> {
    let mut chars = text.strip_prefix('"')?.chars();
    let mut value = String::new();
    loop {
        match chars.next()? {
            '"' => return Some((value, chars.as_str())),
            '\\' => value.push(chars.next()?),
            c => value.push(c),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::json;

    fn read(text: &str) -> String {
        json::write(&call(&[Value::text(text)]))
    }

    #[test]
    fn real_firewall_lines_are_read() {
        let line = r#"date=2024-01-23 logid="0101039947" type="event" user="john.doe" tz="+0200" msg="SSL tunnel, up""#;
        let record = read(line);
        assert!(record.contains(r#""user":"john.doe""#), "{record}");
        assert!(record.contains(r#""msg":"SSL tunnel, up""#), "{record}");
    }

    #[test]
    fn odd_texts_give_what_pairs_they_have() {
        for (text, record) in [
            ("", "{}"),
            ("= =x a= b", r#"{"a":""}"#),
            ("a=1 a=2", r#"{"a":"2"}"#),
            (r#"a="open b=1"#, r#"{"a":"\"open","b":"1"}"#),
            (r#"a="x"y b=1"#, r#"{"a":"x","b":"1"}"#),
            (r#"a="x\"#, r#"{"a":"\"x\\"}"#),
            ("a=b=c", r#"{"a":"b=c"}"#),
            ("é=ü", r#"{"é":"ü"}"#),
        ] {
            assert_eq!(read(text), record, "{text}");
        }
    }

    #[test]
    fn hostile_texts_are_read_in_linear_time() {
        for piece in ["a ", "a=\"", "=", "\\", "a=\"\\\" "] {
            let _ = read(&piece.repeat(200_000));
        }
    }
}
