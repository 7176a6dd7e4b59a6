//! The layout of expressions: chains break before their words, brackets stand where they must.
//!
//! Apart from declarations because texts of conditions in alerts come from here too.

use crate::file::Span;
use crate::syntax::ast::{
    Argument, ArithmeticOp, CompareOp, Expr, ExprKind, Filter, Path, QuantifiedTest,
};
use crate::syntax::format::doc::Doc;
use crate::syntax::format::layout::{Layout, Signs};
use crate::syntax::print;

/// How tight an expression binds, loosest first.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Binding {
    Or,
    And,
    Not,
    Comparison,
    Sum,
    Product,
    Sign,
    Postfix,
}

/// What may follow an expression.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Surroundings {
    /// Nothing with a comma: a list of paths before `same` may stand bare.
    Open,
    /// A comma: an argument, an element, a value of a record.
    Item,
}

impl Layout<'_> {
    pub(super) fn expression(&mut self, expr: &Expr) -> Doc {
        self.bound(expr, Binding::Or, Surroundings::Open)
    }

    /// Returns an expression behind a word: a chain that breaks goes on further right.
    pub(super) fn hanging(&mut self, expr: &Expr) -> Doc {
        let doc = self.expression(expr);
        match expr.kind {
            ExprKind::And(..) | ExprKind::Or(..) => Doc::indent(doc),
            _ => doc,
        }
    }

    pub(super) fn item(&mut self, expr: &Expr) -> Doc {
        self.bound(expr, Binding::Or, Surroundings::Item)
    }

    /// Returns an operand of arithmetic, such as the value behind a comparison of a step.
    pub(super) fn value(&mut self, expr: &Expr) -> Doc {
        self.bound(expr, Binding::Sum, Surroundings::Open)
    }

    pub(super) fn filter(&mut self, filter: &Filter) -> Doc {
        let word = if filter.unless { "unless" } else { "where" };
        let expr = self.hanging(&filter.expr);
        self.after(word, expr)
    }

    /// Returns filters, each behind a line.
    pub(super) fn filters(&mut self, mut end: u32, filters: &[Filter]) -> Doc {
        let mut docs = Vec::new();
        for filter in filters {
            docs.push(self.separate(end, filter.span.start, Doc::Line));
            docs.push(self.filter(filter));
            end = filter.span.end;
        }
        Doc::Concat(docs)
    }

    /// Returns ` when EXPR` behind a line, or nothing; what stands before it ends at a place.
    pub(super) fn when(&mut self, end: u32, when: Option<&Expr>) -> Doc {
        let Some(when) = when else { return Doc::none() };
        let line = self.separate(end, when.span.start, Doc::Line);
        let expr = self.hanging(when);
        let when = self.after("when", expr);
        Doc::indent(Doc::Concat(vec![line, when]))
    }

    fn bound(&mut self, expr: &Expr, least: Binding, around: Surroundings) -> Doc {
        let listed = matches!(&expr.kind, ExprKind::Same(paths) | ExprKind::Differs(paths) if paths.len() > 1);
        let bare = binding(expr) >= least && !(listed && around == Surroundings::Item);
        if bare {
            self.inside(expr, around)
        } else {
            self.bracketed(expr)
        }
    }

    fn bracketed(&mut self, expr: &Expr) -> Doc {
        let inner = self.expression(expr);
        Doc::Concat(vec![Doc::text("("), inner, Doc::text(")")])
    }

    fn inside(&mut self, expr: &Expr, around: Surroundings) -> Doc {
        let bound = |layout: &mut Self, expr: &Expr, least| layout.bound(expr, least, around);
        match &expr.kind {
            ExprKind::Literal(literal) => self.literal(literal),
            ExprKind::Path(path) => self.reference(path),
            ExprKind::Raw(path) => self.leaf_text(expr.span, print::raw_path(path)),
            ExprKind::RawField { step, path } => {
                let step = step
                    .as_ref()
                    .map(|step| format!("{}.", print::name(&step.text)));
                self.leaf_text(
                    expr.span,
                    format!("{}raw{}", step.unwrap_or_default(), print::raw_path(path)),
                )
            }
            ExprKind::List(items) => self.list(items, expr.span),
            ExprKind::Pair(first, second) => self.pair(first, second, expr.span),
            ExprKind::Group(inner) => {
                let inside = inner.span.start..expr.span.end.saturating_sub(1);
                self.enclosed(Signs::Round, inside, |layout| layout.expression(inner))
            }
            ExprKind::Call { name, args } => {
                let name = self.name(name);
                let arguments = self.arguments(args, expr.span);
                Doc::Concat(vec![name, arguments])
            }
            ExprKind::Index { base, index } => {
                let base = bound(self, base, Binding::Postfix);
                let index = self.expression(index);
                Doc::Concat(vec![base, Doc::text("["), index, Doc::text("]")])
            }
            ExprKind::Member { base, part } => {
                // Behind a plain path, a word would be part of that path.
                let plain = !matches!(base.kind, ExprKind::Path(_));
                let key = if plain {
                    print::key(&part.text)
                } else {
                    print::quoted(&part.text)
                };
                let base = bound(self, base, Binding::Postfix);
                Doc::Concat(vec![base, Doc::text(format!(".{key}"))])
            }
            ExprKind::Not(inner) => {
                let inner = bound(self, inner, Binding::Not);
                self.after("not", inner)
            }
            ExprKind::Negate(inner) => {
                let inner = bound(self, inner, Binding::Sign);
                Doc::Concat(vec![Doc::text("-"), inner])
            }
            ExprKind::And(..) | ExprKind::Or(..) => self.chain(expr, around),
            ExprKind::Arithmetic { op, left, right } => {
                let tight = arithmetic_binding(*op);
                let above = if tight == Binding::Sum {
                    Binding::Product
                } else {
                    Binding::Sign
                };
                let left = bound(self, left, tight);
                let right = bound(self, right, above);
                self.infix(left, arithmetic_sign(*op), right)
            }
            ExprKind::Compare {
                op,
                negated,
                left,
                right,
            } => {
                let left = bound(self, left, Binding::Sum);
                let right = bound(self, right, Binding::Sum);
                self.infix(left, compare_word(*op, *negated), right)
            }
            ExprKind::Missing(inner) => self.tested(inner, "is missing", around),
            ExprKind::Exists(inner) => self.tested(inner, "exists", around),
            ExprKind::Same(paths) => self.paths_before(paths, "same"),
            ExprKind::Differs(paths) => self.paths_before(paths, "differs"),
            ExprKind::GeoDistance => self.leaf_text(expr.span, "geo distance".to_owned()),
            ExprKind::GeoSpeed => self.leaf_text(expr.span, "geo speed".to_owned()),
            ExprKind::Elapsed => self.leaf_text(expr.span, "elapsed".to_owned()),
            ExprKind::Calendar {
                time,
                outside,
                calendar,
                key,
            } => {
                let time = bound(self, time, Binding::Sum);
                let calendar = self.name(calendar);
                let word = if *outside { "outside" } else { "during" };
                let mut docs = vec![self.infix(time, word, calendar)];
                if let Some(key) = key {
                    docs.extend([Doc::text("("), self.item(key), Doc::text(")")]);
                }
                Doc::Concat(docs)
            }
            ExprKind::Quantified { all, list, test } => {
                let list = bound(self, list, Binding::Sign);
                let head = self.after(if *all { "all of" } else { "any of" }, list);
                let test = self.quantified_test(test, around);
                Doc::Concat(vec![head, Doc::text(" "), test])
            }
        }
    }

    fn leaf_text(&mut self, span: Span, text: String) -> Doc {
        let comments = self.flush(span.start);
        Doc::Concat(vec![comments, Doc::Text(text)])
    }

    /// A path of one word that expressions read otherwise stands between back quotes.
    fn reference(&mut self, path: &Path) -> Doc {
        let words: Vec<&str> = path.parts.iter().map(|part| part.text.as_str()).collect();
        let quote = |doc| Doc::Concat(vec![Doc::text("`"), doc, Doc::text("`")]);
        let spelled = self.path(path);
        let shadowed = match words.as_slice() {
            [word] => ["true", "false", "missing", "elapsed"].contains(word),
            _ => false,
        };
        if shadowed && !self.has_text() {
            quote(spelled)
        } else {
            spelled
        }
    }

    fn infix(&mut self, left: Doc, word: &str, right: Doc) -> Doc {
        Doc::Concat(vec![
            left,
            Doc::text(" "),
            Doc::text(word),
            Doc::text(" "),
            right,
        ])
    }

    fn tested(&mut self, inner: &Expr, words: &str, around: Surroundings) -> Doc {
        let inner = self.bound(inner, Binding::Sum, around);
        Doc::Concat(vec![inner, Doc::text(" "), Doc::text(words)])
    }

    fn paths_before(&mut self, paths: &[Path], word: &str) -> Doc {
        let paths = self.paths(paths);
        Doc::Concat(vec![Doc::group(paths), Doc::text(" "), Doc::text(word)])
    }

    fn list(&mut self, items: &[Expr], span: Span) -> Doc {
        let end = span.end.saturating_sub(1);
        let start = items.first().map_or(end, |first| first.span.start);
        self.enclosed(Signs::Square, start..end, |layout| {
            layout.commas(items, |item| item.span, Self::item)
        })
    }

    fn pair(&mut self, first: &Expr, second: &Expr, span: Span) -> Doc {
        let inside = first.span.start..span.end.saturating_sub(1);
        self.enclosed(Signs::Round, inside, |layout| {
            layout.commas(
                &[first, second],
                |item| item.span,
                |layout, item| layout.item(item),
            )
        })
    }

    fn arguments(&mut self, args: &[Argument], span: Span) -> Doc {
        let end = span.end.saturating_sub(1);
        let start = args.first().map_or(end, |first| argument_span(first).start);
        self.enclosed(Signs::Round, start..end, |layout| {
            layout.commas(args, argument_span, Self::argument)
        })
    }

    fn argument(&mut self, argument: &Argument) -> Doc {
        let mut docs = Vec::new();
        if let Some(label) = &argument.label {
            docs.extend([self.name(label), Doc::text(" ")]);
        }
        docs.push(self.item(&argument.value));
        if let Some(filter) = &argument.filter {
            docs.push(Doc::text(" where "));
            docs.push(self.item(filter));
        }
        Doc::Concat(docs)
    }

    fn quantified_test(&mut self, test: &QuantifiedTest, around: Surroundings) -> Doc {
        match test {
            QuantifiedTest::Compare { op, negated, value } => {
                let value = self.bound(value, Binding::Sum, around);
                self.after(compare_word(*op, *negated), value)
            }
            QuantifiedTest::Where(inner) => {
                let inner = self.expression(inner);
                Doc::Concat(vec![Doc::text("where ("), inner, Doc::text(")")])
            }
        }
    }

    /// Returns operands joined by one word, each on a line of its own where they do not fit.
    fn chain(&mut self, expr: &Expr, around: Surroundings) -> Doc {
        let (word, above) = match expr.kind {
            ExprKind::Or(..) => ("or", Binding::And),
            _ => ("and", Binding::Not),
        };
        let mut operands = Vec::new();
        operands_of(expr, binding(expr), &mut operands);
        let mut docs = Vec::new();
        let mut last: Option<&Expr> = None;
        for operand in operands {
            if let Some(last) = last {
                docs.push(self.separate(last.span.end, operand.span.start, Doc::Line));
                docs.push(Doc::text(format!("{word} ")));
            }
            docs.push(self.bound(operand, above, around));
            last = Some(operand);
        }
        Doc::group(Doc::Concat(docs))
    }
}

