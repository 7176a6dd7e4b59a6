//! Saving an engine after any record, and going on from it in another.
//!
//! Apart from the doors through which events come because it is about the engine as a whole.

use std::collections::BTreeSet;
use std::fmt;
use std::sync::Arc;

use muster_lang::ir::{DigestId, Program, SourceId, listing};

use super::{Engine, Rules, Summary};
use crate::digest::Digests;
use crate::error::EngineError;
use crate::lookup::Lookups;
use crate::options::Options;
use crate::store::{Construct, Kind, Measure, Reader, Save, StateError, Stored, Writer, parse};
use crate::time::dedupe::{Dedupe, hash128, hex};
use crate::time::reorder::ReorderBuffer;
use crate::time::watermark::Watermark;

/// What became of each construct's state.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Restored {
    /// Those that go on from where they were.
    pub kept: Vec<Construct>,
    /// Those that mean something else now, or hold what is gone: they start anew.
    pub changed: Vec<Construct>,
    /// Those that the state does not know: they start now.
    pub added: Vec<Construct>,
    /// Those of the state that the program has no more.
    pub gone: Vec<Construct>,
}

/// How much of one construct is held.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StateSize {
    /// What it is.
    pub kind: Kind,
    /// Its name.
    pub name: Arc<str>,
    /// How many keys it holds something for.
    pub keys: usize,
}

/// Why no engine goes on from a state.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RestoreError {
    /// No engine can be made of the program.
    Engine(EngineError),
    /// The bytes are no state.
    State(StateError),
}

