//! What a path means at a place, without telling anyone.
//!
//! Apart from the expressions made of it because the checker also asks only to look: at the other
//! side of a comparison, or for an equi-join.

use super::Checker;
use super::scope::{Bare, Place, Scope, StepName};
use crate::ir::{FieldId, MemoryId, RawRoot, Row, StepId};
use crate::resolve::{Global, dotted};
use crate::syntax::ast::{self, Name};
use crate::types::Type;

/// What a path means.
#[derive(Clone, Debug)]
pub(crate) enum Meaning<'n> {
    /// A field of an event, and the parts behind it.
    Field(Row, FieldId, Type, &'n [Name]),
    /// A memory read at an event, and the parts behind it.
    Memory(Row, MemoryId, &'n [Name]),
    /// A list, table, calendar, param or identity by its name.
    Global(Global),
    /// A place in a raw record.
    Raw(RawRoot, &'n [Name]),
    /// A step by its name alone.
    Step(StepId),
    /// A component of the match's key, with its type.
    Key(usize, Type),
    /// How many notes of the alert hold.
    Notes,
    /// Something whose declaration is wrong, which was told there.
    Poisoned,
}

/// Why a path means nothing at a place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    /// Nothing has this name.
    Unknown,
    /// There are several steps, and it does not say which.
    Several,
    /// A group's field is no single value; the group's name.
    GroupField(String),
    /// The step is written later; its name.
    Later(String),
    /// A source has no event yet.
    NoEvent,
    /// A memory is not read here.
    NoMemory,
    /// There is no such part of a thing that has none; what it is.
    NoParts(Global),
}

impl Checker<'_> {
    /// Returns what a path means at a place.
    pub(crate) fn meaning<'n>(
        &self,
        path: &'n ast::Path,
        scope: &Scope<'_>,
    ) -> Result<Meaning<'n>, Fault> {
        let Some((head, rest)) = path.parts.split_first() else {
            return Err(Fault::Unknown);
        };
        if scope.item == Some(head.text.as_str()) {
            return Ok(Meaning::Raw(RawRoot::Item, rest));
        }
        if let Some(own) = scope.own.filter(|own| own.name == head.text) {
            let inside = own.step.is_some() && scope.member == own.step;
            return match own.step {
                Some(step) if rest.is_empty() => Ok(Meaning::Step(step)),
                Some(step) if own.group && !inside => self.of_group(step, own.name, rest, scope),
                Some(_) | None => self.of_row(Row::This, rest, scope),
            };
        }
        if let Some((index, step)) = scope.find(&head.text)
            && !(rest.is_empty() && self.names.globals.contains_key(head.text.as_str()))
        {
            if index >= scope.visible {
                return Err(Fault::Later(step.label.clone()));
            }
            return self.of_step(step, rest, scope);
        }
        self.of_bare(&path.parts, scope)
    }

    fn of_step<'n>(
        &self,
        step: &StepName,
        rest: &'n [Name],
        scope: &Scope<'_>,
    ) -> Result<Meaning<'n>, Fault> {
        if rest.is_empty() {
            return Ok(Meaning::Step(step.id));
        }
        if scope.member == Some(step.id) {
            return self.of_row(Row::This, rest, scope);
        }
        if step.group {
            return self.of_group(step.id, &step.label, rest, scope);
        }
        self.of_row(Row::Step(step.id), rest, scope)
    }

    /// Returns what a path behind a group's name means: a memory as of its last event.
    fn of_group<'n>(
        &self,
        step: StepId,
        name: &str,
        rest: &'n [Name],
        scope: &Scope<'_>,
    ) -> Result<Meaning<'n>, Fault> {
        match self.of_row(Row::Step(step), rest, scope)? {
            Meaning::Field(..) | Meaning::Raw(..) | Meaning::Poisoned => {
                Err(Fault::GroupField(name.to_owned()))
            }
            Meaning::Memory(row, memory, rest) => Ok(Meaning::Memory(row, memory, rest)),
            Meaning::Global(_) | Meaning::Step(_) | Meaning::Key(..) | Meaning::Notes => {
                Err(Fault::Unknown)
            }
        }
    }

    /// Returns what a path behind a step's name means.
    fn of_row<'n>(
        &self,
        row: Row,
        parts: &'n [Name],
        scope: &Scope<'_>,
    ) -> Result<Meaning<'n>, Fault> {
        if let Some(meaning) = self.field_meaning(row, parts) {
            return Ok(meaning);
        }
        let Some((head, rest)) = parts.split_first() else {
            return Err(Fault::Unknown);
        };
        match self.names.globals.get(head.text.as_str()) {
            Some(Global::Memory(memory)) if scope.place.reads_memories() => {
                Ok(Meaning::Memory(row, *memory, rest))
            }
            Some(Global::Memory(_)) => Err(Fault::NoMemory),
            Some(_) | None => Err(Fault::Unknown),
        }
    }

    fn of_bare<'n>(&self, parts: &'n [Name], scope: &Scope<'_>) -> Result<Meaning<'n>, Fault> {
        if let Some(key) = key_of(parts, scope) {
            return Ok(key);
        }
        let Some((head, rest)) = parts.split_first() else {
            return Err(Fault::Unknown);
        };
        if head.text == "raw" && scope.bare == Bare::Record {
            return Ok(Meaning::Raw(RawRoot::Record, rest));
        }
        if head.text == "raw" || self.names.longest_field(parts).is_some() {
            let row = self.bare_row(scope)?;
            return self.field_meaning(row, parts).ok_or(Fault::Unknown);
        }
        match self.names.globals.get(head.text.as_str()).copied() {
            Some(Global::Memory(memory)) => {
                if !scope.place.reads_memories() {
                    return Err(Fault::NoMemory);
                }
                let row = scope.bare.row().ok_or(Fault::Several)?;
                Ok(Meaning::Memory(row, memory, rest))
            }
            Some(global) if rest.is_empty() => Ok(Meaning::Global(global)),
            Some(global) => Err(Fault::NoParts(global)),
            None if head.text == "notes" && scope.place == Place::Alert && rest.is_empty() => {
                Ok(Meaning::Notes)
            }
            None => match self.names.calendars.get(head.text.as_str()) {
                Some((calendar, _)) if rest.is_empty() => {
                    Ok(Meaning::Global(Global::Calendar(*calendar)))
                }
                Some(_) | None => Err(Fault::Unknown),
            },
        }
    }

    fn bare_row(&self, scope: &Scope<'_>) -> Result<Row, Fault> {
        match scope.bare {
            Bare::This => Ok(Row::This),
            Bare::Step(step) => Ok(Row::Step(step)),
            Bare::Group(step) => {
                let name = scope.steps.iter().find(|name| name.id == step);
                Err(Fault::GroupField(
                    name.map(|name| name.label.clone()).unwrap_or_default(),
                ))
            }
            Bare::Several => Err(Fault::Several),
            Bare::Record => Err(Fault::NoEvent),
        }
    }

    fn field_meaning<'n>(&self, row: Row, parts: &'n [Name]) -> Option<Meaning<'n>> {
        if let Some((head, rest)) = parts.split_first()
            && head.text == "raw"
        {
            return Some(Meaning::Raw(RawRoot::Event(row), rest));
        }
        let (field, length) = self.names.longest_field(parts)?;
        let Some(ty) = &field.ty else {
            return Some(Meaning::Poisoned);
        };
        Some(Meaning::Field(
            row,
            field.id,
            ty.clone(),
            parts.get(length..).unwrap_or_default(),
        ))
    }
}

/// Returns the component of the key that a bare path names.
fn key_of<'n>(parts: &[Name], scope: &Scope<'_>) -> Option<Meaning<'n>> {
    if scope.key.is_empty() || scope.member.is_some() {
        return None;
    }
    let path = dotted(parts);
    let key = scope.key.iter().find(|key| key.path == path)?;
    Some(Meaning::Key(key.index, key.ty.clone()))
}
