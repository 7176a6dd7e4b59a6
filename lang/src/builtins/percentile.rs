//! `percentile`: the value at a share of all.
//!
//! A file of its own, as every builtin has.

use super::{Builtin, Element, Gives, Kind, Parameter, Signature, Takes, argument};
use crate::ir::AggregateFunction;
use crate::types::Type;
use crate::value::{Value, aggregate};

pub(super) const BUILTIN: Builtin = Builtin {
    name: "percentile",
    kind: Kind::Aggregate,
    signature: Signature {
        parameters: &[
            Parameter::new("values", Takes::List(Element::Ordered)),
            Parameter::new("percent", Takes::IntUpTo(100)),
        ],
        options: &[],
        gives: Gives::Element,
    },
    doc: "Returns the value at a percentage of the values in order, by nearest rank: the least \
          one that so many of a hundred do not exceed.",
    missing: "Missing over none, and where values have no common order.",
    examples: &[
        ("percentile([15, 20, 35, 40, 50], 30)", "20"),
        ("percentile([15, 20, 35, 40, 50], 100)", "50"),
        ("percentile([1h], 95)", "1h"),
        ("percentile([], 50)", "missing"),
    ],
    call,
};

fn call(arguments: &[Value]) -> Value {
    let Value::Int(percent @ 0..=100) = argument::any(arguments, 1) else {
        return Value::Missing;
    };
    let per_mille = u16::try_from(percent * 10).unwrap_or(1_000);
    argument::list(arguments, 0).map_or(Value::Missing, |items| {
        aggregate::over(AggregateFunction::Percentile(per_mille), items, &Type::Any)
    })
}
