//! Tests of rules: what is fed, what is expected.
//!
//! Apart because nothing at run time reads them.

use std::sync::Arc;

use super::{ClassId, FieldId, RuleId};
use crate::file::Span;
use crate::units::Timestamp;
use crate::value::Value;

/// A test of a rule.
#[derive(Clone, Debug)]
pub struct Test {
    /// Its name.
    pub name: Arc<str>,
    /// The rule it tests.
    pub rule: Option<RuleId>,
    /// Its lines.
    pub lines: Vec<TestLine>,
    /// Where it is declared.
    pub span: Span,
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
    /// An event made to belong to a class.
    Event {
        /// When.
        time: Timestamp,
        /// The class it must belong to.
        class: ClassId,
        /// Its fields: those written, then what the equalities of the class fill in.
        fields: Vec<(FieldId, Value)>,
    },
    /// Records of a file, through the sources.
    Feed(Arc<str>),
    /// Time goes on.
    Advance(Timestamp),
    /// So many alerts of the rule, at a time, carrying values.
    Alerts {
        /// How many.
        count: u32,
        /// When.
        at: Option<Timestamp>,
        /// Names of key components, fields or alert attributes, with values.
        fields: Vec<(Arc<str>, Value)>,
    },
    /// An absence is pending at the end.
    Pending,
    /// So many events are forwarded.
    Forwarded(u32),
}
