//! What happened before, per key.
//!
//! Apart from `knowledge` because it is learned from the stream and read as of an event.

use std::sync::Arc;

use super::{ClassId, Condition, ExprId};
use crate::file::Span;
use crate::units::Duration;

/// What happened before, per key.
#[derive(Clone, Debug)]
pub struct Memory {
    /// Its name.
    pub name: Arc<str>,
    /// What is kept.
    pub kind: MemoryKind,
    /// The class it learns from.
    pub class: ClassId,
    /// Its conditions, over [`Row::This`](super::Row::This).
    pub conditions: Vec<Condition>,
    /// Its key, over [`Row::This`](super::Row::This).
    pub per: Vec<ExprId>,
    /// How long a thing is remembered.
    pub keep: Duration,
    /// How long it learns.
    pub learn: Option<Duration>,
    /// The most values it keeps for a key.
    pub max: Option<u64>,
    /// Where it is declared.
    pub span: Span,
}

/// What a memory keeps; expressions read [`Row::This`](super::Row::This).
#[derive(Clone, Debug)]
pub enum MemoryKind {
    /// The values seen.
    Seen(ExprId),
    /// The latest value.
    Last(ExprId),
    /// The number of events.
    Count,
    /// The number of distinct values.
    Distinct(ExprId),
    /// An aggregate a bucket.
    Profile {
        /// The aggregate, over [`Over::Window`](super::Over::Window).
        aggregate: ExprId,
        /// The length of a bucket.
        every: Duration,
    },
}
