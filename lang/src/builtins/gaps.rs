//! `gaps`: the spans between neighbours.
//!
//! A file of its own, as every builtin has.

use super::{Builtin, Element, Gives, Kind, Parameter, Signature, Takes, argument};
use crate::ir::AggregateFunction;
use crate::types::Type;
use crate::value::{Value, aggregate};

pub(super) const BUILTIN: Builtin = Builtin {
    name: "gaps",
    kind: Kind::Aggregate,
    signature: Signature {
        parameters: &[Parameter::new("values", Takes::List(Element::Time))],
        options: &[],
        gives: Gives::Durations,
    },
    doc: "Returns the spans between neighboring events of a group, in stream order, or between \
          neighboring times of a list; one less than there are times.",
    missing: "Missing for what is no time.",
    examples: &[
        (
            "gaps([2026-03-15T09:00:00Z, 2026-03-15T09:01:00Z, 2026-03-15T09:03:30Z])",
            "[1m, 2m30s]",
        ),
        ("gaps([2026-03-15T09:00:00Z])", "[]"),
    ],
    call,
};

fn call(arguments: &[Value]) -> Value {
    argument::list(arguments, 0).map_or(Value::Missing, |items| {
        aggregate::over(AggregateFunction::Gaps, items, &Type::Any)
    })
}
