//! Tables in JSON and JSON Lines.
//!
//! Apart from records of a stream because a table that is cut short must not be used at all.

use std::sync::Arc;

use ahash::HashMap;
use muster_lang::value::{Record, Value};

use super::{Fault, Rows};
use crate::decode::json::Decoder;

/// Reads the rows of a JSON file; `key` is the column that an object of objects has its keys in.
pub(super) fn rows(key: &str, bytes: &[u8]) -> Result<Rows, Fault> {
    let mut decoder = Decoder::new();
    match decoder.decode(bytes).map(|decoded| decoded.value) {
        Ok(Value::List(items)) => from_records(items.iter().enumerate()),
        Ok(Value::Record(record)) if is_object_of_objects(&record) => by_key(key, &record),
        Ok(value) => from_records([(0, &value)].into_iter()),
        Err(_) if bytes.trim_ascii_start().starts_with(b"{") => lines(&mut decoder, bytes),
        Err(error) => Err(Fault::of_file(error.to_string())),
    }
}

fn lines(decoder: &mut Decoder, bytes: &[u8]) -> Result<Rows, Fault> {
    let lines = bytes.split(|byte| *byte == b'\n').map(<[u8]>::trim_ascii);
    let mut values = Vec::new();
    for (place, line) in lines.filter(|line| !line.is_empty()).enumerate() {
        let decoded = decoder.decode(line);
        values.push(
            decoded
                .map_err(|error| Fault::of_row(place, error.to_string()))?
                .value,
        );
    }
    from_records(values.iter().enumerate())
}

fn is_object_of_objects(record: &Record) -> bool {
    record
        .entries
        .iter()
        .all(|(_, value)| matches!(value, Value::Record(_)))
}

fn by_key(key: &str, record: &Record) -> Result<Rows, Fault> {
    let mut rows = Builder::default();
    for (place, (name, row)) in record.entries.iter().enumerate() {
        let cells = object(place, row)?
            .entries
            .iter()
            .filter(|(column, _)| **column != *key);
        let named = (Arc::from(key), Value::Text(Arc::clone(name)));
        rows.add(std::iter::once(&named).chain(cells));
    }
    Ok(rows.rows)
}

fn from_records<'a>(values: impl Iterator<Item = (usize, &'a Value)>) -> Result<Rows, Fault> {
    let mut rows = Builder::default();
    for (place, value) in values {
        rows.add(object(place, value)?.entries.iter());
    }
    Ok(rows.rows)
}

fn object(place: usize, value: &Value) -> Result<&Record, Fault> {
    if let Value::Record(record) = value {
        return Ok(record);
    }
    Err(Fault::of_row(
        place,
        "expected an object, found another value",
    ))
}

/// Rows that are being read, with the place of each column.
#[derive(Default)]
struct Builder {
    rows: Rows,
    places: HashMap<Arc<str>, usize>,
}

impl Builder {
    fn add<'a>(&mut self, cells: impl Iterator<Item = &'a (Arc<str>, Value)>) {
        let mut row = Vec::new();
        for (column, value) in cells {
            let place = self.place(column);
            if row.len() <= place {
                row.resize(place + 1, Value::Missing);
            }
            let is_empty = value.as_text().is_some_and(str::is_empty);
            if let Some(cell) = row.get_mut(place).filter(|_| !is_empty) {
                *cell = value.clone();
            }
        }
        self.rows.rows.push(row.into());
    }

    fn place(&mut self, column: &Arc<str>) -> usize {
        let next = self.rows.columns.len();
        let place = *self.places.entry(Arc::clone(column)).or_insert(next);
        if place == next {
            self.rows.columns.push(Arc::clone(column));
        }
        place
    }
}
