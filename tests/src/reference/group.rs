//! The members of a group, and whether they are enough.
//!
//! Apart from chains because a group is not chosen: it follows from the events around it.

use muster_lang::syntax::ast::{ClassRef, CompareOp, Filter, IntervalKind, Name, Without};
use muster_lang::value::Value;

use super::Answer;
use super::chain::{Ends, Search};
use super::compare::compare;
use super::condition::Role;
use super::expression::{field, holds, in_class, passes, value};
use super::function::{aggregate, distinct};
use super::key::{self, Key};
use super::names::{Bound, Expected, Scope};
use super::shape::StepForm;
use super::stream::{Event, Position};
use super::value::Truth;

/// Where the members of a group must lie.
struct Room<'s> {
    /// Exclusive: the last event of the atom before.
    after: Option<Position>,
    /// Exclusive: the first event of the atom behind, or nothing for the last atom.
    before: Option<Position>,
    /// The earliest instant that all windows allow.
    from: i64,
    /// The latest.
    to: i64,
    /// Where the windows of the group end, all events of that instant included.
    ends: Vec<&'s Event>,
}

/// Returns all events that a group holds, given the plain steps and the groups before it.
pub(crate) fn members<'s>(
    search: &Search<'s>,
    number: usize,
    key: &Key,
    ends: &Ends<'s>,
    bounds: &[Bound<'s>],
) -> Answer<Vec<&'s Event>> {
    let mut room = room(search, number, ends, bounds);
    for without in emptied_by(search, number) {
        let last = last_emptying(search, number, key, without, &room, bounds)?;
        room.after = room.after.max(last);
    }
    let restart = search.restarts.get(key);
    let mut members = Vec::new();
    for event in search.pool.get(number).into_iter().flatten() {
        let fresh = restart.is_none_or(|restart| {
            event.position > *restart
                || (event.position == *restart && !search.shape.ends_as_group(number))
        });
        if fresh
            && room.holds(event)
            && !bounds
                .iter()
                .flat_map(Bound::events)
                .any(|bound| bound == *event)
            && search.slot(event)? == search.slot(search.completing)?
            && is_candidate(search, number, event, bounds)?
        {
            members.push(*event);
        }
    }
    Ok(members)
}

impl Room<'_> {
    fn holds(&self, event: &Event) -> bool {
        self.after
            .as_ref()
            .is_none_or(|after| event.position > *after)
            && self
                .before
                .as_ref()
                .is_none_or(|before| event.position < *before)
            && (self.from..=self.to).contains(&event.time)
            && self.ends.iter().all(|end| event.time <= end.time)
    }
}

fn room<'s>(search: &Search<'s>, number: usize, ends: &Ends<'s>, bounds: &[Bound<'s>]) -> Room<'s> {
    let shape = search.shape;
    let atom = shape.atom_of(number);
    let mut room = Room {
        after: None,
        before: None,
        from: i64::MIN,
        to: i64::MAX,
        ends: Vec::new(),
    };
    if let Some(before) = atom.checked_sub(1) {
        room.after = search
            .events_of(before, bounds)
            .last()
            .map(|event| event.position.clone());
    }
    room.before = search
        .events_of(atom + 1, bounds)
        .first()
        .map(|event| event.position.clone());
    for (index, window) in shape.windows.iter().enumerate() {
        let about = window.only.is_none_or(|only| only == number);
        if !about || !(window.first..=window.last).contains(&atom) {
            continue;
        }
        let end = if window.only.is_some() {
            ends.get(&index).copied()
        } else if window.last + 1 == shape.atoms.len() {
            Some(search.completing)
        } else if shape.has_group(window.last) {
            ends.get(&index).copied()
        } else {
            search.events_of(window.last, bounds).last().copied()
        };
        if let Some(end) = end {
            room.from = room.from.max(end.time - window.span);
            room.ends.push(end);
        }
        if !shape.has_group(window.first) {
            let first = search.events_of(window.first, bounds).first().copied();
            room.to = room
                .to
                .min(first.map_or(i64::MAX, |first| first.time + window.span));
        }
    }
    for gap in shape
        .gaps
        .iter()
        .filter(|gap| (gap.first..=gap.last).contains(&atom))
    {
        let before = gap
            .first
            .checked_sub(1)
            .map(|before| search.events_of(before, bounds));
        let last = before.and_then(|before| before.last().copied());
        room.to = room
            .to
            .min(last.map_or(i64::MAX, |last| last.time + gap.span));
    }
    room
}

