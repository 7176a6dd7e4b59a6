//! What a match tells.
//!
//! Apart from the rule because an alert never decides whether there is a match.

use super::{ExprId, FieldId, StepId, Template};
use crate::units::Duration;

/// Severities, lowest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// An event for other rules and memories, never written out.
    None,
    /// For information.
    Info,
    /// Low.
    Low,
    /// Medium.
    Medium,
    /// High.
    High,
    /// Critical.
    Critical,
}

impl Severity {
    /// All severities with their spelling, lowest first.
    pub const ALL: [(Severity, &'static str); 6] = [
        (Severity::None, "none"),
        (Severity::Info, "info"),
        (Severity::Low, "low"),
        (Severity::Medium, "medium"),
        (Severity::High, "high"),
        (Severity::Critical, "critical"),
    ];

    /// Returns its spelling.
    #[must_use]
    pub fn name(self) -> &'static str {
        Self::ALL
            .iter()
            .find(|(severity, _)| *severity == self)
            .map_or("none", |(_, name)| name)
    }

    /// Returns the severity of a spelling.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL
            .iter()
            .find(|(_, spelling)| *spelling == name)
            .map(|(severity, _)| *severity)
    }
}

/// What a match tells. Expressions read steps by [`Row::Step`](super::Row::Step).
#[derive(Clone, Debug)]
pub struct Alert {
    /// Its severity unless one below holds.
    pub severity: Severity,
    /// Its text.
    pub text: Template,
    /// Fields shown of the events of a step, or of all steps.
    pub show: Vec<(Option<StepId>, FieldId)>,
    /// Notes.
    pub notes: Vec<Note>,
    /// Other severities; of those that hold the highest wins.
    pub severities: Vec<(Severity, ExprId)>,
    /// Scores; they add up.
    pub scores: Vec<Score>,
    /// Suppression.
    pub suppress: Option<Suppress>,
}

/// A note.
#[derive(Clone, Debug)]
pub struct Note {
    /// Its text.
    pub text: Template,
    /// When it holds; always where none is given.
    pub when: Option<ExprId>,
}

/// A score.
#[derive(Clone, Debug)]
pub struct Score {
    /// Its points.
    pub points: ExprId,
    /// Whose it is.
    pub on: ExprId,
    /// When it counts; always where none is given.
    pub when: Option<ExprId>,
}

/// Suppression of alerts alike.
#[derive(Clone, Debug)]
pub struct Suppress {
    /// How long after one was raised.
    pub span: Duration,
    /// Per which values; the rule's key where none are given.
    pub per: Vec<ExprId>,
}
