//! One rule run again over a whole stream, with everything kept that the engine forgets.
//!
//! Apart from the engine, which runs all rules and keeps no more than it must.

use std::collections::BTreeMap;
use std::sync::Arc;

use muster_lang::ir::{RuleId, StepId};
use muster_lang::units::Timestamp;
use muster_lang::value::fold;

use super::near::near;
use super::{Failed, Question, Stream};
use crate::event::Event;
use crate::key::{Key, KeyPart};
use crate::machine::plan::Plan;
use crate::machine::recall::recall;
use crate::machine::run::Site;
use crate::machine::search::Found;
use crate::machine::state::{Breaker, Candidate, KeyState};
use crate::machine::{Context, Losses, Machine, Route, Routes};
use crate::memory::{LiveReader, Memories};

/// The most events that almost fit which are kept.
const NEAR_MAX: usize = 4_096;

/// What a rule did with a stream.
pub(super) struct Replay {
    pub(super) machine: Machine,
    pub(super) memories: Memories,
    /// What the engine would keep of each key.
    pub(super) states: BTreeMap<Key, Kept>,
    /// Everything that may break an absence under any key, by tenant.
    pub(super) loose: BTreeMap<Key, KeyState>,
    /// Events of a step's class that do not fit it, with the reason.
    pub(super) near: Vec<(StepId, Failed)>,
    /// Matches, in stream order.
    pub(super) finds: Vec<Find>,
    /// The time of the first event.
    pub(super) start: Timestamp,
}

/// The state of a key.
#[derive(Default)]
pub(super) struct Kept {
    /// As the engine has it.
    pub(super) real: KeyState,
    /// With everything that ever came.
    pub(super) full: KeyState,
    /// The key under which events without the hashed key are kept.
    pub(super) loose_key: Key,
    /// By position of an event, when its window or session began.
    pub(super) frames: BTreeMap<u64, Timestamp>,
}

/// A match that was found.
pub(super) struct Find {
    pub(super) key: Key,
    pub(super) found: Found,
    pub(super) completing: Arc<Event>,
    /// The event that broke it while it waited.
    pub(super) broken_by: Option<Arc<Event>>,
    /// Whether its window or session had an alert, or it still waits.
    pub(super) waits_until: Option<Timestamp>,
}

/// Runs a rule over a stream.
pub(super) fn replay(stream: &Stream<'_>, question: &Question<'_>) -> Replay {
    let mut replay = begin(stream, question.rule);
    for event in stream.events {
        if event.position > 0 && event.time <= question.until {
            replay.see(stream, question, event);
        } else if event.position > 0 {
            replay.go_on(stream, event);
        }
        replay
            .memories
            .learn(event, stream.evaluator, &mut |class| {
                stream.evaluator.in_class(class, event)
            });
    }
    replay
}

fn begin(stream: &Stream<'_>, rule: RuleId) -> Replay {
    let program = stream.evaluator.shared_program();
    let first = stream
        .events
        .iter()
        .filter(|event| event.position > 0)
        .map(|event| event.time)
        .min();
    Replay {
        machine: Machine::new(Plan::new(program, rule)),
        memories: Memories::new(program, *stream.options),
        states: BTreeMap::new(),
        loose: BTreeMap::new(),
        near: Vec::new(),
        finds: Vec::new(),
        start: first.unwrap_or_default(),
    }
}

