//! From bytes to a prepared record: decoded and normalized, but not yet part of the stream.
//!
//! Apart from the engine because nothing here depends on the order of records, so that several may do
//! it side by side.

use std::sync::Arc;

use muster_lang::ir::{FieldId, SourceId};
use muster_lang::units::Timestamp;

use crate::decode::json::{Decoded, Decoder, Shapes, Wanted};
use crate::decode::wire;
use crate::normalize::{Normalizer, Part, identity};
use crate::predicate::Evaluator;

/// A record that is decoded and normalized, but not yet part of the stream.
#[derive(Clone, Debug, Default)]
pub struct Prepared {
    pub(super) source: Option<SourceId>,
    pub(super) parts: Vec<Part>,
    pub(super) failure: Option<String>,
    /// The fields whose values did not fit.
    pub(super) failed: Vec<FieldId>,
    pub(super) duplicate_keys: u32,
}

impl Prepared {
    /// Returns the time of the earliest event it makes.
    #[must_use]
    pub fn time(&self) -> Option<Timestamp> {
        let times = self.parts.iter().filter_map(|part| match part {
            Part::Event(draft) => Some(draft.time),
            Part::Dropped | Part::Dead(_) => None,
        });
        times.min()
    }
}

/// Prepares records as [`Engine::prepare`](super::Engine::prepare) does, on any thread.
#[derive(Debug)]
pub struct Preparer(pub(super) Intake);

impl Preparer {
    /// Decodes and normalizes a record.
    pub fn prepare(&mut self, bytes: &[u8]) -> Prepared {
        self.0.prepare(bytes)
    }
}

/// What prepares records for a program.
#[derive(Debug)]
pub(super) struct Intake {
    pub(super) normalizer: Arc<Normalizer>,
    /// What of a record each source reads, if it takes it.
    wanted: Arc<[Wanted]>,
    /// What the records of each source looked like so far.
    shapes: Vec<Shapes>,
    decoder: Decoder,
    /// The source of the record before: most often it takes the next one too.
    guess: usize,
}

impl Intake {
    /// Returns what prepares records, for one source if it is given.
    pub(super) fn new(evaluator: Arc<Evaluator>, source: Option<SourceId>) -> Self {
        let normalizer = Normalizer::new(evaluator, source);
        let wanted: Arc<[Wanted]> = normalizer.wanted().into();
        Self {
            shapes: wanted.iter().map(|_| Shapes::default()).collect(),
            wanted,
            normalizer: Arc::new(normalizer),
            decoder: Decoder::new(),
            guess: source.map_or(0, SourceId::index),
        }
    }

    /// Returns one for the same program that has read nothing.
    pub(super) fn anew(&self) -> Self {
        Self {
            normalizer: Arc::clone(&self.normalizer),
            wanted: Arc::clone(&self.wanted),
            shapes: self.wanted.iter().map(|_| Shapes::default()).collect(),
            decoder: Decoder::new(),
            guess: self.guess,
        }
    }

    /// Decodes and normalizes a record.
    pub(super) fn prepare(&mut self, bytes: &[u8]) -> Prepared {
        match self.decode(bytes) {
            Ok((decoded, source)) => self.normalized(bytes, &decoded, source),
            Err(failure) => Prepared {
                failure: Some(failure),
                ..Prepared::default()
            },
        }
    }

    /// Reads of a record what its source reads.
    ///
    /// Which source that is, only the record says: it is read as if it were of the source before, along
    /// with whatever a `when` asks for, and once more if that was wrong.
    fn decode(&mut self, bytes: &[u8]) -> Result<(Decoded, Option<SourceId>), String> {
        let decoded = self.decode_as(self.guess, bytes)?;
        let Some(source) = self.normalizer.source_of(&decoded.value) else {
            return Ok((decoded, None));
        };
        if source.index() == self.guess {
            return Ok((decoded, Some(source)));
        }
        self.guess = source.index();
        Ok((self.decode_as(self.guess, bytes)?, Some(source)))
    }

    fn decode_as(&mut self, source: usize, bytes: &[u8]) -> Result<Decoded, String> {
        let wanted = self.wanted.get(source).zip(self.shapes.get_mut(source));
        let decoded = match wanted {
            Some((wanted, shapes)) => wire::decode_wanted(bytes, &mut self.decoder, wanted, shapes),
            None => wire::decode(bytes, &mut self.decoder),
        };
        decoded.map_err(|error| error.to_string())
    }

    fn normalized(
        &mut self,
        bytes: &[u8],
        decoded: &Decoded,
        source: Option<SourceId>,
    ) -> Prepared {
        let decoder = &mut self.decoder;
        // A record without an id is known by all it holds.
        let mut whole = || match wire::decode(bytes, decoder) {
            Ok(whole) => identity(&whole.value),
            Err(_) => identity(&decoded.value),
        };
        let normalized = self
            .normalizer
            .normalize_as(source, &decoded.value, &mut whole);
        Prepared {
            source: normalized.source,
            parts: normalized.parts,
            failure: None,
            failed: normalized.failed,
            duplicate_keys: decoded.duplicate_keys,
        }
    }
}
