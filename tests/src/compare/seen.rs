//! All that two engines must agree on, in a form in which equal answers are equal.
//!
//! Apart from the comparison so that what an alert says is listed in one place.

use std::collections::BTreeMap;

use crate::reference::{Forwarded, Outcome, RefAlert, RefPending, Summary};

/// All of an alert that must agree.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Comparable {
    /// When it is told, microseconds since 1970.
    pub time: i64,
    /// Its rule.
    pub rule: String,
    /// The title of its rule.
    pub title: String,
    /// Its key by name; `tenant` may be left out.
    pub key: BTreeMap<String, String>,
    /// The further keys of the same evidence.
    pub also: Vec<BTreeMap<String, String>>,
    /// The time of its first event, microseconds.
    pub from: i64,
    /// The time of its last event, microseconds.
    pub to: i64,
    /// Step and event id, in the order of the steps as written. The id of an alert as evidence is
    /// its `alert_id`.
    pub evidence: Vec<(String, String)>,
    /// How many members each group has.
    pub counts: BTreeMap<String, usize>,
    /// Its severity.
    pub severity: String,
    /// Its text.
    pub text: String,
    /// The notes that hold, in order.
    pub notes: Vec<String>,
    /// Its techniques.
    pub attack: Vec<String>,
    /// Its tags.
    pub tags: Vec<String>,
    /// Its score as a number prints.
    pub score: Option<String>,
    /// Whose score it is, as a value prints.
    pub score_on: Option<String>,
    /// For each event of the evidence, the fields that `show` names, as values print.
    pub shown: Vec<BTreeMap<String, String>>,
    /// How many were suppressed before it.
    pub suppressed: u64,
    /// Whether nothing was lost that could have changed it.
    pub complete: bool,
    /// Its `alert_id`, by which other alerts may name it as evidence.
    pub id: String,
}

/// An open absence that must agree.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct ComparablePending {
    /// Its rule.
    pub rule: String,
    /// Its key by name; `tenant` may be left out.
    pub key: BTreeMap<String, String>,
    /// Its deadline, microseconds since 1970.
    pub until: i64,
}

/// All that one engine makes of a case.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Seen {
    /// Alerts in the order of output, those of severity `none` among them.
    pub alerts: Vec<Comparable>,
    /// Open absences, in any order.
    pub pending: Vec<ComparablePending>,
    /// The number of late events, where the engine tells it.
    pub late: Option<usize>,
    /// The number of dropped duplicates, where the engine tells it.
    pub duplicates: Option<usize>,
    /// What is forwarded, in any order, where the engine tells it: the id of an event, or a
    /// summary as `name from to {"key": "value"} partial` with its instants in microseconds, its
    /// keys and named values in the order of their names, numbers without unit.
    pub forwarded: Option<Vec<String>>,
}

type KeyText = [(String, String)];

fn named(key: &KeyText) -> BTreeMap<String, String> {
    key.iter().cloned().collect()
}

impl From<&RefAlert> for Comparable {
    fn from(alert: &RefAlert) -> Self {
        Comparable {
            time: alert.time,
            rule: alert.rule.clone(),
            title: alert.title.clone(),
            key: named(&alert.key),
            also: alert.also.iter().map(|key| named(key)).collect(),
            from: alert.from,
            to: alert.to,
            evidence: alert.evidence.clone(),
            counts: alert.counts.clone(),
            severity: alert.severity.clone(),
            text: alert.text.clone(),
            notes: alert.notes.clone(),
            attack: alert.attack.clone(),
            tags: alert.tags.clone(),
            score: alert.score.map(|score| format!("{score:?}")),
            score_on: alert.score_on.clone(),
            shown: alert.shown.clone(),
            suppressed: alert.suppressed,
            complete: alert.complete,
            id: alert.id.clone(),
        }
    }
}

impl From<&RefPending> for ComparablePending {
    fn from(open: &RefPending) -> Self {
        ComparablePending {
            rule: open.rule.clone(),
            key: named(&open.key),
            until: open.until,
        }
    }
}