/// Returns the operands of a chain in order, however the tree leans.
fn operands_of<'e>(expr: &'e Expr, chain: Binding, operands: &mut Vec<&'e Expr>) {
    match &expr.kind {
        ExprKind::And(left, right) | ExprKind::Or(left, right) if binding(expr) == chain => {
            operands_of(left, chain, operands);
            operands_of(right, chain, operands);
        }
        _ => operands.push(expr),
    }
}

fn argument_span(argument: &Argument) -> Span {
    let label = argument
        .label
        .as_ref()
        .map_or(argument.value.span, |label| label.span);
    let last = argument
        .filter
        .as_ref()
        .map_or(argument.value.span, |filter| filter.span);
    label.to(last)
}

fn binding(expr: &Expr) -> Binding {
    match &expr.kind {
        ExprKind::Or(..) => Binding::Or,
        ExprKind::And(..) => Binding::And,
        ExprKind::Not(_) => Binding::Not,
        ExprKind::Compare { .. }
        | ExprKind::Missing(_)
        | ExprKind::Exists(_)
        | ExprKind::Same(_)
        | ExprKind::Differs(_)
        | ExprKind::Calendar { .. }
        | ExprKind::Quantified { .. } => Binding::Comparison,
        ExprKind::Arithmetic { op, .. } => arithmetic_binding(*op),
        ExprKind::Negate(_) => Binding::Sign,
        ExprKind::Literal(_)
        | ExprKind::Path(_)
        | ExprKind::Raw(_)
        | ExprKind::RawField { .. }
        | ExprKind::List(_)
        | ExprKind::Pair(..)
        | ExprKind::Group(_)
        | ExprKind::Call { .. }
        | ExprKind::Index { .. }
        | ExprKind::Member { .. }
        | ExprKind::GeoDistance
        | ExprKind::GeoSpeed
        | ExprKind::Elapsed => Binding::Postfix,
    }
}

