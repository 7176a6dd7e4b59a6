//! `changes`: what a product says was changed, as records of one shape.
//!
//! A file of its own, as every builtin has.

use super::{Builtin, Element, Gives, Kind, LIST_ITEMS_MAX, Parameter, Signature, Takes, argument};
use crate::value::{Record, RecordBuilder, Value, json};

pub(super) const BUILTIN: Builtin = Builtin {
    name: "changes",
    kind: Kind::Function,
    signature: Signature {
        parameters: &[
            Parameter::new("list", Takes::List(Element::Any)),
            Parameter::new("path_key", Takes::Text),
            Parameter::new("old_key", Takes::Text),
            Parameter::new("new_key", Takes::Text),
        ],
        options: &[],
        gives: Gives::Any,
    },
    doc: "Returns the records of a list as records of `path`, `old` and `new`, each taken from the \
          key that is named. A value that is a text in JSON, as `\"\\\"x\\\"\"`, is that text; any \
          other stays as it is. A single record counts as a list of one.",
    missing: "Missing where nothing of the list is a record.",
    examples: &[
        (
            r#"changes(json("[{\"name\": \"State\", \"was\": \"\\\"on\\\"\", \"is\": \"off\"}]"), "name", "was", "is")"#,
            r#"[{"path":"State","old":"on","new":"off"}]"#,
        ),
        (
            r#"changes(json("[{\"name\": \"State\", \"is\": 1}, 5]"), "name", "was", "is")"#,
            r#"[{"path":"State","new":1}]"#,
        ),
        (r#"changes(["a"], "name", "was", "is")"#, "missing"),
    ],
    call,
};

fn call(arguments: &[Value]) -> Value {
    argument::give(changes(arguments))
}

fn changes(arguments: &[Value]) -> Option<Value> {
    let keys = [
        ("path", argument::text(arguments, 1)?),
        ("old", argument::text(arguments, 2)?),
        ("new", argument::text(arguments, 3)?),
    ];
    let change = |record: &Record| {
        let mut change = RecordBuilder::default();
        for (name, key) in &keys {
            if let Some(value) = record.get(key).filter(|value| !value.is_missing()) {
                change.put((*name).into(), decoded(value));
            }
        }
        change.build()
    };
    let records = argument::list(arguments, 0)?.iter().filter_map(|value| {
        if let Value::Record(record) = value {
            Some(change(record))
        } else {
            None
        }
    });
    let records: Vec<Value> = records.take(LIST_ITEMS_MAX).collect();
    (!records.is_empty()).then(|| Value::List(records.into()))
}

/// Returns the text that a JSON text is, or the value as it is.
fn decoded(value: &Value) -> Value {
    let inner = value
        .as_text()
        .filter(|text| text.starts_with('"'))
        .and_then(json::parse);
    match inner {
        Some(text @ Value::Text(_)) => text,
        Some(_) | None => value.clone(),
    }
}
