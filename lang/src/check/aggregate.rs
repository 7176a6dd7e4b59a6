//! Functions over many: the members of a group, the events of a window, the elements of a list.
//!
//! Apart from other calls because their argument is evaluated once for each member.

use super::function::{function, list_element, rank, result_type, whole};
use super::{Checker, Meaning, Scope, Typed, constant};
use crate::diagnostic::{Code, Diagnostic};
use crate::file::Span;
use crate::ir::{AggregateFunction, ExprId, ExprKind, Over, RawRoot, StepId};
use crate::syntax::ast::{self, Argument, Expr, Name};
use crate::syntax::walk::children;
use crate::types::Type;

/// A call as it was written.
#[derive(Clone, Copy)]
pub(super) struct Call<'e> {
    /// The function.
    pub(super) name: &'e Name,
    /// Its arguments.
    pub(super) args: &'e [Argument],
    /// Where it stands.
    pub(super) span: Span,
}

/// What a function over many is given.
struct Subject {
    over: Over,
    argument: Option<Typed>,
    filter: Option<ExprId>,
}

impl Checker<'_> {
    /// Returns a function over a group or window, or `None` where the call is about neither.
    #[expect(
        clippy::option_option,
        reason = "no aggregate at all differs from a wrong one"
    )]
    pub(super) fn aggregate_call(
        &mut self,
        name: &Name,
        args: &[Argument],
        scope: &Scope<'_>,
        span: Span,
    ) -> Option<Option<Typed>> {
        let function = function(&name.text)?;
        let group = args
            .first()
            .and_then(|first| self.group_in(&first.value, scope));
        let over = match (group, scope.window) {
            (Some((group, true)), _) => Over::Group(group),
            (Some((_, false)), _) => {
                return Some(self.report_no_group(name, args.first()));
            }
            (None, true) => Over::Window,
            (None, false) => return None,
        };
        if over == Over::Window && is_list_function(name, args, self, scope) {
            return None;
        }
        Some(self.over_events(function, over, &Call { name, args, span }, scope))
    }

    fn report_no_group(&mut self, name: &Name, first: Option<&Argument>) -> Option<Typed> {
        let first = first?;
        let quoted = self.quote(first.value.span);
        let message = format!(
            "expected a group in `{}`, found the plain step of `{quoted}`",
            name.text
        );
        let diagnostic = Diagnostic::error(Code::NotAGroup, first.value.span, message);
        self.report(diagnostic.help("a group is a step of many events: `5+ login_failed as f`"));
        None
    }

    fn over_events(
        &mut self,
        function: AggregateFunction,
        over: Over,
        call: &Call<'_>,
        scope: &Scope<'_>,
    ) -> Option<Typed> {
        let Call { name, args, span } = *call;
        let inner = match over {
            Over::Group(group) => scope.with_member(group),
            Over::Window | Over::List(_) => *scope,
        };
        let inner = Scope {
            window: false,
            ..inner
        };
        let first = args.first();
        let whole = first.is_none_or(|first| self.is_step(&first.value, scope));
        let argument = match first {
            Some(first) if !whole => Some(self.value(&first.value, &inner, None)),
            Some(_) | None => None,
        };
        let filter = self.filter_of(first, &inner);
        let function = self.with_rank(function, name, args)?;
        let argument = match argument {
            Some(argument) => Some(argument?),
            None => None,
        };
        let subject = Subject {
            over,
            argument,
            filter: filter?,
        };
        self.aggregate(function, subject, name, span)
    }

    /// Returns the condition that chooses members; the outer `None` means that it is wrong.
    #[expect(
        clippy::option_option,
        reason = "no condition differs from a wrong one"
    )]
    fn filter_of(&mut self, first: Option<&Argument>, scope: &Scope<'_>) -> Option<Option<ExprId>> {
        match first.and_then(|first| first.filter.as_deref()) {
            None => Some(None),
            Some(filter) => self.condition(filter, scope).map(Some),
        }
    }

    /// Returns a function over the elements of a list.
    pub(super) fn list_call(
        &mut self,
        function: AggregateFunction,
        call: &Call<'_>,
        scope: &Scope<'_>,
    ) -> Option<Typed> {
        let Call { name, args, span } = *call;
        let [first, ..] = args else {
            let message = format!(
                "expected a group or a list in `{}`, found nothing",
                name.text
            );
            self.report(Diagnostic::error(Code::BadArguments, span, message));
            return None;
        };
        let list = self.value(&first.value, scope, None);
        let filter = self.filter_of(Some(first), &scope.with_element());
        let function = self.with_rank(function, name, args)?;
        let list = list?;
        let Some(element) = list_element(&list.ty) else {
            return self.report_no_list(name, first, &list.ty, scope);
        };
        let kind = ExprKind::Raw(RawRoot::Element, Vec::new().into());
        let at = first.value.span;
        let argument = (function != AggregateFunction::Count).then(|| self.add(kind, element, at));
        let subject = Subject {
            over: Over::List(list.id),
            argument,
            filter: filter?,
        };
        self.aggregate(function, subject, name, span)
    }

    fn report_no_list(
        &mut self,
        name: &Name,
        first: &Argument,
        ty: &Type,
        scope: &Scope<'_>,
    ) -> Option<Typed> {
        let quoted = self.quote(first.value.span);
        let found = constant::with_article(ty);
        let message = format!(
            "expected a group or a list in `{}`, found {found}: `{quoted}`",
            name.text
        );
        let diagnostic = Diagnostic::error(Code::NotAList, first.value.span, message);
        let own = scope.own.filter(|own| own.group).map(|own| own.name);
        let group = own.or_else(|| {
            scope
                .named()
                .find(|step| step.group)
                .map(|step| step.label.as_str())
        });
        self.report(match group {
            Some(group) => {
                diagnostic.help(format!("name the group: `{}({group}.{quoted})`", name.text))
            }
            None => diagnostic,
        });
        None
    }

    fn aggregate(
        &mut self,
        function: AggregateFunction,
        subject: Subject,
        name: &Name,
        span: Span,
    ) -> Option<Typed> {
        let Subject {
            over,
            argument,
            filter,
        } = subject;
        let argument = argument.map(|argument| match function {
            AggregateFunction::Sum
            | AggregateFunction::Min
            | AggregateFunction::Max
            | AggregateFunction::Avg
            | AggregateFunction::Percentile(_) => self.convert_number(argument),
            AggregateFunction::Gaps => self.convert(argument, &Type::Time),
            AggregateFunction::Count
            | AggregateFunction::Distinct
            | AggregateFunction::First
            | AggregateFunction::Last
            | AggregateFunction::Nth(_) => argument,
        });
        let input = argument.as_ref().map(|argument| argument.ty.clone());
        let Some(ty) = result_type(function, input.as_ref()) else {
            self.report_argument(name, input.as_ref(), span);
            return None;
        };
        let argument = argument.map(|argument| argument.id);
        Some(self.add(
            ExprKind::Aggregate {
                function,
                over,
                argument,
                filter,
            },
            ty,
            span,
        ))
    }

    fn report_argument(&mut self, name: &Name, input: Option<&Type>, span: Span) {
        let name = &name.text;
        let diagnostic = match input {
            None => Diagnostic::error(
                Code::BadArguments,
                span,
                format!("expected a field in `{name}`, found the whole group"),
            )
            .help(format!("say of which field: `{name}(f.bytes.down)`")),
            Some(ty) => Diagnostic::error(
                Code::BadArguments,
                span,
                format!(
                    "expected numbers in `{name}`, found {}",
                    constant::with_article(ty)
                ),
            ),
        };
        self.report(diagnostic);
    }

    /// Returns a percentile with its rank, the second argument.
    fn with_rank(
        &mut self,
        function: AggregateFunction,
        name: &Name,
        args: &[Argument],
    ) -> Option<AggregateFunction> {
        if function != AggregateFunction::Percentile(0) {
            if let Some(extra) = args.get(1) {
                let message = format!(
                    "expected one argument in `{}`, found {}",
                    name.text,
                    args.len()
                );
                self.report(Diagnostic::error(
                    Code::BadArguments,
                    extra.value.span,
                    message,
                ));
                return None;
            }
            return Some(function);
        }
        let rank = args.get(1).and_then(|second| rank(&second.value));
        if let (Some(rank), 2) = (rank, args.len()) {
            return Some(AggregateFunction::Percentile(rank));
        }
        let at = args.get(1).map_or(name.span, |second| second.value.span);
        let message = "expected a rank between 0 and 100 as the second argument of `percentile`";
        let diagnostic = Diagnostic::error(Code::BadArguments, at, message);
        self.report(diagnostic.help("write `percentile(f.bytes.down, 95)`"));
        None
    }

    /// Returns the n-th member's value, `f.ip[0]`, or `None` where the base is no group's field.
    #[expect(
        clippy::option_option,
        reason = "no group at all differs from a wrong position"
    )]
    pub(super) fn nth_of_group(
        &mut self,
        base: &Expr,
        index: &Expr,
        scope: &Scope<'_>,
        span: Span,
    ) -> Option<Option<Typed>> {
        let (group, true) = self.group_in(base, scope)? else {
            return None;
        };
        if scope.member == Some(group) {
            return None;
        }
        let Some(position) = whole(index) else {
            let message = "expected a literal position of a member, counted from 0";
            self.report(Diagnostic::error(Code::BadArguments, index.span, message));
            return Some(None);
        };
        let inner = scope.with_member(group);
        let Some(argument) = self.value(base, &inner, None) else {
            return Some(None);
        };
        let ty = argument.ty;
        let kind = ExprKind::Aggregate {
            function: AggregateFunction::Nth(position),
            over: Over::Group(group),
            argument: Some(argument.id),
            filter: None,
        };
        Some(Some(self.add(kind, ty, span)))
    }

    /// Returns the first step that an expression names, groups before others, and whether it is one.
    pub(crate) fn group_in(&self, expr: &Expr, scope: &Scope<'_>) -> Option<(StepId, bool)> {
        let mut found = None;
        let mut open = vec![expr];
        while let Some(next) = open.pop() {
            if let Some((step, group)) = self.step_named(next, scope) {
                if group {
                    return Some((step, true));
                }
                if std::ptr::eq(super::bare(expr), next) && self.is_step(expr, scope) {
                    found = Some((step, false));
                }
            }
            children(next, &mut |child| open.push(child));
        }
        found
    }

    /// Returns the step that a path begins with.
    fn step_named(&self, expr: &Expr, scope: &Scope<'_>) -> Option<(StepId, bool)> {
        let head = match &expr.kind {
            ast::ExprKind::Path(path) => path.parts.first()?,
            ast::ExprKind::RawField { step, .. } => step.as_ref()?,
            _ => return None,
        };
        if let Some(own) = scope.own.filter(|own| own.name == head.text) {
            return own.step.map(|step| (step, own.group));
        }
        let (index, step) = scope.find(&head.text)?;
        (index < scope.visible).then_some((step.id, step.group))
    }

    /// Tells whether an expression is the name of a step alone.
    fn is_step(&self, expr: &Expr, scope: &Scope<'_>) -> bool {
        let ast::ExprKind::Path(path) = &super::bare(expr).kind else {
            return false;
        };
        matches!(self.meaning(path, scope), Ok(Meaning::Step(_)))
    }
}

/// Tells whether a call in a window is about a list of one event, not about the window's events.
fn is_list_function(
    name: &Name,
    args: &[Argument],
    checker: &Checker<'_>,
    scope: &Scope<'_>,
) -> bool {
    name.text == "len" && !args.is_empty()
        || args.len() > 1 && name.text != "percentile"
        || args.first().is_some_and(|first| {
            name.text == "count"
                && first.filter.is_some()
                && matches!(checker.quiet_type(&first.value, scope), Some(Type::List(_)))
        })
}
