//! Fields, sources and classes: how a record becomes an event, and what kind it is.
//!
//! Apart from rules because everything here speaks of one event at a time.

use std::sync::Arc;

use super::{ClassId, ExprId, FieldId, RuleId};
use crate::file::Span;
use crate::types::Type;
use crate::units::Duration;
use crate::value::Value;

/// A field.
#[derive(Clone, Debug)]
pub struct Field {
    /// Its dotted path.
    pub name: Arc<str>,
    /// Its type.
    pub ty: Type,
    /// How it is computed where no source gave it; reads [`Row::This`](super::Row::This).
    pub default: Option<ExprId>,
    /// Its description.
    pub doc: Arc<str>,
    /// Where it is declared.
    pub span: Span,
}

/// A source.
#[derive(Clone, Debug)]
pub struct Source {
    /// Its name.
    pub name: Arc<str>,
    /// Its description.
    pub doc: Arc<str>,
    /// Which records it takes; the first source that holds takes the record.
    pub when: ExprId,
    /// Values that mean "not there", compared exactly.
    pub absent: Vec<Value>,
    /// Records dropped.
    pub drops: Vec<ExprId>,
    /// How far out of order it may be.
    pub lateness: Duration,
    /// Within what span a repeated id is dropped; `None` where it gives no id.
    pub dedupe: Option<Duration>,
    /// The list whose elements each make an event; evaluated over the record.
    pub explode: Option<ExprId>,
    /// Field lines in order; of several for one field the first that applies counts.
    pub assigns: Vec<Assign>,
    /// Where every declared field is read by its own name, for those no line gave.
    pub fields_from: Option<Vec<RawPart>>,
    /// Where it is declared.
    pub span: Span,
}

/// A field line of a source.
#[derive(Clone, Debug)]
pub struct Assign {
    /// The field.
    pub field: FieldId,
    /// Its value, of any type; the runtime converts it to the field's.
    pub value: ExprId,
    /// When the line applies.
    pub when: Option<ExprId>,
}

/// A part of a path into a raw record.
pub use crate::syntax::ast::RawPart;

/// A class: a named predicate over events.
#[derive(Clone, Debug)]
pub struct Class {
    /// Its name.
    pub name: Arc<str>,
    /// What it is made of.
    pub kind: ClassKind,
    /// Where it is declared.
    pub span: Span,
}

/// What a class is made of.
#[derive(Clone, Debug)]
pub enum ClassKind {
    /// Every event of the input.
    Any,
    /// Every alert.
    Alert,
    /// The alerts of one rule.
    AlertOf(RuleId),
    /// Events of a class that satisfy conditions over [`Row::This`](super::Row::This).
    Where {
        /// The class it builds on.
        base: ClassId,
        /// Its conditions.
        conditions: Vec<Condition>,
    },
}

/// A condition: `where` keeps on true, `unless` drops on true.
#[derive(Clone, Debug)]
pub struct Condition {
    /// The condition, one top-level conjunct of a `where`, or a whole `unless`.
    pub expr: ExprId,
    /// Whether it is an `unless`.
    pub unless: bool,
    /// As the formatter prints it, for `because` and for messages.
    pub text: Arc<str>,
    /// The left side of a comparison, whose value `because` shows.
    pub shown: Option<ExprId>,
    /// Where it stands.
    pub span: Span,
}
