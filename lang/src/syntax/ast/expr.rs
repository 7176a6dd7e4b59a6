//! Expressions as written, with their sugar.
//!
//! Apart from what holds them because every construct holds some.

use super::{Literal, Name, Path, RawPath};
use crate::file::Span;

/// An expression.
#[derive(Clone, Debug)]
pub struct Expr {
    /// Which.
    pub kind: ExprKind,
    /// Where it stands, without brackets around it.
    pub span: Span,
}

/// The forms of an expression.
#[derive(Clone, Debug)]
pub enum ExprKind {
    /// A literal.
    Literal(Literal),
    /// A bare or dotted name: a field, a step's field, a symbol, a list, a param, a memory …
    Path(Path),
    /// `.actor.email` in a source or a member condition.
    Raw(RawPath),
    /// `raw.path`, or `a.raw.path` of a step.
    RawField {
        /// The step, if one is named.
        step: Option<Name>,
        /// What follows `raw`.
        path: RawPath,
    },
    /// `[a, b]`
    List(Vec<Expr>),
    /// `(40.42, -3.70)`: coordinates
    Pair(Box<Expr>, Box<Expr>),
    /// `( EXPR )`, kept because brackets decide what `or` means
    Group(Box<Expr>),
    /// `name(a, b, zone "…")`
    Call {
        /// The function.
        name: Name,
        /// Its arguments.
        args: Vec<Argument>,
    },
    /// `base[index]`
    Index {
        /// What is looked into.
        base: Box<Expr>,
        /// The key or position.
        index: Box<Expr>,
    },
    /// `base.part` behind `]` or `)`
    Member {
        /// What is looked into.
        base: Box<Expr>,
        /// The part.
        part: Name,
    },
    /// `not x`
    Not(Box<Expr>),
    /// `-x`
    Negate(Box<Expr>),
    /// `a and b`
    And(Box<Expr>, Box<Expr>),
    /// `a or b`: a condition or a default, which the checker decides
    Or(Box<Expr>, Box<Expr>),
    /// `a + b` and the like
    Arithmetic {
        /// The operation.
        op: ArithmeticOp,
        /// Left side.
        left: Box<Expr>,
        /// Right side.
        right: Box<Expr>,
    },
    /// `a is b`, `a > b`, `a not contains b` …
    Compare {
        /// The comparison.
        op: CompareOp,
        /// Whether `not` stood before it, or `is not`.
        negated: bool,
        /// Left side.
        left: Box<Expr>,
        /// Right side.
        right: Box<Expr>,
    },
    /// `x is missing` (`x is not missing` is `x exists`)
    Missing(Box<Expr>),
    /// `x exists`
    Exists(Box<Expr>),
    /// `identity, device.id same`
    Same(Vec<Path>),
    /// `identity, device.id differs`
    Differs(Vec<Path>),
    /// `geo distance`
    GeoDistance,
    /// `geo speed`
    GeoSpeed,
    /// `elapsed`
    Elapsed,
    /// `time during office`, `time outside changes(resource.id)`
    Calendar {
        /// The time.
        time: Box<Expr>,
        /// Whether it was `outside`.
        outside: bool,
        /// The calendar.
        calendar: Name,
        /// Its key.
        key: Option<Box<Expr>>,
    },
    /// `any of LIST OP VALUE`, `all of LIST where (…)`
    Quantified {
        /// Whether it was `all of`.
        all: bool,
        /// The list.
        list: Box<Expr>,
        /// What each element is tested with.
        test: QuantifiedTest,
    },
}

/// The test of a quantified list.
#[derive(Clone, Debug)]
pub enum QuantifiedTest {
    /// `OP VALUE`
    Compare {
        /// The comparison.
        op: CompareOp,
        /// Whether `not` stood before it.
        negated: bool,
        /// The right side.
        value: Box<Expr>,
    },
    /// `where ( EXPR )`
    Where(Box<Expr>),
}

/// An argument of a call.
#[derive(Clone, Debug)]
pub struct Argument {
    /// The word before it, `zone` in `zone "Europe/Madrid"`.
    pub label: Option<Name>,
    /// The value.
    pub value: Expr,
    /// `where EXPR` behind it, which chooses members.
    pub filter: Option<Box<Expr>>,
}

/// Arithmetic.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ArithmeticOp {
    /// `+`
    Add,
    /// `-`
    Subtract,
    /// `*`
    Multiply,
    /// `/`
    Divide,
}

/// Comparisons. Words ignore case; `==` and `!=` are exact.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CompareOp {
    /// `is`
    Is,
    /// `==`
    Equal,
    /// `!=`
    NotEqual,
    /// `<`
    Less,
    /// `<=`
    LessOrEqual,
    /// `>`
    Greater,
    /// `>=`
    GreaterOrEqual,
    /// `in`
    In,
    /// `contains`
    Contains,
    /// `starts with`
    StartsWith,
    /// `ends with`
    EndsWith,
    /// `like`
    Like,
    /// `matches`
    Matches,
}
