//! Sources: lines that make an event of a record.
//!
//! Apart from other declarations because an `explode` line gives the others a root for their paths.

use crate::syntax::ast::{Source, SourceLine, SourceLineKind};
use crate::syntax::parse::Node;
use crate::syntax::parse::builder::Builder;
use crate::syntax::parse::grammar::{self, Rule};

impl Builder<'_> {
    pub(super) fn source(&mut self, node: &Node<'_>) -> Option<Source> {
        let name = self.named(node, Rule::name)?;
        let lines: Vec<Node<'_>> = grammar::children(node, Rule::source_line)
            .filter_map(|line| grammar::first(&line))
            .collect();
        for line in lines.iter().filter(|line| line.as_rule() == Rule::explode) {
            let root = grammar::child(line, Rule::name)?;
            self.roots.push(self.word(&root).text);
        }
        let lines: Option<Vec<SourceLine>> =
            lines.iter().map(|line| self.source_line(line)).collect();
        Some(Source {
            name,
            doc: self.doc(node),
            lines: lines?,
        })
    }

    fn source_line(&mut self, node: &Node<'_>) -> Option<SourceLine> {
        let kind = match node.as_rule() {
            Rule::assign => self.assign(node)?,
            Rule::source_when => SourceLineKind::When(self.expression_of(node)?),
            Rule::absent => SourceLineKind::Absent(self.literals(node)?),
            Rule::source_drop => SourceLineKind::Drop(self.expression_of(node)?),
            Rule::lateness => SourceLineKind::Lateness(self.duration_of(node)?),
            Rule::dedupe => SourceLineKind::Dedupe(self.duration_of(node)?),
            Rule::explode => SourceLineKind::Explode {
                list: self.value(&grammar::child(node, Rule::value)?)?.expr,
                name: self.named(node, Rule::name)?,
            },
            Rule::fields => {
                SourceLineKind::Fields(self.raw_path_of(&grammar::child(node, Rule::raw_path)?)?)
            }
            _ => return None,
        };
        Some(SourceLine {
            kind,
            span: self.span(node),
        })
    }

    fn assign(&mut self, node: &Node<'_>) -> Option<SourceLineKind> {
        let field = self.path(&grammar::child(node, Rule::path)?);
        let value = self.expression_of(node)?;
        let when = if grammar::has(node, Rule::kw_when) {
            Some(self.when(node)?)
        } else {
            None
        };
        Some(SourceLineKind::Assign { field, value, when })
    }
}
