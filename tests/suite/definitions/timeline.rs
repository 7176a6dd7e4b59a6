//! Timelines in short: `0s A  5s B identity=bo` makes two records, ids `A1` and `B1`.
//!
//! Apart from the cases because all of them are written in it.

use std::collections::BTreeMap;

use muster_tests::reference::input::Reader;
use muster_tests::reference::{EndOfInput, Outcome, RefAlert, evaluate, program};
use serde_json::{Map, Value as Json, json};

/// 2026-03-15T09:00:00Z, a Sunday, where every timeline begins.
const START: i64 = 1_773_565_200_000_000;

/// `event a` is what a letter `A` of a timeline makes, and so on; `ab` are both.
const CLASSES: &str = r#"
event ev_a = any where class is test.a
event ev_b = any where class is test.b
event ev_c = any where class is test.c
event ev_d = any where class is test.d
event ev_ab = any where class in [test.a, test.b]
"#;

/// Evaluates rules over a timeline; records stand in the order of arrival.
pub(crate) fn outcome(rules: &str, timeline: &str, eof: EndOfInput) -> Outcome {
    let modules = program(&format!("{CLASSES}\n{rules}")).unwrap();
    let reader = Reader::new(&modules).unwrap();
    let events: Vec<_> = records(timeline)
        .iter()
        .flat_map(|record| reader.read(&record.to_string()).unwrap())
        .collect();
    evaluate(&modules, &events, eof).unwrap()
}

/// Returns the alerts of one rule as `5s a:A1 b:B1`; several rules with their names in front.
pub(crate) fn alerts(rules: &str, timeline: &str) -> Vec<String> {
    let outcome = outcome(rules, timeline, EndOfInput::Pending);
    let several = rules.matches("rule ").count() > 1;
    outcome
        .alerts
        .iter()
        .map(|alert| {
            if several {
                format!("{} {}", alert.rule, shown(alert))
            } else {
                shown(alert)
            }
        })
        .collect()
}

/// Returns the keys of the alerts, `identity=ana`.
pub(crate) fn keys(rules: &str, timeline: &str) -> Vec<String> {
    let outcome = outcome(rules, timeline, EndOfInput::Pending);
    let text = |key: &[(String, String)]| {
        key.iter()
            .map(|(name, text)| format!("{name}={text}"))
            .collect::<Vec<_>>()
            .join(" ")
    };
    outcome
        .alerts
        .iter()
        .map(|alert| {
            let also: String = alert
                .also
                .iter()
                .map(|key| format!(" also {}", text(key)))
                .collect();
            format!("{}{also}", text(&alert.key))
        })
        .collect()
}

/// Returns what is pending as `identity=u1 until 10s`.
pub(crate) fn pending(rules: &str, timeline: &str) -> Vec<String> {
    let outcome = outcome(rules, timeline, EndOfInput::Pending);
    outcome
        .pending
        .iter()
        .map(|one| format!("until {}", offset(one.until)))
        .collect()
}

fn shown(alert: &RefAlert) -> String {
    let evidence: Vec<String> = alert
        .evidence
        .iter()
        .map(|(step, id)| format!("{step}:{id}"))
        .collect();
    format!("{} {}", offset(alert.time), evidence.join(" "))
}

fn offset(micros: i64) -> String {
    let millis = (micros - START) / 1_000;
    if millis % 1_000 == 0 {
        format!("{}s", millis / 1_000)
    } else {
        format!("{millis}ms")
    }
}

fn records(timeline: &str) -> Vec<Json> {
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    let mut records: Vec<Map<String, Json>> = Vec::new();
    let mut at = None;
    for word in timeline.split_whitespace() {
        if let Some((name, value)) = word.split_once('=') {
            let record = records.last_mut().expect("a field belongs to a record");
            record.insert(name.to_owned(), typed(name, value));
        } else if let Some(name) = word.strip_prefix('-') {
            records
                .last_mut()
                .expect("a field belongs to a record")
                .remove(name);
        } else if word.starts_with(|first: char| first.is_ascii_uppercase()) {
            let count = counts.entry(word.to_owned()).or_default();
            *count += 1;
            let time = START + at.take().expect("a record has a time");
            let class = format!("test.{}", word.to_lowercase());
            let record = json!({
                "class": class, "time": text(time), "id": format!("{word}{count}"), "identity": "u1",
            });
            records.push(record.as_object().expect("an object").clone());
        } else {
            at = Some(span(word));
        }
    }
    records.into_iter().map(finished).collect()
}

/// A record of a feed bears its time as `ts`.
fn finished(mut record: Map<String, Json>) -> Json {
    if record.contains_key("feed") {
        let time = record.remove("time").expect("a time");
        record.insert("ts".to_owned(), time);
    }
    Json::Object(record)
}

fn text(micros: i64) -> String {
    chrono::DateTime::<chrono::Utc>::from_timestamp_micros(micros)
        .expect("a time")
        .to_rfc3339_opts(chrono::SecondsFormat::Millis, true)
}

/// `1h30m`, `90s`, `10m1ms`, in microseconds.
fn span(word: &str) -> i64 {
    let mut total = 0;
    let mut digits = String::new();
    let mut letters = String::new();
    for character in word.chars().chain(['0']) {
        if character.is_ascii_digit() {
            if !letters.is_empty() {
                total += digits.parse::<i64>().expect("a number") * unit(&letters);
                digits.clear();
                letters.clear();
            }
            digits.push(character);
        } else {
            letters.push(character);
        }
    }
    total
}

fn unit(name: &str) -> i64 {
    match name {
        "ms" => 1_000,
        "s" => 1_000_000,
        "m" => 60_000_000,
        "h" => 3_600_000_000,
        "d" => 86_400_000_000,
        other => panic!("the unit {other}"),
    }
}

fn typed(name: &str, value: &str) -> Json {
    match name {
        "geo" => {
            let (lat, lon) = value.split_once(',').expect("lat,lon");
            json!({"lat": lat.parse::<f64>().expect("lat"), "lon": lon.parse::<f64>().expect("lon")})
        }
        "groups" => json!(value.split(',').collect::<Vec<_>>()),
        "actor.groups" => {
            json!(
                value
                    .split(',')
                    .filter(|one| !one.is_empty())
                    .collect::<Vec<_>>()
            )
        }
        "bytes.down" | "port" => json!(value.parse::<i64>().expect("a number")),
        "risk.score" => json!(value.parse::<f64>().expect("a number")),
        "actor.admin" | "device.compliant" => json!(value == "true"),
        _ => json!(value),
    }
}
