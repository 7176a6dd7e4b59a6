//! Conditions and comparisons.
//!
//! Apart from operands because only here words bind looser and tighter.

use crate::diagnostic::{Code, Diagnostic};
use crate::file::Span;
use crate::syntax::ast::{ArithmeticOp, CompareOp, Expr, ExprKind, Filter, QuantifiedTest};
use crate::syntax::parse::Node;
use crate::syntax::parse::builder::Builder;
use crate::syntax::parse::chain::{self, DEPTH_MAX, Deep, Joint};
use crate::syntax::parse::grammar::{self, Rule};
use crate::syntax::scan;
use crate::syntax::token::TokenKind;

impl Builder<'_> {
    /// Returns the tree of an `expression` or an `item`.
    pub(super) fn expression(&mut self, node: &Node<'_>) -> Option<Expr> {
        self.deep_expression(node).map(|deep| deep.expr)
    }

    /// Returns the expression among the children of a node.
    pub(super) fn expression_of(&mut self, node: &Node<'_>) -> Option<Expr> {
        let child = grammar::child(node, Rule::expression)?;
        self.expression(&child)
    }

    /// Returns the condition behind a `when`, which is the last expression of its line.
    pub(super) fn when(&mut self, node: &Node<'_>) -> Option<Expr> {
        let last = grammar::children(node, Rule::expression).last()?;
        self.expression(&last)
    }

    /// Returns the `where` and `unless` among the children of a node.
    pub(super) fn filters(&mut self, node: &Node<'_>) -> Option<Vec<Filter>> {
        let is_filter =
            |child: &Node<'_>| matches!(child.as_rule(), Rule::filter | Rule::item_filter);
        node.clone()
            .into_inner()
            .filter(is_filter)
            .map(|filter| self.filter(&filter))
            .collect()
    }

    pub(super) fn filter(&mut self, node: &Node<'_>) -> Option<Filter> {
        let unless = grammar::has(node, Rule::kw_unless);
        let expr = node.clone().into_inner().last()?;
        Some(Filter {
            unless,
            expr: self.expression(&expr)?,
            span: self.span(node),
        })
    }

    pub(super) fn deep_expression(&mut self, node: &Node<'_>) -> Option<Deep> {
        let mut alternatives = Vec::new();
        let mut conjuncts = Vec::new();
        for child in node.clone().into_inner() {
            match child.as_rule() {
                Rule::kw_and => {}
                Rule::kw_or => {
                    alternatives.push(chain::joined(std::mem::take(&mut conjuncts), Joint::And)?);
                }
                _ => conjuncts.push(self.condition(&child)?),
            }
        }
        alternatives.push(chain::joined(conjuncts, Joint::And)?);
        let whole = chain::joined(alternatives, Joint::Or)?;
        self.limited(whole)
    }

    /// Tells a tree that is too deep, and lets it go while it still can be dropped.
    fn limited(&mut self, deep: Deep) -> Option<Deep> {
        if deep.depth <= DEPTH_MAX {
            return Some(deep);
        }
        self.tell(scan::too_many_operations(deep.expr.span));
        None
    }

    fn condition(&mut self, node: &Node<'_>) -> Option<Deep> {
        let mut nots = Vec::new();
        let mut parts = Vec::new();
        for child in node.clone().into_inner() {
            if child.as_rule() == Rule::kw_not {
                nots.push(self.span(&child));
            } else {
                parts.push(child);
            }
        }
        let mut deep = self.comparison(&parts)?;
        for not in nots.into_iter().rev() {
            deep = deep.wrap(|inner| Expr {
                span: not.to(inner.span),
                kind: ExprKind::Not(inner),
            });
        }
        self.limited(deep)
    }

    fn comparison(&mut self, parts: &[Node<'_>]) -> Option<Deep> {
        let (head, tail) = parts.split_first()?;
        match head.as_rule() {
            Rule::same_list => Some(Deep::leaf(self.same_list(head))),
            Rule::quantified => self.quantified(head),
            _ => {
                let left = self.value(head)?;
                match tail.first() {
                    Some(tail) => self.tested(left, tail),
                    None => Some(left),
                }
            }
        }
    }

    fn same_list(&mut self, node: &Node<'_>) -> Expr {
        let paths = self.paths(node);
        let differs = grammar::has(node, Rule::kw_differs);
        let kind = if differs {
            ExprKind::Differs(paths)
        } else {
            ExprKind::Same(paths)
        };
        Expr {
            kind,
            span: self.span(node),
        }
    }

    /// Returns the test that stands behind a value.
    fn tested(&mut self, left: Deep, tail: &Node<'_>) -> Option<Deep> {
        let span = left.expr.span.to(self.span(tail));
        match tail.as_rule() {
            Rule::kw_exists => Some(left.wrap(|inner| Expr {
                kind: ExprKind::Exists(inner),
                span,
            })),
            Rule::not_exists => Some(left.wrap(|inner| Expr {
                kind: ExprKind::Missing(inner),
                span,
            })),
            Rule::missing if grammar::has(tail, Rule::kw_not) => Some(left.wrap(|inner| Expr {
                kind: ExprKind::Exists(inner),
                span,
            })),
            Rule::missing => Some(left.wrap(|inner| Expr {
                kind: ExprKind::Missing(inner),
                span,
            })),
            Rule::kw_same | Rule::kw_differs => self.same(left, tail, span),
            Rule::calendar_test => self.calendar_test(left, tail, span),
            Rule::compare => {
                let (op, negated) = operator(tail)?;
                let right = grammar::child(tail, Rule::value)?;
                let right = self.value(&right)?;
                self.check_word_behind_is(op, &right.expr, tail);
                Some(left.join(right, |left, right| ExprKind::Compare {
                    op,
                    negated,
                    left,
                    right,
                }))
            }
            _ => None,
        }
    }

    /// Tells `is like "x"`, which the grammar reads as a comparison with `like` and a description.
    fn check_word_behind_is(&mut self, op: CompareOp, right: &Expr, compare: &Node<'_>) {
        const WORDS: &[&str] = &["like", "contains", "matches"];
        let word = self.word_at(right.span);
        let end = compare.as_span().end();
        let text = self
            .tokens
            .tokens
            .get(self.token_behind(end))
            .map(|token| token.kind);
        if op != CompareOp::Is || !WORDS.contains(&word) || text != Some(TokenKind::Text) {
            return;
        }
        let operator = grammar::child(compare, Rule::operator);
        let not = operator.is_some_and(|operator| grammar::has(&operator, Rule::kw_not));
        let mended = if not {
            format!("not {word}")
        } else {
            word.to_owned()
        };
        let span = self.span(compare);
        let message = format!("expected a value after `is`, found `{word}`");
        let help = format!("write `{mended}` without `is`");
        self.tell(
            Diagnostic::error(Code::IsIn, span, message)
                .help(help)
                .patch(mended),
        );
    }

    fn same(&mut self, left: Deep, tail: &Node<'_>, span: Span) -> Option<Deep> {
        let word = tail.as_str();
        let ExprKind::Path(path) = left.expr.kind else {
            let message = format!("expected a field before `{word}`, found another expression");
            let help = "give the value a name, `field key.id: text = raw.userIdentity.accessKeyId`, and use that";
            self.tell(Diagnostic::error(Code::Syntax, left.expr.span, message).help(help));
            return None;
        };
        let paths = vec![path];
        let differs = tail.as_rule() == Rule::kw_differs;
        let kind = if differs {
            ExprKind::Differs(paths)
        } else {
            ExprKind::Same(paths)
        };
        Some(Deep::leaf(Expr { kind, span }))
    }

    fn calendar_test(&mut self, left: Deep, tail: &Node<'_>, span: Span) -> Option<Deep> {
        let outside = grammar::has(tail, Rule::kw_outside);
        let calendar = self.named(tail, Rule::name)?;
        let key = match grammar::child(tail, Rule::item) {
            Some(key) => Some(self.deep_expression(&key)?),
            None => None,
        };
        let depth = left.depth.max(key.as_ref().map_or(0, |key| key.depth)) + 1;
        let key = key.map(|key| Box::new(key.expr));
        let kind = ExprKind::Calendar {
            time: Box::new(left.expr),
            outside,
            calendar,
            key,
        };
        Some(Deep {
            expr: Expr { kind, span },
            depth,
        })
    }

    fn quantified(&mut self, node: &Node<'_>) -> Option<Deep> {
        let all = grammar::has(node, Rule::kw_all);
        let list = grammar::child(node, Rule::operand)?;
        let list = self.operand(&list)?;
        let (test, depth) = match grammar::child(node, Rule::compare) {
            Some(compare) => {
                let (op, negated) = operator(&compare)?;
                let value = self.value(&grammar::child(&compare, Rule::value)?)?;
                (
                    QuantifiedTest::Compare {
                        op,
                        negated,
                        value: Box::new(value.expr),
                    },
                    value.depth,
                )
            }
            None => {
                let inner = self.deep_expression(&grammar::child(node, Rule::expression)?)?;
                (QuantifiedTest::Where(Box::new(inner.expr)), inner.depth)
            }
        };
        let depth = depth.max(list.depth) + 1;
        let kind = ExprKind::Quantified {
            all,
            list: Box::new(list.expr),
            test,
        };
        Some(Deep {
            expr: Expr {
                kind,
                span: self.span(node),
            },
            depth,
        })
    }

    /// Returns the tree of sums and products.
    pub(super) fn value(&mut self, node: &Node<'_>) -> Option<Deep> {
        let mut inner = node.clone().into_inner();
        let first = self.operand(&inner.next()?)?;
        let mut rest = Vec::new();
        while let (Some(sign), Some(operand)) = (inner.next(), inner.next()) {
            rest.push((arithmetic_op(sign.as_str())?, self.operand(&operand)?));
        }
        let whole = chain::arithmetic(first, rest);
        if whole.is_none() {
            let span = self.span(node);
            self.tell(scan::too_many_operations(span));
        }
        whole
    }
}

