//! Functions: aggregates over groups, lists and buckets.
//!
//! Apart from expressions because what a function ranges over is a question of its own.

use std::cmp::Ordering;

use muster_lang::syntax::ast::{Argument, Expr, ExprKind};
use muster_lang::value::Value;

use super::builtin;
use super::expression::{field, holds, value};
use super::identity::person;
use super::memory::nearest_rank;
use super::names::{Expected, Named, Scope, resolve};
use super::stream::Event;
use super::value::{Kind, display, from_number, normal, number, ordered};
use super::{Answer, unsupported};

/// What an aggregate ranges over.
enum Range<'s> {
    /// Whole events.
    Events(Vec<&'s Event>),
    /// Values, missing ones among them.
    Values(Vec<Value>),
    /// Something that is not there.
    Missing,
}

/// Calls a function.
pub(crate) fn call(name: &str, args: &[Argument], scope: Scope<'_>) -> Answer<Value> {
    if let Some(identity) = scope.world.program.identities.get(name) {
        return person(identity, args, scope);
    }
    match (name, args) {
        ("len", [only]) if is_text(only, scope)? => length(only, scope),
        ("count" | "sum" | "min" | "max" | "avg" | "distinct" | "first" | "last" | "len", _) => {
            over(name, range(args.first(), scope)?)
        }
        ("percentile", [of, percent]) => {
            let percent = value(&percent.value, scope, &Expected::Nothing)?;
            let name = format!("p{}", display(&percent));
            over(&name, range(Some(of), scope)?)
        }
        _ => builtin::call(name, args, scope),
    }
}

/// Tells whether an argument is a text, and neither a list nor a group.
fn is_text(argument: &Argument, scope: Scope<'_>) -> Answer<bool> {
    if let ExprKind::Path(path) = &argument.value.kind
        && let Named::Members(..) | Named::Bare(_) = resolve(path, scope, &Expected::Nothing)?
    {
        return Ok(false);
    }
    let found = value(&argument.value, scope, &Expected::Nothing)?;
    Ok(matches!(found, Value::Text(_)))
}

fn length(argument: &Argument, scope: Scope<'_>) -> Answer<Value> {
    match value(&argument.value, scope, &Expected::Nothing)? {
        Value::Text(text) => Ok(count(text.chars().count())),
        _ => Ok(Value::Missing),
    }
}

fn range<'s>(argument: Option<&Argument>, scope: Scope<'s>) -> Answer<Range<'s>> {
    let Some(argument) = argument else {
        return match scope.window {
            Some(window) => Ok(Range::Events(window.to_vec())),
            None => unsupported("an aggregate without an argument"),
        };
    };
    let filter = argument.filter.as_deref();
    let ExprKind::Path(path) = &argument.value.kind else {
        return listed(&argument.value, filter, scope);
    };
    let (members, of) = match resolve(path, scope, &Expected::Nothing)? {
        Named::Members(members, of) => (members, of),
        Named::Bare(of) => (scope.window.unwrap_or_default().to_vec(), Some(of)),
        Named::Unbound => return Ok(Range::Missing),
        Named::Value(_) | Named::Field(..) | Named::Memory(..) => {
            return listed(&argument.value, filter, scope);
        }
    };
    let mut kept = Vec::new();
    for member in members {
        let inside = match filter {
            Some(filter) => holds(filter, false, scope.at(member))?,
            None => true,
        };
        if inside {
            kept.push(member);
        }
    }
    let Some(of) = of else {
        return Ok(Range::Events(kept));
    };
    let values = kept.iter().map(|member| field(scope.world, member, &of));
    Ok(Range::Values(values.collect::<Answer<_>>()?))
}

fn listed<'s>(list: &Expr, filter: Option<&Expr>, scope: Scope<'s>) -> Answer<Range<'s>> {
    let items = match value(list, scope, &Expected::Nothing)? {
        Value::List(items) => items,
        Value::Missing => return Ok(Range::Missing),
        one => std::sync::Arc::from([one]),
    };
    let mut kept = Vec::new();
    for item in items.iter() {
        let inside = match filter {
            Some(filter) => holds(
                filter,
                false,
                Scope {
                    item: Some(item),
                    ..scope
                },
            )?,
            None => true,
        };
        if inside {
            kept.push(item.clone());
        }
    }
    Ok(Range::Values(kept))
}

