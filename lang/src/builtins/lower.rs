//! `lower`: text in small letters.
//!
//! A file of its own, as every builtin has.

use super::{Builtin, Gives, Kind, Parameter, Signature, Takes, argument};
use crate::value::Value;

pub(super) const BUILTIN: Builtin = Builtin {
    name: "lower",
    kind: Kind::Function,
    signature: Signature {
        parameters: &[Parameter::new("text", Takes::Text)],
        options: &[],
        gives: Gives::Text,
    },
    doc: "Returns the text in lower case, as Unicode defines it for the whole text.",
    missing: "Missing for lists, records and places; numbers are taken as text.",
    examples: &[
        (r#"lower("Ana@Corp.Example")"#, r#""ana@corp.example""#),
        (r#"lower("ÁRBOL")"#, r#""árbol""#),
        (r#"lower(json("17"))"#, r#""17""#),
        (r#"lower(json("[1]"))"#, "missing"),
    ],
    call,
};

fn call(arguments: &[Value]) -> Value {
    argument::give(
        argument::text(arguments, 0).map(|text| argument::give_text(text.to_lowercase())),
    )
}
