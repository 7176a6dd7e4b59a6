//! Fields with their defaults.
//!
//! Apart from other declarations because a default may need another field's, and never itself.

use std::sync::Arc;

use crate::check::{Checker, Place, Scope, constant};
use crate::diagnostic::{Code, Diagnostic};
use crate::file::Span;
use crate::ir::{self, CoreFields, ExprId, ExprKind, FieldId};
use crate::resolve::{CORE, Declared};
use crate::syntax::ast;
use crate::types::Type;
use crate::value::Value;

impl Checker<'_> {
    pub(super) fn lower_fields(&mut self, declared: &Declared<'_>) {
        for (field, _) in &declared.fields {
            let name: Arc<str> = crate::resolve::dotted(&field.path.parts).into();
            let ty = self
                .names
                .fields
                .get(&*name)
                .and_then(|info| info.ty.clone());
            let default = match (&field.value, &ty) {
                (Some(value), Some(ty)) => self.default_value(value, ty),
                (Some(_) | None, _) => None,
            };
            let ty = ty.unwrap_or(Type::Any);
            let doc = super::text(field.doc.as_ref());
            self.program.fields.add(ir::Field {
                name,
                ty,
                default,
                doc,
                span: field.path.span,
            });
        }
        self.add_core_fields();
        self.report_field_cycles();
    }

    /// Returns the value that a field has where no source gave it, converted to its type.
    fn default_value(&mut self, value: &ast::Expr, ty: &Type) -> Option<ExprId> {
        let found = self.value(value, &Scope::this(Place::Field), Some(ty))?;
        self.assigned(found.id, &found.ty, ty, value.span)
    }

    /// Returns a value as a field takes it, or tells that it cannot.
    pub(super) fn assigned(
        &mut self,
        id: ExprId,
        found: &Type,
        want: &Type,
        span: Span,
    ) -> Option<ExprId> {
        if found == want {
            return Some(id);
        }
        if !assignable(found, want) || self.never_converts(id, want) {
            let message = format!(
                "expected {} for the field, found {}",
                constant::with_article(want),
                constant::with_article(found)
            );
            let diagnostic = Diagnostic::error(Code::TypeMismatch, span, message);
            let bare = constant::is_number(found)
                .then(|| constant::unit_of(want))
                .flatten();
            self.report(match bare {
                Some(unit) => {
                    let text = self.quote(span);
                    diagnostic.help(format!(
                        "write a unit, such as `{text}{unit}`, or multiply: `{text} * 1{unit}`"
                    ))
                }
                None => diagnostic,
            });
            return None;
        }
        Some(self.add(ExprKind::Convert(id), want.clone(), span).id)
    }

    /// Tells whether a value is a literal that its field can never take: a text that is no number,
    /// or a number without the field's unit.
    pub(super) fn never_converts(&self, id: ExprId, want: &Type) -> bool {
        let Some(value) = self.constant(id) else {
            return false;
        };
        let bare = matches!(value, Value::Int(_) | Value::Float(_));
        bare && constant::unit_of(want).is_some() || crate::value::convert(value, want).is_none()
    }

    /// Adds the fields that the engine needs and nobody declared.
    fn add_core_fields(&mut self) {
        for (name, _) in CORE {
            let Some(info) = self.names.fields.get(name).cloned() else {
                continue;
            };
            if info.id.index() == self.program.fields.len() {
                self.program.fields.add(ir::Field {
                    name: name.into(),
                    ty: info.ty.unwrap_or(Type::Any),
                    default: None,
                    doc: "".into(),
                    span: info.span,
                });
            }
        }
        let id = |name: &str| {
            self.names
                .fields
                .get(name)
                .map_or(FieldId(u32::MAX), |info| info.id)
        };
        self.program.core = CoreFields {
            time: id("time"),
            id: id("id"),
            source: id("source"),
            tenant: id("tenant"),
            class: id("class"),
            geo: id("geo"),
            identity: id("identity"),
        };
    }

    /// Reports fields whose values need each other, and cuts the cycle.
    fn report_field_cycles(&mut self) {
        let reads: Vec<Vec<FieldId>> = self
            .program
            .fields
            .iter()
            .map(|(_, field)| {
                field
                    .default
                    .map(|id| self.fields_of(id))
                    .unwrap_or_default()
            })
            .collect();
        for cycle in cycles(&reads) {
            let Some(first) = cycle.first().copied() else {
                continue;
            };
            let names: Vec<String> = cycle
                .iter()
                .chain([&first])
                .map(|field| format!("`{}`", self.program.fields[*field].name))
                .collect();
            let span = self.program.fields[first].span;
            let message = format!(
                "a field's value cannot need itself: {}",
                names.join(" needs ")
            );
            self.report(Diagnostic::error(Code::Cycle, span, message));
            self.program.fields[first].default = None;
        }
    }

    /// Returns the fields of the event at hand that an expression reads.
    fn fields_of(&self, id: ExprId) -> Vec<FieldId> {
        let mut fields = Vec::new();
        self.program.walk(id, &mut |_, kind| {
            if let ExprKind::Field(_, field) = kind {
                fields.push(*field);
            }
        });
        fields
    }
}

