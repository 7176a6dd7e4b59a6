//! What the Elastic Common Schema, version 8.11, asks of an alert, as far as we write one.
//!
//! Apart from the tests because it is written from the schema and not from what we write.

use muster_lang::time::parse_rfc3339;
use serde_json::Value as Json;

/// What a field holds.
#[derive(Clone, Copy)]
enum Type {
    /// `keyword`, `match_only_text`: one text.
    Text,
    /// A `keyword` that holds several.
    Texts,
    /// `keyword` with a list of values to choose from.
    OneOf(&'static [&'static str]),
    /// Several of a list of values to choose from.
    SomeOf(&'static [&'static str]),
    /// `date`.
    Date,
    /// `long`.
    Long,
    /// `float`.
    Float,
    /// Several `ip`.
    Addresses,
}

use Type::{Addresses, Date, Float, Long, OneOf, SomeOf, Text, Texts};

/// The fields of the schema that an alert may have.
const FIELDS: &[(&str, Type)] = &[
    ("@timestamp", Date),
    ("ecs.version", Text),
    (
        "event.category",
        SomeOf(&[
            "api",
            "authentication",
            "configuration",
            "database",
            "driver",
            "email",
            "file",
            "host",
            "iam",
            "intrusion_detection",
            "library",
            "malware",
            "network",
            "package",
            "process",
            "registry",
            "session",
            "threat",
            "vulnerability",
            "web",
        ]),
    ),
    ("event.dataset", Text),
    ("event.end", Date),
    ("event.id", Text),
    (
        "event.kind",
        OneOf(&[
            "alert",
            "asset",
            "enrichment",
            "event",
            "metric",
            "state",
            "pipeline_error",
            "signal",
        ]),
    ),
    ("event.module", Text),
    ("event.provider", Text),
    ("event.reason", Text),
    ("event.risk_score", Float),
    ("event.severity", Long),
    ("event.start", Date),
    // Those that belong to the category `intrusion_detection`.
    ("event.type", SomeOf(&["allowed", "denied", "info"])),
    ("message", Text),
    ("organization.id", Text),
    ("related.hosts", Texts),
    ("related.ip", Addresses),
    ("related.user", Texts),
    ("rule.id", Text),
    ("rule.name", Text),
    ("tags", Texts),
    ("threat.framework", Text),
    ("threat.technique.id", Texts),
    ("threat.technique.subtechnique.id", Texts),
];

/// Fields that every document must have, and those that every alert of ours has.
const REQUIRED: &[&str] = &[
    "@timestamp",
    "ecs.version",
    "event.kind",
    "event.id",
    "rule.id",
];

/// Returns what is wrong with a document; what stands under `muster` is our own.
pub(crate) fn faults(document: &Json) -> Vec<String> {
    let mut leaves = Vec::new();
    leaves_of(document, String::new(), &mut leaves);
    let mut faults = Vec::new();
    for name in REQUIRED {
        if !leaves.iter().any(|(path, _)| path == name) {
            faults.push(format!("{name}: missing"));
        }
    }
    for (path, value) in leaves {
        match FIELDS.iter().find(|(known, _)| *known == path) {
            Some((_, of)) if fits(*of, value) => {}
            Some(_) => faults.push(format!("{path}: {value} is of another type")),
            None => faults.push(format!("{path}: not in the schema")),
        }
    }
    faults
}

fn leaves_of<'a>(value: &'a Json, path: String, leaves: &mut Vec<(String, &'a Json)>) {
    let Some(object) = value.as_object() else {
        leaves.push((path, value));
        return;
    };
    let fields = object
        .iter()
        .filter(|(name, _)| !path.is_empty() || *name != "muster");
    for (name, value) in fields {
        let path = if path.is_empty() {
            name.clone()
        } else {
            format!("{path}.{name}")
        };
        leaves_of(value, path, leaves);
    }
}

fn fits(of: Type, value: &Json) -> bool {
    let every = |fits: &dyn Fn(&str) -> bool| {
        value
            .as_array()
            .is_some_and(|items| items.iter().all(|item| item.as_str().is_some_and(fits)))
    };
    match of {
        Text => value.is_string(),
        Texts => every(&|_| true),
        OneOf(values) => value.as_str().is_some_and(|text| values.contains(&text)),
        SomeOf(values) => every(&|text| values.contains(&text)),
        Date => value
            .as_str()
            .is_some_and(|text| parse_rfc3339(text).is_some()),
        Long => value.is_i64(),
        Float => value.is_number(),
        Addresses => every(&|text| text.parse::<std::net::IpAddr>().is_ok()),
    }
}
