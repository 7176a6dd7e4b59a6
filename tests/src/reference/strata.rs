//! The order of rules: one that reads the alerts of another comes after it.
//!
//! Apart from evaluation because it looks at what is written alone.

use std::collections::{BTreeMap, BTreeSet};

use muster_lang::syntax::ast::{ClauseKind, Expr, ExprKind, Filter, Pattern, Rule, Step, StepKind};

use super::program::Program;
use super::walk::parts;
use super::{Answer, unsupported};

/// Returns the rules so that each comes after all whose alerts it reads.
pub(crate) fn order<'p>(program: &Program<'p>) -> Answer<Vec<&'p Rule>> {
    let reads: BTreeMap<&str, BTreeSet<String>> = program
        .rules
        .iter()
        .map(|(name, rule)| (*name, sources(program, rule)))
        .collect();
    let over_all: Vec<&str> = reads
        .iter()
        .filter(|(_, read)| read.contains("alert"))
        .map(|(name, _)| *name)
        .collect();
    if over_all.len() > 1 {
        return unsupported("two rules over `alert`");
    }
    let mut needs: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for (name, read) in &reads {
        let named = program
            .rules
            .keys()
            .copied()
            .filter(|other| read.contains(*other));
        needs.insert(name, named.collect());
    }
    for name in over_all {
        let behind: BTreeSet<&str> = program
            .rules
            .keys()
            .copied()
            .filter(|other| depends(&needs, other, name))
            .collect();
        let seen = program.rules.keys().copied();
        needs.insert(
            name,
            seen.filter(|other| *other != name && !behind.contains(other))
                .collect(),
        );
    }
    sorted(program, &needs)
}

fn depends(needs: &BTreeMap<&str, BTreeSet<&str>>, rule: &str, on: &str) -> bool {
    let direct = needs.get(rule).into_iter().flatten();
    direct
        .into_iter()
        .any(|next| *next == on || (*next != rule && depends(needs, next, on)))
}

fn sorted<'p>(
    program: &Program<'p>,
    needs: &BTreeMap<&str, BTreeSet<&str>>,
) -> Answer<Vec<&'p Rule>> {
    let mut done: BTreeSet<&str> = BTreeSet::new();
    let mut order = Vec::new();
    while order.len() < program.rules.len() {
        let ready = program.rules.iter().find(|(name, _)| {
            !done.contains(*name)
                && needs
                    .get(*name)
                    .into_iter()
                    .flatten()
                    .all(|other| done.contains(other))
        });
        let Some((name, rule)) = ready else {
            return unsupported("rules over alerts in a cycle");
        };
        done.insert(name);
        order.push(*rule);
    }
    Ok(order)
}

/// Returns the basic classes a rule reads: `any`, `alert` and names of rules.
fn sources(program: &Program<'_>, rule: &Rule) -> BTreeSet<String> {
    let mut classes: Vec<&str> = Vec::new();
    let mut exprs: Vec<&Expr> = Vec::new();
    if let Some(pattern) = &rule.pattern {
        read_pattern(pattern, &mut classes, &mut exprs);
    }
    for clause in &rule.clauses {
        match &clause.kind {
            ClauseKind::Filter(filter) => exprs.push(&filter.expr),
            ClauseKind::Without(without) => {
                classes.push(&without.class.name.text);
                exprs.extend(without.filters.iter().map(|filter| &filter.expr));
            }
            ClauseKind::Within(_)
            | ClauseKind::OnMatch(_)
            | ClauseKind::Each { .. }
            | ClauseKind::Session { .. }
            | ClauseKind::Tolerate(_)
            | ClauseKind::Global
            | ClauseKind::AcrossTenants => {}
        }
    }
    let mut found = BTreeSet::new();
    for class in classes {
        base(program, class, &mut found);
    }
    for expr in exprs {
        read_memories(program, expr, &mut found);
    }
    found
}

/// Follows a class to what it is built on.
fn base(program: &Program<'_>, class: &str, found: &mut BTreeSet<String>) {
    match program.events.get(class) {
        Some(event) => {
            base(
                program,
                event.base.as_ref().map_or("any", |base| base.text.as_str()),
                found,
            );
            for filter in &event.filters {
                read_memories(program, &filter.expr, found);
            }
        }
        None => {
            found.insert(class.to_owned());
        }
    }
}

fn read_memories(program: &Program<'_>, expr: &Expr, found: &mut BTreeSet<String>) {
    for part in parts(expr) {
        let ExprKind::Path(path) = &part.kind else {
            continue;
        };
        for name in &path.parts {
            if let Some(memory) = program.memories.get(name.text.as_str()) {
                base(
                    program,
                    memory
                        .class
                        .as_ref()
                        .map_or("any", |class| class.text.as_str()),
                    found,
                );
            }
        }
    }
}

fn read_pattern<'a>(pattern: &'a Pattern, classes: &mut Vec<&'a str>, exprs: &mut Vec<&'a Expr>) {
    for unit in &pattern.steps {
        read_step(&unit.step, classes, exprs);
    }
}

fn read_step<'a>(step: &'a Step, classes: &mut Vec<&'a str>, exprs: &mut Vec<&'a Expr>) {
    let conditions: &'a [Filter] = &step.filters;
    exprs.extend(conditions.iter().map(|filter| &filter.expr));
    match &step.kind {
        StepKind::Event { class, .. }
        | StepKind::Count { class, .. }
        | StepKind::Different { class, .. } => classes.push(&class.name.text),
        StepKind::Aggregate { class, value, .. } => {
            classes.push(&class.name.text);
            exprs.push(value);
        }
        StepKind::Set { steps, .. } => {
            for step in steps {
                read_step(step, classes, exprs);
            }
        }
        StepKind::Local { pattern, .. } => read_pattern(pattern, classes, exprs),
    }
}
