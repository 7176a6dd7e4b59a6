//! The buffer that turns order of arrival into stream order.
//!
//! Apart from the watermark, which says when an event may leave it.

use std::cmp::{Ordering, Reverse};
use std::collections::{BTreeMap, BinaryHeap};
use std::sync::Arc;

use muster_lang::units::Timestamp;

use crate::event::{Carried, Event};
use crate::store::{Reader, Save, StateError, Writer, saved};

/// An event that waits for the watermark. Its order is stream order.
#[derive(Clone, Debug)]
struct Waiting {
    event: Event,
    carried: Option<Carried>,
    arrival: u64,
}

impl Waiting {
    fn order(&self) -> (Timestamp, &str, u64) {
        (self.event.time, &self.event.source, self.arrival)
    }
}

impl PartialEq for Waiting {
    fn eq(&self, other: &Self) -> bool {
        self.order() == other.order()
    }
}

impl Eq for Waiting {}

impl PartialOrd for Waiting {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Waiting {
    fn cmp(&self, other: &Self) -> Ordering {
        self.order().cmp(&other.order())
    }
}

/// Events that came but whose turn has not: a heap by (time, source, arrival).
#[derive(Clone, Debug, Default)]
pub struct ReorderBuffer {
    // LIMIT: the engine releases early beyond `Options::reorder_events_max`.
    heap: BinaryHeap<Reverse<Waiting>>,
    arrivals: u64,
}

saved!(Waiting {
    event,
    carried,
    arrival
});

impl Save for ReorderBuffer {
    fn save(&self, out: &mut Writer<'_>) {
        let Self { heap, arrivals } = self;
        let mut waiting: Vec<&Waiting> = heap.iter().map(|Reverse(waiting)| waiting).collect();
        waiting.sort_unstable();
        out.each(waiting.into_iter());
        arrivals.save(out);
    }

    fn load(input: &mut Reader<'_>) -> Result<Self, StateError> {
        let waiting: Vec<Waiting> = Save::load(input)?;
        Ok(Self {
            heap: waiting.into_iter().map(Reverse).collect(),
            arrivals: Save::load(input)?,
        })
    }
}

impl ReorderBuffer {
    /// Adds an event behind those that arrived before it at the same instant from its source.
    pub fn insert(&mut self, event: Event, carried: Option<Carried>) {
        self.arrivals += 1;
        self.heap.push(Reverse(Waiting {
            event,
            carried,
            arrival: self.arrivals,
        }));
    }

    /// Takes out the events of which something holds.
    pub(crate) fn take_out(
        &mut self,
        is_out: &dyn Fn(&Event, Option<&Carried>) -> bool,
    ) -> Vec<(Event, Option<Carried>)> {
        let all = std::mem::take(&mut self.heap).into_vec();
        let (erased, kept): (Vec<_>, Vec<_>) = all
            .into_iter()
            .partition(|Reverse(waiting)| is_out(&waiting.event, waiting.carried.as_ref()));
        self.heap = kept.into();
        let erased = erased.into_iter();
        erased
            .map(|Reverse(waiting)| (waiting.event, waiting.carried))
            .collect()
    }

    /// Returns the time of the event that is next in stream order.
    #[must_use]
    pub fn next_time(&self) -> Option<Timestamp> {
        self.heap.peek().map(|Reverse(waiting)| waiting.event.time)
    }

    /// Takes out the event that is next in stream order, with what it carries.
    pub fn pop(&mut self) -> Option<(Event, Option<Carried>)> {
        let Reverse(waiting) = self.heap.pop()?;
        Some((waiting.event, waiting.carried))
    }

    /// Returns the number of events held.
    #[must_use]
    pub fn len(&self) -> usize {
        self.heap.len()
    }

    /// Returns how many events of each source are held.
    #[must_use]
    pub fn count_by_source(&self) -> BTreeMap<Arc<str>, u64> {
        let mut counts = BTreeMap::new();
        for Reverse(waiting) in &self.heap {
            *counts.entry(waiting.event.source.clone()).or_default() += 1;
        }
        counts
    }

    /// Tells whether none is held.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.heap.is_empty()
    }
}
