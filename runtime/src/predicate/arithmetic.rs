//! Arithmetic: what the dimensions of the sides make of it.
//!
//! Apart from evaluation because it is a table. What overflows, or divides by zero, is missing.

use muster_lang::ir::ArithmeticOp;
use muster_lang::units::{Duration, SECOND, Timestamp};
use muster_lang::value::Value;
use muster_lang::value::number::{exact_int, nearest_float};

/// Applies an operation to two values.
pub(super) fn apply(op: ArithmeticOp, left: &Value, right: &Value) -> Value {
    let result = match op {
        ArithmeticOp::Add => add(left, right, 1),
        ArithmeticOp::Subtract => add(left, right, -1),
        ArithmeticOp::Multiply => multiply(left, right),
        ArithmeticOp::Divide => divide(left, right),
    };
    result.unwrap_or_default()
}

/// Returns the negative of a value.
pub(super) fn negate(value: &Value) -> Value {
    let negative = match value {
        Value::Int(number) => number.checked_neg().map(Value::Int),
        Value::Float(number) => Some(Value::Float(-number)),
        Value::Duration(span) => span
            .0
            .checked_neg()
            .map(|span| Value::Duration(Duration(span))),
        Value::Size(bytes) => bytes.checked_neg().map(Value::Size),
        Value::Distance(metres) => Some(Value::Distance(-metres)),
        Value::Speed(speed) => Some(Value::Speed(-speed)),
        Value::Missing
        | Value::Bool(_)
        | Value::Text(_)
        | Value::Time(_)
        | Value::Ip(_)
        | Value::Geo(_)
        | Value::List(_)
        | Value::Record(_) => None,
    };
    negative.unwrap_or_default()
}

fn finite(number: f64) -> Option<f64> {
    number.is_finite().then_some(number)
}

fn add(left: &Value, right: &Value, sign: i64) -> Option<Value> {
    let exact = |left: i64, right: i64| left.checked_add(right.checked_mul(sign)?);
    let float = |left: f64, right: f64| finite(left + nearest_float(sign) * right);
    Some(match (left, right) {
        (Value::Int(left), Value::Int(right)) => Value::Int(exact(*left, *right)?),
        (Value::Size(left), Value::Size(right)) => Value::Size(exact(*left, *right)?),
        (Value::Duration(left), Value::Duration(right)) => {
            Value::Duration(Duration(exact(left.0, right.0)?))
        }
        (Value::Time(left), Value::Duration(right)) => {
            Value::Time(Timestamp(exact(left.0, right.0)?))
        }
        (Value::Duration(left), Value::Time(right)) if sign == 1 => {
            Value::Time(Timestamp(exact(left.0, right.0)?))
        }
        (Value::Time(left), Value::Time(right)) if sign == -1 => {
            Value::Duration(Duration(exact(left.0, right.0)?))
        }
        (Value::Distance(left), Value::Distance(right)) => Value::Distance(float(*left, *right)?),
        (Value::Speed(left), Value::Speed(right)) => Value::Speed(float(*left, *right)?),
        (Value::Int(_) | Value::Float(_), Value::Int(_) | Value::Float(_)) => {
            Value::Float(float(plain(left)?, plain(right)?)?)
        }
        _ => return None,
    })
}

/// Returns a number without a unit.
fn plain(value: &Value) -> Option<f64> {
    match value {
        Value::Int(number) => Some(nearest_float(*number)),
        Value::Float(number) => Some(*number),
        _ => None,
    }
}

fn multiply(left: &Value, right: &Value) -> Option<Value> {
    if let (Value::Int(left), Value::Int(right)) = (left, right) {
        return left.checked_mul(*right).map(Value::Int);
    }
    match (plain(left), plain(right)) {
        (Some(left), Some(right)) => finite(left * right).map(Value::Float),
        (Some(factor), None) => scale(right, factor),
        (None, Some(factor)) => scale(left, factor),
        (None, None) => None,
    }
}

/// Returns a quantity times a factor; whole units are rounded to the nearest.
fn scale(quantity: &Value, factor: f64) -> Option<Value> {
    let whole = |units: i64| {
        finite(nearest_float(units) * factor).and_then(|units| exact_int(units.round()))
    };
    Some(match quantity {
        Value::Size(bytes) => Value::Size(whole(*bytes)?),
        Value::Duration(span) => Value::Duration(Duration(whole(span.0)?)),
        Value::Distance(metres) => Value::Distance(finite(metres * factor)?),
        Value::Speed(speed) => Value::Speed(finite(speed * factor)?),
        _ => return None,
    })
}

fn divide(left: &Value, right: &Value) -> Option<Value> {
    let ratio = |left: f64, right: f64| {
        if right == 0.0 {
            None
        } else {
            finite(left / right)
        }
    };
    if let (Some(left), Some(right)) = (plain(left), plain(right)) {
        return ratio(left, right).map(Value::Float);
    }
    if let Some(divisor) = plain(right) {
        return if divisor == 0.0 {
            None
        } else {
            scale(left, 1.0 / divisor)
        };
    }
    Some(match (left, right) {
        (Value::Size(left), Value::Size(right)) => {
            Value::Float(ratio(nearest_float(*left), nearest_float(*right))?)
        }
        (Value::Duration(left), Value::Duration(right)) => {
            Value::Float(ratio(nearest_float(left.0), nearest_float(right.0))?)
        }
        (Value::Distance(left), Value::Distance(right))
        | (Value::Speed(left), Value::Speed(right)) => Value::Float(ratio(*left, *right)?),
        (Value::Distance(metres), Value::Duration(span)) => Value::Speed(ratio(
            *metres,
            nearest_float(span.0) / nearest_float(SECOND),
        )?),
        _ => return None,
    })
}
