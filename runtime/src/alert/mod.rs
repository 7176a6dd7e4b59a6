//! Alerts: what leaves the engine.
//!
//! Apart from the encoders so that every format is made from one thing.

use std::sync::Arc;

use muster_lang::ir::{FieldId, RuleId, Severity};
use muster_lang::units::Timestamp;
use muster_lang::value::Value;

use crate::store::saved;

pub mod build;
pub mod suppress;

/// A named value.
pub type Named = (Arc<str>, Value);

/// A completed match, told.
#[derive(Clone, Debug, PartialEq)]
pub struct Alert {
    /// A hash of rule name, rule meaning, key and the ids of the evidence: 32 hexadecimal digits.
    pub id: Arc<str>,
    /// The rule.
    pub rule: RuleId,
    /// Its name.
    pub name: Arc<str>,
    /// Its title.
    pub title: Arc<str>,
    /// How bad it is.
    pub severity: Severity,
    /// The latest of the completing event's time and the deadlines'.
    pub time: Timestamp,
    /// Its text.
    pub text: String,
    /// The key, in the order of the rule, spelled as its first event has it.
    pub key: Vec<Named>,
    /// Further keys under which the same evidence matched.
    pub also: Vec<Vec<Named>>,
    /// The time of the first event.
    pub from: Timestamp,
    /// The time of the last event.
    pub to: Timestamp,
    /// The events, in the order of the steps as written.
    pub evidence: Vec<Evidence>,
    /// How many members each group has.
    pub counts: Vec<(Arc<str>, u64)>,
    /// The conditions that held, with what they were decided by.
    pub because: Vec<Because>,
    /// The notes that hold.
    pub notes: Vec<String>,
    /// ATT&CK techniques.
    pub attack: Vec<Arc<str>>,
    /// Tags.
    pub tags: Vec<Arc<str>>,
    /// Its score, if the rule gives one.
    pub score: Option<f64>,
    /// Whose score it is.
    pub score_on: Value,
    /// How many alike were held back since the one before.
    pub suppressed: u64,
    /// Whether nothing that could have changed it was lost.
    pub complete: bool,
    /// The place of the completing event in stream order.
    pub completing: u64,
    /// The tenant.
    pub tenant: Value,
    /// The shown fields of the completing event.
    pub shown: Vec<(FieldId, Value)>,
    /// The values by which it is suppressed; `None` if the rule suppresses nothing or one is missing.
    pub suppress_key: Option<Arc<str>>,
}

saved!(Alert {
    id,
    rule,
    name,
    title,
    severity,
    time,
    text,
    key,
    also,
    from,
    to,
    evidence,
    counts,
    because,
    notes,
    attack,
    tags,
    score,
    score_on,
    suppressed,
    complete,
    completing,
    tenant,
    shown,
    suppress_key,
});
saved!(Evidence {
    step,
    id,
    time,
    source,
    fields
});
saved!(Because { condition, value });

/// One event of a match.
#[derive(Clone, Debug, PartialEq)]
pub struct Evidence {
    /// The step it is bound to.
    pub step: Arc<str>,
    /// Its id.
    pub id: Arc<str>,
    /// When it happened.
    pub time: Timestamp,
    /// The source that made it.
    pub source: Arc<str>,
    /// The fields the rule names.
    pub fields: Vec<Named>,
}

/// A condition that held.
#[derive(Clone, Debug, PartialEq)]
pub struct Because {
    /// The condition as written.
    pub condition: Arc<str>,
    /// What it was decided by.
    pub value: String,
}

impl Alert {
    /// Returns what alerts of one instant are ordered by: rule, text of the key, completing event.
    #[must_use]
    pub fn order(&self) -> (Arc<str>, String, u64) {
        (self.name.clone(), key_text(&self.key), self.completing)
    }
}

/// Returns the text of a key, by which keys are ordered.
#[must_use]
pub fn key_text(key: &[Named]) -> String {
    key.iter()
        .map(|(_, value)| value.display())
        .collect::<Vec<_>>()
        .join("\u{1f}")
}
