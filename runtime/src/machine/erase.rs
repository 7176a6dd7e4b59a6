//! Erasing someone from the state of a rule.
//!
//! Apart from expiry because what goes here could still have mattered: alerts may be missed, and say
//! so, but none is made up.

use crate::alert::Alert;
use crate::key::Person;
use crate::machine::Machine;
use crate::machine::state::{KeyState, OpenMatch};
use crate::predicate::Bound;

impl Machine {
    /// Erases someone from a state; returns how many things went.
    pub fn erase(&self, state: &mut KeyState, person: &Person) -> u64 {
        let before = count(state);
        let mut incomplete = state.incomplete_until;
        state.candidates.retain(|one| {
            let goes = person.is_named_by(&one.event)
                || one.recalled.iter().any(|recalled| recalled.names(person));
            if goes {
                let until = one.event.time.plus(self.plan().reach_of(one.steps));
                incomplete = incomplete.max(Some(until));
            }
            !goes
        });
        state.incomplete_until = incomplete;
        let mut doubtful = state.doubtful_until;
        state.breakers.retain(|one| {
            let goes = person.is_named_by(&one.event)
                || one.recalled.iter().any(|recalled| recalled.names(person));
            if goes {
                let until = one.event.time.plus(self.breaker_reach(one.absences));
                doubtful = doubtful.max(Some(until));
            }
            !goes
        });
        state.doubtful_until = doubtful;
        state.open.retain(|open| !is_about(open, person));
        state.restarts.retain(|(key, _)| !person.is_in(key));
        state.raised.retain(|(key, _)| !person.is_in(key));
        before - count(state)
    }
}

fn count(state: &KeyState) -> u64 {
    let things = state.candidates.len()
        + state.breakers.len()
        + state.open.len()
        + state.restarts.len()
        + state.raised.len();
    things as u64
}

fn is_about(open: &OpenMatch, person: &Person) -> bool {
    let is_bound = |bound: &Bound| match bound {
        Bound::None => false,
        Bound::One(event) => person.is_named_by(event),
        Bound::Many(events) => events.iter().any(|event| person.is_named_by(event)),
    };
    person.is_in(&open.joined) || names(&open.alert, person) || open.bound.iter().any(is_bound)
}

/// Tells whether an alert names someone.
#[must_use]
pub fn names(alert: &Alert, person: &Person) -> bool {
    let mut values = alert.key.iter().chain(alert.also.iter().flatten());
    let mut evidence = alert.evidence.iter().flat_map(|one| &one.fields);
    let mut texts = alert.notes.iter().chain([&alert.text]);
    values.any(|(_, value)| person.is_value(value))
        || evidence.any(|(_, value)| person.is_value(value))
        || texts.any(|text| person.is_within(text))
        || alert.because.iter().any(|one| person.is_within(&one.value))
        || person.is_value(&alert.score_on)
}
