//! Types as written to types as meant.
//!
//! Apart from naming because a wrong type is told once and then poisons nothing.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::diagnostic::{Code, Diagnostic};
use crate::suggest::nearest;
use crate::syntax::ast::{TypeExpr, TypeKind};
use crate::types::{EnumType, Type};

/// Types by their name.
const NAMES: &[(&str, Type)] = &[
    ("text", Type::Text),
    ("int", Type::Int),
    ("float", Type::Float),
    ("bool", Type::Bool),
    ("time", Type::Time),
    ("duration", Type::Duration),
    ("distance", Type::Distance),
    ("speed", Type::Speed),
    ("size", Type::Size),
    ("ip", Type::Ip),
    ("geo", Type::Geo),
    ("any", Type::Any),
];

/// What other languages call our types.
const FOREIGN: &[(&str, &str)] = &[
    ("string", "text"),
    ("str", "text"),
    ("integer", "int"),
    ("long", "int"),
    ("number", "float"),
    ("double", "float"),
    ("boolean", "bool"),
    ("timestamp", "time"),
    ("datetime", "time"),
    ("date", "time"),
    ("bytes", "size"),
    ("address", "ip"),
    ("cidr", "ip"),
    ("object", "any"),
    ("array", "list<any>"),
    ("enum", "enum(a, b)"),
    ("list", "list<text>"),
];

/// Returns the type that was written, or `None` after telling why there is none.
pub(crate) fn field_type(ty: &TypeExpr, diagnostics: &mut Vec<Diagnostic>) -> Option<Type> {
    let (innermost, lists) = unwrap_lists(ty);
    let mut found = match &innermost.kind {
        TypeKind::Name(name) => named(name, innermost, diagnostics)?,
        TypeKind::Enum { .. } => symbols(innermost, diagnostics)?,
        TypeKind::List(_) => return None,
    };
    for _ in 0..lists {
        found = Type::List(Box::new(found));
    }
    Some(found)
}

/// Returns the type inside of all `list<…>`, and how many there are.
fn unwrap_lists(mut ty: &TypeExpr) -> (&TypeExpr, usize) {
    let mut lists = 0;
    while let TypeKind::List(element) = &ty.kind {
        ty = element;
        lists += 1;
    }
    (ty, lists)
}

fn named(name: &str, ty: &TypeExpr, diagnostics: &mut Vec<Diagnostic>) -> Option<Type> {
    if let Some((_, found)) = NAMES.iter().find(|(known, _)| *known == name) {
        return Some(found.clone());
    }
    let ours = FOREIGN
        .iter()
        .find(|(foreign, _)| *foreign == name)
        .map(|(_, ours)| *ours);
    let near = ours.or_else(|| nearest(name, NAMES.iter().map(|(known, _)| *known)));
    let mut diagnostic = Diagnostic::error(
        Code::UnknownType,
        ty.span,
        format!("expected a type, found `{name}`"),
    );
    diagnostic = match near {
        Some(near) => diagnostic
            .help(format!("did you mean `{near}`?"))
            .patch(near),
        None => diagnostic.help(
            "types are text, int, float, bool, time, duration, distance, speed, size, ip, geo, \
             enum(a, b), list<text> and any",
        ),
    };
    diagnostics.push(diagnostic);
    None
}

fn symbols(ty: &TypeExpr, diagnostics: &mut Vec<Diagnostic>) -> Option<Type> {
    let TypeKind::Enum { symbols, ordered } = &ty.kind else {
        return None;
    };
    let mut seen: Vec<Arc<str>> = Vec::new();
    let mut known = BTreeSet::new();
    for symbol in symbols {
        let text = super::dotted(&symbol.parts);
        if !known.insert(text.clone()) {
            let message = format!("symbol `{text}` stands twice in the enum");
            diagnostics.push(Diagnostic::error(Code::UnknownType, symbol.span, message));
            return None;
        }
        seen.push(text.into());
    }
    Some(Type::Enum(Arc::new(EnumType {
        symbols: seen,
        ordered: *ordered,
    })))
}
