//! Alerts in every format: whole, valid by the schemas, escaped, and as the docs show them.
//!
//! Apart from the conformance cases because what is said is settled there, and here how.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a step that fails fails the test"
)]

mod ecs;
mod ocsf;

use muster_runtime::alert::Alert;
use muster_runtime::encode;
use muster_runtime::options::{EndOfInput, Options};
use muster_tests::conformance::cases;
use muster_tests::harness::{load, run};
use serde_json::{Value as Json, json};

#[expect(clippy::disallowed_methods, reason = "the page is read from disk")]
fn page() -> String {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/formats.md");
    std::fs::read_to_string(path).unwrap()
}

/// Returns the text of the page's blocks of a mark.
fn blocks(page: &str, mark: &str) -> Vec<String> {
    let start = format!("```{mark}\n");
    let found = page.split(&start).skip(1);
    found
        .map(|rest| rest.split("\n```").next().unwrap().to_string())
        .collect()
}

fn alerts(rules: &str, records: &[String]) -> Vec<Alert> {
    let loaded = load(rules).unwrap();
    let outcome = run(&loaded, records, Options::default(), EndOfInput::Pending, 1);
    outcome.unwrap().alerts
}

/// Returns the alert that the page shows in every format.
fn sample(page: &str) -> Alert {
    let records = &blocks(page, "jsonl")[0];
    let records: Vec<String> = records.lines().map(str::to_string).collect();
    let mut alerts = alerts(&blocks(page, "muster")[0], &records);
    assert_eq!(alerts.len(), 1);
    alerts.remove(0)
}

fn parse(line: &str) -> Json {
    serde_json::from_str(line).unwrap()
}

/// Puts `…` in place of the id, which any change of the rule changes.
fn without_id(value: &mut Json, id: &str) {
    match value {
        Json::String(text) if text == id => *text = String::from("…"),
        Json::Array(items) => items.iter_mut().for_each(|item| without_id(item, id)),
        Json::Object(object) => object.values_mut().for_each(|item| without_id(item, id)),
        Json::Null | Json::Bool(_) | Json::Number(_) | Json::String(_) => {}
    }
}

fn assert_shown(mark: &str, line: &str, id: &str) {
    let shown = blocks(&page(), mark);
    let mut found = parse(line);
    without_id(&mut found, id);
    assert_eq!(
        parse(&shown[0]),
        found,
        "the page should show\n{}",
        serde_json::to_string_pretty(&found).unwrap()
    );
}

#[test]
fn the_page_shows_what_each_format_looks_like() {
    let alert = sample(&page());
    assert_shown("json", &encode::json::alert(&alert), &alert.id);
    assert_shown("json ocsf", &encode::ocsf::alert(&alert), &alert.id);
    assert_shown("json ecs", &encode::ecs::alert(&alert), &alert.id);
    let text = encode::text::alert(&alert, encode::text::Paint::Plain);
    assert_eq!(blocks(&page(), "text")[0], text.trim_end(), "{text}");
}

/// Returns the alerts of every conformance case, the page's sample and a hostile one.
fn many() -> Vec<Alert> {
    let mut all = vec![sample(&page())];
    for (_, case) in cases()
        .unwrap()
        .iter()
        .filter(|(_, case)| case.refused.is_none())
    {
        all.extend(alerts(&case.rules, &case.records().unwrap()));
    }
    assert!(all.len() > 100, "only {} alerts", all.len());
    all
}

#[test]
fn every_alert_is_a_valid_detection_finding() {
    for alert in many() {
        let line = encode::ocsf::alert(&alert);
        assert_eq!(ocsf::faults(&parse(&line)), Vec::<String>::new(), "{line}");
    }
}

#[test]
fn every_alert_is_a_valid_ecs_document() {
    for alert in many() {
        let line = encode::ecs::alert(&alert);
        assert_eq!(ecs::faults(&parse(&line)), Vec::<String>::new(), "{line}");
    }
}

