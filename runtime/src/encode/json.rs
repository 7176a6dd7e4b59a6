//! One JSON object a line: alerts as the language specifies them, and rejected records.
//!
//! Apart from other formats because this one is the reference: its keys and their order are fixed.

use muster_lang::time::format_rfc3339;
use muster_lang::units::Timestamp;
use muster_lang::value::Value;
use serde_json::{Map, Value as Json, json};

use crate::alert::{Alert, Evidence, Named};
use crate::encode::safe;
use crate::engine::Rejected;

/// Returns an alert as one line, without a line break.
#[must_use]
pub fn alert(alert: &Alert) -> String {
    safe::line(&alert_object(alert))
}

fn alert_object(alert: &Alert) -> Json {
    let mut object = Map::new();
    let mut put = |key: &str, value: Json| {
        object.insert(key.to_string(), value);
    };
    put("alert_id", json!(&*alert.id));
    put("rule", json!(&*alert.name));
    put("title", json!(&*alert.title));
    put("severity", json!(alert.severity.name()));
    put("time", time(alert.time));
    put("text", json!(alert.text));
    put("key", named(&alert.key));
    if !alert.also.is_empty() {
        put("also", alert.also.iter().map(|key| named(key)).collect());
    }
    put("from", time(alert.from));
    put("to", time(alert.to));
    put("evidence", alert.evidence.iter().map(evidence).collect());
    if !alert.counts.is_empty() {
        let counts = alert
            .counts
            .iter()
            .map(|(step, count)| (step.to_string(), json!(count)));
        put("counts", Json::Object(counts.collect()));
    }
    let because = alert.because.iter();
    put(
        "because",
        because
            .map(|b| json!({"condition": &*b.condition, "value": b.value}))
            .collect(),
    );
    put("notes", json!(alert.notes));
    put("attack", texts(&alert.attack));
    put("tags", texts(&alert.tags));
    put("score", alert.score.map_or(Json::Null, number));
    if !alert.score_on.is_missing() {
        put("score_on", value(&alert.score_on));
    }
    put("suppressed", json!(alert.suppressed));
    put("complete", json!(alert.complete));
    Json::Object(object)
}

/// Returns what an alert says that other schemas have no place for.
pub(super) fn own(alert: &Alert) -> Map<String, Json> {
    let Json::Object(mut own) = alert_object(alert) else {
        return Map::new();
    };
    let elsewhere = [
        "alert_id", "rule", "title", "time", "text", "from", "to", "evidence", "attack", "tags",
    ];
    own.retain(|name, _| !elsewhere.contains(&name.as_str()));
    own
}

/// Returns texts as a list.
pub(super) fn texts(texts: &[std::sync::Arc<str>]) -> Json {
    texts.iter().map(|text| json!(&**text)).collect()
}

/// Returns an event of the evidence as an object.
pub(super) fn evidence(evidence: &Evidence) -> Json {
    json!({
        "step": &*evidence.step,
        "id": &*evidence.id,
        "time": time(evidence.time),
        "source": &*evidence.source,
        "fields": named(&evidence.fields),
    })
}

fn named(values: &[Named]) -> Json {
    Json::Object(
        values
            .iter()
            .map(|(name, of)| (name.to_string(), value(of)))
            .collect(),
    )
}

fn time(time: Timestamp) -> Json {
    Json::String(format_rfc3339(time))
}

/// Returns a float as JSON: without a fraction where it has none.
pub(super) fn number(number: f64) -> Json {
    #[expect(
        clippy::cast_possible_truncation,
        reason = "only where it converts back unchanged"
    )]
    let whole = number as i64;
    #[expect(
        clippy::cast_precision_loss,
        reason = "a lossy round trip is what is looked for"
    )]
    let is_whole = whole as f64 == number && whole.unsigned_abs() < 1 << 53;
    if is_whole {
        json!(whole)
    } else {
        json!(number)
    }
}

/// Returns a value as JSON: sizes in bytes, distances in metres, speeds in metres a second, spans and
/// times as text, coordinates as `{"lat", "lon"}`, missing as null.
#[must_use]
pub fn value(of: &Value) -> Json {
    match of {
        Value::Missing => Json::Null,
        Value::Bool(truth) => json!(truth),
        Value::Int(number) | Value::Size(number) => json!(number),
        Value::Float(amount) | Value::Distance(amount) | Value::Speed(amount) => number(*amount),
        Value::Text(text) => json!(&**text),
        Value::Time(at) => time(*at),
        Value::Duration(_) => json!(of.display()),
        Value::Ip(ip) => json!(ip.to_string()),
        Value::Geo(place) => json!({"lat": number(place.lat), "lon": number(place.lon)}),
        Value::List(items) => items.iter().map(value).collect(),
        Value::Record(record) => {
            let entries = record
                .entries
                .iter()
                .map(|(key, of)| (key.to_string(), value(of)));
            Json::Object(entries.collect())
        }
    }
}

/// Returns a rejected record as one line: why, where it stood, and the record itself.
///
/// A record that is no text is given in `record_hex`.
#[must_use]
pub fn rejected(rejected: &Rejected, input: &str) -> String {
    let mut object = Map::new();
    let mut put = |key: &str, value: Json| {
        object.insert(key.to_string(), value);
    };
    put("reason", json!(rejected.reason));
    put(
        "source",
        rejected
            .source
            .as_ref()
            .map_or(Json::Null, |source| json!(&**source)),
    );
    put("input", json!(input));
    put("offset", json!(rejected.offset));
    put("length", json!(rejected.length));
    if let Some(at) = rejected.time {
        put("time", time(at));
    }
    if let Some(id) = &rejected.id {
        put("id", json!(&**id));
    }
    match std::str::from_utf8(&rejected.bytes) {
        Ok(text) => put("record", json!(text)),
        Err(_) => put("record_hex", json!(hex(&rejected.bytes))),
    }
    safe::line(&Json::Object(object))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
