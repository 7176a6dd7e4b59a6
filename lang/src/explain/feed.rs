//! Which sources can feed each step of a rule, and what keeps the others from it.
//!
//! Apart from other facts because a rule that nothing feeds is silent for ever.

use super::words::{code, label, row};
use crate::ir::feed::{Asks, Columns, Makes, class_conditions, lacks};
use crate::ir::{
    ClassId, Condition, ExprId, ExprKind, FieldId, Program, Row, Rule, StepId, StepKind, Threshold,
};

/// Returns for each step what it is called and which sources can feed it.
pub(super) fn lines(program: &Program, rule: &Rule, columns: Columns<'_>) -> Vec<String> {
    let sources: Vec<(&str, Makes)> = program
        .sources
        .iter()
        .map(|(_, source)| (&*source.name, Makes::of(program, source, columns)))
        .collect();
    let steps = rule.steps.iter().map(|(step, what)| {
        let needed = needed(program, rule, step);
        (
            label(rule, step),
            fed(program, what.class, &needed, &sources),
        )
    });
    let absences = rule.absences.iter().map(|absence| {
        let needed = needed_by(program, absence.class, &absence.conditions);
        let fed = fed(program, absence.class, &needed, &sources);
        (absence.label.to_string(), fed)
    });
    let mut alike: Vec<(Vec<String>, String)> = Vec::new();
    for (label, fed) in steps.chain(absences) {
        match alike.iter_mut().find(|(_, other)| *other == fed) {
            Some((labels, _)) => labels.push(label),
            None => alike.push((vec![label], fed)),
        }
    }
    alike
        .iter()
        .map(|(labels, fed)| format!("{} from {fed}", row(labels)))
        .collect()
}

/// Returns the sources that can make an event of a class that has the fields needed.
fn fed(program: &Program, class: ClassId, needed: &[FieldId], sources: &[(&str, Makes)]) -> String {
    let asks = Asks::of(program, class);
    if asks == Asks::Alert {
        return "the alerts of other rules".into();
    }
    let mut can = Vec::new();
    let mut perhaps = Vec::new();
    let mut lacking = Vec::new();
    for ((_, source), (name, makes)) in program.sources.iter().zip(sources) {
        match (asks.is_served_by(makes), lacks(program, source, needed)) {
            (Some(false), _) => {}
            (Some(true) | None, Some(field)) => {
                let field = code(&program.fields[field].name);
                lacking.push(format!("{name}, which gives no {field}"));
            }
            (Some(true), None) if *makes == Makes::Any => {
                can.push(format!("{name} (takes any class)"));
            }
            (Some(true), None) => can.push((*name).to_owned()),
            (None, None) => perhaps.push((*name).to_owned()),
        }
    }
    let mut parts = Vec::new();
    if !can.is_empty() {
        parts.push(row(&can));
    }
    if !perhaps.is_empty() {
        parts.push(format!("perhaps {}", row(&perhaps)));
    }
    if parts.is_empty() {
        parts.push("no source that is loaded".into());
    }
    if !lacking.is_empty() {
        parts.push(format!("not from {}", row(&lacking)));
    }
    parts.join("; ")
}

/// Returns the fields without which no event can be a step.
fn needed(program: &Program, rule: &Rule, step: StepId) -> Vec<FieldId> {
    let what = &rule.steps[step];
    let mut needed = needed_by(program, what.class, &what.conditions);
    for component in &rule.key.components {
        let terms = component.terms.iter().filter(|(of, _)| *of == step);
        needed.extend(terms.filter_map(|(_, term)| field(program, *term, Row::This)));
    }
    match &what.kind {
        StepKind::One => {}
        StepKind::Group(group) => match &group.threshold {
            Threshold::Count(_) => {}
            Threshold::Different(_, path) | Threshold::Aggregate(_, path) => {
                needed.extend(field(program, *path, Row::This));
            }
        },
    }
    let keeping = rule.conditions.iter().filter(|one| !one.unless);
    for condition in keeping {
        needed.extend(needed_in(program, condition.expr, Row::Step(step)));
    }
    needed
}

/// Returns the fields without which conditions and a class leave an event out.
fn needed_by(program: &Program, class: ClassId, conditions: &[Condition]) -> Vec<FieldId> {
    let of_class = class_conditions(program, class).into_iter();
    of_class
        .chain(conditions)
        .filter(|one| !one.unless)
        .flat_map(|one| needed_in(program, one.expr, Row::This))
        .collect()
}

/// Returns the fields of one event without which a condition cannot be true.
fn needed_in(program: &Program, id: ExprId, row: Row) -> Vec<FieldId> {
    let kind = &program.exprs[id].kind;
    let sides = match kind {
        ExprKind::GeoDistance | ExprKind::GeoSpeed => return vec![program.core.geo],
        ExprKind::Compare(_, left, right) | ExprKind::CompareRank(_, _, left, right) => {
            let atoms = [*left, *right].map(|side| &program.exprs[side].kind);
            if atoms
                .iter()
                .any(|kind| matches!(kind, ExprKind::GeoDistance | ExprKind::GeoSpeed))
            {
                return vec![program.core.geo];
            }
            vec![*left, *right]
        }
        ExprKind::Exists(one) | ExprKind::Match(_, one, _) | ExprKind::In(one, _) => vec![*one],
        ExprKind::Holds { list, .. } => vec![*list],
        ExprKind::Not(inner) => {
            let is_missing = matches!(program.exprs[*inner].kind, ExprKind::Exists(_));
            return if is_missing {
                Vec::new()
            } else {
                needed_in(program, *inner, row)
            };
        }
        ExprKind::And(parts) => {
            let of_part = |part: &ExprId| needed_in(program, *part, row);
            return parts.iter().flat_map(of_part).collect();
        }
        ExprKind::Differs(paths) => {
            return paths
                .iter()
                .filter_map(|path| field(program, *path, Row::This))
                .collect();
        }
        _ => return field(program, id, row).into_iter().collect(),
    };
    sides
        .into_iter()
        .filter_map(|side| field(program, side, row))
        .collect()
}

/// Returns the field that an expression is, of one event.
fn field(program: &Program, id: ExprId, row: Row) -> Option<FieldId> {
    match program.exprs[id].kind {
        ExprKind::Field(of, field) if of == row => Some(field),
        _ => None,
    }
}
