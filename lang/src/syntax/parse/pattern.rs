//! Patterns: steps joined by `then`.
//!
//! Apart from clauses because a pattern nests and a clause does not.

use crate::syntax::ast::{Name, Pattern, PatternStep, Step, StepKind};
use crate::syntax::parse::Node;
use crate::syntax::parse::builder::Builder;
use crate::syntax::parse::expression::compare_op;
use crate::syntax::parse::grammar::{self, Rule};

impl Builder<'_> {
    pub(super) fn pattern(&mut self, node: &Node<'_>) -> Option<Pattern> {
        let mut steps = Vec::new();
        let mut gap = None;
        for child in node.clone().into_inner() {
            if child.as_rule() == Rule::then {
                gap = self.duration_of(&child);
            } else {
                steps.push(PatternStep {
                    gap: gap.take(),
                    step: self.step(&child)?,
                });
            }
        }
        Some(Pattern {
            steps,
            span: self.span(node),
        })
    }

    fn step(&mut self, node: &Node<'_>) -> Option<Step> {
        let kind = self.step_kind(&grammar::first(node)?)?;
        Some(Step {
            kind,
            filters: self.filters(node)?,
            span: self.span(node),
        })
    }

    fn step_kind(&mut self, node: &Node<'_>) -> Option<StepKind> {
        match node.as_rule() {
            Rule::single => Some(StepKind::Event {
                class: self.class(node)?,
                name: self.as_name(node),
            }),
            Rule::group => self.group(node),
            Rule::aggregate => self.aggregate(node),
            Rule::set => self.set(node),
            Rule::local => {
                let pattern = self.pattern(&grammar::child(node, Rule::pattern)?)?;
                Some(StepKind::Local {
                    pattern: Box::new(pattern),
                    within: self.duration_of(node),
                })
            }
            _ => None,
        }
    }

    /// Returns the name behind `as` among the children of a node.
    pub(super) fn as_name(&mut self, node: &Node<'_>) -> Option<Name> {
        let child = grammar::child(node, Rule::as_name)?;
        self.named(&child, Rule::name)
    }

    fn group(&mut self, node: &Node<'_>) -> Option<StepKind> {
        let least = self.amount(&grammar::child(node, Rule::amount)?)?;
        let (class, name) = (self.class(node)?, self.as_name(node));
        Some(match grammar::child(node, Rule::path) {
            Some(path) => StepKind::Different {
                least,
                path: self.path(&path),
                class,
                name,
            },
            None => StepKind::Count { least, class, name },
        })
    }

    fn aggregate(&mut self, node: &Node<'_>) -> Option<StepKind> {
        Some(StepKind::Aggregate {
            function: self.named(node, Rule::name)?,
            path: self.path(&grammar::child(node, Rule::path)?),
            class: self.class(node)?,
            name: self.as_name(node),
            op: compare_op(grammar::child(node, Rule::compare_sign)?.as_str())?,
            value: Box::new(self.value(&grammar::child(node, Rule::value)?)?.expr),
        })
    }

    fn set(&mut self, node: &Node<'_>) -> Option<StepKind> {
        let least = match grammar::child(node, Rule::amount) {
            Some(amount) => Some(self.amount(&amount)?),
            None => None,
        };
        let steps: Option<Vec<Step>> = grammar::children(node, Rule::set_step)
            .map(|step| self.step(&step))
            .collect();
        Some(StepKind::Set {
            least,
            steps: steps?,
        })
    }
}
