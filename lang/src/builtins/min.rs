//! `min`: the least.
//!
//! A file of its own, as every builtin has.

use super::{Builtin, Element, Gives, Kind, Parameter, Signature, Takes, argument};
use crate::ir::AggregateFunction;
use crate::types::Type;
use crate::value::{Value, aggregate};

pub(super) const BUILTIN: Builtin = Builtin {
    name: "min",
    kind: Kind::Aggregate,
    signature: Signature {
        parameters: &[Parameter::new("values", Takes::List(Element::Ordered))],
        options: &[],
        gives: Gives::Element,
    },
    doc: "Returns the least of the values.",
    missing: "Missing over none, and where values have no common order.",
    examples: &[
        ("min([3, 1, 2])", "1"),
        ("min([2m, 90s])", "1m30s"),
        ("min([])", "missing"),
    ],
    call,
};

fn call(arguments: &[Value]) -> Value {
    argument::list(arguments, 0).map_or(Value::Missing, |items| {
        aggregate::over(AggregateFunction::Min, items, &Type::Any)
    })
}