fn over(name: &str, range: Range<'_>) -> Answer<Value> {
    match range {
        Range::Missing => Ok(Value::Missing),
        Range::Events(events) => match name {
            "count" | "len" => Ok(count(events.len())),
            _ => unsupported(format!("`{name}` of whole events")),
        },
        Range::Values(values) => {
            let present: Vec<Value> = values
                .into_iter()
                .filter(|value| !value.is_missing())
                .collect();
            aggregate(name, &present)
        }
    }
}

fn count(count: usize) -> Value {
    Value::Int(i64::try_from(count).unwrap_or(i64::MAX))
}

/// Returns how many different values there are; a list counts each of its values.
pub(crate) fn distinct(values: &[Value]) -> usize {
    let each = values.iter().flat_map(|value| match value {
        Value::List(items) => items.to_vec(),
        one => vec![one.clone()],
    });
    let there = each.filter(|one| !one.is_missing());
    let mut found: Vec<String> = there.map(|one| normal(&one)).collect();
    found.sort();
    found.dedup();
    found.len()
}

/// Aggregates values that are all there.
pub(crate) fn aggregate(name: &str, values: &[Value]) -> Answer<Value> {
    match name {
        "count" | "len" => Ok(count(values.len())),
        "distinct" => Ok(count(distinct(values))),
        "first" => Ok(values.first().cloned().unwrap_or_default()),
        "last" => Ok(values.last().cloned().unwrap_or_default()),
        "sum" | "avg" => sum(name, values),
        "min" => extreme(values, Ordering::Less),
        "max" => extreme(values, Ordering::Greater),
        _ if name.starts_with('p') => percentile(name, values),
        _ => unsupported(format!("the aggregate `{name}`")),
    }
}

fn sum(name: &str, values: &[Value]) -> Answer<Value> {
    let numbers: Vec<(Kind, f64)> = values.iter().filter_map(number).collect();
    if numbers.len() != values.len() {
        return unsupported(format!("`{name}` of what is no number"));
    }
    let Some((kind, _)) = numbers.first() else {
        return Ok(if name == "sum" {
            Value::Int(0)
        } else {
            Value::Missing
        });
    };
    let total: f64 = numbers.iter().map(|(_, amount)| amount).sum();
    if name == "avg" {
        #[expect(clippy::cast_precision_loss, reason = "streams of tests are short")]
        let length = numbers.len() as f64;
        let mean = total / length;
        // A mean of sizes or spans is in whole units, rounded down.
        let whole = matches!(kind, Kind::Size | Kind::Duration);
        return Ok(from_number(*kind, if whole { mean.floor() } else { mean }));
    }
    match (
        kind,
        values.iter().all(|value| matches!(value, Value::Int(_))),
    ) {
        #[expect(
            clippy::cast_possible_truncation,
            reason = "streams of tests stay below 2^53"
        )]
        (Kind::Plain, true) => Ok(Value::Int(total as i64)),
        _ => Ok(from_number(*kind, total)),
    }
}

/// `p95`: the least value that so many of a hundred do not exceed.
fn percentile(name: &str, values: &[Value]) -> Answer<Value> {
    let Ok(percent) = name.trim_start_matches('p').parse::<f64>() else {
        return unsupported(format!("the aggregate `{name}`"));
    };
    let numbers: Vec<(Kind, f64)> = values.iter().filter_map(number).collect();
    if numbers.len() != values.len() {
        return unsupported("a percentile of what is no number");
    }
    let mut amounts: Vec<f64> = numbers.iter().map(|(_, amount)| *amount).collect();
    amounts.sort_by(f64::total_cmp);
    let at = nearest_rank(&amounts, percent / 100.0);
    let found = values
        .iter()
        .find(|value| number(value).is_some_and(|(_, amount)| amount == at));
    Ok(found.cloned().unwrap_or_default())
}

fn extreme(values: &[Value], wanted: Ordering) -> Answer<Value> {
    let mut best: Option<&Value> = None;
    for value in values {
        best = match best {
            None => Some(value),
            Some(before) => match ordered(value, before) {
                Some(order) if order == wanted => Some(value),
                Some(_) => Some(before),
                None => return unsupported("`min` or `max` of what is not ordered"),
            },
        };
    }
    Ok(best.cloned().unwrap_or_default())
}
