//! The facts of a rule, a word and what it says.
//!
//! Apart from the drawing because a fact is looked up, not followed.

use super::words::{code, equalities, expr, is_whole, label, row, same_paths, span};
use super::{feed, read};
use crate::ir::feed::Columns;
use crate::ir::needs::deadlines;
use crate::ir::{Element, Frame, OnMatch, Program, Rule, Severity, StepId, Window, WindowKind};

/// Returns the facts of a rule, aligned.
pub(super) fn lines(program: &Program, rule: &Rule, columns: Columns<'_>) -> Vec<String> {
    let facts = [
        ("key", vec![key(program, rule)]),
        ("windows", windows(rule)),
        ("deadlines", deadline_lines(rule)),
        ("fed by", feed::lines(program, rule, columns)),
        ("reads", read::lines(program, rule)),
        ("pending", vec![pending(rule)]),
        ("on match", vec![on_match(rule)]),
        ("alert", alert(program, rule)),
    ];
    let mut out = Vec::new();
    for (name, says) in facts {
        let says = if says.is_empty() {
            vec!["none".into()]
        } else {
            says
        };
        for (at, line) in says.iter().enumerate() {
            let name = if at == 0 { name } else { "" };
            out.push(fact(name, line));
        }
    }
    out
}

/// How wide the names of facts are.
const WIDTH: usize = 11;

/// The names of facts; `cost` is told by who knows the machine.
const NAMES: [&str; 9] = [
    "key",
    "windows",
    "deadlines",
    "fed by",
    "reads",
    "pending",
    "on match",
    "alert",
    "cost",
];

/// Returns a fact under its name, in line with the others.
#[must_use]
pub fn fact(name: &str, says: &str) -> String {
    format!("{name:WIDTH$}{says}")
}

/// Returns the name of the fact of a line, and the rest with the blanks before it.
#[must_use]
pub fn split_fact(line: &str) -> Option<(&str, &str)> {
    let name = NAMES.iter().find(|name| {
        let rest = line.strip_prefix(*name);
        rest.is_some_and(|rest| rest.starts_with(' ') && line.len() > WIDTH)
    })?;
    line.split_at_checked(name.len())
}

fn key(program: &Program, rule: &Rule) -> String {
    let mut parts = same_paths(program, rule);
    for terms in equalities(program, rule) {
        parts.push(terms.join(" = "));
    }
    let tenants = if rule.key.across_tenants {
        "across tenants"
    } else {
        "within one tenant"
    };
    if parts.is_empty() {
        return format!("none, {tenants}");
    }
    format!("{}, {tenants}", row(&parts))
}

fn windows(rule: &Rule) -> Vec<String> {
    let mut out: Vec<String> = rule.windows.iter().map(|one| window(rule, one)).collect();
    out.extend(rule.frame.as_ref().map(|frame| match frame {
        Frame::Each { every, zone } => format!(
            "each {} in {}, at most one alert a window",
            span(*every),
            zone.as_deref().unwrap_or("UTC")
        ),
        Frame::Session { gap, up_to } => format!(
            "a session ends after {} of silence, or after {}; at most one alert a session",
            span(*gap),
            span(*up_to)
        ),
    }));
    out.extend(
        rule.tolerate
            .map(|bound| format!("steps may be up to {} out of order", span(bound))),
    );
    out
}

fn window(rule: &Rule, window: &Window) -> String {
    let within = span(window.within);
    let name = |at: usize| {
        rule.elements
            .get(at)
            .map(|one| name(rule, one))
            .unwrap_or_default()
    };
    match window.kind {
        WindowKind::Gap => {
            let before = window.first.checked_sub(1).map(name).unwrap_or_default();
            format!("{within} from {before} to {}", name(window.last))
        }
        WindowKind::Span if is_whole(rule, window) => format!("{within} for the whole match"),
        WindowKind::Span if window.first == window.last => {
            format!("{within} for {}", name(window.first))
        }
        WindowKind::Span => format!(
            "{within} from {} to {}",
            name(window.first),
            name(window.last)
        ),
    }
}

fn name(rule: &Rule, element: &Element) -> String {
    match element {
        Element::One(step) | Element::Group(step) => label(rule, *step),
        Element::Set { members, .. } => {
            let names: Vec<String> = members.iter().map(|step| label(rule, *step)).collect();
            row(&names)
        }
    }
}

fn deadline_lines(rule: &Rule) -> Vec<String> {
    deadlines(rule)
        .filter_map(|(at, bound)| {
            let absence = rule.absences.get(at)?;
            Some(format!(
                "a match waits: no {} within {} {}",
                absence.label,
                span(bound),
                anchor(rule, absence.interval)
            ))
        })
        .collect()
}

/// Returns what a deadline counts from.
fn anchor(rule: &Rule, interval: crate::ir::AbsenceInterval) -> String {
    use crate::ir::AbsenceInterval;
    match interval {
        AbsenceInterval::Around {
            after: Some((_, step)),
            ..
        } => format!("after {}", label(rule, step)),
        AbsenceInterval::Around { after: None, .. }
        | AbsenceInterval::Between(..)
        | AbsenceInterval::Inside(_) => String::new(),
    }
}

fn pending(rule: &Rule) -> String {
    match deadlines(rule).map(|(_, bound)| bound).max() {
        None => "never at the end of input: the last event decides".into(),
        Some(bound) => format!(
            "at the end of input if less than {} have passed; `--eof final` lets them pass",
            span(bound)
        ),
    }
}

fn on_match(rule: &Rule) -> String {
    match rule.on_match {
        OnMatch::Restart => "start anew from the completing event".into(),
        OnMatch::Keep => "keep everything: the same events may match again".into(),
    }
}

fn alert(program: &Program, rule: &Rule) -> Vec<String> {
    let alert = &rule.alert;
    let mut out = vec![match alert.severity {
        Severity::None => "none: an event for other rules, never written out".to_owned(),
        Severity::Info | Severity::Low | Severity::Medium | Severity::High | Severity::Critical => {
            alert.severity.name().to_owned()
        }
    }];
    for (severity, when) in &alert.severities {
        out.push(format!(
            "{} when {}",
            severity.name(),
            expr(program, rule, *when)
        ));
    }
    match alert.notes.len() {
        0 => {}
        1 => out.push("one note".into()),
        count => out.push(format!("{count} notes")),
    }
    for score in &alert.scores {
        let on = code(&expr(program, rule, score.on));
        out.push(format!(
            "scores {} on {on}",
            expr(program, rule, score.points)
        ));
    }
    if let Some(suppress) = &alert.suppress {
        let per: Vec<String> = suppress
            .per
            .iter()
            .map(|per| code(&expr(program, rule, *per)))
            .collect();
        let per = if per.is_empty() {
            "the key".into()
        } else {
            row(&per)
        };
        out.push(format!("told once in {} per {per}", span(suppress.span)));
    }
    let shown: Vec<String> = alert
        .show
        .iter()
        .map(|(step, field)| shown(program, rule, *step, *field))
        .collect();
    if !shown.is_empty() {
        out.push(format!("shows {}", row(&shown)));
    }
    out
}

fn shown(
    program: &Program,
    rule: &Rule,
    step: Option<StepId>,
    field: crate::ir::FieldId,
) -> String {
    let name = &program.fields[field].name;
    step.map_or_else(
        || code(name),
        |step| code(&format!("{}.{name}", label(rule, step))),
    )
}
