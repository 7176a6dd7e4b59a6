//! Absences: what must not have happened, where, and with which keys.
//!
//! Apart from steps because an absence binds no event.

use super::Draft;
use super::clause::label;
use super::join::Join;
use crate::check::{Checker, Own, Place, Scope, StepName};
use crate::diagnostic::{Code, Diagnostic};
use crate::file::Span;
use crate::ir::{Absence, AbsenceInterval, AbsenceJoin, Condition, ExprId, StepId};
use crate::syntax::ast::{self, Interval, IntervalKind, Name, Without};

/// The most absences of one rule.
const ABSENCES_MAX: usize = 16;

/// What the conditions of an absence give.
#[derive(Default)]
struct Gathered {
    conditions: Vec<Condition>,
    key: Vec<Option<ExprId>>,
    joins: Vec<AbsenceJoin>,
}

impl<'a> Checker<'a> {
    /// Returns the absences of a rule.
    pub(super) fn absences(&mut self, draft: &mut Draft<'a>) -> Vec<Absence> {
        let clauses = draft.clauses.absences.clone();
        if let Some((_, span)) = clauses.get(ABSENCES_MAX) {
            let message = format!("a rule may have {ABSENCES_MAX} `without`, found more");
            self.report(Diagnostic::error(Code::BadCount, *span, message));
        }
        clauses
            .into_iter()
            .take(ABSENCES_MAX)
            .filter_map(|(without, span)| self.absence(without, span, draft))
            .collect()
    }

    fn absence(&mut self, without: &'a Without, span: Span, draft: &Draft<'a>) -> Option<Absence> {
        let name = label(without);
        if let Some(as_name) = &without.name {
            self.absence_name(as_name, draft);
        }
        let class = self.class(&without.class.name);
        let gathered = self.absence_conditions(without, name, draft);
        let interval = self.interval(without, span, draft);
        let text = self.one_line(span);
        Some(Absence {
            label: name.into(),
            class: class?,
            conditions: gathered.conditions,
            key: gathered.key,
            joins: gathered.joins,
            interval: interval?,
            text: text.into(),
            span,
        })
    }

    fn absence_name(&mut self, name: &Name, draft: &Draft<'a>) {
        if self.names.begins_field(&name.text) || name.text == "raw" {
            let message = format!(
                "an absence may not be called `{}`, the first word of a field",
                name.text
            );
            let diagnostic = Diagnostic::error(Code::StepNamedAsField, name.span, message);
            self.report(diagnostic.help("choose another name, such as `q`"));
        } else if draft.rule_scope().find(&name.text).is_some() {
            let message = format!("a step is called `{}` already", name.text);
            self.report(Diagnostic::error(Code::DuplicateStep, name.span, message));
        }
    }

    fn absence_conditions(
        &mut self,
        without: &'a Without,
        name: &str,
        draft: &Draft<'a>,
    ) -> Gathered {
        let scope = Scope {
            steps: &draft.shape.names,
            visible: draft.shape.names.len(),
            own: Some(Own {
                name,
                step: None,
                group: false,
            }),
            ..Scope::this(Place::Absence)
        };
        let mut gathered = Gathered {
            key: draft.key.of_absence(),
            ..Gathered::default()
        };
        for filter in &without.filters {
            for part in super::super::parts_of(filter) {
                let join = if filter.unless {
                    None
                } else {
                    self.join_of(part, &scope, None, draft)
                };
                let keyed = join.is_some_and(|join| gathered.join(join, draft));
                if !keyed {
                    gathered
                        .conditions
                        .extend(self.one_condition(part, filter.unless, &scope));
                }
            }
        }
        gathered
    }

