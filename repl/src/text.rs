//! Bytes of a file as the text of rules, or why they are none.
//!
//! Apart from loading, which is about names: here it is about what a file holds.

use std::fs;
use std::io::{self, Read};
use std::path::Path;

use muster_lang::escape::escape_line;

use crate::exit::Exit;
use crate::load::{LoadError, unreadable};

/// The longest rule file, in bytes.
pub(crate) const FILE_BYTES_MAX: u64 = 16 << 20;

/// Returns the text of a rule file.
///
/// # Errors
///
/// Files that cannot be read, and those that are no text.
pub(crate) fn read_text(path: &Path) -> Result<String, LoadError> {
    let name = path.display().to_string();
    text_of(
        &name,
        read_bytes(path).map_err(|error| unreadable(&name, &error))?,
    )
}

fn read_bytes(path: &Path) -> io::Result<Vec<u8>> {
    #[expect(
        clippy::disallowed_methods,
        reason = "this is where rule files are read"
    )]
    let file = fs::File::open(path)?;
    let mut bytes = Vec::new();
    file.take(FILE_BYTES_MAX + 1).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// Takes bytes as the text of rules.
///
/// # Errors
///
/// What is too long, what is no text, and what looks like events.
pub(crate) fn text_of(name: &str, bytes: Vec<u8>) -> Result<String, LoadError> {
    let shown = escape_line(name);
    let wrong = |what: &str, help: &str| {
        Err(LoadError::new(
            Exit::Rules,
            format!("`{shown}` {what}"),
            help,
        ))
    };
    if bytes.len() as u64 > FILE_BYTES_MAX {
        return wrong("is longer than 16 MiB", "cut the rules into several files");
    }
    let events = format!("if it holds events, name it behind `--input`: `--input {shown}`");
    if bytes.starts_with(&[0x1f, 0x8b]) {
        return wrong("is compressed: rules are plain text", &events);
    }
    if bytes.contains(&0) {
        return wrong("is a binary file: rules are text", &events);
    }
    let text = match String::from_utf8(bytes) {
        Ok(text) => text,
        Err(error) => {
            let line = line_of(error.as_bytes(), error.utf8_error().valid_up_to());
            return wrong(
                &format!("is not UTF-8: see line {line}"),
                "save it as UTF-8",
            );
        }
    };
    let text = text
        .strip_prefix('\u{feff}')
        .map(str::to_owned)
        .unwrap_or(text);
    if text.trim_start().starts_with(['{', '[']) {
        return wrong("holds JSON, not rules", &events);
    }
    Ok(text)
}

fn line_of(bytes: &[u8], offset: usize) -> usize {
    bytes
        .iter()
        .take(offset)
        .filter(|byte| **byte == b'\n')
        .count()
        + 1
}
