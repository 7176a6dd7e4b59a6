//! `cv`: how much values vary.
//!
//! A file of its own, as every builtin has.

use super::{Builtin, Element, Gives, Kind, Parameter, Signature, Takes, argument};
use crate::value::{Value, aggregate};

pub(super) const BUILTIN: Builtin = Builtin {
    name: "cv",
    kind: Kind::Function,
    signature: Signature {
        parameters: &[Parameter::new("values", Takes::List(Element::Quantity))],
        options: &[],
        gives: Gives::Float,
    },
    doc: "Returns the coefficient of variation, the standard deviation (over n) divided by the \
          mean: near 0 where the values are alike. `cv(gaps(f)) < 0.1` finds a beacon.",
    missing: "Missing for fewer than two values, for a mean of 0, and where values do not add up.",
    examples: &[
        ("cv([10, 10, 10])", "0"),
        ("cv([2, 4, 4, 4, 5, 5, 7, 9])", "0.4"),
        ("cv([1m, 3m])", "0.5"),
        ("cv([5])", "missing"),
        ("cv([-1, 1])", "missing"),
    ],
    call,
};

fn call(arguments: &[Value]) -> Value {
    argument::give(variation(arguments))
}

fn variation(arguments: &[Value]) -> Option<Value> {
    let items = argument::list(arguments, 0)?;
    let first = items.iter().find(|item| !item.is_missing())?;
    let mut amounts = Vec::new();
    for item in items.iter().filter(|item| !item.is_missing()) {
        first.order(item)?;
        amounts.push(amount(item)?);
    }
    if amounts.len() < 2 {
        return None;
    }
    #[expect(
        clippy::cast_precision_loss,
        reason = "a list has far fewer elements than 2^53"
    )]
    let number = amounts.len() as f64;
    let mean = amounts.iter().sum::<f64>() / number;
    let variance = amounts
        .iter()
        .map(|amount| (amount - mean).powi(2))
        .sum::<f64>()
        / number;
    Some(aggregate::finite(Value::Float, variance.sqrt() / mean))
}

/// Returns the size of a value in its base unit.
fn amount(value: &Value) -> Option<f64> {
    match value {
        Value::Int(int) | Value::Size(int) => Some(crate::value::number::nearest_float(*int)),
        Value::Duration(span) => Some(crate::value::number::nearest_float(span.0)),
        Value::Float(float) | Value::Distance(float) | Value::Speed(float) => Some(*float),
        Value::Missing
        | Value::Bool(_)
        | Value::Text(_)
        | Value::Time(_)
        | Value::Ip(_)
        | Value::Geo(_)
        | Value::List(_)
        | Value::Record(_) => None,
    }
}
