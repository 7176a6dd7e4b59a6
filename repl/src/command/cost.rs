//! What rules cost: what each keeps for a key, and for how long.
//!
//! Apart from checking because this asks the machine, which only a program that compiles has.

use std::sync::Arc;

use muster_lang::ir::{ExprId, ExprKind, Memory, Program};
use muster_lang::units::Duration;
use muster_lang::value::Value;
use muster_runtime::machine::plan::Plan;

use crate::load::Loaded;

/// Returns a line for each rule and memory of the files that are named.
pub(crate) fn lines(program: &Arc<Program>, loaded: &Loaded) -> Vec<String> {
    let rules = program
        .rules
        .iter()
        .filter(|(_, rule)| loaded.is_named(rule.span.file));
    let rules = rules.map(|(id, _)| of_rule(&Plan::new(program, id)));
    let memories = program.memories.as_slice().iter();
    let memories = memories.filter(|memory| loaded.is_named(memory.span.file));
    let rows: Vec<[String; 3]> = rules
        .chain(memories.map(|memory| of_memory(program, memory)))
        .collect();
    let width = |column: usize| {
        rows.iter()
            .filter_map(|row| row.get(column))
            .map(|cell| cell.chars().count())
            .max()
    };
    let (first, second) = (width(0).unwrap_or(0), width(1).unwrap_or(0));
    let line = |[name, key, keeps]: &[String; 3]| format!("{name:first$}  {key:second$}  {keeps}");
    rows.iter().map(line).collect()
}

fn of_rule(plan: &Plan) -> [String; 3] {
    let rule = plan.rule();
    let names = rule
        .key
        .components
        .iter()
        .map(|component| component.name.to_string());
    let mut keeps = Vec::new();
    for (index, step) in rule.steps.as_slice().iter().enumerate() {
        let reach = plan.reach_of(1 << index);
        if !plan.is_single && reach.0 > 0 {
            keeps.push(format!("{} for {}", step.label, span(reach)));
        }
    }
    for (absence, plan) in rule.absences.iter().zip(&plan.absences) {
        if plan.reach.0 > 0 {
            keeps.push(format!("{} for {}", absence.label, span(plan.reach)));
        }
    }
    [
        format!("rule {}", rule.name),
        per(&names.collect::<Vec<_>>()),
        kept(&keeps),
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

fn span(span: Duration) -> String {
    if span.0 == i64::MAX {
        "ever".into()
    } else {
        Value::Duration(span).display()
    }
}
