//! The forms of an expression, each handed to the file that knows its law.
//!
//! Apart from those so that one place holds the bound on depth.

use super::mismatch::Sides;
use super::{Checker, Scope, Typed, constant, path};
use crate::diagnostic::{Code, Diagnostic};
use crate::file::Span;
use crate::ir::{CalendarId, ExprId, ExprKind};
use crate::resolve::Global;
use crate::syntax::ast::{self, Expr, Literal, LiteralKind, Name};
use crate::types::Type;
use crate::value::Value;

/// How deep an expression may be; brackets alone are held to 64 by the parser.
const DEPTH_MAX: usize = 96;

impl Checker<'_> {
    /// Returns an expression with its type; `want` is what its place asks for, a hint for literals
    /// and symbols. `None` means that what is wrong has been told.
    pub(crate) fn value(
        &mut self,
        expr: &Expr,
        scope: &Scope<'_>,
        want: Option<&Type>,
    ) -> Option<Typed> {
        if self.depth >= DEPTH_MAX {
            let message = format!("an expression may be {DEPTH_MAX} levels deep, found more");
            self.report(Diagnostic::error(Code::TooDeep, expr.span, message));
            return None;
        }
        self.depth += 1;
        let value = self.form(super::bare(expr), scope, want);
        self.depth -= 1;
        value
    }

    fn form(&mut self, expr: &Expr, scope: &Scope<'_>, want: Option<&Type>) -> Option<Typed> {
        let span = expr.span;
        match &expr.kind {
            ast::ExprKind::Literal(literal) => self.literal(literal, want),
            ast::ExprKind::Path(path) => self.path(path, scope, want),
            ast::ExprKind::Raw(path) => self.raw(path, scope),
            ast::ExprKind::RawField { step, path } => {
                self.raw_field(step.as_ref(), path, scope, span)
            }
            ast::ExprKind::List(items) => self.list(items, scope, want, span),
            ast::ExprKind::Pair(left, right) => self.coordinates(left, right, scope, span),
            ast::ExprKind::Group(inner) => self.value(inner, scope, want),
            ast::ExprKind::Call { name, args } => self.call(name, args, scope, span),
            ast::ExprKind::Index { base, index } => self.index(base, index, scope, span),
            ast::ExprKind::Member { base, part } => self.member(base, part, scope, span),
            ast::ExprKind::Not(inner) => self.not(inner, scope, span),
            ast::ExprKind::Negate(inner) => self.negate(inner, scope, span),
            ast::ExprKind::And(..) => self.and(expr, scope),
            ast::ExprKind::Or(..) => self.or(expr, scope, want),
            ast::ExprKind::Arithmetic { op, left, right } => {
                self.arithmetic(*op, left, right, scope, span)
            }
            ast::ExprKind::Compare {
                op,
                negated,
                left,
                right,
            } => {
                let sides = Sides {
                    op: *op,
                    left,
                    right,
                    span,
                };
                self.compare(&sides, *negated, scope)
            }
            ast::ExprKind::Missing(inner) => {
                let exists = self.exists(inner, scope, span)?;
                Some(self.add_bool(ExprKind::Not(exists.id), span))
            }
            ast::ExprKind::Exists(inner) => self.exists(inner, scope, span),
            ast::ExprKind::Same(paths) => self.same(paths, scope, span),
            ast::ExprKind::Differs(paths) => self.differs(paths, scope, span),
            ast::ExprKind::GeoDistance => {
                self.pairs(ExprKind::GeoDistance, Type::Distance, scope, span)
            }
            ast::ExprKind::GeoSpeed => self.pairs(ExprKind::GeoSpeed, Type::Speed, scope, span),
            ast::ExprKind::Elapsed => self.elapsed(scope, span),
            ast::ExprKind::Calendar {
                time,
                outside,
                calendar,
                key,
            } => {
                let during = self.during(time, calendar, key.as_deref(), scope, span)?;
                Some(if *outside {
                    self.add_bool(ExprKind::Not(during.id), span)
                } else {
                    during
                })
            }
            ast::ExprKind::Quantified { all, list, test } => {
                self.quantified(*all, list, test, scope, span)
            }
        }
    }

    /// Returns a literal, read as the type its place asks for.
    pub(super) fn literal(&mut self, literal: &Literal, want: Option<&Type>) -> Option<Typed> {
        let span = literal.span;
        if let (LiteralKind::Text { value, .. }, Some(want)) = (&literal.kind, want) {
            return self.text_literal(value, want, span);
        }
        let Some((value, ty)) = constant::of_literal(literal) else {
            let message = "expected a value, found a time of day";
            let diagnostic = Diagnostic::error(Code::NotAValue, span, message);
            self.report(diagnostic.help(
                "declare a calendar: `calendar office { mon-fri 08:00-18:30 }`, then `time during office`",
            ));
            return None;
        };
        Some(self.add_constant(value, ty, span))
    }

    /// Returns a text literal, read as an address, a symbol or a time where one is asked for.
    pub(super) fn text_literal(&mut self, text: &str, want: &Type, span: Span) -> Option<Typed> {
        match want {
            Type::Ip => match constant::address(text) {
                Some(address) => Some(self.add_constant(Value::Ip(address), Type::Ip, span)),
                None => self.report_address(text, span),
            },
            Type::Enum(symbols) => match path::symbol(symbols, text) {
                Some(symbol) => Some(self.add_constant(Value::Text(symbol), want.clone(), span)),
                None => {
                    self.report_symbol(text, symbols, span);
                    None
                }
            },
            Type::Time => match crate::time::parse_rfc3339(text) {
                Some(time) => Some(self.add_constant(Value::Time(time), Type::Time, span)),
                None => {
                    let message = format!("expected a time, found {}", constant::quoted(text));
                    let diagnostic = Diagnostic::error(Code::TypeMismatch, span, message);
                    self.report(diagnostic.help("write an instant: `2026-03-15T08:00:00Z`"));
                    None
                }
            },
            Type::Text
            | Type::Int
            | Type::Float
            | Type::Bool
            | Type::Duration
            | Type::Distance
            | Type::Speed
            | Type::Size
            | Type::Geo
            | Type::List(_)
            | Type::Any => Some(self.add_constant(Value::text(text), Type::Text, span)),
        }
    }

    fn report_address(&mut self, text: &str, span: Span) -> Option<Typed> {
        let quoted = constant::quoted(text);
        let diagnostic = if constant::network(text).is_some() {
            let message = format!("expected an address, found the network {quoted}");
            Diagnostic::error(Code::BadAddress, span, message).help(format!("write `in {quoted}`"))
        } else {
            let message = format!("expected an address, found {quoted}");
            Diagnostic::error(Code::BadAddress, span, message)
                .help("write it as `\"192.0.2.1\"` or `\"2001:db8::1\"`")
        };
        self.report(diagnostic);
        None
    }

    /// Returns a list whose elements have one type.
    fn list(
        &mut self,
        items: &[Expr],
        scope: &Scope<'_>,
        want: Option<&Type>,
        span: Span,
    ) -> Option<Typed> {
        let want = want.and_then(Type::element);
        let values: Vec<Option<Typed>> = items
            .iter()
            .map(|item| self.value(item, scope, want))
            .collect();
        let values: Vec<Typed> = values.into_iter().collect::<Option<_>>()?;
        let element = self.element_type(&values)?;
        let ids = values.iter().map(|value| value.id).collect();
        Some(self.add(ExprKind::List(ids), Type::List(Box::new(element)), span))
    }

    /// Returns the type that the elements of a list share.
    pub(super) fn element_type(&mut self, values: &[Typed]) -> Option<Type> {
        let mut element: Option<Type> = None;
        for value in values {
            element = match element {
                None => Some(value.ty.clone()),
                Some(before) => match self.shared(&before, &value.ty) {
                    Some(shared) => Some(shared),
                    None => {
                        let message = format!(
                            "expected elements of one type, found {before} and {}",
                            value.ty
                        );
                        let span = self.span(value.id);
                        self.report(Diagnostic::error(Code::MixedList, span, message));
                        return None;
                    }
                },
            };
        }
        Some(element.unwrap_or(Type::Text))
    }

    fn coordinates(
        &mut self,
        left: &Expr,
        right: &Expr,
        scope: &Scope<'_>,
        span: Span,
    ) -> Option<Typed> {
        let left = self.number(left, scope);
        let right = self.number(right, scope);
        Some(self.add(ExprKind::Geo(left?, right?), Type::Geo, span))
    }

    /// Returns a number without a unit.
    pub(super) fn number(&mut self, expr: &Expr, scope: &Scope<'_>) -> Option<ExprId> {
        let value = self.value(expr, scope, None)?;
        let value = self.convert_number(value);
        if constant::is_number(&value.ty) {
            return Some(value.id);
        }
        let message = format!(
            "expected a number, found {}",
            constant::with_article(&value.ty)
        );
        self.report(Diagnostic::error(Code::TypeMismatch, expr.span, message));
        None
    }

    fn exists(&mut self, inner: &Expr, scope: &Scope<'_>, span: Span) -> Option<Typed> {
        let value = self.value(inner, scope, None)?;
        Some(self.add_bool(ExprKind::Exists(value.id), span))
    }

    /// Returns a part behind `]` or `)`: a column of a table, or a part of a record.
    fn member(&mut self, base: &Expr, part: &Name, scope: &Scope<'_>, span: Span) -> Option<Typed> {
        if let ast::ExprKind::Index { base: table, index } = &base.kind
            && let Some(lookup) = self.lookup(table, index, &part.text, scope, span)
        {
            return lookup;
        }
        let record = self.value(base, scope, None)?;
        self.part_of(record, part, span)
    }

    fn part_of(&mut self, record: Typed, part: &Name, span: Span) -> Option<Typed> {
        match (&record.ty, part.text.as_str()) {
            (Type::Any, _) => Some(self.parts(record, std::slice::from_ref(part), span)),
            (Type::Geo, "lat") => Some(self.add(ExprKind::Latitude(record.id), Type::Float, span)),
            (Type::Geo, "lon") => Some(self.add(ExprKind::Longitude(record.id), Type::Float, span)),
            (ty, name) => {
                let found = constant::with_article(ty);
                let message = format!("expected a record with a part `{name}`, found {found}");
                self.report(Diagnostic::error(Code::UnknownPart, part.span, message));
                None
            }
        }
    }

    /// Returns a column of a table's row, or `None` where the base is no table.
    #[expect(
        clippy::option_option,
        reason = "no table at all differs from a wrong key"
    )]
    fn lookup(
        &mut self,
        base: &Expr,
        key: &Expr,
        column: &str,
        scope: &Scope<'_>,
        span: Span,
    ) -> Option<Option<Typed>> {
        let ast::ExprKind::Path(path) = &super::bare(base).kind else {
            return None;
        };
        let [name] = &*path.parts else { return None };
        let Some(Global::Table(table)) = self.names.globals.get(name.text.as_str()).copied() else {
            return None;
        };
        let Some(key) = self.value(key, scope, None) else {
            return Some(None);
        };
        let kind = ExprKind::Lookup {
            table,
            key: key.id,
            column: column.into(),
        };
        Some(Some(self.add(kind, Type::Any, span)))
    }

    /// Returns an element by position or key; of a table, a column by its odd name.
    fn index(&mut self, base: &Expr, index: &Expr, scope: &Scope<'_>, span: Span) -> Option<Typed> {
        if let ast::ExprKind::Index {
            base: table,
            index: key,
        } = &base.kind
            && let ast::ExprKind::Literal(Literal {
                kind: LiteralKind::Text { value: column, .. },
                ..
            }) = &index.kind
            && let Some(lookup) = self.lookup(table, key, column, scope, span)
        {
            return lookup;
        }
        if let Some(lookup) = self.lookup(base, index, "", scope, span) {
            lookup?;
            let quoted = self.quote(span);
            let message = format!("expected a column of the row, found the row `{quoted}` alone");
            let help =
                format!("write `{quoted}.class`; to ask whether there is a row, write `x in` it");
            self.report(Diagnostic::error(Code::NotAValue, span, message).help(help));
            return None;
        }
        if let Some(member) = self.nth_of_group(base, index, scope, span) {
            return member;
        }
        let list = self.value(base, scope, None);
        let index = self.value(index, scope, None);
        let (list, index) = (list?, index?);
        let ty = match (&list.ty, &index.ty) {
            (Type::List(element), Type::Int | Type::Any) => (**element).clone(),
            (Type::Any, Type::Int | Type::Text | Type::Any) => Type::Any,
            (_, _) => {
                let message = format!(
                    "expected a list and a position, found {} and {}",
                    constant::with_article(&list.ty),
                    constant::with_article(&index.ty)
                );
                self.report(Diagnostic::error(Code::NotAList, span, message));
                return None;
            }
        };
        Some(self.add(ExprKind::Index(list.id, index.id), ty, span))
    }

    fn during(
        &mut self,
        time: &Expr,
        calendar: &Name,
        key: Option<&Expr>,
        scope: &Scope<'_>,
        span: Span,
    ) -> Option<Typed> {
        let calendar = self.calendar(calendar, key.is_some());
        let time = self.value(time, scope, Some(&Type::Time));
        let key = key.map(|key| self.value(key, scope, None));
        let (calendar, time) = (calendar?, time?);
        let found = constant::with_article(&time.ty);
        let at = self.span(time.id);
        let time = self.convert(time, &Type::Time);
        if time.ty != Type::Time {
            let message = format!("expected a time before `during`, found {found}");
            self.report(Diagnostic::error(Code::TypeMismatch, at, message));
            return None;
        }
        let key = match key {
            Some(key) => Some(key?.id),
            None => None,
        };
        Some(self.add_bool(
            ExprKind::During {
                calendar,
                time: time.id,
                key,
            },
            span,
        ))
    }

    /// Returns the calendar of a name; `keyed` is whether a key was given.
    fn calendar(&mut self, name: &Name, keyed: bool) -> Option<CalendarId> {
        let Some((id, per)) = self.names.calendars.get(name.text.as_str()).copied() else {
            let near = self.nearest(&name.text, self.names.calendars.keys().copied());
            let message = format!("no calendar is called `{}`", name.text);
            let diagnostic = Diagnostic::error(Code::UnknownName, name.span, message);
            if self.names.is_torn(&name.text) {
                return None;
            }
            self.report(match near {
                Some(near) => diagnostic
                    .help(format!("did you mean `{near}`?"))
                    .patch(near),
                None => diagnostic.help(format!(
                    "declare it: `calendar {} {{ mon-fri 08:00-18:30 }}`",
                    name.text
                )),
            });
            return None;
        };
        if per == keyed {
            return Some(id);
        }
        let message = if per {
            format!(
                "calendar `{}` has intervals per key, and none is given",
                name.text
            )
        } else {
            format!("calendar `{}` has no `per`, so it takes no key", name.text)
        };
        let diagnostic = Diagnostic::error(Code::BadArguments, name.span, message);
        self.report(if per {
            diagnostic.help(format!(
                "write the key in brackets: `{}(resource.id)`",
                name.text
            ))
        } else {
            diagnostic
                .help(format!("write `{}` alone", name.text))
                .patch(name.text.clone())
        });
        None
    }
}
