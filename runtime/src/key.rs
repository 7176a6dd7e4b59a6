//! Keys: the values that partition state.
//!
//! Apart from values because a key compares as `is` does: ignoring case, `1` and `1.0` alike.

use std::net::IpAddr;
use std::sync::Arc;

use muster_lang::ir::{ExprId, KeyComponent, StepId};
use muster_lang::types::Type;
use muster_lang::value::{Value, fold};

use crate::event::Event;
use crate::predicate::{Evaluator, Scope};
use crate::store::{Reader, Save, StateError, Writer, tagged};

mod person;

pub use person::Person;

/// One value of a key, in the form in which keys are compared.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum KeyPart {
    /// No value: only a tenant may be missing.
    Missing,
    /// True or false.
    Bool(bool),
    /// An integer, or a float without a fraction.
    Int(i64),
    /// Text, folded unless the comparison is exact.
    Text(Arc<str>),
    /// An address.
    Ip(IpAddr),
    /// Anything else, written out exactly.
    Other(Arc<str>),
}

/// The values that partition the state of one construct, its tenant first.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Key(pub Box<[KeyPart]>);

impl KeyPart {
    /// Returns the part a single value makes, or `None` for one that joins nothing.
    #[must_use]
    pub fn of(value: &Value, exact: bool) -> Option<Self> {
        Some(match value {
            Value::Missing | Value::List(_) => return None,
            Value::Text(text) if text.is_empty() => return None,
            Value::Text(text) if exact => KeyPart::Text(text.clone()),
            Value::Text(text) => match fold(text) {
                std::borrow::Cow::Borrowed(_) => KeyPart::Text(text.clone()),
                std::borrow::Cow::Owned(folded) => KeyPart::Text(folded.into()),
            },
            Value::Bool(truth) => KeyPart::Bool(*truth),
            Value::Int(number) => KeyPart::Int(*number),
            Value::Float(number) => Self::of_float(*number),
            Value::Ip(ip) => KeyPart::Ip(*ip),
            Value::Size(bytes) => KeyPart::Int(*bytes),
            Value::Time(_)
            | Value::Duration(_)
            | Value::Distance(_)
            | Value::Speed(_)
            | Value::Geo(_)
            | Value::Record(_) => KeyPart::Other(format!("{value:?}").into()),
        })
    }

    fn of_float(number: f64) -> Self {
        #[expect(
            clippy::cast_possible_truncation,
            reason = "checked by converting back"
        )]
        let whole = number as i64;
        #[expect(
            clippy::cast_precision_loss,
            reason = "a lossy round trip is what is looked for"
        )]
        let same = whole as f64 == number && whole.unsigned_abs() < 1 << 53;
        if same {
            KeyPart::Int(whole)
        } else {
            KeyPart::Other(format!("{number:?}").into())
        }
    }

    /// Returns the part of a tenant, which may be missing.
    #[must_use]
    pub fn of_tenant(value: &Value) -> Self {
        Self::of(value, false).unwrap_or(KeyPart::Missing)
    }
}

/// Returns the distinct parts a value makes: one, or one for each value of a list, at most `max`.
#[must_use]
pub fn parts(value: &Value, exact: bool, max: usize) -> Vec<(KeyPart, Value)> {
    let Value::List(items) = value else {
        return KeyPart::of(value, exact)
            .map(|part| (part, value.clone()))
            .into_iter()
            .collect();
    };
    let mut parts: Vec<(KeyPart, Value)> = Vec::new();
    for item in items.iter() {
        let Some(part) = KeyPart::of(item, exact) else {
            continue;
        };
        if parts.len() < max && parts.iter().all(|(known, _)| *known != part) {
            parts.push((part, item.clone()));
        }
    }
    parts
}

/// Returns the value of an expression over one event as a key has it: `any` as text.
#[must_use]
pub fn key_value(evaluator: &Evaluator, expr: ExprId, event: &Event) -> Value {
    let value = evaluator.value(
        expr,
        &Scope {
            this: Some(event),
            ..Scope::default()
        },
    );
    if evaluator.program().exprs[expr].ty != Type::Any {
        return value;
    }
    match value {
        Value::Missing | Value::Text(_) | Value::List(_) => value,
        other => Value::text(other.display()),
    }
}

/// Returns the expression a component has for a step.
#[must_use]
pub fn term(component: &KeyComponent, step: StepId) -> Option<ExprId> {
    component
        .terms
        .iter()
        .find(|(of, _)| *of == step)
        .map(|(_, expr)| *expr)
}

impl Save for KeyPart {
    fn save(&self, out: &mut Writer<'_>) {
        match self {
            KeyPart::Missing => out.byte(0),
            KeyPart::Bool(truth) => tagged(1, truth, out),
            KeyPart::Int(number) => tagged(2, number, out),
            KeyPart::Text(text) => tagged(3, text, out),
            KeyPart::Ip(ip) => tagged(4, ip, out),
            KeyPart::Other(text) => tagged(5, text, out),
        }
    }

    fn load(input: &mut Reader<'_>) -> Result<Self, StateError> {
        Ok(match input.byte()? {
            0 => KeyPart::Missing,
            1 => KeyPart::Bool(Save::load(input)?),
            2 => KeyPart::Int(Save::load(input)?),
            3 => KeyPart::Text(Save::load(input)?),
            4 => KeyPart::Ip(Save::load(input)?),
            5 => KeyPart::Other(Save::load(input)?),
            _ => return Err(StateError::Malformed("a part of a key is of no known kind")),
        })
    }
}

impl Save for Key {
    fn save(&self, out: &mut Writer<'_>) {
        out.each(self.0.iter());
    }

    fn load(input: &mut Reader<'_>) -> Result<Self, StateError> {
        Ok(Key(input.each::<KeyPart, Vec<_>>()?.into()))
    }
}
