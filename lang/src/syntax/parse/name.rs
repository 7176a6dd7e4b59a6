//! Names, paths and texts.
//!
//! Apart from the constructs because all of them have names, and because a capital letter or a reserved
//! word is told here and nowhere else.

use crate::diagnostic::{Code, Diagnostic};
use crate::file::Span;
use crate::syntax::ast::{Column, Name, Path, Text};
use crate::syntax::parse::Node;
use crate::syntax::parse::builder::Builder;
use crate::syntax::parse::grammar::{self, Rule};
use crate::syntax::text;

/// The words that are never names without back quotes.
pub(crate) const RESERVED: &[&str] = &[
    "when", "then", "within", "where", "unless", "without", "and", "or", "not", "in", "as", "is",
];

/// Returns whether a word is a name without back quotes.
pub(crate) fn is_plain(word: &str) -> bool {
    word.starts_with(|c: char| c.is_ascii_lowercase() || c == '_')
        && word
            .bytes()
            .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_')
        && !RESERVED.contains(&word)
}

impl Builder<'_> {
    /// Returns the name of a node, and tells a letter that names do not have.
    pub(super) fn name(&mut self, node: &Node<'_>) -> Name {
        let span = self.span(node);
        let name = self.word(node);
        self.check_name(node.as_str(), span);
        name
    }

    /// Returns the name of a node whose letters do not matter.
    pub(super) fn word(&self, node: &Node<'_>) -> Name {
        Name {
            text: node.as_str().trim_matches('`').to_owned(),
            span: self.span(node),
        }
    }

    /// Returns the name that the first child of a rule bears.
    pub(super) fn named(&mut self, node: &Node<'_>, rule: Rule) -> Option<Name> {
        let child = grammar::child(node, rule)?;
        Some(self.name(&child))
    }

    fn check_name(&mut self, written: &str, span: Span) {
        if written.starts_with('`') || is_plain(written) {
            return;
        }
        if RESERVED.contains(&written) {
            let message = format!("expected a name, found the reserved word `{written}`");
            let mended = format!("`{written}`");
            let help = "a name that is a reserved word is written between back quotes";
            self.tell(
                Diagnostic::error(Code::ReservedWord, span, message)
                    .help(help)
                    .patch(mended),
            );
            return;
        }
        let message = format!(
            "expected a name in lower case, found `{}`",
            crate::escape::escape_line(written)
        );
        let error = Diagnostic::error(Code::BadName, span, message);
        let mended = snake_case(written);
        self.tell(if is_plain(&mended) {
            error
                .help(format!(
                    "names have small letters, digits and `_`: `{mended}`"
                ))
                .patch(mended)
        } else {
            error.help("names have the letters `a` to `z`, digits and `_`, and start with no digit")
        });
    }

    pub(super) fn path(&mut self, node: &Node<'_>) -> Path {
        let base = node.as_span().start();
        let words = split_path(node.as_str());
        let raw = words
            .iter()
            .position(|(_, word)| *word == "raw")
            .filter(|at| *at < 2);
        let mut parts = Vec::with_capacity(words.len());
        for (at, (start, word)) in words.into_iter().enumerate() {
            let span = self.range(base + start, base + start + word.len());
            if raw.is_none_or(|raw| at <= raw) {
                self.check_name(word, span);
            }
            parts.push(Name {
                text: word.trim_matches('`').to_owned(),
                span,
            });
        }
        Path {
            parts,
            span: self.span(node),
        }
    }

    /// Returns the paths among the children of a node.
    pub(super) fn paths(&mut self, node: &Node<'_>) -> Vec<Path> {
        grammar::children(node, Rule::path)
            .map(|path| self.path(&path))
            .collect()
    }

    /// Returns the paths of a `per` among the children of a node.
    pub(super) fn per(&mut self, node: &Node<'_>) -> Vec<Path> {
        grammar::child(node, Rule::per)
            .map(|per| self.paths(&per))
            .unwrap_or_default()
    }

    pub(super) fn text(&mut self, node: &Node<'_>) -> Text {
        let span = self.span(node);
        let raw = node.as_rule() == Rule::raw_text;
        let inner = between_quotes(node.as_str());
        let value = if raw {
            inner.to_owned()
        } else {
            self.decode(node, inner)
        };
        Text { value, raw, span }
    }

    fn decode(&mut self, node: &Node<'_>, inner: &str) -> String {
        let decoded = text::decode(inner);
        let start = node.as_span().start() + 1;
        for bad in &decoded.bad {
            let span = self.range(start + bad.start, start + bad.end);
            self.bad_escape(inner.get(bad.start..bad.end).unwrap_or_default(), span);
        }
        decoded.value
    }

    pub(super) fn bad_escape(&mut self, written: &str, span: Span) {
        let shown = crate::escape::escape_line(written);
        let message = format!("expected an escape such as `\\n`, found `{shown}`");
        let help = if written.starts_with("\\u") {
            "write the number of a character in hexadecimal: `\\u{e9}`"
        } else {
            "there are `\\\"`, `\\\\`, `\\n`, `\\t` and `\\u{…}`; a pattern is easier as raw text: `r\"\\d\"`"
        };
        self.error(Code::UnknownEscape, span, message, help);
    }

    /// Returns the text among the children of a node.
    pub(super) fn doc(&mut self, node: &Node<'_>) -> Option<Text> {
        grammar::child(node, Rule::text).map(|text| self.text(&text))
    }

    /// Returns the texts among the children of a node.
    pub(super) fn texts(&mut self, node: &Node<'_>) -> Vec<Text> {
        grammar::children(node, Rule::text)
            .map(|text| self.text(&text))
            .collect()
    }

    /// Returns a name that may be written as a text: a column, a tag.
    pub(super) fn name_or_text(&mut self, node: &Node<'_>) -> Option<Name> {
        let inner = grammar::first(node)?;
        let span = self.span(&inner);
        if inner.as_rule() == Rule::text {
            return Some(Name {
                text: self.text(&inner).value,
                span,
            });
        }
        Some(self.name(&inner))
    }

    pub(super) fn column(&mut self, node: &Node<'_>) -> Option<Column> {
        self.name_or_text(node).map(|name| Column {
            text: name.text,
            span: name.span,
        })
    }
}

/// Returns the words between the dots of a path with their offsets, back quotes included.
fn split_path(written: &str) -> Vec<(usize, &str)> {
    let mut words = Vec::new();
    let (mut start, mut quoted) = (0, false);
    for (at, c) in written.char_indices() {
        match c {
            '`' => quoted = !quoted,
            '.' if !quoted => {
                words.push((start, written.get(start..at).unwrap_or_default()));
                start = at + 1;
            }
            _ => {}
        }
    }
    words.push((start, written.get(start..).unwrap_or_default()));
    words
}

/// Returns what stands between the quotes of a text or a raw text.
pub(super) fn between_quotes(written: &str) -> &str {
    let inner = written.trim_start_matches('r');
    inner
        .strip_prefix('"')
        .and_then(|inner| inner.strip_suffix('"'))
        .unwrap_or(inner)
}

/// `DeviceID` is `device_id`.
fn snake_case(written: &str) -> String {
    let mut name = String::with_capacity(written.len() + 4);
    let mut small = false;
    for c in written.chars() {
        if c.is_uppercase() && small {
            name.push('_');
        }
        small = c.is_lowercase() || c.is_ascii_digit();
        name.extend(c.to_lowercase());
    }
    name
}
