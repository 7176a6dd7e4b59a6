//! The partial chain that came nearest to a match, and what stood in its way.
//!
//! Apart from the engine's search, which gives up a chain at the first thing that fails: here that
//! thing is what is wanted. Windows, groups, absences and conditions are asked of the same code.

use std::sync::Arc;

use muster_lang::ir::{Element, StepId, WindowKind};
use muster_lang::units::Duration;

use super::decide::decide;
use super::replay::{Kept, Replay, is_wanted};
use super::words::bonds;
use super::{Bond, Obstacle, Question, Stream};
use crate::event::Event;
use crate::key::{Key, KeyPart, key_value, parts, term};
use crate::machine::recall::MatchReader;
use crate::machine::search::is_bound;
use crate::machine::slots::{Layout, Slot, layouts};
use crate::machine::state::{Candidate, KeyState};
use crate::machine::windows::{events_of, fits_windows};
use crate::memory::LiveReader;
use crate::predicate::{Bound, Scope};

/// The most events tried as a part of a chain.
const TRIES_MAX: u64 = 200_000;

/// A partial chain with what stood in its way.
#[derive(Clone, Debug)]
pub struct Nearest {
    /// The steps that are bound.
    pub chain: Vec<Bond>,
    /// What stood in the way.
    pub obstacle: Obstacle,
}

/// How far a chain came: places filled, then how much was asked of it, then how near it was.
type Rank = (usize, u8, i64);

/// Returns the chain that came nearest, and whether a limit cut the search.
pub(super) fn nearest(
    stream: &Stream<'_>,
    question: &Question<'_>,
    replay: &Replay,
) -> (Option<Nearest>, bool) {
    let none = Kept::default();
    let nothing = Key::default();
    let wanted = replay
        .states
        .iter()
        .filter(|(key, _)| is_wanted(replay.machine.plan(), key, question.key));
    let mut keys: Vec<(&Key, &Kept)> = wanted.collect();
    if keys.is_empty() {
        keys.push((&nothing, &none));
    }
    let mut best: Option<(Rank, Nearest)> = None;
    let mut left = TRIES_MAX;
    for (key, kept) in keys {
        let mut seek = Seek::new(stream, question, replay, (key, kept), left);
        for layout in layouts(replay.machine.plan().rule()) {
            seek.left_out = layout.left_out;
            seek.fill(&layout, 0, 0);
        }
        left = seek.left;
        if let Some(found) = seek
            .best
            .filter(|found| best.as_ref().is_none_or(|best| found.0 > best.0))
        {
            best = Some(found);
        }
    }
    (best.map(|(_, nearest)| nearest), left == 0)
}

pub(super) struct Seek<'a> {
    pub(super) stream: &'a Stream<'a>,
    pub(super) question: &'a Question<'a>,
    pub(super) replay: &'a Replay,
    pub(super) key: &'a Key,
    pub(super) kept: &'a Kept,
    pub(super) loose: KeyState,
    pub(super) bound: Vec<Bound>,
    pub(super) left_out: u64,
    pub(super) left: u64,
    pub(super) best: Option<(Rank, Nearest)>,
}

impl<'a> Seek<'a> {
    fn new(
        stream: &'a Stream<'a>,
        question: &'a Question<'a>,
        replay: &'a Replay,
        (key, kept): (&'a Key, &'a Kept),
        left: u64,
    ) -> Self {
        Self {
            bound: vec![Bound::None; replay.machine.plan().rule().steps.len()],
            loose: replay
                .loose
                .get(&kept.loose_key)
                .cloned()
                .unwrap_or_default(),
            left_out: 0,
            best: None,
            stream,
            question,
            replay,
            key,
            kept,
            left,
        }
    }

    pub(super) fn note(&mut self, rank: Rank, obstacle: impl FnOnce(&Self) -> Obstacle) {
        if self.best.as_ref().is_some_and(|(known, _)| *known >= rank) {
            return;
        }
        let chain = bonds(self.replay.machine.plan().rule(), &self.bound);
        let obstacle = obstacle(self);
        self.best = Some((rank, Nearest { chain, obstacle }));
    }

    fn fill(&mut self, layout: &Layout, index: usize, after: u64) {
        let Some(slot) = layout.slots.get(index) else {
            return self.settle(index, after);
        };
        let kept = self.kept;
        let tolerates = self.replay.machine.plan().rule().tolerate.is_some();
        let mut last = None;
        for candidate in kept.full.candidates.iter().rev() {
            let in_order = candidate.event.position > after || tolerates;
            if !in_order {
                break;
            }
            if self.left == 0 {
                return;
            }
            if self.try_one(layout, index, candidate) {
                last = last.max(Some(candidate.event.position));
            }
        }
        // Where some fit, those that came after them and do not are the news.
        self.lacks(slot, index, last.unwrap_or(after), last.is_some());
    }

    /// Tries an event in a place; tells whether it fits there by itself.
    fn try_one(&mut self, layout: &Layout, index: usize, candidate: &Candidate) -> bool {
        let Some(slot) = layout.slots.get(index) else {
            return false;
        };
        let mut any = false;
        for step in &slot.choices {
            let is_free = matches!(self.bound.get(step.index()), Some(Bound::None));
            if !is_free
                || candidate.steps & (1 << step.index()) == 0
                || is_bound(&self.bound, &candidate.event)
            {
                continue;
            }
            any = true;
            self.left = self.left.saturating_sub(1);
            if self.fits(slot, index, *step, &candidate.event) {
                self.set(*step, Bound::One(candidate.event.clone()));
                self.fill(layout, index + 1, candidate.event.position);
            }
            self.set(*step, Bound::None);
        }
        any
    }

