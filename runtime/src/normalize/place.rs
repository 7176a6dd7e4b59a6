//! Where the values of a record's fields stand while its event is made.
//!
//! Apart because a source writes them and three readers take them: the event, the engine's own
//! needs, and the explanation.

use muster_lang::ir::{FieldId, Program};
use muster_lang::types::Type;
use muster_lang::units::Timestamp;
use muster_lang::value::{Value, convert};

use crate::event::Layout;

/// A place of a value.
pub(super) type Place = usize;

/// Which field stands where: those with a slot first, then what only the engine needs.
#[derive(Debug)]
pub(super) struct Places {
    fields: Vec<(FieldId, Type)>,
    slots: usize,
    pub(super) time: Place,
    pub(super) id: Place,
    pub(super) tenant: Place,
}

impl Places {
    /// Returns the places of a layout.
    pub(super) fn new(program: &Program, layout: &Layout) -> Self {
        let slots = layout.fields().len();
        let mut fields: Vec<FieldId> = layout.fields().to_vec();
        let mut place = |field: FieldId| match fields.iter().position(|known| *known == field) {
            Some(place) => place,
            None => {
                fields.push(field);
                fields.len() - 1
            }
        };
        let core = program.core;
        let (time, id, tenant) = (place(core.time), place(core.id), place(core.tenant));
        let known = program.fields.as_slice();
        let ty = |field: FieldId| {
            known
                .get(field.index())
                .map_or(Type::Any, |field| field.ty.clone())
        };
        let fields = fields.into_iter().map(|field| (field, ty(field))).collect();
        Self {
            fields,
            slots,
            time,
            id,
            tenant,
        }
    }

    /// Returns the place of a field, or `None` if nothing reads it.
    pub(super) fn of(&self, field: FieldId) -> Option<Place> {
        self.fields.iter().position(|(known, _)| *known == field)
    }

    /// Returns every place with its field.
    pub(super) fn iter(&self) -> impl Iterator<Item = (Place, FieldId)> {
        self.fields
            .iter()
            .enumerate()
            .map(|(place, (field, _))| (place, *field))
    }

    /// Returns the type of a field at a place.
    pub(super) fn ty(&self, place: Place) -> &Type {
        self.fields.get(place).map_or(&Type::Any, |(_, ty)| ty)
    }

    /// Returns the field at a place.
    pub(super) fn field(&self, place: Place) -> Option<FieldId> {
        self.fields.get(place).map(|(field, _)| *field)
    }
}

/// The values of one event that is being made.
pub(super) struct Values<'a> {
    places: &'a Places,
    values: Vec<Value>,
    failures: &'a mut Vec<FieldId>,
}

/// Whether a value was taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Taken {
    Yes,
    No,
}

impl<'a> Values<'a> {
    /// Returns no values yet; a field is added to `failures` for each value that does not fit.
    pub(super) fn new(places: &'a Places, failures: &'a mut Vec<FieldId>) -> Self {
        Self {
            places,
            values: vec![Value::Missing; places.fields.len()],
            failures,
        }
    }

    /// Returns the value at a place.
    pub(super) fn get(&self, place: Place) -> &Value {
        self.values.get(place).unwrap_or(&Value::Missing)
    }

    /// Returns the time of the event, if it is one that an event may bear.
    pub(super) fn time(&self) -> Option<Timestamp> {
        let Value::Time(time) = self.get(self.places.time) else {
            return None;
        };
        (Timestamp::MIN..=Timestamp::MAX)
            .contains(time)
            .then_some(*time)
    }

    /// Tells whether nothing is at a place yet.
    pub(super) fn lacks(&self, place: Place) -> bool {
        self.get(place).is_missing()
    }

    /// Takes a value that has the field's type, if it is there.
    pub(super) fn set(&mut self, place: Place, value: Value) -> Taken {
        match self.values.get_mut(place) {
            Some(stored) if !value.is_missing() => {
                *stored = value;
                Taken::Yes
            }
            Some(_) | None => Taken::No,
        }
    }

    /// Takes a value of any type, if it is there and fits the field's.
    pub(super) fn convert(&mut self, place: Place, value: &Value) -> Taken {
        match convert(value, self.places.ty(place)) {
            Some(value) => self.set(place, value),
            None => {
                // Bounded by the lines of the source and the keys of the record.
                self.failures.extend(self.places.field(place));
                Taken::No
            }
        }
    }

    /// Returns the values that have a slot.
    pub(super) fn into_slots(mut self) -> Box<[Value]> {
        self.values.truncate(self.places.slots);
        self.values.into()
    }
}
