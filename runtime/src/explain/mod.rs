//! Why a rule fired, or how near it came: answers for people, from the code that decides.
//!
//! Apart from the engine because this reads a whole stream again, at leisure, for one rule: it asks
//! the same machine, windows, groups, absences and evaluator, and writes down what they say.

use std::sync::Arc;

use muster_lang::file::Files;
use muster_lang::ir::RuleId;
use muster_lang::units::Timestamp;

use crate::event::Event;
use crate::options::Options;
use crate::predicate::Evaluator;

mod decide;
mod hold;
mod judge;
mod lack;
mod near;
mod obstacle;
mod recount;
mod replay;
mod seek;
mod words;

pub use decide::{Decided, Operand};
pub use hold::{Held, memory_holds, rule_holds};
pub use obstacle::{Failed, Obstacle};
pub use recount::{Fate, Told};
pub use seek::Nearest;

/// A stream that was run, as explanations read it.
#[derive(Clone, Copy)]
pub struct Stream<'a> {
    /// How expressions are evaluated.
    pub evaluator: &'a Arc<Evaluator>,
    /// The rule files, for the words of their authors.
    pub files: &'a Files,
    /// Every event in stream order, alerts among them; late ones have the position 0.
    pub events: &'a [Arc<Event>],
    /// The limits.
    pub options: &'a Options,
}

/// What is asked.
#[derive(Clone, Copy, Debug)]
pub struct Question<'a> {
    /// The rule.
    pub rule: RuleId,
    /// Values of its key, as people write them; none for any key.
    pub key: &'a [String],
    /// Nothing after this instant completes a match.
    pub until: Timestamp,
}

/// What was found about a rule and a key.
#[derive(Clone, Debug)]
pub struct Story {
    /// The matches that were completed, in stream order, with what became of them.
    pub matches: Vec<Told>,
    /// The partial chain that came nearest, of those that completed no match.
    pub nearest: Option<Nearest>,
    /// Whether the search for it was cut short by a limit.
    pub is_cut: bool,
}

/// A step with the events it is bound to.
#[derive(Clone, Debug)]
pub struct Bond {
    /// What the step is called.
    pub label: Arc<str>,
    /// Its events, in stream order.
    pub events: Vec<Arc<Event>>,
}

/// Tells what became of a rule's matches, and how near others came.
#[must_use]
pub fn story(stream: &Stream<'_>, question: &Question<'_>) -> Story {
    let replay = replay::replay(stream, question);
    let matches = recount::matches(stream, question.key, &replay);
    let (nearest, is_cut) = seek::nearest(stream, question, &replay);
    Story {
        matches,
        nearest,
        is_cut,
    }
}
