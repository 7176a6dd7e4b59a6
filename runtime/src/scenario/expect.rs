//! What a test expects, held against what came.
//!
//! Apart from running it so that one set of alerts can be judged without an engine.

use std::sync::Arc;

use muster_lang::ir::{Program, Test, TestLineKind};
use muster_lang::time::format_rfc3339;
use muster_lang::units::Timestamp;
use muster_lang::value::Value;

use crate::alert::Alert;
use crate::digest::Forwarded;
use crate::engine::Pending;
use crate::scenario::is_expectation;

/// One `expect N alert` line.
struct Expected<'a> {
    count: usize,
    at: Option<Timestamp>,
    fields: &'a [(Arc<str>, Value)],
}

/// What came of one run.
pub(super) struct Found<'a> {
    /// The alerts of the rule.
    pub(super) alerts: &'a [Alert],
    /// The matches that wait at the end.
    pub(super) pending: &'a [Pending],
    /// What is passed on.
    pub(super) forwarded: &'a [Forwarded],
}

/// Returns what is not as expected.
pub(super) fn failures(test: &Test, program: &Program, found: &Found<'_>) -> Vec<String> {
    let mut failures = Vec::new();
    if !test.lines.iter().any(|line| is_expectation(&line.kind)) {
        failures.push(String::from(
            "it expects nothing: write `expect 1 alert` or `expect no alert`",
        ));
    }
    let mut expected = Vec::new();
    for line in &test.lines {
        match &line.kind {
            TestLineKind::Alerts { count, at, fields } => {
                expected.push(Expected {
                    count: *count as usize,
                    at: *at,
                    fields,
                });
            }
            TestLineKind::Pending => {
                let name = test.rule.map(|rule| &program.rules[rule].name);
                if !found
                    .pending
                    .iter()
                    .any(|one| name.is_none_or(|name| one.rule == *name))
                {
                    failures.push(String::from("expected a pending absence, found none"));
                }
            }
            TestLineKind::Forwarded(count) => {
                failures.extend(forwarded_failure(*count, found.forwarded));
            }
            TestLineKind::Event { .. } | TestLineKind::Feed(_) | TestLineKind::Advance(_) => {}
        }
    }
    if !expected.is_empty() {
        failures.extend(alert_failures(expected, found.alerts));
    }
    failures
}

/// Holds the number of records and summaries that are passed on against the one expected.
fn forwarded_failure(expected: impl TryInto<usize>, found: &[Forwarded]) -> Option<String> {
    let expected = expected.try_into().unwrap_or(usize::MAX);
    if found.len() == expected {
        return None;
    }
    let told: Vec<String> = found.iter().map(passed).collect();
    let mut text = format!("expected {expected} forwarded, found {}", found.len());
    if !told.is_empty() {
        text.push_str(&format!(": {}", told.join(", ")));
    }
    Some(text)
}

fn passed(forwarded: &Forwarded) -> String {
    match forwarded {
        Forwarded::Record(passed) => format!("`{}` at {}", passed.id, format_rfc3339(passed.time)),
        Forwarded::Summary(summary) => {
            let partial = if summary.partial { ", partial" } else { "" };
            let to = format_rfc3339(summary.to);
            format!("a summary of `{}` up to {to}{partial}", summary.digest)
        }
    }
}

/// Gives each expectation the alerts it asks for, those that ask for most first.
fn alert_failures(mut expected: Vec<Expected<'_>>, alerts: &[Alert]) -> Vec<String> {
    expected.sort_by_key(|one| std::cmp::Reverse(one.fields.len() + usize::from(one.at.is_some())));
    let mut left: Vec<&Alert> = alerts.iter().collect();
    let mut failures = Vec::new();
    for one in expected {
        let mut found = 0;
        left.retain(|alert| {
            let takes = found < one.count && fits(&one, alert);
            found += usize::from(takes);
            !takes
        });
        if found < one.count {
            failures.push(missing(&one, found, &left));
        }
    }
    failures.extend(
        left.iter()
            .map(|alert| format!("expected no further alert, found {}", told(alert))),
    );
    failures
}

fn missing(expected: &Expected<'_>, found: usize, others: &[&Alert]) -> String {
    let mut text = format!("expected {} alert", expected.count);
    if let Some(at) = expected.at {
        text.push_str(&format!(" at {}", format_rfc3339(at)));
    }
    if !expected.fields.is_empty() {
        let fields: Vec<String> = expected
            .fields
            .iter()
            .map(|(name, value)| format!("{name}: {}", value.display()))
            .collect();
        text.push_str(&format!(" {{ {} }}", fields.join(", ")));
    }
    text.push_str(&format!(", found {found}"));
    if let Some(other) = others.first() {
        text.push_str(&format!("; there is {}", told(other)));
    }
    text
}

fn told(alert: &Alert) -> String {
    format!(
        "`{}` at {}: {}",
        alert.severity.name(),
        format_rfc3339(alert.time),
        alert.text
    )
}

fn fits(expected: &Expected<'_>, alert: &Alert) -> bool {
    expected.at.is_none_or(|at| at == alert.time)
        && expected
            .fields
            .iter()
            .all(|(name, value)| carries(alert, name, value))
}

/// Tells whether an alert carries a value under a name: an attribute, its key, or a field it shows.
fn carries(alert: &Alert, name: &str, wanted: &Value) -> bool {
    let is = |value: &Value| value.is(wanted) == Some(true);
    match name {
        "severity" => is(&Value::text(alert.severity.name())),
        "text" => is(&Value::text(alert.text.as_str())),
        "title" => is(&Value::Text(alert.title.clone())),
        "rule" => is(&Value::Text(alert.name.clone())),
        "note" | "notes" => alert
            .notes
            .iter()
            .any(|note| is(&Value::text(note.as_str()))),
        "score" => alert.score.is_some_and(|score| is(&Value::Float(score))),
        "score_on" => is(&alert.score_on),
        "complete" => is(&Value::Bool(alert.complete)),
        "suppressed" => is(&i64::try_from(alert.suppressed).map_or(Value::Missing, Value::Int)),
        "time" => is(&Value::Time(alert.time)),
        "from" => is(&Value::Time(alert.from)),
        "to" => is(&Value::Time(alert.to)),
        _ => named(alert, name).into_iter().any(is),
    }
}

fn named<'a>(alert: &'a Alert, name: &str) -> Vec<&'a Value> {
    let of_key = alert.key.iter().filter(|(key, _)| &**key == name);
    let fields = alert
        .evidence
        .iter()
        .rev()
        .flat_map(|evidence| &evidence.fields);
    let of_evidence = fields.filter(|(field, _)| &**field == name);
    of_key.chain(of_evidence).map(|(_, value)| value).collect()
}
