//! What a rule needs of the machine that runs it: what is kept of a key, and for how long.
//!
//! Apart from the machines so that the one that plans and the one that tells the cost ask the same
//! function, and never disagree.
//!
//! The decision, in the order it is made by [`Kept::of`]:
//!
//! 1. One plain step and no absence: one event decides, and [`Kept::Nothing`] is kept.
//! 2. More than two plain steps in strict order that share the whole key, no absence, and no
//!    condition that reads two events: only windows count, so the latest chain of each length serves,
//!    [`Kept::Chains`].
//! 3. Plain steps in strict order that share the whole key, where conditions tell two events of the
//!    first step apart by some fields alone (or by time in the sense in which nearer is better), and
//!    no absence is looked for from the first step: [`Kept::Newest`] of the first step for each
//!    combination of those fields.
//! 4. Everything else, groups and sets among it: [`Kept::Everything`] within the windows.

mod early;
mod kept;
mod reach;

use super::{AbsenceInterval, Condition, Element, Program, Rule, StepId};
use crate::units::Duration;

pub use early::early;
pub use kept::Kept;
pub use reach::{FOREVER, absence_reach, reaches};

/// What a rule needs of the machine that runs it.
#[derive(Clone, Debug)]
pub struct Needs {
    /// What of a key must be kept.
    pub kept: Kept,
    /// Conditions of the whole match that one plain step decides when its event comes.
    pub early: Vec<(StepId, Condition)>,
    /// The other conditions of the whole match.
    pub whole: Vec<Condition>,
    /// Key components that every step has: they choose the state.
    pub hashed: Vec<usize>,
    /// Key components that some steps lack: they are compared in the search.
    pub joined: Vec<usize>,
    /// For each element, how long before a completing event one of its events may lie.
    pub reach: Vec<Duration>,
}

impl Needs {
    /// Returns what a rule needs.
    #[must_use]
    pub fn of(program: &Program, rule: &Rule) -> Self {
        let (early, whole) = early(program, rule);
        let (hashed, joined) = split_key(rule);
        Self {
            kept: Kept::of(program, rule, &whole),
            early,
            whole,
            hashed,
            joined,
            reach: reaches(rule),
        }
    }

    /// Returns how many events of a key are kept at most, or `None` where only the stream bounds them.
    ///
    /// Events kept for absences are not among them: see [`Self::absence_is_kept`].
    #[must_use]
    pub fn events_max(&self, rule: &Rule) -> Option<usize> {
        let before_last = rule.steps.len().saturating_sub(1);
        if matches!(rule.elements.as_slice(), [Element::One(_)]) {
            return Some(0);
        }
        match &self.kept {
            Kept::Nothing => Some(0),
            // A chain of each length but the whole: 1 + 2 + … of them.
            Kept::Chains => Some(before_last * (before_last + 1) / 2),
            Kept::Newest(fields)
                if fields.is_empty() && before_last == 1 && rule.absences.is_empty() =>
            {
                Some(1)
            }
            Kept::Newest(_) | Kept::Everything => None,
        }
    }

    /// Tells whether events that an absence forbids are kept, and not only held against open matches.
    #[must_use]
    pub fn absence_is_kept(&self, rule: &Rule, absence: usize) -> bool {
        let interval = rule.absences.get(absence).map(|absence| absence.interval);
        interval.is_some_and(|interval| absence_reach(rule, &self.reach, interval).0 > 0)
    }

    /// Returns how long before a completing event one of a step may lie.
    #[must_use]
    pub fn reach_of(&self, rule: &Rule, step: StepId) -> Duration {
        let reach = self.reach.get(element_of(rule, step));
        reach.copied().unwrap_or_default()
    }
}

/// Returns the absences that can be broken after a match is complete: each is a deadline of it.
pub fn deadlines(rule: &Rule) -> impl Iterator<Item = (usize, Duration)> {
    let absences = rule.absences.iter().enumerate();
    absences.filter_map(|(at, absence)| match absence.interval {
        AbsenceInterval::Around {
            after: Some((span, _)),
            ..
        } => Some((at, span)),
        AbsenceInterval::Around { after: None, .. }
        | AbsenceInterval::Between(..)
        | AbsenceInterval::Inside(_) => None,
    })
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

/// Splits conditions into those over one event and those that read steps or the match.
#[must_use]
pub fn split(program: &Program, conditions: &[Condition]) -> (Vec<Condition>, Vec<Condition>) {
    let is_local = |condition: &Condition| {
        program.steps_read(condition.expr).is_empty() && !program.reads_match(condition.expr)
    };
    conditions.iter().cloned().partition(is_local)
}

/// Returns the components of a key that every step has, and those that some steps lack.
#[must_use]
pub fn split_key(rule: &Rule) -> (Vec<usize>, Vec<usize>) {
    let is_hashed = |at: &usize| {
        let component = rule.key.components.get(*at);
        component.is_some_and(|component| component.terms.len() == rule.steps.len())
    };
    (0..rule.key.components.len()).partition(is_hashed)
}
