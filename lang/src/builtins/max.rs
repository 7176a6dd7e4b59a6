//! `max`: the greatest.
//!
//! A file of its own, as every builtin has.

use super::{Builtin, Element, Gives, Kind, Parameter, Signature, Takes, argument};
use crate::ir::AggregateFunction;
use crate::types::Type;
use crate::value::{Value, aggregate};

pub(super) const BUILTIN: Builtin = Builtin {
    name: "max",
    kind: Kind::Aggregate,
    signature: Signature {
        parameters: &[Parameter::new("values", Takes::List(Element::Ordered))],
        options: &[],
        gives: Gives::Element,
    },
    doc: "Returns the greatest of the values.",
    missing: "Missing over none, and where values have no common order.",
    examples: &[
        ("max([3, 1, 2])", "3"),
        (r#"max(["2026-01-31", "2026-02-01"])"#, r#""2026-02-01""#),
        ("max([])", "missing"),
    ],
    call,
};

fn call(arguments: &[Value]) -> Value {
    argument::list(arguments, 0).map_or(Value::Missing, |items| {
        aggregate::over(AggregateFunction::Max, items, &Type::Any)
    })
}
