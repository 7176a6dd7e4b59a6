//! The buffer that turns order of arrival into stream order.
//!
//! Apart from the watermark, which says when an event may leave it.

use std::cmp::{Ordering, Reverse};
use std::collections::{BTreeMap, BinaryHeap};
use std::sync::Arc;

use muster_lang::units::Timestamp;

use crate::event::{Carried, Event};
use crate::store::{Reader, Save, StateError, Writer, saved};

/// An event that waits for the watermark.
#[derive(Clone, Debug)]
struct Waiting {
    event: Event,
    carried: Option<Carried>,
    arrival: u64,
}

impl Waiting {
    fn turn(&self, place: usize) -> Turn {
        Turn {
            time: self.event.time,
            source: self.event.source.clone(),
            arrival: self.arrival,
            place,
        }
    }
}

/// When an event has its turn, and where it waits. Its order is stream order.
///
/// The heap moves its elements about, so they are small, and events stay where they are.
#[derive(Clone, Debug)]
struct Turn {
    time: Timestamp,
    source: Arc<str>,
    arrival: u64,
    place: usize,
}

impl Turn {
    fn order(&self) -> (Timestamp, &str, u64) {
        (self.time, &self.source, self.arrival)
    }
}

impl PartialEq for Turn {
    fn eq(&self, other: &Self) -> bool {
        self.order() == other.order()
    }
}

impl Eq for Turn {}

impl PartialOrd for Turn {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Turn {
    fn cmp(&self, other: &Self) -> Ordering {
        self.order().cmp(&other.order())
    }
}

/// Events that came but whose turn has not: a heap by (time, source, arrival).
#[derive(Clone, Debug, Default)]
pub struct ReorderBuffer {
    // LIMIT: the engine releases early beyond `Options::reorder_events_max`.
    heap: BinaryHeap<Reverse<Turn>>,
    // INVARIANT: each turn's place is taken, and the others are `free`.
    waiting: Vec<Option<Waiting>>,
    free: Vec<usize>,
    arrivals: u64,
}

saved!(Waiting {
    event,
    carried,
    arrival
});

impl Save for ReorderBuffer {
    fn save(&self, out: &mut Writer<'_>) {
        let Self {
            heap,
            waiting,
            free: _,
            arrivals,
        } = self;
        let mut turns: Vec<&Turn> = heap.iter().map(|Reverse(turn)| turn).collect();
        turns.sort_unstable();
        let sorted: Vec<&Waiting> = turns
            .into_iter()
            .filter_map(|turn| waiting.get(turn.place)?.as_ref())
            .collect();
        out.each(sorted.into_iter());
        arrivals.save(out);
    }

    fn load(input: &mut Reader<'_>) -> Result<Self, StateError> {
        let waiting: Vec<Waiting> = Save::load(input)?;
        let mut buffer = Self::default();
        for one in waiting {
            buffer.wait(one);
        }
        buffer.arrivals = Save::load(input)?;
        Ok(buffer)
    }
}

impl ReorderBuffer {
    /// Adds an event behind those that arrived before it at the same instant from its source.
    pub fn insert(&mut self, event: Event, carried: Option<Carried>) {
        self.arrivals += 1;
        self.wait(Waiting {
            event,
            carried,
            arrival: self.arrivals,
        });
    }

    fn wait(&mut self, waiting: Waiting) {
        let place = self.free.pop().unwrap_or(self.waiting.len());
        self.heap.push(Reverse(waiting.turn(place)));
        match self.waiting.get_mut(place) {
            Some(free) => *free = Some(waiting),
            None => self.waiting.push(Some(waiting)),
        }
    }

    /// Takes out the events of which something holds.
    pub(crate) fn take_out(
        &mut self,
        is_out: &dyn Fn(&Event, Option<&Carried>) -> bool,
    ) -> Vec<(Event, Option<Carried>)> {
        let buffer = std::mem::take(self);
        self.arrivals = buffer.arrivals;
        let mut erased = Vec::new();
        for one in buffer.waiting.into_iter().flatten() {
            if is_out(&one.event, one.carried.as_ref()) {
                erased.push((one.event, one.carried));
            } else {
                self.wait(one);
            }
        }
        erased
    }

    /// Returns the time of the event that is next in stream order.
    #[must_use]
    pub fn next_time(&self) -> Option<Timestamp> {
        self.heap.peek().map(|Reverse(turn)| turn.time)
    }

    /// Takes out the event that is next in stream order, with what it carries.
    pub fn pop(&mut self) -> Option<(Event, Option<Carried>)> {
        let Reverse(turn) = self.heap.pop()?;
        let waiting = self.waiting.get_mut(turn.place)?.take()?;
        self.free.push(turn.place);
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
        for Reverse(turn) in &self.heap {
            *counts.entry(turn.source.clone()).or_default() += 1;
        }
        counts
    }

    /// Tells whether none is held.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.heap.is_empty()
    }
}
