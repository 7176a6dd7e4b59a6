//! What is looked into: rows of tables, records as they came, elements of lists.
//!
//! Apart from expressions because a look-up is made as of an instant, and what it finds has no type.

use muster_lang::syntax::ast::{Expr, ExprKind, Name, RawPart};
use muster_lang::types::Type;
use muster_lang::value::Value;

use super::convert::convert;
use super::expression::value;
use super::names::{Bound, Expected, Scope};
use super::program::dotted;
use super::table::Table;
use super::value::Truth;
use super::walk::parts;
use super::{Answer, unsupported};

/// A record that a source turns into an event.
#[derive(Debug)]
pub(crate) struct Input<'s> {
    /// The record.
    pub(crate) record: &'s Value,
    /// The values that mean "not there".
    pub(crate) absent: &'s [Value],
    /// The element of an `explode`, by its name.
    pub(crate) element: Option<(String, Value)>,
    /// The time of the event, once there is one.
    pub(crate) time: Option<i64>,
}

/// Returns the table that an expression names.
pub(crate) fn table<'s>(expr: &Expr, scope: Scope<'s>) -> Option<&'s Table<'s>> {
    match &expr.kind {
        ExprKind::Path(path) => scope.world.program.tables.get(dotted(path).as_str()),
        _ => None,
    }
}

/// Returns when a key is looked up: at the event of the step it reads, else at the event at hand,
/// or at a record's time; without one, rows count that are valid without end.
fn as_of(key: &Expr, scope: Scope<'_>) -> Answer<Option<i64>> {
    if let Some(input) = scope.input {
        return Ok(input.time);
    }
    let named = parts(key).into_iter().find_map(|part| {
        let step = match &part.kind {
            ExprKind::Path(path) => path.parts.first()?,
            ExprKind::RawField { step, .. } => step.as_ref()?,
            _ => return None,
        };
        scope.names.iter().find(|(name, _)| *name == step.text)
    });
    let event = match named {
        Some((_, bound)) => bound.events().last().copied(),
        None => scope.this,
    };
    match (event, named) {
        (Some(event), _) => Ok(Some(event.time)),
        (None, Some(_)) => Ok(None),
        (None, None) => unsupported("a look-up without an event"),
    }
}

/// `x in TABLE`: there is a row.
pub(crate) fn has_row(
    table: &Table<'_>,
    key: &Expr,
    found: &Value,
    scope: Scope<'_>,
) -> Answer<Truth> {
    match found {
        Value::Missing => Ok(Truth::Unknown),
        Value::List(_) => unsupported("a list in a table"),
        one => Ok(Truth::of(table.row(one, as_of(key, scope)?).is_some())),
    }
}

/// `base.part`: a column of a row, or a key of a record.
pub(crate) fn member(base: &Expr, part: &Name, scope: Scope<'_>) -> Answer<Value> {
    if let ExprKind::Index { base, index } = &base.kind
        && let Some(table) = table(base, scope)
    {
        let key = value(index, scope, &Expected::Nothing)?;
        let row = table.row(&key, as_of(index, scope)?);
        return Ok(row.map(|row| row.cell(&part.text)).unwrap_or_default());
    }
    let base = value(base, scope, &Expected::Nothing)?;
    let found = follow(&base, &[RawPart::Key(part.text.clone())]);
    Ok(present(found, scope))
}

/// `base[index]` of a list; a negative index counts from the end.
pub(crate) fn element(base: &Expr, index: &Expr, scope: Scope<'_>) -> Answer<Value> {
    let base = value(base, scope, &Expected::Nothing)?;
    match value(index, scope, &Expected::Nothing)? {
        Value::Int(index) => Ok(follow(&base, &[RawPart::Index(index)])),
        _ => unsupported("an index that is no number"),
    }
}

/// `.path`: of the element at hand, else of the record.
pub(crate) fn raw(path: &[RawPart], scope: Scope<'_>) -> Answer<Value> {
    match (scope.item, scope.input) {
        (Some(item), _) => Ok(present(follow(item, path), scope)),
        (None, Some(input)) => Ok(present(follow(input.record, path), scope)),
        (None, None) => unsupported("a raw path"),
    }
}

