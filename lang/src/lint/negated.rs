//! Warns of `where x is not y` where `x` may be missing: the event is lost, and no one sees it.
//!
//! Apart from other advice because this one mistake hides attacks.

use std::collections::BTreeSet;

use super::Together;
use crate::check::Checker;
use crate::diagnostic::{Code, Diagnostic};
use crate::ir::{Condition, ExprId, ExprKind, FieldId, Row};

pub(super) fn lint(checker: &mut Checker<'_>) {
    let mut found = Vec::new();
    for set in checker.together() {
        let present = checker.present(&set);
        for condition in set.own.iter().filter(|condition| !condition.unless) {
            if let Some(field) = checker.negated_field(condition.expr, &set)
                && !present.contains(&field)
            {
                found.extend(checker.negated_warning(condition, field));
            }
        }
    }
    found.dedup();
    checker.diagnostics.extend(found);
}

impl Checker<'_> {
    /// Returns the field that a negated test is about.
    fn negated_field(&self, id: ExprId, set: &Together<'_>) -> Option<FieldId> {
        let ExprKind::Not(inner) = &self.program.exprs[id].kind else {
            return None;
        };
        self.tested_field(*inner, set)
    }

    /// Returns the field that a test is about; of several tests the first that may miss its own.
    fn tested_field(&self, id: ExprId, set: &Together<'_>) -> Option<FieldId> {
        let left = match &self.program.exprs[id].kind {
            ExprKind::Or(parts) => {
                let present = self.present(set);
                let mut tested = parts
                    .iter()
                    .filter_map(|part| self.tested_field(*part, set));
                return tested.find(|field| !present.contains(field));
            }
            ExprKind::Compare(_, left, right) => self
                .field_at(*left, set.row)
                .or_else(|| self.field_at(*right, set.row)),
            ExprKind::CompareRank(_, _, left, _)
            | ExprKind::Match(_, left, _)
            | ExprKind::In(left, _)
            | ExprKind::Holds { list: left, .. } => self.field_at(*left, set.row),
            _ => None,
        };
        let core = self.program.core;
        left.filter(|field| ![core.time, core.id, core.source].contains(field))
    }

    /// Returns the fields that some condition makes sure of: it is true only where they are there.
    fn present(&self, set: &Together<'_>) -> BTreeSet<FieldId> {
        let mut present: BTreeSet<FieldId> = set.present.iter().copied().collect();
        let own = set.own.iter().map(|condition| (condition, set.row));
        // A class and a step's own conditions read the event at hand.
        let inherited = set
            .inherited
            .iter()
            .map(|condition| (*condition, Row::This));
        for (condition, row) in own
            .chain(inherited)
            .filter(|(condition, _)| !condition.unless)
        {
            let (left, right) = match &self.program.exprs[condition.expr].kind {
                ExprKind::Compare(_, left, right) => (*left, Some(*right)),
                ExprKind::Exists(left)
                | ExprKind::CompareRank(_, _, left, _)
                | ExprKind::Match(_, left, _)
                | ExprKind::In(left, _)
                | ExprKind::Holds { list: left, .. } => (*left, None),
                _ => continue,
            };
            let sides = std::iter::once(left).chain(right);
            present.extend(sides.filter_map(|id| self.field_at(id, row)));
        }
        present
    }

    fn negated_warning(&self, condition: &Condition, field: FieldId) -> Option<Diagnostic> {
        let super::Negated { positive, subject } = self.negated.get(&condition.expr)?;
        let name = &self.program.fields[field].name;
        // Of several tests none is the subject; the field that may be missing is.
        let subject = if subject.is_empty() { name } else { &**subject };
        let message = format!(
            "where `{name}` is missing, `{}` is unknown and the event is left out",
            condition.text
        );
        Some(
            Diagnostic::warning(Code::NegatedOptional, condition.span, message).help(format!(
                "write `unless {positive}` to keep it, or add `{subject} exists and` to say that it is meant"
            )),
        )
    }
}
