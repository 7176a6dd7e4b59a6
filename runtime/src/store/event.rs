//! Events as bytes: values by slot, moved to the slots that a changed program gives them.
//!
//! Apart from other values because an event is read under the layout of another program.

use std::sync::Arc;

use muster_lang::ir::RuleId;
use muster_lang::value::Value;

use crate::event::{Event, Origin};
use crate::store::{Reader, Save, StateError, Writer};

impl Save for Arc<Event> {
    fn save(&self, out: &mut Writer<'_>) {
        out.event(self);
    }

    fn load(input: &mut Reader<'_>) -> Result<Self, StateError> {
        input.event()
    }
}

impl Save for Event {
    fn save(&self, out: &mut Writer<'_>) {
        let Self {
            time,
            source,
            id,
            position,
            origin,
            values,
            raw,
        } = self;
        time.save(out);
        source.save(out);
        id.save(out);
        position.save(out);
        origin.save(out);
        out.each(values.iter());
        raw.save(out);
    }

    fn load(input: &mut Reader<'_>) -> Result<Self, StateError> {
        Ok(Self {
            time: Save::load(input)?,
            source: Save::load(input)?,
            id: Save::load(input)?,
            position: Save::load(input)?,
            origin: Save::load(input)?,
            values: values(input)?,
            raw: Save::load(input)?,
        })
    }
}

/// Reads the values of an event into the slots they have now.
fn values(input: &mut Reader<'_>) -> Result<Box<[Value]>, StateError> {
    let written: Vec<Value> = Save::load(input)?;
    let mut values = vec![Value::Missing; input.slots.count];
    for (value, slot) in written.into_iter().zip(&input.slots.now) {
        if let Some(place) = slot.and_then(|slot| values.get_mut(slot)) {
            *place = value;
        }
    }
    Ok(values.into())
}

impl Save for Origin {
    fn save(&self, out: &mut Writer<'_>) {
        match self {
            Origin::Input => out.byte(0),
            Origin::Alert(rule) => {
                out.byte(1);
                rule.save(out);
            }
        }
    }

    fn load(input: &mut Reader<'_>) -> Result<Self, StateError> {
        match input.byte()? {
            0 => Ok(Origin::Input),
            1 => Ok(Origin::Alert(RuleId::load(input)?)),
            _ => Err(StateError::Malformed("an event is of no known origin")),
        }
    }
}
