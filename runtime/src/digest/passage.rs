//! What leaves by `--forward`: records as they came, and summaries.
//!
//! Apart from the digests because the reorder buffer, the encoders and tests handle these too.

use std::sync::Arc;

use muster_lang::units::Timestamp;
use muster_lang::value::Value;

use crate::alert::Named;

/// Something that is passed on.
#[derive(Clone, Debug, PartialEq)]
pub enum Forwarded {
    /// A record, unchanged.
    Record(Passed),
    /// A summary in place of events.
    Summary(Box<Summary>),
}

/// A record that passes because an event of it does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Passed {
    /// When the event happened.
    pub time: Timestamp,
    /// The source that made it.
    pub source: Arc<str>,
    /// Its id.
    pub id: Arc<str>,
    /// The record as one line; empty for an event that no record made.
    pub line: Arc<str>,
}

/// What a digest says of the events of one key and window.
#[derive(Clone, Debug, PartialEq)]
pub struct Summary {
    /// The digest.
    pub digest: Arc<str>,
    /// A hash of digest, key and window: 32 hexadecimal digits.
    pub id: Arc<str>,
    /// Where the window starts.
    pub from: Timestamp,
    /// Where it ends, exclusive; the time of the summary.
    pub to: Timestamp,
    /// Whether time had not passed the end of the window.
    pub partial: bool,
    /// Whether nothing was left out because of a limit.
    pub complete: bool,
    /// The tenant.
    pub tenant: Value,
    /// The key, spelled as the first event has it.
    pub key: Vec<Named>,
    /// The named values.
    pub values: Vec<Named>,
}

/// An event that does not pass by itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reduced {
    /// The source that made it.
    pub source: Arc<str>,
    /// Its id.
    pub id: Arc<str>,
    /// The first digest that names it.
    pub digest: Arc<str>,
}

/// How much was passed on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Volume {
    /// Events that digests decided about.
    pub events: u64,
    /// Events that pass by themselves.
    pub passed: u64,
    /// Summaries.
    pub summaries: u64,
    /// Events that pass only because more keys were held than the limit allows.
    pub over_limit: u64,
    /// Keys forgotten because of the limit: their next event passes again.
    pub forgotten: u64,
    /// Summaries that leave something out because of a limit.
    pub incomplete: u64,
}
