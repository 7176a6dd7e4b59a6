//! `split`: the parts of a text.
//!
//! A file of its own, as every builtin has.

use super::{Builtin, Gives, Kind, LIST_ITEMS_MAX, Parameter, Signature, Takes, argument};
use crate::value::Value;

pub(super) const BUILTIN: Builtin = Builtin {
    name: "split",
    kind: Kind::Function,
    signature: Signature {
        parameters: &[
            Parameter::new("text", Takes::Text),
            Parameter::new("separator", Takes::Text),
        ],
        options: &[],
        gives: Gives::Texts,
    },
    doc: "Returns the parts of the text between separators, as they are, with what is empty \
          among them. The parts of an empty text are none.",
    missing: "Missing where the separator is empty, or where there are more than 65536 parts.",
    examples: &[
        (r#"split("a,b,,c", ",")"#, r#"["a", "b", "", "c"]"#),
        (
            r#"split("81.2.69.142, 81.2.69.144", ", ")"#,
            r#"["81.2.69.142", "81.2.69.144"]"#,
        ),
        (r#"split("", ",")"#, "[]"),
        (r#"split("abc", "")"#, "missing"),
    ],
    call,
};

fn call(arguments: &[Value]) -> Value {
    argument::give(split(arguments))
}

fn split(arguments: &[Value]) -> Option<Value> {
    let text = argument::text(arguments, 0)?;
    let separator = argument::text(arguments, 1).filter(|separator| !separator.is_empty())?;
    if text.is_empty() {
        return Some(Value::List([].into()));
    }
    let parts: Vec<Value> = text
        .split(&*separator)
        .take(LIST_ITEMS_MAX + 1)
        .map(Value::text)
        .collect();
    (parts.len() <= LIST_ITEMS_MAX).then(|| Value::List(parts.into()))
}
