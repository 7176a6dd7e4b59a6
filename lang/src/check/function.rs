//! Functions over many by their name, what they take and what they give.
//!
//! Apart from calls of them because steps and memories ask the same.

use super::constant;
use crate::builtins::Element;
use crate::ir::AggregateFunction;
use crate::syntax::ast::{self, Expr, LiteralKind};
use crate::types::Type;

/// Returns the function of a name: `sum`, `p95`.
pub(crate) fn function(name: &str) -> Option<AggregateFunction> {
    Some(match name {
        "count" | "len" => AggregateFunction::Count,
        "sum" => AggregateFunction::Sum,
        "min" => AggregateFunction::Min,
        "max" => AggregateFunction::Max,
        "avg" => AggregateFunction::Avg,
        "distinct" => AggregateFunction::Distinct,
        "first" => AggregateFunction::First,
        "last" => AggregateFunction::Last,
        "percentile" => AggregateFunction::Percentile(0),
        "gaps" => AggregateFunction::Gaps,
        "median" => AggregateFunction::Percentile(500),
        other => {
            let rank: u16 = other.strip_prefix('p')?.parse().ok()?;
            if !(1..=100).contains(&rank) {
                return None;
            }
            AggregateFunction::Percentile(rank * 10)
        }
    })
}

/// Returns the type of a list's elements.
pub(super) fn list_element(ty: &Type) -> Option<Type> {
    match ty {
        Type::List(element) => Some((**element).clone()),
        Type::Any => Some(Type::Any),
        Type::Text
        | Type::Int
        | Type::Float
        | Type::Bool
        | Type::Time
        | Type::Duration
        | Type::Distance
        | Type::Speed
        | Type::Size
        | Type::Ip
        | Type::Geo
        | Type::Enum(_) => None,
    }
}

/// Returns the type of a function's result, or `None` where it does not take such values.
pub(crate) fn result_type(function: AggregateFunction, input: Option<&Type>) -> Option<Type> {
    let Some(ty) = input else {
        return match function {
            AggregateFunction::Count => Some(Type::Int),
            AggregateFunction::Gaps => Some(Type::List(Box::new(Type::Duration))),
            AggregateFunction::Sum
            | AggregateFunction::Min
            | AggregateFunction::Max
            | AggregateFunction::Avg
            | AggregateFunction::Distinct
            | AggregateFunction::First
            | AggregateFunction::Last
            | AggregateFunction::Nth(_)
            | AggregateFunction::Percentile(_) => None,
        };
    };
    match function {
        AggregateFunction::Count | AggregateFunction::Distinct => Some(Type::Int),
        AggregateFunction::First | AggregateFunction::Last | AggregateFunction::Nth(_) => {
            Some(ty.clone())
        }
        AggregateFunction::Min | AggregateFunction::Max | AggregateFunction::Percentile(_) => {
            Element::Ordered.accepts(ty).then(|| ty.clone())
        }
        AggregateFunction::Avg if constant::is_number(ty) => Some(Type::Float),
        AggregateFunction::Sum | AggregateFunction::Avg => {
            Element::Quantity.accepts(ty).then(|| ty.clone())
        }
        AggregateFunction::Gaps => Element::Time
            .accepts(ty)
            .then(|| Type::List(Box::new(Type::Duration))),
    }
}

/// Returns a rank between 0 and 100 in per mille.
pub(super) fn rank(expr: &Expr) -> Option<u16> {
    let ast::ExprKind::Literal(literal) = &super::bare(expr).kind else {
        return None;
    };
    let mille = match literal.kind {
        LiteralKind::Int(number) => number.checked_mul(10)?,
        LiteralKind::Float(number) if (0.0..=100.0).contains(&number) => {
            return u16::try_from(format!("{:.0}", number * 10.0).parse::<i64>().ok()?).ok();
        }
        LiteralKind::Float(_)
        | LiteralKind::Percent(_)
        | LiteralKind::Duration(_)
        | LiteralKind::Quantity { .. }
        | LiteralKind::Text { .. }
        | LiteralKind::Bool(_)
        | LiteralKind::Clock(_)
        | LiteralKind::Instant(_) => return None,
    };
    (0..=1000)
        .contains(&mille)
        .then(|| u16::try_from(mille).ok())
        .flatten()
}

/// Returns the whole number that an expression is, perhaps negative.
pub(super) fn whole(expr: &Expr) -> Option<i64> {
    let expr = super::bare(expr);
    let (digits, negative) = match &expr.kind {
        ast::ExprKind::Negate(inner) => (super::bare(inner), true),
        _ => (expr, false),
    };
    let ast::ExprKind::Literal(literal) = &digits.kind else {
        return None;
    };
    let LiteralKind::Int(number) = literal.kind else {
        return None;
    };
    if negative {
        number.checked_neg()
    } else {
        Some(number)
    }
}
