//! Arithmetic: what the dimensions of the sides make of it.
//!
//! Apart from evaluation because it is a table. What overflows, leaves the range of times, divides
//! by zero or does not mix is missing.

use muster_lang::ir::ArithmeticOp;
use muster_lang::units::{Duration, SECOND, Timestamp};
use muster_lang::value::Value;
use muster_lang::value::number::{exact_int, nearest_float};

/// Applies an operation to two values.
pub(super) fn apply(op: ArithmeticOp, left: &Value, right: &Value) -> Value {
    let result = match op {
        ArithmeticOp::Add => add(left, right),
        ArithmeticOp::Subtract => subtract(left, right),
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
        Value::Duration(span) => span.0.checked_neg().map(duration),
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

fn duration(micros: i64) -> Value {
    Value::Duration(Duration(micros))
}

/// Returns an instant, if it is one that an event may bear.
fn time(micros: i64) -> Option<Value> {
    let time = Timestamp(micros);
    (Timestamp::MIN..=Timestamp::MAX)
        .contains(&time)
        .then_some(Value::Time(time))
}

fn finite(number: f64) -> Option<f64> {
    number.is_finite().then_some(number)
}

fn add(left: &Value, right: &Value) -> Option<Value> {
    match (left, right) {
        (Value::Int(left), Value::Int(right)) => left.checked_add(*right).map(Value::Int),
        (Value::Size(left), Value::Size(right)) => left.checked_add(*right).map(Value::Size),
        (Value::Duration(left), Value::Duration(right)) => {
            left.0.checked_add(right.0).map(duration)
        }
        (Value::Time(at), Value::Duration(span)) | (Value::Duration(span), Value::Time(at)) => {
            time(at.0.checked_add(span.0)?)
        }
        (Value::Distance(left), Value::Distance(right)) => {
            finite(left + right).map(Value::Distance)
        }
        (Value::Speed(left), Value::Speed(right)) => finite(left + right).map(Value::Speed),
        _ => finite(plain(left)? + plain(right)?).map(Value::Float),
    }
}

fn subtract(left: &Value, right: &Value) -> Option<Value> {
    match (left, right) {
        (Value::Int(left), Value::Int(right)) => left.checked_sub(*right).map(Value::Int),
        (Value::Size(left), Value::Size(right)) => left.checked_sub(*right).map(Value::Size),
        (Value::Duration(left), Value::Duration(right)) => {
            left.0.checked_sub(right.0).map(duration)
        }
        (Value::Time(left), Value::Time(right)) => left.0.checked_sub(right.0).map(duration),
        (Value::Time(at), Value::Duration(span)) => time(at.0.checked_sub(span.0)?),
        (Value::Distance(left), Value::Distance(right)) => {
            finite(left - right).map(Value::Distance)
        }
        (Value::Speed(left), Value::Speed(right)) => finite(left - right).map(Value::Speed),
        _ => finite(plain(left)? - plain(right)?).map(Value::Float),
    }
}

/// Returns a number without a unit.
fn plain(value: &Value) -> Option<f64> {
    match value {
        Value::Int(number) => Some(nearest_float(*number)),
        Value::Float(number) => Some(*number),
        Value::Missing
        | Value::Bool(_)
        | Value::Text(_)
        | Value::Time(_)
        | Value::Duration(_)
        | Value::Distance(_)
        | Value::Speed(_)
        | Value::Size(_)
        | Value::Ip(_)
        | Value::Geo(_)
        | Value::List(_)
        | Value::Record(_) => None,
    }
}

fn seconds(span: Duration) -> f64 {
    nearest_float(span.0) / nearest_float(SECOND)
}

/// Returns whole units nearest to a float.
fn whole(units: f64) -> Option<i64> {
    exact_int(units.round())
}

fn multiply(left: &Value, right: &Value) -> Option<Value> {
    match (left, right) {
        (Value::Int(left), Value::Int(right)) => left.checked_mul(*right).map(Value::Int),
        (Value::Size(bytes), Value::Int(times)) | (Value::Int(times), Value::Size(bytes)) => {
            bytes.checked_mul(*times).map(Value::Size)
        }
        (Value::Duration(span), Value::Int(times)) | (Value::Int(times), Value::Duration(span)) => {
            span.0.checked_mul(*times).map(duration)
        }
        (Value::Speed(speed), Value::Duration(span))
        | (Value::Duration(span), Value::Speed(speed)) => {
            finite(speed * seconds(*span)).map(Value::Distance)
        }
        _ => match (plain(left), plain(right)) {
            (Some(left), Some(right)) => finite(left * right).map(Value::Float),
            (Some(factor), None) => scale(right, |units| units * factor),
            (None, Some(factor)) => scale(left, |units| units * factor),
            (None, None) => None,
        },
    }
}

/// Returns a quantity with its base units changed; whole ones are rounded to the nearest.
fn scale(quantity: &Value, change: impl Fn(f64) -> f64) -> Option<Value> {
    match quantity {
        Value::Size(bytes) => whole(change(nearest_float(*bytes))).map(Value::Size),
        Value::Duration(span) => whole(change(nearest_float(span.0))).map(duration),
        Value::Distance(metres) => finite(change(*metres)).map(Value::Distance),
        Value::Speed(speed) => finite(change(*speed)).map(Value::Speed),
        Value::Missing
        | Value::Bool(_)
        | Value::Int(_)
        | Value::Float(_)
        | Value::Text(_)
        | Value::Time(_)
        | Value::Ip(_)
        | Value::Geo(_)
        | Value::List(_)
        | Value::Record(_) => None,
    }
}

fn divide(left: &Value, right: &Value) -> Option<Value> {
    // By zero gives no finite number, whatever is divided.
    let ratio = |left: f64, right: f64| finite(left / right);
    match (left, right) {
        (Value::Size(left), Value::Size(right)) => {
            ratio(nearest_float(*left), nearest_float(*right)).map(Value::Float)
        }
        (Value::Duration(left), Value::Duration(right)) => {
            ratio(nearest_float(left.0), nearest_float(right.0)).map(Value::Float)
        }
        (Value::Distance(left), Value::Distance(right))
        | (Value::Speed(left), Value::Speed(right)) => ratio(*left, *right).map(Value::Float),
        (Value::Distance(metres), Value::Duration(span)) => {
            ratio(*metres, seconds(*span)).map(Value::Speed)
        }
        (Value::Distance(metres), Value::Speed(speed)) => {
            whole(metres / speed * nearest_float(SECOND)).map(duration)
        }
        _ => {
            let divisor = plain(right)?;
            match plain(left) {
                Some(left) => ratio(left, divisor).map(Value::Float),
                None => scale(left, |units| units / divisor),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOUR: i64 = 3_600 * SECOND;

    fn at(micros: i64) -> Value {
        Value::Time(Timestamp(micros))
    }

    #[test]
    fn dimensions_decide_what_comes_out() {
        use ArithmeticOp::{Add, Divide, Multiply, Subtract};
        let km = |km: f64| Value::Distance(km * 1_000.0);
        for (left, op, right, result) in [
            (Value::Int(2), Add, Value::Int(3), Value::Int(5)),
            (Value::Int(2), Add, Value::Float(0.5), Value::Float(2.5)),
            (Value::Int(1), Divide, Value::Int(2), Value::Float(0.5)),
            (Value::Int(4), Divide, Value::Int(2), Value::Float(2.0)),
            (at(5), Subtract, at(8), duration(-3)),
            (at(5), Add, duration(3), at(8)),
            (duration(3), Add, at(5), at(8)),
            (at(5), Subtract, duration(3), at(2)),
            (
                duration(HOUR),
                Divide,
                duration(HOUR / 2),
                Value::Float(2.0),
            ),
            (
                duration(HOUR),
                Multiply,
                Value::Float(1.5),
                duration(HOUR * 3 / 2),
            ),
            (Value::Int(2), Multiply, duration(HOUR), duration(2 * HOUR)),
            (duration(10), Divide, Value::Int(4), duration(3)),
            (Value::Size(7), Subtract, Value::Size(9), Value::Size(-2)),
            (
                Value::Size(i64::MAX),
                Multiply,
                Value::Int(1),
                Value::Size(i64::MAX),
            ),
            (Value::Size(6), Divide, Value::Size(4), Value::Float(1.5)),
            (km(36.0), Divide, duration(HOUR), Value::Speed(10.0)),
            (km(36.0), Divide, Value::Speed(10.0), duration(HOUR)),
            (Value::Speed(10.0), Multiply, duration(HOUR), km(36.0)),
            (km(3.0), Divide, km(2.0), Value::Float(1.5)),
        ] {
            assert_eq!(
                apply(op, &left, &right),
                result,
                "{left:?} {op:?} {right:?}"
            );
        }
    }

    #[test]
    fn what_overflows_divides_by_zero_or_does_not_mix_is_missing() {
        use ArithmeticOp::{Add, Divide, Multiply, Subtract};
        for (left, op, right) in [
            (Value::Int(i64::MAX), Add, Value::Int(1)),
            (Value::Int(i64::MIN), Subtract, Value::Int(1)),
            (Value::Int(i64::MAX), Multiply, Value::Int(2)),
            (Value::Int(1), Divide, Value::Int(0)),
            (Value::Int(0), Divide, Value::Float(-0.0)),
            (Value::Float(f64::MAX), Multiply, Value::Float(2.0)),
            (duration(1), Divide, Value::Int(0)),
            (duration(0), Divide, Value::Int(0)),
            (Value::Distance(1.0), Divide, duration(0)),
            (Value::Distance(0.0), Divide, Value::Speed(0.0)),
            (
                Value::Speed(f64::INFINITY),
                Subtract,
                Value::Speed(f64::INFINITY),
            ),
            (at(0), Subtract, duration(1)),
            (at(0), Add, duration(i64::MAX)),
            (at(1), Add, at(1)),
            (Value::Size(1), Add, Value::Int(1)),
            (duration(1), Add, Value::Size(1)),
            (Value::text("a"), Add, Value::text("b")),
            (Value::Missing, Add, Value::Int(1)),
            (Value::Int(1), Multiply, Value::Missing),
            (Value::Bool(true), Add, Value::Bool(true)),
        ] {
            assert_eq!(
                apply(op, &left, &right),
                Value::Missing,
                "{left:?} {op:?} {right:?}"
            );
        }
        assert_eq!(negate(&Value::Int(i64::MIN)), Value::Missing);
        assert_eq!(negate(&duration(3)), duration(-3));
        assert_eq!(negate(&Value::text("x")), Value::Missing);
    }
}
