//! A condition with the values it was decided by.
//!
//! Apart from the evaluator, which says only true, false or unknown, and is asked here for each part.

use std::sync::Arc;

use muster_lang::ir::{Comparison, Condition, ExprId, ExprKind, Row, Set};

use super::Stream;
use super::words::{shown, written};
use crate::predicate::{Scope, Truth};

/// A condition with what it was decided by.
#[derive(Clone, Debug)]
pub struct Decided {
    /// The condition as written.
    pub condition: Arc<str>,
    /// Whether it lets the match through.
    pub holds: bool,
    /// What it is.
    pub truth: Truth,
    /// The values it read.
    pub operands: Vec<Operand>,
    /// In words: why it does not hold, or by what it does.
    pub words: String,
}

/// A value that a condition read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Operand {
    /// What it is called.
    pub name: String,
    /// The value.
    pub value: String,
}

/// Decides a condition and tells by what.
pub(super) fn decide(stream: &Stream<'_>, condition: &Condition, scope: &Scope<'_>) -> Decided {
    let truth = stream.evaluator.truth(condition.expr, scope);
    let holds = stream.evaluator.holds(condition, scope);
    let operands = operands(stream, condition.expr, scope);
    let wanted = if condition.unless {
        Truth::False
    } else {
        Truth::True
    };
    let words = if holds {
        listed(&operands)
    } else {
        let part = culprit(stream, condition.expr, wanted, scope);
        sentence(stream, part, condition.unless, scope)
    };
    Decided {
        condition: if condition.unless {
            format!("unless {}", condition.text).into()
        } else {
            condition.text.clone()
        },
        holds,
        truth,
        operands,
        words,
    }
}

/// Returns the values an expression reads, each once, in the order written.
fn operands(stream: &Stream<'_>, expr: ExprId, scope: &Scope<'_>) -> Vec<Operand> {
    let mut found = Vec::new();
    collect(stream, expr, scope, &mut found);
    found
}

fn collect(stream: &Stream<'_>, expr: ExprId, scope: &Scope<'_>, found: &mut Vec<Operand>) {
    let kind = &stream.evaluator.program().exprs[expr].kind;
    match kind {
        ExprKind::Constant(_) => {}
        ExprKind::And(_)
        | ExprKind::Or(_)
        | ExprKind::Not(_)
        | ExprKind::Exists(_)
        | ExprKind::Compare(..)
        | ExprKind::CompareRank(..)
        | ExprKind::Match(..)
        | ExprKind::In(..)
        | ExprKind::Holds { .. }
        | ExprKind::During { .. }
        | ExprKind::Convert(_) => {
            let mut children = Vec::new();
            kind.children(&mut |child| children.push(child));
            children
                .into_iter()
                .for_each(|child| collect(stream, child, scope, found));
        }
        ExprKind::Same(paths) | ExprKind::Differs(paths) => {
            found.extend(paths.iter().map(|path| of_all(stream, *path, scope)));
        }
        _ => {
            let operand = Operand {
                name: written(stream, expr),
                value: shown(&stream.evaluator.value(expr, scope)),
            };
            if !found.contains(&operand) {
                found.push(operand);
            }
        }
    }
}

/// Returns what every bound event has under a path.
fn of_all(stream: &Stream<'_>, path: ExprId, scope: &Scope<'_>) -> Operand {
    let bound = scope.bindings.map(|(_, bound)| bound).unwrap_or_default();
    let mut values: Vec<String> = Vec::new();
    for event in bound.iter().flat_map(|bound| bound.events()) {
        let value = shown(&stream.evaluator.value(
            path,
            &Scope {
                this: Some(event),
                ..*scope
            },
        ));
        if !values.contains(&value) {
            values.push(value);
        }
    }
    Operand {
        name: written(stream, path),
        value: values.join(" / "),
    }
}

fn listed(operands: &[Operand]) -> String {
    let each = operands
        .iter()
        .map(|one| format!("{} = {}", one.name, one.value));
    each.collect::<Vec<_>>().join(", ")
}

/// Returns the part of a condition that keeps it from being what is wanted.
fn culprit(stream: &Stream<'_>, expr: ExprId, wanted: Truth, scope: &Scope<'_>) -> ExprId {
    match &stream.evaluator.program().exprs[expr].kind {
        ExprKind::And(items) if wanted == Truth::True => {
            let failing = items
                .iter()
                .find(|item| stream.evaluator.truth(**item, scope) != Truth::True);
            failing.map_or(expr, |item| culprit(stream, *item, wanted, scope))
        }
        ExprKind::Or(items) if wanted == Truth::False => {
            let failing = items
                .iter()
                .find(|item| stream.evaluator.truth(**item, scope) == Truth::True);
            failing.map_or(expr, |item| culprit(stream, *item, wanted, scope))
        }
        _ => expr,
    }
}

