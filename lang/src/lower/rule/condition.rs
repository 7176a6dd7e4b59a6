//! Sorts the conjuncts of a rule: key, a step's own, a group's, or the whole match's.
//!
//! Apart from keys and steps because one conjunct goes to exactly one of them.

use super::Draft;
use crate::check::{self, Checker, Scope};
use crate::diagnostic::{Code, Diagnostic};
use crate::ir::StepId;
use crate::syntax::ast::{self, Expr, Filter};
use crate::syntax::walk::children;

/// What an expression uses of a group.
#[derive(Clone, Copy, Default)]
struct Uses {
    /// Functions over the group, or a memory as of its last event.
    group: bool,
    /// Fields of a member, by a bare name.
    member: bool,
}

impl<'a> Checker<'a> {
    /// Sorts all conditions of a rule.
    pub(super) fn rule_conditions(&mut self, draft: &mut Draft<'a>) {
        for index in 0..draft.shape.steps.len() {
            let filters = draft
                .shape
                .steps
                .get(index)
                .map(|step| step.filters.clone());
            for filter in filters.unwrap_or_default() {
                for part in crate::lower::parts_of(filter) {
                    self.step_part(part, filter, index, draft);
                }
            }
        }
        let inner = std::mem::take(&mut draft.shape.filters);
        let outer = std::mem::take(&mut draft.clauses.filters);
        for filter in inner.into_iter().chain(outer) {
            for part in crate::lower::parts_of(filter) {
                self.rule_part(part, filter, draft);
            }
        }
    }

    /// Sorts one conjunct of a step's own filter.
    fn step_part(&mut self, part: &'a Expr, filter: &Filter, index: usize, draft: &mut Draft<'a>) {
        if !filter.unless {
            if let ast::ExprKind::Same(paths) = &check::bare(part).kind {
                return self.same_key(paths, draft);
            }
            let scope = draft.step_scope(index);
            if let Some(join) = self.join_of(part, &scope, Some(index), draft)
                && self.add_join(join, draft)
            {
                return;
            }
        }
        if relates_match(part) {
            let condition = self.one_condition(part, filter.unless, &draft.lifted_scope(index));
            draft.whole.extend(condition);
            return;
        }
        let own = draft.shape.names.get(index).is_some_and(|name| name.group);
        let uses = if own {
            self.uses(part, index, draft)
        } else {
            Uses::default()
        };
        match uses {
            Uses {
                group: true,
                member: true,
            } => self.report_mixed(part, index, draft),
            Uses {
                group: true,
                member: false,
            } => {
                let condition = self.one_condition(part, filter.unless, &draft.group_scope(index));
                if let Some(together) = draft.together.get_mut(index) {
                    together.extend(condition);
                }
            }
            Uses { group: false, .. } => {
                let condition = self.one_condition(part, filter.unless, &draft.step_scope(index));
                if let Some(own) = draft.own.get_mut(index) {
                    own.extend(condition);
                }
            }
        }
    }

    /// Sorts one conjunct of a filter of the rule.
    fn rule_part(&mut self, part: &'a Expr, filter: &Filter, draft: &mut Draft<'a>) {
        if let Some(index) = draft.lone_step() {
            return self.step_part(part, filter, index, draft);
        }
        if !filter.unless {
            if let ast::ExprKind::Same(paths) = &check::bare(part).kind {
                return self.same_key(paths, draft);
            }
            let scope = draft.rule_scope();
            if let Some(join) = self.join_of(part, &scope, None, draft)
                && self.add_join(join, draft)
            {
                return;
            }
        }
        let condition = self.one_condition(part, filter.unless, &draft.rule_scope());
        draft.whole.extend(condition);
    }

    /// Returns what an expression uses of the group of a step.
    fn uses(&self, expr: &Expr, index: usize, draft: &Draft<'a>) -> Uses {
        let scope = draft.step_scope(index);
        let id = StepId::from(index);
        let mut uses = Uses::default();
        let mut open = vec![expr];
        while let Some(next) = open.pop() {
            if self.is_of_group(next, id, &scope) {
                uses.group = true;
                continue;
            }
            uses.member |= self.is_of_member(next, &scope);
            children(next, &mut |child| open.push(child));
        }
        uses
    }

    /// Tells whether an expression is a function over a group, or a memory as of its last event.
    fn is_of_group(&self, expr: &Expr, group: StepId, scope: &Scope<'_>) -> bool {
        let own = |path: &ast::Path| {
            let head = path.parts.first().map(|head| head.text.as_str());
            head.is_some() && scope.own.map(|own| own.name) == head
        };
        match &expr.kind {
            ast::ExprKind::Call { name, args } => args
                .first()
                .filter(|_| check::aggregate_function(&name.text).is_some())
                .and_then(|first| self.group_in(&first.value, scope))
                .is_some_and(|(step, _)| step == group),
            ast::ExprKind::Index { base, .. } => self
                .group_in(base, scope)
                .is_some_and(|(step, _)| step == group),
            ast::ExprKind::Path(path) => own(path),
            ast::ExprKind::RawField {
                step: Some(step), ..
            } => scope.own.is_some_and(|own| own.name == step.text),
            _ => false,
        }
    }

    /// Tells whether an expression is a bare name that reads a member.
    fn is_of_member(&self, expr: &Expr, scope: &Scope<'_>) -> bool {
        match &expr.kind {
            ast::ExprKind::Path(path) => matches!(
                self.meaning(path, scope),
                Ok(check::Meaning::Field(crate::ir::Row::This, ..)
                    | check::Meaning::Memory(crate::ir::Row::This, ..))
            ),
            ast::ExprKind::RawField { step: None, .. } => true,
            _ => false,
        }
    }

    fn report_mixed(&mut self, part: &Expr, index: usize, draft: &Draft<'a>) {
        let label = draft
            .shape
            .names
            .get(index)
            .map(|name| name.label.clone())
            .unwrap_or_default();
        let message = format!(
            "this condition chooses members of the group `{label}` and tests the whole of it"
        );
        let diagnostic = Diagnostic::error(Code::MixedGroup, part.span, message);
        self.report(diagnostic.help(
            "part them with `and`: bare names choose members, functions of the group test it",
        ));
    }
}

/// Tells whether an expression relates the events of a match, and so belongs to the rule.
fn relates_match(expr: &Expr) -> bool {
    let mut open = vec![expr];
    while let Some(next) = open.pop() {
        match &next.kind {
            ast::ExprKind::Same(_)
            | ast::ExprKind::Differs(_)
            | ast::ExprKind::GeoDistance
            | ast::ExprKind::GeoSpeed
            | ast::ExprKind::Elapsed => return true,
            _ => children(next, &mut |child| open.push(child)),
        }
    }
    false
}
