//! `avg`: the mean.
//!
//! A file of its own, as every builtin has.

use super::{Builtin, Element, Gives, Kind, Parameter, Signature, Takes, argument};
use crate::ir::AggregateFunction;
use crate::types::Type;
use crate::value::{Value, aggregate};

pub(super) const BUILTIN: Builtin = Builtin {
    name: "avg",
    kind: Kind::Aggregate,
    signature: Signature {
        parameters: &[Parameter::new("values", Takes::List(Element::Quantity))],
        options: &[],
        gives: Gives::Mean,
    },
    doc: "Returns the mean of the values: a float of numbers, else a quantity, whose \
          microseconds or bytes are rounded down.",
    missing: "Missing over none, and where values do not add up.",
    examples: &[
        ("avg([1, 2])", "1.5"),
        ("avg([1h, 30m])", "45m"),
        (r#"avg(json("[]"))"#, "missing"),
    ],
    call,
};

fn call(arguments: &[Value]) -> Value {
    argument::list(arguments, 0).map_or(Value::Missing, |items| {
        aggregate::over(AggregateFunction::Avg, items, &Type::Any)
    })
}
