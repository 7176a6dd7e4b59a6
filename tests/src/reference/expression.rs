//! Expressions over events and bindings, in three-valued truth.
//!
//! Apart from functions and names so that the reading of each operator stands alone.

use std::sync::Arc;

use muster_lang::syntax::ast::{ArithmeticOp, Expr, ExprKind, Filter};
use muster_lang::types::Type;
use muster_lang::value::{Coordinates, Value};

use super::atom;
use super::calendar;
use super::compare::{comparison, quantified};
use super::convert::convert;
use super::function;
use super::lookup;
use super::memory;
use super::names::{Expected, Named, Scope, expected_by, resolve};
use super::program::literal;
use super::stream::{Event, World};
use super::value::{Kind, Truth, from_number, number};
use super::{Answer, unsupported};

/// Tells whether an event passes conditions that are its own.
pub(crate) fn passes(filters: &[Filter], scope: Scope<'_>) -> Answer<bool> {
    for filter in filters {
        if !holds(&filter.expr, filter.unless, scope)? {
            return Ok(false);
        }
    }
    Ok(true)
}

/// `where` keeps on true; `unless` drops on true.
pub(crate) fn holds(expr: &Expr, unless: bool, scope: Scope<'_>) -> Answer<bool> {
    let truth = truth(expr, scope)?;
    Ok(if unless {
        truth != Truth::True
    } else {
        truth == Truth::True
    })
}

/// Tells whether an event belongs to a class.
pub(crate) fn in_class(world: &World<'_>, event: &Event, class: &str) -> Answer<bool> {
    if class == "any" {
        return Ok(event.alert.is_none());
    }
    if class == "alert" {
        return Ok(event.alert.is_some());
    }
    if let Some(declared) = world.program.events.get(class) {
        let base = declared
            .base
            .as_ref()
            .map_or("any", |base| base.text.as_str());
        return Ok(in_class(world, event, base)?
            && passes(&declared.filters, Scope::new(world).at(event))?);
    }
    if world.program.rules.contains_key(class) {
        return Ok(event.alert.as_deref() == Some(class));
    }
    unsupported(format!("the class `{class}`"))
}

/// Returns a field of an event: given by its source, or computed.
pub(crate) fn field(world: &World<'_>, event: &Event, path: &str) -> Answer<Value> {
    match path {
        "time" => return Ok(Value::Time(muster_lang::units::Timestamp(event.time))),
        "id" => return Ok(Value::text(event.id.as_str())),
        "source" => return Ok(Value::text(event.source.as_str())),
        "tenant" => {
            return Ok(event.tenant.as_deref().map_or(Value::Missing, Value::text));
        }
        _ => {}
    }
    if let Some(value) = event.fields.get(path) {
        return Ok(value.clone());
    }
    if let (Some(Value::Geo(place)), Some(part)) =
        (event.fields.get("geo"), path.strip_prefix("geo."))
    {
        match part {
            "lat" => return Ok(Value::Float(place.lat)),
            "lon" => return Ok(Value::Float(place.lon)),
            _ => {}
        }
    }
    match world.program.fields.get(path).and_then(|field| field.value) {
        Some(default) => {
            let scope = Scope::new(world).at(event);
            let found = value(default, scope, &Expected::Nothing)?;
            let ty = world.program.field_type(path).unwrap_or(Type::Any);
            let unmapped = lookup::is_unmapped(default, scope);
            Ok(if unmapped {
                convert(&found, &ty)
            } else {
                found
            })
        }
        None => Ok(Value::Missing),
    }
}

/// Returns what an expression gives a field of a type: what does not fit is missing, so that a
/// default behind it counts.
pub(crate) fn defined(
    expr: &Expr,
    ty: &Type,
    scope: Scope<'_>,
    expected: &Expected,
) -> Answer<Value> {
    match &expr.kind {
        ExprKind::Group(inner) => defined(inner, ty, scope, expected),
        ExprKind::Or(left, right) if !is_condition(left) => {
            let first = defined(left, ty, scope, expected)?;
            if first.is_missing() {
                defined(right, ty, scope, expected)
            } else {
                Ok(first)
            }
        }
        _ => Ok(convert(&value(expr, scope, expected)?, ty)),
    }
}

