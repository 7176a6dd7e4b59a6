//! What a whole match tells: same, differs, distance, speed, elapsed.
//!
//! Apart from evaluation because these range over all bound events, not one.

use std::sync::Arc;

use muster_lang::ir::{Element, ExprId, Rule};
use muster_lang::units::{Duration, SECOND};
use muster_lang::value::number::nearest_float;
use muster_lang::value::{Value, geo};

use crate::event::Event;
use crate::predicate::compare::{all, any, truth};
use crate::predicate::{Bound, Evaluator, Scope};

/// Returns the events of a match in units that neighbor each other: a plain step is one event, a
/// group is all its members, and a set is its events and groups one by one in stream order.
fn units<'a>(rule: &Rule, bound: &'a [Bound]) -> Vec<&'a [Arc<Event>]> {
    let of = |step: &muster_lang::ir::StepId| match bound.get(step.index()) {
        Some(Bound::One(event)) => std::slice::from_ref(event),
        Some(Bound::Many(events)) => events.as_slice(),
        Some(Bound::None) | None => &[],
    };
    let mut units = Vec::new();
    for element in &rule.elements {
        match element {
            Element::One(step) | Element::Group(step) => units.push(of(step)),
            Element::Set { members, .. } => {
                let mut members: Vec<&[Arc<Event>]> = members.iter().map(of).collect();
                members.sort_by_key(|events| events.first().map(|event| event.position));
                units.extend(members);
            }
        }
    }
    units.retain(|events| !events.is_empty());
    units
}

/// Returns every pair of events of neighboring units.
fn pairs<'a>(units: &'a [&'a [Arc<Event>]]) -> impl Iterator<Item = (&'a Event, &'a Event)> {
    units.windows(2).flat_map(|neighbors| {
        let left = neighbors.first().copied().unwrap_or_default();
        let right = neighbors.get(1).copied().unwrap_or_default();
        left.iter()
            .flat_map(move |one| right.iter().map(move |other| (&**one, &**other)))
    })
}

impl Evaluator {
    fn of_event(&self, expr: ExprId, event: &Event) -> Value {
        self.value(
            expr,
            &Scope {
                this: Some(event),
                ..Scope::default()
            },
        )
    }

    /// Tells whether all bound events have each of the paths in common.
    pub(super) fn same(&self, paths: &[ExprId], scope: &Scope<'_>) -> Value {
        let Some((rule, bound)) = scope.bindings else {
            return Value::Missing;
        };
        let units = units(rule, bound);
        let events: Vec<&Event> = units
            .iter()
            .flat_map(|events| events.iter().map(|event| &**event))
            .collect();
        truth(all(paths
            .iter()
            .map(|path| self.have_in_common(*path, &events))))
    }

    fn have_in_common(&self, path: ExprId, events: &[&Event]) -> Option<bool> {
        let mut common: Option<Vec<Value>> = None;
        let mut is_unknown = false;
        for event in events {
            let values = match self.of_event(path, event) {
                Value::Missing => {
                    is_unknown = true;
                    continue;
                }
                Value::List(items) => items.to_vec(),
                single => vec![single],
            };
            common = Some(match common {
                None => values,
                Some(known) => known
                    .into_iter()
                    .filter(|one| values.iter().any(|other| one.is(other) == Some(true)))
                    .collect(),
            });
        }
        if is_unknown {
            None
        } else {
            Some(common.is_none_or(|common| !common.is_empty()))
        }
    }

    /// Tells whether every pair of events of adjacent steps differs in each of the paths.
    pub(super) fn differs(&self, paths: &[ExprId], scope: &Scope<'_>) -> Value {
        let Some((rule, bound)) = scope.bindings else {
            return Value::Missing;
        };
        let units = units(rule, bound);
        let differ = |path: &ExprId| {
            all(pairs(&units).map(|(left, right)| {
                match (self.of_event(*path, left), self.of_event(*path, right)) {
                    (Value::Missing, _) | (_, Value::Missing) => None,
                    (left, right) => share(&left, &right).map(|share| !share),
                }
            }))
        };
        truth(all(paths.iter().map(differ)))
    }

    fn places<'a>(
        &'a self,
        units: &'a [&'a [Arc<Event>]],
    ) -> impl Iterator<Item = Option<(f64, Duration)>> + 'a {
        let geo = self.program.core.geo;
        pairs(units).map(move |(left, right)| {
            let (Value::Geo(from), Value::Geo(to)) =
                (left.get(&self.layout, geo), right.get(&self.layout, geo))
            else {
                return None;
            };
            Some((
                geo::distance(*from, *to),
                Duration(right.time.since(left.time).0.saturating_abs()),
            ))
        })
    }

    /// Returns the largest distance between events of adjacent steps.
    pub(super) fn geo_distance(&self, scope: &Scope<'_>) -> Value {
        let Some((rule, bound)) = scope.bindings else {
            return Value::Missing;
        };
        let units = units(rule, bound);
        let distances: Option<Vec<f64>> = self
            .places(&units)
            .map(|place| place.map(|(distance, _)| distance))
            .collect();
        greatest(distances).map_or(Value::Missing, Value::Distance)
    }

    /// Returns the largest speed between events of adjacent steps: 0 over no time is 0, else infinite.
    pub(super) fn geo_speed(&self, scope: &Scope<'_>) -> Value {
        let Some((rule, bound)) = scope.bindings else {
            return Value::Missing;
        };
        let units = units(rule, bound);
        let speed = |(distance, span): (f64, Duration)| {
            let seconds = nearest_float(span.0) / nearest_float(SECOND);
            if distance == 0.0 {
                0.0
            } else {
                distance / seconds
            }
        };
        let speeds: Option<Vec<f64>> = self.places(&units).map(|place| place.map(speed)).collect();
        greatest(speeds).map_or(Value::Missing, Value::Speed)
    }

    /// Returns last minus first event of the match.
    pub(super) fn elapsed(scope: &Scope<'_>) -> Value {
        let Some((rule, bound)) = scope.bindings else {
            return Value::Missing;
        };
        let units = units(rule, bound);
        let times = || {
            units
                .iter()
                .flat_map(|events| events.iter().map(|event| event.time))
        };
        match (times().min(), times().max()) {
            (Some(first), Some(last)) => Value::Duration(last.since(first)),
            (None, _) | (_, None) => Value::Missing,
        }
    }
}

fn greatest(values: Option<Vec<f64>>) -> Option<f64> {
    values?.into_iter().reduce(f64::max)
}

/// Tells whether two values, or two lists, have a value in common.
fn share(left: &Value, right: &Value) -> Option<bool> {
    match (left, right) {
        (Value::List(left), Value::List(right)) => Some(
            left.iter()
                .any(|one| right.iter().any(|other| one.is(other) == Some(true))),
        ),
        (Value::List(items), single) | (single, Value::List(items)) => {
            Some(items.iter().any(|item| item.is(single) == Some(true)))
        }
        (left, right) => any(std::iter::once(left.is(right))),
    }
}
