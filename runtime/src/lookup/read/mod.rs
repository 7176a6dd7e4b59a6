//! Reading the rows of a table from the bytes of its file.
//!
//! Apart from the table because what a cell holds does not depend on how it is found.

mod csv;
mod json;

use std::sync::Arc;

use muster_lang::value::Value;

use super::error::Fault;

/// Rows with the same columns.
#[derive(Debug, Default)]
pub(super) struct Rows {
    /// The names of the columns, each once.
    pub(super) columns: Vec<Arc<str>>,
    // INVARIANT: each row has at most as many cells as there are columns; what lacks is missing.
    /// The cells of each row in the order of the columns.
    pub(super) rows: Vec<Box<[Value]>>,
}

/// Reads rows: CSV with a header, JSON (a list of objects, or an object of objects by key), or JSON
/// Lines. The file's ending tells which; of any other ending, its first byte.
///
/// Cells of CSV are texts without the white space around them. A cell that is empty is missing.
pub(super) fn rows(path: &str, key: &str, bytes: &[u8]) -> Result<Rows, Fault> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let ending = path
        .rsplit_once('.')
        .map(|(_, ending)| ending.to_ascii_lowercase());
    match ending.as_deref() {
        Some("csv" | "tsv") => csv::rows(bytes),
        Some("json" | "jsonl" | "ndjson") => json::rows(key, bytes),
        Some(_) | None if bytes.trim_ascii_start().starts_with(b"{") => json::rows(key, bytes),
        Some(_) | None if bytes.trim_ascii_start().starts_with(b"[") => json::rows(key, bytes),
        Some(_) | None => csv::rows(bytes),
    }
}