/// Tells whether an expression is a condition, so that `or` is logical behind it.
pub(crate) fn is_condition(expr: &Expr) -> bool {
    match &expr.kind {
        ExprKind::Not(_)
        | ExprKind::And(..)
        | ExprKind::Compare { .. }
        | ExprKind::Missing(_)
        | ExprKind::Exists(_)
        | ExprKind::Same(_)
        | ExprKind::Differs(_)
        | ExprKind::Calendar { .. }
        | ExprKind::Quantified { .. } => true,
        ExprKind::Or(left, _) => is_condition(left),
        ExprKind::Group(inner) => is_condition(inner),
        _ => false,
    }
}

/// Returns the truth of a condition.
pub(crate) fn truth(expr: &Expr, scope: Scope<'_>) -> Answer<Truth> {
    match &expr.kind {
        ExprKind::Not(inner) => Ok(truth(inner, scope)?.not()),
        ExprKind::And(left, right) => Ok(truth(left, scope)?.and(truth(right, scope)?)),
        ExprKind::Or(left, right) if is_condition(left) => {
            Ok(truth(left, scope)?.or(truth(right, scope)?))
        }
        ExprKind::Group(inner) => truth(inner, scope),
        ExprKind::Compare {
            op,
            negated,
            left,
            right,
        } => {
            let verdict = comparison(*op, left, right, scope)?;
            Ok(if *negated { verdict.not() } else { verdict })
        }
        ExprKind::Missing(inner) => Ok(Truth::of(
            value(inner, scope, &Expected::Nothing)?.is_missing(),
        )),
        ExprKind::Exists(inner) => Ok(Truth::of(
            !value(inner, scope, &Expected::Nothing)?.is_missing(),
        )),
        ExprKind::Same(paths) => atom::all_paths(paths, scope, atom::same),
        ExprKind::Differs(paths) => atom::all_paths(paths, scope, atom::differs),
        ExprKind::Calendar {
            time,
            outside,
            calendar,
            key,
        } => {
            let time = value(time, scope, &Expected::Nothing)?;
            let verdict = calendar::during(&time, &calendar.text, key.as_deref(), scope)?;
            Ok(if *outside { verdict.not() } else { verdict })
        }
        ExprKind::Quantified { all, list, test } => quantified(*all, list, test, scope),
        _ => match value(expr, scope, &Expected::Nothing)? {
            Value::Bool(holds) => Ok(Truth::of(holds)),
            Value::Missing => Ok(Truth::Unknown),
            other => unsupported(format!("{other:?} as a condition")),
        },
    }
}

/// Returns the value of an expression.
pub(crate) fn value(expr: &Expr, scope: Scope<'_>, expected: &Expected) -> Answer<Value> {
    match &expr.kind {
        ExprKind::Literal(one) => literal(&one.kind),
        ExprKind::Path(path) => named(resolve(path, scope, expected)?, scope),
        ExprKind::Group(inner) => value(inner, scope, expected),
        ExprKind::List(items) => {
            let items = items.iter().map(|item| value(item, scope, expected));
            Ok(Value::List(items.collect::<Answer<Arc<[Value]>>>()?))
        }
        ExprKind::Pair(lat, lon) => pair(lat, lon, scope),
        ExprKind::Or(left, right) if !is_condition(left) => {
            let first = value(left, scope, expected)?;
            let wanted = match expected_by(left, scope) {
                Expected::Nothing => expected.clone(),
                wanted => wanted,
            };
            let second = value(right, scope, &wanted)?;
            let typed = lookup::is_unmapped(left, scope) && !lookup::is_unmapped(right, scope);
            let first = if typed && !second.is_missing() {
                lookup::alike(&first, &second)
            } else {
                first
            };
            Ok(if first.is_missing() { second } else { first })
        }
        ExprKind::Call { name, args } => function::call(&name.text, args, scope),
        ExprKind::Negate(inner) => {
            let inner = value(inner, scope, expected)?;
            Ok(match (number(&inner), &inner) {
                (_, Value::Int(int)) => Value::Int(-int),
                (Some((kind, amount)), _) => from_number(kind, -amount),
                (None, _) => Value::Missing,
            })
        }
        ExprKind::Arithmetic { op, left, right } => {
            let left = value(left, scope, &Expected::Nothing)?;
            arithmetic(*op, &left, &value(right, scope, &Expected::Nothing)?)
        }
        ExprKind::GeoDistance => atom::geo_distance(scope),
        ExprKind::GeoSpeed => atom::geo_speed(scope),
        ExprKind::Elapsed => atom::elapsed(scope),
        ExprKind::Raw(path) => lookup::raw(&path.parts, scope),
        ExprKind::RawField { step, path } => lookup::raw_field(step.as_ref(), &path.parts, scope),
        ExprKind::Member { base, part } => lookup::member(base, part, scope),
        ExprKind::Index { base, index } => lookup::element(base, index, scope),
        _ if is_condition(expr) => Ok(truth(expr, scope)?.value()),
        _ => unsupported(format!("the expression {:?}", expr.span)),
    }
}

