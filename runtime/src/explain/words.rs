//! Expressions, spans and events in the words of their authors.
//!
//! Apart from deciding because every answer is made of these words.

use std::sync::Arc;

use muster_lang::ir::{ExprId, ExprKind, Over, Program, Rule, StepId};
use muster_lang::syntax::print;
use muster_lang::units::Duration;
use muster_lang::value::Value;

use super::{Bond, Stream};
use crate::predicate::Bound;

/// Returns an expression as it was written, on one line.
pub(super) fn written(stream: &Stream<'_>, expr: ExprId) -> String {
    let program = stream.evaluator.program();
    let kind = &program.exprs[expr].kind;
    if let ExprKind::Constant(value) = kind {
        return value.display();
    }
    if let ExprKind::Aggregate {
        function,
        over: Over::Group(_),
        ..
    } = kind
    {
        let text = stream.files.text(program.exprs[expr].span);
        // A threshold stands for the whole step; its function is what is compared.
        return if text.contains('(') {
            text.to_owned()
        } else {
            format!("{function:?}").to_lowercase()
        };
    }
    let text = stream.files.text(program.exprs[expr].span);
    let words: Vec<&str> = text.split_whitespace().collect();
    if words.is_empty() {
        named(program, kind)
    } else {
        words.join(" ")
    }
}

/// Returns what an expression without a place of its own is called.
fn named(program: &Program, kind: &ExprKind) -> String {
    match kind {
        ExprKind::Field(_, field) => program.fields[*field].name.to_string(),
        ExprKind::Aggregate { .. } => "the group".into(),
        ExprKind::GeoDistance => "geo distance".into(),
        ExprKind::GeoSpeed => "geo speed".into(),
        ExprKind::Elapsed => "elapsed".into(),
        _ => "the value".into(),
    }
}

/// Returns a value as an answer shows it.
pub(super) fn shown(value: &Value) -> String {
    match value {
        Value::Missing => "unknown".into(),
        Value::Text(text) => format!("\"{text}\""),
        value => value.display(),
    }
}

/// Returns a span of time as the language writes it.
pub(super) fn span(span: Duration) -> String {
    print::duration(span)
}

/// Returns the steps that are bound, in the order written.
pub(super) fn bonds(rule: &Rule, bound: &[Bound]) -> Vec<Bond> {
    let steps = rule.steps.iter().zip(bound);
    let bond = |((_, step), bound): ((StepId, &muster_lang::ir::Step), &Bound)| {
        let events: Vec<Arc<crate::event::Event>> = bound.events().to_vec();
        (!events.is_empty()).then(|| Bond {
            label: step.label.clone(),
            events,
        })
    };
    steps.filter_map(bond).collect()
}
