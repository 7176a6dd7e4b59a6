//! `len`: how long a text or a list is.
//!
//! A file of its own, as every builtin has.

use super::{Builtin, Gives, Kind, Parameter, Signature, Takes, argument};
use crate::value::{Value, aggregate};

pub(super) const BUILTIN: Builtin = Builtin {
    name: "len",
    kind: Kind::Function,
    signature: Signature {
        parameters: &[Parameter::new("value", Takes::TextOrList)],
        options: &[],
        gives: Gives::Int,
    },
    doc: "Returns the number of characters of a text, or of elements of a list. Of a group it is \
          the number of its events.",
    missing: "Missing for what is neither.",
    examples: &[
        (r#"len("árbol")"#, "5"),
        (r#"len(["a", "b"])"#, "2"),
        (r#"len("")"#, "0"),
        (r#"len(json("5"))"#, "missing"),
    ],
    call,
};

fn call(arguments: &[Value]) -> Value {
    match (
        argument::list(arguments, 0),
        argument::any(arguments, 0).as_text(),
    ) {
        (Some(items), _) => aggregate::count(items.len()),
        (None, Some(text)) => aggregate::count(text.chars().count()),
        (None, None) => Value::Missing,
    }
}
