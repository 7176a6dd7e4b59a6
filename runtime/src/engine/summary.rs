//! What became of every record: nothing is lost silently.
//!
//! Apart from the engine so that the equation it keeps can be stated and tested in one place.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::digest::Volume;
use crate::machine::Losses;
use crate::store::saved;

/// What became of the records of one source, counted after `explode`.
///
/// `received = evaluated + duplicate + late + dead + dropped + buffered`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Records taken in.
    pub received: u64,
    /// Events every rule has seen.
    pub evaluated: u64,
    /// Events whose id was seen before.
    pub duplicate: u64,
    /// Events older than the watermark when they came.
    pub late: u64,
    /// Records that could not become events.
    pub dead: u64,
    /// Records a source drops.
    pub dropped: u64,
    /// Events that wait for their turn.
    pub buffered: u64,
}

saved!(Counts {
    received,
    evaluated,
    duplicate,
    late,
    dead,
    dropped,
    buffered
});
saved!(Summary {
    sources,
    dead_reasons,
    duplicate_keys,
    failed_conversions,
    jumps,
    forced,
    losses,
    suppressed
} anew { volume });

impl Counts {
    /// Tells whether the equation holds.
    #[must_use]
    pub fn adds_up(&self) -> bool {
        self.received
            == self.evaluated
                + self.duplicate
                + self.late
                + self.dead
                + self.dropped
                + self.buffered
    }
}

/// What became of every record.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Summary {
    /// Counts by source; records that no source took stand under the empty name.
    pub sources: BTreeMap<Arc<str>, Counts>,
    /// Dead records by reason.
    pub dead_reasons: BTreeMap<String, u64>,
    /// Keys that stood more than once in a record; the last counted.
    pub duplicate_keys: u64,
    /// Conversions that failed, by source and field.
    pub failed_conversions: BTreeMap<(Arc<str>, Arc<str>), u64>,
    /// Events that ran more than an hour ahead of their source and were not believed at once.
    pub jumps: u64,
    /// Events released early because too many waited.
    pub forced: u64,
    /// What limits took away from rules.
    pub losses: Losses,
    /// Alerts held back by `suppress`.
    pub suppressed: u64,
    /// How much digests passed on.
    pub volume: Volume,
}

impl Summary {
    /// Returns the counts of a source.
    pub fn of(&mut self, source: Option<&Arc<str>>) -> &mut Counts {
        let name = source.cloned().unwrap_or_else(|| Arc::from(""));
        self.sources.entry(name).or_default()
    }

    /// Tells whether the equation holds for every source.
    #[must_use]
    pub fn adds_up(&self) -> bool {
        self.sources.values().all(Counts::adds_up)
    }
}
