//! From names to declarations: what every name of a program means.
//!
//! Apart from the checker because names are known whole before the first expression is looked at.

mod build;
mod collect;
mod params;
mod symbols;
mod types;

use std::collections::BTreeMap;

use crate::file::Span;
use crate::ir::{CalendarId, ClassId, FieldId, IdentityId, ListId, MemoryId, RuleId, TableId};
use crate::syntax::ast;
use crate::types::Type;
use crate::value::Value;

pub(crate) use build::{CORE, build};
pub(crate) use collect::{Declared, collect};
use params::params;
use symbols::class_type;
pub(crate) use symbols::exploded;
use types::field_type;

/// What every name of a program means.
#[derive(Debug, Default)]
pub(crate) struct Names<'a> {
    /// Fields by their dotted path.
    pub(crate) fields: BTreeMap<String, FieldInfo>,
    /// What stands in expressions besides fields.
    pub(crate) globals: BTreeMap<&'a str, Global>,
    /// Events and rules, which are classes, with `any` and `alert`.
    pub(crate) classes: BTreeMap<&'a str, ClassId>,
    /// Rules.
    pub(crate) rules: BTreeMap<&'a str, RuleId>,
    /// Parameters, by the index in [`Global::Param`]; `None` where one did not check.
    pub(crate) params: Vec<Option<Constant>>,
    /// Lists, by id.
    pub(crate) lists: Vec<ListInfo<'a>>,
    /// Memories, by id; filled when they are lowered.
    pub(crate) memories: Vec<MemoryInfo>,
    /// Calendars by name, with whether they are keyed.
    pub(crate) calendars: BTreeMap<&'a str, (CalendarId, bool)>,
    /// Names of declarations that did not parse: nothing is told of them.
    pub(crate) torn: std::collections::BTreeSet<String>,
    /// The symbols of `class`.
    pub(crate) class_symbols: Option<std::sync::Arc<crate::types::EnumType>>,
}

/// A field as the checker sees it.
#[derive(Clone, Debug)]
pub(crate) struct FieldInfo {
    /// Its id.
    pub(crate) id: FieldId,
    /// Its type; `None` where its declaration is wrong, which was told there.
    pub(crate) ty: Option<Type>,
    /// Where it is declared.
    pub(crate) span: Span,
}

/// A constant with its type.
#[derive(Clone, Debug)]
pub(crate) struct Constant {
    /// The value; of a list, a list.
    pub(crate) value: Value,
    /// Its type.
    pub(crate) ty: Type,
    /// The literals it was written as, where it is a list.
    pub(crate) items: Vec<ast::Literal>,
}

/// A declared list as the checker sees it.
#[derive(Clone, Debug)]
pub(crate) struct ListInfo<'a> {
    /// Its elements.
    pub(crate) items: &'a [ast::Literal],
    /// The type of its elements; `None` where they do not agree.
    pub(crate) element: Option<Type>,
}

/// What a memory answers.
#[derive(Clone, Debug)]
pub(crate) struct MemoryInfo {
    /// Its kind.
    pub(crate) kind: MemoryForm,
    /// The type of what it holds: of values seen, of the last value, of a profile's buckets.
    pub(crate) ty: Option<Type>,
}

/// The kinds of memory, without what they keep.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum MemoryForm {
    /// `seen`
    Seen,
    /// `last`
    Last,
    /// `count`
    Count,
    /// `distinct`
    Distinct,
    /// `profile`
    Profile,
}

/// What stands in expressions besides fields.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Global {
    /// A list.
    List(ListId),
    /// A table.
    Table(TableId),
    /// A calendar.
    Calendar(CalendarId),
    /// A memory.
    Memory(MemoryId),
    /// A parameter.
    Param(usize),
    /// An identity, whose name is a function.
    Identity(IdentityId),
}

impl Global {
    /// Returns what people call this kind of thing.
    pub(crate) fn noun(self) -> &'static str {
        match self {
            Global::List(_) => "list",
            Global::Table(_) => "table",
            Global::Calendar(_) => "calendar",
            Global::Memory(_) => "memory",
            Global::Param(_) => "param",
            Global::Identity(_) => "identity",
        }
    }
}

impl Names<'_> {
    /// Returns the longest declared field that a dotted path begins with, and how many parts it has.
    pub(crate) fn longest_field(&self, parts: &[ast::Name]) -> Option<(&FieldInfo, usize)> {
        let mut joined = String::new();
        let mut found = None;
        for (index, part) in parts.iter().enumerate() {
            if index > 0 {
                joined.push('.');
            }
            joined.push_str(&part.text);
            if let Some(field) = self.fields.get(&joined) {
                found = Some((field, index + 1));
            }
        }
        found
    }

    /// Tells whether a name belongs to a declaration that did not parse.
    pub(crate) fn is_torn(&self, name: &str) -> bool {
        !self.torn.is_empty()
            && (self.torn.contains(name)
                || name
                    .split('.')
                    .next()
                    .is_some_and(|head| self.torn.contains(head)))
    }

    /// Tells whether some field's path begins with a word.
    pub(crate) fn begins_field(&self, word: &str) -> bool {
        self.fields
            .range::<str, _>((std::ops::Bound::Included(word), std::ops::Bound::Unbounded))
            .take_while(|(path, _)| path.starts_with(word))
            .any(|(path, _)| path.split('.').next() == Some(word))
    }
}

/// Returns a path as it is written.
pub(crate) fn dotted(parts: &[ast::Name]) -> String {
    parts
        .iter()
        .map(|part| part.text.as_str())
        .collect::<Vec<_>>()
        .join(".")
}
