//! `and`, `or`, `not`, and `or` as a default.
//!
//! Apart from comparisons because what `or` means depends on whether its left side is a condition.

use super::{Checker, Scope, Typed, constant};
use crate::diagnostic::{Code, Diagnostic};
use crate::file::Span;
use crate::ir::{ExprId, ExprKind};
use crate::syntax::ast::{self, CompareOp, Expr};
use crate::types::Type;

impl Checker<'_> {
    /// Returns a condition; what is none is told.
    pub(crate) fn condition(&mut self, expr: &Expr, scope: &Scope<'_>) -> Option<ExprId> {
        let value = self.value(expr, scope, Some(&Type::Bool))?;
        self.as_condition(value, expr)
    }

    fn as_condition(&mut self, value: Typed, expr: &Expr) -> Option<ExprId> {
        let value = self.convert(value, &Type::Bool);
        if value.ty == Type::Bool {
            return Some(value.id);
        }
        let quoted = self.quote(expr.span);
        let found = constant::with_article(&value.ty);
        let message = format!("expected a condition, found {found}: `{quoted}`");
        let help = match &value.ty {
            Type::Text => format!(
                "compare it: `{quoted} is \"…\"`, or ask whether it is there: `{quoted} exists`"
            ),
            Type::Enum(symbols) => match symbols.symbols.first() {
                Some(symbol) => format!("compare it: `{quoted} is {symbol}`"),
                None => format!("compare it: `{quoted} is …`"),
            },
            Type::List(_) => format!("write `{quoted} contains …`, or `len({quoted}) > 0`"),
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
            | Type::Any => {
                format!("compare it: `{quoted} > …`, or ask whether it is there: `{quoted} exists`")
            }
        };
        self.report(Diagnostic::error(Code::NotACondition, expr.span, message).help(help));
        None
    }

    pub(super) fn not(&mut self, inner: &Expr, scope: &Scope<'_>, span: Span) -> Option<Typed> {
        let inner = self.condition(inner, scope)?;
        Some(self.add_bool(ExprKind::Not(inner), span))
    }

    /// Returns a chain of `and` as one node.
    pub(super) fn and(&mut self, expr: &Expr, scope: &Scope<'_>) -> Option<Typed> {
        let parts: Vec<Option<ExprId>> = conjuncts_of_and(expr)
            .into_iter()
            .map(|part| self.condition(part, scope))
            .collect();
        let parts = parts.into_iter().collect::<Option<Vec<_>>>()?;
        Some(self.add_bool(ExprKind::And(parts), expr.span))
    }

    /// Returns a chain of `or`: a condition where its first part is one, else a default.
    pub(super) fn or(
        &mut self,
        expr: &Expr,
        scope: &Scope<'_>,
        want: Option<&Type>,
    ) -> Option<Typed> {
        let parts = disjuncts(expr);
        let (first, rest) = parts.split_first()?;
        if let Some(compared) = self.compared_before_slip(&parts, scope) {
            let slips: Vec<&Expr> = rest
                .iter()
                .filter_map(|part| self.slip(compared, part, scope))
                .collect();
            let whole = slips.len() == rest.len()
                && rest
                    .iter()
                    .zip(&slips)
                    .all(|(part, slip)| std::ptr::eq(*part, *slip));
            let span = slips.first().map_or(expr.span, |slip| slip.span);
            return self.report_list(compared, &slips, if whole { expr.span } else { span });
        }
        let hint = want.filter(|want| **want != Type::Bool || !is_test(first));
        let head = self.value(first, scope, hint);
        if head.is_none() && is_test(first) {
            for part in rest {
                self.condition(part, scope);
            }
            return None;
        }
        let defaults = head.as_ref().is_none_or(|head| head.ty != Type::Bool)
            || (!is_test(first) && rest.iter().all(|part| is_bool_literal(part)));
        if !defaults {
            return self.alternatives(&head?, &parts, expr.span, scope);
        }
        self.default(head, &parts, scope, (hint, expr.span))
    }

    fn alternatives(
        &mut self,
        head: &Typed,
        parts: &[&Expr],
        span: Span,
        scope: &Scope<'_>,
    ) -> Option<Typed> {
        let rest: Vec<Option<ExprId>> = parts
            .iter()
            .skip(1)
            .map(|part| self.condition(part, scope))
            .collect();
        let rest = rest.into_iter().collect::<Option<Vec<_>>>()?;
        let all = std::iter::once(head.id).chain(rest).collect();
        Some(self.add_bool(ExprKind::Or(all), span))
    }

    /// Returns a default: the first part that is there.
    fn default(
        &mut self,
        head: Option<Typed>,
        parts: &[&Expr],
        scope: &Scope<'_>,
        (hint, span): (Option<&Type>, Span),
    ) -> Option<Typed> {
        let (first, rest) = parts.split_first()?;
        if let Some(test) = rest.iter().find(|part| is_comparison(part)) {
            if head.is_some() {
                self.report_brackets(first, test, span);
            }
            return None;
        }
        let known = head
            .as_ref()
            .map(|head| &head.ty)
            .filter(|ty| **ty != Type::Any);
        let want = known.or(hint).cloned();
        let rest: Vec<Option<Typed>> = rest
            .iter()
            .map(|part| self.value(part, scope, want.as_ref()))
            .collect();
        let rest: Vec<Typed> = rest.into_iter().collect::<Option<_>>()?;
        let mut chain = vec![head?];
        chain.extend(rest);
        let ty = self.default_type(&chain)?;
        self.fold_default(chain, &ty, span)
    }

    pub(super) fn default_type(&mut self, chain: &[Typed]) -> Option<Type> {
        let known: Vec<Typed> = chain
            .iter()
            .filter(|part| part.ty != Type::Any)
            .cloned()
            .collect();
        if known.is_empty() {
            Some(Type::Any)
        } else {
            self.element_type(&known)
        }
    }

    /// Returns `a or b or c` as nested defaults, converted to one type.
    pub(super) fn fold_default(
        &mut self,
        chain: Vec<Typed>,
        ty: &Type,
        span: Span,
    ) -> Option<Typed> {
        let parts: Vec<Typed> = chain
            .into_iter()
            .map(|part| self.convert(part, ty))
            .collect();
        parts.into_iter().rev().reduce(|rest, part| {
            let ty = if constant::is_number(ty) {
                Type::Float
            } else {
                ty.clone()
            };
            let ty = if rest.ty == part.ty {
                part.ty.clone()
            } else {
                ty
            };
            self.add(ExprKind::Default(part.id, rest.id), ty, span)
        })
    }

    /// Returns the comparison behind which a value stands in place of a condition.
    fn compared_before_slip<'e>(&self, parts: &[&'e Expr], scope: &Scope<'_>) -> Option<&'e Expr> {
        // Only the last few comparisons are looked back at, so that a long chain stays cheap.
        const LOOK_BACK: usize = 4;
        let mut compared: Vec<&'e Expr> = Vec::new();
        for part in parts {
            let mut recent = compared.iter().rev().take(LOOK_BACK);
            if let Some(found) = recent.find(|before| self.slip(before, part, scope).is_some()) {
                return Some(found);
            }
            if matches!(super::bare(part).kind, ast::ExprKind::Compare { .. }) {
                compared.push(part);
            }
        }
        None
    }

    /// Returns the value behind `or` where a list of values was meant: `outcome is failure or denied`.
    fn slip<'e>(&self, first: &Expr, part: &'e Expr, scope: &Scope<'_>) -> Option<&'e Expr> {
        let ast::ExprKind::Compare { op, left, .. } = &super::bare(first).kind else {
            return None;
        };
        if !matches!(op, CompareOp::Is | CompareOp::Equal | CompareOp::NotEqual) {
            return None;
        }
        let part = conjuncts_of_and(part).first().copied()?;
        self.is_value(part, left, scope).then_some(part)
    }

    /// Tells whether an expression is a literal, or a symbol of the enum that was compared.
    fn is_value(&self, part: &Expr, compared: &Expr, scope: &Scope<'_>) -> bool {
        match &super::bare(part).kind {
            ast::ExprKind::Literal(literal) => !matches!(literal.kind, ast::LiteralKind::Bool(_)),
            ast::ExprKind::Path(path) => match self.quiet_type(compared, scope) {
                Some(Type::Enum(symbols)) => {
                    super::path::symbol(&symbols, &crate::resolve::dotted(&path.parts)).is_some()
                }
                Some(_) | None => false,
            },
            ast::ExprKind::Raw(_)
            | ast::ExprKind::RawField { .. }
            | ast::ExprKind::List(_)
            | ast::ExprKind::Pair(..)
            | ast::ExprKind::Group(_)
            | ast::ExprKind::Call { .. }
            | ast::ExprKind::Index { .. }
            | ast::ExprKind::Member { .. }
            | ast::ExprKind::Not(_)
            | ast::ExprKind::Negate(_)
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

    fn report_list(&mut self, first: &Expr, slips: &[&Expr], span: Span) -> Option<Typed> {
        let ast::ExprKind::Compare {
            op,
            negated,
            left,
            right,
        } = &super::bare(first).kind
        else {
            return None;
        };
        let items: Vec<String> = std::iter::once(&**right)
            .chain(slips.iter().copied())
            .map(|part| self.quote(part.span))
            .collect();
        let word = if *negated || *op == CompareOp::NotEqual {
            "not in"
        } else {
            "in"
        };
        let mended = format!("{} {word} [{}]", self.quote(left.span), items.join(", "));
        let slip = slips.first()?;
        let message = format!(
            "expected a condition behind `or`, found `{}`, which is a value",
            self.quote(slip.span)
        );
        let diagnostic =
            Diagnostic::error(Code::WriteIn, span, message).help(format!("write `{mended}`"));
        let whole = span != slip.span;
        self.report(if whole {
            diagnostic.patch(mended)
        } else {
            diagnostic
        });
        None
    }

    fn report_brackets(&mut self, first: &Expr, test: &Expr, span: Span) {
        let message = format!(
            "brackets are needed: `{} or …` is a default, and `{}` is a comparison",
            self.quote(first.span),
            self.quote(test.span)
        );
        let diagnostic = Diagnostic::error(Code::BracketsNeeded, span, message);
        let ast::ExprKind::Compare { left, .. } = &super::bare(test).kind else {
            return self.report(diagnostic.help("put the default in brackets"));
        };
        let behind = Span {
            start: left.span.end,
            ..test.span
        };
        let mended = format!(
            "({} or {}){}",
            self.quote(first.span),
            self.quote(left.span),
            self.files.text(behind)
        );
        self.report(diagnostic.help(format!("write `{mended}`")));
    }
}

/// Returns the parts of a chain of `and`, in order, however the chain is nested.
pub(crate) fn conjuncts_of_and(expr: &Expr) -> Vec<&Expr> {
    let mut open = vec![expr];
    let mut parts = Vec::new();
    while let Some(next) = open.pop() {
        if let ast::ExprKind::And(left, right) = &next.kind {
            open.push(right);
            open.push(left);
        } else {
            parts.push(next);
        }
    }
    parts
}

/// Returns the parts of a chain of `or`, in order.
fn disjuncts(expr: &Expr) -> Vec<&Expr> {
    let mut open = vec![expr];
    let mut parts = Vec::new();
    while let Some(next) = open.pop() {
        if let ast::ExprKind::Or(left, right) = &next.kind {
            open.push(right);
            open.push(left);
        } else {
            parts.push(next);
        }
    }
    parts
}

/// Tells whether an expression is a test by its form, not a value that may happen to be true.
fn is_test(expr: &Expr) -> bool {
    match &super::bare(expr).kind {
        ast::ExprKind::Not(_)
        | ast::ExprKind::And(..)
        | ast::ExprKind::Compare { .. }
        | ast::ExprKind::Missing(_)
        | ast::ExprKind::Exists(_)
        | ast::ExprKind::Same(_)
        | ast::ExprKind::Differs(_)
        | ast::ExprKind::Calendar { .. }
        | ast::ExprKind::Quantified { .. } => true,
        ast::ExprKind::Literal(_)
        | ast::ExprKind::Path(_)
        | ast::ExprKind::Raw(_)
        | ast::ExprKind::RawField { .. }
        | ast::ExprKind::List(_)
        | ast::ExprKind::Pair(..)
        | ast::ExprKind::Group(_)
        | ast::ExprKind::Call { .. }
        | ast::ExprKind::Index { .. }
        | ast::ExprKind::Member { .. }
        | ast::ExprKind::Negate(_)
        | ast::ExprKind::Or(..)
        | ast::ExprKind::Arithmetic { .. }
        | ast::ExprKind::GeoDistance
        | ast::ExprKind::GeoSpeed
        | ast::ExprKind::Elapsed => false,
    }
}

/// Tells whether an unbracketed part of an `or` is a comparison.
fn is_comparison(expr: &Expr) -> bool {
    matches!(&expr.kind, ast::ExprKind::And(..)) || (is_test(expr) && !is_group(expr))
}

fn is_group(expr: &Expr) -> bool {
    matches!(&expr.kind, ast::ExprKind::Group(_))
}

fn is_bool_literal(expr: &Expr) -> bool {
    let ast::ExprKind::Literal(literal) = &super::bare(expr).kind else {
        return false;
    };
    matches!(literal.kind, ast::LiteralKind::Bool(_))
}