fn named(named: Named<'_>, scope: Scope<'_>) -> Answer<Value> {
    match named {
        Named::Value(value) => Ok(value),
        Named::Field(event, path) => field(scope.world, event, &path),
        Named::Unbound => Ok(Value::Missing),
        Named::Memory(memory, Some(event), rest) => memory::read(scope.world, memory, event, &rest),
        Named::Memory(memory, None, _) => unsupported(format!(
            "the memory `{}` without an event",
            memory.name.text
        )),
        Named::Members(..) | Named::Bare(_) => unsupported("a group's field outside a function"),
    }
}

fn pair(lat: &Expr, lon: &Expr, scope: Scope<'_>) -> Answer<Value> {
    let lat = number(&value(lat, scope, &Expected::Nothing)?);
    let lon = number(&value(lon, scope, &Expected::Nothing)?);
    Ok(match (lat, lon) {
        (Some((Kind::Plain, lat)), Some((Kind::Plain, lon))) => coordinates(lat, lon),
        _ => Value::Missing,
    })
}

/// Returns coordinates, or missing where they lie outside the globe.
pub(crate) fn coordinates(lat: f64, lon: f64) -> Value {
    let inside = (-90.0..=90.0).contains(&lat) && (-180.0..=180.0).contains(&lon);
    if inside {
        Value::Geo(Coordinates { lat, lon })
    } else {
        Value::Missing
    }
}

fn arithmetic(op: ArithmeticOp, left: &Value, right: &Value) -> Answer<Value> {
    if let (Value::Int(a), Value::Int(b)) = (left, right) {
        let exact = match op {
            ArithmeticOp::Add => a.checked_add(*b),
            ArithmeticOp::Subtract => a.checked_sub(*b),
            ArithmeticOp::Multiply => a.checked_mul(*b),
            ArithmeticOp::Divide => return divide(left, right),
        };
        return exact.map_or_else(|| unsupported("an overflow"), |exact| Ok(Value::Int(exact)));
    }
    let (Some((left_kind, a)), Some((right_kind, b))) = (number(left), number(right)) else {
        return if left.is_missing() || right.is_missing() {
            Ok(Value::Missing)
        } else {
            unsupported(format!("{left:?} {op:?} {right:?}"))
        };
    };
    let kind = match (op, left_kind, right_kind) {
        (ArithmeticOp::Divide, ..) => return divide(left, right),
        (ArithmeticOp::Multiply, kind, Kind::Plain)
        | (ArithmeticOp::Multiply, Kind::Plain, kind) => {
            return Ok(from_number(kind, a * b));
        }
        (ArithmeticOp::Subtract, Kind::Time, Kind::Time) => Kind::Duration,
        (ArithmeticOp::Add | ArithmeticOp::Subtract, Kind::Time, Kind::Duration) => Kind::Time,
        (_, a, b) if a == b && a != Kind::Time => a,
        _ => return unsupported(format!("{left:?} {op:?} {right:?}")),
    };
    Ok(from_number(
        kind,
        if op == ArithmeticOp::Add {
            a + b
        } else {
            a - b
        },
    ))
}

fn divide(left: &Value, right: &Value) -> Answer<Value> {
    let (Some((left_kind, a)), Some((right_kind, b))) = (number(left), number(right)) else {
        return Ok(Value::Missing);
    };
    if b == 0.0 {
        return Ok(Value::Missing);
    }
    if left_kind == right_kind {
        return Ok(Value::Float(a / b));
    }
    match right_kind {
        Kind::Plain => Ok(from_number(left_kind, a / b)),
        _ => unsupported(format!("{left:?} / {right:?}")),
    }
}
