//! A table: its rows, and how a key finds them.
//!
//! Apart from reading because its rows are the same from whatever file they came.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::sync::Arc;

use muster_lang::ir;
use muster_lang::units::Timestamp;
use muster_lang::value::{Value, fold};

use super::clock::Clock;
use super::error::Fault;
use super::index::Index;
use super::read::{self, Rows};

/// The columns that bound when a row is valid.
const VALID_FROM: &str = "valid_from";
const VALID_TO: &str = "valid_to";

/// A table in memory.
#[derive(Debug)]
pub(super) struct Table {
    columns: Vec<Arc<str>>,
    rows: Vec<Box<[Value]>>,
    // INVARIANT: empty, or as long as `rows`.
    valid: Vec<Validity>,
    key: usize,
    index: Index,
}

/// A row of a table.
#[derive(Clone, Copy, Debug)]
pub struct Row<'a> {
    table: &'a Table,
    cells: &'a [Value],
}

impl Row<'_> {
    /// Returns the value of a column; missing where the cell is empty or there is no such column.
    #[must_use]
    pub fn get(&self, column: &str) -> Value {
        let place = self.table.column(column);
        place
            .and_then(|place| self.cells.get(place))
            .cloned()
            .unwrap_or_default()
    }
}

/// When a row is valid: from its start until before its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Validity {
    pub(super) from: Timestamp,
    pub(super) to: Timestamp,
}

impl Validity {
    /// Valid at all times.
    pub(super) const ALWAYS: Self = Self {
        from: Timestamp(i64::MIN),
        to: Timestamp(i64::MAX),
    };

    /// Tells whether an instant lies inside.
    pub(super) fn holds(self, at: Timestamp) -> bool {
        self.from <= at && at < self.to
    }
}

impl Table {
    /// Reads a table from the bytes of its file.
    pub(super) fn read(declared: &ir::Table, bytes: &[u8]) -> Result<Self, Fault> {
        let Rows { columns, rows } = read::rows(&declared.path, &declared.key, bytes)?;
        let key = match find(&columns, &declared.key) {
            Some(key) => key,
            // A JSON file without rows names no columns.
            None if rows.is_empty() && columns.is_empty() => 0,
            None => return Err(Fault::of_file(no_column(&columns, &declared.key))),
        };
        let valid = validity(&columns, &rows)?;
        let keys = rows
            .iter()
            .map(|row| row.get(key).unwrap_or(&Value::Missing));
        let index = Index::new(declared.mode, keys)?;
        Ok(Self {
            columns,
            rows,
            valid,
            key,
            index,
        })
    }

    /// Returns the place of a column: the one spelled so, else the first that is but for case.
    pub(super) fn column(&self, name: &str) -> Option<usize> {
        find(&self.columns, name)
    }

    /// Returns the place of a column that must be there, unless no row can lack it.
    pub(super) fn required(&self, name: &str) -> Result<usize, String> {
        match self.column(name) {
            Some(place) => Ok(place),
            None if self.columns.is_empty() => Ok(0),
            None => Err(no_column(&self.columns, name)),
        }
    }

    /// Returns the distinct values of a column, in the order of the rows.
    pub(super) fn values(&self, name: &str) -> Vec<Value> {
        let Some(place) = self.column(name) else {
            return Vec::new();
        };
        let mut seen = BTreeSet::new();
        let cells = self.rows.iter().filter_map(|row| row.get(place));
        let there = cells.filter(|cell| !cell.is_missing());
        there
            .filter(|cell| seen.insert(cell.display()))
            .cloned()
            .collect()
    }

    /// Returns the last row of a key that is valid at an instant.
    pub(super) fn row(&self, key: &Value, at: Timestamp) -> Option<Row<'_>> {
        self.index.find(key, |rows| self.last_valid(rows, at))
    }

    /// Returns the last of some rows that is valid at an instant; `rows` ascend.
    pub(super) fn last_valid(&self, rows: &[u32], at: Timestamp) -> Option<Row<'_>> {
        let place = rows
            .iter()
            .rev()
            .find(|place| self.validity(**place as usize).holds(at))?;
        let cells = self.rows.get(*place as usize)?;
        Some(Row { table: self, cells })
    }

    /// Tells whether a key is one that the table can be asked for.
    pub(super) fn fits(&self, key: &Value) -> bool {
        self.index.fits(key)
    }

    /// Returns when a row is valid.
    pub(super) fn validity(&self, place: usize) -> Validity {
        self.valid.get(place).copied().unwrap_or(Validity::ALWAYS)
    }

    /// Returns the cells of a column, one for each row.
    pub(super) fn cells(&self, column: usize) -> impl Iterator<Item = &Value> {
        self.rows
            .iter()
            .map(move |row| row.get(column).unwrap_or(&Value::Missing))
    }

    /// Returns the key of each row.
    pub(super) fn keys(&self) -> impl Iterator<Item = &Value> {
        self.cells(self.key)
    }
}

fn find(columns: &[Arc<str>], name: &str) -> Option<usize> {
    let exactly = columns.iter().position(|column| **column == *name);
    exactly.or_else(|| columns.iter().position(|column| fold(column) == fold(name)))
}

fn no_column(columns: &[Arc<str>], name: &str) -> String {
    let columns: Vec<String> = columns.iter().map(|column| format!("`{column}`")).collect();
    format!("expected a column `{name}`, found {}", columns.join(", "))
}

fn validity(columns: &[Arc<str>], rows: &[Box<[Value]>]) -> Result<Vec<Validity>, Fault> {
    let (from, to) = (find(columns, VALID_FROM), find(columns, VALID_TO));
    if from.is_none() && to.is_none() {
        return Ok(Vec::new());
    }
    let utc = Clock::of(None).map_err(Fault::of_file)?;
    let bound = |place: usize, column: Option<usize>, name: &str, open: Timestamp| {
        let cell = column.and_then(|column| rows.get(place)?.get(column));
        cell.map_or(Ok(open), |cell| {
            time_or(cell, open, &utc).map_err(|found| {
                Fault::of_row(
                    place,
                    format!("expected a time in `{name}`, found `{found}`"),
                )
            })
        })
    };
    let validity = |place| {
        Ok(Validity {
            from: bound(place, from, VALID_FROM, Validity::ALWAYS.from)?,
            to: bound(place, to, VALID_TO, Validity::ALWAYS.to)?,
        })
    };
    (0..rows.len()).map(validity).collect()
}

/// Returns the instant of a cell, `open` where it is empty, or else what the cell shows.
pub(super) fn time_or(cell: &Value, open: Timestamp, clock: &Clock) -> Result<Timestamp, String> {
    if cell.is_missing() {
        return Ok(open);
    }
    clock.instant(cell).ok_or_else(|| shown(cell))
}

/// Returns a cell as messages show it.
pub(super) fn shown(cell: &Value) -> String {
    key_text(cell).map_or_else(|| "another value".to_owned(), Cow::into_owned)
}

/// Returns the text that a value is as a key, or `None` for what is no key; not folded.
pub(super) fn key_text(key: &Value) -> Option<Cow<'_, str>> {
    match key {
        Value::Text(text) => Some(Cow::Borrowed(text)),
        Value::Bool(_)
        | Value::Int(_)
        | Value::Float(_)
        | Value::Time(_)
        | Value::Duration(_)
        | Value::Distance(_)
        | Value::Speed(_)
        | Value::Size(_)
        | Value::Ip(_) => Some(Cow::Owned(muster_lang::value::display(key))),
        Value::Missing | Value::Geo(_) | Value::List(_) | Value::Record(_) => None,
    }
}
