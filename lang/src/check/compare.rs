//! Comparisons of two values: `is`, `==`, `<` and their kin.
//!
//! Apart from membership and text tests, which have many values on the right.

use super::mismatch::Sides;
use super::{Checker, Meaning, Scope, Typed, constant};
use crate::diagnostic::{Code, Diagnostic};
use crate::ir::{Comparison, ExprKind};
use crate::syntax::ast::{self, CompareOp, Expr};
use crate::types::Type;

impl Checker<'_> {
    /// Returns a comparison of any kind.
    pub(super) fn compare(
        &mut self,
        sides: &Sides<'_>,
        negated: bool,
        scope: &Scope<'_>,
    ) -> Option<Typed> {
        let span = sides.span;
        let (test, flipped) = match sides.op {
            CompareOp::Is => (self.equality(Comparison::Is, sides, scope), false),
            CompareOp::Equal => (self.equality(Comparison::Equal, sides, scope), false),
            CompareOp::NotEqual => (self.equality(Comparison::Equal, sides, scope), true),
            CompareOp::Less => (self.ordering(Comparison::Less, sides, scope), false),
            CompareOp::LessOrEqual => (self.ordering(Comparison::LessOrEqual, sides, scope), false),
            CompareOp::Greater => (self.ordering(Comparison::Greater, sides, scope), false),
            CompareOp::GreaterOrEqual => (
                self.ordering(Comparison::GreaterOrEqual, sides, scope),
                false,
            ),
            CompareOp::In => (self.membership(sides, scope), false),
            CompareOp::Contains
            | CompareOp::StartsWith
            | CompareOp::EndsWith
            | CompareOp::Like
            | CompareOp::Matches => (self.text_test(sides, scope), false),
        };
        let test = test?;
        Some(if negated == flipped {
            test
        } else {
            self.add_bool(ExprKind::Not(test.id), span)
        })
    }

    fn equality(
        &mut self,
        comparison: Comparison,
        sides: &Sides<'_>,
        scope: &Scope<'_>,
    ) -> Option<Typed> {
        if self.is_many(sides.right, scope) {
            return self.equal_to_any(comparison, sides, scope);
        }
        let (left, right) = self.operands(sides.left, sides.right, scope)?;
        self.equal(comparison, &left, &right, sides)
    }

    /// Returns the equality of two values, converted to one type.
    pub(super) fn equal(
        &mut self,
        comparison: Comparison,
        left: &Typed,
        right: &Typed,
        sides: &Sides<'_>,
    ) -> Option<Typed> {
        let Some((left, right)) = self.alike(left, right) else {
            self.report_mismatch(sides, &left.ty, &right.ty);
            return None;
        };
        Some(self.add_bool(ExprKind::Compare(comparison, left.id, right.id), sides.span))
    }

    fn ordering(
        &mut self,
        comparison: Comparison,
        sides: &Sides<'_>,
        scope: &Scope<'_>,
    ) -> Option<Typed> {
        let (left, right) = self.operands(sides.left, sides.right, scope)?;
        self.order(comparison, &left, &right, sides)
    }

    /// Returns the comparison of two values by size, time or rank.
    pub(super) fn order(
        &mut self,
        comparison: Comparison,
        left: &Typed,
        right: &Typed,
        sides: &Sides<'_>,
    ) -> Option<Typed> {
        let Some((left, right)) = self.alike(left, right) else {
            self.report_mismatch(sides, &left.ty, &right.ty);
            return None;
        };
        if let Some(symbols) = ranked(&left.ty, &right.ty) {
            let kind = ExprKind::CompareRank(symbols, comparison, left.id, right.id);
            return Some(self.add_bool(kind, sides.span));
        }
        if !has_order(&left.ty) {
            self.report_no_order(sides, &left.ty);
            return None;
        }
        Some(self.add_bool(ExprKind::Compare(comparison, left.id, right.id), sides.span))
    }

    fn report_no_order(&mut self, sides: &Sides<'_>, ty: &Type) {
        let found = constant::with_article(ty);
        let message = format!("expected values with an order, found {found}");
        let diagnostic = Diagnostic::error(Code::NoOrder, sides.span, message);
        self.report(match ty {
            Type::Enum(symbols) => diagnostic.help(format!(
                "its symbols have no order; write `in [...]`, or declare it as `enum({})`",
                symbols
                    .symbols
                    .iter()
                    .take(4)
                    .map(|symbol| &**symbol)
                    .collect::<Vec<_>>()
                    .join(" < ")
            )),
            Type::Text => diagnostic.help("texts are compared with `is`, `contains`, `like` …"),
            Type::List(_) => {
                let list = self.quote(sides.left.span);
                diagnostic.help(format!("did you mean its length, `len({list})`?"))
            }
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
            | Type::Any => diagnostic,
        });
    }

    /// Returns both sides of a comparison; a literal or a symbol is read by the other's type.
    pub(super) fn operands(
        &mut self,
        left: &Expr,
        right: &Expr,
        scope: &Scope<'_>,
    ) -> Option<(Typed, Typed)> {
        let right_first =
            is_literal(left) && !is_literal(right) || self.is_symbol(left, right, scope);
        let (first, second) = if right_first {
            (right, left)
        } else {
            (left, right)
        };
        let first_value = self.value(first, scope, None);
        let want = first_value.as_ref().map(|value| value.ty.clone());
        if want.is_none() && (is_literal(second) || is_name(second)) {
            return None;
        }
        let second_value = self.value(second, scope, want.as_ref());
        let (first_value, second_value) = (first_value?, second_value?);
        Some(if right_first {
            (second_value, first_value)
        } else {
            (first_value, second_value)
        })
    }

    /// Tells whether the left side is a bare symbol of the right side's enum: `failure is outcome`.
    fn is_symbol(&self, left: &Expr, right: &Expr, scope: &Scope<'_>) -> bool {
        let ast::ExprKind::Path(path) = &super::bare(left).kind else {
            return false;
        };
        let Some(Type::Enum(symbols)) = self.quiet_type(right, scope) else {
            return false;
        };
        self.quiet_type(left, scope)
            .is_none_or(|ty| !matches!(ty, Type::Enum(_)))
            && super::path::symbol(&symbols, &crate::resolve::dotted(&path.parts)).is_some()
    }

    /// Returns the type of a path or a default of paths, without telling anyone.
    pub(super) fn quiet_type(&self, expr: &Expr, scope: &Scope<'_>) -> Option<Type> {
        let mut expr = super::bare(expr);
        while let ast::ExprKind::Or(left, _) = &expr.kind {
            expr = super::bare(left);
        }
        let ast::ExprKind::Path(path) = &expr.kind else {
            return None;
        };
        match self.meaning(path, scope).ok()? {
            Meaning::Field(_, _, ty, []) => Some(ty),
            Meaning::Key(_, ty) => Some(ty),
            Meaning::Memory(_, memory, []) => self
                .names
                .memories
                .get(memory.index())
                .and_then(|memory| memory.ty.clone()),
            Meaning::Field(..)
            | Meaning::Memory(..)
            | Meaning::Global(_)
            | Meaning::Raw(..)
            | Meaning::Step(_)
            | Meaning::Notes
            | Meaning::Poisoned => None,
        }
    }

    /// Returns two values converted to a type they can be compared as.
    pub(super) fn alike(&mut self, left: &Typed, right: &Typed) -> Option<(Typed, Typed)> {
        let (left, right) = (left.clone(), right.clone());
        match (&left.ty, &right.ty) {
            (Type::Any, Type::Any) => Some((left, right)),
            (Type::Any, Type::Int | Type::Float) => Some((self.convert_number(left), right)),
            (Type::Int | Type::Float, Type::Any) => {
                let right = self.convert_number(right);
                Some((left, right))
            }
            (Type::Any, _) => Some((self.convert(left, &right.ty), right)),
            (_, Type::Any) => {
                let right = self.convert(right, &left.ty);
                Some((left, right))
            }
            (_, _) => self
                .comparable(&left.ty, &right.ty)
                .then_some((left, right)),
        }
    }

    /// Tells whether values of two types can be equal.
    pub(crate) fn comparable(&self, left: &Type, right: &Type) -> bool {
        match (left, right) {
            (Type::Enum(left), Type::Enum(right)) => left
                .symbols
                .iter()
                .any(|symbol| right.symbols.contains(symbol)),
            (Type::Enum(_), Type::Text) | (Type::Text, Type::Enum(_)) => true,
            (Type::List(left), Type::List(right)) => {
                **left == Type::Any || **right == Type::Any || self.comparable(left, right)
            }
            (left, right) => constant::common(left, right).is_some(),
        }
    }

    /// Returns the type that two values share as elements of one list or sides of one default.
    pub(super) fn shared(&self, left: &Type, right: &Type) -> Option<Type> {
        match (left, right) {
            (Type::Any, _) | (_, Type::Any) => Some(Type::Any),
            (Type::Enum(_), Type::Text | Type::Enum(_)) | (Type::Text, Type::Enum(_)) => {
                Some(if left == right {
                    left.clone()
                } else {
                    Type::Text
                })
            }
            (Type::List(left), Type::List(right)) => self
                .shared(left, right)
                .map(|element| Type::List(Box::new(element))),
            (left, right) => constant::common(left, right),
        }
    }
}

