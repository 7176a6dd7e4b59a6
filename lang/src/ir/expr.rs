//! Expressions: what is asked of an event, of a match or of many.
//!
//! Apart from what holds them because one evaluator serves every construct.

use std::net::IpAddr;
use std::sync::Arc;

use super::{CalendarId, ExprId, FieldId, IdentityId, ListId, MemoryId, RawPart, StepId, TableId};
use crate::file::Span;
use crate::types::{EnumType, Type};
use crate::value::Value;

/// An expression with its type.
#[derive(Clone, Debug)]
pub struct Expr {
    /// Which.
    pub kind: ExprKind,
    /// Its type.
    pub ty: Type,
    /// Where it was written.
    pub span: Span,
}

/// Which event an expression reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Row {
    /// The event at hand: in a class, a field's default, a memory, a digest, a step's own condition
    /// (the candidate) and an absence's own condition (its `q`).
    This,
    /// The event bound by a plain step; of a group, its last event (only memories read so).
    Step(StepId),
}

/// Where a raw path starts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum RawRoot {
    /// The record a source is reading.
    Record,
    /// The element of the source's `explode`.
    Item,
    /// The element of the innermost `pick`, quantifier or list aggregate.
    Element,
    /// The record kept with an event.
    Event(Row),
}

/// The forms of an expression. Conditions are of type bool; [`Value::Missing`] is *unknown*.
#[derive(Clone, Debug)]
pub enum ExprKind {
    /// A constant.
    Constant(Value),
    /// A field of an event.
    Field(Row, FieldId),
    /// A place in a raw record.
    Raw(RawRoot, Arc<[RawPart]>),
    /// A list of values.
    List(Vec<ExprId>),
    /// Coordinates of latitude and longitude.
    Geo(ExprId, ExprId),
    /// Latitude of coordinates.
    Latitude(ExprId),
    /// Longitude of coordinates.
    Longitude(ExprId),
    /// The value converted to the type of this expression as a source's conversions do; one that
    /// fails is missing.
    Convert(ExprId),
    /// All hold; false beats unknown.
    And(Vec<ExprId>),
    /// One holds; true beats unknown.
    Or(Vec<ExprId>),
    /// The opposite; of unknown, unknown.
    Not(ExprId),
    /// The first, or the second where the first is missing.
    Default(ExprId, ExprId),
    /// Whether it is there; never unknown.
    Exists(ExprId),
    /// A comparison.
    Compare(Comparison, ExprId, ExprId),
    /// A comparison of symbols by their rank.
    CompareRank(Arc<EnumType>, Comparison, ExprId, ExprId),
    /// A text test against one or several patterns: true if any holds.
    Match(TextTest, ExprId, Patterns),
    /// Membership.
    In(ExprId, Set),
    /// Whether a list holds a value: `tags contains "finance"`.
    Holds {
        /// The list.
        list: ExprId,
        /// The value.
        value: ExprId,
    },
    /// Arithmetic; the types of the sides decide what it means.
    Arithmetic(ArithmeticOp, ExprId, ExprId),
    /// The negative.
    Negate(ExprId),
    /// A builtin function by its name in the registry of `builtins`.
    Call(Arc<str>, Vec<ExprId>),
    /// An element of a list or record by position or key.
    Index(ExprId, ExprId),
    /// A part of a record.
    Part(ExprId, Arc<str>),
    /// A column of the row of a key; no row is unknown.
    Lookup {
        /// The table.
        table: TableId,
        /// The key.
        key: ExprId,
        /// The column.
        column: Arc<str>,
    },
    /// Whether a time lies in a calendar; an unknown key is unknown.
    During {
        /// The calendar.
        calendar: CalendarId,
        /// The time.
        time: ExprId,
        /// Its key.
        key: Option<ExprId>,
    },
    /// The canonical id of the first argument that resolves.
    Identity(IdentityId, Vec<ExprId>),
    /// The first element for which the test holds; the test reads [`RawRoot::Element`].
    Pick(ExprId, ExprId),
    /// `any of` / `all of` a list; the test reads [`RawRoot::Element`].
    Quantified {
        /// Whether all must hold.
        all: bool,
        /// The list.
        list: ExprId,
        /// The test.
        test: ExprId,
    },
    /// A function over many.
    Aggregate {
        /// The function.
        function: AggregateFunction,
        /// Over what.
        over: Over,
        /// What each member gives, reading [`Row::This`] (or [`RawRoot::Element`] of a list);
        /// `None` counts members.
        argument: Option<ExprId>,
        /// Which members count.
        filter: Option<ExprId>,
    },
    /// Whether all bound events have the paths in common; each path reads [`Row::This`].
    Same(Vec<ExprId>),
    /// Whether every pair of events of adjacent steps differs in the paths.
    Differs(Vec<ExprId>),
    /// The largest distance between events of adjacent steps.
    GeoDistance,
    /// The largest speed between events of adjacent steps.
    GeoSpeed,
    /// Last minus first event of the match.
    Elapsed,
    /// A component of the key of the match, an index into [`Key::components`](super::Key::components); only in alerts.
    Key(usize),
    /// How many notes of the alert hold; only in alerts.
    Notes,
    /// A memory read with the key of an event, as of that event.
    Memory(MemoryId, Row, MemoryRead),
}

