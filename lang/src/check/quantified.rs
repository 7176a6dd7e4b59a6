//! Conditions over many: `any of`, `all of`, and those over the whole match.
//!
//! Apart from comparisons because their operands are lists and events, not values.

use super::mismatch::Sides;
use super::{Checker, Scope, Typed, constant};
use crate::diagnostic::{Code, Diagnostic};
use crate::file::Span;
use crate::ir::{Comparison, ExprId, ExprKind, RawRoot};
use crate::syntax::ast::{CompareOp, Expr, Path, QuantifiedTest};
use crate::types::Type;

impl Checker<'_> {
    /// Returns `any of LIST …` or `all of LIST …`.
    pub(super) fn quantified(
        &mut self,
        all: bool,
        list: &Expr,
        test: &QuantifiedTest,
        scope: &Scope<'_>,
        span: Span,
    ) -> Option<Typed> {
        let items = self.value(list, scope, None);
        let element = items
            .as_ref()
            .and_then(|items| self.element_of(items, list));
        let test = match test {
            QuantifiedTest::Where(condition) => self.condition(condition, &scope.with_element()),
            QuantifiedTest::Compare { op, negated, value } => {
                let sides = Sides {
                    op: *op,
                    left: list,
                    right: value,
                    span,
                };
                self.element_test(element.as_ref()?, *negated, &sides, scope)
            }
        };
        element?;
        let kind = ExprKind::Quantified {
            all,
            list: items?.id,
            test: test?,
        };
        Some(self.add_bool(kind, span))
    }

    /// Returns the type of a list's elements, or tells that there is no list.
    pub(super) fn element_of(&mut self, list: &Typed, expr: &Expr) -> Option<Type> {
        match &list.ty {
            Type::List(element) => Some((**element).clone()),
            Type::Any => Some(Type::Any),
            ty => {
                let (found, quoted) = (constant::with_article(ty), self.quote(expr.span));
                let message = format!("expected a list, found {found}: `{quoted}`");
                self.report(Diagnostic::error(Code::NotAList, expr.span, message));
                None
            }
        }
    }

    fn element_test(
        &mut self,
        element: &Type,
        negated: bool,
        sides: &Sides<'_>,
        scope: &Scope<'_>,
    ) -> Option<ExprId> {
        let kind = ExprKind::Raw(RawRoot::Element, Vec::new().into());
        let left = self.add(kind, element.clone(), sides.left.span);
        self.test_known(left, negated, sides, scope)
            .map(|test| test.id)
    }

    /// Returns a comparison whose left side is known already.
    pub(crate) fn compare_known(
        &mut self,
        value: Typed,
        (left, op, right): (&Expr, CompareOp, &Expr),
        scope: &Scope<'_>,
        span: Span,
    ) -> Option<Typed> {
        let sides = Sides {
            op,
            left,
            right,
            span,
        };
        self.test_known(value, false, &sides, scope)
    }

    fn test_known(
        &mut self,
        left: Typed,
        negated: bool,
        sides: &Sides<'_>,
        scope: &Scope<'_>,
    ) -> Option<Typed> {
        let flipped = sides.op == CompareOp::NotEqual;
        let test = match sides.op {
            CompareOp::Is => self.element_equal(Comparison::Is, left, sides, scope),
            CompareOp::Equal | CompareOp::NotEqual => {
                self.element_equal(Comparison::Equal, left, sides, scope)
            }
            CompareOp::Less => self.element_order(Comparison::Less, &left, sides, scope),
            CompareOp::LessOrEqual => {
                self.element_order(Comparison::LessOrEqual, &left, sides, scope)
            }
            CompareOp::Greater => self.element_order(Comparison::Greater, &left, sides, scope),
            CompareOp::GreaterOrEqual => {
                self.element_order(Comparison::GreaterOrEqual, &left, sides, scope)
            }
            CompareOp::In => self.membership_of(left, sides, scope),
            CompareOp::Contains
            | CompareOp::StartsWith
            | CompareOp::EndsWith
            | CompareOp::Like
            | CompareOp::Matches => self.text_test_of(left, sides, scope),
        }?;
        Some(if negated == flipped {
            test
        } else {
            self.add_bool(ExprKind::Not(test.id), sides.span)
        })
    }

    fn element_equal(
        &mut self,
        comparison: Comparison,
        left: Typed,
        sides: &Sides<'_>,
        scope: &Scope<'_>,
    ) -> Option<Typed> {
        if self.is_many(sides.right, scope) {
            return self.membership_of(left, sides, scope);
        }
        let right = self.value(sides.right, scope, Some(&left.ty))?;
        self.equal(comparison, &left, &right, sides)
    }

    fn element_order(
        &mut self,
        comparison: Comparison,
        left: &Typed,
        sides: &Sides<'_>,
        scope: &Scope<'_>,
    ) -> Option<Typed> {
        let right = self.value(sides.right, scope, Some(&left.ty))?;
        self.order(comparison, left, &right, sides)
    }

    /// Returns `PATH same` over the whole match, where it is no part of the key.
    pub(super) fn same(&mut self, paths: &[Path], scope: &Scope<'_>, span: Span) -> Option<Typed> {
        self.match_at_hand("same", scope, span)?;
        let paths = self.match_paths(paths)?;
        Some(self.add_bool(ExprKind::Same(paths), span))
    }

    /// Returns `PATH differs` over events of adjacent steps.
    pub(super) fn differs(
        &mut self,
        paths: &[Path],
        scope: &Scope<'_>,
        span: Span,
    ) -> Option<Typed> {
        self.match_at_hand("differs", scope, span)?;
        self.two_steps("differs", scope, span)?;
        let paths = self.match_paths(paths)?;
        Some(self.add_bool(ExprKind::Differs(paths), span))
    }

    /// Returns `geo distance` or `geo speed`.
    pub(super) fn pairs(
        &mut self,
        kind: ExprKind,
        ty: Type,
        scope: &Scope<'_>,
        span: Span,
    ) -> Option<Typed> {
        let words = if ty == Type::Speed {
            "geo speed"
        } else {
            "geo distance"
        };
        self.match_at_hand(words, scope, span)?;
        self.two_steps(words, scope, span)?;
        Some(self.add(kind, ty, span))
    }

    pub(super) fn elapsed(&mut self, scope: &Scope<'_>, span: Span) -> Option<Typed> {
        self.match_at_hand("elapsed", scope, span)?;
        Some(self.add(ExprKind::Elapsed, Type::Duration, span))
    }

    fn match_at_hand(&mut self, words: &str, scope: &Scope<'_>, span: Span) -> Option<()> {
        if scope.place.sees_match() && scope.member.is_none() && !scope.element {
            return Some(());
        }
        let place = if scope.member.is_some() {
            "a function"
        } else {
            scope.place.noun()
        };
        let message = format!("`{words}` relates the events of a match, and {place} has none");
        let help = if scope.place == super::Place::Absence {
            "the keys of the rule hold for what must not happen too: write it in the rule's `where`"
        } else {
            "write it in the `where` of a rule"
        };
        self.report(Diagnostic::error(Code::NotHere, span, message).help(help));
        None
    }

    fn two_steps(&mut self, words: &str, scope: &Scope<'_>, span: Span) -> Option<()> {
        if scope.steps.len() > 1 {
            return Some(());
        }
        let message = format!("`{words}` compares events of adjacent steps, and there is one step");
        let diagnostic = Diagnostic::error(Code::OneStep, span, message);
        self.report(diagnostic.help("add a step: `when login as a then login as b`"));
        None
    }

    /// Returns paths that are read of every event of a match.
    fn match_paths(&mut self, paths: &[Path]) -> Option<Vec<ExprId>> {
        let paths: Vec<Option<Typed>> = paths.iter().map(|path| self.path_of_every(path)).collect();
        let paths: Option<Vec<Typed>> = paths.into_iter().collect();
        Some(paths?.into_iter().map(|path| path.id).collect())
    }

    /// Returns a path that is read of every event at hand, `raw.…` included.
    pub(crate) fn path_of_every(&mut self, path: &Path) -> Option<Typed> {
        let scope = Scope::this(super::Place::Rule);
        self.path(path, &scope, None)
    }
}
