//! Prints a machine: its key, its steps, what it keeps and for how long.
//!
//! Apart from the machine so that `check --emit machine` and snapshots share one printer.

use std::fmt::Write;

use muster_lang::ir::needs::Kept;
use muster_lang::ir::{
    Condition, Element, FieldId, Frame, KeyComponent, OnMatch, Rule, Window, WindowKind,
};
use muster_lang::units::Duration;
use muster_lang::value::Value;

use crate::machine::plan::{Plan, StepPlan};

/// Returns a rule's machine as text, a line a fact.
#[must_use]
pub fn machine(plan: &Plan) -> String {
    let rule = plan.rule();
    let mut text = format!("machine {} ({})\n", rule.name, shape(plan));
    let mut line = |what: &str, says: String| {
        let _ = writeln!(text, "  {what:<10} {says}");
    };
    line("key", key(plan));
    for (index, found) in plan.steps.iter().enumerate() {
        line("step", step(plan, index, found));
        conditions(&found.local)
            .chain(conditions(&found.early))
            .chain(conditions(&found.cross))
            .for_each(|condition| line("", condition));
    }
    for found in &rule.windows {
        line("window", window(found));
    }
    for decidable in &plan.conditions {
        line(
            "where",
            format!(
                "{} (after element {})",
                condition(&decidable.condition),
                decidable.after
            ),
        );
    }
    for (absence, plan) in rule.absences.iter().zip(&plan.absences) {
        let found = if plan.is_hashed {
            "found by key"
        } else {
            "found by tenant"
        };
        line(
            "without",
            format!("{}, {found}, kept {}", absence.text, duration(plan.reach)),
        );
    }
    if let Some(frame) = &rule.frame {
        line("frame", self::frame(frame));
    }
    if let Some(says) = keeps(plan) {
        line("keeps", says);
    }
    let restarts = match rule.on_match {
        OnMatch::Restart => "restart: later matches start at the completing event",
        OnMatch::Keep => "keep: nothing is cleared",
    };
    line("on match", restarts.to_string());
    text
}

fn step(plan: &Plan, index: usize, step: &StepPlan) -> String {
    let steps = plan.rule().steps.as_slice();
    let label = steps.get(index).map_or("", |step| &*step.label);
    let kept = if plan.is_single {
        String::from("kept not at all")
    } else {
        kept(plan, 1 << index)
    };
    let alone = step.local.len() + step.early.len();
    let others = step.cross.len();
    format!("{label}: {alone} alone, {others} with others, {kept}")
}

fn window(window: &Window) -> String {
    let kind = match window.kind {
        WindowKind::Span => "from first to last event",
        WindowKind::Gap => "after the event before",
    };
    let Window {
        first,
        last,
        within,
        ..
    } = window;
    format!(
        "elements {first}..={last} within {} {kind}",
        duration(*within)
    )
}

fn shape(plan: &Plan) -> &'static str {
    let rule = plan.rule();
    let plain = rule
        .elements
        .iter()
        .all(|element| matches!(element, Element::One(_)));
    match (plan.is_single, plain) {
        (true, _) => "decided by one event, no state",
        (false, true) => "newest-first search of a sequence",
        (false, false) => "newest-first search with groups or sets",
    }
}

fn key(plan: &Plan) -> String {
    let rule = plan.rule();
    let name = |at: &usize| {
        rule.key
            .components
            .get(*at)
            .map(component)
            .unwrap_or_default()
    };
    let tenant = if rule.key.across_tenants {
        None
    } else {
        Some(String::from("tenant"))
    };
    let hashed: Vec<String> = tenant
        .into_iter()
        .chain(plan.hashed.iter().map(name))
        .collect();
    let joined: Vec<String> = plan.joined.iter().map(name).collect();
    let mut says = if hashed.is_empty() {
        String::from("none")
    } else {
        hashed.join(", ")
    };
    if !joined.is_empty() {
        let _ = write!(says, "; compared in the search: {}", joined.join(", "));
    }
    says
}

fn component(component: &KeyComponent) -> String {
    let how = if component.exact { " exactly" } else { "" };
    format!("{}{how}", component.name)
}

fn kept(plan: &Plan, steps: u64) -> String {
    format!("kept {}", duration(plan.reach_of(steps)))
}

fn conditions(conditions: &[Condition]) -> impl Iterator<Item = String> {
    conditions.iter().map(condition)
}

fn condition(condition: &Condition) -> String {
    let word = if condition.unless { "unless" } else { "where" };
    format!("{word} {}", condition.text)
}

/// Says what of a key is kept, where not everything is.
fn keeps(plan: &Plan) -> Option<String> {
    match &plan.kept {
        Kept::Nothing | Kept::Everything => None,
        Kept::Newest(fields) if fields.is_empty() => {
            Some(String::from("the newest event of the first step"))
        }
        Kept::Newest(fields) => {
            let name = |field: &FieldId| plan.program.fields[*field].name.to_string();
            let names: Vec<String> = fields.iter().map(name).collect();
            let names = names.join(", ");
            Some(format!(
                "the newest event of the first step for each {names}"
            ))
        }
        Kept::Chains => Some(String::from("the latest chain of each length")),
    }
}

fn frame(frame: &Frame) -> String {
    match frame {
        Frame::Each { every, zone } => {
            format!(
                "each {} in {}",
                duration(*every),
                zone.as_deref().unwrap_or("UTC")
            )
        }
        Frame::Session { gap, up_to } => {
            format!(
                "session with gaps up to {}, at most {}",
                duration(*gap),
                duration(*up_to)
            )
        }
    }
}

fn duration(duration: Duration) -> String {
    if duration.0 == i64::MAX {
        String::from("for ever")
    } else {
        Value::Duration(duration).display()
    }
}

/// Returns the machines of every rule of a program that pass a filter, in source order.
#[must_use]
pub fn machines(
    program: &std::sync::Arc<muster_lang::ir::Program>,
    wanted: &dyn Fn(&Rule) -> bool,
) -> String {
    let rules = program.rules.iter().filter(|(_, rule)| wanted(rule));
    rules
        .map(|(id, _)| machine(&Plan::new(program, id)))
        .collect::<Vec<_>>()
        .join("\n")
}
