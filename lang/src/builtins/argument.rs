//! Reading arguments.
//!
//! Apart so that every function treats unmapped input, limits and options alike.

use std::sync::Arc;

use super::TEXT_BYTES_MAX;
use crate::time::Zone;
use crate::units::Timestamp;
use crate::value::{self, Record, Value};

/// Returns an argument; one that was not given is missing.
pub(super) fn any(arguments: &[Value], at: usize) -> &Value {
    arguments.get(at).unwrap_or(&Value::Missing)
}

/// Returns an argument as text; a number counts by its digits.
pub(super) fn text(arguments: &[Value], at: usize) -> Option<Arc<str>> {
    value::to_text(any(arguments, at)).filter(|text| text.len() <= TEXT_BYTES_MAX)
}

/// Returns an argument as a list.
pub(super) fn list(arguments: &[Value], at: usize) -> Option<&[Value]> {
    if let Value::List(items) = any(arguments, at) {
        Some(items)
    } else {
        None
    }
}

/// Returns an argument as a time.
pub(super) fn time(arguments: &[Value], at: usize) -> Option<Timestamp> {
    value::to_time(any(arguments, at))
}

/// Splits the options off, which are a record behind other arguments.
pub(super) fn split_options(arguments: &[Value]) -> (&[Value], Option<&Record>) {
    match arguments {
        [first @ .., Value::Record(options)] if !first.is_empty() => (first, Some(options)),
        _ => (arguments, None),
    }
}

/// Returns the zone of the options, UTC where none is given.
pub(super) fn zone(options: Option<&Record>) -> Option<Zone> {
    match options.and_then(|options| options.get("zone")) {
        Some(name) => Zone::find(name.as_text()?),
        None => Some(Zone::UTC),
    }
}

/// Returns a text as a value, or missing if it is too long.
pub(super) fn give_text(text: String) -> Value {
    if text.len() <= TEXT_BYTES_MAX {
        Value::text(text)
    } else {
        Value::Missing
    }
}

/// Returns what was found, or missing.
pub(super) fn give(found: Option<Value>) -> Value {
    found.unwrap_or_default()
}
