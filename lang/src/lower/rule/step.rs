//! Groups: their thresholds and what holds of all their members.
//!
//! Apart from plain steps because a threshold is also a condition, and shown as one.

use super::Draft;
use super::pattern::StepForm;
use crate::check::{self, Checker, Typed, constant};
use crate::diagnostic::{Code, Diagnostic};
use crate::file::Span;
use crate::ir::{
    AggregateFunction, Comparison, Condition, ExprId, ExprKind, Group, Over, StepId, StepKind,
    Threshold,
};
use crate::syntax::ast::{CompareOp, Expr, ExprKind as ExprKindAst, Name, Path};
use crate::syntax::format;
use crate::types::Type;
use crate::value::Value;

/// `AGG of PATH in … CMP VALUE`
struct Measure<'e> {
    function: &'e Name,
    path: &'e Path,
    op: CompareOp,
    value: &'e Expr,
}

impl<'a> Checker<'a> {
    /// Returns what kind of step it is, with the threshold and conditions of a group.
    pub(super) fn step_kind(&mut self, draft: &mut Draft<'a>, id: StepId) -> Option<StepKind> {
        let step = draft.shape.steps.get(id.index())?;
        let (span, class) = (step.span, step.class.name.text.as_str());
        let (threshold, first) = match step.kind {
            StepForm::One => return Some(StepKind::One),
            StepForm::Count(least) => {
                let least = self.count(least, "the number of events")?;
                let count =
                    self.group_function(id, AggregateFunction::Count, None, Type::Int, span);
                let text = format!("{least}+ {class}");
                let condition = self.at_least(&count, least, text, span);
                (Threshold::Count(least), condition)
            }
            StepForm::Different(least, path) => {
                let least = self.count(least, "the number of different values")?;
                let value = self.member_path(path, draft, id)?;
                let argument = Some(value.id);
                let distinct = AggregateFunction::Distinct;
                let count = self.group_function(id, distinct, argument, Type::Int, span);
                let name = crate::resolve::dotted(&path.parts);
                let text = format!("{least}+ different {name} in {class}");
                let condition = self.at_least(&count, least, text, span);
                (Threshold::Different(least, value.id), condition)
            }
            StepForm::Aggregate {
                function,
                path,
                op,
                value,
            } => {
                let measure = Measure {
                    function,
                    path,
                    op,
                    value,
                };
                self.measured(draft, id, &measure)?
            }
        };
        let further = draft
            .together
            .get_mut(id.index())
            .map(std::mem::take)
            .unwrap_or_default();
        let conditions = std::iter::once(first).chain(further).collect();
        Some(StepKind::Group(Group {
            threshold,
            conditions,
        }))
    }

    /// Returns a path over each member of a group.
    fn member_path(&mut self, path: &Path, draft: &Draft<'a>, id: StepId) -> Option<Typed> {
        let scope = draft.step_scope(id.index()).with_member(id);
        let value = self.path_value(path, &scope)?;
        Some(self.convert(value, &Type::Text))
    }

    fn group_function(
        &mut self,
        group: StepId,
        function: AggregateFunction,
        argument: Option<ExprId>,
        ty: Type,
        span: Span,
    ) -> Typed {
        let kind = ExprKind::Aggregate {
            function,
            over: Over::Group(group),
            argument,
            filter: None,
        };
        self.add(kind, ty, span)
    }

    fn at_least(&mut self, count: &Typed, least: u64, text: String, span: Span) -> Condition {
        let least = Value::Int(i64::try_from(least).unwrap_or(i64::MAX));
        let least = self.add_constant(least, Type::Int, span);
        let kind = ExprKind::Compare(Comparison::GreaterOrEqual, count.id, least.id);
        let expr = self.add_bool(kind, span).id;
        Condition {
            expr,
            unless: false,
            text: text.into(),
            shown: Some(count.id),
            span,
        }
    }

    /// Returns the threshold of an aggregate: `sum of bytes.down in download > 1GB`.
    fn measured(
        &mut self,
        draft: &Draft<'a>,
        id: StepId,
        measure: &Measure<'_>,
    ) -> Option<(Threshold, Condition)> {
        let function = self.measure_function(measure.function)?;
        let scope = draft.step_scope(id.index()).with_member(id);
        let argument = self.path_value(measure.path, &scope)?;
        let argument = match function {
            AggregateFunction::Distinct | AggregateFunction::Count => argument,
            AggregateFunction::Sum
            | AggregateFunction::Min
            | AggregateFunction::Max
            | AggregateFunction::Avg
            | AggregateFunction::First
            | AggregateFunction::Last
            | AggregateFunction::Nth(_)
            | AggregateFunction::Percentile(_)
            | AggregateFunction::Gaps => self.convert_number(argument),
        };
        let Some(ty) = check::result_type(function, Some(&argument.ty)) else {
            let found = constant::with_article(&argument.ty);
            let message = format!(
                "expected numbers in `{}`, found {found}",
                measure.function.text
            );
            self.report(Diagnostic::error(
                Code::BadArguments,
                measure.path.span,
                message,
            ));
            return None;
        };
        let span = measure.function.span.to(measure.value.span);
        let left = self.group_function(id, function, Some(argument.id), ty, span);
        let shown = left.id;
        let expr = self.threshold_test(draft, id, left, measure, span)?;
        let class = draft
            .shape
            .steps
            .get(id.index())
            .map(|step| step.class.name.text.clone());
        let text = format!(
            "{} of {} in {} {} {}",
            measure.function.text,
            crate::resolve::dotted(&measure.path.parts),
            class.unwrap_or_default(),
            check::word(measure.op),
            format::expr(measure.value)
        );
        let condition = Condition {
            expr,
            unless: false,
            text: text.into(),
            shown: Some(shown),
            span,
        };
        Some((Threshold::Aggregate(function, argument.id), condition))
    }

    /// Returns the function of `AGG of PATH`.
    fn measure_function(&mut self, name: &Name) -> Option<AggregateFunction> {
        let function = check::aggregate_function(&name.text).filter(|function| {
            !matches!(
                function,
                AggregateFunction::First
                    | AggregateFunction::Last
                    | AggregateFunction::Gaps
                    | AggregateFunction::Percentile(0)
            )
        });
        if function.is_none() {
            let message = format!("expected an aggregate before `of`, found `{}`", name.text);
            let diagnostic = Diagnostic::error(Code::UnknownFunction, name.span, message);
            self.report(
                diagnostic
                    .help("aggregates are sum, avg, min, max, count, distinct, median and p95"),
            );
        }
        function
    }

    /// Returns the comparison of an aggregate with its limit.
    fn threshold_test(
        &mut self,
        draft: &Draft<'a>,
        id: StepId,
        left: Typed,
        measure: &Measure<'_>,
        span: Span,
    ) -> Option<ExprId> {
        let scope = draft.group_scope(id.index());
        // What the comparison has on its left, for messages that quote it.
        let shown = Expr {
            kind: ExprKindAst::Path(measure.path.clone()),
            span: measure.function.span.to(measure.path.span),
        };
        self.compare_known(left, (&shown, measure.op, measure.value), &scope, span)
            .map(|test| test.id)
    }
}
