//! Warns of steps that no loaded source can make an event for.
//!
//! Apart from other advice because it depends on the sources, not on the rule.

use crate::check::Checker;
use crate::diagnostic::{Code, Diagnostic};
use crate::ir::{ClassId, ClassKind, ExprId, ExprKind, Row};
use crate::value::Value;

pub(super) fn lint(checker: &mut Checker<'_>) {
    let Some(made) = checker.classes_made() else {
        return;
    };
    let mut found = Vec::new();
    for (_, rule) in checker.program.rules.iter() {
        if checker.is_prelude(rule.span) {
            continue;
        }
        for (_, step) in rule.steps.iter() {
            found.extend(checker.unproducible(step.class, &made, step.span));
        }
    }
    checker.diagnostics.extend(found);
}

impl Checker<'_> {
    /// Returns the classes that sources make, or `None` where one may make any.
    fn classes_made(&self) -> Option<Vec<Value>> {
        let class = self.program.core.class;
        let mut made = Vec::new();
        for (_, source) in self.program.sources.iter() {
            if source.fields_from.is_some() {
                return None;
            }
            for assign in source.assigns.iter().filter(|assign| assign.field == class) {
                self.constants(assign.value, &mut made)?;
            }
        }
        // A program without sources is a draft, or is given events that are made elsewhere.
        (!self.program.sources.is_empty()).then_some(made)
    }

    fn constants(&self, id: ExprId, made: &mut Vec<Value>) -> Option<()> {
        let mut open = vec![id];
        while let Some(id) = open.pop() {
            match &self.program.exprs[id].kind {
                ExprKind::Constant(value) => made.push(value.clone()),
                ExprKind::Default(left, right) => open.extend([*left, *right]),
                _ => return None,
            }
        }
        Some(())
    }

    fn unproducible(
        &self,
        class: ClassId,
        made: &[Value],
        span: crate::file::Span,
    ) -> Option<Diagnostic> {
        let alerts = |class: &ClassId| {
            matches!(
                self.program.classes[*class].kind,
                ClassKind::Alert | ClassKind::AlertOf(_)
            )
        };
        if self.bases(class).iter().any(alerts) {
            return None;
        }
        let asked = self
            .class_conditions(class)
            .into_iter()
            .filter(|condition| !condition.unless)
            .filter_map(|condition| self.allowed(condition.expr, Row::This))
            .find(|(field, _)| *field == self.program.core.class)?;
        if asked.1.iter().any(|value| made.contains(value)) {
            return None;
        }
        let name = &self.program.classes[class].name;
        let message = format!("no loaded source makes an event that is a `{name}`");
        let diagnostic = Diagnostic::warning(Code::NoSource, span, message);
        Some(diagnostic.help("load the source, or choose an event that the loaded sources make"))
    }
}
