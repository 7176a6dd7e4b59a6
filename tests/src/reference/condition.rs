//! Conditions of a rule: which are keys, which choose events, which judge a whole chain.
//!
//! Apart from the layout of steps because it is about `where`, not about order.

use muster_lang::syntax::ast::{CompareOp, Expr, ExprKind, Filter, Path};

use super::program::{Program, dotted};
use super::shape::{Part, Shape};
use super::walk::{conjuncts, has_atom, mentions};

/// A condition with the step that bare names in it belong to.
#[derive(Debug)]
pub(crate) struct Condition<'a> {
    pub(crate) expr: &'a Expr,
    pub(crate) unless: bool,
    pub(crate) owner: Option<usize>,
    pub(crate) role: Role,
}

/// When a condition is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Role {
    /// Of a candidate alone: it reads no other step.
    Own,
    /// Of a candidate for a group, which may read the steps before.
    Member,
    /// Of the whole chain.
    Chain,
}

/// An equality between fields of two plain steps.
#[derive(Debug)]
pub(crate) struct Join {
    /// The step written first, and its path.
    pub(crate) earlier: (usize, String),
    /// The other.
    pub(crate) later: (usize, String),
    /// Whether case matters.
    pub(crate) exact: bool,
}

impl<'a> Shape<'a> {
    pub(crate) fn add_filter(
        &mut self,
        program: &Program<'_>,
        filter: &'a Filter,
        owner: Option<usize>,
    ) {
        if filter.unless {
            let role = self.role(&filter.expr, owner);
            self.conditions.push(Condition {
                expr: &filter.expr,
                unless: true,
                owner,
                role,
            });
            return;
        }
        for expr in conjuncts(&filter.expr) {
            if let ExprKind::Same(paths) = &expr.kind {
                for path in paths {
                    self.order.push(Part::Same(self.same.len()));
                    self.same.push(dotted(path));
                }
            } else if let Some(join) = self.join(program, expr, owner) {
                self.order.push(Part::Join(self.joins.len()));
                self.joins.push(join);
            } else {
                let role = self.role(expr, owner);
                self.conditions.push(Condition {
                    expr,
                    unless: false,
                    owner,
                    role,
                });
            }
        }
    }

    fn role(&self, expr: &Expr, owner: Option<usize>) -> Role {
        let Some(owner) = owner else {
            return Role::Chain;
        };
        let Some(step) = self.steps.get(owner) else {
            return Role::Chain;
        };
        let others = self.steps.iter().filter(|other| other.name != step.name);
        let reads_others = others.clone().any(|other| mentions(expr, &other.name));
        if has_atom(expr) {
            Role::Chain
        } else if step.is_group() {
            match (mentions(expr, &step.name), reads_others) {
                (true, _) => Role::Chain,
                (false, true) => Role::Member,
                (false, false) => Role::Own,
            }
        } else if reads_others {
            Role::Chain
        } else {
            Role::Own
        }
    }

    /// A top-level `b.x is a.y` or `b.x == a.y` between two plain steps.
    fn join(&self, program: &Program<'_>, expr: &Expr, owner: Option<usize>) -> Option<Join> {
        let ExprKind::Compare {
            op,
            negated: false,
            left,
            right,
        } = &expr.kind
        else {
            return None;
        };
        if !matches!(op, CompareOp::Is | CompareOp::Equal) {
            return None;
        }
        let left = self.place(program, left, owner)?;
        let right = self.place(program, right, owner)?;
        if left.0 == right.0 {
            return None;
        }
        let (earlier, later) = if left.0 < right.0 {
            (left, right)
        } else {
            (right, left)
        };
        Some(Join {
            earlier,
            later,
            exact: *op == CompareOp::Equal,
        })
    }

    fn place(
        &self,
        program: &Program<'_>,
        expr: &Expr,
        owner: Option<usize>,
    ) -> Option<(usize, String)> {
        let ExprKind::Path(path) = &expr.kind else {
            return None;
        };
        let first = path.parts.first()?;
        let number = self.steps.iter().position(|step| step.name == first.text);
        let place = match number {
            Some(number) => (number, rest(path)),
            None => (owner?, dotted(path)),
        };
        let step = self.steps.get(place.0)?;
        (!step.is_group() && program.is_field(&place.1)).then_some(place)
    }
}

fn rest(path: &Path) -> String {
    path.parts
        .iter()
        .skip(1)
        .map(|part| part.text.as_str())
        .collect::<Vec<_>>()
        .join(".")
}
