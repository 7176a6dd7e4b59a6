//! `round`: a number without most of its decimals.
//!
//! A file of its own, as every builtin has.

use super::{Builtin, Gives, Kind, Parameter, Signature, Takes, argument};
use crate::value::{Value, aggregate, number};

pub(super) const BUILTIN: Builtin = Builtin {
    name: "round",
    kind: Kind::Function,
    signature: Signature {
        parameters: &[
            Parameter::new("value", Takes::Number),
            Parameter::new("digits", Takes::IntUpTo(15)).optional(),
        ],
        options: &[],
        gives: Gives::Rounded,
    },
    doc: "Returns the nearest integer, or with a second argument the nearest number of so many \
          decimals. Halves go away from zero.",
    missing: "Missing where 64 bits do not hold the integer.",
    examples: &[
        ("round(2.5)", "3"),
        ("round(-2.5)", "-3"),
        ("round(3.14159, 2)", "3.14"),
        ("round(7)", "7"),
        (r#"round(json("1e300"))"#, "missing"),
    ],
    call,
};

fn call(arguments: &[Value]) -> Value {
    argument::give(round(arguments))
}

fn round(arguments: &[Value]) -> Option<Value> {
    let value = argument::any(arguments, 0);
    let digits = argument::any(arguments, 1);
    if digits.is_missing() {
        return match value {
            Value::Int(int) => Some(Value::Int(*int)),
            other => number::exact_int(crate::value::to_float(other)?.round()).map(Value::Int),
        };
    }
    let Value::Int(digits @ 0..=15) = digits else {
        return None;
    };
    let factor = 10_f64.powi(i32::try_from(*digits).ok()?);
    let float = crate::value::to_float(value)?;
    let scaled = float * factor;
    // A number too large to be scaled has no decimals.
    let rounded = if scaled.is_finite() {
        scaled.round() / factor
    } else {
        float
    };
    Some(aggregate::finite(Value::Float, rounded))
}
