//! What is forwarded, and how much of it.
//!
//! Apart from rules because a digest reduces the stream that they read whole.

use super::{ClassRef, Expr, Filter, Name, Path, Quantity, Text};

/// What is worth forwarding.
#[derive(Clone, Debug)]
pub struct Digest {
    /// Its name.
    pub name: Name,
    /// The class it reduces; `any` is a name like another.
    pub class: ClassRef,
    /// Its conditions.
    pub filters: Vec<Filter>,
    /// How it reduces.
    pub action: DigestAction,
}

/// The kinds of reduction.
#[derive(Clone, Debug)]
pub enum DigestAction {
    /// `keep first [per PATH, …] [each D [zone "…"]]`
    First {
        /// Its key.
        per: Vec<Path>,
        /// Its windows.
        each: Option<(Quantity, Option<Text>)>,
    },
    /// `keep changes of PATH [per PATH, …]`
    Changes {
        /// The value watched.
        of: Path,
        /// Its key.
        per: Vec<Path>,
    },
    /// `summarize [per PATH, …] every D [zone "…"] { NAME = EXPR, … }`
    Summarize {
        /// Its key.
        per: Vec<Path>,
        /// The length of a window.
        every: Quantity,
        /// The zone whose midnight counts.
        zone: Option<Text>,
        /// The named values.
        values: Vec<(Name, Expr)>,
    },
    /// `drop`
    Drop,
}
