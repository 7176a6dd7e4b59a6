//! Tables: the rows of a file, and which of them counts for a key at an instant.
//!
//! Apart from expressions because identities and calendars look rows up as well.

use std::collections::BTreeMap;

use muster_lang::syntax::ast::{self, TableMode};
use muster_lang::value::Value;
use serde_json::Value as Json;

use super::convert::{from_json, instant};
use super::value::{fold, in_network};
use super::{Answer, unsupported};

/// A declared table with the rows of its file, in their order.
#[derive(Debug)]
pub(crate) struct Table<'a> {
    declared: &'a ast::Table,
    rows: Vec<Row>,
}

/// A row: what is not empty, by column.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Row(Vec<(String, Value)>);

impl Row {
    /// Returns a cell; a column is found ignoring case where none is spelled exactly so.
    pub(crate) fn cell(&self, column: &str) -> Value {
        let cells = || self.0.iter();
        let exact = cells().find(|(name, _)| name == column);
        let found = exact.or_else(|| cells().find(|(name, _)| fold(name) == fold(column)));
        found.map(|(_, value)| value.clone()).unwrap_or_default()
    }

    /// Returns a cell as text; nothing where it is empty.
    pub(crate) fn text(&self, column: &str) -> Option<String> {
        key_text(&self.cell(column))
    }

    /// Tells whether the row holds at an instant, or without end where there is none.
    pub(crate) fn is_valid(&self, at: Option<i64>) -> bool {
        let bound = |column| instant(&self.cell(column), chrono_tz::Tz::UTC);
        let (from, to) = (bound("valid_from"), bound("valid_to"));
        match at {
            Some(at) => from.is_none_or(|from| from <= at) && to.is_none_or(|to| at < to),
            None => to.is_none(),
        }
    }
}

impl<'a> Table<'a> {
    /// Reads the rows of a file.
    pub(crate) fn new(declared: &'a ast::Table, content: &str) -> Answer<Self> {
        let key = &declared.key.text;
        let rows = if declared.file.value.ends_with(".csv") {
            csv(content)
        } else {
            json(content, key)?
        };
        Ok(Table { declared, rows })
    }

    /// Returns the rows in the order of the file.
    pub(crate) fn rows(&self) -> &[Row] {
        &self.rows
    }

    /// Returns the key of a row.
    pub(crate) fn key(&self, row: &Row) -> Option<String> {
        row.text(&self.declared.key.text)
    }

    /// Returns the name of the key column.
    pub(crate) fn key_column(&self) -> &str {
        &self.declared.key.text
    }

    /// Returns the row that counts for a key: of the longest networks or prefixes with a valid row,
    /// and of several rows with one key, the last valid one.
    pub(crate) fn row(&self, key: &Value, at: Option<i64>) -> Option<&Row> {
        let valid = self.rows.iter().filter(|row| row.is_valid(at));
        let held = valid.filter_map(|row| Some((self.length(row, key)?, row)));
        // Of equals `max_by_key` returns the last.
        held.max_by_key(|(length, _)| *length).map(|(_, row)| row)
    }

    /// Returns how much of a key a row's own is; nothing where it is not its key.
    fn length(&self, row: &Row, key: &Value) -> Option<usize> {
        let own = self.key(row)?;
        match self.declared.mode {
            TableMode::Exact => is_key(&own, key).then_some(0),
            TableMode::Prefix => {
                let (own, key) = (fold(&own), fold(&key_text(key)?));
                key.starts_with(&own).then_some(own.chars().count())
            }
            TableMode::Net => {
                let address = key_text(key)?.parse().ok()?;
                in_network(address, &own)?
                    .then(|| own.split_once('/').map_or("128", |(_, bits)| bits))?
                    .parse()
                    .ok()
            }
        }
    }
}

/// Tells whether a cell is a key, ignoring case.
pub(crate) fn is_key(own: &str, key: &Value) -> bool {
    if let Value::Ip(address) = key {
        return own.parse() == Ok(*address);
    }
    key_text(key).is_some_and(|key| fold(own) == fold(&key))
}

/// Returns a value as it is looked up: as text.
pub(crate) fn key_text(value: &Value) -> Option<String> {
    match value {
        Value::Text(text) => Some(text.to_string()),
        Value::Int(_) | Value::Float(_) | Value::Bool(_) | Value::Ip(_) => {
            Some(super::value::display(value))
        }
        _ => None,
    }
    .filter(|text| !text.is_empty())
}

/// The rows of comma-separated values with a header. An empty cell is not there.
fn csv(content: &str) -> Vec<Row> {
    let mut lines = content.lines().filter(|line| !line.trim().is_empty());
    let header = lines.next().unwrap_or_default();
    let most = |mark: &char| header.matches(*mark).count();
    let separator = [',', ';', '\t']
        .into_iter()
        .rev()
        .max_by_key(most)
        .unwrap_or(',');
    let names = cells(header, separator);
    let row = |line: &str| {
        let pairs = names.iter().cloned().zip(cells(line, separator));
        let there = pairs.filter(|(_, cell)| !cell.is_empty());
        Row(there
            .map(|(name, cell)| (name, Value::text(cell)))
            .collect())
    };
    lines.map(row).collect()
}

/// The cells of a line; one in quotes may hold separators, and quotes written twice.
fn cells(line: &str, separator: char) -> Vec<String> {
    let mut cells = vec![String::new()];
    let mut quoted = false;
    let mut characters = line.chars().peekable();
    while let Some(character) = characters.next() {
        let Some(cell) = cells.last_mut() else { break };
        match character {
            '"' if quoted && characters.peek() == Some(&'"') => {
                characters.next();
                cell.push('"');
            }
            '"' => quoted = !quoted,
            _ if character == separator && !quoted => cells.push(String::new()),
            _ => cell.push(character),
        }
    }
    cells
}

/// The rows of JSON: a list of objects, objects by key, or an object a line.
fn json(content: &str, key: &str) -> Answer<Vec<Row>> {
    if let Ok(whole) = serde_json::from_str::<Json>(content) {
        return match whole {
            Json::Array(items) => items.iter().map(object).collect(),
            Json::Object(entries) if entries.values().all(Json::is_object) => {
                let rows = entries.iter().map(|(name, row)| {
                    let mut row = object(row)?;
                    row.0.push((key.to_owned(), Value::text(name.as_str())));
                    Ok(row)
                });
                rows.collect()
            }
            one => Ok(vec![object(&one)?]),
        };
    }
    let lines = content.lines().filter(|line| !line.trim().is_empty());
    let rows = lines.map(|line| match serde_json::from_str(line) {
        Ok(row) => object(&row),
        Err(error) => unsupported(format!("a table's line: {error}")),
    });
    rows.collect()
}

fn object(json: &Json) -> Answer<Row> {
    let Json::Object(entries) = json else {
        return unsupported("a row that is no object");
    };
    let cells: BTreeMap<String, Value> = entries
        .iter()
        .map(|(name, cell)| (name.clone(), from_json(cell)))
        .filter(|(_, cell)| !matches!(cell, Value::Text(text) if text.is_empty()))
        .filter(|(_, cell)| !cell.is_missing())
        .collect();
    Ok(Row(cells.into_iter().collect()))
}