    /// Returns where an absence is looked for.
    fn interval(
        &mut self,
        without: &'a Without,
        span: Span,
        draft: &Draft<'a>,
    ) -> Option<AbsenceInterval> {
        let Some(interval) = &without.interval else {
            let name = label(without);
            let message = format!("expected where `{name}` must not happen");
            let step = draft.shape.names.first().map(|step| step.label.clone());
            let step = step.unwrap_or_else(|| "a".to_owned());
            let help = format!(
                "add `within 10m after {step}`, `within 10m before {step}` or `between a and b`"
            );
            self.report(Diagnostic::error(Code::MissingInterval, span, message).help(help));
            return None;
        };
        match &interval.kind {
            IntervalKind::Between(first, second) => self.between(first, second, interval, draft),
            IntervalKind::Inside(name) => {
                let step = self.anchor(name, draft)?;
                if step.group {
                    return Some(AbsenceInterval::Inside(step.id));
                }
                let message = format!(
                    "expected `between` with two steps or with a group, found the plain step `{}`",
                    name.text
                );
                self.report(Diagnostic::error(Code::BadAnchor, name.span, message));
                None
            }
            IntervalKind::Around { before, after } => {
                let mut side = |side: &Option<(ast::Quantity, Name)>, word: &str| match side {
                    None => Some(None),
                    Some((within, name)) => {
                        let within = self.duration(within, word);
                        let step = self.anchor(name, draft).map(|step| step.id);
                        Some(Some((within?, step?)))
                    }
                };
                let (before, after) = (side(before, "within"), side(after, "within"));
                Some(AbsenceInterval::Around {
                    before: before?,
                    after: after?,
                })
            }
        }
    }

    fn between(
        &mut self,
        first: &Name,
        second: &Name,
        interval: &Interval,
        draft: &Draft<'a>,
    ) -> Option<AbsenceInterval> {
        let (left, right) = (self.anchor(first, draft), self.anchor(second, draft));
        let (left, right) = (left?, right?);
        if left.element < right.element {
            return Some(AbsenceInterval::Between(left.id, right.id));
        }
        let message = format!(
            "expected a step and a later one after `between`, found `{}` and `{}`",
            first.text, second.text
        );
        let diagnostic = Diagnostic::error(Code::BadAnchor, interval.span, message);
        self.report(if left.element > right.element {
            diagnostic.help(format!(
                "write `between {} and {}`",
                second.text, first.text
            ))
        } else {
            diagnostic.help("the steps of one `all of` have no order")
        });
        None
    }

    /// Returns the step that an absence hangs on.
    fn anchor<'d>(&mut self, name: &Name, draft: &'d Draft<'a>) -> Option<&'d StepName> {
        let steps = &draft.shape.names;
        let Some(step) = steps
            .iter()
            .find(|step| step.callable && step.label == name.text)
        else {
            let message = format!("no step is called `{}`", name.text);
            let near = self.nearest(&name.text, steps.iter().map(|step| step.label.as_str()));
            let diagnostic = Diagnostic::error(Code::UnknownStep, name.span, message);
            let twice = steps.iter().filter(|step| step.label == name.text).count() > 1;
            self.report(match near {
                _ if twice => diagnostic.help("several steps have this class: name them with `as`"),
                Some(near) => diagnostic
                    .help(format!("did you mean `{near}`?"))
                    .patch(near),
                None => diagnostic.help("name the steps with `as`: `login as a`"),
            });
            return None;
        };
        if step.optional {
            let message = format!(
                "an absence cannot hang on `{}`, which a match may lack",
                name.text
            );
            let diagnostic = Diagnostic::error(Code::BadAnchor, name.span, message);
            self.report(diagnostic.help("hang it on a step outside of `N of`"));
            return None;
        }
        Some(step)
    }
}

impl Gathered {
    /// Takes an equality between the absence and a step; tells whether the key covers it.
    fn join(&mut self, join: Join, draft: &Draft<'_>) -> bool {
        let Join { left, right, exact } = join;
        let (absence, step) = match (left.step, right.step) {
            (None, Some(_)) => (left, right),
            (Some(_), None) => (right, left),
            (Some(_), Some(_)) | (None, None) => return false,
        };
        let id: StepId = match step.step {
            Some(id) => id,
            None => return false,
        };
        if let Some(component) = draft.key.component_of(&step, exact)
            && let Some(slot) = self.key.get_mut(component)
            && slot.is_none()
        {
            *slot = Some(absence.value.id);
            return true;
        }
        self.joins.push(AbsenceJoin {
            step: id,
            of_step: step.value.id,
            of_absence: absence.value.id,
            exact,
        });
        false
    }
}
