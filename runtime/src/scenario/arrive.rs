//! What arrives in a test, and in which order.
//!
//! Apart from running it because a shuffle is made before anything is pushed.

use std::sync::Arc;

use muster_lang::ir::{ClassId, FieldId, Test, TestLine, TestLineKind};
use muster_lang::units::{Duration, Timestamp};
use muster_lang::value::Value;

use crate::decode::frame::{Frame, Framer};
use crate::engine::Engine;
use crate::event::{Event, Origin};
use crate::scenario::{Arrival, LATENESS, ReadFile, Run};

/// What arrives before time is moved on.
pub(super) struct Segment {
    pub(super) arrivals: Vec<Arrival>,
    pub(super) advance_to: Option<Timestamp>,
}

/// Returns what a test makes arrive, in the order written; what it cannot make is a mistake.
pub(super) fn arrivals(
    engine: &mut Engine,
    test: &Test,
    read: ReadFile<'_>,
    mistakes: &mut Vec<String>,
) -> Vec<Segment> {
    let mut segments = vec![Segment {
        arrivals: Vec::new(),
        advance_to: None,
    }];
    let mut number = 0;
    for line in &test.lines {
        let Some(segment) = segments.last_mut() else {
            break;
        };
        match &line.kind {
            TestLineKind::Event {
                time,
                class,
                fields,
            } => {
                number += 1;
                match event(engine, *time, *class, fields, number) {
                    Ok(event) => segment.arrivals.push(Arrival::Event(Box::new(event))),
                    Err(mistake) => mistakes.push(mistake),
                }
            }
            TestLineKind::Feed(path) => match read(path, line_file(line)) {
                Ok(bytes) => segment.arrivals.extend(records(engine, &bytes)),
                Err(mistake) => mistakes.push(format!("cannot feed `{path}`: {mistake}")),
            },
            TestLineKind::Advance(time) => {
                segment.advance_to = Some(*time);
                segments.push(Segment {
                    arrivals: Vec::new(),
                    advance_to: None,
                });
            }
            TestLineKind::Alerts { .. } | TestLineKind::Pending | TestLineKind::Forwarded(_) => {}
        }
    }
    segments
}

fn line_file(line: &TestLine) -> muster_lang::file::FileId {
    line.span.file
}

/// Returns an event of a class, or why it is none.
fn event(
    engine: &Engine,
    time: Timestamp,
    class: ClassId,
    fields: &[(FieldId, Value)],
    number: u32,
) -> Result<Event, String> {
    let evaluator = engine.evaluator();
    let program = evaluator.program();
    let layout = evaluator.layout();
    let mut values = vec![Value::Missing; layout.fields().len()].into_boxed_slice();
    let mut set = |field: FieldId, value: Value| {
        if let Some(place) = layout.slot(field).and_then(|slot| values.get_mut(slot)) {
            *place = value;
        }
    };
    let core = program.core;
    set(core.time, Value::Time(time));
    set(core.source, Value::text("test"));
    set(core.id, Value::text(format!("evt_{number}")));
    // What is written stands first and wins over what the class fills in.
    for (field, value) in fields.iter().rev() {
        set(*field, value.clone());
    }
    let text = |field: FieldId| {
        let value = layout.slot(field).and_then(|slot| values.get(slot));
        Arc::<str>::from(value.map(Value::display).unwrap_or_default())
    };
    let (id, source) = (text(core.id), text(core.source));
    let mut event = Event {
        time,
        source,
        id,
        position: 0,
        origin: Origin::Input,
        values,
        raw: None,
    };
    engine.normalizer().complete(&mut event);
    if evaluator.in_class(class, &event) {
        Ok(event)
    } else {
        let name = &program.classes[class].name;
        Err(format!(
            "event {number} of the test is no `{name}`: give it the fields that class asks for"
        ))
    }
}

fn records(engine: &mut Engine, bytes: &[u8]) -> Vec<Arrival> {
    let mut framer = Framer::new();
    let mut records = Vec::new();
    framer.push(bytes);
    framer.finish();
    while let Some(frame) = framer.next_frame() {
        if let Frame::Record { offset, bytes, .. } = frame {
            let bytes = bytes.to_vec();
            records.push(Arrival::Record {
                time: engine.prepare(&bytes).time(),
                offset,
                bytes,
            });
        }
    }
    records
}

/// Puts arrivals into the order of a run: each may be delayed by at most the lateness.
pub(super) fn shuffle(segments: Vec<Segment>, run: Run) -> Vec<Segment> {
    let Run::Shuffled(seed) = run else {
        return segments;
    };
    let mut random = Random(seed);
    let mut shuffled = segments;
    for segment in &mut shuffled {
        let mut keyed: Vec<(Timestamp, Timestamp, usize, Arrival)> = Vec::new();
        for (index, arrival) in std::mem::take(&mut segment.arrivals)
            .into_iter()
            .enumerate()
        {
            let time = time_of(&arrival);
            let delay = Duration(random.below(LATENESS.0));
            // Equal instants keep their order: they share the delay of the first.
            let known = keyed
                .iter()
                .find(|(_, other, ..)| *other == time)
                .map(|(due, ..)| *due);
            keyed.push((
                known.unwrap_or_else(|| time.plus(delay)),
                time,
                index,
                arrival,
            ));
        }
        keyed.sort_by_key(|(due, _, index, _)| (*due, *index));
        segment.arrivals = keyed.into_iter().map(|(.., arrival)| arrival).collect();
    }
    shuffled
}

fn time_of(arrival: &Arrival) -> Timestamp {
    match arrival {
        Arrival::Event(event) => event.time,
        Arrival::Record { time, .. } => time.unwrap_or(Timestamp(0)),
    }
}

/// A small generator of numbers that are the same on every machine (splitmix64).
struct Random(u64);

impl Random {
    /// Returns a number from 0 up to, not including, a limit.
    fn below(&mut self, limit: i64) -> i64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^= mixed >> 31;
        i64::try_from(mixed >> 1)
            .unwrap_or(0)
            .checked_rem(limit.max(1))
            .unwrap_or(0)
    }
}
