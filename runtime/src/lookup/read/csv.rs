//! CSV with a header.
//!
//! Apart because only this file knows the `csv` crate.

use std::sync::Arc;

use csv::{ErrorKind, ReaderBuilder, StringRecord, Trim};
use muster_lang::value::Value;

use super::{Fault, Rows};

/// What may stand between cells; the one that the header has most of does.
const SEPARATORS: [u8; 3] = *b",;\t";

/// Reads the rows of a CSV file.
pub(super) fn rows(bytes: &[u8]) -> Result<Rows, Fault> {
    let mut reader = ReaderBuilder::new()
        .trim(Trim::All)
        .delimiter(separator(bytes))
        .from_reader(bytes);
    let header = reader
        .headers()
        .map_err(|error| Fault::of_file(reason(&error)))?;
    let columns: Vec<Arc<str>> = header.iter().map(Arc::from).collect();
    if columns.is_empty() {
        return Err(Fault::of_file("expected a header, found nothing"));
    }
    for (place, column) in columns.iter().enumerate() {
        if columns.iter().take(place).any(|earlier| earlier == column) {
            return Err(Fault::of_file(format!("column `{column}` is there twice")));
        }
    }
    let mut rows = Vec::new();
    for (place, record) in reader.records().enumerate() {
        let record = record.map_err(|error| Fault::of_row(place, reason(&error)))?;
        rows.push(cells(&record));
    }
    Ok(Rows { columns, rows })
}

fn separator(bytes: &[u8]) -> u8 {
    let header = bytes
        .split(|byte| *byte == b'\n')
        .next()
        .unwrap_or_default();
    let count = |separator: u8| header.iter().filter(|byte| **byte == separator).count();
    // Of equals the last is the greatest, so the comma is asked last.
    SEPARATORS
        .into_iter()
        .rev()
        .max_by_key(|separator| count(*separator))
        .unwrap_or(b',')
}

fn cells(record: &StringRecord) -> Box<[Value]> {
    let cell = |text: &str| {
        if text.is_empty() {
            Value::Missing
        } else {
            Value::text(text)
        }
    };
    record.iter().map(cell).collect()
}

fn reason(error: &csv::Error) -> String {
    match error.kind() {
        ErrorKind::UnequalLengths {
            expected_len, len, ..
        } => {
            format!("expected {expected_len} cells as in the header, found {len}")
        }
        ErrorKind::Utf8 { .. } => "expected UTF-8, found other bytes".to_owned(),
        _ => error.to_string(),
    }
}
