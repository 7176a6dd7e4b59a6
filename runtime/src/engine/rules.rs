//! The rules of a program with their state, and the order in which things happen to them.
//!
//! Apart from the engine's doors, which are about arrivals: here everything is in stream order.

use std::sync::Arc;

use ahash::{HashMap, HashMapExt};
use muster_lang::ir::{ClassId, Program, RuleId, Severity};
use muster_lang::units::Timestamp;

use crate::alert::build::{self, AlertFields};
use crate::alert::suppress::Suppression;
use crate::alert::{Alert, Named};
use crate::engine::Outputs;
use crate::engine::join::{self, Joined};
use crate::error::EngineError;
use crate::event::Event;
use crate::key::Key;
use crate::machine::plan::Plan;
use crate::machine::run::Site;
use crate::machine::state::KeyState;
use crate::machine::{Context, Losses, Machine, Raised, Route, Routes};
use crate::memory::{LiveReader, Memories};
use crate::options::Options;
use crate::predicate::Evaluator;
use crate::time::timers::Timers;

mod interest;
mod save;

use interest::{Classes, Interest};

/// A match that waits for a deadline at the end of input.
#[derive(Clone, Debug, PartialEq)]
pub struct Pending {
    /// The rule.
    pub rule: Arc<str>,
    /// The key.
    pub key: Vec<Named>,
    /// When it is decided.
    pub until: Timestamp,
}

/// A timer: the state of a key of a rule.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Timer {
    rule: usize,
    is_loose: bool,
    key: Key,
}

impl Timer {
    fn of(rule: usize, is_loose: bool, key: &Key) -> Self {
        Self {
            rule,
            is_loose,
            key: key.clone(),
        }
    }
}

/// One rule with its state.
#[derive(Debug)]
pub(super) struct Unit {
    pub(super) machine: Machine,
    pub(super) states: HashMap<Key, KeyState>,
    /// For each tenant, events that break absences without having the hashed key.
    pub(super) loose: HashMap<Key, KeyState>,
    /// How far back the stream reached for this rule in the state it was restored from.
    since: Option<Timestamp>,
}

/// The rules of a program with their state.
#[derive(Debug)]
pub(super) struct Rules {
    // INVARIANT: sorted by name, so that alerts of one event come out in that order.
    pub(super) units: Vec<Unit>,
    interest: Interest,
    options: Options,
    fields: AlertFields,
    reads_alerts: bool,
    timers: Timers<Timer>,
    pub(super) suppression: Suppression,
    pub(super) memories: Memories,
    /// Alerts of the instant at hand, which may yet be joined by others.
    pub(super) instant: Vec<Alert>,
    position: u64,
    stream_start: Timestamp,
    losses: Losses,
    suppressed: u64,
}

impl Rules {
    pub(super) fn new(
        program: &Arc<Program>,
        evaluator: &Evaluator,
        options: Options,
    ) -> Result<Self, EngineError> {
        crate::machine::support::check(program)?;
        let mut ids: Vec<RuleId> = program.rules.iter().map(|(id, _)| id).collect();
        ids.sort_by(|left, right| program.rules[*left].name.cmp(&program.rules[*right].name));
        let unit = |id: RuleId| Unit {
            machine: Machine::new(Plan::new(program, id)),
            states: HashMap::new(),
            loose: HashMap::new(),
            since: None,
        };
        let units: Vec<Unit> = ids.into_iter().map(unit).collect();
        Ok(Self {
            interest: Interest::new(units.iter().map(Unit::classes).collect()),
            units,
            fields: AlertFields::of(evaluator),
            reads_alerts: program.rules.iter().any(|(_, rule)| rule.stratum > 0),
            timers: Timers::default(),
            suppression: Suppression::default(),
            memories: Memories::new(program, options),
            instant: Vec::new(),
            position: 0,
            stream_start: Timestamp(i64::MAX),
            losses: Losses::default(),
            suppressed: 0,
            options,
        })
    }

    /// Takes note that the stream reaches back to an instant.
    pub(super) fn see(&mut self, time: Timestamp) {
        self.stream_start = self.stream_start.min(time);
    }

    pub(super) fn losses(&self) -> Losses {
        self.losses
    }

    pub(super) fn suppressed(&self) -> u64 {
        self.suppressed
    }

    /// Lets every rule see an event, then the alerts it completes, each directly after it.
    pub(super) fn evaluate(&mut self, mut event: Event, evaluator: &Evaluator, out: &mut Outputs) {
        self.flush_before(event.time, out);
        self.position += 1;
        event.position = self.position;
        let event = Arc::new(event);
        if self.options.hands_out_events {
            out.events.push(event.clone());
        }
        let possible = self.interest.of(&event, evaluator);
        let mut classes = Classes::new(evaluator, &possible);
        let mut alerts = Vec::new();
        for unit in possible.units.iter().copied() {
            let raised = self.push(unit, &event, &mut classes, evaluator);
            alerts.extend(self.conclude(unit, raised));
        }
        if !self.memories.is_unused() {
            self.memories
                .learn(&event, evaluator, &mut |class| classes.holds(class, &event));
        }
        self.publish(alerts, evaluator, out);
    }

