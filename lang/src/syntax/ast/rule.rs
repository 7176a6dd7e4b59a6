//! A rule: its metadata, its clauses, its absences.
//!
//! Apart from `pattern`, which is the sentence behind `when`.

use super::{Alert, ClassRef, Filter, Name, Pattern, Quantity, Text};
use crate::file::Span;

/// A pattern that raises an alert.
#[derive(Clone, Debug)]
pub struct Rule {
    /// Its name.
    pub name: Name,
    /// Its title.
    pub title: Option<Text>,
    /// Lines before `when`.
    pub meta: Vec<Meta>,
    /// The pattern; `None` where it is missing, which the checker reports.
    pub pattern: Option<Pattern>,
    /// Lines after the pattern, in order, `within` included.
    pub clauses: Vec<Clause>,
    /// The alert; `None` where it is missing, which the checker reports.
    pub alert: Option<Alert>,
}

/// A line of metadata.
#[derive(Clone, Debug)]
pub struct Meta {
    /// Which.
    pub kind: MetaKind,
    /// Where it stands.
    pub span: Span,
}

/// The kinds of metadata.
#[derive(Clone, Debug)]
pub enum MetaKind {
    /// `about "…"`
    About(Text),
    /// `attack T1078.004, …`
    Attack(Vec<Name>),
    /// `tags a, "b"`
    Tags(Vec<Name>),
    /// `status experimental|test|stable|deprecated`
    Status(Name),
    /// `references "…", …`
    References(Vec<Text>),
    /// `false positives "…"`
    FalsePositives(Text),
}

/// A line of a rule after its pattern.
#[derive(Clone, Debug)]
pub struct Clause {
    /// Which.
    pub kind: ClauseKind,
    /// Where it stands.
    pub span: Span,
}

/// The kinds of clause.
#[derive(Clone, Debug)]
pub enum ClauseKind {
    /// `within D`
    Within(Quantity),
    /// `where EXPR` and `unless EXPR`
    Filter(Filter),
    /// `without …`
    Without(Without),
    /// `on match restart|keep`
    OnMatch(Name),
    /// `each D [zone "…"]`; `each day` is `1d`
    Each {
        /// The length of a window.
        every: Quantity,
        /// The zone whose midnight counts.
        zone: Option<Text>,
    },
    /// `session gap D up to D`
    Session {
        /// The longest silence inside one session.
        gap: Quantity,
        /// The longest session; `None` where it is missing, which the checker reports.
        up_to: Option<Quantity>,
    },
    /// `tolerate D`
    Tolerate(Quantity),
    /// `global`
    Global,
    /// `across tenants`
    AcrossTenants,
}

/// An absence.
#[derive(Clone, Debug)]
pub struct Without {
    /// The class that must not occur.
    pub class: ClassRef,
    /// What it is called in its own `where`.
    pub name: Option<Name>,
    /// Its conditions.
    pub filters: Vec<Filter>,
    /// Where it must not occur.
    pub interval: Option<Interval>,
}

/// Where an absence is looked for.
#[derive(Clone, Debug)]
pub struct Interval {
    /// Which.
    pub kind: IntervalKind,
    /// Where it stands.
    pub span: Span,
}

/// The kinds of interval.
#[derive(Clone, Debug)]
pub enum IntervalKind {
    /// `between a and b`
    Between(Name, Name),
    /// `between f`, for a group
    Inside(Name),
    /// `within D before a`, `within D after a`, `within D before a or D after c`
    Around {
        /// How long before which step.
        before: Option<(Quantity, Name)>,
        /// How long after which step.
        after: Option<(Quantity, Name)>,
    },
}
