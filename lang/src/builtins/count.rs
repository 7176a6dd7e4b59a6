//! `count`: how many there are.
//!
//! A file of its own, as every builtin has.

use super::{Builtin, Element, Gives, Kind, Parameter, Signature, Takes, argument};
use crate::ir::AggregateFunction;
use crate::types::Type;
use crate::value::{Value, aggregate};

pub(super) const BUILTIN: Builtin = Builtin {
    name: "count",
    kind: Kind::Aggregate,
    signature: Signature {
        parameters: &[Parameter::new("values", Takes::List(Element::Any))],
        options: &[],
        gives: Gives::Int,
    },
    doc: "Returns how many events a group has, or how many elements of a list, or values of a \
          group, are not missing. A `where` behind the argument chooses those that count.",
    missing: "Missing for what is no list.",
    examples: &[
        (r#"count(["a", "b", "a"])"#, "3"),
        ("count([])", "0"),
        (r#"count(json("[1, null]"))"#, "1"),
    ],
    call,
};

fn call(arguments: &[Value]) -> Value {
    argument::list(arguments, 0).map_or(Value::Missing, |items| {
        aggregate::over(AggregateFunction::Count, items, &Type::Any)
    })
}
