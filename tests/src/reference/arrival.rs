//! What arrives when: duplicates, watermarks and late events.
//!
//! Apart from the stream because here alone the order of arrival matters.

use std::collections::BTreeMap;

use muster_lang::units::SECOND;

use super::{EndOfInput, InputEvent};

/// The verdicts over the input, by arrival.
#[derive(Debug, Default)]
pub(crate) struct Arrivals {
    /// Events that are evaluated.
    pub(crate) kept: Vec<usize>,
    /// Late events with the watermark they came behind.
    pub(crate) late: Vec<(usize, i64)>,
    /// Dropped duplicates.
    pub(crate) duplicates: Vec<usize>,
    /// The watermark after the end of input.
    pub(crate) end: i64,
}

const JUMP: i64 = 3_600 * SECOND;

/// Judges every event in the order of arrival.
pub(crate) fn judge(events: &[InputEvent], eof: EndOfInput) -> Arrivals {
    let mut arrivals = Arrivals {
        end: i64::MIN,
        ..Arrivals::default()
    };
    let mut accepted: Vec<&InputEvent> = Vec::new();
    let mut watermark = i64::MIN;
    for (index, event) in events.iter().enumerate() {
        if accepted.iter().any(|before| repeats(before, event)) {
            arrivals.duplicates.push(index);
            continue;
        }
        if event.time < watermark {
            arrivals.late.push((index, watermark));
        } else {
            arrivals.kept.push(index);
        }
        accepted.push(event);
        watermark = watermark.max(lowest(&accepted));
    }
    arrivals.end = match eof {
        EndOfInput::Pending => watermark.max(greatest(&accepted)),
        EndOfInput::Final => i64::MAX,
    };
    arrivals
}

fn repeats(before: &InputEvent, event: &InputEvent) -> bool {
    let Some(span) = event.dedupe else {
        return false;
    };
    before.source == event.source
        && before.tenant == event.tenant
        && before.id == event.id
        && (before.time - event.time).abs() <= span
}

fn by_source<'a>(events: &[&'a InputEvent]) -> BTreeMap<&'a str, Vec<&'a InputEvent>> {
    let mut sources: BTreeMap<&str, Vec<&InputEvent>> = BTreeMap::new();
    for event in events {
        sources
            .entry(event.source.as_str())
            .or_default()
            .push(event);
    }
    sources
}

/// The minimum over the sources seen of the greatest settled time less the lateness.
fn lowest(events: &[&InputEvent]) -> i64 {
    by_source(events)
        .values()
        .map(|sent| {
            let lateness = sent.last().map_or(0, |event| event.lateness);
            settled(sent).map_or(i64::MIN, |time| time - lateness)
        })
        .min()
        .unwrap_or(i64::MIN)
}

/// The greatest time that counts at the end of input.
fn greatest(events: &[&InputEvent]) -> i64 {
    by_source(events)
        .values()
        .filter_map(|sent| match sent.as_slice() {
            [only] => Some(only.time),
            _ => settled(sent),
        })
        .max()
        .unwrap_or(i64::MIN)
}

/// The greatest time of a source that is no lone jump.
fn settled(sent: &[&InputEvent]) -> Option<i64> {
    sent.iter()
        .enumerate()
        .filter(|(index, event)| !is_lone_jump(sent, *index, event.time))
        .map(|(_, event)| event.time)
        .max()
}

/// More than an hour ahead of all sent before, and none sent after comes near it.
fn is_lone_jump(sent: &[&InputEvent], index: usize, time: i64) -> bool {
    let ahead = sent
        .iter()
        .take(index)
        .all(|before| time - before.time > JUMP);
    let followed = sent
        .iter()
        .skip(index + 1)
        .any(|after| after.time >= time - JUMP);
    ahead && !followed
}