impl fmt::Display for RestoreError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Engine(error) => error.fmt(f),
            Self::State(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for RestoreError {}

impl Engine {
    /// Returns all that the engine remembers, as bytes: the same state is the same bytes.
    #[must_use]
    pub fn save(&self) -> Vec<u8> {
        // Named one by one, so that a new field is not forgotten here.
        let Self {
            evaluator,
            intake: _,
            options: _,
            source: _,
            watermark,
            buffer,
            dedupe,
            rules,
            digests,
            shared_records,
            summary: _,
        } = self;
        let mut out = Writer::new(evaluator.program());
        watermark.save(&mut out);
        buffer.save(&mut out);
        dedupe.save(&mut out);
        rules.save(&mut out);
        digests.save(&mut out);
        shared_records.save(&mut out);
        self.own_summary().save(&mut out);
        let measure = Measure {
            oldest: buffer.next_time(),
            ..Measure::default()
        };
        out.end_section(stream(), measure);
        let constructs = constructs(evaluator.program());
        rules.save_each(&constructs, &mut out);
        for construct in constructs {
            if let Some(digest) = self.digest(&construct) {
                let measure = digests.save_one(digest, &mut out);
                out.end_section(construct, measure);
            }
        }
        out.finish(evaluator.layout())
    }

    /// Returns an engine of a program that goes on from a state, and what became of it.
    ///
    /// Constructs are told by kind, name and meaning: a rule whose meaning changed starts anew, and
    /// no other does.
    ///
    /// # Errors
    ///
    /// If no engine can be made of the program, or the bytes are no state.
    pub fn restore(
        program: Arc<Program>,
        lookups: Arc<Lookups>,
        options: Options,
        source: Option<SourceId>,
        bytes: &[u8],
    ) -> Result<(Self, Restored), RestoreError> {
        Self::new(program, lookups, options, source)
            .map_err(RestoreError::Engine)?
            .resume(bytes)
            .map_err(RestoreError::State)
    }

    /// Returns an engine of the same program that has seen nothing.
    ///
    /// # Errors
    ///
    /// None that the first did not have.
    pub fn anew(&self) -> Result<Self, EngineError> {
        let program = Arc::clone(self.evaluator.shared_program());
        Ok(Self {
            evaluator: self.evaluator.clone(),
            intake: self.intake.anew(),
            options: self.options,
            source: self.source,
            watermark: Watermark::new(&self.options),
            buffer: ReorderBuffer::default(),
            dedupe: Dedupe::default(),
            rules: Rules::new(&program, &self.evaluator, self.options)?,
            digests: Digests::new(&program, self.options),
            shared_records: 0,
            summary: Summary::default(),
        })
    }

    /// Returns this engine, which has seen nothing, after it took in a state.
    ///
    /// # Errors
    ///
    /// If the bytes are no state.
    pub fn resume(mut self, bytes: &[u8]) -> Result<(Self, Restored), StateError> {
        let evaluator = self.evaluator.clone();
        let program = evaluator.program();
        let found = parse(program, evaluator.layout(), bytes)?;
        let mut missing: BTreeSet<Construct> = constructs(program).into_iter().collect();
        let mut restored = Restored::default();
        for (stored, bytes) in &found.all {
            let construct = &stored.construct;
            let mut input = Reader::new(program, &found.tables, bytes);
            if construct.kind == Kind::Stream {
                self.resume_stream(&mut input)?;
            } else if missing.contains(construct) {
                let resumed = match self.digest(construct) {
                    Some(digest) => self.digests.resume_one(digest, &mut input),
                    None => self.rules.resume_one(construct, &mut input),
                };
                match resumed {
                    Ok(()) => {
                        missing.remove(construct);
                        restored.kept.push(construct.clone());
                    }
                    Err(StateError::Gone) => {}
                    Err(error) => return Err(error),
                }
            } else {
                restored.gone.push(construct.clone());
            }
        }
        self.rules.see_from(self.buffer.next_time());
        restored.settle(missing, &found.all);
        Ok((self, restored))
    }

    fn resume_stream(&mut self, input: &mut Reader<'_>) -> Result<(), StateError> {
        self.watermark.resume(input)?;
        self.buffer = Save::load(input)?;
        self.dedupe = Save::load(input)?;
        self.rules.resume(input)?;
        self.digests.resume(input)?;
        self.shared_records = Save::load(input)?;
        self.summary = Save::load(input)?;
        let (program, options) = (self.evaluator.program(), &self.options);
        self.watermark.set_lateness(|source| {
            let source = program.sources.as_slice().get(source as usize)?;
            Some(options.lateness.unwrap_or(source.lateness))
        });
        input.end()
    }

    /// Returns the counts that nothing else keeps.
    fn own_summary(&self) -> Summary {
        let all = self.summary();
        Summary {
            failed_conversions: all.failed_conversions,
            ..self.summary.clone()
        }
    }

    /// Returns how many keys each rule, memory and digest holds something for.
    #[must_use]
    pub fn state_sizes(&self) -> Vec<StateSize> {
        let digests = self.program().digests.iter();
        let digests = digests.map(|(id, digest)| StateSize {
            kind: Kind::Digest,
            name: digest.name.clone(),
            keys: self.digests.keys_of(id),
        });
        self.rules.sizes().into_iter().chain(digests).collect()
    }

    /// Returns the digest that a construct is, if it is one.
    fn digest(&self, construct: &Construct) -> Option<DigestId> {
        let mut digests = self.evaluator.program().digests.iter();
        let found = digests
            .find(|(_, digest)| construct.kind == Kind::Digest && digest.name == construct.name);
        found.map(|(id, _)| id)
    }
}

impl Restored {
    /// Tells those that changed from those that are new and those that are gone.
    fn settle(&mut self, missing: BTreeSet<Construct>, stored: &[(Stored, &[u8])]) {
        for construct in missing {
            let same =
                |one: &&Construct| (one.kind, &one.name) == (construct.kind, &construct.name);
            if stored.iter().any(|(one, _)| same(&&one.construct)) {
                self.gone.retain(|one| !same(&one));
                self.changed.push(construct);
            } else {
                self.added.push(construct);
            }
        }
    }

    /// Tells whether everything goes on from where it was.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        self.changed.is_empty() && self.added.is_empty() && self.gone.is_empty()
    }
}

/// What is kept beside all constructs.
fn stream() -> Construct {
    Construct {
        kind: Kind::Stream,
        name: "".into(),
        meaning: "".into(),
    }
}

/// Returns the constructs of a program that keep a state, by what it is kept under.
fn constructs(program: &Program) -> Vec<Construct> {
    let rules = program.rules.iter().map(|(_, rule)| Construct {
        kind: Kind::Rule,
        name: rule.name.clone(),
        meaning: rule.meaning.clone(),
    });
    let memories = program.memories.iter().map(|(id, memory)| Construct {
        kind: Kind::Memory,
        name: memory.name.clone(),
        meaning: hex(&hash128(&[listing::memory_meaning(program, id).as_bytes()])).into(),
    });
    let digests = program.digests.iter().map(|(id, digest)| Construct {
        kind: Kind::Digest,
        name: digest.name.clone(),
        meaning: hex(&hash128(&[listing::digest_meaning(program, id).as_bytes()])).into(),
    });
    rules.chain(memories).chain(digests).collect()
}
