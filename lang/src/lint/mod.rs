//! What compiles and is probably not meant.
//!
//! Apart from the checker because it looks at a program that is right, and only advises.

mod known;
mod mismatch;
mod negated;
mod never;
mod producible;
mod untested;
mod zone;

use crate::check::{Checker, Negated};
use crate::diagnostic::Level;
use crate::file::{Origin, Span};
use crate::ir::{ClassId, ClassKind, Condition, ExprId, ExprKind, FieldId, Row, Rule, StepId};

/// Adds warnings to a program without errors; the prelude is not judged.
pub(crate) fn program(checker: &mut Checker<'_>) {
    if checker
        .diagnostics
        .iter()
        .any(|diagnostic| diagnostic.level == Level::Error)
    {
        return;
    }
    negated::lint(checker);
    never::lint(checker);
    mismatch::lint(checker);
    producible::lint(checker);
    untested::lint(checker);
    zone::lint(checker);
}

/// Conditions that hold of one event together.
struct Together<'p> {
    /// What decides whether there is a warning, for those written here.
    own: &'p [Condition],
    /// What holds besides: conditions of the classes.
    inherited: Vec<&'p Condition>,
    /// How the event at hand is read.
    row: Row,
    /// Fields that are known to be there: of the key.
    present: Vec<FieldId>,
}

impl Checker<'_> {
    /// Tells whether a place belongs to the prelude.
    fn is_prelude(&self, span: Span) -> bool {
        self.files
            .get(span.file)
            .is_none_or(|file| file.origin == Origin::Prelude)
    }

    /// Tells whether a place belongs to a file that the user named.
    fn is_of_user(&self, span: Span) -> bool {
        let file = self.files.get(span.file);
        file.is_some_and(|file| file.origin == Origin::User)
    }

    /// Returns where the name of a rule stands.
    fn name_of(&self, rule: &Rule) -> Span {
        let rules = self.program.rules.as_slice().iter();
        let at = rules.enumerate().find(|(_, other)| other.span == rule.span);
        at.and_then(|(at, _)| self.names_of_rules.get(at))
            .copied()
            .unwrap_or(rule.span)
    }

    /// Returns the conditions of a class and of what it builds on.
    fn class_conditions(&self, class: ClassId) -> Vec<&Condition> {
        self.bases(class)
            .into_iter()
            .flat_map(|class| match &self.program.classes[class].kind {
                ClassKind::Where { conditions, .. } => conditions.as_slice(),
                ClassKind::Any | ClassKind::Alert | ClassKind::AlertOf(_) => &[],
            })
            .collect()
    }

    /// Returns every set of conditions that hold of one event, outside of the prelude.
    fn together(&self) -> Vec<Together<'_>> {
        let mut sets = Vec::new();
        for (_, class) in self.program.classes.iter() {
            if let ClassKind::Where { base, conditions } = &class.kind
                && !self.is_prelude(class.span)
            {
                sets.push(self.simple(conditions, *base));
            }
        }
        for (_, memory) in self.program.memories.iter() {
            if !self.is_prelude(memory.span) {
                sets.push(self.simple(&memory.conditions, memory.class));
            }
        }
        for (_, digest) in self.program.digests.iter() {
            if !self.is_prelude(digest.span) {
                sets.push(self.simple(&digest.conditions, digest.class));
            }
        }
        for (_, rule) in self.program.rules.iter() {
            if self.is_prelude(rule.span) {
                continue;
            }
            for (id, step) in rule.steps.iter() {
                let present = self.key_fields(rule, id);
                let set = self.simple(&step.conditions, step.class);
                sets.push(Together {
                    present: present.clone(),
                    ..set
                });
                let inherited = self
                    .class_conditions(step.class)
                    .into_iter()
                    .chain(&step.conditions)
                    .collect();
                sets.push(Together {
                    own: &rule.conditions,
                    inherited,
                    row: Row::Step(id),
                    present,
                });
            }
            for absence in &rule.absences {
                sets.push(self.simple(&absence.conditions, absence.class));
            }
        }
        sets
    }

    fn simple<'p>(&'p self, own: &'p [Condition], class: ClassId) -> Together<'p> {
        let inherited = self.class_conditions(class);
        Together {
            own,
            inherited,
            row: Row::This,
            present: Vec::new(),
        }
    }

    /// Returns the fields of a step that its rule's key needs.
    fn key_fields(&self, rule: &Rule, step: StepId) -> Vec<FieldId> {
        let terms = rule
            .key
            .components
            .iter()
            .flat_map(|component| &component.terms);
        terms
            .filter(|(of, _)| *of == step)
            .filter_map(|(_, id)| self.field_at(*id, Row::This))
            .collect()
    }

    /// Returns the field that an expression is, of one event.
    fn field_at(&self, id: ExprId, row: Row) -> Option<FieldId> {
        let ExprKind::Field(of, field) = &self.program.exprs[id].kind else {
            return None;
        };
        (*of == row).then_some(*field)
    }
}
