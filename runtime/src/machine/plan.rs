//! How a rule runs: what is kept for how long, and when each condition can be decided.
//!
//! Apart from the search so that everything that depends on the rule alone is worked out once.

use std::sync::Arc;

use muster_lang::ir::needs::{Kept, Needs, absence_reach, element_of, split};
use muster_lang::ir::{
    AbsenceInterval, Condition, Element, Program, Rule, RuleId, StepId, StepKind,
};
use muster_lang::units::Duration;

use crate::machine::recall::Reads;

/// The most steps and absences of one rule: each has a bit in a mask.
pub const STEPS_MAX: usize = 60;

/// A compiled rule.
#[derive(Clone, Debug)]
pub struct Plan {
    /// The rule.
    pub id: RuleId,
    /// The program it belongs to.
    pub program: Arc<Program>,
    /// Its steps.
    pub steps: Vec<StepPlan>,
    /// Conditions over the whole match with the element after which they can be decided.
    pub conditions: Vec<Decidable>,
    /// Its absences.
    pub absences: Vec<AbsencePlan>,
    /// Key components that every step has: they choose the state.
    pub hashed: Vec<usize>,
    /// Key components that some steps lack: they are compared in the search.
    pub joined: Vec<usize>,
    /// For each element, how long before a completing event one of its events may lie.
    pub reach: Vec<Duration>,
    /// Whether one event alone decides.
    pub is_single: bool,
    /// Its memory reads.
    pub reads: Reads,
    /// The steps without which, kept before, no event completes it; one bit each.
    pub required: u64,
    /// What of a key is kept: a newer event may make older ones useless.
    pub kept: Kept,
}

/// A compiled step.
#[derive(Clone, Debug)]
pub struct StepPlan {
    /// Conditions over the candidate alone.
    pub local: Vec<Condition>,
    /// Conditions of the whole match that read this step alone, decided when its event comes.
    pub early: Vec<Condition>,
    /// Conditions that also read other steps.
    pub cross: Vec<Condition>,
    /// The element it belongs to.
    pub element: usize,
    /// Whether it is a group.
    pub is_group: bool,
}

/// A compiled absence.
#[derive(Clone, Debug)]
pub struct AbsencePlan {
    /// Conditions over the event alone.
    pub local: Vec<Condition>,
    /// Conditions that also read steps.
    pub cross: Vec<Condition>,
    /// Whether it has every hashed component of the key.
    pub is_hashed: bool,
    /// How long before the event at hand one that breaks it may lie.
    pub reach: Duration,
}

/// A condition with the element after which it can be decided.
#[derive(Clone, Debug)]
pub struct Decidable {
    /// The condition.
    pub condition: Condition,
    /// The last element it reads; conditions over groups or the whole match wait for the last.
    pub after: usize,
}

impl Plan {
    /// Compiles a rule, which must have at most [`STEPS_MAX`] steps and absences.
    #[must_use]
    pub fn new(program: &Arc<Program>, id: RuleId) -> Self {
        let rule = &program.rules[id];
        let needs = Needs::of(program, rule);
        let steps = rule
            .steps
            .iter()
            .map(|(step, _)| step_plan(program, rule, step, &needs.early))
            .collect();
        let conditions = decidable(program, rule, needs.whole);
        let absences = rule
            .absences
            .iter()
            .map(|absence| {
                let (local, cross) = split(program, &absence.conditions);
                let is_hashed = needs
                    .hashed
                    .iter()
                    .all(|at| absence.key.get(*at).is_some_and(Option::is_some));
                AbsencePlan {
                    local,
                    cross,
                    is_hashed,
                    reach: absence_reach(rule, &needs.reach, absence.interval),
                }
            })
            .collect();
        Self {
            id,
            program: program.clone(),
            is_single: needs.kept == Kept::Nothing,
            kept: needs.kept,
            steps,
            conditions,
            absences,
            hashed: needs.hashed,
            joined: needs.joined,
            reads: Reads::of(program, rule),
            required: required(rule),
            reach: needs.reach,
        }
    }

    /// Returns the rule.
    #[must_use]
    pub fn rule(&self) -> &Rule {
        &self.program.rules[self.id]
    }

    /// Tells whether a match can wait for a deadline: some absence looks past its events.
    #[must_use]
    pub fn has_deadlines(&self) -> bool {
        self.rule().absences.iter().any(|absence| {
            matches!(
                absence.interval,
                AbsenceInterval::Around { after: Some(_), .. }
            )
        })
    }

    /// Returns how long before now an event of the steps in a mask may still matter.
    #[must_use]
    pub fn reach_of(&self, steps: u64) -> Duration {
        let bits = self
            .steps
            .iter()
            .enumerate()
            .filter(|(bit, _)| steps & (1 << bit) != 0);
        bits.filter_map(|(_, step)| self.reach.get(step.element))
            .copied()
            .max()
            .unwrap_or_default()
    }
}

/// Returns the steps before the last element that must be kept for a match; none where order is loose.
fn required(rule: &Rule) -> u64 {
    if rule.tolerate.is_some() {
        return 0;
    }
    let before = rule.elements.iter().rev().skip(1);
    before.fold(0, |mask, element| match element {
        Element::One(step) | Element::Group(step) => mask | 1 << step.index(),
        Element::Set { .. } => mask,
    })
}

fn step_plan(
    program: &Program,
    rule: &Rule,
    step: StepId,
    early: &[(StepId, Condition)],
) -> StepPlan {
    let (local, cross) = split(program, &rule.steps[step].conditions);
    let is_group = matches!(rule.steps[step].kind, StepKind::Group(_));
    let of_step = early.iter().filter(|(of, _)| *of == step);
    StepPlan {
        local,
        early: of_step.map(|(_, condition)| condition.clone()).collect(),
        cross,
        element: element_of(rule, step),
        is_group,
    }
}

fn decidable(program: &Program, rule: &Rule, whole: Vec<Condition>) -> Vec<Decidable> {
    let last = rule.elements.len().saturating_sub(1);
    let has_groups = rule
        .elements
        .iter()
        .any(|element| !matches!(element, Element::One(_)));
    let after = |condition: &Condition| {
        if has_groups || rule.tolerate.is_some() || program.reads_match(condition.expr) {
            return last;
        }
        let steps = program.steps_read(condition.expr);
        steps
            .into_iter()
            .map(|step| element_of(rule, step))
            .max()
            .unwrap_or(last)
    };
    let conditions = whole.into_iter();
    conditions
        .map(|condition| Decidable {
            after: after(&condition),
            condition,
        })
        .collect()
}
