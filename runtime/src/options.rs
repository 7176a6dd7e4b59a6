//! What a run may be told: limits and choices, with their defaults.
//!
//! Apart from the engine so that every limit can be found, and named, in one place.

use muster_lang::units::{Duration, SECOND};

/// How the end of input is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum EndOfInput {
    /// Input may go on another day: absences whose deadline has not passed stay pending.
    #[default]
    Pending,
    /// Time ends: every deadline has passed.
    Final,
}

/// What is made of digests.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Forwards {
    /// Nothing: they do not run.
    #[default]
    Nothing,
    /// What they leave is handed out.
    Digested,
    /// Also which events they take out.
    Told,
}

/// Limits and choices of a run.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// A lateness for all sources in place of their own.
    pub lateness: Option<Duration>,
    /// The most events held back for ordering; beyond, the oldest is released and counted.
    pub reorder_events_max: usize,
    /// The most events of one rule and key kept as possible parts of a match; beyond, the oldest
    /// goes first, is counted, and alerts it can touch say `"complete": false`.
    pub candidates_per_key_max: usize,
    /// The most chains tried for one completing event; beyond, the search stops and is counted.
    pub chains_per_event_max: u64,
    /// Whether alerts of severity `none`, which are never written out, are handed out all the same.
    pub hands_out_silent: bool,
    /// Whether every event is handed out as the rules saw it, for those who explain.
    pub hands_out_events: bool,
    /// The most values of a list-valued key that are joined.
    pub key_values_max: usize,
    /// What is made of digests.
    pub forwards: Forwards,
    /// The most keys of one digest that are held; beyond, the one not seen for longest is forgotten,
    /// so that its next event passes again, or the event passes in place of a summary.
    pub digest_keys_max: usize,
    /// The most values that one function of a summary holds; beyond, it says `"complete": false`.
    pub digest_values_max: usize,
    /// Further than this ahead of its source, an event must be confirmed by a second one.
    pub jump: Duration,
    /// A source is idle once this many records came without one of its own …
    pub idle_records: u64,
    /// … and every other source is further ahead of it than this.
    pub idle_gap: Duration,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            lateness: None,
            reorder_events_max: 1_000_000,
            candidates_per_key_max: 65_536,
            chains_per_event_max: 1_000_000,
            hands_out_silent: false,
            hands_out_events: false,
            key_values_max: 16,
            forwards: Forwards::Nothing,
            digest_keys_max: 1_000_000,
            digest_values_max: 65_536,
            jump: Duration(3_600 * SECOND),
            idle_records: 1_000,
            idle_gap: Duration(3_600 * SECOND),
        }
    }
}
