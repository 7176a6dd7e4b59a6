//! Arithmetic with units: what may be added to what, and what comes out.
//!
//! Apart from comparisons because here the dimensions combine.

use super::{Checker, Scope, Typed, constant};
use crate::diagnostic::{Code, Diagnostic};
use crate::file::Span;
use crate::ir::ExprKind;
use crate::syntax::ast::{ArithmeticOp, Expr};
use crate::types::Type;
use crate::value::Value;

impl Checker<'_> {
    /// Returns `a + b` and the like.
    pub(super) fn arithmetic(
        &mut self,
        op: ArithmeticOp,
        left: &Expr,
        right: &Expr,
        scope: &Scope<'_>,
        span: Span,
    ) -> Option<Typed> {
        let left_value = self.value(left, scope, None);
        let right_value = self.value(right, scope, None);
        let (left_value, right_value) = (left_value?, right_value?);
        let (left_value, right_value) = self.operands_of_sum(op, left_value, right_value);
        let Some(ty) = result(op, &left_value.ty, &right_value.ty) else {
            self.report_arithmetic(op, &left_value.ty, &right_value.ty, span);
            return None;
        };
        Some(self.add(
            ExprKind::Arithmetic(op, left_value.id, right_value.id),
            ty,
            span,
        ))
    }

    /// Converts unmapped input to what it is calculated with.
    fn operands_of_sum(&mut self, op: ArithmeticOp, left: Typed, right: Typed) -> (Typed, Typed) {
        let adds = matches!(op, ArithmeticOp::Add | ArithmeticOp::Subtract);
        let as_other = |other: &Type| adds && !constant::is_number(other) && *other != Type::Any;
        let left = if as_other(&right.ty) {
            self.convert(left, &right.ty)
        } else {
            self.convert_number(left)
        };
        let right = if as_other(&left.ty) {
            self.convert(right, &left.ty)
        } else {
            self.convert_number(right)
        };
        (left, right)
    }

    fn report_arithmetic(&mut self, op: ArithmeticOp, left: &Type, right: &Type, span: Span) {
        let sign = sign(op);
        let message = format!(
            "expected values that `{sign}` fits, found {} {sign} {}",
            constant::with_article(left),
            constant::with_article(right)
        );
        let diagnostic = Diagnostic::error(Code::BadArithmetic, span, message);
        self.report(match (op, left, right) {
            (ArithmeticOp::Add, Type::Text, _) | (ArithmeticOp::Add, _, Type::Text) => {
                diagnostic.help("join texts with `join([a, b], \"-\")`")
            }
            (ArithmeticOp::Add | ArithmeticOp::Subtract, dimension, number)
            | (ArithmeticOp::Add | ArithmeticOp::Subtract, number, dimension)
                if constant::is_number(number) && constant::unit_of(dimension).is_some() =>
            {
                let unit = constant::unit_of(dimension).unwrap_or_default();
                diagnostic.help(format!("write a unit behind the number, such as `{unit}`"))
            }
            (ArithmeticOp::Add, Type::Time, Type::Time) => {
                diagnostic.help("a time less a time is a duration; a sum of times is nothing")
            }
            (_, _, _) => diagnostic,
        });
    }

    /// Returns `-x`; of a literal, a constant.
    pub(super) fn negate(&mut self, inner: &Expr, scope: &Scope<'_>, span: Span) -> Option<Typed> {
        let value = self.value(inner, scope, None)?;
        let value = self.convert_number(value);
        if let Some(negative) = self.constant(value.id).and_then(negative) {
            return Some(self.add_constant(negative, value.ty, span));
        }
        if constant::is_number(&value.ty) || constant::unit_of(&value.ty).is_some() {
            return Some(self.add(ExprKind::Negate(value.id), value.ty, span));
        }
        let found = constant::with_article(&value.ty);
        let message = format!("expected a number behind `-`, found {found}");
        self.report(Diagnostic::error(Code::BadArithmetic, span, message));
        None
    }
}

/// Returns the negative of a constant.
pub(crate) fn negative(value: &Value) -> Option<Value> {
    Some(match value {
        Value::Int(number) => Value::Int(number.checked_neg()?),
        Value::Float(number) => Value::Float(-number),
        Value::Duration(span) => Value::Duration(crate::units::Duration(span.0.checked_neg()?)),
        Value::Distance(metres) => Value::Distance(-metres),
        Value::Speed(speed) => Value::Speed(-speed),
        Value::Size(bytes) => Value::Size(bytes.checked_neg()?),
        Value::Missing
        | Value::Bool(_)
        | Value::Text(_)
        | Value::Time(_)
        | Value::Ip(_)
        | Value::Geo(_)
        | Value::List(_)
        | Value::Record(_) => return None,
    })
}

/// Returns the type of a sum, difference, product or quotient.
fn result(op: ArithmeticOp, left: &Type, right: &Type) -> Option<Type> {
    let number = constant::is_number;
    let measure = |ty: &Type| constant::unit_of(ty).is_some();
    match (op, left, right) {
        (ArithmeticOp::Divide, left, right) if number(left) && number(right) => Some(Type::Float),
        (_, Type::Int, Type::Int) => Some(Type::Int),
        (_, left, right) if number(left) && number(right) => Some(Type::Float),
        (ArithmeticOp::Add | ArithmeticOp::Subtract, left, right)
            if measure(left) && left == right =>
        {
            Some(left.clone())
        }
        (ArithmeticOp::Subtract, Type::Time, Type::Time) => Some(Type::Duration),
        (ArithmeticOp::Add | ArithmeticOp::Subtract, Type::Time, Type::Duration)
        | (ArithmeticOp::Add, Type::Duration, Type::Time) => Some(Type::Time),
        (ArithmeticOp::Multiply | ArithmeticOp::Divide, left, right)
            if measure(left) && number(right) =>
        {
            Some(left.clone())
        }
        (ArithmeticOp::Multiply, left, right) if number(left) && measure(right) => {
            Some(right.clone())
        }
        (ArithmeticOp::Divide, left, right) if measure(left) && left == right => Some(Type::Float),
        (ArithmeticOp::Divide, Type::Distance, Type::Duration) => Some(Type::Speed),
        (ArithmeticOp::Divide, Type::Distance, Type::Speed) => Some(Type::Duration),
        (ArithmeticOp::Multiply, Type::Speed, Type::Duration)
        | (ArithmeticOp::Multiply, Type::Duration, Type::Speed) => Some(Type::Distance),
        (_, _, _) => None,
    }
}

/// Returns an operation as it is written.
fn sign(op: ArithmeticOp) -> &'static str {
    match op {
        ArithmeticOp::Add => "+",
        ArithmeticOp::Subtract => "-",
        ArithmeticOp::Multiply => "*",
        ArithmeticOp::Divide => "/",
    }
}
