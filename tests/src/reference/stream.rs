//! Events in stream order, and all that one evaluation may look at.
//!
//! Apart from rules because memories, absences and digests read the same stream.

use std::collections::BTreeMap;
use std::sync::Arc;

use muster_lang::value::Value;

use super::program::Program;

/// The place of an event in stream order.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Position {
    /// When it happened, microseconds.
    pub(crate) time: i64,
    /// Alerts of a deadline stand after all events of an instant.
    pub(crate) phase: Phase,
    /// The name of its source.
    pub(crate) source: String,
    /// Its arrival.
    pub(crate) arrival: usize,
    /// For an alert: what it stands behind. An alert of an alert has two.
    pub(crate) after: Vec<After>,
}

/// Whether a position is an input event's or a deadline's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Phase {
    /// An input event, and the alerts that stand directly after it.
    Input,
    /// Alerts after all events of the instant.
    Deadline,
}

/// The place of an alert among those that stand behind the same event.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct After {
    pub(crate) rule: String,
    pub(crate) key: String,
    pub(crate) completing: Option<Box<Position>>,
}

/// An event that rules can read.
#[derive(Clone, Debug)]
pub(crate) struct Event {
    pub(crate) position: Position,
    pub(crate) time: i64,
    pub(crate) id: String,
    pub(crate) source: String,
    pub(crate) tenant: Option<String>,
    pub(crate) fields: BTreeMap<String, Value>,
    /// The record it was made of; nothing of an alert.
    pub(crate) raw: Value,
    /// The rule whose alert this is.
    pub(crate) alert: Option<String>,
    /// For a late event: the watermark it came behind; only later reads see it.
    pub(crate) behind: Option<i64>,
}

impl Event {
    /// Tells whether both were made of the very same record.
    pub(crate) fn shares_record(&self, other: &Self) -> bool {
        match (&self.raw, &other.raw) {
            (Value::Record(one), Value::Record(two)) => Arc::ptr_eq(one, two),
            _ => false,
        }
    }
}

impl PartialEq for Event {
    fn eq(&self, other: &Self) -> bool {
        self.position == other.position
    }
}

/// All there is to look at.
#[derive(Debug)]
pub(crate) struct World<'a> {
    /// The declarations.
    pub(crate) program: &'a Program<'a>,
    /// Every event in stream order, with the alerts of the rules evaluated so far.
    pub(crate) events: Vec<Event>,
    /// Late events in order of their own time.
    pub(crate) late: Vec<Event>,
    /// The watermark after the end of input.
    pub(crate) end: i64,
}
