//! What a rule tells when it matches.
//!
//! Apart from the rule because its options are read only once the pattern is understood.

use super::{Expr, Name, Path, Quantity, Template};
use crate::file::Span;

/// What a match tells.
#[derive(Clone, Debug)]
pub struct Alert {
    /// The severity as written.
    pub severity: Name,
    /// Its text.
    pub text: Option<Template>,
    /// Further lines.
    pub options: Vec<AlertOption>,
    /// Where it stands.
    pub span: Span,
}

/// A line of an alert.
#[derive(Clone, Debug)]
pub struct AlertOption {
    /// Which.
    pub kind: AlertOptionKind,
    /// Where it stands.
    pub span: Span,
}

/// The kinds of line in an alert.
#[derive(Clone, Debug)]
pub enum AlertOptionKind {
    /// `show PATH, …`
    Show(Vec<Path>),
    /// `note "text" when EXPR`
    Note {
        /// The text.
        text: Template,
        /// When it holds.
        when: Option<Expr>,
    },
    /// `severity LEVEL when EXPR`
    Severity {
        /// The severity.
        level: Name,
        /// When it holds.
        when: Option<Expr>,
    },
    /// `score EXPR on PATH [when EXPR]`
    Score {
        /// The points.
        points: Expr,
        /// Whose they are.
        on: Path,
        /// When they count.
        when: Option<Expr>,
    },
    /// `suppress D [per PATH, …]`
    Suppress {
        /// How long.
        span: Quantity,
        /// Per which values.
        per: Vec<Path>,
    },
}