/// `raw.path` and `a.raw.path`: the record of an event.
pub(crate) fn raw_field(step: Option<&Name>, path: &[RawPart], scope: Scope<'_>) -> Answer<Value> {
    let Some(step) = step else {
        return match (scope.this, scope.input) {
            (Some(event), _) => Ok(follow(&event.raw, path)),
            (None, Some(input)) => Ok(present(follow(input.record, path), scope)),
            (None, None) => unsupported("`raw` without a step"),
        };
    };
    match scope.names.iter().find(|(name, _)| *name == step.text) {
        Some((_, Bound::One(event))) => Ok(follow(&event.raw, path)),
        Some((_, Bound::Nothing)) => Ok(Value::Missing),
        Some((_, Bound::Many(_))) | None => unsupported("`raw` of what is no plain step"),
    }
}

/// What a source calls absent is not there, also as an element of a list, which keeps its place.
pub(crate) fn present(value: Value, scope: Scope<'_>) -> Value {
    let absent = scope.input.map(|input| input.absent).unwrap_or_default();
    match value {
        Value::List(items) => {
            let one = |item: &Value| present(item.clone(), scope);
            Value::List(items.iter().map(one).collect())
        }
        one if absent.contains(&one) => Value::Missing,
        one => one,
    }
}

/// Follows a path into a record.
pub(crate) fn follow(from: &Value, path: &[RawPart]) -> Value {
    let mut at = from.clone();
    for part in path {
        at = match (&at, part) {
            (Value::Record(record), RawPart::Key(key)) => {
                record.get(key).cloned().unwrap_or_default()
            }
            (Value::List(items), RawPart::Index(index)) => {
                let length = i64::try_from(items.len()).unwrap_or(i64::MAX);
                let place = if *index < 0 { length + index } else { *index };
                let place = usize::try_from(place).ok();
                let found = place.and_then(|place| items.get(place));
                found.cloned().unwrap_or_default()
            }
            _ => Value::Missing,
        };
    }
    at
}

/// Tells whether an expression gives what no source has mapped, which has no type of its own.
pub(crate) fn is_unmapped(expr: &Expr, scope: Scope<'_>) -> bool {
    match &expr.kind {
        ExprKind::Raw(_)
        | ExprKind::RawField { .. }
        | ExprKind::Member { .. }
        | ExprKind::Index { .. } => true,
        ExprKind::Group(inner) | ExprKind::Or(inner, _) => is_unmapped(inner, scope),
        ExprKind::Call { name, args } => match name.text.as_str() {
            "json" | "pick" | "kv" => true,
            "first" | "last" => args
                .first()
                .is_some_and(|argument| is_unmapped(&argument.value, scope)),
            _ => false,
        },
        ExprKind::Path(path) => {
            let whole = dotted(path);
            let element = scope.input.and_then(|input| input.element.as_ref());
            let is_element = path
                .parts
                .first()
                .is_some_and(|first| element.is_some_and(|(name, _)| *name == first.text));
            is_element || scope.world.program.field_type(&whole) == Some(Type::Any)
        }
        _ => false,
    }
}

/// Converts what is unmapped to what it is compared with.
pub(crate) fn alike(unmapped: &Value, other: &Value) -> Value {
    let ty = match other {
        Value::Text(_) => Type::Text,
        Value::Int(_) | Value::Float(_) => {
            let whole = convert(unmapped, &Type::Int);
            return if whole.is_missing() {
                convert(unmapped, &Type::Float)
            } else {
                whole
            };
        }
        Value::Bool(_) => Type::Bool,
        Value::Time(_) => Type::Time,
        Value::Duration(_) => Type::Duration,
        Value::Size(_) => Type::Size,
        Value::Ip(_) => Type::Ip,
        Value::Geo(_) => Type::Geo,
        Value::Missing
        | Value::Distance(_)
        | Value::Speed(_)
        | Value::List(_)
        | Value::Record(_) => Type::Any,
    };
    convert(unmapped, &ty)
}
