//! `in`: lists, tables, networks, memories; and `is` with several values on the right.
//!
//! Apart from comparisons because the right side may be a name that is no value.

use super::mismatch::Sides;
use super::{Checker, Meaning, Scope, Typed, constant};
use crate::diagnostic::{Code, Diagnostic};
use crate::file::Span;
use crate::ir::{Comparison, ExprKind, ListId, MemoryId, MemoryRead, Row, Set, TableId};
use crate::resolve::{Global, MemoryForm};
use crate::syntax::ast::{self, Expr, Literal, TableMode};
use crate::types::Type;
use crate::value::Value;

/// What stands right of `in`.
enum Right<'e> {
    /// A list in brackets.
    Items(&'e [Expr]),
    /// A declared list.
    List(ListId),
    /// A param that is a list.
    Param(Vec<Literal>, Type),
    /// A table.
    Table(TableId),
    /// A memory read at an event.
    Memory(Row, MemoryId),
    /// Anything else.
    Value,
}

impl Checker<'_> {
    /// Returns `x in y`.
    pub(super) fn membership(&mut self, sides: &Sides<'_>, scope: &Scope<'_>) -> Option<Typed> {
        let want = self.wanted_element(sides.right, scope);
        let left = self.value(sides.left, scope, want.as_ref());
        let right = self.right_of(sides.right, scope);
        let Some(left) = left else {
            if let Right::Value = right
                && !super::compare::is_literal(sides.right)
            {
                self.value(sides.right, scope, None);
            }
            return None;
        };
        self.member_of(left, right, sides, scope)
    }

    /// Returns whether a value that is known already lies in the right side.
    pub(super) fn membership_of(
        &mut self,
        left: Typed,
        sides: &Sides<'_>,
        scope: &Scope<'_>,
    ) -> Option<Typed> {
        let right = self.right_of(sides.right, scope);
        self.member_of(left, right, sides, scope)
    }

    fn member_of(
        &mut self,
        left: Typed,
        right: Right<'_>,
        sides: &Sides<'_>,
        scope: &Scope<'_>,
    ) -> Option<Typed> {
        if let (Type::List(_), true) = (&left.ty, !matches!(right, Right::Memory(..))) {
            return self.report_list_in(sides);
        }
        match right {
            Right::Items(items) => self.in_items(Comparison::Is, left, items, sides, scope),
            Right::List(list) => self.in_list(left, list, sides),
            Right::Param(items, element) => self.in_literals(left, &items, &element, sides),
            Right::Table(table) => self.in_table(left, table, sides),
            Right::Memory(row, memory) => self.in_memory(left, row, memory, sides),
            Right::Value => self.in_value(left, sides, scope),
        }
    }

    /// Returns the type that the left side of `in` takes from a memory on its right.
    fn wanted_element(&self, right: &Expr, scope: &Scope<'_>) -> Option<Type> {
        let ast::ExprKind::Path(path) = &super::bare(right).kind else {
            return None;
        };
        match self.meaning(path, scope).ok()? {
            Meaning::Memory(_, memory, []) => self
                .names
                .memories
                .get(memory.index())
                .and_then(|memory| memory.ty.clone()),
            Meaning::Field(_, _, Type::List(element), []) => Some(*element),
            Meaning::Field(..)
            | Meaning::Memory(..)
            | Meaning::Global(_)
            | Meaning::Raw(..)
            | Meaning::Step(_)
            | Meaning::Key(..)
            | Meaning::Notes
            | Meaning::Poisoned => None,
        }
    }

    /// Tells whether the right side of `is` holds several values.
    pub(super) fn is_many(&self, right: &Expr, scope: &Scope<'_>) -> bool {
        match self.right_of(right, scope) {
            Right::Items(_) | Right::List(_) | Right::Param(..) => true,
            Right::Table(_) | Right::Memory(..) | Right::Value => false,
        }
    }

    /// Returns `x is [a, b]`, which holds if any element is equal.
    pub(super) fn equal_to_any(
        &mut self,
        comparison: Comparison,
        sides: &Sides<'_>,
        scope: &Scope<'_>,
    ) -> Option<Typed> {
        let right = self.right_of(sides.right, scope);
        let left = self.value(sides.left, scope, None)?;
        if let Type::List(_) = &left.ty {
            let right = self.value(sides.right, scope, Some(&left.ty))?;
            return self.equal(comparison, &left, &right, sides);
        }
        match (right, comparison) {
            (Right::Items(items), _) => self.in_items(comparison, left, items, sides, scope),
            (Right::List(list), Comparison::Is) => self.in_list(left, list, sides),
            (Right::List(list), _) => {
                let info = self.names.lists.get(list.index())?.clone();
                self.equal_to_literals(comparison, &left, info.items, sides)
            }
            (Right::Param(items, _), _) => self.equal_to_literals(comparison, &left, &items, sides),
            (Right::Table(_) | Right::Memory(..) | Right::Value, _) => None,
        }
    }

    fn right_of<'e>(&self, right: &'e Expr, scope: &Scope<'_>) -> Right<'e> {
        if let ast::ExprKind::List(items) = &super::bare(right).kind {
            return Right::Items(items);
        }
        let ast::ExprKind::Path(path) = &super::bare(right).kind else {
            return Right::Value;
        };
        match self.meaning(path, scope) {
            Ok(Meaning::Global(Global::List(list))) => Right::List(list),
            Ok(Meaning::Global(Global::Table(table))) => Right::Table(table),
            Ok(Meaning::Global(Global::Param(index))) => self.param_list(index),
            Ok(Meaning::Memory(row, memory, [])) => Right::Memory(row, memory),
            Ok(
                Meaning::Global(Global::Calendar(_) | Global::Memory(_) | Global::Identity(_))
                | Meaning::Field(..)
                | Meaning::Memory(..)
                | Meaning::Raw(..)
                | Meaning::Step(_)
                | Meaning::Key(..)
                | Meaning::Notes
                | Meaning::Poisoned,
            )
            | Err(_) => Right::Value,
        }
    }

    fn param_list<'e>(&self, index: usize) -> Right<'e> {
        let Some(Some(constant)) = self.names.params.get(index) else {
            return Right::Value;
        };
        match constant.ty.element() {
            Some(element) => Right::Param(constant.items.clone(), element.clone()),
            None => Right::Value,
        }
    }

    fn report_list_in(&mut self, sides: &Sides<'_>) -> Option<Typed> {
        let (left, right) = (self.quote(sides.left.span), self.quote(sides.right.span));
        let message = format!("expected one value before `in`, found the list `{left}`");
        let help = format!("write `any of {left} in {right}`, or `{left} contains …`");
        self.report(Diagnostic::error(Code::NotAList, sides.left.span, message).help(help));
        None
    }

    /// Returns membership in a list in brackets.
    fn in_items(
        &mut self,
        comparison: Comparison,
        left: Typed,
        items: &[Expr],
        sides: &Sides<'_>,
        scope: &Scope<'_>,
    ) -> Option<Typed> {
        if let Some(literals) = literals(items) {
            if left.ty == Type::Ip && comparison == Comparison::Is {
                let networks = self.networks(&literals);
                return self.in_networks(&left, networks?, sides.span);
            }
            if comparison != Comparison::Is {
                return self.equal_to_literals(comparison, &left, &literals, sides);
            }
        }
        let want = left.ty.clone();
        let values: Vec<Option<Typed>> = items
            .iter()
            .map(|item| self.value(item, scope, Some(&want)))
            .collect();
        let values: Vec<Typed> = values.into_iter().collect::<Option<_>>()?;
        let constants: Option<Vec<Value>> = values
            .iter()
            .map(|value| self.constant(value.id).cloned())
            .collect();
        let fits: Vec<Option<(Typed, Typed)>> = values
            .into_iter()
            .zip(items)
            .map(|(value, item)| self.fit(&left, &value, sides, item))
            .collect();
        let fits: Vec<(Typed, Typed)> = fits.into_iter().collect::<Option<_>>()?;
        match constants {
            Some(constants) if comparison == Comparison::Is => {
                let left = fits.first().map_or(left, |(left, _)| left.clone());
                Some(self.add_bool(ExprKind::In(left.id, Set::Values(constants)), sides.span))
            }
            Some(_) | None => self.any_equal(comparison, fits, sides.span),
        }
    }

    /// Returns both sides converted to one type, or tells which element does not fit.
    fn fit(
        &mut self,
        left: &Typed,
        value: &Typed,
        sides: &Sides<'_>,
        item: &Expr,
    ) -> Option<(Typed, Typed)> {
        let alike = self.alike(left, value);
        if alike.is_none() {
            self.report_mismatch(
                &Sides {
                    right: item,
                    ..*sides
                },
                &left.ty,
                &value.ty,
            );
        }
        alike
    }

    fn any_equal(
        &mut self,
        comparison: Comparison,
        pairs: Vec<(Typed, Typed)>,
        span: Span,
    ) -> Option<Typed> {
        let tests: Vec<_> = pairs
            .into_iter()
            .map(|(left, right)| {
                self.add_bool(ExprKind::Compare(comparison, left.id, right.id), span)
                    .id
            })
            .collect();
        match &*tests {
            [] => Some(self.add_constant(Value::Bool(false), Type::Bool, span)),
            [one] => Some(Typed {
                id: *one,
                ty: Type::Bool,
            }),
            [_, ..] => Some(self.add_bool(ExprKind::Or(tests), span)),
        }
    }

    fn equal_to_literals(
        &mut self,
        comparison: Comparison,
        left: &Typed,
        items: &[Literal],
        sides: &Sides<'_>,
    ) -> Option<Typed> {
        let want = left.ty.clone();
        let values: Vec<Option<Typed>> = items
            .iter()
            .map(|item| self.literal(item, Some(&want)))
            .collect();
        let values: Vec<Typed> = values.into_iter().collect::<Option<_>>()?;
        let fits: Vec<Option<(Typed, Typed)>> = values
            .into_iter()
            .map(|value| self.fit(left, &value, sides, sides.right))
            .collect();
        let fits = fits.into_iter().collect::<Option<_>>()?;
        self.any_equal(comparison, fits, sides.span)
    }

    /// Returns membership in a declared list.
    fn in_list(&mut self, left: Typed, list: ListId, sides: &Sides<'_>) -> Option<Typed> {
        let info = self.names.lists.get(list.index())?.clone();
        let element = info.element?;
        if left.ty == Type::Ip || matches!(left.ty, Type::Enum(_)) {
            return self.in_literals(left, info.items, &element, sides);
        }
        let left = self.as_element(left, &element, sides)?;
        Some(self.add_bool(ExprKind::In(left.id, Set::List(list)), sides.span))
    }

    /// Returns membership in literals that stand elsewhere.
    fn in_literals(
        &mut self,
        left: Typed,
        items: &[Literal],
        element: &Type,
        sides: &Sides<'_>,
    ) -> Option<Typed> {
        if left.ty == Type::Ip && *element == Type::Text {
            let networks = self.networks(items)?;
            return self.in_networks(&left, networks, sides.span);
        }
        if matches!(left.ty, Type::Enum(_)) {
            return self.equal_to_literals(Comparison::Is, &left, items, sides);
        }
        let left = self.as_element(left, element, sides)?;
        let (values, _) = constant::of_list(items)?;
        Some(self.add_bool(ExprKind::In(left.id, Set::Values(values)), sides.span))
    }

    /// Returns the left side of `in` as a value of the elements' type.
    fn as_element(&mut self, left: Typed, element: &Type, sides: &Sides<'_>) -> Option<Typed> {
        if left.ty == Type::Any {
            return Some(if constant::is_number(element) {
                self.convert_number(left)
            } else {
                self.convert(left, element)
            });
        }
        if *element == Type::Any || self.comparable(&left.ty, element) {
            return Some(left);
        }
        let list = self.quote(sides.right.span);
        let value = self.quote(sides.left.span);
        let message = format!(
            "expected {} to look for in `{list}`, found {}: `{value}`",
            constant::with_article(element),
            constant::with_article(&left.ty)
        );
        self.report(Diagnostic::error(
            Code::TypeMismatch,
            sides.left.span,
            message,
        ));
        None
    }

    fn in_table(&mut self, left: Typed, table: TableId, sides: &Sides<'_>) -> Option<Typed> {
        let net = self
            .program
            .tables
            .as_slice()
            .get(table.index())
            .map(|table| table.mode);
        let left = match net {
            Some(TableMode::Net) => {
                let left = if left.ty == Type::Text {
                    let span = self.span(left.id);
                    self.add(ExprKind::Convert(left.id), Type::Ip, span)
                } else {
                    self.convert(left, &Type::Ip)
                };
                self.as_element(left, &Type::Ip, sides)?
            }
            Some(TableMode::Exact | TableMode::Prefix) | None => left,
        };
        Some(self.add_bool(ExprKind::In(left.id, Set::Table(table)), sides.span))
    }

    fn in_memory(
        &mut self,
        left: Typed,
        row: Row,
        memory: MemoryId,
        sides: &Sides<'_>,
    ) -> Option<Typed> {
        let info = self.names.memories.get(memory.index())?.clone();
        if info.kind != MemoryForm::Seen {
            let name = self.quote(sides.right.span);
            let message = format!("expected a seen-memory behind `in`, found `{name}`");
            let diagnostic = Diagnostic::error(Code::NotAList, sides.right.span, message);
            self.report(diagnostic.help("only a memory of kind `seen` knows its values"));
            return None;
        }
        let element = info.ty?;
        let element = element.element().cloned().unwrap_or(element);
        let left = if let Type::List(_) = &left.ty {
            left
        } else {
            self.as_element(left, &element, sides)?
        };
        let read = MemoryRead::Contains(left.id);
        Some(self.add_bool(ExprKind::Memory(memory, row, read), sides.span))
    }

    /// Returns membership in a computed list, or in one network.
    fn in_value(&mut self, left: Typed, sides: &Sides<'_>, scope: &Scope<'_>) -> Option<Typed> {
        if let Some(network) = self.lone_network(&left, sides.right, scope) {
            return self.in_networks(&left, vec![network?], sides.span);
        }
        if let Some(items) = round_list(sides.right, &left.ty) {
            self.report_round_list(items, sides);
            return None;
        }
        let right = self.value(sides.right, scope, None)?;
        let span = sides.span;
        let left = match (&right.ty, right.ty.element().cloned()) {
            (Type::Any, _) => left,
            (_, Some(element)) => self.as_element(left, &element, sides)?,
            (ty, None) => {
                self.report_not_a_list(sides, &left.ty, ty);
                return None;
            }
        };
        Some(self.add_bool(ExprKind::In(left.id, Set::Expr(right.id)), span))
    }

    fn report_round_list(&mut self, items: [&Expr; 2], sides: &Sides<'_>) {
        let [first, second] = items.map(|item| self.quote(item.span));
        let message = "expected a list behind `in`, found round brackets";
        let diagnostic = Diagnostic::error(Code::NotAList, sides.right.span, message);
        let mended = format!("[{first}, {second}]");
        self.report(
            diagnostic
                .help("a list stands between square brackets")
                .patch(mended),
        );
    }

    fn report_not_a_list(&mut self, sides: &Sides<'_>, left: &Type, right: &Type) {
        let (value, list) = (self.quote(sides.left.span), self.quote(sides.right.span));
        let found = constant::with_article(right);
        let message = format!("expected a list behind `in`, found {found}: `{list}`");
        let diagnostic = Diagnostic::error(Code::NotAList, sides.right.span, message);
        self.report(match (left, right) {
            (Type::Text | Type::Enum(_), Type::Text) if super::compare::is_literal(sides.right) => {
                diagnostic.help(format!(
                    "write `{value} is {list}`, or `{value} in [{list}]`"
                ))
            }
            (_, Type::Text) => diagnostic.help(format!("did you mean `{list} contains {value}`?")),
            (_, _) => diagnostic.help(format!(
                "write `{value} in [{list}]`, or `{value} is {list}`"
            )),
        });
    }
}

/// Returns what stands in `("ES", "FR")`, which reads like coordinates, where no coordinates are meant.
fn round_list<'e>(right: &'e Expr, left: &Type) -> Option<[&'e Expr; 2]> {
    match &super::bare(right).kind {
        ast::ExprKind::Pair(first, second) if !matches!(left, Type::Geo) => Some([first, second]),
        _ => None,
    }
}

/// Returns the literals of a list that has nothing else.
fn literals(items: &[Expr]) -> Option<Vec<Literal>> {
    items
        .iter()
        .map(|item| {
            let ast::ExprKind::Literal(literal) = &super::bare(item).kind else {
                return None;
            };
            Some(literal.clone())
        })
        .collect()
}
