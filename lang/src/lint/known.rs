//! What conditions make known of one thing, and which two of them exclude each other.
//!
//! Apart from the warning because this is logic: it knows neither rules nor texts.

use std::cmp::Ordering;

use crate::ir::{
    AggregateFunction, Comparison, ExprId, ExprKind, FieldId, Over, Program, Row, Set, StepId,
};
use crate::types::{EnumType, Type};
use crate::value::Value;

/// What something is known of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Subject {
    /// A field of the event at hand.
    Field(FieldId),
    /// How long a match takes.
    Elapsed,
    /// How many events a group has.
    Count(StepId),
}

/// What is known of it.
#[derive(Clone, Debug)]
pub(super) enum Known {
    /// It is one of these.
    OneOf(Vec<Value>),
    /// It is none of these, or missing where it may be.
    NoneOf(Vec<Value>),
    /// It is not below this; above it, unless it may be equal.
    From(Value, bool),
    /// It is not above this; below it, unless it may be equal.
    To(Value, bool),
    /// It is there.
    There,
    /// It is missing.
    Missing,
}

/// Something known of a subject.
#[derive(Clone, Debug)]
pub(super) struct Fact {
    pub(super) subject: Subject,
    pub(super) known: Known,
    /// Whether it is false of a missing value: no default stands in for it.
    pub(super) needs_value: bool,
}

impl Fact {
    /// Tells whether no value satisfies both; of two subjects that never is.
    pub(super) fn excludes(&self, other: &Self) -> bool {
        if self.subject != other.subject {
            return false;
        }
        match (&self.known, &other.known) {
            (Known::Missing, Known::Missing) => false,
            (Known::Missing, _) => other.needs_value,
            (_, Known::Missing) => self.needs_value,
            (Known::OneOf(values), known) | (known, Known::OneOf(values)) => {
                !values.iter().any(|value| allows(known, value))
            }
            (Known::From(from, from_equal), Known::To(to, to_equal))
            | (Known::To(to, to_equal), Known::From(from, from_equal)) => match from.order(to) {
                Some(Ordering::Greater) => true,
                Some(Ordering::Equal) => !(*from_equal && *to_equal),
                Some(Ordering::Less) | None => false,
            },
            (Known::From(..) | Known::To(..) | Known::NoneOf(_) | Known::There, _) => false,
        }
    }
}

/// Tells whether a value can be what is known; if in doubt, it can.
fn allows(known: &Known, value: &Value) -> bool {
    let is = |other: &Value| value.is(other).unwrap_or(value == other);
    match known {
        Known::OneOf(values) => values.iter().any(is),
        Known::NoneOf(values) => !values.iter().any(is),
        Known::From(from, equal) => match value.order(from) {
            Some(Ordering::Less) => false,
            Some(Ordering::Equal) => *equal,
            Some(Ordering::Greater) | None => true,
        },
        Known::To(to, equal) => match value.order(to) {
            Some(Ordering::Greater) => false,
            Some(Ordering::Equal) => *equal,
            Some(Ordering::Less) | None => true,
        },
        Known::There | Known::Missing => true,
    }
}

/// Returns what a condition makes known, where it is about one thing and constants.
pub(super) fn of_condition(
    program: &Program,
    id: ExprId,
    is_unless: bool,
    row: Row,
) -> Option<Fact> {
    let mut fact = of(program, id, row)?;
    if is_unless && is_exact(program, id) {
        return None;
    }
    if is_unless {
        // An event of which it is not known stays.
        fact.known = opposite(fact.known)?;
        fact.needs_value = matches!(fact.known, Known::There);
    }
    Some(fact)
}

