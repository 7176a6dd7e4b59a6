//! From a record to events: which source takes it, and what its fields become.
//!
//! Apart from decoding, which knows no program, and from the engine, which gives events their order.
//!
//! Of several lines for one field, the first counts whose condition holds and whose value is there
//! and fits the type; a value that does not fit is counted. What no line gave, `fields from` reads
//! by the field's own name. What is still missing then gets its default.

mod default;
mod direct;
mod draft;
mod explain;
mod place;
mod select;
mod source;
#[cfg(test)]
mod tests;

pub use draft::{DeadReason, Draft, DraftId, Normalized, Part};
pub use explain::{Explained, Origin, Setting};

use std::sync::Arc;

use muster_lang::ir::{Program, SourceId};
use muster_lang::value::{KeyTexts, Value};

use crate::decode::json::Wanted;
use crate::event::Event;
use crate::predicate::Evaluator;
use default::Defaults;
use place::{Place, Places, Values};
use select::Selector;
use source::{Filled, Source};

/// The most elements of one record that become events; one part tells of the rest.
pub const ELEMENTS_MAX: usize = 10_000;

/// Turns records into events by the sources of a program.
#[derive(Debug)]
pub struct Normalizer {
    evaluator: Arc<Evaluator>,
    sources: Vec<Source>,
    selector: Selector,
    defaults: Defaults,
    places: Places,
}

impl Normalizer {
    /// Returns the normalizer of a program, which takes all records for one source if it is given.
    #[must_use]
    pub fn new(evaluator: Arc<Evaluator>, force_source: Option<SourceId>) -> Self {
        let program = evaluator.program();
        let places = Places::new(program, evaluator.layout());
        let sources = program.sources.iter();
        Self {
            sources: sources
                .map(|(id, _)| Source::new(program, id, &places))
                .collect(),
            selector: Selector::new(program, force_source),
            defaults: Defaults::new(program, evaluator.layout()),
            places,
            evaluator,
        }
    }

    /// Returns for each source the places of a record that are read if it takes it, those that decide
    /// which source takes a record among them.
    #[must_use]
    pub fn wanted(&self) -> Vec<Wanted> {
        let mut asked = Wanted::default();
        if self.program().reads_raw {
            asked.add([]);
        }
        if self.selector.forced().is_none() {
            for source in &self.sources {
                source.want_when(self.program(), &mut asked);
            }
        }
        let of_source = |source: &Source| {
            let mut wanted = asked.clone();
            source.want(self.program(), &mut wanted);
            wanted
        };
        self.sources.iter().map(of_source).collect()
    }

    /// Returns what becomes of a record.
    #[must_use]
    pub fn normalize(&self, record: &Value) -> Normalized {
        self.normalize_as(self.source_of(record), record, &mut || identity(record))
    }

    /// Returns what a source makes of a record of which only what it wants was read.
    ///
    /// `whole` gives the [`identity`] of the whole record: a record without an id is known by all it
    /// holds.
    pub fn normalize_as(
        &self,
        source: Option<SourceId>,
        record: &Value,
        whole: &mut dyn FnMut() -> Vec<u8>,
    ) -> Normalized {
        let Some((id, source)) = source.and_then(|id| Some((id, self.sources.get(id.index())?)))
        else {
            return Normalized {
                source: None,
                parts: vec![Part::Dead(DeadReason::NoSource)],
                failed: Vec::new(),
            };
        };
        let mut failed = Vec::new();
        let mut fingerprint = Fingerprint { whole, hash: None };
        let parts = source
            .elements(&self.evaluator, record)
            .parts(|element, item| {
                let mut values = Values::new(&self.places, &mut failed);
                match source.fill(&self.evaluator, record, item, &mut values, &mut |_, _| {}) {
                    Filled::Dropped => Part::Dropped,
                    Filled::Kept => {
                        self.draft(id, values, record, || fingerprint.of_element(element))
                    }
                }
            });
        Normalized {
            source: Some(id),
            parts,
            failed,
        }
    }

    /// Returns the source that takes a record.
    #[must_use]
    pub fn source_of(&self, record: &Value) -> Option<SourceId> {
        let takes = |id: &SourceId| {
            let source = self.sources.get(id.index());
            source.is_some_and(|source| source.takes(&self.evaluator, record))
        };
        let forced = self.selector.forced();
        forced.or_else(|| self.selector.candidates(record).find(takes))
    }

    fn draft(
        &self,
        source: SourceId,
        values: Values<'_>,
        record: &Value,
        fingerprint: impl FnOnce() -> [u8; 16],
    ) -> Part {
        let Some(time) = values.time() else {
            return Part::Dead(DeadReason::NoTime);
        };
        let id = text(&values, self.places.id);
        Part::Event(Draft {
            source,
            time,
            id: id.map_or_else(|| DraftId::Fingerprint(fingerprint()), DraftId::Given),
            tenant: text(&values, self.places.tenant),
            raw: self.program().reads_raw.then(|| record.clone()),
            values: values.into_slots(),
        })
    }

    /// Gives the fields of an event that are missing their defaults.
    pub fn complete(&self, event: &mut Event) {
        self.defaults.complete(&self.evaluator, event, &mut |_| {});
    }

    fn program(&self) -> &Program {
        self.evaluator.program()
    }
}

/// Returns the text at a place, if it has one.
fn text(values: &Values<'_>, place: Place) -> Option<Arc<str>> {
    let Value::Text(text) = values.get(place) else {
        return None;
    };
    (!text.is_empty()).then(|| Arc::clone(text))
}

/// Returns what equal records have in common, whatever the order of their keys.
#[must_use]
pub fn identity(record: &Value) -> Vec<u8> {
    let mut key = Vec::new();
    record.write_key(KeyTexts::Exact, &mut key);
    key
}

/// The hash of a record, computed when it is first asked for.
struct Fingerprint<'a> {
    whole: &'a mut dyn FnMut() -> Vec<u8>,
    hash: Option<blake3::Hash>,
}

impl Fingerprint<'_> {
    /// Returns the hash of the record and the place of an element of it.
    ///
    /// It does not depend on the order of the record's keys.
    fn of_element(&mut self, element: usize) -> [u8; 16] {
        let whole = &mut self.whole;
        let hash = self.hash.get_or_insert_with(|| blake3::hash(&whole()));
        let mut hasher = blake3::Hasher::new();
        hasher.update(hash.as_bytes());
        hasher.update(&(element as u64).to_le_bytes());
        let mut fingerprint = [0; 16];
        hasher.finalize_xof().fill(&mut fingerprint);
        fingerprint
    }
}
