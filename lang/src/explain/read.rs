//! What a rule reads besides its events: memories, tables, lists, calendars, identities.
//!
//! Apart from other facts because it follows classes, fields and memories to what they rest on.

use std::collections::BTreeSet;

use super::words::span;
use crate::ir::feed::class_conditions;
use crate::ir::{
    CalendarId, ClassId, Days, ExprId, ExprKind, FieldId, Memory, MemoryId, MemoryKind, Patterns,
    Program, Rule, Set, TableId,
};

/// Returns what a rule reads, each with how it gets there where that is not by the rule itself.
pub(super) fn lines(program: &Program, rule: &Rule) -> Vec<String> {
    let mut reads = Reads {
        program,
        names: BTreeSet::new(),
        classes: BTreeSet::new(),
        fields: BTreeSet::new(),
        memories: BTreeSet::new(),
    };
    for (_, step) in rule.steps.iter() {
        reads.class(step.class);
    }
    for absence in &rule.absences {
        reads.class(absence.class);
        absence
            .key
            .iter()
            .flatten()
            .for_each(|key| reads.expr(*key));
    }
    let terms = rule.key.components.iter().flat_map(|one| &one.terms);
    terms.for_each(|(_, term)| reads.expr(*term));
    rule.expressions().into_iter().for_each(|id| reads.expr(id));
    reads.names.into_iter().collect()
}

struct Reads<'p> {
    program: &'p Program,
    names: BTreeSet<String>,
    classes: BTreeSet<ClassId>,
    fields: BTreeSet<FieldId>,
    memories: BTreeSet<MemoryId>,
}

impl Reads<'_> {
    fn class(&mut self, class: ClassId) {
        if !self.classes.insert(class) {
            return;
        }
        for condition in class_conditions(self.program, class) {
            self.expr(condition.expr);
        }
    }

    fn expr(&mut self, id: ExprId) {
        let mut open = vec![id];
        while let Some(root) = open.pop() {
            let program = self.program;
            program.walk(root, &mut |_, kind| match kind {
                ExprKind::Field(_, field) => open.extend(self.field(*field)),
                ExprKind::GeoDistance | ExprKind::GeoSpeed => {
                    open.extend(self.field(program.core.geo));
                }
                ExprKind::Lookup { table, .. } | ExprKind::In(_, Set::Table(table)) => {
                    self.table(*table);
                }
                ExprKind::In(_, Set::List(list)) | ExprKind::Match(_, _, Patterns::List(list)) => {
                    let name = &program.lists[*list].name;
                    self.names.insert(format!("list {name}"));
                }
                ExprKind::During { calendar, .. } => self.calendar(*calendar),
                ExprKind::Identity(identity, _) => {
                    let identity = &program.identities[*identity];
                    self.names.insert(format!("identity {}", identity.name));
                    identity
                        .from
                        .iter()
                        .for_each(|(table, ..)| self.table(*table));
                }
                ExprKind::Memory(memory, _, _) => open.extend(self.memory(*memory)),
                _ => {}
            });
        }
    }

    /// Returns how a field that was not met before is computed.
    fn field(&mut self, field: FieldId) -> Option<ExprId> {
        let is_new = self.fields.insert(field);
        self.program.fields[field].default.filter(|_| is_new)
    }

    fn table(&mut self, table: TableId) {
        let name = &self.program.tables[table].name;
        self.names.insert(format!("table {name}"));
    }

    fn calendar(&mut self, id: CalendarId) {
        let calendar = &self.program.calendars[id];
        self.names.insert(format!("calendar {}", calendar.name));
        calendar
            .intervals
            .iter()
            .for_each(|intervals| self.table(intervals.table));
        let excepted = calendar.weekly.iter().filter_map(|span| span.except);
        for days in excepted {
            match days {
                Days::Table(table) => self.table(table),
                Days::List(list) => {
                    let name = &self.program.lists[list].name;
                    self.names.insert(format!("list {name}"));
                }
            }
        }
    }

    /// Adds a memory, and returns what it learns from.
    fn memory(&mut self, id: MemoryId) -> Vec<ExprId> {
        if !self.memories.insert(id) {
            return Vec::new();
        }
        let memory = &self.program.memories[id];
        self.names.insert(told(memory));
        let of_class = class_conditions(self.program, memory.class).into_iter();
        let conditions = of_class.chain(&memory.conditions).map(|one| one.expr);
        let kind = match &memory.kind {
            MemoryKind::Seen(id) | MemoryKind::Last(id) | MemoryKind::Distinct(id) => Some(*id),
            MemoryKind::Profile { aggregate, .. } => Some(*aggregate),
            MemoryKind::Count => None,
        };
        conditions
            .chain(memory.per.iter().copied())
            .chain(kind)
            .collect()
    }
}

fn told(memory: &Memory) -> String {
    let learn = memory
        .learn
        .map(|learn| format!(", unknown for the first {}", span(learn)));
    format!(
        "memory {} of the last {}{}",
        memory.name,
        span(memory.keep),
        learn.unwrap_or_default()
    )
}