/// The member conditions, which may read the steps written before.
fn is_candidate<'s>(
    search: &Search<'s>,
    number: usize,
    event: &'s Event,
    bounds: &[Bound<'s>],
) -> Answer<bool> {
    let names = search.names(bounds);
    let scope = Scope {
        names: &names,
        ..Scope::new(search.world)
    }
    .at(event);
    for condition in &search.shape.conditions {
        let asked = condition.owner == Some(number) && condition.role == Role::Member;
        if asked && !holds(condition.expr, condition.unless, scope)? {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Each `without … between f` of a group.
fn emptied_by<'s>(search: &Search<'s>, number: usize) -> Vec<&'s Without> {
    let name = search
        .shape
        .steps
        .get(number)
        .map(|step| step.name.as_str());
    let absences = search.shape.absences.iter().copied();
    absences
        .filter(|without| match &without.interval {
            Some(interval) => match &interval.kind {
                IntervalKind::Inside(group) => Some(group.text.as_str()) == name,
                IntervalKind::Between(..) | IntervalKind::Around { .. } => false,
            },
            None => false,
        })
        .collect()
}

/// The last q that empties the group before it is tried.
fn last_emptying(
    search: &Search<'_>,
    number: usize,
    key: &Key,
    without: &Without,
    room: &Room<'_>,
    bounds: &[Bound<'_>],
) -> Answer<Option<Position>> {
    let pool = search.pool.get(number);
    let mut last = None;
    for event in &search.world.events {
        let tried = event.position <= search.completing.position
            && room
                .before
                .as_ref()
                .is_none_or(|before| event.position < *before);
        let own = bounds
            .iter()
            .flat_map(Bound::events)
            .any(|bound| bound == event)
            || (pool
                .into_iter()
                .flatten()
                .any(|candidate| *candidate == event)
                && is_candidate(search, number, event, bounds)?);
        if tried && !own && is_absent(search, key, without, event, bounds)? {
            last = Some(event.position.clone());
        }
    }
    Ok(last)
}

/// Tells whether an event is a q of a `without` under a key.
pub(crate) fn is_absent(
    search: &Search<'_>,
    key: &Key,
    without: &Without,
    event: &Event,
    bounds: &[Bound<'_>],
) -> Answer<bool> {
    let Without {
        class: ClassRef { name: class },
        name,
        filters,
        ..
    } = without;
    if !in_class(search.world, event, &class.text)?
        || !key::has(search.world, search.shape, event, key)?
    {
        return Ok(false);
    }
    let mut names = search.names(bounds);
    names.push((called(class, name.as_ref()), Bound::One(event)));
    let scope = Scope {
        names: &names,
        ..Scope::new(search.world)
    }
    .at(event);
    certain(filters, scope)
}

fn called(class: &Name, name: Option<&Name>) -> String {
    name.unwrap_or(class).text.clone()
}

/// A q whose condition is unknown breaks nothing.
fn certain(filters: &[Filter], scope: Scope<'_>) -> Answer<bool> {
    for filter in filters.iter().filter(|filter| filter.unless) {
        if super::expression::truth(&filter.expr, scope)? == Truth::Unknown {
            return Ok(false);
        }
    }
    passes(filters, scope)
}

/// Tells whether every group of a chain has enough members.
pub(crate) fn all_hold(search: &Search<'_>, bounds: &[Bound<'_>]) -> Answer<bool> {
    for (step, bound) in search.shape.steps.iter().zip(bounds) {
        let Bound::Many(members) = bound else {
            continue;
        };
        let values = |path: &str| -> Answer<Vec<Value>> {
            members
                .iter()
                .map(|member| field(search.world, member, path))
                .collect()
        };
        let enough = match &step.kind {
            StepForm::Plain => true,
            StepForm::Count(least) => members.len() >= *least,
            StepForm::Different(least, path) => distinct(&values(path)?) >= *least,
            StepForm::Aggregate {
                function,
                path,
                op,
                value: wanted,
            } => {
                let found = aggregate(function, &values(path)?)?;
                let names = search.names(bounds);
                let last = members.last().copied();
                let scope = Scope {
                    this: last,
                    names: &names,
                    ..Scope::new(search.world)
                };
                let wanted = value(wanted, scope, &Expected::Nothing)?;
                reaches(*op, &found, &wanted)?
            }
        };
        if !enough {
            return Ok(false);
        }
    }
    Ok(true)
}

fn reaches(op: CompareOp, found: &Value, wanted: &Value) -> Answer<bool> {
    Ok(compare(op, found, wanted, None)? == Truth::True)
}
