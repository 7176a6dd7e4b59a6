//! Alerts as Detection Findings of the Open Cybersecurity Schema Framework, version 1.3.0.
//!
//! Apart from other formats because its names, numbers and places are that schema's, not ours.

use muster_lang::ir::Severity;
use muster_lang::units::Timestamp;
use serde_json::{Map, Value as Json, json};

use crate::alert::Alert;
use crate::encode::pivot::{Pivot, Pointed, pointed, technique};
use crate::encode::{json, safe};

/// The version of the schema; what is written is valid in those after it, up to 1.8.0, too.
const VERSION: &str = "1.3.0";
/// Findings; of these, Detection Finding; of those, one that is created.
const CATEGORY: u32 = 2;
const CLASS: u32 = 2004;
const CREATE: u32 = 1;

/// Returns an alert as one line, without a line break.
#[must_use]
pub fn alert(alert: &Alert) -> String {
    let (severity_id, severity) = severity(alert.severity);
    let mut object = json!({
        "activity_id": CREATE,
        "activity_name": "Create",
        "category_uid": CATEGORY,
        "category_name": "Findings",
        "class_uid": CLASS,
        "class_name": "Detection Finding",
        "type_uid": CLASS * 100 + CREATE,
        "type_name": "Detection Finding: Create",
        "time": millis(alert.time),
        "start_time": millis(alert.from),
        "end_time": millis(alert.to),
        "severity_id": severity_id,
        "severity": severity,
        "status_id": 1,
        "status": "New",
        "message": alert.text,
        "count": alert.suppressed.saturating_add(1).min(i32::MAX as u64),
        "metadata": metadata(alert),
        "finding_info": finding_info(alert),
        "evidences": alert.evidence.iter().map(|one| json!({"data": json::evidence(one)})).collect::<Json>(),
        "observables": pointed(alert).iter().map(observable).collect::<Json>(),
        "unmapped": {"muster": json::own(alert)},
    });
    if let (Some(score), Some(object)) = (alert.score, object.as_object_mut()) {
        object.insert("risk_score".into(), whole(score));
    }
    safe::line(&object)
}

fn severity(severity: Severity) -> (u32, &'static str) {
    match severity {
        Severity::None | Severity::Info => (1, "Informational"),
        Severity::Low => (2, "Low"),
        Severity::Medium => (3, "Medium"),
        Severity::High => (4, "High"),
        Severity::Critical => (5, "Critical"),
    }
}

fn millis(time: Timestamp) -> i64 {
    time.0.div_euclid(1_000)
}

/// Returns a score as the schema has it, a whole number of 32 bits.
fn whole(score: f64) -> Json {
    #[expect(
        clippy::cast_possible_truncation,
        reason = "a cast from float saturates"
    )]
    let whole = score.round() as i32;
    json!(whole)
}

fn metadata(alert: &Alert) -> Json {
    let mut metadata = json!({
        "version": VERSION,
        "uid": &*alert.id,
        "product": {
            "name": "Muster",
            "vendor_name": "Muster",
            "version": env!("CARGO_PKG_VERSION"),
        },
    });
    if let Some(object) = metadata.as_object_mut() {
        if !alert.tags.is_empty() {
            object.insert("labels".into(), json::texts(&alert.tags));
        }
        if !alert.tenant.is_missing() {
            object.insert("tenant_uid".into(), json!(alert.tenant.display()));
        }
    }
    metadata
}

fn finding_info(alert: &Alert) -> Json {
    let mut info = Map::new();
    let mut put = |name: &str, value: Json| {
        info.insert(name.to_string(), value);
    };
    let mut sources: Vec<&str> = alert.evidence.iter().map(|one| &*one.source).collect();
    sources.sort_unstable();
    sources.dedup();
    put("uid", json!(&*alert.id));
    put("title", json!(title(alert)));
    put("desc", json!(alert.text));
    put("created_time", json!(millis(alert.time)));
    put("first_seen_time", json!(millis(alert.from)));
    put("last_seen_time", json!(millis(alert.to)));
    put(
        "analytic",
        json!({"uid": &*alert.name, "name": title(alert), "type_id": 1, "type": "Rule"}),
    );
    put("data_sources", json!(sources));
    let events = alert.evidence.iter();
    put(
        "related_events",
        events.map(|one| json!({"uid": &*one.id})).collect(),
    );
    if !alert.attack.is_empty() {
        put(
            "attacks",
            alert.attack.iter().map(|id| attack(id)).collect(),
        );
    }
    Json::Object(info)
}

fn title(alert: &Alert) -> &str {
    if alert.title.is_empty() {
        &alert.name
    } else {
        &alert.title
    }
}

fn attack(id: &str) -> Json {
    match technique(id) {
        (technique, None) => json!({"technique": {"uid": technique}}),
        (technique, Some(sub)) => {
            json!({"technique": {"uid": technique}, "sub_technique": {"uid": sub}})
        }
    }
}

fn observable(one: &Pointed) -> Json {
    let (type_id, kind) = match one.pivot {
        Pivot::Host => (1, "Hostname"),
        Pivot::Address => (2, "IP Address"),
        Pivot::Person => (4, "User Name"),
        Pivot::Email => (5, "Email Address"),
        Pivot::Url => (6, "URL String"),
        Pivot::Process => (9, "Process Name"),
        Pivot::Resource => (10, "Resource UID"),
        Pivot::UserAgent => (16, "HTTP User-Agent"),
    };
    let name = match one.place.split_once('.') {
        Some(("key", field)) => format!("unmapped.muster.key.{field}"),
        Some((_, field)) => format!("evidences.data.fields.{field}"),
        None => one.place.clone(),
    };
    json!({"name": name, "type_id": type_id, "type": kind, "value": one.value})
}
