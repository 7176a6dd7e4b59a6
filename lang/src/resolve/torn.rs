//! The names of declarations that did not parse.
//!
//! Apart from naming because such a name is known to be meant: to call it unknown would only repeat
//! what the parser told.

use std::collections::BTreeSet;

use crate::diagnostic::{Diagnostic, Level};
use crate::file::{FileId, Files};

/// Keywords that a name follows.
const KEYWORDS: [&str; 10] = [
    "source", "field", "event", "identity", "table", "list", "calendar", "memory", "rule", "param",
];

/// Returns the names declared in files that have syntax errors.
pub(super) fn names(files: &Files, diagnostics: &[Diagnostic]) -> BTreeSet<String> {
    let torn: BTreeSet<FileId> = diagnostics
        .iter()
        .filter(|diagnostic| diagnostic.level == Level::Error)
        .map(|diagnostic| diagnostic.span.file)
        .collect();
    let mut names = BTreeSet::new();
    for file in torn {
        let text = files.get(file).map(|file| file.text.clone()).unwrap_or_default();
        names.extend(text.lines().filter_map(declared));
    }
    names
}

/// Returns the name that a line declares.
fn declared(line: &str) -> Option<String> {
    let mut words = line.split_whitespace();
    let keyword = words.next()?;
    if !KEYWORDS.contains(&keyword) {
        return None;
    }
    let name: String = words
        .next()?
        .chars()
        .take_while(|letter| letter.is_alphanumeric() || *letter == '_' || *letter == '.')
        .collect();
    (!name.is_empty()).then_some(name)
}
