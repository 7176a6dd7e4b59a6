//! Which match: the chain whose first step is latest, then whose second is, and so on.
//!
//! Apart from the machine because it only reads state. Plain steps are bound newest first, step by
//! step, so the first chain that holds is the one wanted; groups follow from the plain steps around
//! them. Rules with sets or with `tolerate` are enumerated and compared by rank.

use std::cmp::Reverse;
use std::sync::Arc;

use muster_lang::ir::{Condition, Element, Rule, StepId};
use muster_lang::units::Timestamp;

use crate::event::Event;
use crate::key::{Key, KeyPart, key_value, parts, term};
use crate::machine::absence;
use crate::machine::group;
use crate::machine::plan::Plan;
use crate::machine::slots::{Slot, layouts};
use crate::machine::state::{Candidate, KeyState, Wait};
use crate::machine::windows::{fits_windows, steps_of};
use crate::options::Options;
use crate::predicate::{Bound, Evaluator, MemoryReader, Scope};

/// What a search looks through.
#[derive(Clone, Copy)]
pub struct Ground<'a> {
    /// The rule.
    pub plan: &'a Plan,
    /// How expressions are evaluated.
    pub evaluator: &'a Evaluator,
    /// The limits.
    pub options: &'a Options,
    /// The memories.
    pub memories: Option<&'a dyn MemoryReader>,
    /// The key the state belongs to.
    pub key: &'a Key,
    /// The state.
    pub state: &'a KeyState,
    /// Events that break absences but have no hashed key.
    pub loose: &'a KeyState,
    /// The event that completes.
    pub completing: &'a Arc<Event>,
    /// The steps it fits by itself.
    pub steps: u64,
    /// No event of a match may be earlier.
    pub not_before: Option<Timestamp>,
}

/// A match that was found.
#[derive(Clone, Debug)]
pub struct Found {
    /// What each step is bound to.
    pub bound: Vec<Bound>,
    /// The values of the joined components of the key.
    pub joined: Key,
    /// The absences that can still be broken.
    pub waits: Vec<Wait>,
    rank: Rank,
}

/// What a search came to.
#[derive(Clone, Debug, Default)]
pub struct Outcome {
    /// The matches, at most one for each joined key.
    pub found: Vec<Found>,
    /// Whether the limit on chains stopped it.
    pub is_cut: bool,
}

/// Returns the matches that the completing event completes.
#[must_use]
pub fn search(ground: &Ground<'_>) -> Outcome {
    let mut search = Search::new(ground);
    for layout in layouts(ground.plan.rule()) {
        search.left_out = layout.left_out;
        search.fill(&layout.slots, 0, 0);
        if search.is_done() {
            break;
        }
    }
    Outcome {
        found: search.found,
        is_cut: search.chains_left == 0,
    }
}

struct Search<'a, 'b> {
    ground: &'b Ground<'a>,
    bound: Vec<Bound>,
    found: Vec<Found>,
    chains_left: u64,
    /// The members of `N of` that take no part, one bit each.
    left_out: u64,
    /// Whether the first chain that holds is the one wanted.
    first_wins: bool,
}

impl<'a, 'b> Search<'a, 'b> {
    fn new(ground: &'b Ground<'a>) -> Self {
        let rule = ground.plan.rule();
        let has_set = rule
            .elements
            .iter()
            .any(|element| matches!(element, Element::Set { .. }));
        Self {
            ground,
            bound: vec![Bound::None; rule.steps.len()],
            found: Vec::new(),
            chains_left: ground.options.chains_per_event_max,
            left_out: 0,
            first_wins: !has_set && rule.tolerate.is_none(),
        }
    }

    fn is_done(&self) -> bool {
        let one_key = self.ground.plan.joined.is_empty();
        self.chains_left == 0 || (self.first_wins && one_key && !self.found.is_empty())
    }

    /// Fills the slots from `index` on; the event before stands at position `after`.
    fn fill(&mut self, slots: &[Slot], index: usize, after: u64) {
        let Some(slot) = slots.get(index) else {
            return self.settle();
        };
        if slot.is_pinned {
            let completing = self.ground.completing.clone();
            return self.try_event(slots, index, after, &completing, self.ground.steps);
        }
        let state = self.ground.state;
        let oldest = self.oldest(slot);
        for candidate in state.candidates.iter().rev() {
            if self.is_done() || candidate.event.time < oldest {
                return;
            }
            if !self.may_follow(candidate, after) {
                continue;
            }
            self.try_event(slots, index, after, &candidate.event, candidate.steps);
        }
    }

    /// Returns the earliest time at which an event of a slot can be part of a match.
    fn oldest(&self, slot: &Slot) -> Timestamp {
        let reach = self
            .ground
            .plan
            .reach
            .get(slot.element)
            .copied()
            .unwrap_or_default();
        let oldest = self.ground.completing.time.minus(reach);
        self.ground
            .not_before
            .map_or(oldest, |first| oldest.max(first))
    }

