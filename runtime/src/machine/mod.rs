//! From pattern to machine: what one event does to the state of one rule and key.
//!
//! Apart from the engine because a machine is a function over a state it is handed: it owns none.

use std::sync::Arc;

use muster_lang::ir::{
    AbsenceInterval, ClassId, Element, Frame, OnMatch, StepId, StepKind, Threshold,
};
use muster_lang::units::{Duration, Timestamp};

use crate::alert::{Alert, build};
use crate::event::Event;
use crate::key::{Key, KeyPart, key_value, parts, term};
use crate::machine::plan::Plan;
use crate::machine::recall::{MatchReader, Recalled, recall};
use crate::machine::search::{Found, Ground};
use crate::machine::state::{Breaker, Candidate, KeyState, OpenMatch, Session};
use crate::memory::LiveReader;
use crate::options::Options;
use crate::predicate::{Evaluator, Scope};

pub mod absence;
pub mod frame;
pub mod group;
pub mod listing;
pub mod plan;
pub mod recall;
pub mod search;
pub mod state;
pub mod support;

/// What every machine is given besides its state.
#[derive(Clone, Copy)]
pub struct Context<'a> {
    /// How expressions are evaluated.
    pub evaluator: &'a Evaluator,
    /// The limits.
    pub options: &'a Options,
    /// The memories.
    pub memories: LiveReader<'a>,
    /// The time of the first event of the stream.
    pub stream_start: Timestamp,
}

/// The states an event concerns.
#[derive(Clone, Debug, Default)]
pub struct Routes {
    /// Keys with the steps and absences the event fits under each.
    pub keyed: Vec<Route>,
    /// The absences it fits without having their hashed key.
    pub loose: u64,
    /// The key of the state that holds such events.
    pub loose_key: Key,
}

/// A state an event concerns.
#[derive(Clone, Debug)]
pub struct Route {
    /// The key of the state.
    pub key: Key,
    /// The steps the event fits by itself.
    pub steps: u64,
    /// The absences it fits by itself.
    pub absences: u64,
}

/// A match whose time has come.
#[derive(Clone, Debug)]
pub struct Raised {
    /// The alert.
    pub alert: Box<Alert>,
}

/// Counts of what limits took away.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Losses {
    /// Candidates evicted.
    pub evicted: u64,
    /// Searches cut.
    pub cut: u64,
}

/// A compiled rule.
#[derive(Clone, Debug)]
pub struct Machine {
    plan: Plan,
}

impl Machine {
    /// Returns the machine of a plan.
    #[must_use]
    pub fn new(plan: Plan) -> Self {
        Self { plan }
    }

    /// Returns what it was made from.
    #[must_use]
    pub fn plan(&self) -> &Plan {
        &self.plan
    }

    /// Returns the states an event concerns, the class of each step asked through `in_class`.
    pub fn routes(
        &self,
        context: &Context<'_>,
        event: &Event,
        in_class: &mut dyn FnMut(ClassId) -> bool,
    ) -> Routes {
        let rule = self.plan.rule();
        let mut routes = Routes {
            loose_key: self.tenant_key(context, event),
            ..Routes::default()
        };
        for (step, what) in rule.steps.iter() {
            if in_class(what.class) && self.fits_step(context, step, event) {
                let values = self.plan.hashed.iter().map(|at| {
                    let component = rule.key.components.get(*at)?;
                    Some((term(component, step)?, component.exact))
                });
                let keys = self.keys(context, event, values);
                routes.add(keys, 1 << step.index(), 0);
            }
        }
        for (at, absence) in rule.absences.iter().enumerate() {
            let Some(plan) = self.plan.absences.get(at) else {
                continue;
            };
            if !in_class(absence.class) || !all_hold(context, &plan.local, event) {
                continue;
            }
            if !plan.is_hashed {
                routes.loose |= 1 << at;
                continue;
            }
            let values = self.plan.hashed.iter().map(|component| {
                let expr = absence.key.get(*component).copied().flatten()?;
                Some((expr, rule.key.components.get(*component)?.exact))
            });
            let keys = self.keys(context, event, values);
            routes.add(keys, 0, 1 << at);
        }
        routes
    }

    fn fits_step(&self, context: &Context<'_>, step: StepId, event: &Event) -> bool {
        let Some(plan) = self.plan.steps.get(step.index()) else {
            return false;
        };
        all_hold(context, &plan.local, event) && self.has_group_value(context, step, event)
    }

