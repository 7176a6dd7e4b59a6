//! What was written: the tree of a rule file, one node for each construct of the language.
//!
//! Apart from the grammar so that nothing but the parser knows pest, and apart from the `ir` because
//! it keeps sugar, names and spans. Every node that a diagnostic can point at carries a span.

mod alert;
mod digest;
mod event;
mod expr;
mod knowledge;
mod memory;
mod name;
mod pattern;
mod rule;
mod test;

use crate::file::Span;

pub use alert::{Alert, AlertOption, AlertOptionKind};
pub use digest::{Digest, DigestAction};
pub use event::{Event, Field, Filter, Source, SourceLine, SourceLineKind, TypeExpr, TypeKind};
pub use expr::{Argument, ArithmeticOp, CompareOp, Expr, ExprKind, QuantifiedTest};
pub use knowledge::{
    Calendar, CalendarLine, CalendarLineKind, CalendarSpan, Cleaner, Identity, IdentityFrom, List,
    Param, ParamValue, Table, TableMode,
};
pub use memory::{Memory, MemoryKind};
pub use name::{
    ClassRef, Column, Literal, LiteralKind, Name, Path, Quantity, RawPart, RawPath, Template,
    TemplatePart, Text,
};
pub use pattern::{Pattern, PatternStep, Step, StepKind};
pub use rule::{Clause, ClauseKind, Interval, IntervalKind, Meta, MetaKind, Rule, Without};
pub use test::{Test, TestLine, TestLineKind, TestTime, TestTimeKind};

/// All declarations of one file, in the order they stand.
#[derive(Clone, Debug, Default)]
pub struct Module {
    /// The declarations that parsed.
    pub declarations: Vec<Declaration>,
}

/// A top-level declaration.
#[derive(Clone, Debug)]
pub struct Declaration {
    /// Which.
    pub kind: DeclarationKind,
    /// From its keyword to its last token.
    pub span: Span,
}

/// The kinds of declaration.
#[derive(Clone, Debug)]
pub enum DeclarationKind {
    /// `source NAME "doc" { … }`
    Source(Source),
    /// `field PATH: TYPE [= EXPR] ["doc"]`
    Field(Field),
    /// `event NAME = any|CLASS [where EXPR] ["doc"]`
    Event(Event),
    /// `identity NAME { … }`
    Identity(Identity),
    /// `table NAME from "file" key COLUMN [net|prefix]`
    Table(Table),
    /// `list NAME = [ … ]`
    List(List),
    /// `calendar NAME { … }`
    Calendar(Calendar),
    /// `memory NAME = …`
    Memory(Memory),
    /// `rule NAME "Title" { … }`
    Rule(Box<Rule>),
    /// `digest NAME = …`
    Digest(Digest),
    /// `test "name" for RULE { … }`
    Test(Test),
    /// `param NAME = LITERAL "doc"`
    Param(Param),
    /// `use std.zero_trust`
    Use(Use),
}

/// Rules to load besides.
#[derive(Clone, Debug)]
pub struct Use {
    /// `std.zero_trust`.
    pub path: Path,
}
