//! Warns of conditions that can never hold together: `login where outcome is failure`.
//!
//! Apart from type errors because each condition alone is right.

use std::collections::BTreeMap;

use super::Together;
use crate::check::Checker;
use crate::diagnostic::{Code, Diagnostic};
use crate::file::Span;
use crate::ir::FieldId;
use crate::value::Value;

/// Longer lists are not compared, as their product costs time.
const VALUES_MAX: usize = 256;

/// The values left to a field, and the condition that left them.
struct Left {
    values: Vec<Value>,
    span: Span,
    text: String,
}

pub(super) fn lint(checker: &mut Checker<'_>) {
    let mut found: Vec<Diagnostic> = Vec::new();
    for set in checker.together() {
        found.extend(checker.contradiction(&set));
    }
    found.sort_by_key(|diagnostic| diagnostic.span);
    found.dedup_by_key(|diagnostic| diagnostic.span);
    checker.diagnostics.extend(found);
}

impl Checker<'_> {
    /// Returns the first condition that contradicts an earlier one.
    fn contradiction(&self, set: &Together<'_>) -> Option<Diagnostic> {
        let mut left: BTreeMap<FieldId, Left> = BTreeMap::new();
        // A class reads its own event; a condition of the rule reads it by its step.
        for condition in set.inherited.iter().filter(|condition| !condition.unless) {
            if let Some((field, values)) = self.allowed(condition.expr, crate::ir::Row::This) {
                let text = condition.text.to_string();
                left.entry(field).or_insert(Left {
                    values,
                    span: condition.span,
                    text,
                });
            }
        }
        for condition in set.own.iter().filter(|condition| !condition.unless) {
            let Some((field, values)) = self.allowed(condition.expr, set.row) else {
                continue;
            };
            if values.len() > VALUES_MAX {
                continue;
            }
            let Some(earlier) = left.get_mut(&field) else {
                let text = condition.text.to_string();
                left.insert(
                    field,
                    Left {
                        values,
                        span: condition.span,
                        text,
                    },
                );
                continue;
            };
            earlier.values.retain(|value| {
                values
                    .iter()
                    .any(|other| value.is(other).unwrap_or(value == other))
            });
            if earlier.values.is_empty() {
                let message = format!("`{}` can never be true here", condition.text);
                return Some(
                    Diagnostic::warning(Code::NeverTrue, condition.span, message)
                        .label(earlier.span, format!("`{}` holds already", earlier.text))
                        .help("the two exclude each other: choose another class, or leave one out"),
                );
            }
        }
        None
    }
}
