//! From a record to events: which source takes it, and what its fields become.
//!
//! Apart from decoding, which knows no program, and from the engine, which gives events their order.

use std::fmt;
use std::sync::Arc;

use muster_lang::ir::SourceId;
use muster_lang::units::Timestamp;
use muster_lang::value::Value;

/// What became of a record.
#[derive(Clone, Debug)]
pub struct Normalized {
    /// The source that took it; `None` if none did, and then there is one part, dead.
    pub source: Option<SourceId>,
    /// What became of each element of its `explode`, in order, or of the whole; never empty.
    pub parts: Vec<Part>,
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
}

impl fmt::Display for DeadReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NoSource => "no source accepts it",
            Self::NoTime => "no usable time",
            Self::NoList => "no list to explode",
        })
    }
}
