//! What a run has told and passed on so far, counted.
//!
//! Apart from the run because the summary reads it.

use std::collections::BTreeMap;

use muster_lang::ir::Severity;

/// What was told so far.
#[derive(Clone, Debug, Default)]
pub(super) struct Told {
    /// How many alerts of each severity.
    pub(super) alerts: BTreeMap<Severity, u64>,
    /// Damage of stored data, in words.
    pub(super) damage: Vec<String>,
    /// Whether any data was bad.
    pub(super) bad_data: bool,
    /// How much was read and passed on, if anything is.
    pub(super) passed_on: Option<PassedOn>,
}

/// How much was read, and how much of it was passed on, in records and in bytes of lines.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct PassedOn {
    pub(super) records_read: u64,
    pub(super) bytes_read: u64,
    pub(super) records: u64,
    pub(super) bytes: u64,
}