    fn may_follow(&self, candidate: &Candidate, after: u64) -> bool {
        let position = candidate.event.position;
        let in_order = position > after || self.ground.plan.rule().tolerate.is_some();
        in_order && position < self.ground.completing.position
    }

    fn try_event(
        &mut self,
        slots: &[Slot],
        index: usize,
        after: u64,
        event: &Arc<Event>,
        steps: u64,
    ) {
        let Some(slot) = slots.get(index) else { return };
        let tolerates = self.ground.plan.rule().tolerate.is_some();
        if event.position <= after && !tolerates {
            return;
        }
        for step in &slot.choices {
            let is_free = matches!(self.bound.get(step.index()), Some(Bound::None));
            if !is_free || steps & (1 << step.index()) == 0 || self.is_bound(event) {
                continue;
            }
            self.chains_left = self.chains_left.saturating_sub(1);
            self.set(*step, Bound::One(event.clone()));
            if self.fits_so_far(slot.element, *step, event) {
                self.fill(slots, index + 1, event.position);
            }
            self.set(*step, Bound::None);
            if self.is_done() {
                return;
            }
        }
    }

    fn set(&mut self, step: StepId, bound: Bound) {
        if let Some(place) = self.bound.get_mut(step.index()) {
            *place = bound;
        }
    }

    fn is_bound(&self, event: &Arc<Event>) -> bool {
        is_bound(&self.bound, event)
    }

    /// Tells whether what is bound can still become a match.
    fn fits_so_far(&self, element: usize, step: StepId, event: &Arc<Event>) -> bool {
        let plan = self.ground.plan;
        let rule = plan.rule();
        if !self.is_in_order(step, event) || !fits_windows(rule, &self.bound) || !self.joins_agree()
        {
            return false;
        }
        let is_set = matches!(rule.elements.get(element), Some(Element::Set { .. }));
        let own = plan
            .steps
            .get(step.index())
            .filter(|_| !is_set)
            .map(|step| step.cross.as_slice());
        if !own
            .unwrap_or_default()
            .iter()
            .all(|condition| self.holds(condition, Some(event)))
        {
            return false;
        }
        let last = rule.elements.len() - 1;
        let decided = plan
            .conditions
            .iter()
            .filter(|one| one.after == element && element != last);
        decided
            .map(|one| &one.condition)
            .all(|condition| self.holds(condition, None))
    }

    /// Tells whether a step follows the one before it closely enough where order is tolerated.
    fn is_in_order(&self, step: StepId, event: &Arc<Event>) -> bool {
        let Some(tolerate) = self.ground.plan.rule().tolerate else {
            return true;
        };
        let Some(before) = step.index().checked_sub(1) else {
            return true;
        };
        match self.bound.get(before) {
            Some(Bound::One(earlier)) => {
                event.position > earlier.position || earlier.time.since(event.time) <= tolerate
            }
            Some(Bound::None | Bound::Many(_)) | None => true,
        }
    }

    fn holds(&self, condition: &Condition, this: Option<&Arc<Event>>) -> bool {
        let scope = Scope {
            this: this.map(|event| &**event),
            bindings: Some((self.ground.plan.rule(), &self.bound)),
            memories: self.ground.memories,
            ..Scope::default()
        };
        self.ground.evaluator.holds(condition, &scope)
    }

    fn joins_agree(&self) -> bool {
        self.ground
            .plan
            .joined
            .iter()
            .all(|component| !self.joined_values(*component).is_empty())
    }

