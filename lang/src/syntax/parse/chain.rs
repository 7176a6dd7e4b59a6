//! Operands joined by operators, made into a tree that is never deep.
//!
//! Apart from expressions because the shape of a long chain is a question of stack, not of meaning.

use crate::syntax::ast::{ArithmeticOp, Expr, ExprKind};

/// The deepest tree of one expression; what walks a tree may recurse this far.
pub(crate) const DEPTH_MAX: u32 = 256;

/// The longest chain of `and` or `or` that leans left as it is read; a longer one is balanced, which
/// means the same, since both are associative.
const LEANING_MAX: usize = 32;

/// An expression and how deep its tree is.
pub(super) struct Deep {
    pub(super) expr: Expr,
    pub(super) depth: u32,
}

impl Deep {
    pub(super) fn leaf(expr: Expr) -> Self {
        Self { expr, depth: 1 }
    }

    /// Returns a tree over this one.
    pub(super) fn wrap(self, make: impl FnOnce(Box<Expr>) -> Expr) -> Self {
        Self {
            expr: make(Box::new(self.expr)),
            depth: self.depth + 1,
        }
    }

    /// Returns a tree over two.
    pub(super) fn join(
        self,
        other: Self,
        make: impl FnOnce(Box<Expr>, Box<Expr>) -> ExprKind,
    ) -> Self {
        let span = self.expr.span.to(other.expr.span);
        let depth = self.depth.max(other.depth) + 1;
        let kind = make(Box::new(self.expr), Box::new(other.expr));
        Self {
            expr: Expr { kind, span },
            depth,
        }
    }
}

/// Which word joins a chain.
#[derive(Clone, Copy)]
pub(super) enum Joint {
    And,
    Or,
}

/// Returns the tree of operands joined by one word; nothing for no operand.
pub(super) fn joined(mut operands: Vec<Deep>, joint: Joint) -> Option<Deep> {
    if operands.len() > LEANING_MAX {
        let right = operands.split_off(operands.len().div_ceil(2));
        let (left, right) = (joined(operands, joint)?, joined(right, joint)?);
        return Some(join(left, right, joint));
    }
    let mut operands = operands.into_iter();
    let first = operands.next()?;
    Some(operands.fold(first, |left, right| join(left, right, joint)))
}

fn join(left: Deep, right: Deep, joint: Joint) -> Deep {
    left.join(right, |left, right| match joint {
        Joint::And => ExprKind::And(left, right),
        Joint::Or => ExprKind::Or(left, right),
    })
}

/// Returns the tree of sums and products, which lean left; nothing where it would be too deep.
pub(super) fn arithmetic(first: Deep, rest: Vec<(ArithmeticOp, Deep)>) -> Option<Deep> {
    let mut sum: Option<(Deep, ArithmeticOp)> = None;
    let mut product = first;
    for (op, operand) in rest {
        if matches!(op, ArithmeticOp::Multiply | ArithmeticOp::Divide) {
            product = combine(product, op, operand)?;
        } else {
            let left = close(sum.take(), product)?;
            sum = Some((left, op));
            product = operand;
        }
    }
    close(sum, product)
}

fn close(sum: Option<(Deep, ArithmeticOp)>, product: Deep) -> Option<Deep> {
    match sum {
        Some((left, op)) => combine(left, op, product),
        None => Some(product),
    }
}

fn combine(left: Deep, op: ArithmeticOp, right: Deep) -> Option<Deep> {
    let joined = left.join(right, |left, right| ExprKind::Arithmetic {
        op,
        left,
        right,
    });
    (joined.depth <= DEPTH_MAX).then_some(joined)
}
