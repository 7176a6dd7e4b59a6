//! How a rule runs: what is kept for how long, and when each condition can be decided.
//!
//! Apart from the search so that everything that depends on the rule alone is worked out once.

use std::sync::Arc;

use muster_lang::ir::{
    AbsenceInterval, Condition, Element, Frame, Program, Rule, RuleId, StepId, StepKind, Window,
    WindowKind,
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
}

/// A compiled step.
#[derive(Clone, Debug)]
pub struct StepPlan {
    /// Conditions over the candidate alone.
    pub local: Vec<Condition>,
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
        let steps = rule
            .steps
            .iter()
            .map(|(step, _)| step_plan(program, rule, step))
            .collect();
        let reach = reaches(rule);
        let (hashed, joined) = split_key(rule);
        let absences = rule
            .absences
            .iter()
            .map(|absence| {
                let (local, cross) = split(program, &absence.conditions);
                let is_hashed = hashed
                    .iter()
                    .all(|at| absence.key.get(*at).is_some_and(Option::is_some));
                AbsencePlan {
                    local,
                    cross,
                    is_hashed,
                    reach: absence_reach(rule, &reach, absence.interval),
                }
            })
            .collect();
        Self {
            id,
            program: program.clone(),
            steps,
            conditions: decidable(program, rule),
            absences,
            hashed,
            joined,
            is_single: is_single(rule),
            reads: Reads::of(program, rule),
            required: required(rule),
            reach,
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

/// Returns the element a step belongs to.
#[must_use]
pub fn element_of(rule: &Rule, step: StepId) -> usize {
    let holds = |element: &Element| match element {
        Element::One(one) | Element::Group(one) => *one == step,
        Element::Set { members, .. } => members.contains(&step),
    };
    rule.elements.iter().position(holds).unwrap_or_default()
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

fn is_single(rule: &Rule) -> bool {
    matches!(rule.elements.as_slice(), [Element::One(_)]) && rule.absences.is_empty()
}

fn step_plan(program: &Program, rule: &Rule, step: StepId) -> StepPlan {
    let (local, cross) = split(program, &rule.steps[step].conditions);
    let is_group = matches!(rule.steps[step].kind, StepKind::Group(_));
    StepPlan {
        local,
        cross,
        element: element_of(rule, step),
        is_group,
    }
}

/// Splits conditions into those over one event and those that read steps or the match.
fn split(program: &Program, conditions: &[Condition]) -> (Vec<Condition>, Vec<Condition>) {
    let is_local = |condition: &&Condition| {
        program.steps_read(condition.expr).is_empty() && !program.reads_match(condition.expr)
    };
    let (local, cross): (Vec<_>, Vec<_>) = conditions.iter().partition(is_local);
    (
        local.into_iter().cloned().collect(),
        cross.into_iter().cloned().collect(),
    )
}

fn split_key(rule: &Rule) -> (Vec<usize>, Vec<usize>) {
    let steps = rule.steps.len();
    let components = rule.key.components.iter().enumerate();
    let (hashed, joined): (Vec<_>, Vec<_>) =
        components.partition(|(_, component)| component.terms.len() == steps);
    let index = |(index, _): (usize, _)| index;
    (
        hashed.into_iter().map(index).collect(),
        joined.into_iter().map(index).collect(),
    )
}

fn decidable(program: &Program, rule: &Rule) -> Vec<Decidable> {
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
    let conditions = rule.conditions.iter();
    conditions
        .map(|condition| Decidable {
            condition: condition.clone(),
            after: after(condition),
        })
        .collect()
}

/// Returns for each element how long before a completing event one of its events may lie.
///
/// Worked out backwards: what bounds the end of an element by elements after it, then what bounds
/// its first event by its end.
fn reaches(rule: &Rule) -> Vec<Duration> {
    let slack = rule.tolerate.unwrap_or_default();
    let frame = match &rule.frame {
        Some(Frame::Each { every, .. }) => *every,
        Some(Frame::Session { up_to, .. }) => *up_to,
        None => FOREVER,
    };
    let count = rule.elements.len();
    let mut ends: Vec<Duration> = vec![FOREVER; count];
    let mut reaches = vec![FOREVER; count];
    for element in (0..count).rev() {
        let end = if element + 1 == count {
            Duration(0)
        } else {
            end_reach(rule, element, &ends).min(frame)
        };
        let is_one = matches!(rule.elements.get(element), Some(Element::One(_)));
        let reach = if is_one {
            end
        } else {
            start_reach(rule, element, end, &ends).min(frame)
        };
        for (list, value) in [(&mut ends, end), (&mut reaches, reach)] {
            if let Some(slot) = list.get_mut(element) {
                *slot = value;
            }
        }
    }
    if rule.tolerate.is_some() {
        // Any step may complete, so any of them may lie as far back as the first.
        let first = reaches.iter().copied().max().unwrap_or_default();
        reaches.fill(first);
    }
    reaches
        .into_iter()
        .map(|reach| plus(reach, slack))
        .collect()
}

const FOREVER: Duration = Duration(i64::MAX);

fn plus(left: Duration, right: Duration) -> Duration {
    Duration(left.0.saturating_add(right.0))
}

/// Returns the bound from the last event of an element to the completing event.
fn end_reach(rule: &Rule, element: usize, ends: &[Duration]) -> Duration {
    let bounds = rule.windows.iter().filter(|window| {
        let follows = window.kind == WindowKind::Gap && window.first == element + 1;
        let spans = window.kind == WindowKind::Span && window.first <= element;
        window.last > element && (follows || spans)
    });
    let total = |window: &Window| {
        plus(
            window.within,
            ends.get(window.last).copied().unwrap_or(FOREVER),
        )
    };
    bounds.map(total).min().unwrap_or(FOREVER)
}

/// Returns the bound from the first event of an element to the completing event.
fn start_reach(rule: &Rule, element: usize, end: Duration, ends: &[Duration]) -> Duration {
    let bounds = rule
        .windows
        .iter()
        .filter(|window| (window.first..=window.last).contains(&element));
    let total = |window: &Window| {
        let beyond = if window.last == element {
            end
        } else {
            ends.get(window.last).copied().unwrap_or(FOREVER)
        };
        plus(window.within, beyond)
    };
    bounds.map(total).min().unwrap_or(FOREVER)
}

fn absence_reach(rule: &Rule, reach: &[Duration], interval: AbsenceInterval) -> Duration {
    let of = |step: StepId| {
        reach
            .get(element_of(rule, step))
            .copied()
            .unwrap_or_default()
    };
    match interval {
        AbsenceInterval::Between(first, _) | AbsenceInterval::Inside(first) => of(first),
        AbsenceInterval::Around { before, after } => {
            let before = before.map(|(span, step)| Duration(span.0.saturating_add(of(step).0)));
            let after = after.map(|(_, step)| of(step));
            before.into_iter().chain(after).max().unwrap_or_default()
        }
    }
}
