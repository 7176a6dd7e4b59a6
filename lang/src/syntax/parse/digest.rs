//! Digests.
//!
//! Apart from other declarations because they share windows with rules and nothing else.

use crate::syntax::ast::{Digest, DigestAction, Expr, Name, Quantity, Text};
use crate::syntax::parse::Node;
use crate::syntax::parse::builder::Builder;
use crate::syntax::parse::grammar::{self, Rule};

impl Builder<'_> {
    pub(super) fn digest(&mut self, node: &Node<'_>) -> Option<Digest> {
        let name = self.named(node, Rule::name)?;
        let class = self.class(node)?;
        let filters = self.filters(node)?;
        let action = grammar::first(&grammar::child(node, Rule::digest_action)?)?;
        Some(Digest {
            name,
            class,
            filters,
            action: self.digest_action(&action)?,
        })
    }

    fn digest_action(&mut self, node: &Node<'_>) -> Option<DigestAction> {
        match node.as_rule() {
            Rule::kw_drop => Some(DigestAction::Drop),
            Rule::keep_first => {
                let each = match grammar::child(node, Rule::each) {
                    Some(each) => Some((self.every(&each)?, self.zone(&each))),
                    None => None,
                };
                Some(DigestAction::First {
                    per: self.per(node),
                    each,
                })
            }
            Rule::keep_changes => {
                let of = self.path(&grammar::child(node, Rule::path)?);
                Some(DigestAction::Changes {
                    of,
                    per: self.per(node),
                })
            }
            Rule::summarize => self.summarize(node),
            _ => None,
        }
    }

    fn summarize(&mut self, node: &Node<'_>) -> Option<DigestAction> {
        let values: Option<Vec<(Name, Expr)>> = grammar::children(node, Rule::digest_value)
            .map(|value| self.digest_value(&value))
            .collect();
        let every: Quantity = self.every(node)?;
        Some(DigestAction::Summarize {
            per: self.per(node),
            every,
            zone: self.zone(node),
            values: values?,
        })
    }

    fn digest_value(&mut self, node: &Node<'_>) -> Option<(Name, Expr)> {
        let name = self.named(node, Rule::name)?;
        let value = self.expression(&grammar::child(node, Rule::item)?)?;
        Some((name, value))
    }

    /// Returns the zone among the children of a node.
    pub(super) fn zone(&mut self, node: &Node<'_>) -> Option<Text> {
        let zone = grammar::child(node, Rule::zone)?;
        self.doc(&zone)
    }
}
