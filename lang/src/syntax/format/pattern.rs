//! The layout of patterns: on one line where they fit, else a line a step.
//!
//! Apart from the clauses because steps nest.

use crate::file::Span;
use crate::syntax::ast::{ClassRef, Name, Pattern, PatternStep, Quantity, Step, StepKind};
use crate::syntax::format::doc::Doc;
use crate::syntax::format::layout::{Layout, Signs};

impl Layout<'_> {
    pub(super) fn pattern(&mut self, pattern: &Pattern) -> Doc {
        let mut docs = Vec::new();
        let mut last: Option<&Step> = None;
        for PatternStep { gap, step } in &pattern.steps {
            if let Some(last) = last {
                let start = step_start(gap.as_ref(), step);
                docs.push(self.separate(last.span.end, start, Doc::Line));
                docs.push(self.then(gap.as_ref()));
            }
            docs.push(self.step(step));
            last = Some(step);
        }
        let mut docs = docs.into_iter();
        let first = docs.next().unwrap_or_else(Doc::none);
        Doc::Concat(vec![first, Doc::indent(Doc::Concat(docs.collect()))])
    }

    fn then(&mut self, gap: Option<&Quantity>) -> Doc {
        match gap {
            None => Doc::text("then "),
            Some(gap) => {
                let gap = self.quantity(gap);
                Doc::Concat(vec![self.after("then within", gap), Doc::text(" ")])
            }
        }
    }

    fn step(&mut self, step: &Step) -> Doc {
        let end = step
            .filters
            .first()
            .map_or(step.span.end, |filter| filter.span.start);
        let kind = self.step_kind(&step.kind, Span { end, ..step.span });
        let filters = self.filters(step_end(&step.kind, end), &step.filters);
        Doc::group(Doc::Concat(vec![kind, Doc::indent(filters)]))
    }

    fn step_kind(&mut self, kind: &StepKind, span: Span) -> Doc {
        match kind {
            StepKind::Event { class, name } => self.class(class, name.as_ref()),
            StepKind::Count { least, class, name } => {
                let least = self.quantity(least);
                Doc::Concat(vec![
                    least,
                    Doc::text("+ "),
                    self.class(class, name.as_ref()),
                ])
            }
            StepKind::Different {
                least,
                path,
                class,
                name,
            } => {
                let least = self.quantity(least);
                let path = self.path(path);
                let class = self.class(class, name.as_ref());
                Doc::Concat(vec![
                    least,
                    Doc::text("+ different "),
                    path,
                    Doc::text(" in "),
                    class,
                ])
            }
            StepKind::Aggregate {
                function,
                path,
                class,
                name,
                op,
                value,
            } => {
                let function = self.name(function);
                let path = self.path(path);
                let class = self.class(class, name.as_ref());
                let value = self.value(value);
                let head = vec![function, Doc::text(" of "), path, Doc::text(" in "), class];
                let test = vec![
                    Doc::text(format!(" {} ", super::expression::compare_word(*op, false))),
                    value,
                ];
                Doc::Concat(head.into_iter().chain(test).collect())
            }
            StepKind::Set { least, steps } => {
                let head = match least {
                    Some(least) => self.quantity(least),
                    None => Doc::text("all"),
                };
                let end = span.end.saturating_sub(1);
                let start = steps.first().map_or(end, |step| step.span.start);
                let steps = self.enclosed(Signs::Round, start..end, |layout| {
                    layout.commas(steps, |step| step.span, Self::step)
                });
                Doc::Concat(vec![head, Doc::text(" of "), steps])
            }
            StepKind::Local { pattern, within } => {
                let inside = pattern.span.start..span.end.saturating_sub(1);
                self.enclosed(Signs::Round, inside, |layout| {
                    layout.local(pattern, within.as_ref())
                })
            }
        }
    }

    fn local(&mut self, pattern: &Pattern, within: Option<&Quantity>) -> Doc {
        let mut docs = vec![self.pattern(pattern)];
        if let Some(within) = within {
            docs.push(self.separate(pattern.span.end, within.span().start, Doc::Line));
            let within = self.quantity(within);
            docs.push(self.after("within", within));
        }
        Doc::Concat(docs)
    }

    /// Returns a class with the name of its step.
    pub(super) fn class(&mut self, class: &ClassRef, name: Option<&Name>) -> Doc {
        let mut docs = vec![self.name(&class.name)];
        if let Some(name) = name {
            let name = self.name(name);
            docs.extend([Doc::text(" "), self.after("as", name)]);
        }
        Doc::Concat(docs)
    }
}

fn step_start(gap: Option<&Quantity>, step: &Step) -> u32 {
    gap.map_or(step.span, Quantity::span).start
}

/// Returns where a step ends before its filters.
fn step_end(kind: &StepKind, limit: u32) -> u32 {
    match kind {
        StepKind::Event { class, name }
        | StepKind::Count { class, name, .. }
        | StepKind::Different { class, name, .. } => name.as_ref().unwrap_or(&class.name).span.end,
        StepKind::Aggregate { value, .. } => value.span.end,
        StepKind::Set { .. } | StepKind::Local { .. } => limit,
    }
}
