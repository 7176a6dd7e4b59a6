//! Equalities between two steps, and between an absence and a step.
//!
//! Apart from keys because an equality must first be recognized as one.

use super::Draft;
use crate::check::{self, Checker, Meaning, Scope, Typed};
use crate::ir::{RawRoot, Row, StepId};
use crate::syntax::ast::{self, CompareOp, Expr};
use crate::types::Type;

/// An equality of two paths of different events.
#[derive(Clone, Debug)]
pub(super) struct Join {
    /// The one side.
    pub(super) left: Side,
    /// The other.
    pub(super) right: Side,
    /// Whether it was `==`.
    pub(super) exact: bool,
}

/// A path of one event; `step` is `None` for the event of an absence.
#[derive(Clone, Debug)]
pub(super) struct Side {
    /// The step.
    pub(super) step: Option<StepId>,
    /// The path behind the step's name.
    pub(super) path: String,
    /// The value, over the event at hand.
    pub(super) value: Typed,
}

impl Checker<'_> {
    /// Returns the equality that a conjunct is, if it is one; `own` is the step at hand.
    pub(super) fn join_of(
        &mut self,
        part: &Expr,
        scope: &Scope<'_>,
        own: Option<usize>,
        draft: &Draft<'_>,
    ) -> Option<Join> {
        let ast::ExprKind::Compare {
            op,
            negated: false,
            left,
            right,
        } = &check::bare(part).kind
        else {
            return None;
        };
        let exact = match op {
            CompareOp::Is => false,
            CompareOp::Equal => true,
            CompareOp::NotEqual
            | CompareOp::Less
            | CompareOp::LessOrEqual
            | CompareOp::Greater
            | CompareOp::GreaterOrEqual
            | CompareOp::In
            | CompareOp::Contains
            | CompareOp::StartsWith
            | CompareOp::EndsWith
            | CompareOp::Like
            | CompareOp::Matches => return None,
        };
        let own = own.map(StepId::from);
        let left = self.side(left, scope, own)?;
        let right = self.side(right, scope, own)?;
        if left.step == right.step
            || self.is_optional(&left, draft)
            || self.is_optional(&right, draft)
        {
            return None;
        }
        let (left, right) = self.hashable(left, right)?;
        Some(Join { left, right, exact })
    }

    fn is_optional(&self, side: &Side, draft: &Draft<'_>) -> bool {
        let name = side
            .step
            .and_then(|step| draft.shape.names.get(step.index()));
        name.is_some_and(|name| name.optional)
    }

    /// Returns a side of an equality that is a path of one event.
    fn side(&mut self, expr: &Expr, scope: &Scope<'_>, own: Option<StepId>) -> Option<Side> {
        let expr = check::bare(expr);
        let span = expr.span;
        match &expr.kind {
            ast::ExprKind::Path(path) => {
                let meaning = self.meaning(path, scope).ok()?;
                let (row, here) = match meaning {
                    Meaning::Field(row, field, ty, rest) => {
                        (row, Meaning::Field(Row::This, field, ty, rest))
                    }
                    Meaning::Raw(RawRoot::Event(row), parts) => {
                        (row, Meaning::Raw(RawRoot::Event(Row::This), parts))
                    }
                    Meaning::Raw(..)
                    | Meaning::Memory(..)
                    | Meaning::Global(_)
                    | Meaning::Step(_)
                    | Meaning::Key(..)
                    | Meaning::Notes
                    | Meaning::Poisoned => return None,
                };
                let value = self.of_meaning(here, span, scope)?;
                let whole = crate::resolve::dotted(&path.parts);
                Some(self.side_of(row, own, behind(&whole, path, scope), value))
            }
            ast::ExprKind::RawField { step, path } => {
                let row = self.raw_row(step.as_ref(), scope).ok()??;
                let root = RawRoot::Event(Row::This);
                let kind = crate::ir::ExprKind::Raw(root, path.parts.clone().into());
                let value = self.add(kind, Type::Any, span);
                let text = self.quote(span);
                let text = match step {
                    Some(step) => text
                        .strip_prefix(&format!("{}.", step.text))
                        .unwrap_or(&text)
                        .to_owned(),
                    None => text,
                };
                Some(self.side_of(row, own, text, value))
            }
            _ => None,
        }
    }

    fn side_of(&self, row: Row, own: Option<StepId>, path: String, value: Typed) -> Side {
        let step = match row {
            Row::This => own,
            Row::Step(step) => Some(step),
        };
        Side { step, path, value }
    }

    /// Returns both sides as values that can be hashed alike, if they can.
    fn hashable(&mut self, left: Side, right: Side) -> Option<(Side, Side)> {
        let text = left.value.ty == Type::Any && right.value.ty == Type::Any;
        let ty = if text {
            Type::Text
        } else if left.value.ty == Type::Any {
            right.value.ty.clone()
        } else {
            left.value.ty.clone()
        };
        if !is_key(&ty) {
            return None;
        }
        let left = Side {
            value: self.convert(left.value, &ty),
            ..left
        };
        let right = Side {
            value: self.convert(right.value, &ty),
            ..right
        };
        let symbols = |ty: &Type| matches!(ty, Type::Text | Type::Enum(_));
        let alike =
            left.value.ty == right.value.ty || symbols(&left.value.ty) && symbols(&right.value.ty);
        alike.then_some((left, right))
    }
}

/// Returns a path as written, without the name of the step it begins with.
fn behind(whole: &str, path: &ast::Path, scope: &Scope<'_>) -> String {
    let Some(head) = path.parts.first() else {
        return whole.to_owned();
    };
    let own = scope.own.is_some_and(|own| own.name == head.text);
    if own || scope.find(&head.text).is_some() {
        return whole
            .split_once('.')
            .map_or(whole, |(_, rest)| rest)
            .to_owned();
    }
    whole.to_owned()
}

/// Tells whether equal values of a type can be found by their hash.
pub(super) fn is_key(ty: &Type) -> bool {
    match ty {
        Type::Text
        | Type::Int
        | Type::Bool
        | Type::Time
        | Type::Duration
        | Type::Size
        | Type::Ip
        | Type::Enum(_) => true,
        Type::Float | Type::Distance | Type::Speed | Type::Geo | Type::List(_) | Type::Any => false,
    }
}
