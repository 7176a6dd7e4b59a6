//! The values of `class`, which any source may add to.
//!
//! Apart from other enums because this one is open: a `class =` line declares its value.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::{Declared, dotted};
use crate::syntax::ast::{Expr, ExprKind, LiteralKind, Source, SourceLineKind};
use crate::types::{EnumType, Type};

/// Returns the type of `class`: the symbols of its declaration, then those of all sources.
pub(crate) fn class_type(declared: Option<&Type>, declarations: &Declared<'_>) -> Type {
    let mut symbols: Vec<Arc<str>> = match declared {
        Some(Type::Enum(symbols)) => symbols.symbols.clone(),
        Some(_) | None => Vec::new(),
    };
    let mut found = vec!["alert".to_owned()];
    for (source, _) in &declarations.sources {
        let item = exploded(source);
        for line in &source.lines {
            if let SourceLineKind::Assign { field, value, .. } = &line.kind
                && dotted(&field.parts) == "class"
            {
                gather(value, item, &mut found);
            }
        }
    }
    let known: BTreeSet<Arc<str>> = symbols.iter().cloned().collect();
    let found: BTreeSet<Arc<str>> = found.into_iter().map(Arc::from).collect();
    symbols.extend(found.difference(&known).cloned());
    Type::Enum(Arc::new(EnumType {
        symbols,
        ordered: false,
    }))
}

/// Returns what a source calls the elements that it makes events of.
pub(crate) fn exploded(source: &Source) -> Option<&str> {
    source.lines.iter().find_map(|line| {
        let SourceLineKind::Explode { name, .. } = &line.kind else {
            return None;
        };
        Some(name.text.as_str())
    })
}

/// Adds the symbols that a `class =` line can yield: bare, or as a default.
fn gather(value: &Expr, item: Option<&str>, found: &mut Vec<String>) {
    let mut open = vec![value];
    while let Some(value) = open.pop() {
        match &value.kind {
            ExprKind::Path(path) => {
                let head = path.parts.first().map(|head| head.text.as_str());
                if item.is_none() || head != item {
                    found.push(dotted(&path.parts));
                }
            }
            ExprKind::Literal(literal) => {
                if let LiteralKind::Text { value, .. } = &literal.kind {
                    found.push(value.clone());
                }
            }
            ExprKind::Group(inner) => open.push(inner),
            ExprKind::Or(left, right) => open.extend([&**left, &**right]),
            ExprKind::Raw(_)
            | ExprKind::RawField { .. }
            | ExprKind::List(_)
            | ExprKind::Pair(..)
            | ExprKind::Call { .. }
            | ExprKind::Index { .. }
            | ExprKind::Member { .. }
            | ExprKind::Not(_)
            | ExprKind::Negate(_)
            | ExprKind::And(..)
            | ExprKind::Arithmetic { .. }
            | ExprKind::Compare { .. }
            | ExprKind::Missing(_)
            | ExprKind::Exists(_)
            | ExprKind::Same(_)
            | ExprKind::Differs(_)
            | ExprKind::GeoDistance
            | ExprKind::GeoSpeed
            | ExprKind::Elapsed
            | ExprKind::Calendar { .. }
            | ExprKind::Quantified { .. } => {}
        }
    }
}