fn arithmetic_op(sign: &str) -> Option<ArithmeticOp> {
    match sign {
        "+" => Some(ArithmeticOp::Add),
        "-" => Some(ArithmeticOp::Subtract),
        "*" => Some(ArithmeticOp::Multiply),
        "/" => Some(ArithmeticOp::Divide),
        _ => None,
    }
}

/// Returns the comparison of a `compare`, and whether it is negated.
pub(super) fn operator(compare: &Node<'_>) -> Option<(CompareOp, bool)> {
    let operator = grammar::child(compare, Rule::operator)?;
    let mut negated = false;
    let mut op = None;
    for word in operator.into_inner() {
        match word.as_rule() {
            Rule::kw_not => negated = true,
            Rule::kw_is => op = Some(CompareOp::Is),
            Rule::kw_in => op = Some(CompareOp::In),
            Rule::kw_contains => op = Some(CompareOp::Contains),
            Rule::kw_like => op = Some(CompareOp::Like),
            Rule::kw_matches => op = Some(CompareOp::Matches),
            Rule::kw_starts => op = Some(CompareOp::StartsWith),
            Rule::kw_ends => op = Some(CompareOp::EndsWith),
            Rule::compare_sign => op = compare_op(word.as_str()),
            _ => {}
        }
    }
    op.map(|op| (op, negated))
}

/// Returns the comparison of a sign.
pub(super) fn compare_op(sign: &str) -> Option<CompareOp> {
    match sign {
        "==" => Some(CompareOp::Equal),
        "!=" => Some(CompareOp::NotEqual),
        "<" => Some(CompareOp::Less),
        "<=" => Some(CompareOp::LessOrEqual),
        ">" => Some(CompareOp::Greater),
        ">=" => Some(CompareOp::GreaterOrEqual),
        _ => None,
    }
}
