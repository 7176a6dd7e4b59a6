//! `join`: a list as one text.
//!
//! A file of its own, as every builtin has.

use super::{Builtin, Element, Gives, Kind, Parameter, Signature, TEXT_BYTES_MAX, Takes, argument};
use crate::value::{Value, display};

pub(super) const BUILTIN: Builtin = Builtin {
    name: "join",
    kind: Kind::Function,
    signature: Signature {
        parameters: &[
            Parameter::new("list", Takes::List(Element::Any)),
            Parameter::new("separator", Takes::Text).optional(),
        ],
        options: &[],
        gives: Gives::Text,
    },
    doc: "Returns the elements of a list as one text with a separator between them, `, ` if none \
          is given. Missing elements are left out; elements print as in alerts.",
    missing: "Missing where the list is missing, or where the text would be longer than 1 MiB.",
    examples: &[
        (r#"join(["a", "b"], ", ")"#, r#""a, b""#),
        (r#"join([1, 2.5], "-")"#, r#""1-2.5""#),
        (r#"join(["a", "b"])"#, r#""a, b""#),
        (r#"join([], ",")"#, r#""""#),
    ],
    call,
};

fn call(arguments: &[Value]) -> Value {
    argument::give(join(arguments))
}

fn join(arguments: &[Value]) -> Option<Value> {
    let items = argument::list(arguments, 0)?;
    let separator = match argument::any(arguments, 1) {
        Value::Missing => ", ".into(),
        _ => argument::text(arguments, 1)?,
    };
    let mut text = String::new();
    for (at, item) in items.iter().filter(|item| !item.is_missing()).enumerate() {
        if at > 0 {
            text.push_str(&separator);
        }
        text.push_str(&display(item));
        if text.len() > TEXT_BYTES_MAX {
            return None;
        }
    }
    Some(Value::text(text))
}
