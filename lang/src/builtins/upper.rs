//! `upper`: text in capitals.
//!
//! A file of its own, as every builtin has.

use super::{Builtin, Gives, Kind, Parameter, Signature, Takes, argument};
use crate::value::Value;

pub(super) const BUILTIN: Builtin = Builtin {
    name: "upper",
    kind: Kind::Function,
    signature: Signature {
        parameters: &[Parameter::new("text", Takes::Text)],
        options: &[],
        gives: Gives::Text,
    },
    doc: "Returns the text in upper case, as Unicode defines it for the whole text.",
    missing: "Missing for lists, records and places; numbers are taken as text.",
    examples: &[
        (r#"upper("es")"#, r#""ES""#),
        (r#"upper("straße")"#, r#""STRASSE""#),
    ],
    call,
};

fn call(arguments: &[Value]) -> Value {
    argument::give(
        argument::text(arguments, 0).map(|text| argument::give_text(text.to_uppercase())),
    )
}