fn of(program: &Program, id: ExprId, row: Row) -> Option<Fact> {
    let expr = &program.exprs[id];
    let (subject, known) = match &expr.kind {
        ExprKind::Compare(comparison, left, right) => {
            (*left, compared(*comparison, constant(program, *right)?))
        }
        ExprKind::CompareRank(symbols, comparison, left, right) => {
            let right = constant(program, *right)?;
            (*left, ranked(symbols, *comparison, &right)?)
        }
        ExprKind::In(left, Set::Values(values)) => (*left, Known::OneOf(values.clone())),
        ExprKind::Exists(inner) => (*inner, Known::There),
        ExprKind::Field(..) if expr.ty == Type::Bool => (id, Known::OneOf(vec![Value::Bool(true)])),
        ExprKind::Not(inner) if is_exact(program, *inner) => return None,
        ExprKind::Not(inner) => {
            let is_bool_field = matches!(program.exprs[*inner].kind, ExprKind::Field(..));
            let fact = of(program, *inner, row)?;
            let known = if is_bool_field {
                Known::OneOf(vec![Value::Bool(false)])
            } else {
                opposite(fact.known)?
            };
            let needs_value = fact.needs_value && !matches!(known, Known::Missing);
            return Some(Fact {
                known,
                needs_value,
                ..fact
            });
        }
        _ => return None,
    };
    let (subject, needs_value) = self::subject(program, subject, row)?;
    Some(Fact {
        subject,
        known,
        needs_value,
    })
}

/// Tells whether a comparison is `==`, whose opposite leaves every other spelling.
fn is_exact(program: &Program, id: ExprId) -> bool {
    matches!(
        program.exprs[id].kind,
        ExprKind::Compare(Comparison::Equal, ..)
    )
}

fn constant(program: &Program, id: ExprId) -> Option<Value> {
    match &program.exprs[id].kind {
        ExprKind::Constant(value) => Some(value.clone()),
        _ => None,
    }
}

/// Returns what an expression is about, and whether it has no value where that has none.
fn subject(program: &Program, id: ExprId, row: Row) -> Option<(Subject, bool)> {
    match &program.exprs[id].kind {
        ExprKind::Field(of, field) => (*of == row).then_some((Subject::Field(*field), true)),
        ExprKind::Default(field, default) => {
            constant(program, *default)?;
            let (subject, _) = subject(program, *field, row)?;
            Some((subject, false))
        }
        ExprKind::Elapsed => Some((Subject::Elapsed, true)),
        ExprKind::Aggregate {
            function: AggregateFunction::Count,
            over: Over::Group(step),
            argument: None,
            filter: None,
        } => Some((Subject::Count(*step), true)),
        _ => None,
    }
}

fn compared(comparison: Comparison, value: Value) -> Known {
    match comparison {
        Comparison::Is | Comparison::Equal => Known::OneOf(vec![value]),
        Comparison::Less => Known::To(value, false),
        Comparison::LessOrEqual => Known::To(value, true),
        Comparison::Greater => Known::From(value, false),
        Comparison::GreaterOrEqual => Known::From(value, true),
    }
}

/// Returns the symbols that stand so to one of them.
fn ranked(symbols: &EnumType, comparison: Comparison, value: &Value) -> Option<Known> {
    let Value::Text(name) = value else {
        return None;
    };
    let rank = symbols
        .symbols
        .iter()
        .position(|symbol| **symbol == **name)?;
    let fits = |at: usize| match comparison {
        Comparison::Is | Comparison::Equal => at == rank,
        Comparison::Less => at < rank,
        Comparison::LessOrEqual => at <= rank,
        Comparison::Greater => at > rank,
        Comparison::GreaterOrEqual => at >= rank,
    };
    let chosen = symbols
        .symbols
        .iter()
        .enumerate()
        .filter(|(at, _)| fits(*at));
    Some(Known::OneOf(
        chosen.map(|(_, symbol)| Value::text(&**symbol)).collect(),
    ))
}

fn opposite(known: Known) -> Option<Known> {
    match known {
        Known::OneOf(values) => Some(Known::NoneOf(values)),
        Known::NoneOf(values) => Some(Known::OneOf(values)),
        Known::From(value, equal) => Some(Known::To(value, !equal)),
        Known::To(value, equal) => Some(Known::From(value, !equal)),
        Known::There => Some(Known::Missing),
        Known::Missing => Some(Known::There),
    }
}
