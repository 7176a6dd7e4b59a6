//! What one event does to the state of one rule and key.
//!
//! Apart from routing, which finds that state, and from expiry, which only time brings.

use std::collections::VecDeque;
use std::sync::Arc;

use muster_lang::ir::{Element, Frame, OnMatch};
use muster_lang::units::{Duration, Timestamp};

use crate::alert::{Alert, build};
use crate::event::Event;
use crate::key::Key;
use crate::machine::prune::prune;
use crate::machine::recall::{MatchReader, Recalled, recall};
use crate::machine::search::{self, Found, Ground};
use crate::machine::state::{Breaker, Candidate, KeyState, OpenMatch, Session};
use crate::machine::{Context, Losses, Machine, Raised, Route, absence, frame, zone_of};

/// The state an event acts on, and what is counted there.
#[derive(Debug)]
pub struct Site<'a> {
    /// The state of the key.
    pub state: &'a mut KeyState,
    /// Events that break absences but have no hashed key.
    pub loose: &'a KeyState,
    /// What limits took away.
    pub losses: &'a mut Losses,
}

impl Machine {
    /// Lets an event act on the state of one key.
    pub fn push(
        &self,
        context: &Context<'_>,
        route: &Route,
        event: &Arc<Event>,
        site: &mut Site<'_>,
    ) -> Vec<Raised> {
        let mut raised = Vec::new();
        if route.absences != 0 {
            self.break_open(context, route, event, site);
            self.keep_breaker(context, event, route.absences, site);
        }
        if route.steps != 0 {
            self.enter_frame(site.state, event);
            raised = self.complete(context, route, event, site);
            self.keep_candidate(context, event, route.steps, site);
            if site.state.candidates.is_empty() {
                // Nothing is left that a later match could not bind.
                site.state.restarts.clear();
            }
        }
        raised
    }

    /// Drops open matches that an event breaks.
    pub fn break_open(
        &self,
        context: &Context<'_>,
        route: &Route,
        event: &Arc<Event>,
        site: &mut Site<'_>,
    ) {
        if site.state.open.is_empty() {
            return;
        }
        let open = std::mem::take(&mut site.state.open);
        let reader = reader(context, site, event);
        let ground = self.ground(context, &route.key, &reader, event, 0);
        let is_broken = |open: &OpenMatch| {
            open.waits.iter().any(|wait| {
                route.absences & (1 << wait.absence) != 0
                    && event.position > wait.after
                    && event.time <= wait.deadline
                    && absence::breaks(
                        &ground,
                        &open.bound,
                        Some(&open.joined),
                        wait.absence,
                        event,
                    )
            })
        };
        let kept = open.into_iter().filter(|open| !is_broken(open)).collect();
        site.state.open = kept;
    }

