//! `distinct`: how many different ones there are.
//!
//! A file of its own, as every builtin has.

use super::{Builtin, Element, Gives, Kind, Parameter, Signature, Takes, argument};
use crate::ir::AggregateFunction;
use crate::types::Type;
use crate::value::{Value, aggregate};

pub(super) const BUILTIN: Builtin = Builtin {
    name: "distinct",
    kind: Kind::Aggregate,
    signature: Signature {
        parameters: &[Parameter::new("values", Takes::List(Element::Any))],
        options: &[],
        gives: Gives::Int,
    },
    doc: "Returns how many different values there are; texts are compared ignoring case, and a \
          list counts each of its values.",
    missing: "Missing for what is no list.",
    examples: &[
        (r#"distinct(["Ana", "ana", "bo"])"#, "2"),
        ("distinct([1, 1.0])", "1"),
        ("distinct([])", "0"),
    ],
    call,
};

fn call(arguments: &[Value]) -> Value {
    argument::list(arguments, 0).map_or(Value::Missing, |items| {
        aggregate::over(AggregateFunction::Distinct, items, &Type::Any)
    })
}
