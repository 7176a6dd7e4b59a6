//! Decides, when an event comes, the conditions of a whole match that read this event alone.
//!
//! Apart from the conditions written at a step because these name the step, which must be bound.

use std::sync::Arc;

use muster_lang::ir::StepId;

use crate::event::Event;
use crate::machine::Context;
use crate::machine::plan::Plan;
use crate::predicate::{Bound, Scope};

/// Tells whether an event satisfies what its step decides alone.
pub(super) fn all_hold(
    context: &Context<'_>,
    plan: &Plan,
    step: StepId,
    event: &Arc<Event>,
) -> bool {
    let early = plan
        .steps
        .get(step.index())
        .map(|step| step.early.as_slice());
    let early = early.unwrap_or_default();
    if early.is_empty() {
        return true;
    }
    let rule = plan.rule();
    let mut bound = vec![Bound::None; rule.steps.len()];
    if let Some(place) = bound.get_mut(step.index()) {
        *place = Bound::One(event.clone());
    }
    let scope = Scope {
        bindings: Some((rule, &bound)),
        ..Scope::default()
    };
    early
        .iter()
        .all(|condition| context.evaluator.holds(condition, &scope))
}