impl Replay {
    /// Lets the rule see an event.
    fn see(&mut self, stream: &Stream<'_>, question: &Question<'_>, event: &Arc<Event>) {
        if !self.machine.may_see(event) {
            return;
        }
        let Self {
            machine,
            memories,
            start,
            ..
        } = self;
        let live = LiveReader {
            memories,
            evaluator: stream.evaluator,
        };
        let context = Context {
            evaluator: stream.evaluator,
            options: stream.options,
            memories: live,
            stream_start: *start,
        };
        let routes = machine.routes(&context, event, &mut |class| {
            stream.evaluator.in_class(class, event)
        });
        let near = near(&context, machine.plan(), stream, question, &routes, event);
        if self.near.len() < NEAR_MAX {
            self.near.extend(near);
        }
        let wanted: Vec<Route> = routes
            .keyed
            .iter()
            .filter(|route| is_wanted(machine.plan(), &route.key, question.key))
            .cloned()
            .collect();
        let recalled = |steps, absences| {
            if machine.plan().reads.is_empty() {
                Vec::new()
            } else {
                recall(live, machine.plan(), event, steps, absences)
            }
        };
        if routes.loose != 0 {
            let recalled = recalled(0, routes.loose);
            break_loose(
                machine,
                &context,
                &routes,
                event,
                (&mut self.states, &self.loose, &mut self.finds),
            );
            let loose = self.loose.entry(routes.loose_key.clone()).or_default();
            loose.breakers.push_back(Breaker {
                event: event.clone(),
                absences: routes.loose,
                recalled,
            });
        }
        let none = KeyState::default();
        for route in wanted {
            let loose = self.loose.get(&routes.loose_key).unwrap_or(&none);
            let kept = self.states.entry(route.key.clone()).or_default();
            kept.loose_key = routes.loose_key.clone();
            if is_about(stream, machine.plan(), question.key, event) {
                keep(kept, &route, event, recalled(route.steps, route.absences));
            }
            act(
                machine,
                &context,
                &route,
                event,
                (kept, loose, &mut self.finds),
            );
        }
    }

    /// Lets matches that wait be broken by what came after the instant asked for.
    fn go_on(&mut self, stream: &Stream<'_>, event: &Arc<Event>) {
        let waits = self.states.values().any(|kept| !kept.real.open.is_empty());
        if !waits || !self.machine.may_see(event) {
            return;
        }
        let Self {
            machine,
            memories,
            start,
            ..
        } = self;
        let context = Context {
            evaluator: stream.evaluator,
            options: stream.options,
            memories: LiveReader {
                memories,
                evaluator: stream.evaluator,
            },
            stream_start: *start,
        };
        let routes = machine.routes(&context, event, &mut |class| {
            stream.evaluator.in_class(class, event)
        });
        break_loose(
            machine,
            &context,
            &routes,
            event,
            (&mut self.states, &self.loose, &mut self.finds),
        );
        let none = KeyState::default();
        for route in routes.keyed.iter().filter(|route| route.absences != 0) {
            let loose = self.loose.get(&routes.loose_key).unwrap_or(&none);
            if let Some(kept) = self.states.get_mut(&route.key) {
                break_kept(
                    machine,
                    &context,
                    route,
                    event,
                    (kept, loose, &mut self.finds),
                );
            }
        }
    }
}

type Acted<'a> = (&'a mut Kept, &'a KeyState, &'a mut Vec<Find>);

/// Keeps an event for good.
fn keep(
    kept: &mut Kept,
    route: &Route,
    event: &Arc<Event>,
    recalled: Vec<crate::machine::recall::Recalled>,
) {
    if route.steps != 0 {
        kept.full.candidates.push_back(Candidate {
            event: event.clone(),
            steps: route.steps,
            recalled: recalled.clone(),
        });
    }
    if route.absences != 0 {
        kept.full.breakers.push_back(Breaker {
            event: event.clone(),
            absences: route.absences,
            recalled,
        });
    }
}

