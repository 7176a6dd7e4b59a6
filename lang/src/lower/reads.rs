//! The fields that anything at run time can read: only these are kept of an event.
//!
//! Apart from lowering because it looks at the whole program once all of it is known.

use crate::ir::{
    Absence, ClassId, ClassKind, Condition, DigestAction, ExprId, ExprKind, FieldId, MemoryKind,
    Program, RawRoot, Rule, StepKind, Template, TemplatePart, TestLineKind,
};

/// Fills in which fields are read, with what their defaults read.
pub(super) fn collect(program: &mut Program) {
    let mut reads = Reads {
        program,
        fields: vec![false; program.fields.len()],
        classes: vec![false; program.classes.len()],
        open: Vec::new(),
        raw: false,
    };
    reads.everything();
    let (fields, raw) = (reads.fields, reads.raw);
    program.reads = (0..fields.len())
        .map(FieldId::from)
        .filter(|field| fields.get(field.index()) == Some(&true))
        .collect();
    program.reads_raw = raw;
}

/// What has been found to be read so far.
struct Reads<'p> {
    program: &'p Program,
    fields: Vec<bool>,
    classes: Vec<bool>,
    open: Vec<FieldId>,
    raw: bool,
}

impl Reads<'_> {
    fn everything(&mut self) {
        let program = self.program;
        let core = program.core;
        for field in [core.time, core.id, core.source, core.tenant] {
            self.field(field);
        }
        for (_, memory) in program.memories.iter() {
            self.class(memory.class);
            self.conditions(&memory.conditions);
            self.exprs(&memory.per);
            match &memory.kind {
                MemoryKind::Seen(id) | MemoryKind::Last(id) | MemoryKind::Distinct(id) => {
                    self.expr(*id);
                }
                MemoryKind::Count => {}
                MemoryKind::Profile { aggregate, .. } => self.expr(*aggregate),
            }
        }
        for (_, rule) in program.rules.iter() {
            self.rule(rule);
        }
        for (_, digest) in program.digests.iter() {
            self.class(digest.class);
            self.conditions(&digest.conditions);
            self.digest(&digest.action);
        }
        for line in program.tests.iter().flat_map(|test| &test.lines) {
            match &line.kind {
                TestLineKind::Event { class, .. } => self.class(*class),
                TestLineKind::Feed(_)
                | TestLineKind::Advance(_)
                | TestLineKind::Alerts { .. }
                | TestLineKind::Pending
                | TestLineKind::Forwarded(_) => {}
            }
        }
        while let Some(field) = self.open.pop() {
            let default = program
                .fields
                .as_slice()
                .get(field.index())
                .and_then(|field| field.default);
            default.iter().for_each(|id| self.expr(*id));
        }
    }

    fn field(&mut self, field: FieldId) {
        if let Some(read) = self.fields.get_mut(field.index())
            && !*read
        {
            *read = true;
            self.open.push(field);
        }
    }

    fn class(&mut self, class: ClassId) {
        let mut next = Some(class);
        while let Some(class) = next {
            let Some(seen) = self.classes.get_mut(class.index()) else {
                return;
            };
            if std::mem::replace(seen, true) {
                return;
            }
            next = match &self.program.classes[class].kind {
                ClassKind::Any | ClassKind::Alert | ClassKind::AlertOf(_) => None,
                ClassKind::Where { base, conditions } => {
                    self.conditions(conditions);
                    Some(*base)
                }
            };
        }
    }

    fn conditions(&mut self, conditions: &[Condition]) {
        for condition in conditions {
            self.expr(condition.expr);
        }
    }

    fn exprs(&mut self, ids: &[ExprId]) {
        for id in ids {
            self.expr(*id);
        }
    }

    fn expr(&mut self, id: ExprId) {
        let program = self.program;
        program.walk(id, &mut |_, kind| match kind {
            ExprKind::Field(_, field) => self.field(*field),
            ExprKind::Raw(RawRoot::Event(_), _) => self.raw = true,
            ExprKind::GeoDistance | ExprKind::GeoSpeed => self.field(program.core.geo),
            _ => {}
        });
    }

    fn rule(&mut self, rule: &Rule) {
        for (_, step) in rule.steps.iter() {
            self.class(step.class);
            self.conditions(&step.conditions);
            match &step.kind {
                StepKind::One => {}
                StepKind::Group(group) => self.conditions(&group.conditions),
            }
        }
        self.conditions(&rule.conditions);
        for component in &rule.key.components {
            for (_, term) in &component.terms {
                self.expr(*term);
            }
        }
        for absence in &rule.absences {
            self.absence(absence);
        }
        self.alert(rule);
        for field in rule.evidence.iter().flatten() {
            self.field(*field);
        }
    }

    fn absence(&mut self, absence: &Absence) {
        self.class(absence.class);
        self.conditions(&absence.conditions);
        for id in absence.key.iter().flatten() {
            self.expr(*id);
        }
        for join in &absence.joins {
            self.exprs(&[join.of_step, join.of_absence]);
        }
    }

    fn alert(&mut self, rule: &Rule) {
        let alert = &rule.alert;
        self.template(&alert.text);
        for note in &alert.notes {
            self.template(&note.text);
            note.when.iter().for_each(|when| self.expr(*when));
        }
        for (_, when) in &alert.severities {
            self.expr(*when);
        }
        for score in &alert.scores {
            self.exprs(&[score.points, score.on]);
            score.when.iter().for_each(|when| self.expr(*when));
        }
        if let Some(suppress) = &alert.suppress {
            self.exprs(&suppress.per);
        }
    }

    fn template(&mut self, template: &Template) {
        for part in &template.parts {
            match part {
                TemplatePart::Text(_) => {}
                TemplatePart::Hole(id) => self.expr(*id),
            }
        }
    }

    fn digest(&mut self, action: &DigestAction) {
        match action {
            DigestAction::First { per, .. } => self.exprs(per),
            DigestAction::Changes { of, per } => {
                self.expr(*of);
                self.exprs(per);
            }
            DigestAction::Summarize { per, values, .. } => {
                for (_, id) in per.iter().chain(values) {
                    self.expr(*id);
                }
            }
            DigestAction::Drop => {}
        }
    }
}
