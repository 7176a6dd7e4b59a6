//! Which line set each field: what `muster map --explain` prints.
//!
//! Apart from normalizing, which every event pays for.

use std::sync::Arc;

use muster_lang::file::Span;
use muster_lang::ir::{FieldId, SourceId};
use muster_lang::value::Value;

use super::place::{Place, Values};
use super::source::Filled;
use super::{DeadReason, Normalizer, Part};
use crate::event::{self, Event};

/// A part of a record with where its fields came from.
#[derive(Clone, Debug)]
pub enum Explained {
    /// An event's fields, in the order of its slots.
    Event(Vec<Setting>),
    /// A `drop` of the source holds, or its list has no elements.
    Dropped,
    /// It cannot become an event.
    Dead(DeadReason),
}

/// A field with what set it.
#[derive(Clone, Debug, PartialEq)]
pub struct Setting {
    /// The field.
    pub field: FieldId,
    /// Its value.
    pub value: Value,
    /// What set it.
    pub origin: Origin,
}

/// What set a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// The value of a line of the source.
    Line(Span),
    /// `fields from` of the source.
    Direct(Span),
    /// The default of the field.
    Default(Span),
}

impl Normalizer {
    /// Returns the source that takes a record, and where the fields of its events came from.
    ///
    /// Only fields of the layout are told. Failed conversions are not counted.
    #[must_use]
    pub fn explain(&self, record: &Value) -> (Option<SourceId>, Vec<Explained>) {
        let source = self.source_of(record);
        let Some((id, source)) = source.and_then(|id| Some((id, self.sources.get(id.index())?)))
        else {
            return (None, vec![Explained::Dead(DeadReason::NoSource)]);
        };
        let mut origins: Vec<Vec<(Place, Origin)>> = Vec::new();
        let parts = source.elements(&self.evaluator, record).parts(|_, item| {
            let (mut told, mut failures) = (Vec::new(), Vec::new());
            let mut values = Values::new(&self.places, &mut failures);
            let mut tell = |place, origin| told.push((place, origin));
            let filled = source.fill(&self.evaluator, record, item, &mut values, &mut tell);
            origins.push(told);
            match filled {
                Filled::Dropped => Part::Dropped,
                Filled::Kept => self.draft(id, values, record, || [0; 16]),
            }
        });
        let origins = origins.into_iter().chain(std::iter::repeat(Vec::new()));
        let parts = parts.into_iter().zip(origins);
        (
            Some(id),
            parts
                .map(|(part, origins)| self.explained(part, &origins))
                .collect(),
        )
    }

    fn explained(&self, part: Part, origins: &[(Place, Origin)]) -> Explained {
        let draft = match part {
            Part::Event(draft) => draft,
            Part::Dropped => return Explained::Dropped,
            Part::Dead(reason) => return Explained::Dead(reason),
        };
        let mut event = Event {
            time: draft.time,
            source: Arc::clone(&self.program().sources[draft.source].name),
            id: "".into(),
            position: 0,
            origin: event::Origin::Input,
            values: draft.values,
            raw: draft.raw,
        };
        let mut computed = Vec::new();
        self.defaults
            .complete(&self.evaluator, &mut event, &mut |field| {
                computed.push(field);
            });
        let fields = self.evaluator.layout().fields().iter().enumerate();
        let settings = fields.filter_map(|(place, field)| {
            let by_source = origins
                .iter()
                .find(|(told, _)| *told == place)
                .map(|(_, origin)| *origin);
            let by_default = || {
                let span = self.program().fields[*field].span;
                computed.contains(field).then_some(Origin::Default(span))
            };
            Some(Setting {
                field: *field,
                value: event.values.get(place)?.clone(),
                origin: by_source.or_else(by_default)?,
            })
        });
        Explained::Event(settings.collect())
    }
}
