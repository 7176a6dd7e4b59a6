//! `sum`: a total.
//!
//! A file of its own, as every builtin has.

use super::{Builtin, Element, Gives, Kind, Parameter, Signature, Takes, argument};
use crate::ir::AggregateFunction;
use crate::types::Type;
use crate::value::{Value, aggregate};

pub(super) const BUILTIN: Builtin = Builtin {
    name: "sum",
    kind: Kind::Aggregate,
    signature: Signature {
        parameters: &[Parameter::new("values", Takes::List(Element::Quantity))],
        options: &[],
        gives: Gives::Element,
    },
    doc: "Returns the sum of the values, 0 over none. Integers are exact; a sum of numbers \
          beyond 64 bits is a float.",
    missing: "Missing where values do not add up, and where a size or duration is out of range.",
    examples: &[
        ("sum([1, 2, 3])", "6"),
        ("sum([9007199254740993, 2])", "9007199254740995"),
        ("sum([1h, 30m])", "1h30m"),
        ("sum([0.5, 1])", "1.5"),
        (r#"sum(json("[]"))"#, "0"),
    ],
    call,
};

fn call(arguments: &[Value]) -> Value {
    argument::list(arguments, 0).map_or(Value::Missing, |items| {
        aggregate::over(AggregateFunction::Sum, items, &Type::Any)
    })
}
