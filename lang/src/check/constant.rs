//! Literals to values.
//!
//! Apart from expressions because params, lists, tests and quantities have no expression around them.

use std::net::IpAddr;
use std::sync::Arc;

use crate::ir::Network;
use crate::syntax::ast::{Literal, LiteralKind};
use crate::types::Type;
use crate::units::{Dimension, Timestamp};
use crate::value::Value;
pub(crate) use crate::written::{quoted, written};

/// Returns the value and type of a literal; a time of day alone has none.
pub(crate) fn of_literal(literal: &Literal) -> Option<(Value, Type)> {
    Some(match &literal.kind {
        LiteralKind::Int(number) => (Value::Int(*number), Type::Int),
        LiteralKind::Float(number) | LiteralKind::Percent(number) => {
            (Value::Float(*number), Type::Float)
        }
        LiteralKind::Duration(span) => (Value::Duration(*span), Type::Duration),
        LiteralKind::Quantity { base, dimension } => of_quantity(*base, *dimension),
        LiteralKind::Text { value, .. } => (Value::text(value.as_str()), Type::Text),
        LiteralKind::Bool(value) => (Value::Bool(*value), Type::Bool),
        LiteralKind::Instant(instant) => (Value::Time(Timestamp(*instant)), Type::Time),
        LiteralKind::Clock(_) => return None,
    })
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "a size beyond 8 exbibytes saturates"
)]
fn of_quantity(base: f64, dimension: Dimension) -> (Value, Type) {
    match dimension {
        Dimension::Duration => (
            Value::Duration(crate::units::Duration(base.round() as i64)),
            Type::Duration,
        ),
        Dimension::Distance => (Value::Distance(base), Type::Distance),
        Dimension::Speed => (Value::Speed(base), Type::Speed),
        Dimension::Size => (Value::Size(base.round() as i64), Type::Size),
    }
}

/// Returns the values of a list of literals and the type they share; whole numbers and others mix.
pub(crate) fn of_list(items: &[Literal]) -> Option<(Vec<Value>, Type)> {
    let mut values = Vec::with_capacity(items.len());
    let mut element: Option<Type> = None;
    for item in items {
        let (value, ty) = of_literal(item)?;
        values.push(value);
        element = Some(match element {
            None => ty,
            Some(before) => common(&before, &ty)?,
        });
    }
    Some((values, element.unwrap_or(Type::Text)))
}

/// Returns the type two literals share.
pub(crate) fn common(left: &Type, right: &Type) -> Option<Type> {
    if left == right {
        return Some(left.clone());
    }
    (is_number(left) && is_number(right)).then_some(Type::Float)
}

/// Tells whether a type is a number without a unit.
pub(crate) fn is_number(ty: &Type) -> bool {
    matches!(ty, Type::Int | Type::Float)
}

/// Returns the unit to propose for a bare number where a type of some dimension is expected.
pub(crate) fn unit_of(ty: &Type) -> Option<&'static str> {
    match ty {
        Type::Duration => Some("s"),
        Type::Distance => Some("km"),
        Type::Speed => Some("km/h"),
        Type::Size => Some("MB"),
        Type::Text
        | Type::Int
        | Type::Float
        | Type::Bool
        | Type::Time
        | Type::Ip
        | Type::Geo
        | Type::Enum(_)
        | Type::List(_)
        | Type::Any => None,
    }
}

/// Returns a type's name behind its article, for a message: `a duration`, `an address`.
pub(crate) fn with_article(ty: &Type) -> String {
    match ty {
        Type::Text => "a text".to_owned(),
        Type::Int => "a whole number".to_owned(),
        Type::Float => "a number".to_owned(),
        Type::Bool => "a bool".to_owned(),
        Type::Time => "a time".to_owned(),
        Type::Duration => "a duration".to_owned(),
        Type::Distance => "a distance".to_owned(),
        Type::Speed => "a speed".to_owned(),
        Type::Size => "a size".to_owned(),
        Type::Ip => "an address".to_owned(),
        Type::Geo => "coordinates".to_owned(),
        Type::Enum(symbols) => match &*symbols.symbols {
            few if few.len() <= 6 => format!("one of {}", few.join(", ")),
            _ => "a symbol of its enum".to_owned(),
        },
        Type::List(element) => format!("a list of {element}"),
        Type::Any => "any value".to_owned(),
    }
}

/// Returns the address of a text that is nothing else; a port is none of it.
pub(crate) fn address(text: &str) -> Option<IpAddr> {
    text.parse::<IpAddr>()
        .ok()
        .map(|address| address.to_canonical())
}

/// Returns the network of a text: `10.0.0.0/8`, or a lone address.
pub(crate) fn network(text: &str) -> Option<Network> {
    crate::value::address::parse_network(text)
}

/// Returns the texts of a list of literals, where all are texts.
pub(crate) fn texts(values: &[Value]) -> Option<Vec<Arc<str>>> {
    values
        .iter()
        .map(|value| match value {
            Value::Text(text) => Some(text.clone()),
            Value::Missing
            | Value::Bool(_)
            | Value::Int(_)
            | Value::Float(_)
            | Value::Time(_)
            | Value::Duration(_)
            | Value::Distance(_)
            | Value::Speed(_)
            | Value::Size(_)
            | Value::Ip(_)
            | Value::Geo(_)
            | Value::List(_)
            | Value::Record(_) => None,
        })
        .collect()
}
