//! `trim`: text without white space around it.
//!
//! A file of its own, as every builtin has.

use super::{Builtin, Gives, Kind, Parameter, Signature, Takes, argument};
use crate::value::Value;

pub(super) const BUILTIN: Builtin = Builtin {
    name: "trim",
    kind: Kind::Function,
    signature: Signature {
        parameters: &[Parameter::new("text", Takes::Text)],
        options: &[],
        gives: Gives::Text,
    },
    doc: "Returns the text without white space at its beginning and end.",
    missing: "Missing for lists, records and places; numbers are taken as text.",
    examples: &[
        (r#"trim("  ana ")"#, r#""ana""#),
        (r#"trim("a b")"#, r#""a b""#),
        (r#"trim(" ")"#, r#""""#),
    ],
    call,
};

fn call(arguments: &[Value]) -> Value {
    argument::give(argument::text(arguments, 0).map(|text| Value::text(text.trim())))
}
