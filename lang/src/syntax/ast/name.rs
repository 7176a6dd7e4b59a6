//! The smallest nodes: names, paths, texts, literals, and a `param` in the place of one.
//!
//! Apart because every other node is made of these.

use super::Expr;
use crate::file::Span;
use crate::units::{Dimension, Duration};

/// A single name, without back quotes.
#[derive(Clone, Debug)]
pub struct Name {
    /// The name itself.
    pub text: String,
    /// Where it stands.
    pub span: Span,
}

/// A dotted name, `device.compliant`.
#[derive(Clone, Debug)]
pub struct Path {
    /// Its parts, without back quotes; at least one.
    pub parts: Vec<Name>,
    /// Where the whole stands.
    pub span: Span,
}

/// One part of a path into a raw record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RawPart {
    /// A key, `.actor` or `."odd key"`.
    Key(String),
    /// A list index, `[0]`; negative counts from the end.
    Index(i64),
}

/// A path into a raw record: `.actor.email`, or what follows `raw`.
#[derive(Clone, Debug)]
pub struct RawPath {
    /// Its parts; none for a lone `.`.
    pub parts: Vec<RawPart>,
    /// Where it stands, with its first dot.
    pub span: Span,
}

/// A quoted text after its escapes are decoded.
#[derive(Clone, Debug)]
pub struct Text {
    /// The decoded text; in a template, of the whole literal before holes are found.
    pub value: String,
    /// Whether it was written `r"…"`.
    pub raw: bool,
    /// Where it stands, with its quotes.
    pub span: Span,
}

/// Alert or note text with holes.
#[derive(Clone, Debug)]
pub struct Template {
    /// Text and holes in order.
    pub parts: Vec<TemplatePart>,
    /// Where it stands, with its quotes.
    pub span: Span,
}

/// A piece of a template.
#[derive(Clone, Debug)]
pub enum TemplatePart {
    /// Text after escapes, `{{` and `}}` are decoded.
    Text(String),
    /// `{expr}`.
    Hole(Expr),
}

/// A literal duration or a `param` in its place.
#[derive(Clone, Debug)]
pub enum Quantity {
    /// A literal with or without a unit.
    Literal(Literal),
    /// The name of a `param`.
    Param(Name),
}

impl Quantity {
    /// Returns where it stands.
    #[must_use]
    pub fn span(&self) -> Span {
        match self {
            Quantity::Literal(literal) => literal.span,
            Quantity::Param(name) => name.span,
        }
    }
}

/// A column of a table: a name, or a text for odd ones.
#[derive(Clone, Debug)]
pub struct Column {
    /// The name.
    pub text: String,
    /// Where it stands.
    pub span: Span,
}

/// The name of a class where one is used; `any` is a name like another.
#[derive(Clone, Debug)]
pub struct ClassRef {
    /// The name.
    pub name: Name,
}

/// A literal.
#[derive(Clone, Debug)]
pub struct Literal {
    /// Its value.
    pub kind: LiteralKind,
    /// Where it stands.
    pub span: Span,
}

/// The kinds of literal. Numbers keep the text they were written in, so that printing is exact.
#[derive(Clone, Debug, PartialEq)]
pub enum LiteralKind {
    /// `42`, `1_000`
    Int(i64),
    /// `3.5`
    Float(f64),
    /// `20%`: the fraction, 0.2
    Percent(f64),
    /// `15m`, `1h30m`: microseconds
    Duration(Duration),
    /// `500km`, `900km/h`, `2GB`: in the base unit of the dimension (metres, metres a second, bytes)
    Quantity {
        /// The amount in the base unit.
        base: f64,
        /// Distance, speed or size.
        dimension: Dimension,
    },
    /// `"…"` or `r"…"`
    Text {
        /// The decoded text.
        value: String,
        /// Whether it was written `r"…"`.
        raw: bool,
    },
    /// `true`, `false`
    Bool(bool),
    /// `08:00`: microseconds since midnight
    Clock(i64),
    /// `2026-03-15T08:42:17.003Z`: microseconds since 1970 UTC
    Instant(i64),
}
