//! Reading arguments.
//!
//! Apart so that every function treats unmapped input, limits and options alike.

use std::sync::Arc;

use super::TEXT_BYTES_MAX;
use crate::time::Zone;
use crate::units::Timestamp;
use crate::value::{self, Value};

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

/// Returns the zone an argument names, UTC where it is not given.
pub(super) fn zone(arguments: &[Value], at: usize) -> Option<Zone> {
    match any(arguments, at) {
        Value::Missing => Some(Zone::UTC),
        name => Zone::find(name.as_text()?),
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