    /// Returns the values of a joined component that all bound steps have in common.
    fn joined_values(&self, component: usize) -> Vec<KeyPart> {
        let rule = self.ground.plan.rule();
        let Some(component) = rule.key.components.get(component) else {
            return Vec::new();
        };
        let mut common: Option<Vec<KeyPart>> = None;
        for (step, bound) in self.bound.iter().enumerate() {
            let (Bound::One(event), Some(expr)) = (bound, term(component, StepId::from(step)))
            else {
                continue;
            };
            let value = key_value(self.ground.evaluator, expr, event);
            let values = parts(&value, component.exact, self.ground.options.key_values_max);
            let values: Vec<KeyPart> = values.into_iter().map(|(part, _)| part).collect();
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

    /// Every plain step is bound: works out the groups, then decides everything else.
    fn settle(&mut self) {
        let groups = group::taking_part(self.ground.plan.rule(), self.left_out);
        self.bind_groups(&groups);
        for (_, step) in groups {
            self.set(step, Bound::None);
        }
    }

    /// Binds groups one after the other; tells whether they are part of a match.
    ///
    /// A group that may end earlier is tried at each of its ends, the latest first.
    fn bind_groups(&mut self, groups: &[(usize, StepId)]) -> bool {
        let Some((group @ (element, step), others)) = groups.split_first() else {
            return self.is_match() && self.keep();
        };
        let mut end = Timestamp::MAX;
        while self.chains_left > 0 {
            let members = group::members(self.ground, &self.bound, *group, end);
            let Some(last) = members.last().map(|event| event.time) else {
                break;
            };
            self.chains_left = self.chains_left.saturating_sub(members.len() as u64);
            self.set(*step, Bound::Many(members));
            if group::conditions_hold(self.ground, &self.bound, *step) && self.bind_groups(others) {
                return true;
            }
            self.set(*step, Bound::None);
            if !group::has_free_end(self.ground.plan.rule(), *element) {
                break;
            }
            end = last;
        }
        false
    }

    fn is_match(&self) -> bool {
        let plan = self.ground.plan;
        let rule = plan.rule();
        let last = rule.elements.len() - 1;
        is_bound(&self.bound, self.ground.completing)
            && fits_windows(rule, &self.bound)
            && self.set_conditions_hold(rule)
            && plan
                .conditions
                .iter()
                .filter(|one| one.after == last)
                .all(|one| self.holds(&one.condition, None))
    }

    /// Tells whether the members of sets, which wait for each other, satisfy their conditions.
    fn set_conditions_hold(&self, rule: &Rule) -> bool {
        let members = rule.elements.iter().filter_map(|element| match element {
            Element::Set { members, .. } => Some(members),
            Element::One(_) | Element::Group(_) => None,
        });
        members
            .flatten()
            .all(|step| match self.bound.get(step.index()) {
                Some(Bound::One(event)) => {
                    self.ground.plan.steps.get(step.index()).is_none_or(|plan| {
                        plan.cross
                            .iter()
                            .all(|condition| self.holds(condition, Some(event)))
                    })
                }
                Some(Bound::None | Bound::Many(_)) | None => true,
            })
    }

    /// Keeps the match for each joined key under which it is better than the one known; tells whether
    /// any has one.
    fn keep(&mut self) -> bool {
        let mut is_kept = false;
        let rank = Rank::of(self.ground.plan.rule(), &self.bound);
        for joined in self.joined_keys() {
            if !self.is_after_restart(&joined) {
                continue;
            }
            let known = self.found.iter().position(|found| found.joined == joined);
            let better = known
                .and_then(|at| self.found.get(at))
                .is_none_or(|found| !self.first_wins && rank > found.rank);
            if !better {
                is_kept = true;
                continue;
            }
            let Some(waits) = absence::waits(self.ground, &self.bound, &joined) else {
                continue;
            };
            let found = Found {
                bound: self.bound.clone(),
                joined,
                waits,
                rank: rank.clone(),
            };
            is_kept = true;
            match known.and_then(|at| self.found.get_mut(at)) {
                Some(place) => *place = found,
                None => self.found.push(found),
            }
        }
        is_kept
    }

    fn joined_keys(&self) -> Vec<Key> {
        let mut keys: Vec<Vec<KeyPart>> = vec![Vec::new()];
        for component in &self.ground.plan.joined {
            let values = self.joined_values(*component);
            keys = keys
                .iter()
                .flat_map(|key| {
                    values.iter().map(|value| {
                        let mut key = key.clone();
                        key.push(value.clone());
                        key
                    })
                })
                .take(self.ground.options.key_values_max)
                .collect();
        }
        keys.into_iter().map(|key| Key(key.into())).collect()
    }

    fn is_after_restart(&self, joined: &Key) -> bool {
        let restart = self.ground.state.restart_of(joined);
        restart == 0
            || self.bound.iter().all(|bound| match bound {
                Bound::None => true,
                Bound::One(event) => event.position >= restart,
                Bound::Many(events) => events.iter().all(|event| event.position >= restart),
            })
    }
}

/// Tells whether a match holds an event.
#[must_use]
pub fn is_bound(bound: &[Bound], event: &Arc<Event>) -> bool {
    bound.iter().any(|bound| match bound {
        Bound::None => false,
        Bound::One(one) => one.position == event.position,
        Bound::Many(many) => many.iter().any(|one| one.position == event.position),
    })
}

/// What matches are compared by: the greater one is told.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Rank {
    /// The tighter story: first step latest, then second, and so on; sets by their events in order.
    story: Vec<u64>,
    /// Of equal stories, that in which the steps written first take part …
    part: Vec<bool>,
    /// … and then that in which the plain steps written first take the earlier events.
    written: Vec<Reverse<u64>>,
}

impl Rank {
    fn of(rule: &Rule, bound: &[Bound]) -> Self {
        let position = |step: &StepId| match bound.get(step.index()) {
            Some(Bound::One(event)) => Some(event.position),
            Some(Bound::Many(events)) => events.last().map(|event| event.position),
            Some(Bound::None) | None => None,
        };
        let mut story = Vec::new();
        for element in &rule.elements {
            let mut positions: Vec<u64> = steps_of(element).iter().filter_map(position).collect();
            positions.sort_unstable();
            story.extend(positions);
        }
        let written = bound.iter().map(|bound| match bound {
            Bound::One(event) => event.position,
            // A group takes nothing: it follows from the plain steps.
            Bound::None | Bound::Many(_) => 0,
        });
        Self {
            story,
            part: bound
                .iter()
                .map(|bound| !matches!(bound, Bound::None))
                .collect(),
            written: written.map(Reverse).collect(),
        }
    }
}
