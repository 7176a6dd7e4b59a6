//! Tests of rules.
//!
//! Apart from other declarations because only tests have moments.

use crate::syntax::ast::LiteralKind;
use crate::syntax::ast::{Expr, Path, Test, TestLine, TestLineKind, TestTime, TestTimeKind};
use crate::syntax::parse::Node;
use crate::syntax::parse::builder::Builder;
use crate::syntax::parse::grammar::{self, Rule};
use crate::units::Duration;

impl Builder<'_> {
    pub(super) fn test(&mut self, node: &Node<'_>) -> Option<Test> {
        let lines: Option<Vec<TestLine>> = grammar::children(node, Rule::test_line)
            .map(|line| self.test_line(&line))
            .collect();
        Some(Test {
            name: self.doc(node)?,
            rule: self.named(node, Rule::name),
            lines: lines?,
        })
    }

    fn test_line(&mut self, node: &Node<'_>) -> Option<TestLine> {
        let inner = grammar::first(node)?;
        let kind = match inner.as_rule() {
            Rule::test_event => TestLineKind::Event {
                at: self.moment_of(&inner)?,
                class: self.class(&inner)?,
                fields: self.record(&grammar::child(&inner, Rule::record)?)?,
            },
            Rule::feed => TestLineKind::Feed(self.doc(&inner)?),
            Rule::advance => TestLineKind::Advance(self.moment_of(&inner)?),
            Rule::expect_pending => TestLineKind::Pending,
            Rule::expect_forwarded => {
                TestLineKind::Forwarded(self.count(&grammar::child(&inner, Rule::number)?))
            }
            Rule::expect_alerts => self.expect_alerts(&inner)?,
            _ => return None,
        };
        Some(TestLine {
            kind,
            span: self.span(node),
        })
    }

    fn expect_alerts(&mut self, node: &Node<'_>) -> Option<TestLineKind> {
        let count = grammar::child(node, Rule::number).map_or(0, |number| self.count(&number));
        let at = match grammar::child(node, Rule::moment) {
            Some(moment) => Some(self.moment(&moment)?),
            None => None,
        };
        let fields = match grammar::child(node, Rule::record) {
            Some(record) => self.record(&record)?,
            None => Vec::new(),
        };
        Some(TestLineKind::Alerts { count, at, fields })
    }

    fn record(&mut self, node: &Node<'_>) -> Option<Vec<(Path, Expr)>> {
        grammar::children(node, Rule::entry)
            .map(|entry| self.entry(&entry))
            .collect()
    }

    fn entry(&mut self, node: &Node<'_>) -> Option<(Path, Expr)> {
        let path = self.path(&grammar::child(node, Rule::path)?);
        let value = self.expression(&grammar::child(node, Rule::item)?)?;
        Some((path, value))
    }

    fn moment_of(&mut self, node: &Node<'_>) -> Option<TestTime> {
        let child = grammar::child(node, Rule::moment)?;
        self.moment(&child)
    }

    fn moment(&mut self, node: &Node<'_>) -> Option<TestTime> {
        let inner = grammar::first(node)?;
        let kind = match inner.as_rule() {
            Rule::clock => TestTimeKind::Clock {
                day: None,
                time: self.clock(&inner),
            },
            Rule::instant => TestTimeKind::Instant(self.instant(&inner)),
            Rule::moment_after => TestTimeKind::After(self.moment_after(&inner)?),
            Rule::moment_day => TestTimeKind::Clock {
                day: Some(self.count(&grammar::child(&inner, Rule::number)?)),
                time: self.clock(&grammar::child(&inner, Rule::clock)?),
            },
            _ => return None,
        };
        Some(TestTime {
            kind,
            span: self.span(node),
        })
    }

    fn moment_after(&mut self, node: &Node<'_>) -> Option<Duration> {
        let number = grammar::child(node, Rule::number)?;
        let literal = self.scalar(&number)?;
        if let LiteralKind::Duration(span) = literal.kind {
            return Some(span);
        }
        self.wrong_quantity(&number, &literal.kind, "a duration such as `15m`");
        Some(Duration(0))
    }
}
