//! What becomes of a record: events that have no place in the stream yet, or a reason.
//!
//! Apart from the work because the engine, the dead letter and `muster map` read it.

use std::fmt;
use std::sync::Arc;

use muster_lang::ir::{FieldId, SourceId};
use muster_lang::units::Timestamp;
use muster_lang::value::Value;

use super::ELEMENTS_MAX;

/// What became of a record.
#[derive(Clone, Debug)]
pub struct Normalized {
    /// The source that took it; `None` if none did, and then there is one part, dead.
    pub source: Option<SourceId>,
    /// What became of each element of its `explode`, in order, or of the whole; never empty.
    pub parts: Vec<Part>,
    /// A field for each value that did not fit the type of its field.
    pub failed: Vec<FieldId>,
}

/// What became of a record or of one element of it.
#[derive(Clone, Debug)]
pub enum Part {
    /// It is an event.
    Event(Draft),
    /// A `drop` of the source holds, or its list has no elements.
    Dropped,
    /// It cannot become an event.
    Dead(DeadReason),
}

/// An event before it has its place in the stream.
#[derive(Clone, Debug)]
pub struct Draft {
    /// The source that made it.
    pub source: SourceId,
    /// When it happened.
    pub time: Timestamp,
    /// What it is called.
    pub id: DraftId,
    /// Whose it is.
    pub tenant: Option<Arc<str>>,
    /// Its values by slot, those of defaults still missing.
    pub values: Box<[Value]>,
    /// The record, if something reads `raw`.
    pub raw: Option<Value>,
}

/// The id that a source gives, or else what the engine makes one of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DraftId {
    /// The source's own id; equal ones are duplicates.
    Given(Arc<str>),
    /// A hash of the record and the place of the element; equal ones are still different events.
    Fingerprint([u8; 16]),
}

/// Why a record cannot become an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum DeadReason {
    /// No source accepts it.
    NoSource,
    /// Its source found no time in it, or one outside 1970–9999.
    NoTime,
    /// Its source is to explode a list that is not there.
    NoList,
    /// Its list has more elements than are made into events; this stands for the rest.
    ManyElements,
}

impl fmt::Display for DeadReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoSource => f.write_str("no source accepts it"),
            Self::NoTime => f.write_str("no usable time"),
            Self::NoList => f.write_str("no list to explode"),
            Self::ManyElements => write!(f, "more than {ELEMENTS_MAX} elements to explode"),
        }
    }
}
