//! Memories.
//!
//! Apart from other declarations because their options come in any order, each at most once.

use crate::file::Span;
use crate::syntax::ast::{Memory, MemoryKind};
use crate::syntax::parse::Node;
use crate::syntax::parse::builder::Builder;
use crate::syntax::parse::grammar::{self, Rule};

impl Builder<'_> {
    pub(super) fn memory(&mut self, node: &Node<'_>) -> Option<Memory> {
        let name = self.named(node, Rule::name)?;
        let kind = self.memory_kind(&grammar::child(node, Rule::memory_kind)?)?;
        let class = Some(self.class(node)?.name).filter(|class| class.text != "any");
        let filters = self.filters(node)?;
        let mut memory = Memory {
            name,
            kind,
            class,
            filters,
            per: Vec::new(),
            keep: None,
            learn: None,
            max: None,
        };
        let mut seen: Vec<(Rule, Span)> = Vec::new();
        for option in grammar::children(node, Rule::memory_option) {
            let option = grammar::first(&option)?;
            self.once(&mut seen, &option);
            match option.as_rule() {
                Rule::per => memory.per = self.paths(&option),
                Rule::memory_for => memory.keep = self.duration_of(&option),
                Rule::memory_learn => memory.learn = self.duration_of(&option),
                _ => memory.max = self.amount(&grammar::child(&option, Rule::amount)?),
            }
        }
        Some(memory)
    }

    fn memory_kind(&mut self, node: &Node<'_>) -> Option<MemoryKind> {
        let inner = grammar::first(node)?;
        if inner.as_rule() == Rule::kw_count {
            return Some(MemoryKind::Count);
        }
        if inner.as_rule() == Rule::memory_profile {
            let aggregate = self.operand(&grammar::child(&inner, Rule::operand)?)?.expr;
            return Some(MemoryKind::Profile {
                aggregate,
                every: self.duration_of(&inner)?,
            });
        }
        let path = self.path(&grammar::child(&inner, Rule::path)?);
        match inner.as_rule() {
            Rule::memory_seen => Some(MemoryKind::Seen(path)),
            Rule::memory_last => Some(MemoryKind::Last(path)),
            Rule::memory_distinct => Some(MemoryKind::Distinct(path)),
            _ => None,
        }
    }
}
