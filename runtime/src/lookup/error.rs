//! Why a table cannot be used.
//!
//! Apart so that loading and reloading tell it in the same words.

use std::fmt;
use std::sync::Arc;

use muster_lang::ir::Table;

/// A fault of a table's file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LookupError {
    /// The table.
    pub table: Arc<str>,
    /// Its file as written.
    pub path: Arc<str>,
    /// The row, from 1, without the header.
    pub row: Option<u64>,
    /// What is wrong.
    pub reason: String,
}

impl LookupError {
    /// Returns a fault of the whole file.
    pub(super) fn file(table: &Table, reason: impl Into<String>) -> Self {
        Self {
            table: Arc::clone(&table.name),
            path: Arc::clone(&table.path),
            row: None,
            reason: reason.into(),
        }
    }
}

impl fmt::Display for LookupError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "table `{}`, file `{}`", self.table, self.path)?;
        if let Some(row) = self.row {
            write!(f, ", row {row}")?;
        }
        write!(f, ": {}", self.reason)
    }
}

impl std::error::Error for LookupError {}
