//! Random and exhaustive cases: small programs as rule text, small streams as JSON lines.
//!
//! Apart from the reference because cases are made without knowing what they mean.

mod absence;
mod calendars;
mod enumerate;
mod everything;
mod lookups;
mod mapped;
mod pattern;
mod random;
mod record;
mod rule;
mod shapes;
mod shrink;
mod stream;
mod telling;
mod words;

pub use enumerate::{Streams, streams};
pub use random::Random;
pub use record::{Clock, Record};
pub use rule::RuleText;
pub use shapes::{SHAPES, Shape};
pub use shrink::shrink;

use crate::reference::EndOfInput;

/// How much of the language a case may use; each level holds those before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Default)]
pub enum Level {
    /// Plain steps, windows, gaps, keys, joins, conditions, restart, order, lateness, duplicates.
    #[default]
    Sequences,
    /// Groups, sets, local windows.
    Groups,
    /// `without` in all its intervals, pending.
    Absence,
    /// Memories, sessions, `each`, alerts as events, suppression, notes, severities.
    Everything,
    /// What the others have but for memories, and tables, identities, calendars, sources, unmapped
    /// input, patterns, percentiles.
    Lookups,
}

impl Level {
    /// Returns the level of a name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        match name {
            "sequences" => Some(Level::Sequences),
            "groups" => Some(Level::Groups),
            "absence" => Some(Level::Absence),
            "everything" => Some(Level::Everything),
            "lookups" => Some(Level::Lookups),
            _ => None,
        }
    }
}

/// A program with a stream.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Case {
    /// What its program was made from.
    pub seed: u64,
    /// Which of the program's streams it has.
    pub stream: u64,
    /// Declarations other than rules.
    pub declarations: Vec<String>,
    /// The rules.
    pub rules: Vec<RuleText>,
    /// The records in the order of arrival.
    pub records: Vec<Record>,
    /// What the end of input means.
    pub eof: EndOfInput,
}

impl Case {
    /// Makes the case of a seed, with the first of its streams.
    #[must_use]
    pub fn new(seed: u64, level: Level) -> Self {
        Case::streams(seed, level, 1).pop().unwrap_or_default()
    }

    /// Makes cases that share the program of a seed, each with a stream of its own.
    #[must_use]
    pub fn streams(seed: u64, level: Level, count: u64) -> Vec<Self> {
        let mut random = Random::new(seed);
        let mut case = Case {
            seed,
            ..Case::default()
        };
        let plan = rule::program(&mut random, level, &mut case);
        let fork = random.bits();
        let streams = (0..count).map(|stream| {
            let mut random = Random::new(fork.wrapping_add(stream));
            let records = stream::records(&mut random, &plan);
            let eof = if random.chance(20) {
                EndOfInput::Final
            } else {
                EndOfInput::Pending
            };
            Case {
                stream,
                records,
                eof,
                ..case.clone()
            }
        });
        streams.collect()
    }

    /// Returns the program as rule text.
    #[must_use]
    pub fn program(&self) -> String {
        let rules = self.rules.iter().map(RuleText::print);
        self.declarations
            .iter()
            .cloned()
            .chain(rules)
            .collect::<Vec<_>>()
            .join("\n")
    }

    /// Returns the stream as JSON lines.
    #[must_use]
    pub fn lines(&self) -> Vec<String> {
        self.records.iter().map(Record::print).collect()
    }
}
