//! What is known besides events: identities, tables, lists, calendars, params.
//!
//! Apart because none of them reads an event when it is declared.

use super::{Column, Literal, Name, Text};
use crate::file::Span;

/// Who someone is.
#[derive(Clone, Debug)]
pub struct Identity {
    /// Its name, which is also the name of a function.
    pub name: Name,
    /// `from TABLE match COLUMN, … give COLUMN`.
    pub from: Option<IdentityFrom>,
    /// `clean lower, strip_domain "CORP"`.
    pub clean: Vec<Cleaner>,
    /// `never "administrator", …`.
    pub never: Vec<Text>,
}

/// The table of an identity.
#[derive(Clone, Debug)]
pub struct IdentityFrom {
    /// The table.
    pub table: Name,
    /// The columns whose values identify a row.
    pub columns: Vec<Column>,
    /// The column that holds the canonical id.
    pub give: Column,
}

/// A step that cleans an identifier.
#[derive(Clone, Debug)]
pub struct Cleaner {
    /// Its name, such as `lower`.
    pub name: Name,
    /// Its texts.
    pub args: Vec<Text>,
}

/// What we know, from a file.
#[derive(Clone, Debug)]
pub struct Table {
    /// Its name.
    pub name: Name,
    /// The file, relative to the one that names it.
    pub file: Text,
    /// The key column.
    pub key: Column,
    /// How keys are compared.
    pub mode: TableMode,
}

/// How a table's key is matched.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TableMode {
    /// The whole text, ignoring case.
    Exact,
    /// Networks, the longest prefix wins.
    Net,
    /// Beginnings of the text, the longest wins.
    Prefix,
}

/// A list of literals.
#[derive(Clone, Debug)]
pub struct List {
    /// Its name.
    pub name: Name,
    /// Its elements.
    pub items: Vec<Literal>,
    /// Its description.
    pub doc: Option<Text>,
}

/// Spans of time.
#[derive(Clone, Debug)]
pub struct Calendar {
    /// Its name.
    pub name: Name,
    /// Its lines.
    pub lines: Vec<CalendarLine>,
}

/// A line of a calendar.
#[derive(Clone, Debug)]
pub struct CalendarLine {
    /// Which.
    pub kind: CalendarLineKind,
    /// Where it stands.
    pub span: Span,
}

/// The kinds of line in a calendar.
#[derive(Clone, Debug)]
pub enum CalendarLineKind {
    /// `zone "Europe/Madrid"`
    Zone(Text),
    /// `mon-fri 08:00-18:30, sat 09:00-12:00 [except days in holidays]`
    Days {
        /// Day ranges with their spans of the day.
        items: Vec<CalendarSpan>,
        /// The table or list whose days are left out.
        except: Option<Name>,
    },
    /// `from TABLE start COLUMN end COLUMN [per COLUMN]`
    From {
        /// The table.
        table: Name,
        /// The column with the start.
        start: Column,
        /// The column with the end.
        end: Column,
        /// The column that keys the intervals.
        per: Option<Column>,
    },
}

/// Days with the part of the day that counts.
#[derive(Clone, Debug)]
pub struct CalendarSpan {
    /// Ranges of days, both ends included, Monday is 0.
    pub days: Vec<(u8, u8)>,
    /// Start of the span, microseconds since midnight.
    pub start: i64,
    /// End of the span, exclusive; not after the start means on the next day; 24:00 is allowed.
    pub end: i64,
    /// Where it stands.
    pub span: Span,
}

/// A number that may be tuned.
#[derive(Clone, Debug)]
pub struct Param {
    /// Its name.
    pub name: Name,
    /// Its default.
    pub value: ParamValue,
    /// What it means.
    pub doc: Option<Text>,
}

/// The default of a `param`.
#[derive(Clone, Debug)]
pub enum ParamValue {
    /// One literal.
    Literal(Literal),
    /// A list of literals.
    List(Vec<Literal>, Span),
}
