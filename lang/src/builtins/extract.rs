//! `extract`: what a group of a pattern caught.
//!
//! A file of its own, as every builtin has; public for the evaluator, which compiles the pattern
//! once and not for each event.

use regex::{Regex, RegexBuilder};

use super::{Builtin, Gives, Kind, Parameter, Signature, Takes, argument};
use crate::value::Value;

/// The most memory a compiled pattern may take, in bytes.
pub const PATTERN_BYTES_MAX: usize = 1 << 20;

pub(super) const BUILTIN: Builtin = Builtin {
    name: "extract",
    kind: Kind::Function,
    signature: Signature {
        parameters: &[
            Parameter::new("text", Takes::Text),
            Parameter::new("pattern", Takes::Pattern),
        ],
        options: &[],
        gives: Gives::Text,
    },
    doc: "Returns what the first group of a regular expression caught where it was first found. Case \
          counts unless the pattern says `(?i)`; it takes time in proportion to the text.",
    missing: "Missing where nothing is found, or where the pattern has no group or the group caught \
              nothing.",
    examples: &[
        (
            r#"extract("user=ana from 10.0.0.1", r"user=(\w+)")"#,
            r#""ana""#,
        ),
        (r#"extract("CN=Ana,OU=Sales", r"OU=([^,]+)")"#, r#""Sales""#),
        (r#"extract("user=ana", r"host=(\w+)")"#, "missing"),
        (r#"extract("user=ana", r"\w+")"#, "missing"),
    ],
    call,
};

fn call(arguments: &[Value]) -> Value {
    let text = argument::text(arguments, 0);
    let pattern = argument::text(arguments, 1).and_then(|pattern| compile(&pattern).ok());
    text.zip(pattern)
        .map_or(Value::Missing, |(text, pattern)| capture(&pattern, &text))
}

/// Compiles a pattern of `matches` or `extract`; one that would take too much memory is an error.
///
/// # Errors
///
/// What is wrong with the pattern.
pub fn compile(pattern: &str) -> Result<Regex, regex::Error> {
    RegexBuilder::new(pattern)
        .size_limit(PATTERN_BYTES_MAX)
        .dfa_size_limit(PATTERN_BYTES_MAX)
        .build()
}

/// Returns what the first group of a compiled pattern caught in a value that is or becomes text.
#[must_use]
pub fn from_value(pattern: &Regex, value: &Value) -> Value {
    let text = argument::text(std::slice::from_ref(value), 0);
    text.map_or(Value::Missing, |text| capture(pattern, &text))
}

fn capture(pattern: &Regex, text: &str) -> Value {
    let group = pattern.captures(text).and_then(|captures| captures.get(1));
    group.map_or(Value::Missing, |group| Value::text(group.as_str()))
}