/// A comparison of two values. `!=`, `is not` and the like are [`ExprKind::Not`] of these.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Comparison {
    /// Equal, texts ignoring case.
    Is,
    /// Equal, exactly.
    Equal,
    /// Less.
    Less,
    /// Less or equal.
    LessOrEqual,
    /// Greater.
    Greater,
    /// Greater or equal.
    GreaterOrEqual,
}

/// A test of text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TextTest {
    /// Contains, ignoring case.
    Contains,
    /// Starts with, ignoring case.
    StartsWith,
    /// Ends with, ignoring case.
    EndsWith,
    /// The whole text fits a glob of `*` and `?`, ignoring case.
    Like,
    /// A regular expression is found.
    Matches,
}

/// What a text is tested with.
#[derive(Clone, Debug)]
pub enum Patterns {
    /// Constant texts; those of `matches` compile.
    Texts(Vec<Arc<str>>),
    /// A declared list.
    List(ListId),
    /// A computed text.
    Expr(ExprId),
}

/// What membership is asked of.
#[derive(Clone, Debug)]
pub enum Set {
    /// Constant values, compared as `is` does.
    Values(Vec<Value>),
    /// Networks.
    Networks(Vec<Network>),
    /// A declared list.
    List(ListId),
    /// The keys of a table.
    Table(TableId),
    /// A computed list.
    Expr(ExprId),
}

/// An address range: a prefix of an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Network {
    /// The first address.
    pub address: IpAddr,
    /// Bits that count.
    pub bits: u8,
}

/// Arithmetic.
pub use crate::syntax::ast::ArithmeticOp;

/// What an aggregate ranges over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Over {
    /// The members of a group.
    Group(StepId),
    /// The events of a profile's bucket or a summary's window.
    Window,
    /// The elements of a list.
    List(ExprId),
}

/// A function over many.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum AggregateFunction {
    /// How many; of values, how many are not missing.
    Count,
    /// Their sum; of none 0.
    Sum,
    /// The least.
    Min,
    /// The greatest.
    Max,
    /// Their mean.
    Avg,
    /// How many distinct values, texts ignoring case.
    Distinct,
    /// The value of the first member that has one.
    First,
    /// The value of the last member that has one.
    Last,
    /// The n-th member's value, from 0; negative from the end.
    Nth(i64),
    /// Nearest rank, per mille.
    Percentile(u16),
    /// The spans between neighbouring events, as a list.
    Gaps,
}

/// What is asked of a memory.
#[derive(Clone, Debug)]
pub enum MemoryRead {
    /// The value of `last`, the number of `count` and `distinct`.
    Value,
    /// Whether a value was seen.
    Contains(ExprId),
    /// How many values are held.
    Size,
    /// When `last` was set.
    At,
    /// The value before `last`.
    Previous,
    /// Statistics of a profile.
    Statistic(Statistic),
}

/// Statistics of a profile's closed buckets.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Statistic {
    /// Number of buckets.
    N,
    /// Mean.
    Mean,
    /// Standard deviation, divided by n.
    Sd,
    /// Median, nearest rank.
    Median,
    /// Median absolute deviation, unscaled.
    Mad,
    /// 95th percentile, nearest rank.
    P95,
    /// Greatest.
    Max,
}

/// Text with holes.
#[derive(Clone, Debug, Default)]
pub struct Template {
    /// Text and holes in order.
    pub parts: Vec<TemplatePart>,
}

/// A piece of a template.
#[derive(Clone, Debug)]
pub enum TemplatePart {
    /// Text.
    Text(Arc<str>),
    /// A value; unknown prints `?`.
    Hole(ExprId),
}
