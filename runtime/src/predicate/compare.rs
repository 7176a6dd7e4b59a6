//! Comparisons, membership and text tests.
//!
//! Apart from evaluation because their rules about unknown are their own.

use std::cmp::Ordering;
use std::sync::Arc;

use muster_lang::ir::{Comparison, ExprId, Patterns, Set, TextTest};
use muster_lang::types::EnumType;
use muster_lang::value::{Value, fold};

use crate::predicate::prepare::{Matcher, Prepared};
use crate::predicate::{Evaluator, Scope};

/// Returns a truth as a value, unknown as missing.
pub(super) fn truth(truth: Option<bool>) -> Value {
    truth.map_or(Value::Missing, Value::Bool)
}

/// Compares two values.
pub(super) fn compare(comparison: Comparison, left: &Value, right: &Value) -> Option<bool> {
    match comparison {
        Comparison::Is => left.is(right),
        Comparison::Equal => left.equal(right),
        Comparison::Less
        | Comparison::LessOrEqual
        | Comparison::Greater
        | Comparison::GreaterOrEqual => left.order(right).map(|order| orders(comparison, order)),
    }
}

/// Compares two symbols by their rank.
pub(super) fn compare_rank(
    symbols: &Arc<EnumType>,
    comparison: Comparison,
    left: &Value,
    right: &Value,
) -> Option<bool> {
    let rank = |value: &Value| {
        let Value::Text(text) = value else {
            return None;
        };
        symbols
            .symbols
            .iter()
            .position(|symbol| muster_lang::value::same_folded(symbol, text))
    };
    Some(orders(comparison, rank(left)?.cmp(&rank(right)?)))
}

fn orders(comparison: Comparison, order: Ordering) -> bool {
    match comparison {
        Comparison::Is | Comparison::Equal => order == Ordering::Equal,
        Comparison::Less => order == Ordering::Less,
        Comparison::LessOrEqual => order != Ordering::Greater,
        Comparison::Greater => order == Ordering::Greater,
        Comparison::GreaterOrEqual => order != Ordering::Less,
    }
}

/// Tells whether a list holds a value: true beats unknown.
pub(super) fn holds(list: &Value, value: &Value) -> Option<bool> {
    match list {
        Value::Missing => None,
        Value::List(items) => any(items.iter().map(|item| item.is(value))),
        single => single.is(value),
    }
}

/// Returns whether one of several truths is true; of none, false.
pub(super) fn any(truths: impl Iterator<Item = Option<bool>>) -> Option<bool> {
    let mut result = Some(false);
    for truth in truths {
        match truth {
            Some(true) => return Some(true),
            Some(false) => {}
            None => result = None,
        }
    }
    result
}

/// Returns whether all of several truths are true; of none, true.
pub(super) fn all(truths: impl Iterator<Item = Option<bool>>) -> Option<bool> {
    any(truths.map(|truth| truth.map(|truth| !truth))).map(|truth| !truth)
}

impl Evaluator {
    /// Tells whether a value is in a set.
    pub(super) fn is_in(
        &self,
        id: ExprId,
        value: &Value,
        set: &Set,
        scope: &Scope<'_>,
    ) -> Option<bool> {
        if value.is_missing() {
            return None;
        }
        match set {
            Set::Values(values) => {
                // Values of other kinds are simply not it.
                Some(values.iter().any(|one| one.is(value) == Some(true)))
            }
            Set::Networks(_) => {
                let Value::Ip(address) = value else {
                    return None;
                };
                let Some(Prepared::Networks(networks)) = self.prepared(id) else {
                    return None;
                };
                Some(networks.contain(*address))
            }
            Set::List(list) => self.lookups.listed(*list, value),
            Set::Table(table) => self.lookups.contains(*table, value, Self::as_of(scope)),
            Set::Expr(list) => holds(&self.value(*list, scope), value),
        }
    }

    /// Tells whether a text fits one of several patterns; of a list, whether one of its texts does.
    pub(super) fn fits(
        &self,
        id: ExprId,
        test: TextTest,
        value: &Value,
        patterns: &Patterns,
        scope: &Scope<'_>,
    ) -> Option<bool> {
        match value {
            Value::Missing => return None,
            Value::List(items) => {
                return any(items
                    .iter()
                    .map(|item| self.fits(id, test, item, patterns, scope)));
            }
            _ => {}
        }
        let shown;
        let text = if let Value::Text(text) = value {
            &**text
        } else {
            shown = value.display();
            &shown
        };
        let folded = fold(text);
        match patterns {
            Patterns::Texts(_) | Patterns::List(_) => {
                let Some(Prepared::Texts(matchers)) = self.prepared(id) else {
                    return None;
                };
                Some(matchers.iter().any(|matcher| matcher.fits(text, &folded)))
            }
            Patterns::Expr(pattern) => match self.value(*pattern, scope) {
                Value::Text(pattern) => Matcher::new(test, &pattern)
                    .ok()
                    .map(|matcher| matcher.fits(text, &folded)),
                Value::List(items) => any(items.iter().map(|item| {
                    let Value::Text(pattern) = item else {
                        return None;
                    };
                    Matcher::new(test, pattern)
                        .ok()
                        .map(|matcher| matcher.fits(text, &folded))
                })),
                _ => None,
            },
        }
    }
}
