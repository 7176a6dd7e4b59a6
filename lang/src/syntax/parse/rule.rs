//! Rules: their metadata and their alert.
//!
//! Apart from patterns and clauses, which have files of their own.

use crate::syntax::ast::{
    Alert, AlertOption, AlertOptionKind, Clause, Meta, MetaKind, Name, Rule as RuleNode,
};
use crate::syntax::parse::Node;
use crate::syntax::parse::builder::Builder;
use crate::syntax::parse::grammar::{self, Rule};

impl Builder<'_> {
    pub(super) fn rule(&mut self, node: &Node<'_>) -> Option<RuleNode> {
        let name = self.named(node, Rule::name)?;
        let title = self.doc(node);
        let meta: Option<Vec<Meta>> = grammar::children(node, Rule::meta)
            .map(|meta| self.meta(&meta))
            .collect();
        let pattern = match grammar::child(node, Rule::when) {
            Some(when) => Some(self.pattern(&grammar::child(&when, Rule::pattern)?)?),
            None => None,
        };
        let clauses: Option<Vec<Clause>> = grammar::children(node, Rule::clause)
            .map(|clause| self.clause(&clause))
            .collect();
        let alert = match grammar::child(node, Rule::alert) {
            Some(alert) => Some(self.alert(&alert)?),
            None => None,
        };
        Some(RuleNode {
            name,
            title,
            meta: meta?,
            pattern,
            clauses: clauses?,
            alert,
        })
    }

    fn meta(&mut self, node: &Node<'_>) -> Option<Meta> {
        let inner = grammar::first(node)?;
        let kind = match inner.as_rule() {
            Rule::about => MetaKind::About(self.doc(&inner)?),
            Rule::attack => MetaKind::Attack(
                grammar::children(&inner, Rule::technique)
                    .map(|id| self.word(&id))
                    .collect(),
            ),
            Rule::tags => {
                let tags: Option<Vec<Name>> = grammar::children(&inner, Rule::tag)
                    .map(|tag| self.name_or_text(&tag))
                    .collect();
                MetaKind::Tags(tags?)
            }
            Rule::status => MetaKind::Status(self.named(&inner, Rule::level)?),
            Rule::references => MetaKind::References(self.texts(&inner)),
            Rule::false_positives => MetaKind::FalsePositives(self.doc(&inner)?),
            _ => return None,
        };
        Some(Meta {
            kind,
            span: self.span(node),
        })
    }

    fn alert(&mut self, node: &Node<'_>) -> Option<Alert> {
        let severity = self.named(node, Rule::severity)?;
        let text = grammar::child(node, Rule::text).map(|text| self.template(&text));
        let options: Option<Vec<AlertOption>> = grammar::children(node, Rule::alert_option)
            .map(|option| self.alert_option(&option))
            .collect();
        Some(Alert {
            severity,
            text,
            options: options?,
            span: self.span(node),
        })
    }

    fn alert_option(&mut self, node: &Node<'_>) -> Option<AlertOption> {
        let inner = grammar::first(node)?;
        let when = if grammar::has(&inner, Rule::kw_when) {
            Some(self.when(&inner)?)
        } else {
            None
        };
        let kind = match inner.as_rule() {
            Rule::show => AlertOptionKind::Show(self.paths(&inner)),
            Rule::note => {
                let text = self.template(&grammar::child(&inner, Rule::text)?);
                AlertOptionKind::Note { text, when }
            }
            Rule::severity_option => AlertOptionKind::Severity {
                level: self.named(&inner, Rule::severity)?,
                when,
            },
            Rule::score => AlertOptionKind::Score {
                points: self.expression_of(&inner)?,
                on: self.path(&grammar::child(&inner, Rule::path)?),
                when,
            },
            Rule::suppress => AlertOptionKind::Suppress {
                span: self.duration_of(&inner)?,
                per: self.per(&inner),
            },
            _ => return None,
        };
        Some(AlertOption {
            kind,
            span: self.span(node),
        })
    }
}
