//! What happened before, per key.
//!
//! Apart from `knowledge` because it is learned from the stream.

use super::{Expr, Filter, Name, Path, Quantity};

/// What happened before, per key.
#[derive(Clone, Debug)]
pub struct Memory {
    /// Its name.
    pub name: Name,
    /// What is kept.
    pub kind: MemoryKind,
    /// The class it learns from; `None` for `any`.
    pub class: Option<Name>,
    /// Its conditions.
    pub filters: Vec<Filter>,
    /// Its key.
    pub per: Vec<Path>,
    /// How long a thing is remembered.
    pub keep: Option<Quantity>,
    /// How long it learns before it answers.
    pub learn: Option<Quantity>,
    /// The most values it keeps.
    pub max: Option<Quantity>,
}

/// What a memory keeps.
#[derive(Clone, Debug)]
pub enum MemoryKind {
    /// `seen PATH`
    Seen(Path),
    /// `last PATH`
    Last(Path),
    /// `count`
    Count,
    /// `distinct PATH`
    Distinct(Path),
    /// `profile AGG every D`
    Profile {
        /// The aggregate, a call such as `sum(bytes.down)`.
        aggregate: Expr,
        /// The length of a bucket.
        every: Quantity,
    },
}