/// Returns one cycle for each knot of a graph, found without recursion.
fn cycles(edges: &[Vec<FieldId>]) -> Vec<Vec<FieldId>> {
    let mut state = vec![0_u8; edges.len()];
    let mut found = Vec::new();
    for start in 0..edges.len() {
        let mut path: Vec<(usize, usize)> = vec![(start, 0)];
        while let Some((node, next)) = path.last().copied() {
            let Some(mark) = state.get_mut(node) else {
                break;
            };
            if next == 0 && *mark != 0 {
                path.pop();
                continue;
            }
            *mark = 1;
            let Some(target) = edges.get(node).and_then(|edges| edges.get(next)) else {
                *mark = 2;
                path.pop();
                continue;
            };
            if let Some(last) = path.last_mut() {
                last.1 += 1;
            }
            let target = target.index();
            match state.get(target) {
                Some(0) => path.push((target, 0)),
                Some(1) => {
                    let from = path
                        .iter()
                        .position(|(node, _)| *node == target)
                        .unwrap_or(0);
                    let cycle = path.iter().skip(from).map(|(node, _)| FieldId::from(*node));
                    found.push(cycle.collect());
                }
                Some(_) | None => {}
            }
        }
    }
    found
}

/// Tells whether a value of one type can become one of another, by a source's conversions.
pub(super) fn assignable(found: &Type, want: &Type) -> bool {
    match (found, want) {
        (Type::Any, _) | (_, Type::Any) => true,
        (found, want) if found == want => true,
        (Type::Int | Type::Float, Type::Int | Type::Float | Type::Text) => true,
        (Type::Int | Type::Float, Type::Size | Type::Time | Type::Duration | Type::Bool) => true,
        (Type::Text | Type::Enum(_), Type::Geo | Type::List(_)) => false,
        (Type::Text, _) => true,
        (Type::Enum(_), Type::Text | Type::Enum(_)) => true,
        (Type::Bool | Type::Ip | Type::Time, Type::Text) => true,
        (Type::List(found), Type::List(want)) => assignable(found, want),
        (_, Type::List(want)) => assignable(found, want),
        (
            Type::Int
            | Type::Float
            | Type::Bool
            | Type::Time
            | Type::Duration
            | Type::Distance
            | Type::Speed
            | Type::Size
            | Type::Ip
            | Type::Geo
            | Type::Enum(_)
            | Type::List(_),
            _,
        ) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::cycles;
    use crate::ir::FieldId;

    #[test]
    fn a_knot_is_found_once_and_a_diamond_is_none() {
        let edges = |edges: &[&[u32]]| -> Vec<Vec<FieldId>> {
            edges
                .iter()
                .map(|to| to.iter().map(|id| FieldId(*id)).collect())
                .collect()
        };
        assert_eq!(cycles(&edges(&[&[1], &[0], &[0]])).len(), 1);
        assert!(cycles(&edges(&[&[1, 2], &[3], &[3], &[]])).is_empty());
        assert_eq!(cycles(&edges(&[&[0]])).len(), 1);
    }
}
