//! Matches of one rule with the same evidence under several keys: one alert.
//!
//! Apart from the rules because only list-valued keys need it.

use ahash::HashMap;
use muster_lang::units::Timestamp;

use crate::alert::Alert;
use crate::key::Key;
use crate::machine::Raised;
use crate::machine::state::KeyState;

/// An alert with the frames its matches used up.
pub(super) struct Joined {
    pub(super) alert: Alert,
    pub(super) marks: Vec<Mark>,
}

/// A frame that a match used up.
pub(super) struct Mark {
    state: Key,
    joined: Key,
    frame: Timestamp,
}

impl Mark {
    /// Gives the frame back: the alert was suppressed, so it raised nothing.
    pub(super) fn clear(&self, states: &mut HashMap<Key, KeyState>) {
        if let Some(state) = states.get_mut(&self.state) {
            state
                .raised
                .retain(|(joined, frame)| (joined, *frame) != (&self.joined, self.frame));
        }
    }
}

/// Joins matches of the same evidence into one alert with the least key.
pub(super) fn by_evidence(raised: Vec<(Key, Raised)>) -> Vec<Joined> {
    let mut all: Vec<Joined> = raised
        .into_iter()
        .map(|(state, raised)| alone(state, raised))
        .collect();
    if all.len() < 2 {
        return all;
    }
    all.sort_by_cached_key(|one| one.alert.order());
    let mut joined: Vec<Joined> = Vec::new();
    for one in all {
        match joined
            .iter_mut()
            .find(|other| is_same(&other.alert, &one.alert))
        {
            Some(first) => {
                first.alert.also.push(one.alert.key);
                first.marks.extend(one.marks);
            }
            None => joined.push(one),
        }
    }
    joined
}

/// Returns the alerts of which none has the same evidence as one with a lesser key.
pub(super) fn distinct(mut alerts: Vec<Alert>) -> Vec<Alert> {
    alerts.sort_by_cached_key(|alert| (alert.completing, alert.order()));
    let mut distinct: Vec<Alert> = Vec::new();
    for alert in alerts {
        let mut of_event = distinct
            .iter()
            .rev()
            .take_while(|one| one.completing == alert.completing);
        if !of_event.any(|other| is_same(other, &alert)) {
            distinct.push(alert);
        }
    }
    distinct
}

fn alone(state: Key, raised: Raised) -> Joined {
    let mark = raised.mark.map(|(joined, frame)| Mark {
        state,
        joined,
        frame,
    });
    Joined {
        alert: *raised.alert,
        marks: mark.into_iter().collect(),
    }
}

fn is_same(left: &Alert, right: &Alert) -> bool {
    left.completing == right.completing
        && left.time == right.time
        && left.tenant == right.tenant
        && same_evidence(left, right)
}

fn same_evidence(left: &Alert, right: &Alert) -> bool {
    let ids = |alert: &Alert| -> Vec<_> {
        let evidence = alert.evidence.iter();
        evidence
            .map(|one| (one.step.clone(), one.source.clone(), one.id.clone()))
            .collect()
    };
    left.counts == right.counts && ids(left) == ids(right)
}