    /// Lets memories learn from an event that came too late for rules.
    pub(super) fn remember_late(&mut self, event: &Event, evaluator: &Evaluator) {
        if !self.memories.is_unused() {
            self.memories.learn(event, evaluator, &mut |class| {
                evaluator.in_class(class, event)
            });
        }
    }

    /// Lets one rule see an event.
    fn push(
        &mut self,
        unit: usize,
        event: &Arc<Event>,
        classes: &mut Classes<'_>,
        evaluator: &Evaluator,
    ) -> Vec<(Key, Raised)> {
        let Some(of_rule) = self.units.get_mut(unit) else {
            return Vec::new();
        };
        let context = Context {
            evaluator,
            options: &self.options,
            memories: LiveReader {
                memories: &self.memories,
                evaluator,
            },
            stream_start: of_rule
                .since
                .map_or(self.stream_start, |since| since.min(self.stream_start)),
        };
        if !of_rule.machine.may_see(event) {
            return Vec::new();
        }
        let routes = of_rule
            .machine
            .routes(&context, event, &mut |class| classes.holds(class, event));
        if routes.loose != 0 {
            of_rule.push_loose(&context, &routes, event, &mut self.losses);
        }
        let Unit {
            machine,
            states,
            loose,
            since: _,
        } = of_rule;
        let due_loose = loose
            .get_mut(&routes.loose_key)
            .and_then(|state| due(machine, state));
        if let Some(due) = due_loose {
            self.timers
                .set(due, Timer::of(unit, true, &routes.loose_key));
        }
        let mut raised = Vec::new();
        let none = KeyState::default();
        let kept = loose.get(&routes.loose_key).unwrap_or(&none);
        for route in &routes.keyed {
            let state = states.entry(route.key.clone()).or_default();
            let mut site = Site {
                state,
                loose: kept,
                losses: &mut self.losses,
            };
            let found = machine.push(&context, route, event, &mut site);
            raised.extend(found.into_iter().map(|raised| (route.key.clone(), raised)));
            if state.is_empty() {
                states.remove(&route.key);
            } else if let Some(due) = due(machine, state) {
                self.timers.set(due, Timer::of(unit, false, &route.key));
            }
        }
        raised
    }

    /// Joins matches of one rule with the same evidence, names them, and holds back the suppressed.
    fn conclude(&mut self, unit: usize, raised: Vec<(Key, Raised)>) -> Vec<Alert> {
        let Some(unit) = self.units.get_mut(unit) else {
            return Vec::new();
        };
        let mut alerts = Vec::new();
        for Joined { mut alert, marks } in join::by_evidence(raised) {
            let rule = unit.machine.plan().rule();
            build::identify(&mut alert, rule);
            if let (Some(suppress), Some(key)) = (&rule.alert.suppress, &alert.suppress_key) {
                let raised = self
                    .suppression
                    .raise(alert.rule, key, alert.time, suppress.span);
                if let Some(held_back) = raised {
                    alert.suppressed = held_back;
                } else {
                    self.suppressed += 1;
                    marks.iter().for_each(|mark| mark.clear(&mut unit.states));
                    continue;
                }
            }
            alerts.push(alert);
        }
        alerts
    }

    /// Hands alerts to the output and, as events, to the rules that read alerts.
    fn publish(&mut self, mut alerts: Vec<Alert>, evaluator: &Evaluator, out: &mut Outputs) {
        alerts.sort_by_cached_key(Alert::order);
        for alert in alerts {
            let event = self
                .reads_alerts
                .then(|| build::event(&alert, evaluator, &self.fields, alert.rule));
            if alert.severity > Severity::None || self.options.hands_out_silent {
                self.instant.push(alert);
            }
            if let Some(event) = event {
                self.evaluate(event, evaluator, out);
            }
        }
    }

    /// Lets time pass every instant before `time`: fires deadlines, hands out the alerts before it.
    pub(super) fn pass(&mut self, time: Timestamp, evaluator: &Evaluator, out: &mut Outputs) {
        while self.timers.next_time().is_some_and(|due| due < time) {
            let Some((due, mut timers)) = self.timers.pop() else {
                break;
            };
            self.flush_before(due, out);
            timers
                .sort_by(|one, other| (self.stratum(one), one).cmp(&(self.stratum(other), other)));
            timers.dedup();
            // The alerts of a deadline are events of its instant, which the rules above see before
            // their own deadlines of that instant are decided.
            while let Some(stratum) = timers.first().map(|timer| self.stratum(timer)) {
                let above = timers.partition_point(|timer| self.stratum(timer) <= stratum);
                let rest = timers.split_off(above);
                self.fire_all(&timers, due, evaluator, out);
                timers = rest;
            }
        }
        self.flush_before(time, out);
        self.suppression.expire(time);
        self.memories.expire(time);
    }

