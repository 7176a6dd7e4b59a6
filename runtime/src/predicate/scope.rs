//! What an expression can see.
//!
//! Apart because every part that asks for a value fills one in.

use std::sync::Arc;

use muster_lang::ir::{ExprId, MemoryId, MemoryRead, Row, Rule, StepId};
use muster_lang::units::Timestamp;
use muster_lang::value::Value;

use crate::event::Event;
use crate::store::{Reader, Save, StateError, Writer};

/// What an expression may read; what is not given reads as missing.
#[derive(Clone, Copy, Default)]
pub struct Scope<'a> {
    /// The event at hand.
    pub this: Option<&'a Event>,
    /// The rule and what its steps are bound to.
    pub bindings: Option<(&'a Rule, &'a [Bound])>,
    /// The events of a window, in stream order.
    pub window: &'a [Arc<Event>],
    /// The memories.
    pub memories: Option<&'a dyn MemoryReader>,
    /// The record a source is reading.
    pub record: Option<&'a Value>,
    /// The element of its `explode`.
    pub item: Option<&'a Value>,
    /// What the source says means "not there", wherever the record has it.
    pub absent: &'a [Value],
    /// The instant as of which a source looks things up.
    pub at: Option<Timestamp>,
    /// The element of the innermost list that is looked through.
    pub element: Option<&'a Value>,
    /// The values of the key of a match.
    pub key: &'a [Value],
    /// How many notes of an alert hold.
    pub notes: usize,
    /// What functions over a window came to whose events are not kept.
    pub windowed: &'a [(ExprId, Value)],
}

/// What a step of a match is bound to.
#[derive(Clone, Debug, Default)]
pub enum Bound {
    /// Nothing yet.
    #[default]
    None,
    /// The event of a plain step.
    One(Arc<Event>),
    /// The members of a group, in stream order.
    Many(Vec<Arc<Event>>),
}

impl Save for Bound {
    fn save(&self, out: &mut Writer<'_>) {
        match self {
            Bound::None => out.byte(0),
            Bound::One(event) => {
                out.byte(1);
                event.save(out);
            }
            Bound::Many(events) => {
                out.byte(2);
                events.save(out);
            }
        }
    }

    fn load(input: &mut Reader<'_>) -> Result<Self, StateError> {
        Ok(match input.byte()? {
            0 => Bound::None,
            1 => Bound::One(Save::load(input)?),
            2 => Bound::Many(Save::load(input)?),
            _ => return Err(StateError::Malformed("a step is bound in no known way")),
        })
    }
}

/// Something that answers what happened before.
pub trait MemoryReader {
    /// Returns what a memory gives an event, as of that event; missing is unknown.
    ///
    /// `argument` is what [`MemoryRead::Contains`] asks for: never missing, a list for any of its
    /// values.
    fn read(
        &self,
        memory: MemoryId,
        event: &Event,
        read: &MemoryRead,
        argument: Option<&Value>,
    ) -> Value;
}

impl Bound {
    /// Returns the events, in stream order.
    #[must_use]
    pub fn events(&self) -> &[Arc<Event>] {
        match self {
            Bound::None => &[],
            Bound::One(event) => std::slice::from_ref(event),
            Bound::Many(events) => events,
        }
    }

    /// Returns the last event.
    #[must_use]
    pub fn last(&self) -> Option<&Event> {
        self.events().last().map(AsRef::as_ref)
    }
}

impl<'a> Scope<'a> {
    /// Returns a scope that sees one event.
    #[must_use]
    pub fn of_event(event: &'a Event) -> Self {
        Self {
            this: Some(event),
            ..Self::default()
        }
    }

    /// Returns the scope with another event at hand.
    pub(super) fn with_event<'b>(&self, event: &'b Event) -> Scope<'b>
    where
        'a: 'b,
    {
        Scope {
            this: Some(event),
            ..*self
        }
    }

    /// Returns the scope with another element at hand.
    pub(super) fn with_element<'b>(&self, element: &'b Value) -> Scope<'b>
    where
        'a: 'b,
    {
        Scope {
            element: Some(element),
            ..*self
        }
    }

    /// Returns the event of a row; of a group its last.
    #[must_use]
    pub fn event(&self, row: Row) -> Option<&'a Event> {
        match row {
            Row::This => self.this,
            Row::Step(step) => self.bound(step)?.last(),
        }
    }

    /// Returns what a step is bound to.
    #[must_use]
    pub fn bound(&self, step: StepId) -> Option<&'a Bound> {
        let (_, bound) = self.bindings?;
        bound.get(step.index())
    }

    /// Returns the instant of the latest event bound.
    pub(super) fn latest(&self) -> Option<Timestamp> {
        let (_, bound) = self.bindings?;
        bound
            .iter()
            .filter_map(Bound::last)
            .map(|event| event.time)
            .max()
    }
}
