//! A chain whose plain steps are all bound: what else stands in its way.
//!
//! Apart from seeking because everything is asked here that only a whole match can answer.

use std::sync::Arc;

use muster_lang::ir::{Element, StepId, StepKind};
use muster_lang::units::Timestamp;

use super::Obstacle;
use super::replay::is_word;
use super::seek::Seek;
use crate::event::Event;
use crate::key::{Key, KeyPart};
use crate::machine::absence;
use crate::machine::state::{Breaker, KeyState};
use crate::machine::windows::{fits_windows, steps_of};
use crate::predicate::Bound;

impl Seek<'_> {
    /// Every plain step is bound: asks everything else.
    pub(super) fn settle(&mut self, index: usize, after: u64) {
        let rule = self.replay.machine.plan().rule();
        let ends_in_group = match rule.elements.last() {
            Some(Element::Group(_)) => true,
            Some(Element::Set { members, .. }) => members
                .iter()
                .any(|step| matches!(rule.steps[*step].kind, StepKind::Group(_))),
            Some(Element::One(_)) | None => false,
        };
        if !ends_in_group {
            let last = self
                .bound
                .iter()
                .flat_map(|bound| bound.events())
                .max_by_key(|event| event.position)
                .cloned();
            if let Some(last) = last {
                self.complete(index, &last);
            }
            return;
        }
        let last: u64 = rule
            .elements
            .last()
            .map(steps_of)
            .unwrap_or_default()
            .iter()
            .fold(0, |mask, step| mask | 1 << step.index());
        let kept = self.kept;
        let mut any = false;
        for candidate in kept
            .full
            .candidates
            .iter()
            .rev()
            .filter(|one| one.steps & last != 0)
        {
            if self.left == 0 || candidate.event.position < after {
                break;
            }
            any = true;
            self.complete(index, &candidate.event.clone());
        }
        if !any
            && let Some(step) = rule
                .elements
                .last()
                .map(steps_of)
                .and_then(|steps| steps.last())
        {
            self.no_members(*step, index);
        }
    }

    fn complete(&mut self, index: usize, completing: &Arc<Event>) {
        // Every try goes over what is kept.
        self.left = self
            .left
            .saturating_sub(1 + self.kept.full.candidates.len() as u64 / 4);
        let steps = self.steps_of(completing);
        let plain = self.bound.clone();
        if self.bind(completing, steps) {
            self.judge(index, completing, steps);
        } else {
            self.failing_group(index);
        }
        self.bound = plain;
    }

    fn steps_of(&self, event: &Event) -> u64 {
        let candidates = &self.kept.full.candidates;
        let at = candidates.binary_search_by_key(&event.position, |one| one.event.position);
        at.ok()
            .and_then(|at| candidates.get(at))
            .map_or(0, |one| one.steps)
    }

    /// Everything is bound: asks the conditions, the restart, the window and the absences.
    fn judge(&mut self, index: usize, completing: &Arc<Event>, steps: u64) {
        let plan = self.replay.machine.plan();
        let rule = plan.rule();
        let last = rule.elements.len().saturating_sub(1);
        if !fits_windows(rule, &self.bound) {
            let (took, within) = self.too_late(last, StepId(0), completing);
            let label = rule
                .steps
                .iter()
                .last()
                .map(|(_, step)| step.label.clone())
                .unwrap_or_default();
            self.note((index, 4, 0), |_| Obstacle::TooLate {
                step: label,
                event: completing.clone(),
                took,
                within,
            });
            return;
        }
        let decided = plan
            .conditions
            .iter()
            .filter(|one| one.after == last)
            .map(|one| (&one.condition, false));
        let members = rule.elements.iter().flat_map(|element| match element {
            Element::Set { members, .. } => members.as_slice(),
            Element::One(_) | Element::Group(_) => &[],
        });
        let own: Vec<(StepId, Arc<Event>)> = members
            .filter_map(|step| match self.bound.get(step.index()) {
                Some(Bound::One(event)) => Some((*step, event.clone())),
                Some(Bound::None | Bound::Many(_)) | None => None,
            })
            .collect();
        let of_sets = own.iter().find_map(|(step, event)| {
            let cross = plan
                .steps
                .get(step.index())?
                .cross
                .iter()
                .map(|one| (one, true));
            self.first_failing(cross, event)
        });
        if let Some((decided, _)) = of_sets.or_else(|| self.first_failing(decided, completing)) {
            self.note((index, 5, 0), |_| Obstacle::Condition {
                step: None,
                event: None,
                condition: decided.condition,
                words: decided.words,
            });
            return;
        }
        if let Some((stage, obstacle)) = self.last_words(completing, steps) {
            self.note((index, stage, 0), |_| obstacle);
        }
    }

    /// Returns what is in the way of a chain whose conditions all hold; nothing for a match.
    fn last_words(&self, completing: &Arc<Event>, steps: u64) -> Option<(u8, Obstacle)> {
        let plan = self.replay.machine.plan();
        let rule = plan.rule();
        let joined = Key(plan
            .joined
            .iter()
            .map(|at| {
                self.common(*at)
                    .into_iter()
                    .next()
                    .unwrap_or(KeyPart::Missing)
            })
            .collect());
        let has = |word: &String| {
            self.key
                .0
                .iter()
                .chain(&joined.0)
                .any(|part| is_word(part, word))
        };
        if !rule.key.components.is_empty() && !self.question.key.iter().all(has) {
            let name = rule
                .key
                .components
                .first()
                .map(|component| component.name.clone())
                .unwrap_or_default();
            return Some((2, Obstacle::Key { name }));
        }
        let events = || self.bound.iter().flat_map(|bound| bound.events());
        let state = self.state_at(completing);
        let restart = state.restart_of(&joined);
        if events().any(|event| event.position < restart) {
            let at = self
                .replay
                .finds
                .iter()
                .find(|find| find.completing.position == restart)
                .map_or(completing.time, |find| find.completing.time);
            return Some((6, Obstacle::UsedUp { at }));
        }
        let frame = self.kept.frames.get(&completing.position).copied();
        if let Some(from) = frame.filter(|from| events().any(|event| event.time < *from)) {
            return Some((6, Obstacle::Frame { from }));
        }
        let reader = self.reader();
        let mut loose = self.loose.clone();
        loose
            .breakers
            .retain(|one| one.event.position <= completing.position);
        let mut ground = self.ground(&reader, &state, completing, steps);
        ground.loose = &loose;
        if absence::waits(&ground, &self.bound, &joined).is_none() {
            return Some((7, self.broken(completing, steps, &joined)));
        }
        let is_found = self
            .replay
            .finds
            .iter()
            .any(|find| find.completing.position == completing.position);
        (!is_found)
            .then(|| {
                (
                    6,
                    Obstacle::Frame {
                        from: frame.unwrap_or(Timestamp(0)),
                    },
                )
            })
            .filter(|_| frame.is_some())
    }

    /// Finds the event that broke an absence: the one that breaks it alone.
    fn broken(&self, completing: &Arc<Event>, steps: u64, joined: &Key) -> Obstacle {
        let rule = self.replay.machine.plan().rule();
        let reader = self.reader();
        let (none, state) = (KeyState::default(), self.state_at(completing));
        let before = |one: &&Breaker| one.event.position <= completing.position;
        let breakers = self.kept.full.breakers.iter().chain(&self.loose.breakers);
        for breaker in breakers.filter(before) {
            for (at, what) in rule
                .absences
                .iter()
                .enumerate()
                .filter(|(at, _)| breaker.absences & (1 << at) != 0)
            {
                let mut only = breaker.clone();
                only.absences = 1 << at;
                let mut alone = state.clone();
                alone.breakers = [only].into();
                let mut ground = self.ground(&reader, &alone, completing, steps);
                ground.loose = &none;
                if absence::waits(&ground, &self.bound, joined).is_none() {
                    return Obstacle::Absence {
                        clause: what.text.clone(),
                        by: Some(breaker.event.clone()),
                    };
                }
            }
        }
        Obstacle::Absence {
            clause: rule
                .absences
                .first()
                .map(|absence| absence.text.clone())
                .unwrap_or_default(),
            by: None,
        }
    }
}