    fn stratum(&self, timer: &Timer) -> u32 {
        let unit = self.units.get(timer.rule);
        unit.map_or(0, |unit| unit.machine.plan().rule().stratum)
    }

    /// Fires the timers of an instant and hands out what they raise.
    fn fire_all(
        &mut self,
        timers: &[Timer],
        due: Timestamp,
        evaluator: &Evaluator,
        out: &mut Outputs,
    ) {
        let mut alerts = Vec::new();
        // Matches of one rule and instant may be one alert under several keys.
        for timers in timers.chunk_by(|one, other| one.rule == other.rule) {
            let raised = timers
                .iter()
                .flat_map(|timer| self.fire(timer, due))
                .collect();
            let rule = timers.first().map_or(0, |timer| timer.rule);
            alerts.extend(self.conclude(rule, raised));
        }
        self.publish(alerts, evaluator, out);
    }

    fn fire(&mut self, timer: &Timer, due_at: Timestamp) -> Vec<(Key, Raised)> {
        let Some(unit) = self.units.get_mut(timer.rule) else {
            return Vec::new();
        };
        let states = if timer.is_loose {
            &mut unit.loose
        } else {
            &mut unit.states
        };
        let Some(state) = states.get_mut(&timer.key) else {
            return Vec::new();
        };
        state.timer = None;
        let raised = unit.machine.fire(state, due_at);
        if state.is_empty() {
            states.remove(&timer.key);
        } else if let Some(next) = due(&unit.machine, state) {
            // What is left is due later, or time would have to stand still.
            self.timers.set(
                next.max(Timestamp(due_at.0.saturating_add(1))),
                timer.clone(),
            );
        }
        let raised = raised.into_iter();
        raised.map(|raised| (timer.key.clone(), raised)).collect()
    }

    /// Hands out the alerts of the instant at hand once time has passed it.
    fn flush_before(&mut self, time: Timestamp, out: &mut Outputs) {
        if self.instant.first().is_some_and(|alert| alert.time < time) {
            self.instant.sort_by_cached_key(Alert::order);
            out.alerts.append(&mut self.instant);
        }
    }

    /// Hands out what is left at the end of input.
    pub(super) fn flush(&mut self, out: &mut Outputs) {
        self.flush_before(Timestamp(i64::MAX), out);
    }

    /// Returns the matches that wait, those with the same evidence as one.
    pub(super) fn pending(&self) -> Vec<Pending> {
        let mut pending: Vec<Pending> = Vec::new();
        for unit in &self.units {
            let open = unit.states.values().flat_map(KeyState::first_open);
            let alerts = open.map(|open| (*open.alert).clone()).collect();
            pending.extend(join::distinct(alerts).into_iter().map(|alert| Pending {
                rule: alert.name,
                key: alert.key,
                until: alert.time,
            }));
        }
        pending.sort_by_cached_key(|one| {
            (
                one.until,
                one.rule.clone(),
                crate::alert::key_text(&one.key),
            )
        });
        pending
    }

    pub(super) fn is_idle(&self) -> bool {
        self.units
            .iter()
            .all(|unit| unit.states.is_empty() && unit.loose.is_empty())
    }
}

/// Returns when a state is next due, if that is sooner than the timer it already has.
fn due(machine: &Machine, state: &mut KeyState) -> Option<Timestamp> {
    let due = machine.next_due(state).filter(|due| due.0 < i64::MAX)?;
    if state.timer.is_some_and(|timer| timer <= due) {
        return None;
    }
    state.timer = Some(due);
    Some(due)
}

impl Unit {
    /// Returns the classes of events that its rule speaks of.
    fn classes(&self) -> Vec<ClassId> {
        let rule = self.machine.plan().rule();
        let steps = rule.steps.iter().map(|(_, step)| step.class);
        let absences = rule.absences.iter().map(|absence| absence.class);
        steps.chain(absences).collect()
    }

    /// Lets an event that has no hashed key break the absences of every key of its tenant.
    fn push_loose(
        &mut self,
        context: &Context<'_>,
        routes: &Routes,
        event: &Arc<Event>,
        losses: &mut Losses,
    ) {
        let none = KeyState::default();
        let kept = self.loose.get(&routes.loose_key).unwrap_or(&none);
        let of_tenant = |key: &Key| key.0.starts_with(&routes.loose_key.0);
        // Only a match that waits for a deadline can be broken; most rules have none.
        let waits = self.machine.plan().has_deadlines();
        let states = self.states.iter_mut().filter(|_| waits);
        for (key, state) in states.filter(|(key, _)| of_tenant(key)) {
            let route = Route {
                key: key.clone(),
                steps: 0,
                absences: routes.loose,
            };
            let loose = kept;
            let mut site = Site {
                state,
                loose,
                losses,
            };
            self.machine.break_open(context, &route, event, &mut site);
        }
        let state = self.loose.entry(routes.loose_key.clone()).or_default();
        let mut site = Site {
            state,
            loose: &none,
            losses,
        };
        self.machine
            .keep_breaker(context, event, routes.loose, &mut site);
    }
}
