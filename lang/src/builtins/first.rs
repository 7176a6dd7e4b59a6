//! `first`: the first of many.
//!
//! A file of its own, as every builtin has.

use super::{Builtin, Element, Gives, Kind, Parameter, Signature, Takes, argument};
use crate::ir::AggregateFunction;
use crate::types::Type;
use crate::value::{Value, aggregate};

pub(super) const BUILTIN: Builtin = Builtin {
    name: "first",
    kind: Kind::Aggregate,
    signature: Signature {
        parameters: &[Parameter::new("values", Takes::List(Element::Any))],
        options: &[],
        gives: Gives::Element,
    },
    doc: "Returns the first element of a list, or value of a group, that is not missing.",
    missing: "Missing over none.",
    examples: &[
        (r#"first(["a", "b"])"#, r#""a""#),
        (
            r#"first(split("81.2.69.142, 81.2.69.144", ", "))"#,
            r#""81.2.69.142""#,
        ),
        ("first([])", "missing"),
    ],
    call,
};

fn call(arguments: &[Value]) -> Value {
    argument::list(arguments, 0).map_or(Value::Missing, |items| {
        aggregate::over(AggregateFunction::First, items, &Type::Any)
    })
}
