//! Reading places in raw records.
//!
//! Apart because what a source calls absent is left out here, wherever a record has it.

use std::borrow::Cow;

use muster_lang::ir::{RawPart, RawRoot};
use muster_lang::value::{Value, aggregate};

use super::Scope;

/// What is not there.
pub(super) const MISSING: Cow<'static, Value> = Cow::Owned(Value::Missing);

/// Returns what stands at the end of a path.
pub(super) fn read<'a>(root: RawRoot, path: &[RawPart], scope: &Scope<'a>) -> Cow<'a, Value> {
    let start = match root {
        RawRoot::Record => scope.record,
        RawRoot::Item => scope.item,
        RawRoot::Element => scope.element,
        RawRoot::Event(row) => scope.event(row).and_then(|event| event.raw.as_ref()),
    };
    let found = path
        .iter()
        .try_fold(start, |at, part| at.map(|value| step(value, part)));
    found
        .flatten()
        .map_or(MISSING, |value| present(Cow::Borrowed(value), scope))
}

/// Returns what a part of a path leads to.
fn step<'a>(value: &'a Value, part: &RawPart) -> Option<&'a Value> {
    match (value, part) {
        (Value::Record(record), RawPart::Key(key)) => record.get(key),
        (Value::List(items), RawPart::Index(index)) => aggregate::nth(items, *index),
        _ => None,
    }
}

/// Returns what a record has as its source means it: without what is "not there", also in a list.
pub(super) fn present<'a>(value: Cow<'a, Value>, scope: &Scope<'a>) -> Cow<'a, Value> {
    if scope.absent.is_empty() {
        return value;
    }
    if scope.absent.contains(&value) {
        return MISSING;
    }
    let Value::List(items) = value.as_ref() else {
        return value;
    };
    if !items.iter().any(|item| scope.absent.contains(item)) {
        return value;
    }
    // In its place, so that the others keep theirs.
    let there = |item: &Value| {
        if scope.absent.contains(item) {
            Value::Missing
        } else {
            item.clone()
        }
    };
    Cow::Owned(items.iter().map(there).collect())
}

/// Returns an element of a list by position, or a value of a record by key.
pub(super) fn indexed(base: &Value, index: &Value) -> Value {
    let found = match (base, index) {
        (Value::List(items), Value::Int(at)) => aggregate::nth(items, *at),
        (Value::Record(record), Value::Text(key)) => record.get(key),
        _ => None,
    };
    found.cloned().unwrap_or_default()
}

/// Returns a part of a record, or a coordinate.
pub(super) fn part(base: &Value, name: &str) -> Value {
    match (base, name) {
        (Value::Record(record), name) => record.get(name).cloned().unwrap_or_default(),
        (Value::Geo(place), "lat") => Value::Float(place.lat),
        (Value::Geo(place), "lon") => Value::Float(place.lon),
        _ => Value::Missing,
    }
}

/// Returns the elements of a list; anything else that is there is a list of itself.
pub(super) fn elements(value: &Value) -> Option<&[Value]> {
    match value {
        Value::Missing => None,
        Value::List(items) => Some(items),
        single => Some(std::slice::from_ref(single)),
    }
}