fn arithmetic_binding(op: ArithmeticOp) -> Binding {
    match op {
        ArithmeticOp::Add | ArithmeticOp::Subtract => Binding::Sum,
        ArithmeticOp::Multiply | ArithmeticOp::Divide => Binding::Product,
    }
}

fn arithmetic_sign(op: ArithmeticOp) -> &'static str {
    match op {
        ArithmeticOp::Add => "+",
        ArithmeticOp::Subtract => "-",
        ArithmeticOp::Multiply => "*",
        ArithmeticOp::Divide => "/",
    }
}

/// Returns how a comparison is written; `not` stands before the words and behind `is`.
pub(super) fn compare_word(op: CompareOp, negated: bool) -> &'static str {
    match (op, negated) {
        (CompareOp::Is, false) => "is",
        (CompareOp::Is, true) => "is not",
        (CompareOp::In, false) => "in",
        (CompareOp::In, true) => "not in",
        (CompareOp::Contains, false) => "contains",
        (CompareOp::Contains, true) => "not contains",
        (CompareOp::StartsWith, false) => "starts with",
        (CompareOp::StartsWith, true) => "not starts with",
        (CompareOp::EndsWith, false) => "ends with",
        (CompareOp::EndsWith, true) => "not ends with",
        (CompareOp::Like, false) => "like",
        (CompareOp::Like, true) => "not like",
        (CompareOp::Matches, false) => "matches",
        (CompareOp::Matches, true) => "not matches",
        (CompareOp::Equal, _) => "==",
        (CompareOp::NotEqual, _) => "!=",
        (CompareOp::Less, _) => "<",
        (CompareOp::LessOrEqual, _) => "<=",
        (CompareOp::Greater, _) => ">",
        (CompareOp::GreaterOrEqual, _) => ">=",
    }
}
