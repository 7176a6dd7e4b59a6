//! Bounds in time over what is bound so far.
//!
//! Apart from the search because groups and plain steps are held to the same windows.

use std::sync::Arc;

use muster_lang::ir::{Element, Rule, StepId, Window, WindowKind};

use crate::event::Event;
use crate::predicate::Bound;

/// Returns the steps of an element.
pub(crate) fn steps_of(element: &Element) -> &[StepId] {
    match element {
        Element::One(step) | Element::Group(step) => std::slice::from_ref(step),
        Element::Set { members, .. } => members,
    }
}

/// Returns the events bound in the elements `first..=last` that are known so far.
pub(crate) fn events_of<'e>(
    rule: &'e Rule,
    bound: &'e [Bound],
    first: usize,
    last: usize,
) -> impl Iterator<Item = &'e Arc<Event>> {
    let elements = rule.elements.get(first..=last).unwrap_or_default();
    elements
        .iter()
        .flat_map(steps_of)
        .filter_map(|step| bound.get(step.index()))
        .flat_map(|bound| match bound {
            Bound::None => [].iter(),
            Bound::One(event) => std::slice::from_ref(event).iter(),
            Bound::Many(events) => events.iter(),
        })
}

/// Tells whether no window is exceeded by what is bound so far.
#[must_use]
pub(crate) fn fits_windows(rule: &Rule, bound: &[Bound]) -> bool {
    rule.windows.iter().all(|window| match window.kind {
        WindowKind::Span => fits_span(rule, bound, window),
        WindowKind::Gap => fits_gap(rule, bound, window),
    })
}

fn fits_span(rule: &Rule, bound: &[Bound], window: &Window) -> bool {
    let times = || events_of(rule, bound, window.first, window.last).map(|event| event.time);
    match (times().min(), times().max()) {
        (Some(first), Some(last)) => last.since(first) <= window.within,
        (None, _) | (_, None) => true,
    }
}

fn fits_gap(rule: &Rule, bound: &[Bound], window: &Window) -> bool {
    let Some(before) = window.first.checked_sub(1) else {
        return true;
    };
    if has_open_group(rule, bound, before) {
        // A group that is still to follow may hold the last event before the gap.
        return true;
    }
    let anchor = events_of(rule, bound, before, before)
        .map(|event| event.time)
        .max();
    let Some(anchor) = anchor else {
        return true;
    };
    events_of(rule, bound, window.first, window.last)
        .all(|event| event.time.since(anchor) <= window.within)
}

/// Tells whether a set has a group that is not bound, or not yet.
fn has_open_group(rule: &Rule, bound: &[Bound], element: usize) -> bool {
    let Some(Element::Set { least, members }) = rule.elements.get(element) else {
        return false;
    };
    let is_bound = |step: &&StepId| !matches!(bound.get(step.index()), Some(Bound::None) | None);
    members.iter().filter(is_bound).count() < *least
}
