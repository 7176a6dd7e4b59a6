//! Values that an analyst looks on from: people, addresses, machines, in the words of other schemas.
//!
//! Apart from the formats because all of them point out the same values.

use std::sync::Arc;

use muster_lang::value::Value;

use crate::alert::Alert;

/// What kind of thing a value names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Pivot {
    Person,
    Email,
    Address,
    Host,
    Resource,
    Url,
    Process,
    UserAgent,
}

/// The fields whose values are pointed out.
const FIELDS: [(&str, Pivot); 20] = [
    ("identity", Pivot::Person),
    ("actor.id", Pivot::Person),
    ("actor.name", Pivot::Person),
    ("actor.upn", Pivot::Person),
    ("actor.sam", Pivot::Person),
    ("actor.email", Pivot::Email),
    ("target.id", Pivot::Person),
    ("target.name", Pivot::Person),
    ("target.upn", Pivot::Person),
    ("target.sam", Pivot::Person),
    ("target.email", Pivot::Email),
    ("ip", Pivot::Address),
    ("device.id", Pivot::Resource),
    ("device.name", Pivot::Host),
    ("peer.host", Pivot::Host),
    ("resource.host", Pivot::Host),
    ("resource.id", Pivot::Resource),
    ("resource.url", Pivot::Url),
    ("process.name", Pivot::Process),
    ("user_agent", Pivot::UserAgent),
];

/// A value that is pointed out, with where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Pointed {
    pub(super) pivot: Pivot,
    /// `key.identity`, `evidence.ip`.
    pub(super) place: String,
    pub(super) value: String,
}

/// Returns the values of an alert that are pointed out, each once, those of the key first.
pub(super) fn pointed(alert: &Alert) -> Vec<Pointed> {
    let keys = std::iter::once(&alert.key).chain(&alert.also);
    let of_keys = keys.flatten().map(|named| ("key", named));
    let events = alert.evidence.iter().flat_map(|event| &event.fields);
    let of_events = events.map(|named| ("evidence", named));
    let mut found: Vec<Pointed> = Vec::new();
    for (whence, (name, value)) in of_keys.chain(of_events) {
        let Some(pivot) = pivot_of(name) else {
            continue;
        };
        for value in each(value) {
            let known = found
                .iter()
                .any(|one| one.pivot == pivot && one.value == value);
            if !known {
                found.push(Pointed {
                    pivot,
                    place: format!("{whence}.{name}"),
                    value,
                });
            }
        }
    }
    found
}

/// Returns what kind of thing a field names, whatever step it is of.
fn pivot_of(name: &Arc<str>) -> Option<Pivot> {
    let of_field = |field: &str| {
        let before = name.strip_suffix(field)?;
        (before.is_empty() || before.ends_with('.')).then_some(())
    };
    let found = FIELDS.iter().find(|(field, _)| of_field(field).is_some());
    found.map(|(_, pivot)| *pivot)
}

fn each(value: &Value) -> Vec<String> {
    match value {
        Value::Missing => Vec::new(),
        Value::List(items) => items.iter().flat_map(each).collect(),
        Value::Bool(_)
        | Value::Int(_)
        | Value::Float(_)
        | Value::Text(_)
        | Value::Time(_)
        | Value::Duration(_)
        | Value::Distance(_)
        | Value::Speed(_)
        | Value::Size(_)
        | Value::Ip(_)
        | Value::Geo(_)
        | Value::Record(_) => vec![value.display()],
    }
}

/// Returns a technique without its sub-technique, and the whole id where it has one.
pub(super) fn technique(id: &str) -> (&str, Option<&str>) {
    match id.split_once('.') {
        Some((technique, _)) => (technique, Some(id)),
        None => (id, None),
    }
}
