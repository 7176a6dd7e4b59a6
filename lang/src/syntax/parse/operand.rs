//! Operands: literals, names, paths into records, calls and what brackets hold.
//!
//! Apart from conditions because here it is decided what a dotted word means to the grammar.

use crate::diagnostic::Code;
use crate::file::Span;
use crate::syntax::ast::{Argument, Expr, ExprKind, LiteralKind, Name, Path, RawPart, RawPath};
use crate::syntax::literal;
use crate::syntax::parse::Node;
use crate::syntax::parse::builder::Builder;
use crate::syntax::parse::chain::Deep;
use crate::syntax::parse::grammar::{self, Rule};

impl Builder<'_> {
    pub(super) fn operand(&mut self, node: &Node<'_>) -> Option<Deep> {
        let mut signs = Vec::new();
        let mut operand = None;
        for child in node.clone().into_inner() {
            match child.as_rule() {
                Rule::minus => signs.push(self.span(&child)),
                _ => operand = Some(self.postfix(&child)?),
            }
        }
        let negate = |deep: Deep, sign: Span| {
            deep.wrap(|inner| Expr {
                span: sign.to(inner.span),
                kind: ExprKind::Negate(inner),
            })
        };
        Some(signs.into_iter().rev().fold(operand?, negate))
    }

    fn postfix(&mut self, node: &Node<'_>) -> Option<Deep> {
        let parts: Vec<Node<'_>> = node.clone().into_inner().collect();
        let (head, tail) = parts.split_first()?;
        match head.as_rule() {
            Rule::raw_root => self.raw(head, tail),
            Rule::root => self.reference(head, tail),
            _ => {
                let base = self.primary(head)?;
                self.looked_into(base, tail)
            }
        }
    }

    fn primary(&mut self, node: &Node<'_>) -> Option<Deep> {
        match node.as_rule() {
            Rule::scalar => {
                let literal = self.scalar(&grammar::first(node)?)?;
                let span = literal.span;
                Some(Deep::leaf(Expr {
                    kind: ExprKind::Literal(literal),
                    span,
                }))
            }
            Rule::measure => Some(Deep::leaf(self.measure(node))),
            Rule::brackets => self.brackets(node),
            Rule::elements => self.elements(node),
            Rule::call => self.call(node),
            _ => None,
        }
    }

    fn measure(&self, node: &Node<'_>) -> Expr {
        let kind = if grammar::has(node, Rule::kw_distance) {
            ExprKind::GeoDistance
        } else if grammar::has(node, Rule::kw_speed) {
            ExprKind::GeoSpeed
        } else {
            ExprKind::Elapsed
        };
        Expr {
            kind,
            span: self.span(node),
        }
    }

    fn brackets(&mut self, node: &Node<'_>) -> Option<Deep> {
        let span = self.span(node);
        let first = self.deep_expression(&grammar::child(node, Rule::expression)?)?;
        let Some(second) = grammar::child(node, Rule::item) else {
            return Some(first.wrap(|inner| Expr {
                kind: ExprKind::Group(inner),
                span,
            }));
        };
        let second = self.deep_expression(&second)?;
        let mut pair = first.join(second, ExprKind::Pair);
        pair.expr.span = span;
        Some(pair)
    }

    fn elements(&mut self, node: &Node<'_>) -> Option<Deep> {
        let items: Option<Vec<Deep>> = grammar::children(node, Rule::item)
            .map(|item| self.deep_expression(&item))
            .collect();
        let items = items?;
        let depth = items.iter().map(|item| item.depth).max().unwrap_or(0) + 1;
        let kind = ExprKind::List(items.into_iter().map(|item| item.expr).collect());
        Some(Deep {
            expr: Expr {
                kind,
                span: self.span(node),
            },
            depth,
        })
    }

    fn call(&mut self, node: &Node<'_>) -> Option<Deep> {
        let name = self.named(node, Rule::name)?;
        let mut args = Vec::new();
        let mut deepest = 0;
        for argument in grammar::children(node, Rule::argument) {
            let (argument, depth) = self.argument(&argument)?;
            deepest = deepest.max(depth);
            args.push(argument);
        }
        let kind = ExprKind::Call { name, args };
        Some(Deep {
            expr: Expr {
                kind,
                span: self.span(node),
            },
            depth: deepest + 1,
        })
    }

    fn argument(&mut self, node: &Node<'_>) -> Option<(Argument, u32)> {
        let mut items = grammar::children(node, Rule::item);
        let (label, value) = match grammar::child(node, Rule::label) {
            Some(label) => {
                let text = grammar::child(node, Rule::text)?;
                let literal = self.scalar(&text)?;
                let span = literal.span;
                let value = Deep::leaf(Expr {
                    kind: ExprKind::Literal(literal),
                    span,
                });
                (Some(self.named(&label, Rule::name)?), value)
            }
            None => (None, self.deep_expression(&items.next()?)?),
        };
        let filter = match items.next() {
            Some(filter) => Some(self.deep_expression(&filter)?),
            None => None,
        };
        let depth = value
            .depth
            .max(filter.as_ref().map_or(0, |filter| filter.depth));
        let filter = filter.map(|filter| Box::new(filter.expr));
        Some((
            Argument {
                label,
                value: value.expr,
                filter,
            },
            depth,
        ))
    }

    /// Returns what stands behind a leading dot, and what is looked up in it.
    fn raw(&mut self, head: &Node<'_>, tail: &[Node<'_>]) -> Option<Deep> {
        let mut parts = Vec::new();
        if let Some(key) = grammar::child(head, Rule::raw_key) {
            parts.push(RawPart::Key(self.key(&key).text));
        }
        let start = self.span(head);
        let (path, rest) = self.raw_path(start, parts, tail);
        let span = path.span;
        self.looked_into(
            Deep::leaf(Expr {
                kind: ExprKind::Raw(path),
                span,
            }),
            rest,
        )
    }

    /// Returns the raw path of a node of that rule, and tells what is none.
    pub(super) fn raw_path_of(&mut self, node: &Node<'_>) -> Option<RawPath> {
        let children: Vec<Node<'_>> = node.clone().into_inner().collect();
        let (head, tail) = children.split_first()?;
        let deep = self.raw(head, tail)?;
        let ExprKind::Raw(path) = deep.expr.kind else {
            let message = "expected a path such as `.detail`, found a look-up";
            self.error(
                Code::Syntax,
                deep.expr.span,
                message,
                "only keys and whole numbers stand here",
            );
            return None;
        };
        Some(path)
    }

    /// Takes keys and whole numbers off the front of a tail.
    fn raw_path<'t, 'i>(
        &mut self,
        start: Span,
        mut parts: Vec<RawPart>,
        tail: &'t [Node<'i>],
    ) -> (RawPath, &'t [Node<'i>]) {
        let mut span = start;
        let mut rest = tail;
        while let Some((next, after)) = rest.split_first() {
            let part = match (grammar::child(next, Rule::raw_key), position(next)) {
                (Some(key), _) => RawPart::Key(self.key(&key).text),
                (None, Some(index)) => RawPart::Index(index),
                (None, None) => break,
            };
            parts.push(part);
            span = span.to(self.span(next));
            rest = after;
        }
        (RawPath { parts, span }, rest)
    }

    /// Returns the meaning of a dotted name: a path, or a path into the raw record behind `raw`.
    fn reference(&mut self, head: &Node<'_>, tail: &[Node<'_>]) -> Option<Deep> {
        let words = tail
            .iter()
            .take_while(|part| plain_key(part).is_some())
            .count();
        let first = self.word(head);
        let rooted = self.roots.contains(&first.text);
        if let Some(raw) = self.raw_field(head, &first, tail).filter(|_| !rooted) {
            return self.raw_reference(head, raw, tail);
        }
        let any_case = rooted || head.as_str() == "raw";
        let mut parts = vec![if any_case { first } else { self.name(head) }];
        let (path_parts, rest) = tail.split_at_checked(words)?;
        for part in path_parts {
            let key = grammar::child(part, Rule::raw_key)?;
            parts.push(if rooted {
                self.word(&key)
            } else {
                self.name(&key)
            });
        }
        let last = parts.last()?.span;
        let span = self.span(head).to(last);
        let path = Expr {
            kind: ExprKind::Path(Path { parts, span }),
            span,
        };
        self.looked_into(Deep::leaf(path), rest)
    }

    /// Returns how many parts of the tail belong to `a.raw` before the path into the record starts.
    fn raw_field(
        &self,
        head: &Node<'_>,
        first: &Name,
        tail: &[Node<'_>],
    ) -> Option<(Option<Name>, usize)> {
        if head.as_str() == "raw" {
            return tail
                .first()
                .filter(|part| part.as_rule() == Rule::part)
                .map(|_| (None, 0));
        }
        let second = tail.first().and_then(plain_key)?;
        let follows = tail.get(1).is_some_and(|part| part.as_rule() == Rule::part);
        (second == "raw" && follows).then(|| (Some(first.clone()), 1))
    }

    fn raw_reference(
        &mut self,
        head: &Node<'_>,
        (step, skipped): (Option<Name>, usize),
        tail: &[Node<'_>],
    ) -> Option<Deep> {
        let tail = tail.get(skipped..)?;
        let start = self.span(tail.first()?);
        let (path, rest) = self.raw_path(start, Vec::new(), tail);
        let span = self.span(head).to(path.span);
        self.looked_into(
            Deep::leaf(Expr {
                kind: ExprKind::RawField { step, path },
                span,
            }),
            rest,
        )
    }

    /// Returns a base with the indexes and parts behind it.
    fn looked_into(&mut self, base: Deep, tail: &[Node<'_>]) -> Option<Deep> {
        let mut deep = base;
        for next in tail {
            let span = deep.expr.span.to(self.span(next));
            deep = match grammar::child(next, Rule::raw_key) {
                Some(key) => {
                    let part = self.key(&key);
                    deep.wrap(|base| Expr {
                        kind: ExprKind::Member { base, part },
                        span,
                    })
                }
                None => {
                    let index = self.deep_expression(&grammar::child(next, Rule::expression)?)?;
                    let mut joined =
                        deep.join(index, |base, index| ExprKind::Index { base, index });
                    joined.expr.span = span;
                    joined
                }
            };
            if deep.depth > super::chain::DEPTH_MAX {
                self.tell(crate::syntax::scan::too_many_operations(span));
                return None;
            }
        }
        Some(deep)
    }

    /// Returns a key of a record: a word in any case, or a text.
    fn key(&mut self, node: &Node<'_>) -> Name {
        if node.as_str().starts_with('"') {
            let text = self.text(node);
            return Name {
                text: text.value,
                span: text.span,
            };
        }
        self.word(node)
    }
}

/// Returns the word of `.word`, or nothing for `."text"` and for `[…]`.
fn plain_key<'i>(part: &Node<'i>) -> Option<&'i str> {
    let key = grammar::child(part, Rule::raw_key)?;
    let written = key.as_str();
    (!written.starts_with('"')).then_some(written)
}

/// Returns the whole number of `[n]` and `[-n]`.
fn position(index: &Node<'_>) -> Option<i64> {
    let inner = index.as_str().strip_prefix('[')?.strip_suffix(']')?.trim();
    let digits = inner.strip_prefix('-').unwrap_or(inner);
    match literal::number(digits) {
        Ok(LiteralKind::Int(value)) if digits.len() < inner.len() => Some(-value),
        Ok(LiteralKind::Int(value)) => Some(value),
        Ok(_) | Err(_) => None,
    }
}
