//! Warns of `where x is not y` where `x` may be missing: the event is lost, and no one sees it.
//!
//! Apart from other advice because this one mistake hides attacks.

use super::Together;
use crate::check::Checker;
use crate::diagnostic::{Code, Diagnostic};
use crate::ir::{Condition, ExprId, ExprKind, FieldId};

pub(super) fn lint(checker: &mut Checker<'_>) {
    let mut found = Vec::new();
    for set in checker.together() {
        for condition in set.own.iter().filter(|condition| !condition.unless) {
            if let Some(field) = checker.negated_field(condition.expr, &set)
                && !checker.is_present(field, condition, &set)
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
        let left = match &self.program.exprs[*inner].kind {
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

    /// Tells whether another condition makes sure that a field is there.
    fn is_present(&self, field: FieldId, of: &Condition, set: &Together<'_>) -> bool {
        if set.present.contains(&field) {
            return true;
        }
        let others = set.own.iter().chain(set.inherited.iter().copied());
        others
            .filter(|other| !other.unless && other.expr != of.expr)
            .any(|other| self.needs(other.expr, field, set))
    }

    /// Tells whether a condition is true only where a field is there.
    fn needs(&self, id: ExprId, field: FieldId, set: &Together<'_>) -> bool {
        let at = |id: ExprId| self.field_at(id, set.row) == Some(field);
        match &self.program.exprs[id].kind {
            ExprKind::Exists(value) => at(*value),
            ExprKind::Compare(_, left, right) => at(*left) || at(*right),
            ExprKind::CompareRank(_, _, left, _)
            | ExprKind::Match(_, left, _)
            | ExprKind::In(left, _)
            | ExprKind::Holds { list: left, .. } => at(*left),
            _ => false,
        }
    }

    fn negated_warning(&self, condition: &Condition, field: FieldId) -> Option<Diagnostic> {
        let super::Negated { positive, subject } = self.negated.get(&condition.expr)?;
        let name = &self.program.fields[field].name;
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
