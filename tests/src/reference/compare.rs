//! Comparisons: of two values, of a list, of what has no type.
//!
//! Apart from expressions because each word of comparison has a sentence of its own.

use std::cmp::Ordering;
use std::sync::Arc;

use muster_lang::syntax::ast::{self, CompareOp, Expr, ExprKind, QuantifiedTest};
use muster_lang::types::{EnumType, Type};
use muster_lang::value::Value;
use regex::Regex;

use super::convert::convert;
use super::expression::{truth, value};
use super::lookup;
use super::memory;
use super::names::{Expected, Named, Scope, expected_by, resolve};
use super::value::{self, Truth, fold, like};
use super::{Answer, unsupported};

/// Returns the truth of a comparison.
pub(crate) fn comparison(
    op: CompareOp,
    left: &Expr,
    right: &Expr,
    scope: Scope<'_>,
) -> Answer<Truth> {
    let expected = expected_by(left, scope);
    let mirrored = expected_by(right, scope);
    let found = value(left, scope, &mirrored)?;
    if op == CompareOp::In
        && let Some(verdict) = membership(left, &found, right, scope)?
    {
        return Ok(verdict);
    }
    let wanted = value(right, scope, &expected)?;
    let symbols = match (&expected, &mirrored) {
        (Expected::Symbols(symbols), _) | (_, Expected::Symbols(symbols)) => Some(&**symbols),
        _ => None,
    };
    match (
        lookup::is_unmapped(left, scope),
        lookup::is_unmapped(right, scope),
    ) {
        (false, false) => compare(op, &found, &wanted, symbols),
        sides => unmapped(op, (&found, &wanted), symbols, sides),
    }
}

/// Compares what has no type: it takes that of the other side; two without a type are of the same
/// kind, or it is unknown.
fn unmapped(
    op: CompareOp,
    (left, right): (&Value, &Value),
    symbols: Option<&EnumType>,
    sides: (bool, bool),
) -> Answer<Truth> {
    if let (Value::List(items), false) = (right, sides.1) {
        let mut verdict = Truth::False;
        let negated = op == CompareOp::NotEqual;
        let op = if negated { CompareOp::Equal } else { op };
        for item in items.iter() {
            verdict = verdict.or(unmapped(op, (left, item), symbols, sides)?);
        }
        return Ok(if negated { verdict.not() } else { verdict });
    }
    let typed = |unmapped: &Value, other: &Value| match symbols {
        Some(symbols) => convert(unmapped, &Type::Enum(Arc::new(symbols.clone()))),
        None => lookup::alike(unmapped, other),
    };
    let elements = |items: &[Value], other: &Value| {
        Value::List(items.iter().map(|item| typed(item, other)).collect())
    };
    match (sides, left) {
        ((true, false), Value::List(items)) if op == CompareOp::Contains => {
            compare(op, &elements(items, right), right, symbols)
        }
        ((true, false), _) => compare(op, &typed(left, right), right, symbols),
        ((false, true), _) => compare(op, left, &typed(right, left), symbols),
        _ if left.is_missing() || right.is_missing() => Ok(Truth::Unknown),
        _ if value::kind(left) != value::kind(right) => Ok(Truth::Unknown),
        _ => compare(op, left, right, symbols),
    }
}

/// `x in seen-memory` and `x in table`; nothing for any other right side.
fn membership(left: &Expr, found: &Value, right: &Expr, scope: Scope<'_>) -> Answer<Option<Truth>> {
    if let Some(table) = lookup::table(right, scope) {
        return lookup::has_row(table, left, found, scope).map(Some);
    }
    let ExprKind::Path(path) = &right.kind else {
        return Ok(None);
    };
    match resolve(path, scope, &Expected::Nothing)? {
        Named::Memory(memory, Some(event), rest)
            if rest.is_empty() && matches!(memory.kind, ast::MemoryKind::Seen(_)) =>
        {
            memory::contains(scope.world, memory, event, found).map(Some)
        }
        _ => Ok(None),
    }
}