/// Returns the enum by whose ranks two values are compared.
fn ranked(left: &Type, right: &Type) -> Option<std::sync::Arc<crate::types::EnumType>> {
    [left, right].into_iter().find_map(|ty| match ty {
        Type::Enum(symbols) if symbols.ordered => Some(symbols.clone()),
        Type::Enum(_)
        | Type::Text
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
        | Type::List(_)
        | Type::Any => None,
    })
}

/// Tells whether values of a type have an order.
fn has_order(ty: &Type) -> bool {
    match ty {
        Type::Int
        | Type::Float
        | Type::Time
        | Type::Duration
        | Type::Distance
        | Type::Speed
        | Type::Size
        | Type::Any => true,
        Type::Text | Type::Bool | Type::Ip | Type::Geo | Type::Enum(_) | Type::List(_) => false,
    }
}

/// Tells whether an expression is a literal, perhaps negative, or a list.
pub(super) fn is_literal(expr: &Expr) -> bool {
    match &super::bare(expr).kind {
        ast::ExprKind::Literal(_) | ast::ExprKind::List(_) => true,
        ast::ExprKind::Negate(inner) => matches!(inner.kind, ast::ExprKind::Literal(_)),
        ast::ExprKind::Path(_)
        | ast::ExprKind::Raw(_)
        | ast::ExprKind::RawField { .. }
        | ast::ExprKind::Pair(..)
        | ast::ExprKind::Group(_)
        | ast::ExprKind::Call { .. }
        | ast::ExprKind::Index { .. }
        | ast::ExprKind::Member { .. }
        | ast::ExprKind::Not(_)
        | ast::ExprKind::And(..)
        | ast::ExprKind::Or(..)
        | ast::ExprKind::Arithmetic { .. }
        | ast::ExprKind::Compare { .. }
        | ast::ExprKind::Missing(_)
        | ast::ExprKind::Exists(_)
        | ast::ExprKind::Same(_)
        | ast::ExprKind::Differs(_)
        | ast::ExprKind::GeoDistance
        | ast::ExprKind::GeoSpeed
        | ast::ExprKind::Elapsed
        | ast::ExprKind::Calendar { .. }
        | ast::ExprKind::Quantified { .. } => false,
    }
}

/// Tells whether an expression is a bare or dotted name.
pub(super) fn is_name(expr: &Expr) -> bool {
    matches!(super::bare(expr).kind, ast::ExprKind::Path(_))
}