    pub(super) fn set(&mut self, step: StepId, bound: Bound) {
        if let Some(place) = self.bound.get_mut(step.index()) {
            *place = bound;
        }
    }

    /// Tells whether an event can be a step of the chain; if not, notes why.
    fn fits(&mut self, slot: &Slot, index: usize, step: StepId, event: &Arc<Event>) -> bool {
        let plan = self.replay.machine.plan();
        let rule = plan.rule();
        self.set(step, Bound::One(event.clone()));
        let late = if fits_windows(rule, &self.bound) {
            None
        } else {
            Some(self.too_late(slot.element, step, event))
        };
        let apart = self.apart();
        let of_step = plan.steps.get(step.index());
        let is_set = matches!(rule.elements.get(slot.element), Some(Element::Set { .. }));
        let last = rule.elements.len().saturating_sub(1);
        let cross = of_step
            .filter(|_| !is_set)
            .map(|step| step.cross.as_slice())
            .unwrap_or_default();
        let decided = plan
            .conditions
            .iter()
            .filter(|one| one.after == slot.element && slot.element != last);
        let cross = cross.iter().map(|one| (one, true));
        let all = cross.chain(decided.map(|one| (&one.condition, false)));
        let failing = self.first_failing(all, event);
        self.set(step, Bound::None);
        let label = rule.steps[step].label.clone();
        if let Some((took, within)) = late {
            let nearness = within.0.saturating_sub(took.0);
            self.note((index, 1, nearness), |_| Obstacle::TooLate {
                step: label,
                event: event.clone(),
                took,
                within,
            });
            return false;
        }
        if let Some(name) = apart {
            self.note((index, 2, 0), |_| Obstacle::Key { name });
            return false;
        }
        if let Some((decided, is_own)) = failing {
            self.note((index, 3, 0), |_| Obstacle::Condition {
                step: is_own.then_some(label),
                event: is_own.then(|| event.clone()),
                condition: decided.condition,
                words: decided.words,
            });
            return false;
        }
        true
    }

    /// Returns by how much a bound in time is exceeded most narrowly told: the span and the bound.
    pub(super) fn too_late(
        &self,
        element: usize,
        step: StepId,
        event: &Event,
    ) -> (Duration, Duration) {
        let rule = self.replay.machine.plan().rule();
        let others = |window: &muster_lang::ir::Window| match window.kind {
            WindowKind::Span => events_of(rule, &self.bound, window.first, window.last)
                .map(|one| one.time)
                .min(),
            WindowKind::Gap => {
                let before = window.first.checked_sub(1)?;
                events_of(rule, &self.bound, before, before)
                    .map(|one| one.time)
                    .max()
            }
        };
        let holds =
            |window: &&muster_lang::ir::Window| (window.first..=window.last).contains(&element);
        let exceeded = rule.windows.iter().filter(holds).filter_map(|window| {
            let took = event.time.since(others(window)?);
            (took > window.within).then_some((took, window.within))
        });
        let _ = step;
        exceeded
            .min_by_key(|(_, within)| *within)
            .unwrap_or_default()
    }

    pub(super) fn reader(&self) -> MatchReader<'_> {
        MatchReader {
            live: LiveReader {
                memories: &self.replay.memories,
                evaluator: self.stream.evaluator,
            },
            state: &self.kept.full,
            loose: &self.loose,
            now: u64::MAX,
        }
    }

    pub(super) fn first_failing<'c>(
        &self,
        mut conditions: impl Iterator<Item = (&'c muster_lang::ir::Condition, bool)>,
        this: &Event,
    ) -> Option<(super::Decided, bool)> {
        let reader = self.reader();
        let scope = Scope {
            this: Some(this),
            bindings: Some((self.replay.machine.plan().rule(), &self.bound)),
            memories: Some(&reader),
            ..Scope::default()
        };
        let failing =
            conditions.find(|(condition, _)| !self.stream.evaluator.holds(condition, &scope));
        failing.map(|(condition, is_own)| (decide(self.stream, condition, &scope), is_own))
    }

    /// Returns the first component that the bound events have not in common.
    fn apart(&self) -> Option<Arc<str>> {
        let rule = self.replay.machine.plan().rule();
        let joined = self.replay.machine.plan().joined.iter();
        let mut components = joined.filter_map(|at| {
            rule.key
                .components
                .get(*at)
                .map(|component| (*at, component))
        });
        components
            .find(|(at, _)| self.common(*at).is_empty())
            .map(|(_, component)| component.name.clone())
    }

    /// Returns the values of a component that all bound steps have.
    pub(super) fn common(&self, at: usize) -> Vec<KeyPart> {
        let Some(component) = self.replay.machine.plan().rule().key.components.get(at) else {
            return Vec::new();
        };
        let mut common: Option<Vec<KeyPart>> = None;
        for (step, bound) in self.bound.iter().enumerate() {
            let (Bound::One(event), Some(expr)) = (bound, term(component, StepId::from(step)))
            else {
                continue;
            };
            let value = key_value(self.stream.evaluator, expr, event);
            let values: Vec<KeyPart> =
                parts(&value, component.exact, self.stream.options.key_values_max)
                    .into_iter()
                    .map(|(part, _)| part)
                    .collect();
            common = Some(match common {
                None => values,
                Some(known) => known
                    .into_iter()
                    .filter(|part| values.contains(part))
                    .collect(),
            });
        }
        common.unwrap_or_else(|| vec![KeyPart::Missing])
    }
}
