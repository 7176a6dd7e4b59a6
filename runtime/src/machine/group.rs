//! Groups: all events that fit between the steps around them.
//!
//! Apart from the search because a group is never chosen: it follows from what is bound.

use std::sync::Arc;

use muster_lang::ir::{AbsenceInterval, Element, Rule, StepId, StepKind, Window, WindowKind};
use muster_lang::units::{Duration, Timestamp};

use crate::event::Event;
use crate::machine::absence;
use crate::machine::search::{Ground, is_bound};
use crate::machine::windows::{events_of, steps_of as steps_in};
use crate::predicate::{Bound, Scope};

/// Returns the groups of a rule that take part, with their elements, in the order written.
///
/// `left_out` are the members of `N of` that take no part, one bit each.
pub fn taking_part(rule: &Rule, left_out: u64) -> Vec<(usize, StepId)> {
    let elements = rule.elements.iter().enumerate();
    let steps = elements.flat_map(|(at, what)| steps_in(what).iter().map(move |step| (at, *step)));
    steps
        .filter(|(_, step)| {
            let is_group = matches!(rule.steps[*step].kind, StepKind::Group(_));
            is_group && left_out & (1 << step.index()) == 0
        })
        .collect()
}

/// Tells whether a group may end before what follows it: it has a window of its own, which ends with
/// the last of its events, and nothing says which that is.
pub fn has_free_end(rule: &Rule, element: usize) -> bool {
    let is_group = matches!(rule.elements.get(element), Some(Element::Group(_)));
    let own = |window: &Window| {
        window.kind == WindowKind::Span && window.first == element && window.last == element
    };
    is_group && element + 1 < rule.elements.len() && rule.windows.iter().any(own)
}

/// Tells whether the conditions of a group hold of what it is bound to.
pub fn conditions_hold(ground: &Ground<'_>, bound: &[Bound], step: StepId) -> bool {
    let rule = ground.plan.rule();
    let StepKind::Group(group) = &rule.steps[step].kind else {
        return true;
    };
    let scope = Scope {
        bindings: Some((rule, bound)),
        memories: ground.memories,
        ..Scope::default()
    };
    group
        .conditions
        .iter()
        .all(|condition| ground.evaluator.holds(condition, &scope))
}

/// Where the members of a group may lie.
struct Limits {
    /// After this position.
    after: u64,
    /// Before this position.
    before: u64,
    /// Not later.
    until: Timestamp,
    /// Not earlier.
    from: Timestamp,
}

/// Returns the members of a group in stream order, none of them at `end` or later.
pub fn members(
    ground: &Ground<'_>,
    bound: &[Bound],
    (element, step): (usize, StepId),
    end: Timestamp,
) -> Vec<Arc<Event>> {
    let mut limits = limits(ground, bound, element, step);
    limits.until = limits.until.min(end.minus(Duration(1)));
    let mut members: Vec<Arc<Event>> = Vec::new();
    let completing = (ground.completing, ground.steps);
    let candidates = &ground.state.candidates;
    let before_end = candidates.partition_point(|one| one.event.time <= limits.until);
    let candidates = candidates
        .range(..before_end)
        .map(|candidate| (&candidate.event, candidate.steps));
    for (event, steps) in std::iter::once(completing).chain(candidates.rev()) {
        if event.position <= limits.after || event.time < limits.from {
            break;
        }
        if event.position >= limits.before || event.time > limits.until {
            continue;
        }
        if !fits(ground, bound, step, event, steps) {
            continue;
        }
        if members.is_empty() {
            limits.from = limits
                .from
                .max(own_start(ground.plan.rule(), element, event.time));
        }
        members.push(event.clone());
    }
    members.reverse();
    members
}

fn fits(
    ground: &Ground<'_>,
    bound: &[Bound],
    step: StepId,
    event: &Arc<Event>,
    steps: u64,
) -> bool {
    if steps & (1 << step.index()) == 0 || is_bound(bound, event) {
        return false;
    }
    let Some(plan) = ground.plan.steps.get(step.index()) else {
        return false;
    };
    let scope = Scope {
        this: Some(event),
        bindings: Some((ground.plan.rule(), bound)),
        memories: ground.memories,
        ..Scope::default()
    };
    plan.cross
        .iter()
        .all(|condition| ground.evaluator.holds(condition, &scope))
}