#[test]
fn the_checks_find_what_is_wrong() {
    let alert = sample(&page());
    let mut finding = parse(&encode::ocsf::alert(&alert));
    finding["severity_id"] = json!(7);
    finding["finding_info"]["attacks"][0] = json!({"version": "1"});
    finding["metadata"]["product"]
        .as_object_mut()
        .unwrap()
        .remove("vendor_name");
    finding["time"] = json!("2026-01-05T00:00:00Z");
    finding["made_up"] = json!(1);
    assert_eq!(ocsf::faults(&finding).len(), 5);
    let mut document = parse(&encode::ecs::alert(&alert));
    document["event"]["kind"] = json!("alarm");
    document["event"]["type"] = json!(["start"]);
    document["related"]["ip"] = json!(["somewhere"]);
    document["made_up"] = json!(1);
    document.as_object_mut().unwrap().remove("@timestamp");
    assert_eq!(ecs::faults(&document).len(), 5);
}

#[test]
fn everything_an_alert_says_is_in_every_format() {
    for alert in many() {
        let own = parse(&encode::json::alert(&alert));
        let finding = parse(&encode::ocsf::alert(&alert));
        let document = parse(&encode::ecs::alert(&alert));
        for name in [
            "key",
            "also",
            "counts",
            "because",
            "notes",
            "score",
            "score_on",
            "suppressed",
            "complete",
            "severity",
        ] {
            assert_eq!(finding["unmapped"]["muster"][name], own[name], "{name}");
            assert_eq!(document["muster"][name], own[name], "{name}");
        }
        assert_eq!(document["muster"]["evidence"], own["evidence"]);
        let evidences = finding["evidences"].as_array().unwrap().iter();
        let evidence: Vec<Json> = evidences.map(|one| one["data"].clone()).collect();
        assert_eq!(Json::Array(evidence), own["evidence"]);
        for told in [&finding["message"], &document["message"]] {
            assert_eq!(told, &own["text"]);
        }
        for (found, wanted) in [
            (&finding["finding_info"]["uid"], "alert_id"),
            (&finding["finding_info"]["analytic"]["uid"], "rule"),
            (&document["event"]["id"], "alert_id"),
            (&document["rule"]["id"], "rule"),
            (&document["@timestamp"], "time"),
            (&document["event"]["start"], "from"),
            (&document["event"]["end"], "to"),
        ] {
            assert_eq!(found, &own[wanted], "{wanted}");
        }
    }
}

#[test]
fn severities_are_those_of_the_schemas() {
    let ids: Vec<(i64, i64)> = ["info", "low", "medium", "high", "critical"]
        .iter()
        .map(|severity| {
            let rules = format!("rule r \"R\" {{ when login alert {severity} \"x\" }}");
            let event =
                r#"{"class":"auth.login","outcome":"success","time":"2026-01-05T00:00:00Z"}"#;
            let alert = alerts(&rules, &[event.to_string()]).remove(0);
            let finding = parse(&encode::ocsf::alert(&alert));
            let document = parse(&encode::ecs::alert(&alert));
            let number = |value: &Json| value.as_i64().unwrap();
            (
                number(&finding["severity_id"]),
                number(&document["event"]["severity"]),
            )
        })
        .collect();
    assert_eq!(ids, [(1, 1), (2, 21), (3, 47), (4, 73), (5, 99)]);
}

#[test]
fn no_format_lets_a_terminal_be_told_what_to_do() {
    let rules = r#"rule r "R" {
        when 2+ login as f within 1h where identity same
        alert low "{identity} {last(f.user_agent)}" show user_agent, actor.groups note "{identity}" when true
    }"#;
    let hostile = "x\u{1b}[31m\u{202e}\u{9b}\u{200b}\n\r\t\u{7}\u{2028}é";
    let record = |second: u32| {
        json!({"class": "auth.login", "outcome": "success", "time": format!("2026-01-05T00:00:0{second}Z"),
            "id": format!("{second}{hostile}"), "identity": hostile, "user_agent": hostile, "tenant": hostile,
            "actor.groups": [hostile]})
        .to_string()
    };
    let alert = alerts(rules, &[record(1), record(2)]).remove(0);
    let lines = [
        encode::json::alert(&alert),
        encode::ocsf::alert(&alert),
        encode::ecs::alert(&alert),
        encode::text::alert(&alert, encode::text::Paint::Plain).replace('\n', " "),
    ];
    for line in lines {
        assert!(
            !line.contains(muster_lang::escape::is_untrusted),
            "{line:?}"
        );
        assert!(line.contains('é'));
    }
}
