//! Conditions of a whole match that one of its events decides alone.
//!
//! Apart from the decision what to keep because it comes first: what is decided when an event comes
//! tells no two kept events apart.

use super::super::{
    Condition, Element, ExprId, ExprKind, Frame, Over, Program, RawRoot, Row, Rule, Set, StepId,
    listing,
};

/// Splits the conditions of a rule into those that one plain step decides, and the others.
///
/// An `unless` of alternatives is several; each may be decided by another step.
#[must_use]
pub fn early(program: &Program, rule: &Rule) -> (Vec<(StepId, Condition)>, Vec<Condition>) {
    let mut early = Vec::new();
    let mut whole = Vec::new();
    for condition in &rule.conditions {
        let parts = parts(program, rule, condition);
        let count = parts.len();
        let mut left = Vec::new();
        for part in parts {
            match only_step(program, rule, part.expr) {
                Some(step) => early.push((step, part)),
                None => left.push(part),
            }
        }
        if left.len() == count {
            left = vec![condition.clone()];
        }
        whole.extend(left);
    }
    (early, whole)
}

/// Returns the alternatives of an `unless`, or the condition itself.
fn parts(program: &Program, rule: &Rule, condition: &Condition) -> Vec<Condition> {
    match &program.exprs[condition.expr].kind {
        ExprKind::Or(alternatives) if condition.unless => {
            let part = |expr: &ExprId| Condition {
                expr: *expr,
                text: listing::expr_of(program, rule, *expr).into(),
                shown: None,
                ..condition.clone()
            };
            alternatives.iter().map(part).collect()
        }
        _ => vec![condition.clone()],
    }
}

/// Returns the plain step whose event alone decides an expression when it comes.
fn only_step(program: &Program, rule: &Rule, expr: ExprId) -> Option<StepId> {
    // Every event that fits a step keeps a session going, and tolerance binds steps out of order.
    let is_session = matches!(rule.frame, Some(Frame::Session { .. }));
    let [step] = *program.steps_read(expr) else {
        return None;
    };
    let is_plain = rule
        .elements
        .iter()
        .any(|element| matches!(element, Element::One(one) if *one == step));
    let is_early = is_plain && !is_session && rule.tolerate.is_none();
    (is_early && reads_only_fields(program, expr)).then_some(step)
}

/// Tells whether an expression reads nothing that depends on when it is asked or on the whole match.
fn reads_only_fields(program: &Program, expr: ExprId) -> bool {
    let mut is_plain = !program.reads_match(expr);
    program.walk(expr, &mut |_, kind| {
        let depends = matches!(
            kind,
            ExprKind::Memory(..)
                | ExprKind::Lookup { .. }
                | ExprKind::Identity(..)
                | ExprKind::During { .. }
                | ExprKind::In(_, Set::Table(_))
                | ExprKind::Raw(RawRoot::Record | RawRoot::Item, _)
                | ExprKind::Field(Row::This, _)
                | ExprKind::Aggregate {
                    over: Over::Group(_) | Over::Window,
                    ..
                }
                | ExprKind::Key(_)
                | ExprKind::Notes
        );
        is_plain &= !depends;
    });
    is_plain
}
