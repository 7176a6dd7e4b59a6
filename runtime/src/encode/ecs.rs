//! Alerts as documents of the Elastic Common Schema, version 8.11.
//!
//! Apart from other formats because its names and places are that schema's, not ours.

use muster_lang::ir::Severity;
use muster_lang::time::format_rfc3339;
use serde_json::{Map, Value as Json, json};

use crate::alert::Alert;
use crate::encode::pivot::{Pivot, Pointed, pointed, technique};
use crate::encode::{json, safe};

/// The version of the schema.
const VERSION: &str = "8.11.0";

/// Returns an alert as one line, without a line break.
#[must_use]
pub fn alert(alert: &Alert) -> String {
    let mut object = Map::new();
    let mut put = |name: &str, value: Json| {
        object.insert(name.to_string(), value);
    };
    put("@timestamp", json!(format_rfc3339(alert.time)));
    put("ecs", json!({"version": VERSION}));
    put("message", json!(alert.text));
    put("event", event(alert));
    let name = if alert.title.is_empty() {
        &alert.name
    } else {
        &alert.title
    };
    put("rule", json!({"id": &*alert.name, "name": &**name}));
    if !alert.attack.is_empty() {
        put("threat", threat(alert));
    }
    let related = related(&pointed(alert));
    if !related.is_empty() {
        put("related", Json::Object(related));
    }
    if !alert.tenant.is_missing() {
        put("organization", json!({"id": alert.tenant.display()}));
    }
    if !alert.tags.is_empty() {
        put("tags", json::texts(&alert.tags));
    }
    let mut own = json::own(alert);
    own.insert(
        "evidence".into(),
        alert.evidence.iter().map(json::evidence).collect(),
    );
    put("muster", Json::Object(own));
    safe::line(&Json::Object(object))
}

fn event(alert: &Alert) -> Json {
    let mut event = json!({
        "kind": "alert",
        "category": ["intrusion_detection"],
        "type": ["info"],
        "id": &*alert.id,
        "module": "muster",
        "dataset": "muster.alert",
        "provider": "muster",
        "severity": severity(alert.severity),
        "reason": alert.text,
        "start": format_rfc3339(alert.from),
        "end": format_rfc3339(alert.to),
    });
    if let (Some(score), Some(object)) = (alert.score, event.as_object_mut()) {
        object.insert("risk_score".into(), json::number(score));
    }
    event
}

/// Returns the number that Elastic's own detections give a severity.
fn severity(severity: Severity) -> u32 {
    match severity {
        Severity::None => 0,
        Severity::Info => 1,
        Severity::Low => 21,
        Severity::Medium => 47,
        Severity::High => 73,
        Severity::Critical => 99,
    }
}

fn threat(alert: &Alert) -> Json {
    let all = alert.attack.iter().map(|id| technique(id));
    let mut techniques: Vec<&str> = all.clone().map(|(technique, _)| technique).collect();
    techniques.sort_unstable();
    techniques.dedup();
    let subtechniques: Vec<&str> = all.filter_map(|(_, sub)| sub).collect();
    let mut technique = Map::new();
    technique.insert("id".into(), json!(techniques));
    if !subtechniques.is_empty() {
        technique.insert("subtechnique".into(), json!({"id": subtechniques}));
    }
    json!({"framework": "MITRE ATT&CK", "technique": technique})
}

/// Returns the values that are pointed out, by the places the schema has for them.
fn related(pointed: &[Pointed]) -> Map<String, Json> {
    let mut related = Map::new();
    for (name, pivots) in [
        ("hosts", &[Pivot::Host][..]),
        ("ip", &[Pivot::Address]),
        ("user", &[Pivot::Person, Pivot::Email]),
    ] {
        let mut values: Vec<&str> = Vec::new();
        for one in pointed.iter().filter(|one| pivots.contains(&one.pivot)) {
            if !values.contains(&one.value.as_str()) {
                values.push(&one.value);
            }
        }
        if !values.is_empty() {
            related.insert(name.into(), json!(values));
        }
    }
    related
}
