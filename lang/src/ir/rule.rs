//! A rule as a whole: its parts, what it says of itself, what a match does to later ones.
//!
//! Apart from `pattern`, which is what the machines run.

use std::sync::Arc;

use super::{Absence, Alert, Arena, Condition, Element, FieldId, Key, Step, StepId, Window};
use crate::file::Span;
use crate::units::Duration;

/// A rule.
#[derive(Clone, Debug)]
pub struct Rule {
    /// Its name.
    pub name: Arc<str>,
    /// Its title.
    pub title: Arc<str>,
    /// What it says of itself.
    pub meta: Meta,
    /// A hash of its meaning, hex: not of its name, title, texts or metadata.
    pub meaning: Arc<str>,
    /// Its steps in the order written, members of sets and groups among them.
    pub steps: Arena<StepId, Step>,
    /// Its pattern, local windows flattened.
    pub elements: Vec<Element>,
    /// Every bound in time.
    pub windows: Vec<Window>,
    /// What its events have in common.
    pub key: Key,
    /// Its conditions over the whole match, without those that became its key.
    pub conditions: Vec<Condition>,
    /// What must not have happened.
    pub absences: Vec<Absence>,
    /// What a match does to those after it.
    pub on_match: OnMatch,
    /// Fixed windows or sessions in which all events of a match lie.
    pub frame: Option<Frame>,
    /// How much earlier than its predecessor a step may be.
    pub tolerate: Option<Duration>,
    /// What a match tells.
    pub alert: Alert,
    /// 0 where it reads no alerts, else one more than the greatest of the rules it reads.
    pub stratum: u32,
    /// For each step, the fields an alert shows of its events; sorted by name.
    pub evidence: Vec<Vec<FieldId>>,
    /// Where it is declared.
    pub span: Span,
}

/// What a rule says of itself.
#[derive(Clone, Debug, Default)]
pub struct Meta {
    /// Why it matters.
    pub about: Arc<str>,
    /// ATT&CK techniques.
    pub attack: Vec<Arc<str>>,
    /// Tags.
    pub tags: Vec<Arc<str>>,
    /// Its maturity.
    pub status: Option<Arc<str>>,
    /// Where to read on.
    pub references: Vec<Arc<str>>,
    /// What else looks like it.
    pub false_positives: Arc<str>,
}

/// What a match does to those after it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum OnMatch {
    /// Later matches of the key start at the completing event.
    #[default]
    Restart,
    /// Nothing.
    Keep,
}

/// Windows and sessions that hold a whole match.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Frame {
    /// Fixed windows.
    Each {
        /// Their length.
        every: Duration,
        /// The zone whose midnight counts; UTC where none is given.
        zone: Option<Arc<str>>,
    },
    /// Sessions.
    Session {
        /// The longest silence inside one.
        gap: Duration,
        /// The longest one.
        up_to: Duration,
    },
}
