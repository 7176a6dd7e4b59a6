//! What a program knows: tables, lists, networks, calendars and identities.
//!
//! Apart from the evaluator because all of it is read once, never changes, and is shared.

mod calendar;
mod clock;
mod error;
mod identity;
mod index;
mod list;
mod network;
mod read;
mod table;
#[cfg(test)]
mod tests;

pub use error::LookupError;
pub use network::{NetworkMap, Networks};
pub use table::Row;

use muster_lang::ir::{self, CalendarId, ExprKind, IdentityId, ListId, Program, TableId};
use muster_lang::units::Timestamp;
use muster_lang::value::Value;

use calendar::Calendar;
use error::Fault;
use identity::Identity;
use list::List;
use table::Table;

/// Everything a program looks up; immutable, to be shared behind an `Arc`.
#[derive(Debug, Default)]
pub struct Lookups {
    tables: Vec<Table>,
    lists: Vec<List>,
    calendars: Vec<Calendar>,
    identities: Vec<Identity>,
}

impl Lookups {
    /// Reads all tables of a program, each through `read`, which returns the bytes of its file.
    ///
    /// # Errors
    ///
    /// Every reason why a file cannot be read or does not hold what the program asks of it.
    pub fn load(
        program: &Program,
        read: &mut dyn FnMut(&ir::Table) -> Result<Vec<u8>, String>,
    ) -> Result<Self, Vec<LookupError>> {
        let tables = all(program.tables.iter().map(|(_, table)| {
            let bytes = read(table).map_err(Fault::of_file);
            let rows = bytes.and_then(|bytes| Table::read(table, &bytes));
            rows.map_err(|fault| LookupError::of_table(table, fault))
        }))?;
        columns_exist(program, &tables)?;
        let calendars = program.calendars.iter();
        let calendars = calendars.map(|(_, declared)| Calendar::new(program, &tables, declared));
        let identities = program.identities.iter().map(|(_, declared)| {
            Identity::new(declared, &tables)
                .map_err(|reason| LookupError::of("identity", &declared.name, reason))
        });
        Ok(Self {
            calendars: all(calendars)?,
            identities: all(identities)?,
            lists: program
                .lists
                .iter()
                .map(|(_, list)| List::new(&list.items))
                .collect(),
            tables,
        })
    }

    /// Returns the row of a key, valid at an instant; of several the last.
    ///
    /// Of a table of networks or prefixes it is a row of the longest that has a valid one.
    #[must_use]
    pub fn row(&self, table: TableId, key: &Value, at: Timestamp) -> Option<Row<'_>> {
        self.tables.get(table.index())?.row(key, at)
    }

    /// Returns a column of the row of a key; missing where there is no row.
    #[must_use]
    pub fn column(&self, table: TableId, key: &Value, column: &str, at: Timestamp) -> Value {
        self.row(table, key, at)
            .map_or(Value::Missing, |row| row.get(column))
    }

    /// Returns the distinct values of a column of a table; none where there is no such column.
    #[must_use]
    pub fn values(&self, table: TableId, column: &str) -> Vec<Value> {
        let table = self.tables.get(table.index());
        table.map(|table| table.values(column)).unwrap_or_default()
    }

    /// Tells whether a table has a row for a key; `None` for a missing key, or one of another kind.
    #[must_use]
    pub fn contains(&self, table: TableId, key: &Value, at: Timestamp) -> Option<bool> {
        let table = self.tables.get(table.index())?;
        table.fits(key).then(|| table.row(key, at).is_some())
    }

    /// Tells whether a list holds a value: text ignoring case, an address also where one of its
    /// networks does; `None` for a missing value.
    #[must_use]
    pub fn listed(&self, list: ListId, value: &Value) -> Option<bool> {
        self.lists.get(list.index())?.holds(value)
    }

    /// Tells whether an instant lies in a calendar; `None` for a key it does not know.
    #[must_use]
    pub fn during(
        &self,
        calendar: CalendarId,
        time: Timestamp,
        key: Option<&Value>,
    ) -> Option<bool> {
        self.calendars.get(calendar.index())?.holds(time, key)
    }

    /// Returns the canonical id of the first argument that resolves at an instant; else the first,
    /// cleaned, unless it identifies nobody.
    #[must_use]
    pub fn identity(&self, identity: IdentityId, arguments: &[Value], at: Timestamp) -> Value {
        let identity = self.identities.get(identity.index());
        identity.map_or(Value::Missing, |identity| {
            identity.resolve(arguments, at, &self.tables)
        })
    }
}

/// Returns all results, or else all errors.
fn all<T>(
    results: impl Iterator<Item = Result<T, LookupError>>,
) -> Result<Vec<T>, Vec<LookupError>> {
    let (mut values, mut errors) = (Vec::new(), Vec::new());
    for result in results {
        match result {
            Ok(value) => values.push(value),
            Err(error) => errors.push(error),
        }
    }
    if errors.is_empty() {
        Ok(values)
    } else {
        Err(errors)
    }
}

/// Checks that every column that an expression names is there: a typo must not read as unknown.
fn columns_exist(program: &Program, tables: &[Table]) -> Result<(), Vec<LookupError>> {
    let mut errors: Vec<LookupError> = Vec::new();
    for (_, expr) in program.exprs.iter() {
        let ExprKind::Lookup { table, column, .. } = &expr.kind else {
            continue;
        };
        let Some(rows) = tables.get(table.index()) else {
            continue;
        };
        if let Err(reason) = rows.required(column) {
            let error = LookupError::of_table(&program.tables[*table], Fault::of_file(reason));
            if !errors.contains(&error) {
                errors.push(error);
            }
        }
    }
    if errors.is_empty() {
        Ok(())
    } else {
        Err(errors)
    }
}
