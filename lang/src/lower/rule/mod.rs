//! Rules: patterns, windows, keys, conditions, absences and alerts.
//!
//! Apart from other declarations because a rule relates many events, and all of this serves that.

mod absence;
mod alert;
mod clause;
mod condition;
mod evidence;
mod join;
mod key;
mod meta;
mod pattern;
mod step;
mod window;

use crate::check::{Bare, Checker, KeyName, Own, Place, Scope, StepName};
use crate::diagnostic::{Code, Diagnostic};
use crate::file::Span;
use crate::ir::{self, Arena, ClassId, Condition, OnMatch, StepId, StepKind};
use crate::resolve::Declared;
use crate::syntax::ast;

use clause::Clauses;
use key::KeyDraft;
use pattern::Shape;

/// A rule while it is lowered.
struct Draft<'a> {
    /// The rule as written.
    ast: &'a ast::Rule,
    /// Its pattern, flat.
    shape: Shape<'a>,
    /// Its clauses, each found once.
    clauses: Clauses<'a>,
    /// What its events have in common so far.
    key: KeyDraft,
    /// Each step's own conditions.
    own: Vec<Vec<Condition>>,
    /// Each group's conditions, without its threshold.
    together: Vec<Vec<Condition>>,
    /// Conditions over the whole match.
    whole: Vec<Condition>,
}

impl<'a> Checker<'a> {
    pub(super) fn lower_rules(&mut self, declared: &Declared<'a>) {
        for (rule, span) in &declared.rules {
            self.names_of_rules.push(rule.name.span);
            let lowered = self.lower_rule(rule, *span);
            self.program.rules.add(lowered);
        }
    }

    fn lower_rule(&mut self, rule: &'a ast::Rule, span: Span) -> ir::Rule {
        let shape = self.shape(rule);
        let clauses = self.clauses(rule);
        let count = shape.steps.len();
        let mut draft = Draft {
            ast: rule,
            shape,
            clauses,
            key: KeyDraft::default(),
            own: vec![Vec::new(); count],
            together: vec![Vec::new(); count],
            whole: Vec::new(),
        };
        if draft.shape.steps.is_empty() {
            return self.without_pattern(&draft, span);
        }
        self.rule_conditions(&mut draft);
        let absences = self.absences(&mut draft);
        self.windows(&mut draft);
        self.required_key(&draft, &absences);
        let alert = self.alert(&draft);
        let (frame, on_match) = (self.frame(&draft.clauses), self.on_match(&draft.clauses));
        let tolerate = self.tolerate(&draft);
        let steps = self.steps(&mut draft);
        let mut lowered = ir::Rule {
            name: rule.name.text.as_str().into(),
            title: super::text(rule.title.as_ref()),
            meta: self.meta(rule),
            meaning: "".into(),
            steps,
            elements: std::mem::take(&mut draft.shape.elements),
            windows: std::mem::take(&mut draft.shape.windows),
            key: draft
                .key
                .finish(&draft.shape.names, draft.clauses.across_tenants),
            conditions: std::mem::take(&mut draft.whole),
            absences,
            on_match,
            frame,
            tolerate,
            alert,
            stratum: 0,
            evidence: Vec::new(),
            span,
        };
        lowered.evidence = evidence::fields(&self.program, &lowered);
        lowered
    }

    /// Returns a rule whose pattern is missing or too long, which was told: no more can be judged.
    fn without_pattern(&mut self, draft: &Draft<'a>, span: Span) -> ir::Rule {
        ir::Rule {
            name: draft.ast.name.text.as_str().into(),
            title: super::text(draft.ast.title.as_ref()),
            meta: self.meta(draft.ast),
            meaning: "".into(),
            steps: Arena::default(),
            elements: Vec::new(),
            windows: Vec::new(),
            key: ir::Key::default(),
            conditions: Vec::new(),
            absences: Vec::new(),
            on_match: OnMatch::Restart,
            frame: None,
            tolerate: None,
            alert: alert::silent(),
            stratum: 0,
            evidence: Vec::new(),
            span,
        }
    }

    /// Returns the steps of the program, with their conditions.
    fn steps(&mut self, draft: &mut Draft<'a>) -> Arena<StepId, ir::Step> {
        let mut steps = Arena::default();
        for index in 0..draft.shape.steps.len() {
            let id = StepId::from(index);
            let class = self.step_class(draft, index);
            let kind = self.step_kind(draft, id);
            let Some(step) = draft.shape.steps.get(index) else {
                continue;
            };
            steps.add(ir::Step {
                label: step.label().into(),
                class: class.unwrap_or(super::class::ANY),
                conditions: draft
                    .own
                    .get_mut(index)
                    .map(std::mem::take)
                    .unwrap_or_default(),
                kind: kind.unwrap_or(StepKind::One),
                span: step.span,
            });
        }
        steps
    }

    fn step_class(&mut self, draft: &Draft<'a>, index: usize) -> Option<ClassId> {
        let class = draft.shape.steps.get(index)?.class;
        self.class(&class.name)
    }
}

impl<'a> Draft<'a> {
    /// Returns the scope of a step's own conditions.
    fn step_scope(&self, index: usize) -> Scope<'_> {
        let Some(name) = self.shape.names.get(index) else {
            return Scope::this(Place::Step);
        };
        Scope {
            steps: &self.shape.names,
            visible: index,
            own: Some(own(name)),
            ..Scope::this(Place::Step)
        }
    }

    /// Returns the scope of a group's conditions over all its members.
    fn group_scope(&self, index: usize) -> Scope<'_> {
        Scope {
            bare: Bare::Group(StepId::from(index)),
            ..self.step_scope(index)
        }
    }

    /// Returns the scope of a step's conditions that belong to the rule.
    fn lifted_scope(&self, index: usize) -> Scope<'_> {
        let id = StepId::from(index);
        let group = self.shape.names.get(index).is_some_and(|name| name.group);
        Scope {
            steps: &self.shape.names,
            visible: index + 1,
            bare: if group {
                Bare::Group(id)
            } else {
                Bare::Step(id)
            },
            ..Scope::this(Place::Rule)
        }
    }

    /// Returns the scope of the rule's conditions.
    fn rule_scope(&self) -> Scope<'_> {
        Scope {
            steps: &self.shape.names,
            visible: self.shape.names.len(),
            bare: Bare::Several,
            absence: self.clauses.absence_label(),
            ..Scope::this(Place::Rule)
        }
    }

    /// Returns the scope of what the alert tells.
    fn alert_scope<'s>(&'s self, key: &'s [KeyName]) -> Scope<'s> {
        let bare = match &*self.shape.names {
            [only] if only.group => Bare::Group(only.id),
            [only] => Bare::Step(only.id),
            [] | [_, ..] => Bare::Several,
        };
        Scope {
            place: Place::Alert,
            bare,
            key,
            ..self.rule_scope()
        }
    }

    /// Returns the only step of a rule that has no absence either.
    fn lone_step(&self) -> Option<usize> {
        (self.shape.steps.len() == 1 && self.clauses.absences.is_empty()).then_some(0)
    }
}

/// Returns what a step's own event is called.
fn own(name: &StepName) -> Own<'_> {
    let label = if name.callable {
        name.label.as_str()
    } else {
        ""
    };
    Own {
        name: label,
        step: Some(name.id),
        group: name.group,
    }
}

/// Returns the diagnostic of something that a rule lacks, at its name.
fn lacking(code: Code, rule: &ast::Rule, message: String) -> Diagnostic {
    Diagnostic::error(code, rule.name.span, message)
}
