//! Sources, fields and events: how a record becomes an event, and what kind it is.
//!
//! Apart from rules because everything here speaks of one event at a time.

use super::{Expr, Literal, Name, Path, Quantity, RawPath, Text};
use crate::file::Span;

/// How a raw record becomes an event.
#[derive(Clone, Debug)]
pub struct Source {
    /// Its name.
    pub name: Name,
    /// Its description.
    pub doc: Option<Text>,
    /// Its lines, in order; the first is `when` (the checker holds that).
    pub lines: Vec<SourceLine>,
}

/// A line of a source.
#[derive(Clone, Debug)]
pub struct SourceLine {
    /// Which.
    pub kind: SourceLineKind,
    /// Where the line stands.
    pub span: Span,
}

/// The kinds of line in a source.
#[derive(Clone, Debug)]
pub enum SourceLineKind {
    /// `when EXPR`
    When(Expr),
    /// `absent "", "-"`
    Absent(Vec<Literal>),
    /// `drop when EXPR`
    Drop(Expr),
    /// `lateness D`
    Lateness(Quantity),
    /// `dedupe D`
    Dedupe(Quantity),
    /// `explode .list as item`
    Explode {
        /// The list.
        list: Expr,
        /// What its elements are called in the lines of the source.
        name: Name,
    },
    /// `fields from .path`: every declared field is read at the path of its own name below.
    Fields(RawPath),
    /// `field = EXPR [when EXPR]`
    Assign {
        /// The field.
        field: Path,
        /// Its value.
        value: Expr,
        /// The condition of this line.
        when: Option<Expr>,
    },
}

/// A named place in an event.
#[derive(Clone, Debug)]
pub struct Field {
    /// Its path.
    pub path: Path,
    /// Its type.
    pub ty: TypeExpr,
    /// How it is computed where no source gave it.
    pub value: Option<Expr>,
    /// Its description.
    pub doc: Option<Text>,
}

/// A type as written.
#[derive(Clone, Debug)]
pub struct TypeExpr {
    /// Which.
    pub kind: TypeKind,
    /// Where it stands.
    pub span: Span,
}

/// The forms of a type.
#[derive(Clone, Debug)]
pub enum TypeKind {
    /// A name such as `text`.
    Name(String),
    /// `enum(a, b)` or `enum(a < b)`.
    Enum {
        /// Its symbols, in order; dotted ones are allowed.
        symbols: Vec<Path>,
        /// Whether they were separated by `<`.
        ordered: bool,
    },
    /// `list<T>`
    List(Box<TypeExpr>),
}

/// A named predicate over events.
#[derive(Clone, Debug)]
pub struct Event {
    /// Its name.
    pub name: Name,
    /// The class it builds on; `None` for `any`.
    pub base: Option<Name>,
    /// Its conditions.
    pub filters: Vec<Filter>,
    /// Its description.
    pub doc: Option<Text>,
}

/// `where EXPR` or `unless EXPR`.
#[derive(Clone, Debug)]
pub struct Filter {
    /// Whether it was `unless`.
    pub unless: bool,
    /// The condition.
    pub expr: Expr,
    /// From the keyword on.
    pub span: Span,
}