    fn ground<'a>(
        &'a self,
        context: &Context<'a>,
        key: &'a Key,
        reader: &'a MatchReader<'a>,
        completing: &'a Arc<Event>,
        steps: u64,
    ) -> Ground<'a> {
        Ground {
            plan: &self.plan,
            evaluator: context.evaluator,
            options: context.options,
            memories: Some(reader),
            key,
            state: reader.state,
            loose: reader.loose,
            completing,
            steps,
            not_before: self.frame_start(reader.state, completing.time),
        }
    }

    /// Returns the start of the window or session that holds an instant.
    pub(crate) fn frame_start(&self, state: &KeyState, time: Timestamp) -> Option<Timestamp> {
        match self.plan.rule().frame.as_ref()? {
            Frame::Each { every, zone } => {
                Some(frame::window_start(time, *every, zone_of(zone.as_deref())))
            }
            Frame::Session { .. } => state.session.map(|session| session.first),
        }
    }

    /// Starts a new session where the one under way is over.
    fn enter_frame(&self, state: &mut KeyState, event: &Event) {
        let Some(Frame::Session { gap, up_to }) = &self.plan.rule().frame else {
            return;
        };
        match &mut state.session {
            Some(session)
                if event.time.since(session.last) <= *gap
                    && event.time.since(session.first) <= *up_to =>
            {
                session.last = event.time;
            }
            _ => {
                state.session = Some(Session {
                    first: event.time,
                    last: event.time,
                });
                state.candidates.clear();
                state.restarts.clear();
            }
        }
    }

    /// Finds what an event completes.
    fn complete(
        &self,
        context: &Context<'_>,
        route: &Route,
        event: &Arc<Event>,
        site: &mut Site<'_>,
    ) -> Vec<Raised> {
        if !self.can_complete(route.steps, site.state) || self.is_doubtful(site.state, event.time) {
            return Vec::new();
        }
        let outcome = {
            let reader = reader(context, site, event);
            search::search(&self.ground(context, &route.key, &reader, event, route.steps))
        };
        if outcome.is_cut {
            site.losses.cut += 1;
            site.state.incomplete_until = site.state.incomplete_until.max(Some(event.time));
        }
        let mut raised = Vec::new();
        for found in outcome.found {
            let reader = reader(context, site, event);
            let ground = self.ground(context, &route.key, &reader, event, route.steps);
            let mut alert = Box::new(build::build(&ground, &found.bound, &found.joined));
            let back_to = absence::looks_back_to(self.plan.rule(), &found.bound);
            alert.complete &= back_to.is_none_or(|back_to| context.stream_start <= back_to);
            let frame = self.frame_start(site.state, event.time);
            self.restart(site.state, &found, event);
            raised.extend(settle(site.state, found, alert, frame));
        }
        raised
    }

    /// Returns what an event completes in the state of one key, before it acts on it.
    pub(crate) fn matches(
        &self,
        context: &Context<'_>,
        route: &Route,
        event: &Arc<Event>,
        site: &mut Site<'_>,
    ) -> Vec<Found> {
        self.enter_frame(site.state, event);
        if !self.can_complete(route.steps, site.state) || self.is_doubtful(site.state, event.time) {
            return Vec::new();
        }
        let reader = reader(context, site, event);
        search::search(&self.ground(context, &route.key, &reader, event, route.steps)).found
    }

    /// Tells whether an absence was lost sight of: a match is rather missed than made up.
    fn is_doubtful(&self, state: &KeyState, now: Timestamp) -> bool {
        state.doubtful_until.is_some_and(|until| until >= now)
    }

    /// Tells whether an event that fits some steps can be the last of a match.
    fn can_complete(&self, steps: u64, state: &KeyState) -> bool {
        // Most keys never see some step: they are not searched at all.
        let kept = if state.candidates.is_empty() {
            0
        } else {
            state.kept_steps
        };
        if kept & self.plan.required != self.plan.required {
            return false;
        }
        let last = self.plan.rule().elements.len() - 1;
        let any_step = self.plan.rule().tolerate.is_some();
        let mut fitting = self
            .plan
            .steps
            .iter()
            .enumerate()
            .filter(|(bit, _)| steps & (1 << bit) != 0);
        fitting.any(|(_, step)| any_step || step.element == last)
    }

    fn restart(&self, state: &mut KeyState, found: &Found, event: &Event) {
        if self.plan.rule().on_match == OnMatch::Keep {
            return;
        }
        state.restart(&found.joined, event.position);
        if self.plan.joined.is_empty() {
            state.candidates.clear();
        }
    }

    fn keep_candidate(
        &self,
        context: &Context<'_>,
        event: &Arc<Event>,
        steps: u64,
        site: &mut Site<'_>,
    ) {
        if !self.is_kept(steps) {
            return;
        }
        let recalled = self.recall(context, event, steps, 0);
        if site.state.candidates.is_empty() {
            site.state.kept_steps = 0;
        }
        site.state.kept_steps |= steps;
        let candidates = &mut site.state.candidates;
        candidates.push_back(Candidate {
            event: event.clone(),
            steps,
            recalled,
        });
        let layout = context.evaluator.layout();
        let (here, loose) = (&site.state.breakers, &site.loose.breakers);
        let breaks = |position| has_position(here, position) || has_position(loose, position);
        prune(
            &self.plan.kept,
            self.plan.rule(),
            layout,
            candidates,
            &breaks,
        );
        if candidates.len() <= context.options.candidates_per_key_max {
            return;
        }
        if let Some(lost) = candidates.pop_front() {
            site.losses.evicted += 1;
            let until = lost.event.time.plus(self.plan.reach_of(lost.steps));
            site.state.incomplete_until = site.state.incomplete_until.max(Some(until));
        }
    }

    /// Tells whether an event of these steps can be part of a match that a later one completes.
    fn is_kept(&self, steps: u64) -> bool {
        let rule = self.plan.rule();
        let last = rule.elements.len() - 1;
        let ends_plain =
            matches!(rule.elements.last(), Some(Element::One(_))) && rule.tolerate.is_none();
        let mut fitting = self
            .plan
            .steps
            .iter()
            .enumerate()
            .filter(|(bit, _)| steps & (1 << bit) != 0);
        !self.plan.is_single && fitting.any(|(_, step)| step.element != last || !ends_plain)
    }

    /// Reads the memories that a match may ask for an event when it is no longer the latest.
    fn recall(
        &self,
        context: &Context<'_>,
        event: &Arc<Event>,
        steps: u64,
        absences: u64,
    ) -> Vec<Recalled> {
        if self.plan.reads.is_empty() {
            return Vec::new();
        }
        recall(context.memories, &self.plan, event, steps, absences)
    }

    /// Keeps an event that can break matches to come.
    pub fn keep_breaker(
        &self,
        context: &Context<'_>,
        event: &Arc<Event>,
        absences: u64,
        site: &mut Site<'_>,
    ) {
        let recalled = self.recall(context, event, 0, absences);
        let breakers = &mut site.state.breakers;
        breakers.push_back(Breaker {
            event: event.clone(),
            absences,
            recalled,
        });
        if breakers.len() <= context.options.candidates_per_key_max {
            return;
        }
        if let Some(lost) = breakers.pop_front() {
            site.losses.evicted += 1;
            let until = lost.event.time.plus(self.breaker_reach(lost.absences));
            site.state.doubtful_until = site.state.doubtful_until.max(Some(until));
        }
    }

    pub(super) fn breaker_reach(&self, absences: u64) -> Duration {
        let fitting = self
            .plan
            .absences
            .iter()
            .enumerate()
            .filter(|(bit, _)| absences & (1 << bit) != 0);
        fitting
            .map(|(_, absence)| absence.reach)
            .max()
            .unwrap_or_default()
    }
}

