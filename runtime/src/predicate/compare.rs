//! Comparisons and membership.
//!
//! Apart from evaluation because their rules about unknown are their own.

use std::cmp::Ordering;

use muster_lang::ir::Comparison;
use muster_lang::types::EnumType;
use muster_lang::value::{Value, address, same_folded};

use super::Truth;
use super::raw::elements;

/// Compares two values; with a list on the right, `is` and `==` hold if they do for an element.
pub(super) fn compare(comparison: Comparison, left: &Value, right: &Value) -> Truth {
    match (comparison, left, right) {
        (Comparison::Is | Comparison::Equal, Value::List(_), _) => equal(comparison, left, right),
        (Comparison::Is | Comparison::Equal, _, Value::List(items)) => {
            Truth::any(items.iter().map(|item| equal(comparison, left, item)))
        }
        (Comparison::Is | Comparison::Equal, _, _) => equal(comparison, left, right),
        (
            Comparison::Less
            | Comparison::LessOrEqual
            | Comparison::Greater
            | Comparison::GreaterOrEqual,
            _,
            _,
        ) => left
            .order(right)
            .map(|order| orders(comparison, order))
            .into(),
    }
}

fn equal(comparison: Comparison, left: &Value, right: &Value) -> Truth {
    match comparison {
        Comparison::Equal => left.equal(right).into(),
        Comparison::Is
        | Comparison::Less
        | Comparison::LessOrEqual
        | Comparison::Greater
        | Comparison::GreaterOrEqual => left.is(right).into(),
    }
}

/// Compares two symbols by their rank; what is no symbol is unknown.
pub(super) fn compare_rank(
    symbols: &EnumType,
    comparison: Comparison,
    left: &Value,
    right: &Value,
) -> Truth {
    let rank = |value: &Value| {
        let text = value.as_text()?;
        symbols
            .symbols
            .iter()
            .position(|symbol| same_folded(symbol, text))
    };
    let order = rank(left)
        .zip(rank(right))
        .map(|(left, right)| left.cmp(&right));
    order.map(|order| orders(comparison, order)).into()
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

/// Tells whether a list holds a value, or one of a list of values.
pub(super) fn holds(list: &Value, value: &Value) -> Truth {
    let (Some(items), Some(values)) = (elements(list), elements(value)) else {
        return Truth::Unknown;
    };
    let held = |value: &Value| Truth::any(items.iter().map(|item| item.is(value).into()));
    Truth::any(values.iter().map(held))
}

/// Tells whether a value is in a computed list; an address may be in a network of the list.
pub(super) fn is_in_computed(value: &Value, set: &Value) -> Truth {
    let (Some(values), Some(items)) = (elements(value), elements(set)) else {
        return Truth::Unknown;
    };
    let held = |value: &Value| Truth::any(items.iter().map(|item| is_or_in(value, item)));
    Truth::any(values.iter().map(held))
}

fn is_or_in(value: &Value, item: &Value) -> Truth {
    if let (Value::Ip(ip), Some(text)) = (value, item.as_text()) {
        let network = address::parse_network(text);
        return network
            .map(|network| address::contains(network, *ip))
            .into();
    }
    value.is(item).into()
}
