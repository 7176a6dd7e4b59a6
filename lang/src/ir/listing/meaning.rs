//! What a rule means, and nothing of how it is called or what it tells.
//!
//! Apart from the listing for people because state is kept under the hash of this text: editing a
//! title must not reset a rule.

use std::collections::BTreeSet;

use super::{Printer, StepNames, declaration, rule};
use crate::ir::{
    Absence, ClassId, ClassKind, Condition, Days, DigestAction, DigestId, ExprId, ExprKind,
    MemoryId, MemoryKind, Patterns, Program, Rule, RuleId, Set, StepKind,
};

/// Returns the meaning of a rule: its pattern, and every definition it rests on.
#[must_use]
pub fn meaning(program: &Program, id: RuleId) -> String {
    let found = &program.rules[id];
    let printer = Printer {
        program,
        rule: Some(found),
        steps: StepNames::Positions,
    };
    let mut lines = rule::pattern_lines(&printer, found);
    let mut rests = Rests {
        program,
        lines: BTreeSet::new(),
        classes: BTreeSet::new(),
    };
    rests.rule(found);
    lines.extend(rests.lines);
    lines.join("\n")
}

/// Returns the meaning of a memory: what it keeps, and every definition that rests on.
#[must_use]
pub fn memory_meaning(program: &Program, id: MemoryId) -> String {
    let mut rests = Rests {
        program,
        lines: BTreeSet::new(),
        classes: BTreeSet::new(),
    };
    let mut open = Vec::new();
    rests.memory(id, &mut open);
    for expr in open {
        rests.expr(expr);
    }
    let lines: Vec<String> = rests.lines.into_iter().collect();
    lines.join("\n")
}

/// Returns the meaning of a digest: how it reduces, and every definition that rests on.
#[must_use]
pub fn digest_meaning(program: &Program, id: DigestId) -> String {
    let mut rests = Rests {
        program,
        lines: BTreeSet::new(),
        classes: BTreeSet::new(),
    };
    let digest = &program.digests[id];
    rests.add(declaration::digest(&Printer::new(program), digest));
    rests.class(digest.class);
    rests.conditions(&digest.conditions);
    let exprs: Vec<ExprId> = match &digest.action {
        DigestAction::First { per, each: _ } => per.clone(),
        DigestAction::Changes { of, per } => per.iter().chain([of]).copied().collect(),
        DigestAction::Summarize { per, values, .. } => {
            per.iter().chain(values).map(|(_, expr)| *expr).collect()
        }
        DigestAction::Drop => Vec::new(),
    };
    for expr in exprs {
        rests.expr(expr);
    }
    let lines: Vec<String> = rests.lines.into_iter().collect();
    lines.join("\n")
}

/// The definitions that a rule rests on, each once.
struct Rests<'p> {
    program: &'p Program,
    lines: BTreeSet<String>,
    classes: BTreeSet<ClassId>,
}

impl Rests<'_> {
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
        for (_, term) in rule
            .key
            .components
            .iter()
            .flat_map(|component| &component.terms)
        {
            self.expr(*term);
        }
        for absence in &rule.absences {
            self.absence(absence);
        }
    }

    fn absence(&mut self, absence: &Absence) {
        self.class(absence.class);
        self.conditions(&absence.conditions);
        for id in absence.key.iter().flatten() {
            self.expr(*id);
        }
    }

    fn conditions(&mut self, conditions: &[Condition]) {
        for condition in conditions {
            self.expr(condition.expr);
        }
    }

    fn class(&mut self, class: ClassId) {
        let mut next = Some(class);
        while let Some(class) = next.filter(|class| self.classes.insert(*class)) {
            let found = &self.program.classes[class];
            next = match &found.kind {
                ClassKind::Any | ClassKind::Alert => None,
                ClassKind::AlertOf(rule) => {
                    let meaning = &self.program.rules[*rule].meaning;
                    self.lines
                        .insert(format!("class {} = alerts of {meaning}", found.name));
                    None
                }
                ClassKind::Where { base, conditions } => {
                    let line = declaration::class(&Printer::new(self.program), found);
                    self.lines.insert(line);
                    self.conditions(conditions);
                    Some(*base)
                }
            };
        }
    }

    /// Adds what an expression rests on: defaults of fields, lists, tables, memories and the like.
    fn expr(&mut self, id: ExprId) {
        let mut open = vec![id];
        while let Some(id) = open.pop() {
            let kind = &self.program.exprs[id].kind;
            kind.children(&mut |child| open.push(child));
            self.node(kind, &mut open);
        }
    }

    fn node(&mut self, kind: &ExprKind, open: &mut Vec<ExprId>) {
        let program = self.program;
        match kind {
            ExprKind::Field(_, field) => {
                let field = &program.fields[*field];
                let fresh = self.add(declaration::field(&Printer::new(program), field));
                open.extend(field.default.filter(|_| fresh));
            }
            ExprKind::In(_, Set::List(list)) | ExprKind::Match(_, _, Patterns::List(list)) => {
                self.add(declaration::list(&program.lists[*list]));
            }
            ExprKind::In(_, Set::Table(table)) | ExprKind::Lookup { table, .. } => {
                self.add(declaration::table(&program.tables[*table]));
            }
            ExprKind::During { calendar, .. } => {
                let calendar = &program.calendars[*calendar];
                self.add(declaration::calendar(program, calendar));
                if let Some(intervals) = &calendar.intervals {
                    self.add(declaration::table(&program.tables[intervals.table]));
                }
                for except in calendar.weekly.iter().filter_map(|weekly| weekly.except) {
                    self.add(match except {
                        Days::Table(table) => declaration::table(&program.tables[table]),
                        Days::List(list) => declaration::list(&program.lists[list]),
                    });
                }
            }
            ExprKind::Identity(identity, _) => {
                let identity = &program.identities[*identity];
                self.add(declaration::identity(program, identity));
                if let Some((table, _, _)) = &identity.from {
                    self.add(declaration::table(&program.tables[*table]));
                }
            }
            ExprKind::Memory(memory, _, _) => self.memory(*memory, open),
            _ => {}
        }
    }

    fn memory(&mut self, memory: MemoryId, open: &mut Vec<ExprId>) {
        let memory = &self.program.memories[memory];
        if !self.add(declaration::memory(&Printer::new(self.program), memory)) {
            return;
        }
        self.class(memory.class);
        self.conditions(&memory.conditions);
        open.extend(&memory.per);
        match &memory.kind {
            MemoryKind::Seen(id) | MemoryKind::Last(id) | MemoryKind::Distinct(id) => {
                open.push(*id);
            }
            MemoryKind::Count => {}
            MemoryKind::Profile { aggregate, .. } => open.push(*aggregate),
        }
    }

    /// Adds a definition; tells whether it is new.
    fn add(&mut self, line: String) -> bool {
        self.lines.insert(line)
    }
}
