//! `abs`: a value without its sign.
//!
//! A file of its own, as every builtin has.

use super::{Builtin, Gives, Kind, Parameter, Signature, Takes, argument};
use crate::units::Duration;
use crate::value::Value;

pub(super) const BUILTIN: Builtin = Builtin {
    name: "abs",
    kind: Kind::Function,
    signature: Signature {
        parameters: &[Parameter::new("value", Takes::Quantity)],
        options: &[],
        gives: Gives::First,
    },
    doc: "Returns the value without its sign.",
    missing: "Missing where 64 bits do not hold the result.",
    examples: &[
        ("abs(-3)", "3"),
        ("abs(-1h30m)", "1h30m"),
        ("abs(-2.5)", "2.5"),
        (r#"abs(json("\"x\""))"#, "missing"),
    ],
    call,
};

fn call(arguments: &[Value]) -> Value {
    match argument::any(arguments, 0) {
        Value::Int(int) => int.checked_abs().map_or(Value::Missing, Value::Int),
        Value::Size(bytes) => bytes.checked_abs().map_or(Value::Missing, Value::Size),
        Value::Duration(span) => span
            .0
            .checked_abs()
            .map_or(Value::Missing, |span| Value::Duration(Duration(span))),
        Value::Float(float) => Value::Float(float.abs()),
        Value::Distance(metres) => Value::Distance(metres.abs()),
        Value::Speed(speed) => Value::Speed(speed.abs()),
        Value::Missing
        | Value::Bool(_)
        | Value::Text(_)
        | Value::Time(_)
        | Value::Ip(_)
        | Value::Geo(_)
        | Value::List(_)
        | Value::Record(_) => Value::Missing,
    }
}
