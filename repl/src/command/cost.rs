//! What rules and memories cost: what each keeps for a key, for how long, and how many bytes that is.
//!
//! Apart from checking because explaining tells it too, at more length.

use std::sync::Arc;

use muster_lang::ir::{ExprId, ExprKind, FieldId, Memory, Program};
use muster_lang::units::Duration;
use muster_lang::value::Value;
use muster_runtime::machine::cost::{Cost, Events};
use muster_runtime::machine::plan::Plan;
use muster_runtime::options::Options;

use crate::load::Loaded;

/// Returns a line for each rule and memory of the files that are named; at length, below each rule
/// what bounds it.
pub(crate) fn lines(program: &Arc<Program>, loaded: &Loaded, is_long: bool) -> Vec<String> {
    let rules = program
        .rules
        .iter()
        .filter(|(_, rule)| loaded.is_named(rule.span.file));
    let rules = rules.map(|(id, _)| {
        let plan = Plan::new(program, id);
        let told = if is_long { told(&plan) } else { Vec::new() };
        (of_rule(&plan), told)
    });
    let memories = program.memories.as_slice().iter();
    let memories = memories.filter(|memory| loaded.is_named(memory.span.file));
    let rows: Vec<([String; 3], Vec<String>)> = rules
        .chain(memories.map(|memory| (of_memory(program, memory), Vec::new())))
        .collect();
    let width = |column: usize| {
        rows.iter()
            .filter_map(|(row, _)| row.get(column))
            .map(|cell| cell.chars().count())
            .max()
    };
    let (first, second) = (width(0).unwrap_or(0), width(1).unwrap_or(0));
    let mut out = Vec::new();
    for ([name, key, keeps], told) in &rows {
        out.push(format!("{name:first$}  {key:second$}  {keeps}"));
        out.extend(told.iter().map(|line| format!("  {line}")));
    }
    out
}

/// Returns what a rule costs, a sentence a line.
pub(crate) fn told(plan: &Plan) -> Vec<String> {
    let cost = Cost::of(plan);
    let mut out = vec![bound(plan, &cost)];
    out.extend(absences(plan, &cost));
    if cost.bytes_max().is_none() && !(cost.reach.is_empty() && cost.absences.is_empty()) {
        let most = Options::default().candidates_per_key_max;
        out.push(format!(
            "an event is about {}, a key besides {}; beyond {most} events the oldest goes, and is counted",
            bytes(cost.event_bytes),
            bytes(cost.key_bytes)
        ));
    }
    out.extend(waits(&cost));
    out
}

/// Returns what bounds the events of a key.
fn bound(plan: &Plan, cost: &Cost) -> String {
    match (cost.bytes_max(), &cost.steps) {
        (Some(0), _) => "nothing is kept: each event decides alone".into(),
        (Some(most), Events::Most(count)) => format!(
            "constant: at most {} a key, about {}",
            events(*count),
            bytes(most)
        ),
        (_, Events::Most(0)) => "no event of its steps is kept for later ones".into(),
        (_, Events::Most(count)) => format!("at most {} of its steps a key", events(*count)),
        (_, Events::Each(fields)) => each(plan, cost, fields),
        (_, Events::All) => {
            let rate = longest(cost).map_or_else(String::new, |longest| {
                format!(
                    " in {}: window times rate, at one a minute {}",
                    span(longest),
                    at_one_a_minute(longest)
                )
            });
            format!("all events of its steps{rate}")
        }
    }
}

fn each(plan: &Plan, cost: &Cost, fields: &[FieldId]) -> String {
    let rule = plan.rule();
    let first = rule.steps.as_slice().first();
    let first = first.map(|step| &*step.label).unwrap_or_default();
    let names: Vec<&str> = fields
        .iter()
        .map(|field| &*plan.program.fields[*field].name)
        .collect();
    let reach = longest(cost).map(span).unwrap_or_default();
    let mut out = format!("of {first} only the newest");
    if !names.is_empty() {
        out.push_str(&format!(" for each {}", names.join(", ")));
    } else if rule.steps.len() > 2 {
        out.push_str(" between two later steps");
    }
    out.push_str(&format!(", in {reach}"));
    if !rule.absences.is_empty() {
        out.push_str(", and those that may not happen");
    }
    if rule.steps.len() > 2 {
        out.push_str("; of the steps behind it all events");
    }
    out
}

