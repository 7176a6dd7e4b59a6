//! Pending moments in event time.
//!
//! Apart from the machines so that one order of deadlines serves every rule.

use std::collections::BTreeMap;

use muster_lang::units::Timestamp;

/// Timers by the instant they are due, in the order they were set within one.
#[derive(Clone, Debug)]
pub struct Timers<T> {
    due: BTreeMap<Timestamp, Vec<T>>,
}

impl<T> Default for Timers<T> {
    fn default() -> Self {
        Self {
            due: BTreeMap::new(),
        }
    }
}

impl<T> Timers<T> {
    /// Sets a timer.
    pub fn set(&mut self, at: Timestamp, timer: T) {
        self.due.entry(at).or_default().push(timer);
    }

    /// Returns the earliest instant at which a timer is due.
    #[must_use]
    pub fn next_time(&self) -> Option<Timestamp> {
        self.due.first_key_value().map(|(time, _)| *time)
    }

    /// Takes out all timers of the earliest instant.
    pub fn pop(&mut self) -> Option<(Timestamp, Vec<T>)> {
        self.due.pop_first()
    }

    /// Returns every timer with the instant it is due, earliest first.
    pub fn iter(&self) -> impl Iterator<Item = (Timestamp, &T)> {
        self.due
            .iter()
            .flat_map(|(time, timers)| timers.iter().map(|timer| (*time, timer)))
    }

    /// Tells whether none is set.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.due.is_empty()
    }
}
