//! Literals, and the durations and amounts that a `param` may stand for.
//!
//! Apart from expressions because declarations have literals where they have no expressions.

use crate::diagnostic::{Code, Diagnostic};
use crate::file::Span;
use crate::syntax::ast::{Literal, LiteralKind, Quantity};
use crate::syntax::literal::{self, NumberError};
use crate::syntax::parse::Node;
use crate::syntax::parse::builder::Builder;
use crate::syntax::parse::grammar::{self, Rule};
use crate::units::{DAY, Dimension, Duration};

impl Builder<'_> {
    /// Returns the literal of a terminal: a number, a text, a time or a truth value.
    pub(super) fn scalar(&mut self, node: &Node<'_>) -> Option<Literal> {
        let span = self.span(node);
        let written = node.as_str();
        let kind = match node.as_rule() {
            Rule::number => self.number(written, span),
            Rule::text | Rule::raw_text => {
                let text = self.text(node);
                LiteralKind::Text {
                    value: text.value,
                    raw: text.raw,
                }
            }
            Rule::boolean => LiteralKind::Bool(written == "true"),
            Rule::clock => LiteralKind::Clock(self.clock(node)),
            Rule::instant => LiteralKind::Instant(self.instant(node)),
            _ => return None,
        };
        Some(Literal { kind, span })
    }

    /// Returns the literal of a declaration, which may have a sign.
    pub(super) fn literal(&mut self, node: &Node<'_>) -> Option<Literal> {
        let negative = grammar::has(node, Rule::minus);
        let scalar = node
            .clone()
            .into_inner()
            .find(|child| child.as_rule() != Rule::minus)?;
        let mut literal = self.scalar(&scalar)?;
        literal.span = self.span(node);
        if negative {
            self.negate(&mut literal);
        }
        Some(literal)
    }

    fn negate(&mut self, literal: &mut Literal) {
        literal.kind = match &literal.kind {
            LiteralKind::Int(value) => LiteralKind::Int(-value),
            LiteralKind::Float(value) => LiteralKind::Float(-value),
            LiteralKind::Percent(value) => LiteralKind::Percent(-value),
            LiteralKind::Duration(span) => LiteralKind::Duration(Duration(-span.0)),
            LiteralKind::Quantity { base, dimension } => LiteralKind::Quantity {
                base: -base,
                dimension: *dimension,
            },
            other @ (LiteralKind::Text { .. }
            | LiteralKind::Bool(_)
            | LiteralKind::Clock(_)
            | LiteralKind::Instant(_)) => {
                let other = other.clone();
                let message = "expected a number after `-`, found something else";
                self.error(Code::Syntax, literal.span, message, "remove the `-`");
                other
            }
        };
    }

    pub(super) fn literals(&mut self, node: &Node<'_>) -> Option<Vec<Literal>> {
        grammar::children(node, Rule::literal)
            .map(|literal| self.literal(&literal))
            .collect()
    }

    fn number(&mut self, written: &str, span: Span) -> LiteralKind {
        literal::number(written).unwrap_or_else(|error| {
            self.tell(bad_number(written, span, error));
            LiteralKind::Int(0)
        })
    }

    pub(super) fn clock(&mut self, node: &Node<'_>) -> i64 {
        let written = node.as_str();
        literal::clock(written).unwrap_or_else(|| {
            let message = format!("expected a time of day such as `08:00`, found `{written}`");
            let help =
                "hours go from 0 to 23, minutes and seconds to 59; `24:00` is the end of the day";
            let span = self.span(node);
            self.error(Code::MalformedTime, span, message, help);
            0
        })
    }

    pub(super) fn instant(&mut self, node: &Node<'_>) -> i64 {
        let written = node.as_str();
        literal::instant(written).unwrap_or_else(|| {
            let message =
                format!("expected an instant such as `2026-03-15T08:42:17Z`, found `{written}`");
            let help = "an instant has a date, a `T`, a time of day and a zone, `Z` or `+02:00`";
            let span = self.span(node);
            self.error(Code::MalformedTime, span, message, help);
            0
        })
    }

    /// Returns the duration of a node, and tells a number that is none.
    pub(super) fn duration(&mut self, node: &Node<'_>) -> Option<Quantity> {
        let quantity = self.quantity(node)?;
        if let Quantity::Literal(literal) = &quantity
            && !matches!(literal.kind, LiteralKind::Duration(_))
        {
            self.wrong_quantity(node, &literal.kind, "a duration such as `5m`");
        }
        Some(quantity)
    }

    /// Returns the duration that the first child of a node is.
    pub(super) fn duration_of(&mut self, node: &Node<'_>) -> Option<Quantity> {
        let child = grammar::child(node, Rule::duration)?;
        self.duration(&child)
    }

    /// Returns the duration of a window, where `day` is one too.
    pub(super) fn every(&mut self, node: &Node<'_>) -> Option<Quantity> {
        if let Some(day) = grammar::child(node, Rule::kw_day) {
            let kind = LiteralKind::Duration(Duration(DAY));
            return Some(Quantity::Literal(Literal {
                kind,
                span: self.span(&day),
            }));
        }
        self.duration_of(node)
    }

    /// Returns the whole number of a node, and tells a number that is none.
    pub(super) fn amount(&mut self, node: &Node<'_>) -> Option<Quantity> {
        let quantity = self.quantity(node)?;
        if let Quantity::Literal(literal) = &quantity
            && !matches!(literal.kind, LiteralKind::Int(_))
        {
            self.wrong_quantity(node, &literal.kind, "a whole number such as `5`");
        }
        Some(quantity)
    }

    /// Returns the whole number of a terminal, at most 32 bits.
    pub(super) fn count(&mut self, node: &Node<'_>) -> u32 {
        let span = self.span(node);
        let told = self.diagnostics.len();
        let kind = self.number(node.as_str(), span);
        let LiteralKind::Int(value) = kind else {
            self.wrong_quantity(node, &kind, "a whole number such as `5`");
            return 0;
        };
        u32::try_from(value).unwrap_or_else(|_| {
            if self.diagnostics.len() == told {
                self.tell(bad_number(node.as_str(), span, NumberError::TooLarge));
            }
            0
        })
    }

    fn quantity(&mut self, node: &Node<'_>) -> Option<Quantity> {
        let inner = grammar::first(node)?;
        if inner.as_rule() == Rule::name {
            return Some(Quantity::Param(self.name(&inner)));
        }
        self.scalar(&inner).map(Quantity::Literal)
    }

    pub(super) fn wrong_quantity(&mut self, node: &Node<'_>, kind: &LiteralKind, expected: &str) {
        let written = node.as_str();
        let span = self.span(node);
        if self.diagnostics.iter().any(|told| told.span == span) {
            return;
        }
        let after = self.word_before(node);
        let message = format!("expected {expected}{after}, found `{written}`");
        let error = Diagnostic::error(Code::WrongQuantity, span, message);
        let wants_duration = expected.contains("duration");
        self.tell(match kind {
            LiteralKind::Int(_) | LiteralKind::Float(_) if wants_duration => error.help(format!(
                "write a unit: `{written}s`, `{written}m`, `{written}h` or `{written}d`"
            )),
            LiteralKind::Quantity {
                dimension: Dimension::Distance | Dimension::Speed | Dimension::Size,
                ..
            }
            | LiteralKind::Percent(_)
                if wants_duration =>
            {
                error.help("the units of a duration are `ms`, `s`, `m`, `h`, `d` and `w`")
            }
            _ => error.help("write it without a unit"),
        });
    }

    /// Returns " after `word`" for the word before a node.
    fn word_before(&self, node: &Node<'_>) -> String {
        let start = super::builder::offset(node.as_span().start());
        let at = self
            .tokens
            .tokens
            .partition_point(|token| token.end <= start);
        match at.checked_sub(1).map(|before| self.tokens.word(before)) {
            Some(word) if word.chars().all(char::is_alphabetic) => format!(" after `{word}`"),
            _ => String::new(),
        }
    }
}

