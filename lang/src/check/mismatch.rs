//! What to tell when two sides of a comparison do not fit, and what to write instead.
//!
//! Apart from comparisons because it is all about the author, not about meaning.

use super::{Checker, constant};
use crate::diagnostic::{Code, Diagnostic};
use crate::file::Span;
use crate::syntax::ast::{self, CompareOp, Expr, LiteralKind};
use crate::types::Type;

/// A comparison as it was written.
#[derive(Clone, Copy, Debug)]
pub(super) struct Sides<'e> {
    /// The comparison.
    pub(super) op: CompareOp,
    /// The left side.
    pub(super) left: &'e Expr,
    /// The right side.
    pub(super) right: &'e Expr,
    /// Where the whole stands.
    pub(super) span: Span,
}

/// One side that does not fit the other.
struct Misfit<'e> {
    expr: &'e Expr,
    found: Type,
    other: &'e Expr,
    want: Type,
}

impl Checker<'_> {
    /// Reports two sides whose types do not fit, at the one that is more probably wrong.
    pub(super) fn report_mismatch(&mut self, sides: &Sides<'_>, left: &Type, right: &Type) {
        let at_left =
            super::compare::is_literal(sides.left) && !super::compare::is_literal(sides.right);
        let (expr, found, other, want) = if at_left {
            (sides.left, left, sides.right, right)
        } else {
            (sides.right, right, sides.left, left)
        };
        let misfit = Misfit {
            expr,
            found: found.clone(),
            other,
            want: want.clone(),
        };
        let diagnostic = self.misfit(&misfit);
        self.report(diagnostic);
    }

    fn misfit(&self, misfit: &Misfit<'_>) -> Diagnostic {
        let Misfit {
            expr,
            found,
            other,
            want,
        } = misfit;
        let (text, against) = (self.quote(expr.span), self.quote(other.span));
        if let (true, Some(unit)) = (is_number(expr), constant::unit_of(want)) {
            let want = constant::with_article(want);
            let message =
                format!("expected {want} to compare with `{against}`, found the number `{text}`");
            return Diagnostic::error(Code::MissingUnit, expr.span, message)
                .help(format!("write a unit: `{text}{unit}`"))
                .patch(format!("{text}{unit}"));
        }
        let message = format!(
            "expected {} to compare with `{against}`, found {}: `{text}`",
            constant::with_article(want),
            constant::with_article(found)
        );
        let code = if constant::unit_of(want).is_some() && constant::unit_of(found).is_some() {
            Code::WrongDimension
        } else {
            Code::TypeMismatch
        };
        mend(
            Diagnostic::error(code, expr.span, message),
            misfit,
            &text,
            &against,
        )
    }
}

/// Adds what to write instead, where it is known.
fn mend(diagnostic: Diagnostic, misfit: &Misfit<'_>, text: &str, against: &str) -> Diagnostic {
    let Misfit {
        expr, found, want, ..
    } = misfit;
    match (want, found) {
        (want, Type::Int | Type::Float) if constant::unit_of(want).is_some() => {
            let unit = constant::unit_of(want).unwrap_or_default();
            diagnostic.help(format!("give it a unit, as in `1{unit}`"))
        }
        (Type::Text | Type::Enum(_), Type::Int | Type::Float) if is_number(expr) => diagnostic
            .help(format!(
                "ids are text, even when they look like numbers: write `\"{text}\"`"
            ))
            .patch(format!("\"{text}\"")),
        (Type::Int | Type::Float, Type::Text) => match number_in(expr) {
            Some(number) => diagnostic
                .help(format!("write the number without quotes: `{number}`"))
                .patch(number),
            None => diagnostic,
        },
        (Type::Bool, Type::Text | Type::Int) => {
            diagnostic.help(format!("write `{against} is true` or `{against} is false`"))
        }
        (Type::Ip, Type::Text) => {
            diagnostic.help(format!("turn the text into an address: `ip({text})`"))
        }
        (Type::Text, Type::Ip) => {
            diagnostic.help(format!("turn the text into an address: `ip({against})`"))
        }
        (Type::List(_), _) => diagnostic.help(format!("write `{against} contains {text}`")),
        (_, Type::List(_)) => diagnostic.help(format!("write `{against} in {text}`")),
        (Type::Enum(left), Type::Enum(right)) => diagnostic.help(format!(
            "they have no symbol in common: {} and {}",
            left.symbols.join(", "),
            right.symbols.join(", ")
        )),
        (Type::Time, Type::Duration) => {
            diagnostic.help("a time less a time is a duration: write `b.time - a.time`")
        }
        (Type::Size, Type::Distance | Type::Speed | Type::Duration)
        | (Type::Duration, Type::Distance | Type::Speed | Type::Size)
        | (Type::Distance, Type::Duration | Type::Speed | Type::Size)
        | (Type::Speed, Type::Duration | Type::Distance | Type::Size) => {
            diagnostic.help(format!("units are {}", units_of(want)))
        }
        (_, _) => diagnostic,
    }
}

/// Returns the units of a dimension, for a message.
fn units_of(ty: &Type) -> &'static str {
    match ty {
        Type::Duration => "ms, s, m, h, d, w",
        Type::Distance => "km, mi",
        Type::Speed => "km/h, mph",
        Type::Size => "B, KB, MB, GB, TB, KiB, MiB, GiB, TiB",
        Type::Text
        | Type::Int
        | Type::Float
        | Type::Bool
        | Type::Time
        | Type::Ip
        | Type::Geo
        | Type::Enum(_)
        | Type::List(_)
        | Type::Any => "none",
    }
}

/// Tells whether an expression is a number literal without a unit, perhaps negative.
fn is_number(expr: &Expr) -> bool {
    let expr = if let ast::ExprKind::Negate(inner) = &super::bare(expr).kind {
        inner
    } else {
        expr
    };
    let ast::ExprKind::Literal(literal) = &super::bare(expr).kind else {
        return false;
    };
    matches!(literal.kind, LiteralKind::Int(_) | LiteralKind::Float(_))
}

/// Returns the number that a text literal spells.
fn number_in(expr: &Expr) -> Option<String> {
    let ast::ExprKind::Literal(literal) = &super::bare(expr).kind else {
        return None;
    };
    let LiteralKind::Text { value, .. } = &literal.kind else {
        return None;
    };
    value
        .parse::<f64>()
        .ok()
        .filter(|number| number.is_finite())
        .map(|_| value.clone())
}
