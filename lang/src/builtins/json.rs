//! `json`: the value of a JSON text.
//!
//! A file of its own, as every builtin has.

use super::{Builtin, Gives, Kind, Parameter, Signature, Takes, argument};
use crate::value::{Value, json};

pub(super) const BUILTIN: Builtin = Builtin {
    name: "json",
    kind: Kind::Function,
    signature: Signature {
        parameters: &[Parameter::new("text", Takes::Any)],
        options: &[],
        gives: Gives::Any,
    },
    doc: "Returns the value that a JSON text holds, at most 1 MiB long and 64 deep. `null` is \
          missing; integers beyond 64 bits become texts. What is no text is returned as it is, \
          since some exporters send the value itself.",
    missing: "Missing for a text that is not JSON.",
    examples: &[
        (r#"json("[1, true, null]")"#, "[1, true, missing]"),
        (r#"json("\"NEWCORP\"")"#, r#""NEWCORP""#),
        (
            r#"json("{\"id\": 72058340288495701}")"#,
            r#"{"id":72058340288495701}"#,
        ),
        (r#"json("{")"#, "missing"),
        (r#"json(["a"])"#, r#"["a"]"#),
    ],
    call,
};

fn call(arguments: &[Value]) -> Value {
    let value = argument::any(arguments, 0);
    value
        .as_text()
        .map_or_else(|| value.clone(), |text| argument::give(json::parse(text)))
}
