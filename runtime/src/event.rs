//! Events: what the engine orders, tests and correlates.
//!
//! Apart from normalization, which makes them, because every later part reads them.

use std::sync::Arc;

use muster_lang::ir::{FieldId, Program, RuleId};
use muster_lang::units::Timestamp;
use muster_lang::value::Value;

/// Which field sits in which slot of an event: only fields that something can read have one.
#[derive(Clone, Debug)]
pub struct Layout {
    slots: Box<[Option<u32>]>,
    fields: Box<[FieldId]>,
}

impl Layout {
    /// Returns the layout of the fields a program reads.
    #[must_use]
    pub fn of_reads(program: &Program) -> Self {
        Self::new(program, program.reads.clone())
    }

    /// Returns the layout of all fields, for normalizing alone.
    #[must_use]
    pub fn of_all(program: &Program) -> Self {
        Self::new(program, program.fields.iter().map(|(id, _)| id).collect())
    }

    fn new(program: &Program, fields: Vec<FieldId>) -> Self {
        let mut slots = vec![None; program.fields.len()];
        for (slot, field) in (0u32..).zip(&fields) {
            if let Some(entry) = slots.get_mut(field.index()) {
                *entry = Some(slot);
            }
        }
        Self {
            slots: slots.into(),
            fields: fields.into(),
        }
    }

    /// Returns the slot of a field, or `None` if nothing reads it.
    #[must_use]
    pub fn slot(&self, field: FieldId) -> Option<usize> {
        self.slots
            .get(field.index())
            .copied()
            .flatten()
            .map(|slot| slot as usize)
    }

    /// Returns the fields in the order of their slots.
    #[must_use]
    pub fn fields(&self) -> &[FieldId] {
        &self.fields
    }
}

/// Whether an event came from the input or from a rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// From the input.
    Input,
    /// An alert of a rule.
    Alert(RuleId),
}

/// One immutable record with an event time.
#[derive(Clone, Debug)]
pub struct Event {
    /// When it happened.
    pub time: Timestamp,
    /// The source that made it.
    pub source: Arc<str>,
    /// Its id, unique within tenant and source.
    pub id: Arc<str>,
    /// Its place in stream order, given when it leaves the reorder buffer; 0 before.
    pub position: u64,
    /// Where it came from.
    pub origin: Origin,
    /// Its values by slot; `time`, `id` and `source` among them if something reads them.
    pub values: Box<[Value]>,
    /// The input record, if something reads `raw`.
    pub raw: Option<Value>,
}

/// The record that an event came from, carried with it until it is decided whether it passes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Carried {
    /// The record as one line.
    pub line: Arc<str>,
    /// The number of the record where it makes several events; 0 where it makes one.
    pub shared: u64,
}

/// What a field that has no slot reads as.
const MISSING: &Value = &Value::Missing;

impl Event {
    /// Returns the value of a field; missing where nothing reads it.
    #[must_use]
    pub fn get(&self, layout: &Layout, field: FieldId) -> &Value {
        layout
            .slot(field)
            .and_then(|slot| self.values.get(slot))
            .unwrap_or(MISSING)
    }
}