/// Does with the state of a key what the engine does.
fn act(
    machine: &Machine,
    context: &Context<'_>,
    route: &Route,
    event: &Arc<Event>,
    (kept, loose, finds): Acted<'_>,
) {
    machine.fire(&mut kept.real, Timestamp(event.time.0.saturating_sub(1)));
    if route.absences != 0 {
        break_kept(
            machine,
            context,
            route,
            event,
            (&mut *kept, loose, &mut *finds),
        );
    }
    let mut losses = Losses::default();
    let mut site = Site {
        state: &mut kept.real,
        loose,
        losses: &mut losses,
    };
    let found = if route.steps == 0 {
        Vec::new()
    } else {
        machine.matches(context, route, event, &mut site)
    };
    machine.push(context, route, event, &mut site);
    if let Some(start) = machine.frame_start(&kept.real, event.time) {
        kept.frames.insert(event.position, start);
    }
    finds.extend(found.into_iter().map(|found| Find {
        key: route.key.clone(),
        waits_until: found.waits.iter().map(|wait| wait.deadline).max(),
        found,
        completing: event.clone(),
        broken_by: None,
    }));
}

/// Lets an event break matches of a key that wait, and writes down which.
fn break_kept(
    machine: &Machine,
    context: &Context<'_>,
    route: &Route,
    event: &Arc<Event>,
    (kept, loose, finds): Acted<'_>,
) {
    let places = |state: &KeyState| {
        state
            .open
            .iter()
            .map(|open| open.alert.completing)
            .collect::<Vec<_>>()
    };
    let before = places(&kept.real);
    if before.is_empty() {
        return;
    }
    let mut losses = Losses::default();
    let mut site = Site {
        state: &mut kept.real,
        loose,
        losses: &mut losses,
    };
    machine.break_open(context, route, event, &mut site);
    let after = places(&kept.real);
    for find in finds.iter_mut() {
        let place = find.completing.position;
        if find.key == route.key
            && before.contains(&place)
            && !after.contains(&place)
            && find.broken_by.is_none()
        {
            find.broken_by = Some(event.clone());
        }
    }
}

/// Lets an event without the hashed key break matches of every key of its tenant.
fn break_loose(
    machine: &Machine,
    context: &Context<'_>,
    routes: &Routes,
    event: &Arc<Event>,
    (states, loose, finds): (
        &mut BTreeMap<Key, Kept>,
        &BTreeMap<Key, KeyState>,
        &mut Vec<Find>,
    ),
) {
    if routes.loose == 0 {
        return;
    }
    let none = KeyState::default();
    let loose = loose.get(&routes.loose_key).unwrap_or(&none);
    for (key, kept) in states
        .iter_mut()
        .filter(|(key, _)| key.0.starts_with(&routes.loose_key.0))
    {
        let route = Route {
            key: key.clone(),
            steps: 0,
            absences: routes.loose,
        };
        break_kept(machine, context, &route, event, (kept, loose, finds));
    }
}

/// Tells whether a key has every word, or may have it once it is joined.
pub(super) fn is_wanted(plan: &Plan, key: &Key, words: &[String]) -> bool {
    let has = |word: &String| key.0.iter().any(|part| is_word(part, word));
    words
        .iter()
        .all(|word| has(word) || !plan.joined.is_empty())
        || plan.rule().key.components.is_empty()
}

/// Tells whether an event is one that is asked about where a rule has no key: it holds every word.
pub(super) fn is_about(stream: &Stream<'_>, plan: &Plan, words: &[String], event: &Event) -> bool {
    if words.is_empty() || !plan.rule().key.components.is_empty() {
        return true;
    }
    let layout = stream.evaluator.layout();
    let values = || {
        layout
            .fields()
            .iter()
            .map(|field| event.get(layout, *field))
    };
    let holds = |word: &String| {
        values().any(|value| !value.is_missing() && fold(&value.display()) == fold(word))
    };
    words.iter().all(holds)
}

/// Tells whether a part of a key is what a person wrote.
pub(super) fn is_word(part: &KeyPart, word: &str) -> bool {
    match part {
        KeyPart::Missing => false,
        KeyPart::Bool(truth) => truth.to_string() == word,
        KeyPart::Int(number) => number.to_string() == word,
        KeyPart::Text(text) | KeyPart::Other(text) => fold(text) == fold(word),
        KeyPart::Ip(ip) => ip.to_string() == word,
    }
}
