//! From declarations to the program: what each of them means, by id and without sugar.
//!
//! Apart from the checker because an expression is the same everywhere and a declaration is not.

mod calendar;
mod class;
mod digest;
mod field;
mod knowledge;
mod meaning;
mod memory;
mod reads;
mod rule;
mod source;
mod strata;
mod test;

use crate::check::{Checker, Negated, Scope};
use crate::diagnostic::{Code, Diagnostic};
use crate::file::Files;
use crate::ir::{ClassId, Condition, ExprId, ExprKind, Program};
use crate::resolve::{Declared, Names};
use crate::syntax::ast::{self, CompareOp, Expr, Filter, Name};
use crate::syntax::format;

/// Returns the program that declarations mean, with everything that is wrong with them.
pub(crate) fn program<'a>(
    files: &'a Files,
    names: Names<'a>,
    declared: &Declared<'a>,
    diagnostics: Vec<Diagnostic>,
) -> (Program, Vec<Diagnostic>) {
    let mut checker = Checker::new(files, names, diagnostics);
    checker.lower_tables(declared);
    checker.lower_lists(declared);
    checker.lower_calendars(declared);
    checker.lower_identities(declared);
    checker.lower_memories(declared);
    checker.lower_fields(declared);
    checker.lower_sources(declared);
    checker.lower_classes(declared);
    checker.lower_rules(declared);
    checker.lower_digests(declared);
    checker.lower_tests(declared);
    checker.lower_strata(declared);
    reads::collect(&mut checker.program);
    meaning::hash(&mut checker.program);
    crate::lint::program(&mut checker);
    (checker.program, checker.diagnostics)
}

impl Checker<'_> {
    /// Returns the class of a name.
    pub(crate) fn class(&mut self, name: &Name) -> Option<ClassId> {
        if let Some(class) = self.names.classes.get(name.text.as_str()) {
            return Some(*class);
        }
        if self.names.is_torn(&name.text) {
            return None;
        }
        let message = format!("no event is called `{}`", name.text);
        let diagnostic = Diagnostic::error(Code::UnknownClass, name.span, message);
        self.report(
            match self.nearest(&name.text, self.names.classes.keys().copied()) {
                Some(near) => diagnostic
                    .help(format!("did you mean `{near}`?"))
                    .patch(near),
                None => diagnostic.help(format!(
                    "declare it: `event {} = any where class is auth.login`",
                    name.text
                )),
            },
        );
        None
    }

    /// Returns the conditions of filters: the conjuncts of each `where`, and each whole `unless`.
    pub(crate) fn filters(&mut self, filters: &[Filter], scope: &Scope<'_>) -> Vec<Condition> {
        let mut conditions = Vec::new();
        for filter in filters {
            for part in parts_of(filter) {
                conditions.extend(self.one_condition(part, filter.unless, scope));
            }
        }
        conditions
    }

    /// Returns one condition with what messages show of it.
    pub(crate) fn one_condition(
        &mut self,
        expr: &Expr,
        unless: bool,
        scope: &Scope<'_>,
    ) -> Option<Condition> {
        let id = self.condition(expr, scope)?;
        if !unless {
            self.remember_negated(expr, id);
        }
        Some(Condition {
            expr: id,
            unless,
            text: format::expr(expr).into(),
            shown: self.shown(id),
            span: expr.span,
        })
    }

    /// Remembers what a negated test would be without its negation, for the lint that proposes it.
    fn remember_negated(&mut self, expr: &Expr, id: ExprId) {
        let expr = crate::check::bare(expr);
        let positive = if let ast::ExprKind::Not(inner) = &expr.kind {
            Some(crate::check::bare(inner).clone())
        } else {
            without_not(expr)
        };
        if let Some(positive) = positive {
            let subject = left_of(&positive).map(format::expr).unwrap_or_default();
            let positive = format::expr(&positive);
            self.negated.insert(id, Negated { positive, subject });
        }
    }

    /// Returns the left side of a comparison, whose value an alert shows.
    pub(crate) fn shown(&self, id: ExprId) -> Option<ExprId> {
        let mut id = id;
        while let ExprKind::Not(inner) = &self.program.exprs[id].kind {
            id = *inner;
        }
        let left = match &self.program.exprs[id].kind {
            ExprKind::Compare(_, left, right) | ExprKind::CompareRank(_, _, left, right) => {
                if self.constant(*left).is_some() {
                    *right
                } else {
                    *left
                }
            }
            ExprKind::Match(_, left, _)
            | ExprKind::In(left, _)
            | ExprKind::Holds { list: left, .. }
            | ExprKind::During { time: left, .. } => *left,
            ExprKind::Memory(_, _, crate::ir::MemoryRead::Contains(value)) => *value,
            _ => return None,
        };
        self.constant(left).is_none().then_some(left)
    }
}

/// Returns the conjuncts of a `where`, brackets opened, or a whole `unless`.
pub(crate) fn parts_of(filter: &Filter) -> Vec<&Expr> {
    if filter.unless {
        vec![&filter.expr]
    } else {
        conjuncts(&filter.expr)
    }
}

/// Returns a negated comparison without its negation.
fn without_not(expr: &Expr) -> Option<Expr> {
    let ast::ExprKind::Compare {
        op,
        negated,
        left,
        right,
    } = &expr.kind
    else {
        return None;
    };
    let op = match (op, negated) {
        (CompareOp::NotEqual, false) => CompareOp::Equal,
        (op, true) => *op,
        (_, false) => return None,
    };
    let (left, right) = (left.clone(), right.clone());
    let kind = ast::ExprKind::Compare {
        op,
        negated: false,
        left,
        right,
    };
    Some(Expr {
        kind,
        span: expr.span,
    })
}

/// Returns the left side of a comparison.
fn left_of(expr: &Expr) -> Option<&Expr> {
    let ast::ExprKind::Compare { left, .. } = &crate::check::bare(expr).kind else {
        return None;
    };
    Some(left)
}

/// Returns the top-level conjuncts of a condition.
pub(crate) fn conjuncts(expr: &Expr) -> Vec<&Expr> {
    let mut open = vec![expr];
    let mut parts = Vec::new();
    while let Some(next) = open.pop() {
        if let ast::ExprKind::And(left, right) = &crate::check::bare(next).kind {
            open.extend([&**right, &**left]);
        } else {
            parts.push(next);
        }
    }
    parts
}

/// Returns a text that may be absent.
pub(crate) fn text(text: Option<&ast::Text>) -> std::sync::Arc<str> {
    text.map(|text| text.value.as_str())
        .unwrap_or_default()
        .into()
}
