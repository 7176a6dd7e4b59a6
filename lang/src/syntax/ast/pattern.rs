//! The pattern of a rule: steps, groups, sets, local windows.
//!
//! Apart from the rule because a pattern holds patterns.

use super::{ClassRef, CompareOp, Expr, Filter, Name, Path, Quantity};
use crate::file::Span;

/// Steps joined by `then`.
#[derive(Clone, Debug)]
pub struct Pattern {
    /// The steps; at least one.
    pub steps: Vec<PatternStep>,
    /// Where it stands.
    pub span: Span,
}

/// A step with the gap before it.
#[derive(Clone, Debug)]
pub struct PatternStep {
    /// `then within D`; `None` for the first step.
    pub gap: Option<Quantity>,
    /// The step.
    pub step: Step,
}

/// One position of a pattern.
#[derive(Clone, Debug)]
pub struct Step {
    /// Which.
    pub kind: StepKind,
    /// Its own conditions, in order.
    pub filters: Vec<Filter>,
    /// Where it stands, with its conditions.
    pub span: Span,
}

/// The kinds of step.
#[derive(Clone, Debug)]
pub enum StepKind {
    /// `CLASS [as NAME]`
    Event {
        /// The class.
        class: ClassRef,
        /// The step's name.
        name: Option<Name>,
    },
    /// `N+ CLASS [as NAME]`
    Count {
        /// The least number of events.
        least: Quantity,
        /// The class.
        class: ClassRef,
        /// The step's name.
        name: Option<Name>,
    },
    /// `N+ different PATH in CLASS [as NAME]`
    Different {
        /// The least number of distinct values.
        least: Quantity,
        /// The path whose values are counted.
        path: Path,
        /// The class.
        class: ClassRef,
        /// The step's name.
        name: Option<Name>,
    },
    /// `AGG of PATH in CLASS [as NAME] CMP VALUE`
    Aggregate {
        /// The aggregate, such as `sum`.
        function: Name,
        /// The path it reads.
        path: Path,
        /// The class.
        class: ClassRef,
        /// The step's name.
        name: Option<Name>,
        /// The comparison.
        op: CompareOp,
        /// What it is compared with.
        value: Box<Expr>,
    },
    /// `all of ( STEP, … )` or `N of ( STEP, … )`
    Set {
        /// The number of steps that must hold; `None` for all.
        least: Option<Quantity>,
        /// The steps.
        steps: Vec<Step>,
    },
    /// `( PATTERN within D )`
    Local {
        /// The pattern inside.
        pattern: Box<Pattern>,
        /// Its window; `None` where it is missing, which the checker reports.
        within: Option<Quantity>,
    },
}
