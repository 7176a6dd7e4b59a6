//! What is forwarded, and how much of it.
//!
//! Apart from rules because a digest reduces the stream that they read whole.

use std::sync::Arc;

use super::{ClassId, Condition, ExprId};
use crate::file::Span;
use crate::units::Duration;

/// What every summary says by itself, so that no value of it can bear these names.
pub const SUMMARY_NAMES: [&str; 9] = [
    "class", "complete", "digest", "from", "id", "partial", "tenant", "time", "to",
];

/// What is forwarded.
#[derive(Clone, Debug)]
pub struct Digest {
    /// Its name.
    pub name: Arc<str>,
    /// The class it reduces.
    pub class: ClassId,
    /// Its conditions.
    pub conditions: Vec<Condition>,
    /// How.
    pub action: DigestAction,
    /// Where it is declared.
    pub span: Span,
}

/// How a digest reduces; expressions read [`Row::This`](super::Row::This).
#[derive(Clone, Debug)]
pub enum DigestAction {
    /// The first of a key, for ever or each window.
    First {
        /// Its key.
        per: Vec<ExprId>,
        /// Its windows and their zone.
        each: Option<(Duration, Option<Arc<str>>)>,
    },
    /// The changes of a value.
    Changes {
        /// The value.
        of: ExprId,
        /// Its key.
        per: Vec<ExprId>,
    },
    /// One summary a window.
    Summarize {
        /// Its key with the names shown.
        per: Vec<(Arc<str>, ExprId)>,
        /// Its windows.
        every: Duration,
        /// Their zone.
        zone: Option<Arc<str>>,
        /// Named values, over [`Over::Window`](super::Over::Window).
        values: Vec<(Arc<str>, ExprId)>,
    },
    /// Nothing passes.
    Drop,
}