fn longest(cost: &Cost) -> Option<Duration> {
    cost.reach.iter().map(|(_, reach)| *reach).max()
}

/// Returns which events are kept because they may break a match to come.
fn absences(plan: &Plan, cost: &Cost) -> Vec<String> {
    let one = |(at, reach): &(usize, Duration)| {
        let absence = plan.rule().absences.get(*at)?;
        let is_hashed = plan.absences.get(*at).is_some_and(|one| one.is_hashed);
        let place = if is_hashed {
            ""
        } else {
            ", those of all keys together"
        };
        Some(format!(
            "every {} in {}, as it may break a match to come{place}",
            absence.label,
            span(*reach)
        ))
    };
    cost.absences.iter().filter_map(one).collect()
}

/// Returns how many events come in a span, at one a minute.
fn at_one_a_minute(within: Duration) -> String {
    const MINUTE: i64 = 60_000_000;
    let count = usize::try_from(within.0 / MINUTE).unwrap_or(usize::MAX);
    events(count.saturating_add(1))
}

/// Returns what a match costs that waits for deadlines.
fn waits(cost: &Cost) -> Option<String> {
    let many = match cost.deadlines {
        0 => return None,
        1 => "one deadline".to_owned(),
        many => format!("{many} deadlines"),
    };
    Some(format!(
        "{many} for each match that waits, {} at most: about {} and its events",
        span(cost.waits),
        bytes(cost.open_bytes)
    ))
}

fn of_rule(plan: &Plan) -> [String; 3] {
    let rule = plan.rule();
    let names = rule
        .key
        .components
        .iter()
        .map(|component| component.name.to_string());
    let cost = Cost::of(plan);
    let mut keeps = Vec::new();
    for (step, reach) in &cost.reach {
        keeps.push(format!("{} for {}", rule.steps[*step].label, span(*reach)));
    }
    for (at, reach) in &cost.absences {
        if let Some(absence) = rule.absences.get(*at) {
            keeps.push(format!("{} for {}", absence.label, span(*reach)));
        }
    }
    let mut kept = kept(&keeps);
    kept.push_str(&match (cost.bytes_max(), &cost.steps) {
        (Some(0), _) => String::new(),
        (Some(most), _) => format!("; at most {} a key", bytes(most)),
        (None, _) if keeps.is_empty() => String::new(),
        (None, Events::Most(_) | Events::Each(_) | Events::All) => {
            format!("; {} an event", bytes(cost.event_bytes))
        }
    });
    match cost.deadlines {
        0 => {}
        1 => kept.push_str("; 1 deadline a match"),
        many => kept.push_str(&format!("; {many} deadlines a match")),
    }
    [
        format!("rule {}", rule.name),
        per(&names.collect::<Vec<_>>()),
        kept,
    ]
}

fn of_memory(program: &Program, memory: &Memory) -> [String; 3] {
    let names: Vec<String> = memory
        .per
        .iter()
        .filter_map(|key| field(program, *key))
        .collect();
    let most = memory
        .max
        .map_or(String::new(), |max| format!(", at most {max} values"));
    let keeps = format!("what it learns for {}{most}", span(memory.keep));
    [
        format!("memory {}", memory.name),
        per(&names),
        kept(&[keeps]),
    ]
}

fn field(program: &Program, key: ExprId) -> Option<String> {
    match &program.exprs[key].kind {
        ExprKind::Field(_, field) => Some(program.fields[*field].name.to_string()),
        _ => None,
    }
}

fn per(names: &[String]) -> String {
    if names.is_empty() {
        "for all".into()
    } else {
        format!("per {}", names.join(", "))
    }
}

fn kept(keeps: &[String]) -> String {
    if keeps.is_empty() {
        "keeps nothing".into()
    } else {
        format!("keeps {}", keeps.join(", "))
    }
}

fn events(count: usize) -> String {
    if count == 1 {
        "1 event".into()
    } else {
        format!("{count} events")
    }
}

fn bytes(count: usize) -> String {
    Value::Size(i64::try_from(count).unwrap_or(i64::MAX)).display()
}

fn span(span: Duration) -> String {
    if span.0 == i64::MAX {
        "ever".into()
    } else {
        Value::Duration(span).display()
    }
}
