//! All parts of an expression, for questions such as "does it read step `a`?".
//!
//! Apart from evaluation because shape and strata ask, and nothing is evaluated.

use muster_lang::syntax::ast::{Expr, ExprKind, QuantifiedTest};

/// Returns an expression and all expressions inside it.
pub(crate) fn parts(expr: &Expr) -> Vec<&Expr> {
    let mut found = vec![expr];
    for child in children(expr) {
        found.extend(parts(child));
    }
    found
}

fn children(expr: &Expr) -> Vec<&Expr> {
    match &expr.kind {
        ExprKind::Literal(_)
        | ExprKind::Path(_)
        | ExprKind::Raw(_)
        | ExprKind::RawField { .. }
        | ExprKind::Same(_)
        | ExprKind::Differs(_)
        | ExprKind::GeoDistance
        | ExprKind::GeoSpeed
        | ExprKind::Elapsed => Vec::new(),
        ExprKind::List(items) => items.iter().collect(),
        ExprKind::Pair(a, b) | ExprKind::And(a, b) | ExprKind::Or(a, b) => vec![a, b],
        ExprKind::Group(inner)
        | ExprKind::Not(inner)
        | ExprKind::Negate(inner)
        | ExprKind::Missing(inner)
        | ExprKind::Exists(inner) => vec![inner],
        ExprKind::Call { args, .. } => args
            .iter()
            .flat_map(|argument| std::iter::once(&argument.value).chain(argument.filter.as_deref()))
            .collect(),
        ExprKind::Index { base, index } => vec![base, index],
        ExprKind::Member { base, .. } => vec![base],
        ExprKind::Arithmetic { left, right, .. } | ExprKind::Compare { left, right, .. } => {
            vec![left, right]
        }
        ExprKind::Calendar { time, key, .. } => {
            std::iter::once(&**time).chain(key.as_deref()).collect()
        }
        ExprKind::Quantified { list, test, .. } => match test {
            QuantifiedTest::Compare { value, .. } => vec![list, value],
            QuantifiedTest::Where(condition) => vec![list, condition],
        },
    }
}

/// Tells whether an expression reads something by the name of a step.
pub(crate) fn mentions(expr: &Expr, step: &str) -> bool {
    parts(expr).into_iter().any(|part| match &part.kind {
        ExprKind::Path(path) => path.parts.first().is_some_and(|first| first.text == step),
        ExprKind::RawField {
            step: Some(name), ..
        } => name.text == step,
        _ => false,
    })
}

/// Tells whether a correlation atom stands in an expression.
pub(crate) fn has_atom(expr: &Expr) -> bool {
    parts(expr).into_iter().any(|part| {
        matches!(
            part.kind,
            ExprKind::Same(_)
                | ExprKind::Differs(_)
                | ExprKind::GeoDistance
                | ExprKind::GeoSpeed
                | ExprKind::Elapsed
        )
    })
}

/// Returns the conjuncts of a condition; brackets around a conjunction do not matter.
pub(crate) fn conjuncts(expr: &Expr) -> Vec<&Expr> {
    match &expr.kind {
        ExprKind::And(left, right) => {
            let mut all = conjuncts(left);
            all.extend(conjuncts(right));
            all
        }
        ExprKind::Group(inner) => conjuncts(inner),
        _ => vec![expr],
    }
}