    /// Tells whether an event has the value its group counts or adds up.
    fn has_group_value(&self, context: &Context<'_>, step: StepId, event: &Event) -> bool {
        let StepKind::Group(group) = &self.plan.rule().steps[step].kind else {
            return true;
        };
        let path = match &group.threshold {
            Threshold::Count(_) => return true,
            Threshold::Different(_, path) | Threshold::Aggregate(_, path) => *path,
        };
        let scope = Scope {
            this: Some(event),
            ..Scope::default()
        };
        match context.evaluator.value(path, &scope) {
            muster_lang::value::Value::Missing => false,
            muster_lang::value::Value::List(items) => !items.is_empty(),
            _ => true,
        }
    }

    fn tenant_key(&self, context: &Context<'_>, event: &Event) -> Key {
        let tenant =
            (!self.plan.rule().key.across_tenants).then(|| tenant(context.evaluator, event));
        Key(tenant.into_iter().collect())
    }

    /// Returns the keys an event has: one for each combination of list values, none if one is missing.
    fn keys(
        &self,
        context: &Context<'_>,
        event: &Event,
        terms: impl Iterator<Item = Option<(muster_lang::ir::ExprId, bool)>>,
    ) -> Vec<Key> {
        let mut keys = vec![self.tenant_key(context, event).0.into_vec()];
        for term in terms {
            let Some((expr, exact)) = term else {
                return Vec::new();
            };
            let value = key_value(context.evaluator, expr, event);
            let found = parts(&value, exact, context.options.key_values_max);
            keys = keys
                .iter()
                .flat_map(|key| {
                    found
                        .iter()
                        .map(|(part, _)| [key.as_slice(), &[part.clone()]].concat())
                })
                .collect();
        }
        keys.into_iter().map(|key| Key(key.into())).collect()
    }

    /// Lets an event act on the state of one key.
    pub fn push(
        &self,
        context: &Context<'_>,
        route: &Route,
        state: &mut KeyState,
        loose: &KeyState,
        event: &Arc<Event>,
        losses: &mut Losses,
    ) -> Vec<Raised> {
        let mut raised = Vec::new();
        if route.absences != 0 {
            self.break_open(context, &route.key, state, loose, event, route.absences);
            self.keep_breaker(context, state, event, route.absences, losses);
        }
        if route.steps != 0 {
            self.enter_frame(state, event);
            raised = self.complete(context, route, state, loose, event, losses);
            self.keep_candidate(context, state, event, route.steps, losses);
        }
        raised
    }

