//! Walking expressions as written.
//!
//! Apart from the tree so that every pass that asks "what is named here?" shares one list of
//! children.

use super::ast::{Expr, ExprKind, QuantifiedTest};

/// Calls `visit` with each direct child of an expression, left to right.
pub fn children<'e>(expr: &'e Expr, visit: &mut dyn FnMut(&'e Expr)) {
    match &expr.kind {
        ExprKind::Literal(_)
        | ExprKind::Path(_)
        | ExprKind::Raw(_)
        | ExprKind::RawField { .. }
        | ExprKind::Same(_)
        | ExprKind::Differs(_)
        | ExprKind::GeoDistance
        | ExprKind::GeoSpeed
        | ExprKind::Elapsed => {}
        ExprKind::List(items) => items.iter().for_each(visit),
        ExprKind::Pair(left, right)
        | ExprKind::And(left, right)
        | ExprKind::Or(left, right)
        | ExprKind::Arithmetic { left, right, .. }
        | ExprKind::Compare { left, right, .. }
        | ExprKind::Index {
            base: left,
            index: right,
        } => {
            visit(left);
            visit(right);
        }
        ExprKind::Group(inner)
        | ExprKind::Not(inner)
        | ExprKind::Negate(inner)
        | ExprKind::Missing(inner)
        | ExprKind::Exists(inner)
        | ExprKind::Member { base: inner, .. } => visit(inner),
        ExprKind::Call { args, .. } => {
            for argument in args {
                visit(&argument.value);
                argument.filter.iter().for_each(|filter| visit(filter));
            }
        }
        ExprKind::Calendar { time, key, .. } => {
            visit(time);
            key.iter().for_each(|key| visit(key));
        }
        ExprKind::Quantified { list, test, .. } => {
            visit(list);
            match test {
                QuantifiedTest::Compare { value, .. } => visit(value),
                QuantifiedTest::Where(condition) => visit(condition),
            }
        }
    }
}
