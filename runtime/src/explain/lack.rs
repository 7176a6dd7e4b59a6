//! A place in a chain that no event fills, or a group before it that is too small.
//!
//! Apart from seeking because it looks at what is not there.

use std::sync::Arc;

use muster_lang::ir::{Element, OnMatch, StepId, StepKind};
use muster_lang::units::Timestamp;

use super::decide::decide;
use super::seek::Seek;
use super::{Failed, Obstacle};
use crate::event::Event;
use crate::machine::group;
use crate::machine::recall::MatchReader;
use crate::machine::search::Ground;
use crate::machine::slots::Slot;
use crate::machine::state::KeyState;
use crate::predicate::{Bound, Scope};

/// How many events that came near are told.
const NEAR_SHOWN: usize = 3;

impl Seek<'_> {
    /// Notes that no event fits a place; of a group before it, how far that came.
    pub(super) fn lacks(&mut self, slot: &Slot, index: usize, after: u64, others_fit: bool) {
        if !others_fit && self.group_before(slot, index, after) {
            return;
        }
        let rule = self.replay.machine.plan().rule();
        let Some(step) = slot
            .choices
            .iter()
            .find(|step| matches!(self.bound.get(step.index()), Some(Bound::None)))
        else {
            return;
        };
        let what = &rule.steps[*step];
        let anchor = self
            .bound
            .iter()
            .flat_map(|bound| bound.events())
            .max_by_key(|event| event.position)
            .cloned();
        let windows = rule
            .windows
            .iter()
            .filter(|window| (window.first..=window.last).contains(&slot.element));
        let within = windows
            .map(|window| window.within)
            .min()
            .filter(|_| anchor.is_some());
        let near = self.near(*step, after);
        if others_fit && near.is_empty() {
            return;
        }
        let key = self.question.key.join(", ");
        let class = self.stream.evaluator.program().classes[what.class]
            .name
            .clone();
        let label = what.label.clone();
        self.note((index, 0, i64::from(!near.is_empty())), |_| {
            Obstacle::NoEvent {
                step: label,
                class,
                key,
                after: anchor,
                within,
                near,
            }
        });
    }

    fn near(&self, step: StepId, after: u64) -> Vec<Failed> {
        let near = self
            .replay
            .near
            .iter()
            .filter(|(of, failed)| *of == step && failed.event.position > after);
        near.map(|(_, failed)| failed.clone())
            .take(NEAR_SHOWN)
            .collect()
    }

    /// Looks at groups that stand before a place which nothing fills; tells whether one is in the way.
    fn group_before(&mut self, slot: &Slot, index: usize, after: u64) -> bool {
        let rule = self.replay.machine.plan().rule();
        let groups: Vec<StepId> = rule
            .elements
            .iter()
            .take(slot.element)
            .filter_map(|element| match element {
                Element::Group(step) => Some(*step),
                Element::One(_) | Element::Set { .. } => None,
            })
            .collect();
        let Some(step) = groups
            .last()
            .copied()
            .filter(|step| matches!(self.bound.get(step.index()), Some(Bound::None)))
        else {
            return false;
        };
        let kept = self.kept;
        let mut is_in_the_way = true;
        for candidate in kept
            .full
            .candidates
            .iter()
            .rev()
            .filter(|one| one.steps & (1 << step.index()) != 0)
        {
            self.left = self
                .left
                .saturating_sub(1 + kept.full.candidates.len() as u64 / 4);
            if self.left == 0 || candidate.event.position <= after {
                break;
            }
            let plain = self.bound.clone();
            if self.bind(&candidate.event, candidate.steps) {
                is_in_the_way = false;
                // What stands behind the group is what lacks, seen from here.
                self.bound = plain;
                break;
            }
            self.failing_group(index);
            self.bound = plain;
        }
        if kept
            .full
            .candidates
            .iter()
            .all(|one| one.steps & (1 << step.index()) == 0)
        {
            self.no_members(step, index);
        }
        is_in_the_way
    }

    pub(super) fn no_members(&mut self, step: StepId, index: usize) {
        let rule = self.replay.machine.plan().rule();
        let what = &rule.steps[step];
        let class = self.stream.evaluator.program().classes[what.class]
            .name
            .clone();
        let near = self.near(step, 0);
        let (label, key) = (what.label.clone(), self.question.key.join(", "));
        self.note((index, 0, 0), |_| Obstacle::NoEvent {
            step: label,
            class,
            key,
            after: None,
            within: None,
            near,
        });
    }

    /// Binds the groups as if an event completed the match; tells whether all of them hold.
    pub(super) fn bind(&mut self, completing: &Arc<Event>, steps: u64) -> bool {
        let mut bound = self.bound.clone();
        let state = self.state_at(completing);
        let holds = {
            let reader = self.reader();
            let ground = self.ground(&reader, &state, completing, steps);
            let groups = group::taking_part(ground.plan.rule(), self.left_out);
            bind_groups(&ground, &mut bound, &groups)
        };
        self.bound = bound;
        holds
    }

    /// Returns the state that a search at an event sees: what came before it, the restart that stood then.
    pub(super) fn state_at(&self, completing: &Event) -> KeyState {
        let before =
            self.replay.finds.iter().filter(|find| {
                find.key == *self.key && find.completing.position < completing.position
            });
        let restarts = self.replay.machine.plan().rule().on_match == OnMatch::Restart;
        let full = &self.kept.full;
        let mut state = KeyState {
            candidates: full
                .candidates
                .iter()
                .take_while(|one| one.event.position < completing.position)
                .cloned()
                .collect(),
            breakers: full
                .breakers
                .iter()
                .take_while(|one| one.event.position <= completing.position)
                .cloned()
                .collect(),
            ..KeyState::default()
        };
        for find in before.filter(|_| restarts) {
            state.restart(&find.found.joined, find.completing.position);
        }
        state
    }

    pub(super) fn ground<'g>(
        &'g self,
        reader: &'g MatchReader<'g>,
        state: &'g KeyState,
        completing: &'g Arc<Event>,
        steps: u64,
    ) -> Ground<'g> {
        Ground {
            plan: self.replay.machine.plan(),
            evaluator: self.stream.evaluator,
            options: self.stream.options,
            memories: Some(reader),
            key: self.key,
            state,
            loose: &self.loose,
            completing,
            steps,
            not_before: self.kept.frames.get(&completing.position).copied(),
        }
    }

    /// Notes the group that is too small.
    pub(super) fn failing_group(&mut self, index: usize) {
        let rule = self.replay.machine.plan().rule();
        let mut found = None;
        {
            let reader = self.reader();
            let scope = Scope {
                bindings: Some((rule, &self.bound)),
                memories: Some(&reader),
                ..Scope::default()
            };
            for (step, what) in rule.steps.iter() {
                let (StepKind::Group(group), Some(Bound::Many(members))) =
                    (&what.kind, self.bound.get(step.index()))
                else {
                    continue;
                };
                let failing = group
                    .conditions
                    .iter()
                    .find(|one| !self.stream.evaluator.holds(one, &scope));
                if let Some(condition) = failing {
                    let decided = decide(self.stream, condition, &scope);
                    found = Some((what.label.clone(), members.clone(), decided));
                    break;
                }
            }
        }
        if let Some((step, members, decided)) = found {
            let size = i64::try_from(members.len()).unwrap_or(i64::MAX);
            self.note((index, 4, size), |_| Obstacle::Group {
                step,
                members,
                condition: decided.condition,
                words: decided.words,
            });
        }
    }
}

/// Binds groups in the order written, each at its ends from the last on where it may end before what
/// follows it; those that fail stay bound as they were tried first.
fn bind_groups(ground: &Ground<'_>, bound: &mut Vec<Bound>, groups: &[(usize, StepId)]) -> bool {
    let Some((group, others)) = groups.split_first() else {
        return true;
    };
    let (element, step) = *group;
    let mut end = Timestamp(i64::MAX);
    let mut first = None;
    loop {
        let members = group::members(ground, bound, *group, end);
        let last = members.last().map(|event| event.time);
        if let Some(place) = bound.get_mut(step.index()) {
            *place = Bound::Many(members);
        }
        if last.is_some() && group::conditions_hold(ground, bound, step) {
            let mut tried = bound.clone();
            if bind_groups(ground, &mut tried, others) {
                *bound = tried;
                return true;
            }
            first = first.or(Some(tried));
        }
        first = first.or_else(|| Some(bound.clone()));
        let free = group::has_free_end(ground.plan.rule(), element);
        match last.filter(|_| free) {
            Some(last) => end = last,
            None => break,
        }
        if let Some(place) = bound.get_mut(step.index()) {
            *place = Bound::None;
        }
    }
    if let Some(first) = first {
        *bound = first;
    }
    false
}
