//! Tests of text: `contains`, `starts with`, `like`, `matches`; and `contains` of lists.
//!
//! Apart from comparisons because their right side is a pattern, or several.

use std::sync::Arc;

use super::mismatch::Sides;
use super::{Checker, Meaning, Scope, Typed, constant};
use crate::diagnostic::{Code, Diagnostic};
use crate::file::Span;
use crate::ir::{ExprId, ExprKind, Patterns, TextTest};
use crate::resolve::Global;
use crate::syntax::ast::{self, CompareOp, Expr, Literal, LiteralKind};
use crate::types::Type;
use crate::value::Value;

impl Checker<'_> {
    /// Returns a test of text, or of what a list contains.
    pub(super) fn text_test(&mut self, sides: &Sides<'_>, scope: &Scope<'_>) -> Option<Typed> {
        let left = self.value(sides.left, scope, None);
        let Some(left) = left else {
            if !super::compare::is_literal(sides.right) && !super::compare::is_name(sides.right) {
                self.value(sides.right, scope, None);
            }
            return None;
        };
        self.text_test_of(left, sides, scope)
    }

    /// Returns a test of a value that is known already.
    pub(super) fn text_test_of(
        &mut self,
        left: Typed,
        sides: &Sides<'_>,
        scope: &Scope<'_>,
    ) -> Option<Typed> {
        let contains = sides.op == CompareOp::Contains;
        match &left.ty {
            Type::List(element) if contains => {
                let element = (**element).clone();
                self.holds(&left, &element, sides, scope)
            }
            Type::Any if contains && sides.op == CompareOp::Contains => {
                self.any_contains(left, sides, scope)
            }
            Type::Text | Type::Enum(_) | Type::Any => self.matches_text(left, sides, scope),
            ty => {
                let ty = ty.clone();
                self.report_no_text(sides, &ty);
                None
            }
        }
    }

    fn matches_text(&mut self, left: Typed, sides: &Sides<'_>, scope: &Scope<'_>) -> Option<Typed> {
        let test = match sides.op {
            CompareOp::StartsWith => TextTest::StartsWith,
            CompareOp::EndsWith => TextTest::EndsWith,
            CompareOp::Like => TextTest::Like,
            CompareOp::Matches => TextTest::Matches,
            CompareOp::Contains
            | CompareOp::Is
            | CompareOp::Equal
            | CompareOp::NotEqual
            | CompareOp::Less
            | CompareOp::LessOrEqual
            | CompareOp::Greater
            | CompareOp::GreaterOrEqual
            | CompareOp::In => TextTest::Contains,
        };
        let left = self.convert(left, &Type::Text);
        let patterns = self.patterns(test, sides.right, scope)?;
        Some(self.add_bool(ExprKind::Match(test, left.id, patterns), sides.span))
    }

    fn report_no_text(&mut self, sides: &Sides<'_>, ty: &Type) {
        let (left, right) = (self.quote(sides.left.span), self.quote(sides.right.span));
        let found = constant::with_article(ty);
        let word = word(sides.op);
        let message = format!("expected a text before `{word}`, found {found}: `{left}`");
        let diagnostic = Diagnostic::error(Code::NotText, sides.left.span, message);
        self.report(match ty {
            Type::Ip => diagnostic.help(format!("name a network: `{left} in \"10.0.0.0/8\"`")),
            Type::List(_) => diagnostic.help(format!("write `any of {left} {word} {right}`")),
            Type::Text
            | Type::Int
            | Type::Float
            | Type::Bool
            | Type::Time
            | Type::Duration
            | Type::Distance
            | Type::Speed
            | Type::Size
            | Type::Geo
            | Type::Enum(_)
            | Type::Any => diagnostic,
        });
    }

    /// Returns the patterns on the right: one text, several, or a declared list.
    fn patterns(&mut self, test: TextTest, right: &Expr, scope: &Scope<'_>) -> Option<Patterns> {
        if let Some(literal) = literal_of(right) {
            return self.literal_patterns(test, &[literal]);
        }
        if let ast::ExprKind::List(items) = &super::bare(right).kind {
            let literals: Option<Vec<Literal>> = items.iter().map(literal_of).collect();
            let Some(literals) = literals else {
                let message = "expected literal texts in the list on the right";
                self.report(Diagnostic::error(Code::TypeMismatch, right.span, message));
                return None;
            };
            return self.literal_patterns(test, &literals);
        }
        match self.global_of(right, scope) {
            Some(Global::List(list)) => {
                let info = self.names.lists.get(list.index())?.clone();
                info.element?;
                self.literal_patterns(test, info.items)?;
                Some(Patterns::List(list))
            }
            Some(Global::Param(index)) => {
                let constant = self.names.params.get(index)?.clone()?;
                self.constant_patterns(test, &constant.value, right.span)
            }
            Some(
                Global::Table(_) | Global::Calendar(_) | Global::Memory(_) | Global::Identity(_),
            )
            | None => self.computed_pattern(test, right, scope),
        }
    }

    /// Returns the list, param or other such thing that an expression names.
    pub(super) fn global_of(&self, expr: &Expr, scope: &Scope<'_>) -> Option<Global> {
        let ast::ExprKind::Path(path) = &super::bare(expr).kind else {
            return None;
        };
        let Ok(Meaning::Global(global)) = self.meaning(path, scope) else {
            return None;
        };
        Some(global)
    }

    fn literal_patterns(&mut self, test: TextTest, literals: &[Literal]) -> Option<Patterns> {
        let texts: Vec<Option<Arc<str>>> = literals
            .iter()
            .map(|literal| {
                if let LiteralKind::Text { value, .. } = &literal.kind {
                    return self.pattern(test, value, literal.span);
                }
                let quoted = self.quote(literal.span);
                let message = format!("expected a text, found `{quoted}`");
                let diagnostic = Diagnostic::error(Code::TypeMismatch, literal.span, message);
                self.report(
                    diagnostic
                        .help(format!("put it in quotes: `\"{quoted}\"`"))
                        .patch(format!("\"{quoted}\"")),
                );
                None
            })
            .collect();
        Some(Patterns::Texts(texts.into_iter().collect::<Option<_>>()?))
    }

    fn constant_patterns(&mut self, test: TextTest, value: &Value, span: Span) -> Option<Patterns> {
        let values = if let Value::List(items) = value {
            items.to_vec()
        } else {
            vec![value.clone()]
        };
        let Some(texts) = constant::texts(&values) else {
            let quoted = self.quote(span);
            let message = format!("expected a text, found `{quoted}`, which is none");
            self.report(Diagnostic::error(Code::TypeMismatch, span, message));
            return None;
        };
        let texts: Vec<Option<Arc<str>>> = texts
            .iter()
            .map(|text| self.pattern(test, text, span))
            .collect();
        Some(Patterns::Texts(texts.into_iter().collect::<Option<_>>()?))
    }

    /// Returns a pattern after looking at it: a regular expression must compile.
    fn pattern(&mut self, test: TextTest, text: &str, span: Span) -> Option<Arc<str>> {
        if test == TextTest::Matches {
            self.regex(text, span)?;
        }
        Some(text.into())
    }

    /// Looks whether a regular expression compiles within its limits.
    pub(crate) fn regex(&mut self, text: &str, span: Span) -> Option<()> {
        match crate::pattern::compile(text) {
            Ok(_) => Some(()),
            Err(error) => {
                let message = format!("expected a regular expression, found one that {error}");
                self.report(Diagnostic::error(Code::BadPattern, span, message));
                None
            }
        }
    }

    fn computed_pattern(
        &mut self,
        test: TextTest,
        right: &Expr,
        scope: &Scope<'_>,
    ) -> Option<Patterns> {
        let value = self.value(right, scope, Some(&Type::Text))?;
        let found = constant::with_article(&value.ty);
        let value = self.convert(value, &Type::Text);
        let quoted = self.quote(right.span);
        if !matches!(value.ty, Type::Text | Type::Enum(_)) {
            let message = format!("expected a text, found {found}: `{quoted}`");
            self.report(Diagnostic::error(Code::TypeMismatch, right.span, message));
            return None;
        }
        if test == TextTest::Matches {
            let message = format!("expected a literal regular expression, found `{quoted}`");
            let diagnostic = Diagnostic::error(Code::BadPattern, right.span, message);
            self.report(diagnostic.help("write it as raw text: `r\"^svc-[0-9]+$\"`"));
            return None;
        }
        Some(Patterns::Expr(value.id))
    }

    /// Returns `list contains value`, of several values if the list holds any of them.
    fn holds(
        &mut self,
        list: &Typed,
        element: &Type,
        sides: &Sides<'_>,
        scope: &Scope<'_>,
    ) -> Option<Typed> {
        let values = self.values_of_right(sides.right, element, scope)?;
        let tests: Vec<Option<ExprId>> = values
            .into_iter()
            .map(|value| {
                let value = self.convert(value, element);
                if *element != Type::Any && !self.comparable(element, &value.ty) {
                    self.report_mismatch(sides, element, &value.ty);
                    return None;
                }
                let kind = ExprKind::Holds {
                    list: list.id,
                    value: value.id,
                };
                Some(self.add_bool(kind, sides.span).id)
            })
            .collect();
        let tests: Vec<ExprId> = tests.into_iter().collect::<Option<_>>()?;
        match &*tests {
            [one] => Some(Typed {
                id: *one,
                ty: Type::Bool,
            }),
            [] | [_, ..] => Some(self.add_bool(ExprKind::Or(tests), sides.span)),
        }
    }

    /// Returns the value or values on the right of `contains`.
    fn values_of_right(
        &mut self,
        right: &Expr,
        element: &Type,
        scope: &Scope<'_>,
    ) -> Option<Vec<Typed>> {
        if let ast::ExprKind::List(items) = &super::bare(right).kind {
            let values: Vec<Option<Typed>> = items
                .iter()
                .map(|item| self.value(item, scope, Some(element)))
                .collect();
            return values.into_iter().collect();
        }
        let literals = match self.global_of(right, scope) {
            Some(Global::List(list)) => self.names.lists.get(list.index())?.items.to_vec(),
            Some(Global::Param(index)) => self.names.params.get(index)?.as_ref()?.items.clone(),
            Some(
                Global::Table(_) | Global::Calendar(_) | Global::Memory(_) | Global::Identity(_),
            )
            | None => Vec::new(),
        };
        if !literals.is_empty() {
            let values: Vec<Option<Typed>> = literals
                .iter()
                .map(|item| self.literal(item, Some(element)))
                .collect();
            return values.into_iter().collect();
        }
        Some(vec![self.value(right, scope, Some(element))?])
    }

    /// Returns `contains` of unmapped input: of a text, or else of a list.
    fn any_contains(&mut self, left: Typed, sides: &Sides<'_>, scope: &Scope<'_>) -> Option<Typed> {
        let as_list = self.holds(&left, &Type::Any, sides, scope)?;
        let text = literal_of(sides.right)
            .is_none_or(|literal| matches!(literal.kind, LiteralKind::Text { .. }));
        if !text {
            return Some(as_list);
        }
        let as_text = self.matches_text(left, sides, scope)?;
        Some(self.add_bool(ExprKind::Default(as_text.id, as_list.id), sides.span))
    }
}

/// Returns the literal that an expression is.
fn literal_of(expr: &Expr) -> Option<Literal> {
    let ast::ExprKind::Literal(literal) = &super::bare(expr).kind else {
        return None;
    };
    Some(literal.clone())
}

/// Returns a comparison as it is written.
pub(crate) fn word(op: CompareOp) -> &'static str {
    match op {
        CompareOp::Is => "is",
        CompareOp::Equal => "==",
        CompareOp::NotEqual => "!=",
        CompareOp::Less => "<",
        CompareOp::LessOrEqual => "<=",
        CompareOp::Greater => ">",
        CompareOp::GreaterOrEqual => ">=",
        CompareOp::In => "in",
        CompareOp::Contains => "contains",
        CompareOp::StartsWith => "starts with",
        CompareOp::EndsWith => "ends with",
        CompareOp::Like => "like",
        CompareOp::Matches => "matches",
    }
}
