//! What a call of the engine made.
//!
//! Apart from the doors because encoders and outputs read it without an engine.

use std::sync::Arc;

use muster_lang::units::Timestamp;

use crate::alert::Alert;
use crate::digest::{Forwarded, Reduced};
use crate::event::Event;

/// A record that did not become an event, or one that came too late.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rejected {
    /// Why.
    pub reason: String,
    /// The source that took it, if one did.
    pub source: Option<Arc<str>>,
    /// The number of its input.
    pub input: u32,
    /// Where it starts in the input, in bytes.
    pub offset: u64,
    /// Its length in bytes, which may be more than what is kept.
    pub length: u64,
    /// Its bytes, or their beginning.
    pub bytes: Vec<u8>,
    /// When it happened, if that is known.
    pub time: Option<Timestamp>,
    /// Its id, if it has one.
    pub id: Option<Arc<str>>,
}

/// What a call made; the caller takes it out.
#[derive(Clone, Debug, Default)]
pub struct Outputs {
    /// Alerts, in order.
    pub alerts: Vec<Alert>,
    /// Events that came too late for rules.
    pub late: Vec<Rejected>,
    /// Records that did not become events.
    pub dead: Vec<Rejected>,
    /// What digests pass on, in stream order.
    pub forwarded: Vec<Forwarded>,
    /// Events that digests take out, if that is to be told.
    pub reduced: Vec<Reduced>,
    /// Where `hands_out_events` says so, every event in stream order, alerts among them; one that
    /// came too late for rules, and that only memories learned from, has the position 0.
    pub events: Vec<Arc<Event>>,
}

impl Outputs {
    /// Tells whether there is nothing to take out.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.alerts.is_empty()
            && self.late.is_empty()
            && self.dead.is_empty()
            && self.forwarded.is_empty()
            && self.reduced.is_empty()
            && self.events.is_empty()
    }
}
