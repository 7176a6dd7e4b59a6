//! Why what a program knows cannot be used.
//!
//! Apart so that loading and reloading tell it in the same words.

use std::fmt;
use std::sync::Arc;

use muster_lang::ir;

/// A fault of a table's file, or of a declaration that reads it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LookupError {
    /// What is at fault: ``table `assets` ``.
    pub what: String,
    /// The file of the table as written.
    pub path: Option<Arc<str>>,
    /// The row, from 1, the header not counted.
    pub row: Option<usize>,
    /// What is wrong.
    pub reason: String,
}

impl LookupError {
    /// Returns a fault of a declaration that is no table.
    pub(super) fn of(kind: &str, name: &str, reason: impl Into<String>) -> Self {
        Self {
            what: format!("{kind} `{name}`"),
            path: None,
            row: None,
            reason: reason.into(),
        }
    }

    /// Returns a fault of a table, at a row if it is one row's.
    pub(super) fn of_table(table: &ir::Table, fault: Fault) -> Self {
        Self {
            what: format!("table `{}`", table.name),
            path: Some(Arc::clone(&table.path)),
            row: fault.row,
            reason: fault.reason,
        }
    }
}

impl fmt::Display for LookupError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.what)?;
        if let Some(path) = &self.path {
            write!(f, ", file `{path}`")?;
        }
        if let Some(row) = self.row {
            write!(f, ", row {row}")?;
        }
        write!(f, ": {}", self.reason)
    }
}

impl std::error::Error for LookupError {}

/// A fault of a file before it is known whose it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Fault {
    pub(super) row: Option<usize>,
    pub(super) reason: String,
}

impl Fault {
    /// Returns a fault of a whole file.
    pub(super) fn of_file(reason: impl Into<String>) -> Self {
        Self {
            row: None,
            reason: reason.into(),
        }
    }

    /// Returns a fault of the row at a place, which counts from 0.
    pub(super) fn of_row(place: usize, reason: impl Into<String>) -> Self {
        Self {
            row: Some(place + 1),
            reason: reason.into(),
        }
    }
}