impl From<&Outcome> for Seen {
    fn from(outcome: &Outcome) -> Self {
        Seen {
            alerts: outcome.alerts.iter().map(Comparable::from).collect(),
            pending: outcome
                .pending
                .iter()
                .map(ComparablePending::from)
                .collect(),
            late: Some(outcome.late.len()),
            duplicates: Some(outcome.duplicates.len()),
            forwarded: Some(outcome.forwarded.iter().map(forwarded).collect()),
        }
    }
}

fn forwarded(one: &Forwarded) -> String {
    match one {
        Forwarded::Event(id) => id.clone(),
        Forwarded::Summary(Summary {
            to,
            from,
            digest,
            values,
            partial,
        }) => {
            let partial = if *partial { " partial" } else { "" };
            format!("{digest} {from} {to} {values:?}{partial}")
        }
    }
}

/// Brings an outcome into a form in which equal ones are equal.
#[must_use]
pub fn canonical(mut seen: Seen) -> Seen {
    for alert in &mut seen.alerts {
        alert.key.remove("tenant");
        for key in &mut alert.also {
            key.remove("tenant");
        }
        alert.also.sort();
    }
    let labels: BTreeMap<String, (String, i64)> = seen
        .alerts
        .iter()
        .map(|alert| (alert.id.clone(), label(alert)))
        .collect();
    for alert in &mut seen.alerts {
        for (_, id) in &mut alert.evidence {
            // Without its time: alerts of equal ids may stand under one `alert_id`.
            if let Some((label, _)) = labels.get(id) {
                id.clone_from(label);
            }
        }
        alert.id.clear();
    }
    for open in &mut seen.pending {
        open.key.remove("tenant");
    }
    seen.pending.sort();
    seen.forwarded.iter_mut().for_each(|lines| lines.sort());
    seen
}

/// Names an alert that is evidence of another by what both engines know of it, with its time.
fn label(alert: &Comparable) -> (String, i64) {
    let key: Vec<String> = alert
        .key
        .iter()
        .map(|(name, text)| format!("{name}={text}"))
        .collect();
    let label = format!("alert of {} for {}", alert.rule, key.join(","));
    (label, alert.time)
}

/// Returns the lines in which two outcomes differ: `-` is expected and not found, `+` is found
/// and not expected.
#[must_use]
pub fn difference(expected: &Seen, found: &Seen) -> Vec<String> {
    let (expected, found) = (canonical(expected.clone()), canonical(found.clone()));
    let mut lines = missing("-", &expected.alerts, &found.alerts);
    lines.extend(missing("+", &found.alerts, &expected.alerts));
    if lines.is_empty() && expected.alerts != found.alerts {
        let order = |seen: &Seen| seen.alerts.iter().map(label).collect::<Vec<_>>();
        lines.push(format!(
            "order: expected {:?}, found {:?}",
            order(&expected),
            order(&found)
        ));
    }
    lines.extend(missing("- pending", &expected.pending, &found.pending));
    lines.extend(missing("+ pending", &found.pending, &expected.pending));
    if let (Some(expected), Some(found)) = (&expected.forwarded, &found.forwarded) {
        lines.extend(missing("- forwarded", expected, found));
        lines.extend(missing("+ forwarded", found, expected));
    }
    for (what, expected, found) in [
        ("late", expected.late, found.late),
        ("duplicates", expected.duplicates, found.duplicates),
    ] {
        if found.is_some() && expected != found {
            lines.push(format!("{what}: expected {expected:?}, found {found:?}"));
        }
    }
    lines
}

/// Returns what one list has more often than another.
fn missing<T: PartialEq + std::fmt::Debug>(sign: &str, have: &[T], lack: &[T]) -> Vec<String> {
    let mut left: Vec<&T> = lack.iter().collect();
    let mut lines = Vec::new();
    for one in have {
        match left.iter().position(|other| *other == one) {
            Some(place) => drop(left.remove(place)),
            None => lines.push(format!("{sign} {one:?}")),
        }
    }
    lines
}
