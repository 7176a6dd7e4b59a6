//! What a rule remembers of one key.
//!
//! Apart from the search, which reads it, so that a store can own, save and expire it.

use std::collections::VecDeque;
use std::sync::Arc;

use muster_lang::units::Timestamp;

use crate::alert::Alert;
use crate::event::Event;
use crate::key::Key;
use crate::machine::recall::Recalled;
use crate::predicate::Bound;
use crate::store::saved;

/// An event that may be part of a match to come.
#[derive(Clone, Debug)]
pub struct Candidate {
    /// The event.
    pub event: Arc<Event>,
    /// The steps it fits by itself, one bit each.
    pub steps: u64,
    /// What memories gave it when it came.
    pub recalled: Vec<Recalled>,
}

/// An event that an absence forbids.
#[derive(Clone, Debug)]
pub struct Breaker {
    /// The event.
    pub event: Arc<Event>,
    /// The absences it can break, one bit each.
    pub absences: u64,
    /// What memories gave it when it came.
    pub recalled: Vec<Recalled>,
}

/// The state of one rule and key.
#[derive(Clone, Debug, Default)]
pub struct KeyState {
    /// Events in stream order. LIMIT: `Options::candidates_per_key_max`.
    pub candidates: VecDeque<Candidate>,
    /// The steps of all candidates kept since there were none: no step that is missing here is kept.
    pub kept_steps: u64,
    /// Events in stream order. LIMIT: `Options::candidates_per_key_max`.
    pub breakers: VecDeque<Breaker>,
    /// For each joined key that matched, the position from which events may be bound again.
    pub restarts: Vec<(Key, u64)>,
    /// Matches that wait for deadlines.
    pub open: Vec<OpenMatch>,
    /// The session under way.
    pub session: Option<Session>,
    /// The frames in which a joined key has raised an alert, by their start.
    pub raised: Vec<(Key, Timestamp)>,
    /// Up to when an alert may miss something because of a limit.
    pub incomplete_until: Option<Timestamp>,
    /// Up to when a match may be one that a lost event would have broken.
    pub doubtful_until: Option<Timestamp>,
    /// When the next timer of this state is due.
    pub timer: Option<Timestamp>,
}

/// A match that is broken if something happens before a deadline.
#[derive(Clone, Debug)]
pub struct OpenMatch {
    /// The alert it becomes.
    pub alert: Box<Alert>,
    /// What its steps are bound to.
    pub bound: Vec<Bound>,
    /// Its joined key.
    pub joined: Key,
    /// The absences that can still be broken.
    pub waits: Vec<Wait>,
    /// The start of the frame it lies in.
    pub frame: Option<Timestamp>,
}

/// An absence that can still be broken.
#[derive(Clone, Copy, Debug)]
pub struct Wait {
    /// The absence, an index into the rule's.
    pub absence: usize,
    /// Only events after this position break it.
    pub after: u64,
    /// The last instant at which an event breaks it.
    pub deadline: Timestamp,
}

/// A run of activity.
#[derive(Clone, Copy, Debug)]
pub struct Session {
    /// The time of its first event.
    pub first: Timestamp,
    /// The time of its last event.
    pub last: Timestamp,
}

impl KeyState {
    /// Tells whether nothing is left to remember.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.candidates.is_empty()
            && self.breakers.is_empty()
            && self.restarts.is_empty()
            && self.open.is_empty()
            && self.session.is_none()
            && self.raised.is_empty()
    }

    /// Returns the time of the oldest event kept.
    #[must_use]
    pub fn oldest(&self) -> Option<Timestamp> {
        let candidate = self.candidates.front().map(|one| one.event.time);
        let breaker = self.breakers.front().map(|one| one.event.time);
        let open = self.open.iter().map(|open| open.alert.from);
        let session = self.session.map(|session| session.first);
        let frames = self.raised.iter().map(|(_, start)| *start);
        open.chain(frames)
            .chain(candidate)
            .chain(breaker)
            .chain(session)
            .min()
    }

    /// Returns the matches that wait: of each frame and joined key the one that is decided first,
    /// unless the frame is used up.
    pub fn first_open(&self) -> impl Iterator<Item = &OpenMatch> {
        let is_first = |index: usize, open: &OpenMatch| {
            let Some(frame) = open.frame else { return true };
            let used_up = self
                .raised
                .iter()
                .any(|(key, start)| *key == open.joined && *start == frame);
            let mut others = self.open.iter().enumerate();
            let is_earlier = others.any(|(other_index, other)| {
                let alike = other.frame == open.frame && other.joined == open.joined;
                alike && (other.alert.time, other_index) < (open.alert.time, index)
            });
            !used_up && !is_earlier
        };
        let open = self.open.iter().enumerate();
        open.filter(move |(index, open)| is_first(*index, open))
            .map(|(_, open)| open)
    }

    /// Returns what memories gave a kept event when it came.
    #[must_use]
    pub fn recalled(&self, position: u64) -> Option<&[Recalled]> {
        let candidate = self
            .candidates
            .binary_search_by_key(&position, |one| one.event.position);
        let of_candidate = candidate
            .ok()
            .and_then(|at| self.candidates.get(at))
            .map(|one| &*one.recalled);
        let breaker = self
            .breakers
            .binary_search_by_key(&position, |one| one.event.position);
        of_candidate.or_else(|| {
            breaker
                .ok()
                .and_then(|at| self.breakers.get(at))
                .map(|one| &*one.recalled)
        })
    }

    /// Returns the position from which events may be bound under a joined key; 0 for all.
    #[must_use]
    pub fn restart_of(&self, joined: &Key) -> u64 {
        self.restarts
            .iter()
            .find(|(key, _)| key == joined)
            .map_or(0, |(_, position)| *position)
    }

    /// Sets the position from which events may be bound under a joined key.
    pub fn restart(&mut self, joined: &Key, position: u64) {
        match self.restarts.iter_mut().find(|(key, _)| key == joined) {
            Some((_, known)) => *known = position,
            None => self.restarts.push((joined.clone(), position)),
        }
    }
}

saved!(Candidate {
    event,
    steps,
    recalled
});
saved!(Breaker {
    event,
    absences,
    recalled
});
saved!(KeyState {
    candidates,
    kept_steps,
    breakers,
    restarts,
    open,
    session,
    raised,
    incomplete_until,
    doubtful_until,
    timer,
});
saved!(OpenMatch {
    alert,
    bound,
    joined,
    waits,
    frame
});
saved!(Wait {
    absence,
    after,
    deadline
});
saved!(Session { first, last });
