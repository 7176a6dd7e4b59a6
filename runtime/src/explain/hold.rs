//! What a rule or a memory holds at an instant.
//!
//! Apart from why, which asks about matches: here it is about what waits for them.

use std::sync::Arc;

use muster_lang::ir::{MemoryId, MemoryKind, MemoryRead, Statistic};
use muster_lang::time::format_rfc3339;
use muster_lang::units::Timestamp;

use super::replay::{is_word, replay};
use super::words::shown;
use super::{Question, Stream};
use crate::key::{Key, KeyPart};
use crate::memory::{LiveReader, Memories};
use crate::predicate::MemoryReader;

/// What is held under a key.
#[derive(Clone, Debug)]
pub struct Held {
    /// The key, its values joined by commas.
    pub key: String,
    /// Line by line.
    pub lines: Vec<String>,
}

/// Returns what a rule keeps at an instant, key by key.
#[must_use]
pub fn rule_holds(stream: &Stream<'_>, question: &Question<'_>) -> Vec<Held> {
    let upto = stream
        .events
        .iter()
        .filter(|event| event.time <= question.until)
        .cloned()
        .collect::<Vec<_>>();
    let stream = Stream {
        events: &upto,
        ..*stream
    };
    let mut replay = replay(&stream, question);
    let rule = replay.machine.plan().rule().clone();
    let mut held = Vec::new();
    let now = Timestamp(question.until.0.saturating_sub(1));
    for (key, kept) in &mut replay.states {
        replay.machine.fire(&mut kept.real, now);
        let state = &kept.real;
        let labels = |steps: u64| {
            let of = rule
                .steps
                .iter()
                .filter(|(step, _)| steps & (1 << step.index()) != 0);
            of.map(|(_, step)| step.label.to_string())
                .collect::<Vec<_>>()
                .join(", ")
        };
        let mut lines: Vec<String> = state
            .candidates
            .iter()
            .map(|one| {
                format!(
                    "{}  {}  may be {}",
                    format_rfc3339(one.event.time),
                    one.event.id,
                    labels(one.steps)
                )
            })
            .collect();
        lines.extend(state.breakers.iter().map(|one| {
            format!(
                "{}  {}  may break an absence",
                format_rfc3339(one.event.time),
                one.event.id
            )
        }));
        lines.extend(state.open.iter().map(|open| {
            let until = open
                .waits
                .iter()
                .map(|wait| wait.deadline)
                .max()
                .unwrap_or_default();
            format!(
                "match of {} waits till {}",
                format_rfc3339(open.alert.to),
                format_rfc3339(until)
            )
        }));
        if !lines.is_empty() {
            held.push(Held {
                key: key_text(key),
                lines,
            });
        }
    }
    held
}

fn key_text(key: &Key) -> String {
    let parts = key.0.iter().filter_map(|part| match part {
        KeyPart::Missing => None,
        KeyPart::Bool(truth) => Some(truth.to_string()),
        KeyPart::Int(number) => Some(number.to_string()),
        KeyPart::Text(text) | KeyPart::Other(text) => Some(text.to_string()),
        KeyPart::Ip(ip) => Some(ip.to_string()),
    });
    parts.collect::<Vec<_>>().join(", ")
}

/// Returns what a memory holds at an instant for keys that people name; all keys seen without any.
#[must_use]
pub fn memory_holds(
    stream: &Stream<'_>,
    memory: MemoryId,
    words: &[String],
    until: Timestamp,
) -> Vec<Held> {
    let evaluator = stream.evaluator;
    let mut memories = Memories::new(evaluator.shared_program(), *stream.options);
    let mut last: Option<Arc<crate::event::Event>> = None;
    for event in stream.events.iter().filter(|event| event.time <= until) {
        memories.learn(event, evaluator, &mut |class| {
            evaluator.in_class(class, event)
        });
        last = Some(event.clone());
    }
    let kind = &evaluator.program().memories[memory].kind;
    let live = LiveReader {
        memories: &memories,
        evaluator,
    };
    let mut seen: Vec<Key> = Vec::new();
    let mut held = Vec::new();
    for event in stream
        .events
        .iter()
        .filter(|event| event.time <= until)
        .rev()
    {
        for key in memories.keys(memory, event, evaluator) {
            let wanted = words
                .iter()
                .all(|word| key.0.iter().any(|part| is_word(part, word)));
            if !wanted || seen.contains(&key) {
                continue;
            }
            // The event that asks has the key of this one and the time of the clock.
            let mut asking = (**event).clone();
            asking.time = last.as_ref().map_or(event.time, |last| last.time);
            let lines = reads(kind)
                .into_iter()
                .map(|(name, read)| {
                    format!(
                        "{name} = {}",
                        shown(&live.read(memory, &asking, &read, None))
                    )
                })
                .collect();
            held.push(Held {
                key: key_text(&key),
                lines,
            });
            seen.push(key);
        }
        if seen.len() >= KEYS_MAX {
            break;
        }
    }
    held
}

/// The most keys that are shown.
const KEYS_MAX: usize = 20;

/// Returns what can be asked of a memory of a kind.
fn reads(kind: &MemoryKind) -> Vec<(&'static str, MemoryRead)> {
    match kind {
        MemoryKind::Seen(_) => vec![("values", MemoryRead::Size)],
        MemoryKind::Last(_) => vec![
            ("value", MemoryRead::Value),
            ("set at", MemoryRead::At),
            ("before", MemoryRead::Previous),
        ],
        MemoryKind::Count | MemoryKind::Distinct(_) => vec![("value", MemoryRead::Value)],
        MemoryKind::Profile { .. } => [
            ("n", Statistic::N),
            ("mean", Statistic::Mean),
            ("sd", Statistic::Sd),
            ("median", Statistic::Median),
            ("p95", Statistic::P95),
            ("max", Statistic::Max),
        ]
        .map(|(name, statistic)| (name, MemoryRead::Statistic(statistic)))
        .to_vec(),
    }
}
