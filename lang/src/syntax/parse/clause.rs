//! The clauses of a rule behind its pattern.
//!
//! Apart from the rule because they are many and have nothing in common.

use crate::diagnostic::{Code, Diagnostic};
use crate::syntax::ast::{Clause, ClauseKind, Interval, IntervalKind, Name, Quantity, Without};
use crate::syntax::parse::Node;
use crate::syntax::parse::builder::Builder;
use crate::syntax::parse::grammar::{self, Rule};

impl Builder<'_> {
    pub(super) fn clause(&mut self, node: &Node<'_>) -> Option<Clause> {
        let inner = grammar::first(node)?;
        let kind = match inner.as_rule() {
            Rule::within => ClauseKind::Within(self.duration_of(&inner)?),
            Rule::filter => ClauseKind::Filter(self.filter(&inner)?),
            Rule::without => ClauseKind::Without(self.without(&inner)?),
            Rule::on_match => ClauseKind::OnMatch(self.named(&inner, Rule::match_mode)?),
            Rule::each => ClauseKind::Each {
                every: self.every(&inner)?,
                zone: self.zone(&inner),
            },
            Rule::session => self.session(&inner)?,
            Rule::tolerate => ClauseKind::Tolerate(self.duration_of(&inner)?),
            Rule::kw_global => ClauseKind::Global,
            Rule::across => ClauseKind::AcrossTenants,
            _ => return None,
        };
        Some(Clause {
            kind,
            span: self.span(node),
        })
    }

    fn session(&mut self, node: &Node<'_>) -> Option<ClauseKind> {
        let mut durations = grammar::children(node, Rule::duration);
        let gap = self.duration(&durations.next()?)?;
        let up_to = durations.next().and_then(|up_to| self.duration(&up_to));
        Some(ClauseKind::Session { gap, up_to })
    }

    fn without(&mut self, node: &Node<'_>) -> Option<Without> {
        let (class, name) = (self.class(node)?, self.as_name(node));
        let filters = self.filters(node)?;
        let interval = match (
            grammar::child(node, Rule::between),
            grammar::child(node, Rule::around),
        ) {
            (Some(between), _) => Some(self.between(&between)?),
            (None, Some(around)) => Some(self.around(&around)?),
            (None, None) => None,
        };
        Some(Without {
            class,
            name,
            filters,
            interval,
        })
    }

    fn between(&mut self, node: &Node<'_>) -> Option<Interval> {
        let mut names = grammar::children(node, Rule::name);
        let first = self.name(&names.next()?);
        let kind = match names.next() {
            Some(second) => IntervalKind::Between(first, self.name(&second)),
            None => IntervalKind::Inside(first),
        };
        Some(Interval {
            kind,
            span: self.span(node),
        })
    }

    fn around(&mut self, node: &Node<'_>) -> Option<Interval> {
        let mut before: Option<(Quantity, Name)> = None;
        let mut after: Option<(Quantity, Name)> = None;
        for side in grammar::children(node, Rule::side) {
            let bound = (self.duration_of(&side)?, self.named(&side, Rule::name)?);
            let (slot, word) = match grammar::has(&side, Rule::kw_before) {
                true => (&mut before, "before"),
                false => (&mut after, "after"),
            };
            if slot.is_some() {
                let message = format!("expected one `{word}`, found a second");
                let help = "write `within D before a or D after b`, or a second `without`";
                let span = self.span(&side);
                self.tell(Diagnostic::error(Code::RepeatedLine, span, message).help(help));
            }
            *slot = Some(bound);
        }
        Some(Interval {
            kind: IntervalKind::Around { before, after },
            span: self.span(node),
        })
    }
}