/// Compares two values; a missing one makes it unknown, a list on the right any of its elements.
pub(crate) fn compare(
    op: CompareOp,
    left: &Value,
    right: &Value,
    symbols: Option<&EnumType>,
) -> Answer<Truth> {
    if left.is_missing() || right.is_missing() {
        return Ok(Truth::Unknown);
    }
    if let Value::List(items) = right {
        let mut verdict = Truth::False;
        for item in items.iter() {
            let negated = op == CompareOp::NotEqual;
            let op = if negated { CompareOp::Equal } else { op };
            verdict = verdict.or(compare(op, left, item, symbols)?);
        }
        return Ok(if op == CompareOp::NotEqual {
            verdict.not()
        } else {
            verdict
        });
    }
    if let (Value::List(items), CompareOp::Contains) = (left, op) {
        let mut verdict = Truth::False;
        for item in items.iter() {
            verdict = verdict.or(compare(CompareOp::Is, item, right, symbols)?);
        }
        return Ok(verdict);
    }
    one_to_one(op, left, right, symbols)
}

fn one_to_one(
    op: CompareOp,
    left: &Value,
    right: &Value,
    symbols: Option<&EnumType>,
) -> Answer<Truth> {
    let order = || match symbols {
        Some(symbols) if symbols.ordered => value::ranked(symbols, left, right),
        _ => value::ordered(left, right),
    };
    let texts = match (left, right) {
        (Value::Text(left), Value::Text(right)) => Some((fold(left), fold(right))),
        _ => None,
    };
    let verdict = match op {
        CompareOp::Is => value::same(left, right),
        CompareOp::Equal | CompareOp::NotEqual => {
            let equal = match (left, right) {
                (Value::Text(left), Value::Text(right)) => Some(left == right),
                _ => value::same(left, right),
            };
            equal.map(|equal| equal == (op == CompareOp::Equal))
        }
        CompareOp::Less => order().map(Ordering::is_lt),
        CompareOp::LessOrEqual => order().map(Ordering::is_le),
        CompareOp::Greater => order().map(Ordering::is_gt),
        CompareOp::GreaterOrEqual => order().map(Ordering::is_ge),
        CompareOp::In => inside(left, right),
        CompareOp::Contains => texts.map(|(left, right)| left.contains(&right)),
        CompareOp::StartsWith => texts.map(|(left, right)| left.starts_with(&right)),
        CompareOp::EndsWith => texts.map(|(left, right)| left.ends_with(&right)),
        CompareOp::Like => texts.map(|(left, right)| like(&left, &right)),
        CompareOp::Matches => match (left, right) {
            (Value::Text(left), Value::Text(right)) => Some(pattern(right)?.is_match(left)),
            _ => None,
        },
    };
    match verdict {
        Some(verdict) => Ok(Truth::of(verdict)),
        None => unsupported(format!("comparing {left:?} {op:?} {right:?}")),
    }
}

/// A regular expression.
pub(crate) fn pattern(text: &str) -> Answer<Regex> {
    match Regex::new(text) {
        Ok(pattern) => Ok(pattern),
        Err(error) => unsupported(format!("the pattern `{text}`: {error}")),
    }
}

/// An address in a network, or one of a list of equal values.
fn inside(left: &Value, right: &Value) -> Option<bool> {
    match (left, right) {
        (Value::Ip(address), Value::Text(network)) if network.contains('/') => {
            value::in_network(*address, network)
        }
        _ => value::same(left, right),
    }
}

/// Returns the truth of `any of` and `all of`.
pub(crate) fn quantified(
    all: bool,
    list: &Expr,
    test: &QuantifiedTest,
    scope: Scope<'_>,
) -> Answer<Truth> {
    let expected = expected_by(list, scope);
    let items = match value(list, scope, &Expected::Nothing)? {
        Value::List(items) => items,
        Value::Missing => return Ok(Truth::Unknown),
        one => Arc::from([one]),
    };
    let mut verdict = Truth::of(all);
    for item in items.iter() {
        let one = match test {
            QuantifiedTest::Compare {
                op,
                negated,
                value: written,
            } => {
                let wanted = value(written, scope, &expected)?;
                let sides = (
                    lookup::is_unmapped(list, scope),
                    lookup::is_unmapped(written, scope),
                );
                let one = match sides {
                    (false, false) => compare(*op, item, &wanted, None)?,
                    sides => unmapped(*op, (item, &wanted), None, sides)?,
                };
                if *negated { one.not() } else { one }
            }
            QuantifiedTest::Where(condition) => truth(
                condition,
                Scope {
                    item: Some(item),
                    ..scope
                },
            )?,
        };
        verdict = if all {
            verdict.and(one)
        } else {
            verdict.or(one)
        };
    }
    Ok(verdict)
}
