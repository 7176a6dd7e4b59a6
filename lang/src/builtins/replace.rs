//! `replace`: text with parts replaced.
//!
//! A file of its own, as every builtin has.

use super::{Builtin, Gives, Kind, Parameter, Signature, TEXT_BYTES_MAX, Takes, argument};
use crate::value::Value;

pub(super) const BUILTIN: Builtin = Builtin {
    name: "replace",
    kind: Kind::Function,
    signature: Signature {
        parameters: &[
            Parameter::new("text", Takes::Text),
            Parameter::new("old", Takes::Text),
            Parameter::new("new", Takes::Text),
        ],
        options: &[],
        gives: Gives::Text,
    },
    doc: "Returns the text with every occurrence of one text replaced by another. Case counts.",
    missing: "Missing where the text to be replaced is empty, or where the result would be \
          longer than 1 MiB.",
    examples: &[
        (r#"replace("a.b.c", ".", "/")"#, r#""a/b/c""#),
        (r#"replace("CORP_ana", "CORP_", "")"#, r#""ana""#),
        (r#"replace("ana", "", "x")"#, "missing"),
    ],
    call,
};

fn call(arguments: &[Value]) -> Value {
    argument::give(replace(arguments))
}

fn replace(arguments: &[Value]) -> Option<Value> {
    let text = argument::text(arguments, 0)?;
    let old = argument::text(arguments, 1).filter(|old| !old.is_empty())?;
    let new = argument::text(arguments, 2)?;
    // The length is known before anything is made: a megabyte of one letter may grow a millionfold.
    let found = text.matches(&*old).count();
    let length = text.len() - found * old.len() + found.checked_mul(new.len())?;
    (length <= TEXT_BYTES_MAX).then(|| Value::text(text.replace(&*old, &new)))
}
