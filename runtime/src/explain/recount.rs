//! Matches retold: the chain, the values of every condition, and what became of it.
//!
//! Apart from alerts, which tell only what held, and only of matches that were raised.

use std::sync::Arc;

use muster_lang::ir::{Condition, StepKind, WindowKind};
use muster_lang::units::Timestamp;

use super::decide::decide;
use super::replay::{Find, Replay, is_about, is_word};
use super::words::{bonds, span};
use super::{Bond, Decided, Stream};
use crate::event::Event;
use crate::machine::recall::MatchReader;
use crate::machine::state::KeyState;
use crate::machine::windows::events_of;
use crate::memory::LiveReader;
use crate::predicate::{Bound, Scope, Truth};

/// What became of a match.
#[derive(Clone, Debug)]
pub enum Fate {
    /// It stood: an alert, unless it was suppressed.
    Stood,
    /// It waited till a deadline, and nothing broke it.
    Waited(Timestamp),
    /// It was broken while it waited.
    Broken {
        /// By which event.
        by: Arc<Event>,
        /// The deadline it waited for.
        until: Timestamp,
    },
}

/// A match with all that decided it.
#[derive(Clone, Debug)]
pub struct Told {
    /// The event that completed it.
    pub completing: Arc<Event>,
    /// Its steps.
    pub chain: Vec<Bond>,
    /// Its conditions, bounds in time and absences.
    pub decided: Vec<Decided>,
    /// What became of it.
    pub fate: Fate,
}

/// Retells every match of a replay.
pub(super) fn matches(stream: &Stream<'_>, words: &[String], replay: &Replay) -> Vec<Told> {
    let plan = replay.machine.plan();
    let is_asked = |find: &&Find| {
        let has = |word: &String| {
            find.key
                .0
                .iter()
                .chain(&find.found.joined.0)
                .any(|part| is_word(part, word))
        };
        is_about(stream, plan, words, &find.completing)
            && (plan.rule().key.components.is_empty() || words.iter().all(has))
    };
    replay
        .finds
        .iter()
        .filter(is_asked)
        .map(|find| told(stream, replay, find))
        .collect()
}

fn told(stream: &Stream<'_>, replay: &Replay, find: &Find) -> Told {
    let rule = replay.machine.plan().rule();
    let bound = &find.found.bound;
    let until = find.waits_until;
    Told {
        completing: find.completing.clone(),
        chain: bonds(rule, bound),
        decided: decided(stream, replay, find),
        fate: match (&find.broken_by, until) {
            (Some(by), until) => Fate::Broken {
                by: by.clone(),
                until: until.unwrap_or(by.time),
            },
            (None, Some(until)) => Fate::Waited(until),
            (None, None) => Fate::Stood,
        },
    }
}

fn decided(stream: &Stream<'_>, replay: &Replay, find: &Find) -> Vec<Decided> {
    let plan = replay.machine.plan();
    let rule = plan.rule();
    let bound = &find.found.bound;
    let none = KeyState::default();
    let kept = replay.states.get(&find.key);
    let state = kept.map_or(&none, |kept| &kept.full);
    let loose = kept
        .and_then(|kept| replay.loose.get(&kept.loose_key))
        .unwrap_or(&none);
    let reader = MatchReader {
        live: LiveReader {
            memories: &replay.memories,
            evaluator: stream.evaluator,
        },
        state,
        loose,
        now: u64::MAX,
    };
    let scope = Scope {
        bindings: Some((rule, bound)),
        memories: Some(&reader),
        ..Scope::default()
    };
    let mut all = Vec::new();
    for (step, what) in rule.steps.iter() {
        let of_step = bound.get(step.index()).and_then(Bound::last);
        let Some(last) = of_step else { continue };
        let scope = Scope {
            this: Some(last),
            ..scope
        };
        all.extend(
            what.conditions
                .iter()
                .map(|one| decide(stream, one, &scope)),
        );
        if let StepKind::Group(group) = &what.kind {
            all.extend(
                group
                    .conditions
                    .iter()
                    .map(|one| decide(stream, one, &scope)),
            );
        }
    }
    all.extend(
        rule.conditions
            .iter()
            .map(|one: &Condition| decide(stream, one, &scope)),
    );
    all.extend(windows(replay, bound));
    all.extend(rule.absences.iter().map(|absence| Decided {
        condition: absence.text.clone(),
        holds: find.broken_by.is_none(),
        truth: Truth::True,
        operands: Vec::new(),
        words: match &find.broken_by {
            Some(by) => format!("broken by {}", by.id),
            None => "nothing broke it".into(),
        },
    }));
    all
}

/// Returns how long each bounded part of a match took.
fn windows(replay: &Replay, bound: &[Bound]) -> Vec<Decided> {
    let rule = replay.machine.plan().rule();
    let took = |window: &muster_lang::ir::Window| {
        let times = || events_of(rule, bound, window.first, window.last).map(|event| event.time);
        let (first, last) = (times().min()?, times().max()?);
        let first = match window.kind {
            WindowKind::Span => first,
            WindowKind::Gap => {
                let before = window.first.checked_sub(1)?;
                events_of(rule, bound, before, before)
                    .map(|event| event.time)
                    .max()?
            }
        };
        Some(last.since(first))
    };
    let word = |window: &muster_lang::ir::Window| match window.kind {
        WindowKind::Span => format!("within {}", span(window.within)),
        WindowKind::Gap => format!("then within {}", span(window.within)),
    };
    let told = rule.windows.iter().filter_map(|window| {
        let took = took(window)?;
        Some(Decided {
            condition: word(window).into(),
            holds: took <= window.within,
            truth: Truth::True,
            operands: Vec::new(),
            words: format!("took {}", span(took)),
        })
    });
    told.collect()
}