fn bad_number(written: &str, span: Span, error: NumberError) -> Diagnostic {
    match error {
        NumberError::Malformed => {
            let message = format!("expected a number such as `1_000`, found `{written}`");
            Diagnostic::error(Code::MalformedNumber, span, message)
                .help("digits may be grouped with single `_`; there is one `.`, and no exponent")
        }
        NumberError::TooLarge => {
            let message = format!("expected a number of at most 64 bits, found `{written}`");
            Diagnostic::error(Code::NumberTooLarge, span, message)
                .help("an id is text: write it between quotes")
        }
        NumberError::Compound => {
            let message =
                format!("expected durations from the largest unit down, found `{written}`");
            Diagnostic::error(Code::MalformedNumber, span, message)
                .help("a compound duration has whole amounts and each unit once: `1h30m`")
        }
        NumberError::UnknownUnit { unit, suggestion } => {
            let message = format!("expected a unit, found `{unit}`");
            let error = Diagnostic::error(Code::UnknownUnit, span, message);
            match suggestion {
                Some(mended) => error.help(format!("write `{mended}`")).patch(mended),
                None => error.help(format!("the units are {}", unit_names())),
            }
        }
    }
}

fn unit_names() -> String {
    let names: Vec<String> = crate::units::UNITS
        .iter()
        .map(|unit| format!("`{}`", unit.name))
        .collect();
    names.join(", ")
}