/// Raises a match, or lets it wait for its deadlines.
///
/// A window or session that has raised an alert for a key is used up; matches may wait in it side by
/// side until one of them is raised, for the others may yet be broken.
fn settle(
    state: &mut KeyState,
    found: Found,
    mut alert: Box<Alert>,
    frame: Option<Timestamp>,
) -> Option<Raised> {
    if frame.is_some_and(|frame| is_used_up(state, &found.joined, frame)) {
        return None;
    }
    let deadlines = found.waits.iter().map(|wait| wait.deadline);
    alert.time = build::alert_time(alert.time, deadlines);
    let open = OpenMatch {
        alert,
        bound: found.bound,
        joined: found.joined,
        waits: found.waits,
        frame,
    };
    if open.waits.is_empty() {
        return Some(raise(state, open));
    }
    state.open.push(open);
    None
}

/// Tells whether breakers, which are in stream order, hold a position.
fn has_position(breakers: &VecDeque<Breaker>, position: u64) -> bool {
    breakers
        .binary_search_by_key(&position, |one| one.event.position)
        .is_ok()
}

/// Returns the memories as the events of a match read them.
fn reader<'a>(context: &Context<'a>, site: &'a Site<'_>, event: &Event) -> MatchReader<'a> {
    MatchReader {
        live: context.memories,
        state: site.state,
        loose: site.loose,
        now: event.position,
    }
}

/// Tells whether a frame has raised an alert for a joined key.
pub(super) fn is_used_up(state: &KeyState, joined: &Key, frame: Timestamp) -> bool {
    let mut raised = state.raised.iter();
    raised.any(|(key, start)| key == joined && *start == frame)
}

/// Raises a match, and marks the frame it lies in.
pub(super) fn raise(state: &mut KeyState, open: OpenMatch) -> Raised {
    let mark = open.frame.map(|frame| (open.joined, frame));
    state.raised.extend(mark.clone());
    Raised {
        alert: open.alert,
        mark,
    }
}
