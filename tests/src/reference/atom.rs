//! The correlation atoms: `same`, `differs`, `geo distance`, `geo speed` and `elapsed`.
//!
//! Apart from expressions because these range over all events of a match, not over one.

use muster_lang::syntax::ast::Path;
use muster_lang::units::{Duration, SECOND};
use muster_lang::value::Value;

use super::expression::field;
use super::names::Scope;
use super::program::dotted;
use super::stream::Event;
use super::value::{Truth, distance, normal};
use super::{Answer, unsupported};

type OnePath = fn(&str, Scope<'_>) -> Answer<Truth>;

/// Returns the truth of an atom for each of its paths.
pub(crate) fn all_paths(paths: &[Path], scope: Scope<'_>, one: OnePath) -> Answer<Truth> {
    let mut verdict = Truth::True;
    for path in paths {
        verdict = verdict.and(one(&dotted(path), scope)?);
    }
    Ok(verdict)
}

fn layout<'s>(scope: Scope<'s>) -> Answer<&'s [Vec<&'s Event>]> {
    match scope.layout {
        Some(layout) => Ok(layout),
        None => unsupported("a correlation atom outside a rule"),
    }
}

/// Returns the values a field joins by: nothing for a missing or empty one, a list's elements.
pub(crate) fn joining(value: &Value) -> Vec<Value> {
    let mut found: Vec<Value> = Vec::new();
    let items: &[Value] = match value {
        Value::List(items) => items,
        one => std::slice::from_ref(one),
    };
    for item in items {
        let empty = match item {
            Value::Missing => true,
            Value::Text(text) => text.is_empty(),
            _ => false,
        };
        if !empty && !found.iter().any(|before| normal(before) == normal(item)) {
            found.push(item.clone());
        }
    }
    found
}

/// `F same`: one value, of lists a common one, over every event bound.
pub(crate) fn same(path: &str, scope: Scope<'_>) -> Answer<Truth> {
    let mut common: Option<Vec<String>> = None;
    let mut unknown = false;
    for event in layout(scope)?.iter().flatten() {
        let value = field(scope.world, event, path)?;
        let values: Vec<String> = joining(&value).iter().map(normal).collect();
        unknown |= values.is_empty() && !matches!(value, Value::List(_));
        common = Some(match common {
            None => values,
            Some(before) => before
                .into_iter()
                .filter(|one| values.contains(one))
                .collect(),
        });
    }
    let holds = common.is_some_and(|common| !common.is_empty());
    Ok(if unknown {
        Truth::Unknown
    } else {
        Truth::of(holds)
    })
}

/// Returns all pairs of events of adjacent units.
fn pairs<'s>(scope: Scope<'s>) -> Answer<Vec<(&'s Event, &'s Event)>> {
    let layout = layout(scope)?;
    let neighbors = layout.iter().zip(layout.iter().skip(1));
    Ok(neighbors
        .flat_map(|(left, right)| left.iter().flat_map(|a| right.iter().map(|b| (*a, *b))))
        .collect())
}

/// `F differs`: every pair of adjacent events differs.
pub(crate) fn differs(path: &str, scope: Scope<'_>) -> Answer<Truth> {
    let mut verdict = Truth::True;
    let mut unknown = false;
    for (a, b) in pairs(scope)? {
        let (a, b) = (field(scope.world, a, path)?, field(scope.world, b, path)?);
        unknown |= a.is_missing() || b.is_missing();
        verdict = verdict.and(Truth::of(!meet(&a, &b)));
    }
    Ok(if unknown { Truth::Unknown } else { verdict })
}

fn meet(a: &Value, b: &Value) -> bool {
    let values = |value: &Value| match value {
        Value::List(items) => items.iter().map(normal).collect::<Vec<_>>(),
        one => vec![normal(one)],
    };
    let b = values(b);
    values(a).iter().any(|one| b.contains(one))
}

/// The largest distance of a pair; missing if one of a pair has no place.
pub(crate) fn geo_distance(scope: Scope<'_>) -> Answer<Value> {
    let largest = largest(scope, |metres, _| metres)?;
    Ok(largest.map_or(Value::Missing, Value::Distance))
}

/// The largest speed of a pair; missing if one of a pair has no place.
pub(crate) fn geo_speed(scope: Scope<'_>) -> Answer<Value> {
    let largest = largest(scope, speed)?;
    Ok(largest.map_or(Value::Missing, Value::Speed))
}

#[expect(clippy::cast_precision_loss, reason = "spans of tests stay below 2^53")]
fn speed(metres: f64, micros: i64) -> f64 {
    if metres == 0.0 {
        return 0.0;
    }
    metres / (micros as f64 / SECOND as f64)
}

fn largest(scope: Scope<'_>, measure: fn(f64, i64) -> f64) -> Answer<Option<f64>> {
    let mut largest: Option<f64> = None;
    for (a, b) in pairs(scope)? {
        let places = (field(scope.world, a, "geo")?, field(scope.world, b, "geo")?);
        let (Value::Geo(from), Value::Geo(to)) = places else {
            return Ok(None);
        };
        let found = measure(distance(from, to), (a.time - b.time).abs());
        largest = Some(largest.map_or(found, |before| before.max(found)));
    }
    Ok(largest)
}

/// Last minus first of every event bound.
pub(crate) fn elapsed(scope: Scope<'_>) -> Answer<Value> {
    let times = || layout(scope).map(|units| units.iter().flatten().map(|event| event.time));
    let span = times()?
        .max()
        .zip(times()?.min())
        .map(|(last, first)| last - first);
    Ok(span.map_or(Value::Missing, |span| Value::Duration(Duration(span))))
}