/// Says why a part of a condition is in the way.
fn sentence(stream: &Stream<'_>, expr: ExprId, unless: bool, scope: &Scope<'_>) -> String {
    let program = stream.evaluator.program();
    if !unless
        && stream.evaluator.truth(expr, scope) == Truth::Unknown
        && let Some(words) = missing(stream, expr, scope)
    {
        return words;
    }
    let (kind, denied) = match &program.exprs[expr].kind {
        ExprKind::Not(inner) => (&program.exprs[*inner].kind, true),
        kind => (kind, false),
    };
    let denied = denied != unless;
    let not = if denied { "not " } else { "" };
    match kind {
        ExprKind::Compare(comparison, left, right) => {
            compared(stream, *comparison, (*left, *right), denied, scope)
        }
        ExprKind::CompareRank(_, comparison, left, right) => {
            compared(stream, *comparison, (*left, *right), denied, scope)
        }
        ExprKind::During {
            calendar,
            time,
            key,
        } => {
            let name = &program.calendars[*calendar].name;
            let of = key
                .map(|key| format!("({})", shown(&stream.evaluator.value(key, scope))))
                .unwrap_or_default();
            let place = if denied { "during" } else { "outside" };
            format!(
                "{} {} is {place} `{name}{of}`",
                written(stream, *time),
                stream.evaluator.value(*time, scope).display()
            )
        }
        ExprKind::In(value, set) => {
            let set = match set {
                Set::List(list) => format!("`{}`", program.lists[*list].name),
                Set::Table(table) => format!("`{}`", program.tables[*table].name),
                Set::Values(_) | Set::Networks(_) | Set::Expr(_) => "the set".into(),
            };
            let is = if denied { "in" } else { "not in" };
            format!(
                "{} = {} is {is} {set}",
                written(stream, *value),
                shown(&stream.evaluator.value(*value, scope))
            )
        }
        ExprKind::Exists(item) if !denied => format!("`{}` is missing", written(stream, *item)),
        _ => format!(
            "{}, needs {not}{}",
            listed(&operands(stream, expr, scope)),
            written(stream, expr).trim_start_matches("not ")
        ),
    }
}

/// Says what a comparison needs: `geo distance = 412 km, needs > 500 km`.
fn compared(
    stream: &Stream<'_>,
    comparison: Comparison,
    (left, right): (ExprId, ExprId),
    denied: bool,
    scope: &Scope<'_>,
) -> String {
    let sign = match (comparison, denied) {
        (Comparison::Is, false) => "",
        (Comparison::Is, true) => "not ",
        (Comparison::Equal, false) => "== ",
        (Comparison::Equal, true) => "!= ",
        (Comparison::Less, false) | (Comparison::GreaterOrEqual, true) => "< ",
        (Comparison::LessOrEqual, false) | (Comparison::Greater, true) => "<= ",
        (Comparison::Greater, false) | (Comparison::LessOrEqual, true) => "> ",
        (Comparison::GreaterOrEqual, false) | (Comparison::Less, true) => ">= ",
    };
    let value = |expr: ExprId| shown(&stream.evaluator.value(expr, scope));
    let is_constant = matches!(
        stream.evaluator.program().exprs[right].kind,
        ExprKind::Constant(_)
    );
    let needed = if is_constant {
        value(right)
    } else {
        format!("{} = {}", written(stream, right), value(right))
    };
    format!(
        "{} = {}, needs {sign}{needed}",
        written(stream, left),
        value(left)
    )
}

/// Says which value is missing, where one is.
fn missing(stream: &Stream<'_>, expr: ExprId, scope: &Scope<'_>) -> Option<String> {
    let program = stream.evaluator.program();
    let mut found = None;
    program.walk(expr, &mut |id, kind| {
        if found.is_some() {
            return;
        }
        let is_missing = || stream.evaluator.value(id, scope).is_missing();
        match kind {
            ExprKind::Field(row, field) if is_missing() => {
                let on = scope
                    .event(*row)
                    .map(|event| format!(" on {}", event.id))
                    .unwrap_or_default();
                found = Some(format!(
                    "field `{}` is missing{on}",
                    program.fields[*field].name
                ));
            }
            ExprKind::Raw(..) | ExprKind::Lookup { .. } if is_missing() => {
                found = Some(format!("`{}` is missing", written(stream, id)));
            }
            ExprKind::Memory(memory, Row::This | Row::Step(_), _) if is_missing() => {
                found = Some(format!(
                    "memory `{}` is unknown: it is still learning, or its key is missing",
                    program.memories[*memory].name
                ));
            }
            ExprKind::GeoDistance | ExprKind::GeoSpeed if is_missing() => {
                found = Some(format!(
                    "`{}` is unknown: an event has no `geo`",
                    written(stream, id)
                ));
            }
            _ => {}
        }
    });
    found.or_else(|| of_match(stream, expr, scope))
}

/// Says which event of a match lacks what all must have.
fn of_match(stream: &Stream<'_>, expr: ExprId, scope: &Scope<'_>) -> Option<String> {
    let program = stream.evaluator.program();
    let mut paths: Vec<ExprId> = Vec::new();
    program.walk(expr, &mut |_, kind| {
        if let ExprKind::Same(of) | ExprKind::Differs(of) = kind {
            paths.extend(of);
        }
    });
    let (_, bound) = scope.bindings?;
    let events = bound.iter().flat_map(|bound| bound.events());
    events.clone().find_map(|event| {
        let scope = Scope {
            this: Some(event),
            ..*scope
        };
        let lacking = paths
            .iter()
            .find(|path| stream.evaluator.value(**path, &scope).is_missing())?;
        Some(format!(
            "field `{}` is missing on {}",
            written(stream, *lacking),
            event.id
        ))
    })
}
