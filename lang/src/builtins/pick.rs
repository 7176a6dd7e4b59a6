//! `pick`: the first element that fits.
//!
//! A file of its own, as every builtin has; the evaluator has a form of its own for it, as its second
//! argument is a condition that is asked of each element.

use super::{Builtin, Element, Gives, Kind, Parameter, Signature, Takes};
use crate::value::Value;

pub(super) const BUILTIN: Builtin = Builtin {
    name: "pick",
    kind: Kind::Form,
    signature: Signature {
        parameters: &[
            Parameter::new("list", Takes::List(Element::Any)),
            Parameter::new("condition", Takes::Condition),
        ],
        options: &[],
        gives: Gives::Element,
    },
    doc: "Returns the first element of a list for which a condition holds. In the condition a path that \
          starts with a dot is the element's: `pick(.targets, .type is \"User\").name`.",
    missing: "Missing where the condition holds for no element.",
    examples: &[
        (
            r#"pick(json("[{\"type\": \"App\", \"id\": 1}, {\"type\": \"User\", \"id\": 2}]"), .type is "user")"#,
            r#"{"type":"User","id":2}"#,
        ),
        (
            r#"pick(json("[{\"type\": \"App\"}]"), .type is "User")"#,
            "missing",
        ),
    ],
    call,
};

fn call(_arguments: &[Value]) -> Value {
    Value::Missing
}
