//! Conditions that range over a whole match: same, differs, distance, speed, elapsed.
//!
//! Apart from evaluation because these range over all bound events, not one.

use std::collections::BTreeSet;
use std::sync::Arc;

use muster_lang::ir::{Element, ExprId, Rule, StepId};
use muster_lang::units::SECOND;
use muster_lang::value::number::nearest_float;
use muster_lang::value::{KeyTexts, Value, geo};

use super::raw::elements;
use super::{Bound, Evaluator, Scope, Truth};
use crate::event::Event;

/// The events of a match in units that neighbor each other.
struct Units<'a>(Vec<&'a [Arc<Event>]>);

impl<'a> Units<'a> {
    /// Returns the units of what is bound: a plain step is one event, a group all its members; the
    /// events of a set stand one by one in stream order.
    fn new(rule: &Rule, bound: &'a [Bound]) -> Self {
        let of = |step: &StepId| bound.get(step.index()).map_or(&[] as &[_], Bound::events);
        let mut units = Vec::new();
        for element in &rule.elements {
            match element {
                Element::One(step) | Element::Group(step) => units.push(of(step)),
                Element::Set { members, .. } => {
                    let events = members.iter().flat_map(|step| of(step).iter());
                    let mut members: Vec<&[Arc<Event>]> =
                        events.map(std::slice::from_ref).collect();
                    members.sort_by_key(|events| {
                        events.first().map(|event| (event.position, event.time))
                    });
                    units.extend(members);
                }
            }
        }
        units.retain(|events| !events.is_empty());
        Self(units)
    }

    fn of_scope(scope: &Scope<'a>) -> Option<Self> {
        scope.bindings.map(|(rule, bound)| Self::new(rule, bound))
    }

    fn events(&self) -> impl Iterator<Item = &'a Event> {
        self.0
            .iter()
            .flat_map(|events| events.iter().map(AsRef::as_ref))
    }

    /// Returns every pair of events of neighboring units.
    fn pairs(&self) -> impl Iterator<Item = (&'a Event, &'a Event)> {
        let later = self.0.iter().skip(1);
        self.0.iter().zip(later).flat_map(|(left, right)| {
            let right = *right;
            left.iter()
                .flat_map(move |one| right.iter().map(move |other| (&**one, &**other)))
        })
    }

    /// Returns the greatest of what pairs give; `None` where one gives nothing, or there is none.
    fn greatest(&self, of: impl Fn(&Event, &Event) -> Option<f64>) -> Option<f64> {
        let mut greatest: Option<f64> = None;
        for (left, right) in self.pairs() {
            let found = of(left, right)?;
            greatest = Some(greatest.map_or(found, |greatest| greatest.max(found)));
        }
        greatest
    }
}

impl Evaluator {
    /// Tells whether all bound events have each of the paths in common.
    pub(super) fn same(&self, paths: &[ExprId], scope: &Scope<'_>) -> Truth {
        let Some(units) = Units::of_scope(scope) else {
            return Truth::Unknown;
        };
        Truth::all(
            paths
                .iter()
                .map(|path| self.in_common(*path, &units, scope)),
        )
    }

    /// Tells whether all events share a value; unknown if one has none.
    fn in_common(&self, path: ExprId, units: &Units<'_>, scope: &Scope<'_>) -> Truth {
        let mut common: Option<BTreeSet<Vec<u8>>> = None;
        for event in units.events() {
            let Some(keys) = self.keys(path, event, scope) else {
                return Truth::Unknown;
            };
            common = Some(match common {
                None => keys,
                Some(common) => common.intersection(&keys).cloned().collect(),
            });
        }
        common.map(|common| !common.is_empty()).into()
    }

    /// Returns what a path of an event is compared by: a value, or each of a list.
    ///
    /// `None` where nothing is there, or an empty text, which joins nothing.
    fn keys(&self, path: ExprId, event: &Event, scope: &Scope<'_>) -> Option<BTreeSet<Vec<u8>>> {
        let scope = scope.with_event(event);
        let value = self.read(path, &scope);
        let is_empty = |value: &Value| value.is_missing() || value.as_text() == Some("");
        if is_empty(&value) {
            return None;
        }
        let items = elements(&value)?.iter().filter(|item| !is_empty(item));
        let key = |item: &Value| {
            let mut key = Vec::new();
            item.write_key(KeyTexts::Folded, &mut key);
            key
        };
        Some(items.map(key).collect())
    }

    /// Tells whether every pair of events of adjacent steps differs in each of the paths.
    pub(super) fn differs(&self, paths: &[ExprId], scope: &Scope<'_>) -> Truth {
        let Some(units) = Units::of_scope(scope) else {
            return Truth::Unknown;
        };
        Truth::all(
            paths
                .iter()
                .map(|path| self.pairs_differ(*path, &units, scope)),
        )
    }

    fn pairs_differ(&self, path: ExprId, units: &Units<'_>, scope: &Scope<'_>) -> Truth {
        Truth::all(units.pairs().map(|(left, right)| {
            let left = self.keys(path, left, scope);
            let right = self.keys(path, right, scope);
            left.zip(right)
                .map(|(left, right)| left.is_disjoint(&right))
                .into()
        }))
    }

    /// Returns the metres between the places of two events.
    fn metres(&self, left: &Event, right: &Event) -> Option<f64> {
        let field = self.program.core.geo;
        match (
            left.get(&self.layout, field),
            right.get(&self.layout, field),
        ) {
            (Value::Geo(from), Value::Geo(to)) => Some(geo::distance(*from, *to)),
            _ => None,
        }
    }

    /// Returns the largest distance between events of adjacent steps.
    pub(super) fn geo_distance(&self, scope: &Scope<'_>) -> Value {
        let units = Units::of_scope(scope);
        let metres = units.and_then(|units| units.greatest(|left, right| self.metres(left, right)));
        metres.map_or(Value::Missing, Value::Distance)
    }

    /// Returns the largest speed between events of adjacent steps: no way in no time is 0, any other
    /// way in no time infinite.
    pub(super) fn geo_speed(&self, scope: &Scope<'_>) -> Value {
        let speed = |left: &Event, right: &Event| {
            let metres = self.metres(left, right)?;
            let micros = right.time.since(left.time).0.saturating_abs();
            let seconds = nearest_float(micros) / nearest_float(SECOND);
            Some(if metres == 0.0 { 0.0 } else { metres / seconds })
        };
        let units = Units::of_scope(scope);
        units
            .and_then(|units| units.greatest(speed))
            .map_or(Value::Missing, Value::Speed)
    }

    /// Returns the time between the earliest and the latest event of the match.
    pub(super) fn elapsed(scope: &Scope<'_>) -> Value {
        let Some(units) = Units::of_scope(scope) else {
            return Value::Missing;
        };
        let times = || units.events().map(|event| event.time);
        times()
            .min()
            .zip(times().max())
            .map_or(Value::Missing, |(first, last)| {
                Value::Duration(last.since(first))
            })
    }
}
