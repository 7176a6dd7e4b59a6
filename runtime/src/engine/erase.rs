//! Erasing someone from all that an engine remembers.
//!
//! Apart from saving because here something is taken away, in every place that keeps anything.

use super::Engine;
use super::rules::Rules;
use crate::key::Person;
use crate::machine::erase::names;

impl Engine {
    /// Erases everything that names someone; returns how many things went.
    ///
    /// Alerts that could have come of it are missed. Ids of events are kept as hashes only, and
    /// stay. Counts and sums that were learned from events stay: they name nobody.
    pub fn erase(&mut self, person: &Person) -> u64 {
        let waiting = self.buffer.take_out(&|event, record| {
            person.is_named_by(event) || record.is_some_and(|record| person.is_within(&record.line))
        });
        for (event, carried) in &waiting {
            self.summary.of(Some(&event.source)).dropped += 1;
            // Its record is not passed on, and nobody waits for it any more.
            drop(self.digests.abandon(event, carried.as_ref()));
        }
        waiting.len() as u64 + self.rules.erase(person) + self.digests.erase(person)
    }
}

impl Rules {
    fn erase(&mut self, person: &Person) -> u64 {
        let mut erased = 0;
        for unit in &mut self.units {
            let machine = &unit.machine;
            for states in [&mut unit.states, &mut unit.loose] {
                let before = states.len();
                states.retain(|key, _| !person.is_in(key));
                erased += (before - states.len()) as u64;
                for state in states.values_mut() {
                    erased += machine.erase(state, person);
                }
                states.retain(|_, state| !state.is_empty());
            }
        }
        let before = self.instant.len();
        self.instant.retain(|alert| !names(alert, person));
        erased += (before - self.instant.len()) as u64;
        erased + self.suppression.erase(person) + self.memories.erase(person)
    }
}
