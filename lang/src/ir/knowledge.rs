//! What is known besides events: identities, tables, lists, calendars.
//!
//! Apart because it is read while rules run and never changed by them.

use std::sync::Arc;

use super::{ListId, TableId};
use crate::file::{FileId, Span};
use crate::value::Value;

/// Who someone is.
#[derive(Clone, Debug)]
pub struct Identity {
    /// Its name.
    pub name: Arc<str>,
    /// Table, columns that identify a row, column that holds the canonical id.
    pub from: Option<(TableId, Vec<Arc<str>>, Arc<str>)>,
    /// How identifiers are cleaned.
    pub clean: Vec<Cleaner>,
    /// Cleaned names that identify nobody.
    pub never: Vec<Arc<str>>,
    /// Where it is declared.
    pub span: Span,
}

/// A step that cleans an identifier.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cleaner {
    /// Lower case.
    Lower,
    /// Without white space around it.
    Trim,
    /// Without `DOMAIN\` before or `@DOMAIN` behind it, ignoring case.
    StripDomain(Arc<str>),
}

/// A table read from a file.
#[derive(Clone, Debug)]
pub struct Table {
    /// Its name.
    pub name: Arc<str>,
    /// The file as written.
    pub path: Arc<str>,
    /// The rule file whose folder the path is relative to.
    pub file: FileId,
    /// The key column.
    pub key: Arc<str>,
    /// How keys are matched.
    pub mode: crate::syntax::ast::TableMode,
    /// Where it is declared.
    pub span: Span,
}

/// A list of constants.
#[derive(Clone, Debug)]
pub struct List {
    /// Its name.
    pub name: Arc<str>,
    /// Its elements.
    pub items: Vec<Value>,
    /// Where it is declared.
    pub span: Span,
}

/// Spans of time.
#[derive(Clone, Debug)]
pub struct Calendar {
    /// Its name.
    pub name: Arc<str>,
    /// Its zone, a name of the IANA database.
    pub zone: Option<Arc<str>>,
    /// Weekly spans.
    pub weekly: Vec<WeeklySpan>,
    /// Intervals from a table.
    pub intervals: Option<Intervals>,
    /// Where it is declared.
    pub span: Span,
}

/// A span on some days of the week.
#[derive(Clone, Debug)]
pub struct WeeklySpan {
    /// Days on which it starts, Monday is bit 0.
    pub days: u8,
    /// Microseconds since midnight.
    pub start: i64,
    /// Microseconds since midnight, exclusive; not after `start` means on the next day.
    pub end: i64,
    /// Days left out.
    pub except: Option<Days>,
}

/// Where dates come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Days {
    /// The key column of a table.
    Table(TableId),
    /// A list.
    List(ListId),
}

/// Intervals from a table.
#[derive(Clone, Debug)]
pub struct Intervals {
    /// The table.
    pub table: TableId,
    /// The column with the start.
    pub start: Arc<str>,
    /// The column with the end, exclusive.
    pub end: Arc<str>,
    /// The column that keys them.
    pub per: Option<Arc<str>>,
}
