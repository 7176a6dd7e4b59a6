//! Patterns: steps, windows, keys, and what must not have happened.
//!
//! Apart from the rule around them because the choice of a machine reads nothing else.

use std::sync::Arc;

use super::{AggregateFunction, ClassId, Condition, ExprId, StepId};
use crate::file::Span;
use crate::units::Duration;

/// A position of a pattern.
#[derive(Clone, Debug)]
pub struct Step {
    /// What it is called: its `as` name, else its class; evidence shows it.
    pub label: Arc<str>,
    /// Its class.
    pub class: ClassId,
    /// Conditions on each event alone or with steps before it; [`Row::This`](super::Row::This) is the candidate.
    pub conditions: Vec<Condition>,
    /// One event or many.
    pub kind: StepKind,
    /// Where it stands.
    pub span: Span,
}

/// One event or many.
#[derive(Clone, Debug)]
pub enum StepKind {
    /// One event.
    One,
    /// A group.
    Group(Group),
}

/// A group: all events that fit, and what must hold of them together.
#[derive(Clone, Debug)]
pub struct Group {
    /// Its threshold.
    pub threshold: Threshold,
    /// Its threshold and further conditions over [`Over::Group`](super::Over::Group) of itself; the threshold is first.
    pub conditions: Vec<Condition>,
}

/// The threshold of a group, which is also its first condition.
#[derive(Clone, Debug)]
pub enum Threshold {
    /// At least so many events.
    Count(u64),
    /// At least so many distinct values of a path; an event without one is no member.
    Different(u64, ExprId),
    /// An aggregate of a path compared with a value; an event without one is no member.
    Aggregate(AggregateFunction, ExprId),
}

/// An element of a pattern, in order.
#[derive(Clone, Debug)]
pub enum Element {
    /// A plain step.
    One(StepId),
    /// A group.
    Group(StepId),
    /// `all of` and `N of`: plain steps and groups in any order.
    Set {
        /// How many of them must hold.
        least: usize,
        /// The steps.
        members: Vec<StepId>,
    },
}

/// A bound in time over the elements `first..=last`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Window {
    /// The first element, an index into [`Rule::elements`](super::Rule::elements).
    pub first: usize,
    /// The last element.
    pub last: usize,
    /// The bound, inclusive.
    pub within: Duration,
    /// What is bounded.
    pub kind: WindowKind,
}

/// What a window bounds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WindowKind {
    /// The last event of the elements minus their first.
    Span,
    /// Each event of the elements minus the last event before them.
    Gap,
}

/// What the events of a match have in common.
#[derive(Clone, Debug, Default)]
pub struct Key {
    /// Its components, in the order written.
    pub components: Vec<KeyComponent>,
    /// Whether tenants are joined.
    pub across_tenants: bool,
}

/// A component of a key.
#[derive(Clone, Debug)]
pub struct KeyComponent {
    /// What it is called: `identity`, or `a.device.id` of an equi-join.
    pub name: Arc<str>,
    /// Under what names an alert shows it, each with the step whose spelling it is: for each equality
    /// the earlier step's path. Empty for `PATH same`, which is shown as the first event spells it.
    pub shown: Vec<(Arc<str>, StepId)>,
    /// Whether texts are compared exactly (`==`), not ignoring case.
    pub exact: bool,
    /// Whether it is `PATH same`, which holds for every step and absence.
    pub same: bool,
    /// For each step that has it, the value over [`Row::This`](super::Row::This); sorted by step.
    pub terms: Vec<(StepId, ExprId)>,
}

/// Something that must not have happened.
#[derive(Clone, Debug)]
pub struct Absence {
    /// What it is called.
    pub label: Arc<str>,
    /// The class that must not occur.
    pub class: ClassId,
    /// Its conditions; [`Row::This`](super::Row::This) is the event that would break it.
    pub conditions: Vec<Condition>,
    /// For each component of the rule's key, its value over [`Row::This`](super::Row::This), where it must agree.
    pub key: Vec<Option<ExprId>>,
    /// Equalities with a step that is not part of the key: a hint for a hash join, each of them also
    /// stands in `conditions`.
    pub joins: Vec<AbsenceJoin>,
    /// Where it must not occur.
    pub interval: AbsenceInterval,
    /// As the formatter prints the clause, for messages.
    pub text: Arc<str>,
    /// Where it stands.
    pub span: Span,
}

/// An equality between an absence and a step; both sides read [`Row::This`](super::Row::This).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AbsenceJoin {
    /// The step.
    pub step: StepId,
    /// The value of the step's event.
    pub of_step: ExprId,
    /// The value of the event that would break the absence.
    pub of_absence: ExprId,
    /// Whether texts are compared exactly (`==`), not ignoring case.
    pub exact: bool,
}

/// Where an absence is looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AbsenceInterval {
    /// After the first step and before the second.
    Between(StepId, StepId),
    /// Among the members of a group: each one empties it.
    Inside(StepId),
    /// Before and after steps; broken by either.
    Around {
        /// How long before which step.
        before: Option<(Duration, StepId)>,
        /// How long after which step.
        after: Option<(Duration, StepId)>,
    },
}
