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

use std::collections::BTreeMap;
use std::sync::Arc;

use muster_lang::ir::{FieldId, Program, SourceId};
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
    failed: BTreeMap<(SourceId, FieldId), u64>,
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
            failed: BTreeMap::new(),
            evaluator,
        }
    }

    /// Returns the places of a record that anything reads.
    #[must_use]
    pub fn wanted(&self) -> Wanted {
        let mut wanted = Wanted::default();
        if self.program().reads_raw {
            wanted.add([]);
        }
        for source in &self.sources {
            source.want(self.program(), &mut wanted);
        }
        wanted
    }

    /// Returns what becomes of a record.
    pub fn normalize(&mut self, record: &Value) -> Normalized {
        self.normalize_part(record, &mut || identity(record))
    }

    /// Returns what becomes of a record of which only the wanted places were read.
    ///
    /// `whole` gives the [`identity`] of the whole record: a record without an id is known by all it
    /// holds.
    pub fn normalize_part(
        &mut self,
        record: &Value,
        whole: &mut dyn FnMut() -> Vec<u8>,
    ) -> Normalized {
        let Some((id, source)) = self.source(record) else {
            return Normalized {
                source: None,
                parts: vec![Part::Dead(DeadReason::NoSource)],
            };
        };
        let mut failures = Vec::new();
        let mut fingerprint = Fingerprint { whole, hash: None };
        let parts = source
            .elements(&self.evaluator, record)
            .parts(|element, item| {
                let mut values = Values::new(&self.places, &mut failures);
                match source.fill(&self.evaluator, record, item, &mut values, &mut |_, _| {}) {
                    Filled::Dropped => Part::Dropped,
                    Filled::Kept => {
                        self.draft(id, values, record, || fingerprint.of_element(element))
                    }
                }
            });
        for field in failures {
            *self.failed.entry((id, field)).or_default() += 1;
        }
        Normalized {
            source: Some(id),
            parts,
        }
    }

    fn source(&self, record: &Value) -> Option<(SourceId, &Source)> {
        let when = |id: SourceId| {
            let source = self.sources.get(id.index())?;
            source
                .takes(&self.evaluator, record)
                .then_some((id, source))
        };
        match self.selector.forced() {
            Some(id) => self.sources.get(id.index()).map(|source| (id, source)),
            None => self.selector.candidates(record).find_map(when),
        }
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

    /// Returns how many values of each source and field did not fit the field's type.
    #[must_use]
    pub fn failed_conversions(&self) -> BTreeMap<(Arc<str>, Arc<str>), u64> {
        let program = self.program();
        let name = |(source, field): (SourceId, FieldId)| {
            (
                Arc::clone(&program.sources[source].name),
                Arc::clone(&program.fields[field].name),
            )
        };
        self.failed
            .iter()
            .map(|(place, count)| (name(*place), *count))
            .collect()
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
