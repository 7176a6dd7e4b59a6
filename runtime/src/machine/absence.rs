//! Absence: what must not have happened, and until when that is open.
//!
//! Apart from the search because the same test serves a match that is found and one that waits.

use std::sync::Arc;

use muster_lang::ir::{AbsenceInterval, Rule, StepId};
use muster_lang::units::{Duration, Timestamp};

use crate::event::Event;
use crate::key::{Key, key_value, parts};
use crate::machine::search::{Ground, is_bound};
use crate::machine::state::Wait;
use crate::predicate::{Bound, Scope};

/// Returns the events kept that may break an absence, in no particular order.
pub fn breakers<'a>(ground: &Ground<'a>, absence: usize) -> impl Iterator<Item = &'a Arc<Event>> {
    let kept = ground.state.breakers.iter().chain(&ground.loose.breakers);
    kept.filter(move |breaker| breaker.absences & (1 << absence) != 0)
        .map(|breaker| &breaker.event)
}

/// Tells whether an event has the key of a match and satisfies an absence's conditions.
///
/// `joined` is the match's joined key, or `None` while it is not known.
#[must_use]
pub fn breaks(
    ground: &Ground<'_>,
    bound: &[Bound],
    joined: Option<&Key>,
    absence: usize,
    event: &Arc<Event>,
) -> bool {
    let plan = ground.plan;
    let rule = plan.rule();
    if is_bound(bound, event) || !has_key(ground, joined, absence, event) {
        return false;
    }
    let scope = Scope {
        this: Some(event),
        bindings: Some((rule, bound)),
        memories: ground.memories,
        ..Scope::default()
    };
    plan.absences.get(absence).is_some_and(|plan| {
        plan.cross
            .iter()
            .all(|condition| ground.evaluator.certainly_holds(condition, &scope))
    })
}

/// Tells whether an event agrees with the match in every component that the absence has.
fn has_key(ground: &Ground<'_>, joined: Option<&Key>, absence: usize, event: &Arc<Event>) -> bool {
    let plan = ground.plan;
    let rule = plan.rule();
    let Some(absence) = rule.absences.get(absence) else {
        return false;
    };
    let tenant_parts = usize::from(!rule.key.across_tenants);
    rule.key
        .components
        .iter()
        .enumerate()
        .all(|(at, component)| {
            let Some(expr) = absence.key.get(at).copied().flatten() else {
                return true;
            };
            let hashed = plan.hashed.iter().position(|of| *of == at);
            let joins = plan.joined.iter().position(|of| *of == at);
            let wanted = match (hashed, joins, joined) {
                (Some(at), _, _) => ground.key.0.get(tenant_parts + at),
                (None, Some(at), Some(joined)) => joined.0.get(at),
                (None, Some(_), None) | (None, None, _) => return true,
            };
            let value = key_value(ground.evaluator, expr, event);
            let found = parts(&value, component.exact, ground.options.key_values_max);
            wanted.is_some_and(|wanted| found.iter().any(|(part, _)| part == wanted))
        })
}

/// Returns the absences of a match that can still be broken, or `None` if one already is.
#[must_use]
pub fn waits(ground: &Ground<'_>, bound: &[Bound], joined: &Key) -> Option<Vec<Wait>> {
    let rule = ground.plan.rule();
    let mut waits = Vec::new();
    for (index, absence) in rule.absences.iter().enumerate() {
        let range = range(absence.interval, bound);
        let broken = breakers(ground, index).any(|event| {
            range.iter().any(|range| range.holds(event))
                && breaks(ground, bound, Some(joined), index, event)
        });
        if broken {
            return None;
        }
        let open = range.iter().filter_map(|range| range.deadline);
        let open = open.filter(|(_, deadline)| *deadline >= ground.completing.time);
        waits.extend(open.map(|(after, deadline)| Wait {
            absence: index,
            after,
            deadline,
        }));
    }
    Some(waits)
}

/// Where an absence is looked for in one match.
struct Range {
    after: u64,
    before: u64,
    from: Timestamp,
    until: Timestamp,
    /// The position after which and the instant until which it is still open.
    deadline: Option<(u64, Timestamp)>,
}

impl Range {
    fn holds(&self, event: &Arc<Event>) -> bool {
        self.after < event.position
            && event.position < self.before
            && self.from <= event.time
            && event.time <= self.until
    }
}

fn range(interval: AbsenceInterval, bound: &[Bound]) -> Vec<Range> {
    let all = Range {
        after: 0,
        before: u64::MAX,
        from: Timestamp(i64::MIN),
        until: Timestamp(i64::MAX),
        deadline: None,
    };
    match interval {
        AbsenceInterval::Inside(_) => Vec::new(),
        AbsenceInterval::Between(first, second) => {
            let (Some(first), Some(second)) = (last_of(bound, first), first_of(bound, second))
            else {
                return Vec::new();
            };
            vec![Range {
                after: first.position,
                before: second.position,
                ..all
            }]
        }
        AbsenceInterval::Around { before, after } => {
            let before = before.and_then(|(span, step)| before_range(bound, span, step));
            let after = after.and_then(|(span, step)| after_range(bound, span, step));
            before.into_iter().chain(after).collect()
        }
    }
}

fn before_range(bound: &[Bound], span: Duration, step: StepId) -> Option<Range> {
    let anchor = first_of(bound, step)?;
    Some(Range {
        after: 0,
        before: anchor.position,
        from: anchor.time.minus(span),
        until: Timestamp(i64::MAX),
        deadline: None,
    })
}

fn after_range(bound: &[Bound], span: Duration, step: StepId) -> Option<Range> {
    let anchor = last_of(bound, step)?;
    let until = anchor.time.plus(span);
    Some(Range {
        after: anchor.position,
        before: u64::MAX,
        from: Timestamp(i64::MIN),
        until,
        deadline: Some((anchor.position, until)),
    })
}

fn first_of(bound: &[Bound], step: StepId) -> Option<&Arc<Event>> {
    match bound.get(step.index())? {
        Bound::None => None,
        Bound::One(event) => Some(event),
        Bound::Many(events) => events.first(),
    }
}

fn last_of(bound: &[Bound], step: StepId) -> Option<&Arc<Event>> {
    match bound.get(step.index())? {
        Bound::None => None,
        Bound::One(event) => Some(event),
        Bound::Many(events) => events.last(),
    }
}

/// Returns the earliest time an absence looks back to, for matches that need the stream to be older.
#[must_use]
pub fn looks_back_to(rule: &Rule, bound: &[Bound]) -> Option<Timestamp> {
    let starts = rule
        .absences
        .iter()
        .filter_map(|absence| match absence.interval {
            AbsenceInterval::Around {
                before: Some((span, step)),
                ..
            } => first_of(bound, step).map(|anchor| anchor.time.minus(span)),
            AbsenceInterval::Around { before: None, .. }
            | AbsenceInterval::Between(..)
            | AbsenceInterval::Inside(_) => None,
        });
    starts.min()
}
