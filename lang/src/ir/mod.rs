//! What a program means: names resolved to ids, types checked, sugar gone.
//!
//! Apart from `ast`, which is what was written, and from the runtime's machines, which are how it
//! runs. Everything sits in flat arenas owned by [`Program`]; `listing` prints it.

mod alert;
mod arena;
mod digest;
mod event;
mod expr;
pub mod feed;
mod knowledge;
pub mod listing;
mod memory;
pub mod needs;
mod pattern;
mod rule;
mod test;
pub mod walk;

pub use alert::{Alert, Note, Score, Severity, Suppress};
pub use arena::{
    Arena, CalendarId, ClassId, DigestId, ExprId, FieldId, IdentityId, ListId, MemoryId, RuleId,
    SourceId, StepId, TableId,
};
pub use digest::{Digest, DigestAction, SUMMARY_NAMES};
pub use event::{Assign, Class, ClassKind, Condition, Field, RawPart, Source};
pub use expr::{
    AggregateFunction, ArithmeticOp, Comparison, Expr, ExprKind, MemoryRead, Network, Over,
    Patterns, RawRoot, Row, Set, Statistic, Template, TemplatePart, TextTest,
};
pub use knowledge::{Calendar, Cleaner, Days, Identity, Intervals, List, Table, WeeklySpan};
pub use memory::{Memory, MemoryKind};
pub use pattern::{
    Absence, AbsenceInterval, AbsenceJoin, Element, Group, Key, KeyComponent, Step, StepKind,
    Threshold, Window, WindowKind,
};
pub use rule::{Frame, Meta, OnMatch, Rule};
pub use test::{Test, TestLine, TestLineKind};

/// A compiled program.
#[derive(Clone, Debug, Default)]
pub struct Program {
    /// Fields, those of the prelude first.
    pub fields: Arena<FieldId, Field>,
    /// Every expression; children are ids into the same arena.
    pub exprs: Arena<ExprId, Expr>,
    /// Sources, in the order they are tried.
    pub sources: Arena<SourceId, Source>,
    /// Classes; 0 is `any`, 1 is `alert`, then those declared and one for each rule.
    pub classes: Arena<ClassId, Class>,
    /// Identities.
    pub identities: Arena<IdentityId, Identity>,
    /// Tables.
    pub tables: Arena<TableId, Table>,
    /// Lists.
    pub lists: Arena<ListId, List>,
    /// Calendars.
    pub calendars: Arena<CalendarId, Calendar>,
    /// Memories.
    pub memories: Arena<MemoryId, Memory>,
    /// Rules, in source order; only those of user files and packs that were named.
    pub rules: Arena<RuleId, Rule>,
    /// Digests.
    pub digests: Arena<DigestId, Digest>,
    /// Tests, in source order.
    pub tests: Vec<Test>,
    /// The fields the engine itself needs.
    pub core: CoreFields,
    /// The fields that anything at run time can read, with what their defaults read; sorted.
    pub reads: Vec<FieldId>,
    /// Whether anything reads `raw` of an event.
    pub reads_raw: bool,
}

/// Fields that the engine reads by itself.
#[derive(Clone, Copy, Debug)]
pub struct CoreFields {
    /// `time`
    pub time: FieldId,
    /// `id`
    pub id: FieldId,
    /// `source`
    pub source: FieldId,
    /// `tenant`
    pub tenant: FieldId,
    /// `class`
    pub class: FieldId,
    /// `geo`
    pub geo: FieldId,
    /// `identity`
    pub identity: FieldId,
}

impl Default for CoreFields {
    fn default() -> Self {
        let none = FieldId(u32::MAX);
        Self {
            time: none,
            id: none,
            source: none,
            tenant: none,
            class: none,
            geo: none,
            identity: none,
        }
    }
}