    /// Drops open matches that an event breaks.
    pub fn break_open(
        &self,
        context: &Context<'_>,
        key: &Key,
        state: &mut KeyState,
        loose: &KeyState,
        event: &Arc<Event>,
        absences: u64,
    ) {
        if state.open.is_empty() {
            return;
        }
        let open = std::mem::take(&mut state.open);
        let reader = reader(context, state, loose, event);
        let ground = self.ground(context, key, &reader, event, 0);
        let is_broken = |open: &OpenMatch| {
            open.waits.iter().any(|wait| {
                absences & (1 << wait.absence) != 0
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
        state.open = kept;
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
    fn frame_start(&self, state: &KeyState, time: Timestamp) -> Option<Timestamp> {
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
        state: &mut KeyState,
        loose: &KeyState,
        event: &Arc<Event>,
        losses: &mut Losses,
    ) -> Vec<Raised> {
        if !self.can_complete(route.steps) {
            return Vec::new();
        }
        let outcome = {
            let reader = reader(context, state, loose, event);
            search::search(&self.ground(context, &route.key, &reader, event, route.steps))
        };
        if outcome.is_cut {
            losses.cut += 1;
            state.incomplete_until = Some(event.time);
        }
        let mut raised = Vec::new();
        for found in outcome.found {
            let reader = reader(context, state, loose, event);
            let ground = self.ground(context, &route.key, &reader, event, route.steps);
            let mut alert = Box::new(build::build(&ground, &found.bound, &found.joined));
            let back_to = absence::looks_back_to(self.plan.rule(), &found.bound);
            alert.complete &= back_to.is_none_or(|back_to| context.stream_start <= back_to);
            let frame = self.frame_start(state, event.time);
            self.restart(state, &found, event);
            raised.extend(self.settle(state, found, alert, frame));
        }
        raised
    }

    /// Tells whether an event that fits some steps can be the last of a match.
    fn can_complete(&self, steps: u64) -> bool {
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

    /// Raises a match, or lets it wait for its deadlines.
    fn settle(
        &self,
        state: &mut KeyState,
        found: Found,
        mut alert: Box<Alert>,
        frame: Option<Timestamp>,
    ) -> Option<Raised> {
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
            return raise(state, open);
        }
        state.open.push(open);
        None
    }

    fn keep_candidate(
        &self,
        context: &Context<'_>,
        state: &mut KeyState,
        event: &Arc<Event>,
        steps: u64,
        losses: &mut Losses,
    ) {
        if !self.is_kept(steps) {
            return;
        }
        let recalled = self.recall(context, event, steps, 0);
        state.candidates.push_back(Candidate {
            event: event.clone(),
            steps,
            recalled,
        });
        if state.candidates.len() > context.options.candidates_per_key_max {
            if let Some(lost) = state.candidates.pop_front() {
                losses.evicted += 1;
                let until = lost.event.time.plus(self.plan.reach_of(lost.steps));
                state.incomplete_until = state.incomplete_until.max(Some(until));
            }
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
        let (rule, reads) = (self.plan.rule(), &self.plan.reads);
        recall(
            context.memories,
            context.evaluator,
            rule,
            reads,
            event,
            steps,
            absences,
        )
    }

    fn keep_breaker(
        &self,
        context: &Context<'_>,
        state: &mut KeyState,
        event: &Arc<Event>,
        absences: u64,
        losses: &mut Losses,
    ) {
        let recalled = self.recall(context, event, 0, absences);
        state.breakers.push_back(Breaker {
            event: event.clone(),
            absences,
            recalled,
        });
        if state.breakers.len() > context.options.candidates_per_key_max {
            // A lost breaker could let a match through that it should break: the match says so.
            if let Some(lost) = state.breakers.pop_front() {
                losses.evicted += 1;
                let until = lost.event.time.plus(self.breaker_reach(lost.absences));
                state.incomplete_until = state.incomplete_until.max(Some(until));
            }
        }
    }

    /// Keeps an event that breaks absences of any key of its tenant.
    pub fn push_loose(
        &self,
        context: &Context<'_>,
        state: &mut KeyState,
        event: &Arc<Event>,
        absences: u64,
        losses: &mut Losses,
    ) {
        self.keep_breaker(context, state, event, absences, losses);
    }

    fn breaker_reach(&self, absences: u64) -> Duration {
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

    /// Raises the matches whose deadlines lie at or before `now`, which time has passed, and forgets
    /// what can no longer matter.
    pub fn fire(&self, state: &mut KeyState, now: Timestamp) -> Vec<Raised> {
        let mut raised = Vec::new();
        let open = std::mem::take(&mut state.open);
        for open in open {
            if open.waits.iter().all(|wait| wait.deadline <= now) {
                raised.extend(raise(state, open));
            } else {
                state.open.push(open);
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

    /// Tells whether the rule has an absence inside a group.
    #[must_use]
    pub fn empties_groups(&self) -> bool {
        let absences = self.plan.rule().absences.iter();
        absences
            .map(|absence| absence.interval)
            .any(|interval| matches!(interval, AbsenceInterval::Inside(_)))
    }
}

impl Routes {
    /// Adds steps and absences under keys.
    fn add(&mut self, keys: Vec<Key>, steps: u64, absences: u64) {
        for key in keys {
            match self.keyed.iter_mut().find(|route| route.key == key) {
                Some(route) => {
                    route.steps |= steps;
                    route.absences |= absences;
                }
                None => self.keyed.push(Route {
                    key,
                    steps,
                    absences,
                }),
            }
        }
    }
}

/// Returns the memories as the events of a match read them.
fn reader<'a>(
    context: &Context<'a>,
    state: &'a KeyState,
    loose: &'a KeyState,
    event: &Event,
) -> MatchReader<'a> {
    MatchReader {
        live: context.memories,
        state,
        loose,
        now: event.position,
    }
}

/// Raises a match unless its frame has raised one for the key.
fn raise(state: &mut KeyState, open: OpenMatch) -> Option<Raised> {
    if let Some(frame) = open.frame {
        let entry = (open.joined, frame);
        if state.raised.contains(&entry) {
            return None;
        }
        state.raised.push(entry);
    }
    Some(Raised { alert: open.alert })
}

fn all_hold(
    context: &Context<'_>,
    conditions: &[muster_lang::ir::Condition],
    event: &Event,
) -> bool {
    let scope = Scope {
        this: Some(event),
        memories: Some(&context.memories),
        ..Scope::default()
    };
    conditions
        .iter()
        .all(|condition| context.evaluator.holds(condition, &scope))
}

fn tenant(evaluator: &Evaluator, event: &Event) -> KeyPart {
    KeyPart::of_tenant(event.get(evaluator.layout(), evaluator.program().core.tenant))
}

/// Returns a zone by its name; the checker knows them all, so another is UTC.
#[must_use]
pub fn zone_of(name: Option<&str>) -> chrono_tz::Tz {
    name.and_then(|name| name.parse().ok())
        .unwrap_or(chrono_tz::Tz::UTC)
}
