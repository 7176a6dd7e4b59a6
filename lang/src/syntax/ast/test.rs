//! Tests of rules, and the ways to write a time in one.
//!
//! Apart because the compiled program needs none of it to run.

use super::{ClassRef, Expr, Name, Path, Text};
use crate::file::Span;
use crate::units::Duration;

/// A test of a rule.
#[derive(Clone, Debug)]
pub struct Test {
    /// Its name.
    pub name: Text,
    /// The rule it tests; `None` where it tests forwarding alone.
    pub rule: Option<Name>,
    /// Its lines.
    pub lines: Vec<TestLine>,
}

/// A line of a test.
#[derive(Clone, Debug)]
pub struct TestLine {
    /// Which.
    pub kind: TestLineKind,
    /// Where it stands.
    pub span: Span,
}

/// The kinds of line in a test.
#[derive(Clone, Debug)]
pub enum TestLineKind {
    /// `at TIME CLASS { field: value, … }`
    Event {
        /// When.
        at: TestTime,
        /// The class it is made to belong to.
        class: ClassRef,
        /// Its fields.
        fields: Vec<(Path, Expr)>,
    },
    /// `feed "file"`
    Feed(Text),
    /// `advance to TIME`
    Advance(TestTime),
    /// `expect N alert [at TIME] [{ field: value, … }]`, `expect no alert`
    Alerts {
        /// How many.
        count: u32,
        /// When.
        at: Option<TestTime>,
        /// What they carry.
        fields: Vec<(Path, Expr)>,
    },
    /// `expect pending`
    Pending,
    /// `expect forwarded N`
    Forwarded(u32),
}

/// A time in a test.
#[derive(Clone, Debug)]
pub struct TestTime {
    /// Which.
    pub kind: TestTimeKind,
    /// Where it stands.
    pub span: Span,
}

/// The forms of a time in a test.
#[derive(Clone, Copy, Debug)]
pub enum TestTimeKind {
    /// `09:00` of a day, 1 where none is written; microseconds since midnight.
    Clock {
        /// `day N`.
        day: Option<u32>,
        /// Microseconds since midnight.
        time: i64,
    },
    /// `+15m` after the line before.
    After(Duration),
    /// An instant, microseconds since 1970 UTC.
    Instant(i64),
}
