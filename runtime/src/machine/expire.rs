//! What time alone does to a state: deadlines pass, and what cannot matter any more is forgotten.
//!
//! Apart from running because no event is at hand here.

use muster_lang::ir::Frame;
use muster_lang::units::Timestamp;

use crate::machine::run::{is_used_up, raise};
use crate::machine::state::{Breaker, Candidate, KeyState};
use crate::machine::{Machine, Raised, frame, zone_of};

impl Machine {
    /// Raises the matches whose deadlines lie at or before `now`, which time has passed, and forgets
    /// what can no longer matter.
    pub fn fire(&self, state: &mut KeyState, now: Timestamp) -> Vec<Raised> {
        let mut raised = Vec::new();
        let open = std::mem::take(&mut state.open);
        for open in open {
            if open.waits.iter().any(|wait| wait.deadline > now) {
                state.open.push(open);
                continue;
            }
            let mut frame = open.frame.iter();
            if !frame.any(|frame| is_used_up(state, &open.joined, *frame)) {
                raised.push(raise(state, open));
            }
        }
        self.forget(state, now);
        raised
    }

    fn forget(&self, state: &mut KeyState, now: Timestamp) {
        let candidates = |candidate: &Candidate| self.candidate_end(candidate) <= now;
        while state.candidates.front().is_some_and(candidates) {
            state.candidates.pop_front();
        }
        let breakers = |breaker: &Breaker| self.breaker_end(breaker) <= now;
        while state.breakers.front().is_some_and(breakers) {
            state.breakers.pop_front();
        }
        if self.session_end(state).is_some_and(|end| end <= now) {
            state.session = None;
            state.candidates.clear();
        }
        if state.candidates.is_empty() {
            state.restarts.clear();
        }
        let rule = self.plan.rule();
        let frame_over = |start: Timestamp| match &rule.frame {
            Some(Frame::Each { every, zone }) => {
                frame::window_end(start, *every, zone_of(zone.as_deref())) <= now
            }
            Some(Frame::Session { .. }) | None => true,
        };
        let waiting: Vec<Timestamp> = state.open.iter().filter_map(|open| open.frame).collect();
        let session = state.session.map(|session| session.first);
        state.raised.retain(|(_, start)| {
            Some(*start) == session || waiting.contains(start) || !frame_over(*start)
        });
    }

    fn candidate_end(&self, candidate: &Candidate) -> Timestamp {
        candidate
            .event
            .time
            .plus(self.plan.reach_of(candidate.steps))
    }

    fn breaker_end(&self, breaker: &Breaker) -> Timestamp {
        breaker
            .event
            .time
            .plus(self.breaker_reach(breaker.absences))
    }

    fn session_end(&self, state: &KeyState) -> Option<Timestamp> {
        let Some(Frame::Session { gap, up_to }) = &self.plan.rule().frame else {
            return None;
        };
        state
            .session
            .map(|session| session.last.plus(*gap).min(session.first.plus(*up_to)))
    }

    /// Returns the next instant at which something of a state is due; it is due once time has passed it.
    #[must_use]
    pub fn next_due(&self, state: &KeyState) -> Option<Timestamp> {
        let open = state
            .open
            .iter()
            .filter_map(|open| open.waits.iter().map(|wait| wait.deadline).max());
        let candidates = state
            .candidates
            .front()
            .map(|candidate| self.candidate_end(candidate));
        let breakers = state
            .breakers
            .front()
            .map(|breaker| self.breaker_end(breaker));
        let frames = state
            .raised
            .iter()
            .map(|(_, start)| match &self.plan.rule().frame {
                Some(Frame::Each { every, zone }) => {
                    frame::window_end(*start, *every, zone_of(zone.as_deref()))
                }
                Some(Frame::Session { up_to, .. }) => start.plus(*up_to),
                None => *start,
            });
        open.chain(candidates)
            .chain(breakers)
            .chain(self.session_end(state))
            .chain(frames)
            .min()
    }
}
