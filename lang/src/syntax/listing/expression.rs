//! Listings of expressions.
//!
//! Apart from declarations because both sides of a test of the formatter need only these.

use crate::syntax::ast::{
    Argument, ArithmeticOp, CompareOp, Expr, ExprKind, Filter, Literal, LiteralKind,
    QuantifiedTest, Quantity,
};
use crate::syntax::listing::{Tree, atom, name, node, path, quoted};
use crate::syntax::print;

pub(super) fn filters(filters: &[Filter]) -> impl Iterator<Item = Tree> {
    filters.iter().map(filter)
}

pub(super) fn filter(filter: &Filter) -> Tree {
    node(
        if filter.unless { "unless" } else { "where" },
        [expr(&filter.expr)],
    )
}

pub(super) fn quantity(quantity: &Quantity) -> Tree {
    match quantity {
        Quantity::Literal(it) => literal(it),
        Quantity::Param(it) => name(it),
    }
}

pub(super) fn literal(literal: &Literal) -> Tree {
    match &literal.kind {
        LiteralKind::Text { value, raw } => quoted(value, *raw),
        LiteralKind::Int(_)
        | LiteralKind::Float(_)
        | LiteralKind::Percent(_)
        | LiteralKind::Duration(_)
        | LiteralKind::Quantity { .. }
        | LiteralKind::Bool(_)
        | LiteralKind::Clock(_)
        | LiteralKind::Instant(_) => atom(print::literal(literal)),
    }
}

pub(super) fn expr(expr: &Expr) -> Tree {
    match &expr.kind {
        ExprKind::Literal(it) => literal(it),
        ExprKind::Path(it) => path(it),
        ExprKind::Raw(it) => atom(print::raw_path(it)),
        ExprKind::RawField { step, path } => node(
            "raw",
            step.iter().map(name).chain([atom(print::raw_path(path))]),
        ),
        ExprKind::List(items) => node("list", items.iter().map(self::expr)),
        ExprKind::Pair(left, right) => node("pair", [self::expr(left), self::expr(right)]),
        ExprKind::Group(inner) => node("group", [self::expr(inner)]),
        ExprKind::Call {
            name: function,
            args,
        } => node(
            "call",
            [name(function)]
                .into_iter()
                .chain(args.iter().map(argument)),
        ),
        ExprKind::Index { base, index } => node("index", [self::expr(base), self::expr(index)]),
        ExprKind::Member { base, part } => {
            node("member", [self::expr(base), atom(print::key(&part.text))])
        }
        ExprKind::Not(inner) => node("not", [self::expr(inner)]),
        ExprKind::Negate(inner) => node("negate", [self::expr(inner)]),
        ExprKind::And(left, right) => node("and", [self::expr(left), self::expr(right)]),
        ExprKind::Or(left, right) => node("or", [self::expr(left), self::expr(right)]),
        ExprKind::Arithmetic { op, left, right } => {
            node(arithmetic_op(*op), [self::expr(left), self::expr(right)])
        }
        ExprKind::Compare {
            op,
            negated,
            left,
            right,
        } => negate(
            *negated,
            node(compare_op(*op), [self::expr(left), self::expr(right)]),
        ),
        ExprKind::Missing(inner) => node("missing", [self::expr(inner)]),
        ExprKind::Exists(inner) => node("exists", [self::expr(inner)]),
        ExprKind::Same(paths) => node("same", paths.iter().map(path)),
        ExprKind::Differs(paths) => node("differs", paths.iter().map(path)),
        ExprKind::GeoDistance => node("geo_distance", []),
        ExprKind::GeoSpeed => node("geo_speed", []),
        ExprKind::Elapsed => node("elapsed", []),
        ExprKind::Calendar {
            time,
            outside,
            calendar,
            key,
        } => {
            let head = if *outside { "outside" } else { "during" };
            let key = key.iter().map(|key| self::expr(key));
            node(
                head,
                [self::expr(time), name(calendar)].into_iter().chain(key),
            )
        }
        ExprKind::Quantified { all, list, test } => node(
            if *all { "all_of" } else { "any_of" },
            [self::expr(list), quantified(test)],
        ),
    }
}

/// `is not` and the like are one node, unlike `not (… is …)`.
fn negate(negated: bool, comparison: Tree) -> Tree {
    if negated {
        node("isnt", [comparison])
    } else {
        comparison
    }
}

fn quantified(test: &QuantifiedTest) -> Tree {
    match test {
        QuantifiedTest::Compare { op, negated, value } => {
            negate(*negated, node(compare_op(*op), [expr(value)]))
        }
        QuantifiedTest::Where(inner) => node("where", [expr(inner)]),
    }
}

fn argument(argument: &Argument) -> Tree {
    let value = expr(&argument.value);
    let value = match &argument.filter {
        Some(filter) => node("members", [value, expr(filter)]),
        None => value,
    };
    match &argument.label {
        Some(label) => node("label", [name(label), value]),
        None => value,
    }
}

fn arithmetic_op(op: ArithmeticOp) -> &'static str {
    match op {
        ArithmeticOp::Add => "+",
        ArithmeticOp::Subtract => "-",
        ArithmeticOp::Multiply => "*",
        ArithmeticOp::Divide => "/",
    }
}

pub(super) fn compare_op(op: CompareOp) -> &'static str {
    match op {
        CompareOp::Is => "is",
        CompareOp::Equal => "==",
        CompareOp::NotEqual => "!=",
        CompareOp::Less => "<",
        CompareOp::LessOrEqual => "<=",
        CompareOp::Greater => ">",
        CompareOp::GreaterOrEqual => ">=",
        CompareOp::In => "in",
        CompareOp::Contains => "contains",
        CompareOp::StartsWith => "starts_with",
        CompareOp::EndsWith => "ends_with",
        CompareOp::Like => "like",
        CompareOp::Matches => "matches",
    }
}