/// Returns the earliest time of a member, given the last one, by windows that end with the group.
fn own_start(rule: &Rule, element: usize, last: Timestamp) -> Timestamp {
    let own = |window: &&Window| {
        window.kind == WindowKind::Span && window.first == element && window.last == element
    };
    let starts = rule
        .windows
        .iter()
        .filter(own)
        .map(|window| last.minus(window.within));
    starts.max().unwrap_or(Timestamp(i64::MIN))
}

fn limits(ground: &Ground<'_>, bound: &[Bound], element: usize, step: StepId) -> Limits {
    let rule = ground.plan.rule();
    let last = rule.elements.len() - 1;
    let before = (0..element)
        .rev()
        .find_map(|at| events_of(rule, bound, at, at).map(|e| e.position).max());
    let after = (element + 1..=last)
        .find_map(|at| events_of(rule, bound, at, at).map(|e| e.position).min());
    let mut limits = Limits {
        after: before.unwrap_or(0),
        before: after.unwrap_or(ground.completing.position + 1),
        until: Timestamp(i64::MAX),
        from: ground.not_before.unwrap_or(Timestamp(i64::MIN)),
    };
    // A match that restarted leaves its completing event to any step but a last group.
    let restart = ground
        .state
        .restarts
        .first()
        .filter(|_| ground.plan.joined.is_empty());
    if let Some((_, position)) = restart {
        let floor = if element == last {
            *position
        } else {
            position.saturating_sub(1)
        };
        limits.after = limits.after.max(floor);
    }
    for window in &rule.windows {
        narrow(ground, bound, element, window, &mut limits);
    }
    if let Some(position) = last_break(ground, bound, step, &limits) {
        limits.after = limits.after.max(position);
    }
    limits
}

/// Narrows the limits by a window over the group and its neighbors.
fn narrow(
    ground: &Ground<'_>,
    bound: &[Bound],
    element: usize,
    window: &Window,
    limits: &mut Limits,
) {
    let rule = ground.plan.rule();
    if !(window.first..=window.last).contains(&element) {
        return;
    }
    let time = |at: usize| events_of(rule, bound, at, at).map(|event| event.time);
    match window.kind {
        WindowKind::Gap => {
            let anchor = window.first.checked_sub(1).and_then(|at| time(at).max());
            if let Some(anchor) = anchor {
                limits.until = limits.until.min(anchor.plus(window.within));
            }
        }
        WindowKind::Span => {
            let first = (window.first..element).find_map(|at| time(at).min());
            if let Some(first) = first {
                limits.until = limits.until.min(first.plus(window.within));
            }
            let is_end = window.last + 1 == rule.elements.len();
            let end = if is_end {
                Some(ground.completing.time)
            } else {
                time(window.last).max()
            };
            let is_own = window.last == element && !is_end;
            if let Some(end) = end.filter(|_| !is_own) {
                limits.from = limits.from.max(end.minus(window.within));
            }
        }
    }
}

/// Returns the position of the last event that empties a group; one that could be a member does not.
fn last_break(ground: &Ground<'_>, bound: &[Bound], step: StepId, limits: &Limits) -> Option<u64> {
    let rule = ground.plan.rule();
    let inside = rule
        .absences
        .iter()
        .enumerate()
        .filter(|(_, absence)| match absence.interval {
            AbsenceInterval::Inside(group) => group == step,
            AbsenceInterval::Between(..) | AbsenceInterval::Around { .. } => false,
        });
    let breaks = inside.filter_map(|(index, _)| {
        absence::breakers(ground, index)
            .filter(|event| event.position > limits.after && event.position < limits.before)
            .filter(|event| absence::breaks(ground, bound, None, index, event))
            .filter(|event| !fits(ground, bound, step, event, steps_of(ground, event)))
            .map(|event| event.position)
            .max()
    });
    breaks.max()
}

/// Returns the steps that an event fits by itself, if it is kept for any.
fn steps_of(ground: &Ground<'_>, event: &Arc<Event>) -> u64 {
    if event.position == ground.completing.position {
        return ground.steps;
    }
    let candidates = &ground.state.candidates;
    let at = candidates.binary_search_by_key(&event.position, |one| one.event.position);
    at.ok()
        .and_then(|at| candidates.get(at))
        .map_or(0, |candidate| candidate.steps)
}
