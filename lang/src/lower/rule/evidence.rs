//! Which fields an alert shows of the events of each step.
//!
//! Apart from lowering because it looks at a whole rule: what it names is what a person will ask for.

use std::collections::BTreeSet;

use crate::ir::{
    Condition, ExprId, ExprKind, FieldId, Over, Program, Row, Rule, StepId, StepKind, Template,
    TemplatePart,
};

/// Returns for each step the fields that the rule names of it, sorted by name.
pub(super) fn fields(program: &Program, rule: &Rule) -> Vec<Vec<FieldId>> {
    let mut named = Named {
        program,
        steps: vec![BTreeSet::new(); rule.steps.len()],
    };
    let all: Vec<StepId> = rule.steps.iter().map(|(id, _)| id).collect();
    for (id, step) in rule.steps.iter() {
        named.conditions(&step.conditions, &[id]);
        if let StepKind::Group(group) = &step.kind {
            named.conditions(&group.conditions, &[id]);
        }
    }
    named.conditions(&rule.conditions, &all);
    for absence in &rule.absences {
        named.conditions(&absence.conditions, &[]);
    }
    named.alert(rule, &all);
    named.without_key(rule);
    let core = program.core;
    named
        .steps
        .into_iter()
        .map(|fields| {
            let mut fields: Vec<FieldId> = fields
                .into_iter()
                .filter(|field| ![core.time, core.id, core.source].contains(field))
                .collect();
            fields.sort_by(|left, right| {
                program.fields[*left].name.cmp(&program.fields[*right].name)
            });
            fields
        })
        .collect()
}

/// The fields named so far, by step.
struct Named<'p> {
    program: &'p Program,
    steps: Vec<BTreeSet<FieldId>>,
}

impl Named<'_> {
    fn conditions(&mut self, conditions: &[Condition], this: &[StepId]) {
        for condition in conditions {
            self.expr(condition.expr, this);
        }
    }

    /// Adds the fields that an expression reads; `this` are the steps whose event is at hand.
    fn expr(&mut self, id: ExprId, this: &[StepId]) {
        let mut open: Vec<(ExprId, Vec<StepId>)> = vec![(id, this.to_vec())];
        while let Some((id, this)) = open.pop() {
            let kind = &self.program.exprs[id].kind;
            match kind {
                ExprKind::Field(Row::This, field) => self.add(&this, *field),
                ExprKind::Field(Row::Step(step), field) => self.add(&[*step], *field),
                ExprKind::GeoDistance | ExprKind::GeoSpeed => {
                    self.add_to_all(self.program.core.geo);
                }
                _ => {}
            }
            let inner = match kind {
                ExprKind::Aggregate {
                    over: Over::Group(step),
                    ..
                } => vec![*step],
                ExprKind::Same(_) | ExprKind::Differs(_) => self.all(),
                _ => this,
            };
            kind.children(&mut |child| open.push((child, inner.clone())));
        }
    }

    fn all(&self) -> Vec<StepId> {
        (0..self.steps.len()).map(StepId::from).collect()
    }

    fn add(&mut self, steps: &[StepId], field: FieldId) {
        for step in steps {
            if let Some(fields) = self.steps.get_mut(step.index()) {
                fields.insert(field);
            }
        }
    }

    fn add_to_all(&mut self, field: FieldId) {
        let all = self.all();
        self.add(&all, field);
    }

    fn alert(&mut self, rule: &Rule, all: &[StepId]) {
        let alert = &rule.alert;
        self.template(&alert.text, all);
        for note in &alert.notes {
            self.template(&note.text, all);
            note.when.iter().for_each(|when| self.expr(*when, all));
        }
        for (_, when) in &alert.severities {
            self.expr(*when, all);
        }
        for score in &alert.scores {
            for id in [Some(score.points), Some(score.on), score.when]
                .into_iter()
                .flatten()
            {
                self.expr(id, all);
            }
        }
        for (step, field) in &alert.show {
            match step {
                Some(step) => self.add(&[*step], *field),
                None => self.add(all, *field),
            }
        }
    }

    fn template(&mut self, template: &Template, all: &[StepId]) {
        for part in &template.parts {
            match part {
                TemplatePart::Text(_) => {}
                TemplatePart::Hole(id) => self.expr(*id, all),
            }
        }
    }

    /// Takes away the fields of the key, which an alert shows beside its evidence.
    fn without_key(&mut self, rule: &Rule) {
        for (step, term) in rule
            .key
            .components
            .iter()
            .flat_map(|component| &component.terms)
        {
            let mut fields = Vec::new();
            self.program.walk(*term, &mut |_, kind| {
                if let ExprKind::Field(Row::This, field) = kind {
                    fields.push(*field);
                }
            });
            if let Some(named) = self.steps.get_mut(step.index()) {
                named.retain(|field| !fields.contains(field));
            }
        }
    }
}
