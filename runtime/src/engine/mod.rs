//! Where rules meet events: records in, alerts out, in event time.
//!
//! Apart from everything it calls because it alone owns state and decides what happens when. Its
//! doors are `push` (or `prepare` and `accept`), `end_input`, `advance` and `finish`.

use std::sync::Arc;

use muster_lang::ir::{Program, SourceId};
use muster_lang::units::{Duration, Timestamp};

use crate::digest::Digests;
use crate::error::EngineError;
use crate::event::{Carried, Event, Layout, Origin};
use crate::lookup::Lookups;
use crate::normalize::{Draft, DraftId, Normalizer, Part};
use crate::options::{EndOfInput, Options};
use crate::predicate::Evaluator;
use crate::time::dedupe::{Dedupe, hash128, hex};
use crate::time::reorder::ReorderBuffer;
use crate::time::watermark::{ClockId, NO_SOURCE, Watermark};

mod erase;
mod forward;
mod intake;
mod join;
mod outputs;
mod rules;
mod state;
mod summary;

pub use intake::{Prepared, Preparer};
pub use outputs::{Outputs, Rejected};
pub use rules::Pending;
pub use state::{RestoreError, Restored, StateSize};
pub use summary::{Counts, Summary};

use intake::Intake;
use rules::Rules;

/// A record as it was read.
#[derive(Clone, Copy, Debug)]
pub struct RawRecord<'a> {
    /// The number of the input it was read from.
    pub input: u32,
    /// Where it starts in the input, in bytes.
    pub offset: u64,
    /// Its bytes.
    pub bytes: &'a [u8],
}

/// A running program.
#[derive(Debug)]
pub struct Engine {
    evaluator: Arc<Evaluator>,
    intake: Intake,
    options: Options,
    /// The source that takes every record.
    source: Option<SourceId>,
    watermark: Watermark,
    buffer: ReorderBuffer,
    dedupe: Dedupe,
    rules: Rules,
    digests: Digests,
    /// The number of records so far that made several events.
    shared_records: u64,
    summary: Summary,
}

impl Engine {
    /// Returns an engine that has seen nothing; `source` takes every record if it is given.
    ///
    /// # Errors
    ///
    /// If the program has a construct that does not run yet, or a rule that is too large.
    pub fn new(
        program: Arc<Program>,
        lookups: Arc<Lookups>,
        options: Options,
        source: Option<SourceId>,
    ) -> Result<Self, EngineError> {
        let layout = Layout::of_reads(&program);
        Self::with_layout(program, lookups, options, source, layout)
    }

    /// Returns an engine that keeps more fields of its events than its rules read.
    ///
    /// # Errors
    ///
    /// As [`Engine::new`].
    #[expect(
        clippy::needless_pass_by_value,
        reason = "a program is shared: callers hand over a clone of their handle"
    )]
    pub fn with_layout(
        program: Arc<Program>,
        lookups: Arc<Lookups>,
        options: Options,
        source: Option<SourceId>,
        layout: Layout,
    ) -> Result<Self, EngineError> {
        let evaluator = Evaluator::new(program.clone(), layout, lookups)
            .map_err(|error| EngineError::Expression(error.to_string()))?;
        let evaluator = Arc::new(evaluator);
        Ok(Self {
            intake: Intake::new(evaluator.clone(), source),
            rules: Rules::new(&program, &evaluator, options)?,
            digests: Digests::new(&program, options),
            shared_records: 0,
            watermark: Watermark::new(&options),
            buffer: ReorderBuffer::default(),
            dedupe: Dedupe::default(),
            summary: Summary::default(),
            evaluator,
            options,
            source,
        })
    }

    /// Returns the program.
    #[must_use]
    pub fn program(&self) -> &Program {
        self.evaluator.program()
    }

    /// Returns how records become events.
    #[must_use]
    pub fn normalizer(&self) -> &Normalizer {
        &self.intake.normalizer
    }

    /// Returns how its expressions are evaluated.
    #[must_use]
    pub fn evaluator(&self) -> &Arc<Evaluator> {
        &self.evaluator
    }

    /// Takes in a record: decodes it, gives its events their order, and evaluates what is due.
    pub fn push(&mut self, record: RawRecord<'_>, out: &mut Outputs) {
        let prepared = self.prepare(record.bytes);
        self.accept(prepared, record, out);
    }

    /// Decodes and normalizes a record, without making it part of the stream.
    pub fn prepare(&mut self, bytes: &[u8]) -> Prepared {
        self.intake.prepare(bytes)
    }

    /// Returns what prepares records beside the engine: what it makes is the same, on whichever thread.
    #[must_use]
    pub fn preparer(&self) -> Preparer {
        Preparer(self.intake.anew())
    }

    /// Takes note of the record that an input brings next, while others have their turn before it.
    ///
    /// Only where several inputs are read side by side does it make a difference: what follows this
    /// record may be earlier by the lateness of its source, whatever the others have sent till then.
    pub fn expect(&mut self, input: u32, prepared: &Prepared) {
        let (Some(id), Some(time)) = (prepared.source, prepared.time()) else {
            return;
        };
        let lateness = self.lateness(id);
        let clock = ClockId {
            input,
            source: id.0,
        };
        self.watermark.expect(clock, time, lateness);
    }

    fn lateness(&self, source: SourceId) -> Duration {
        let own = self.evaluator.program().sources[source].lateness;
        self.options.lateness.unwrap_or(own)
    }

    /// Makes a prepared record part of the stream, and evaluates what is due.
    pub fn accept(&mut self, prepared: Prepared, record: RawRecord<'_>, out: &mut Outputs) {
        let source = prepared
            .source
            .map(|source| self.program().sources[source].name.clone());
        self.count_flaws(&prepared);
        if let Some(failure) = prepared.failure {
            self.reject(failure, source, record, out);
            return;
        }
        let carried = self.carry(&prepared.parts, record);
        let waiting = self.buffer.len();
        for part in prepared.parts {
            match part {
                Part::Event(draft) => self.accept_draft(draft, record, carried.clone(), out),
                Part::Dropped => {
                    let counts = self.summary.of(source.as_ref());
                    counts.received += 1;
                    counts.dropped += 1;
                }
                Part::Dead(reason) => self.reject(reason.to_string(), source.clone(), record, out),
            }
        }
        if let Some(carried) = carried.filter(|carried| carried.shared > 0) {
            let events = self.buffer.len().saturating_sub(waiting);
            self.digests.share(carried.shared, events as u64);
        }
        self.run(out);
    }

    /// Counts what is odd about a record that may be fine otherwise.
    fn count_flaws(&mut self, prepared: &Prepared) {
        self.summary.duplicate_keys += u64::from(prepared.duplicate_keys);
        let Some(source) = prepared.source.filter(|_| !prepared.failed.is_empty()) else {
            return;
        };
        let program = self.evaluator.program();
        let source = &program.sources[source].name;
        for field in &prepared.failed {
            let place = (source.clone(), program.fields[*field].name.clone());
            *self.summary.failed_conversions.entry(place).or_default() += 1;
        }
    }

    /// Counts and keeps a record that cannot become an event, such as one the framer had to cut.
    pub fn reject(
        &mut self,
        reason: String,
        source: Option<Arc<str>>,
        record: RawRecord<'_>,
        out: &mut Outputs,
    ) {
        let counts = self.summary.of(source.as_ref());
        counts.received += 1;
        counts.dead += 1;
        // Without its place, so that the reasons are few whatever the input.
        let kind = reason.split(" at byte ").next().unwrap_or_default();
        *self
            .summary
            .dead_reasons
            .entry(kind.to_owned())
            .or_default() += 1;
        out.dead.push(Rejected {
            reason,
            source,
            input: record.input,
            offset: record.offset,
            length: record.bytes.len() as u64,
            bytes: record.bytes.to_vec(),
            time: None,
            id: None,
        });
    }

    fn accept_draft(
        &mut self,
        draft: Draft,
        record: RawRecord<'_>,
        carried: Option<Carried>,
        out: &mut Outputs,
    ) {
        let lateness = self.lateness(draft.source);
        let clock = ClockId {
            input: record.input,
            source: draft.source.0,
        };
        self.watermark.arrived(clock);
        let source = &self.evaluator.program().sources[draft.source];
        let (name, dedupe) = (source.name.clone(), source.dedupe);
        let counts = self.summary.of(Some(&name));
        counts.received += 1;
        let tenant = draft.tenant.as_deref().unwrap_or_default();
        let id: Arc<str> = match &draft.id {
            DraftId::Given(id) => {
                let unique = hash128(&[tenant.as_bytes(), name.as_bytes(), id.as_bytes()]);
                if dedupe.is_some_and(|span| self.dedupe.is_duplicate(unique, draft.time, span)) {
                    counts.duplicate += 1;
                    return;
                }
                id.clone()
            }
            DraftId::Fingerprint(fingerprint) => {
                let copy = self.dedupe.count_copy(*fingerprint, draft.time);
                hex(&hash128(&[fingerprint, &copy.to_le_bytes()])).into()
            }
        };
        let event = self.event(draft, name, id);
        if let Some(event) = self.arrive(event, clock, lateness, record, out) {
            self.hold(event, carried);
        }
    }

    fn event(&self, draft: Draft, source: Arc<str>, id: Arc<str>) -> Event {
        let core = self.evaluator.program().core;
        let mut values = draft.values;
        let known = [
            (core.id, muster_lang::value::Value::Text(id.clone())),
            (core.source, muster_lang::value::Value::Text(source.clone())),
            (core.time, muster_lang::value::Value::Time(draft.time)),
        ];
        for (field, value) in known {
            let slot = self.evaluator.layout().slot(field);
            if let Some(place) = slot.and_then(|slot| values.get_mut(slot)) {
                *place = value;
            }
        }
        Event {
            time: draft.time,
            source,
            id,
            position: 0,
            origin: Origin::Input,
            values,
            raw: draft.raw,
        }
    }

    /// Moves time on by an event; returns it unless it came too late.
    fn arrive(
        &mut self,
        event: Event,
        clock: ClockId,
        lateness: Duration,
        record: RawRecord<'_>,
        out: &mut Outputs,
    ) -> Option<Event> {
        let is_late = event.time < self.watermark.current();
        self.watermark.see(clock, event.time, lateness);
        if is_late {
            self.summary.of(Some(&event.source)).late += 1;
            out.late.push(Rejected {
                reason: String::from("older than the watermark"),
                source: Some(event.source.clone()),
                input: record.input,
                offset: record.offset,
                length: record.bytes.len() as u64,
                bytes: record.bytes.to_vec(),
                time: Some(event.time),
                id: Some(event.id.clone()),
            });
            let mut event = event;
            self.intake.normalizer.complete(&mut event);
            self.rules.remember_late(&event, &self.evaluator);
            if self.options.hands_out_events {
                out.events.push(Arc::new(event));
            }
            return None;
        }
        Some(event)
    }

    /// Holds an event back until the watermark has passed it.
    fn hold(&mut self, event: Event, carried: Option<Carried>) {
        self.rules.see(event.time);
        self.buffer.insert(event, carried);
        if self.buffer.len() > self.options.reorder_events_max {
            self.summary.forced += 1;
            let next = self.buffer.next_time().unwrap_or_default();
            self.watermark
                .advance_to(Timestamp(next.0.saturating_add(1)));
        }
    }

    /// Takes in an event that no source made: a test's. It is complete but for computed fields.
    pub fn push_event(&mut self, event: Event, lateness: Duration, out: &mut Outputs) {
        self.summary.of(Some(&event.source)).received += 1;
        let record = RawRecord {
            input: 0,
            offset: 0,
            bytes: &[],
        };
        let arrived = self.arrive(
            event,
            ClockId {
                input: 0,
                source: NO_SOURCE,
            },
            lateness,
            record,
            out,
        );
        if let Some(event) = arrived {
            self.hold(event, None);
        }
        self.run(out);
    }

    /// Says that an input has ended: it holds the others up no longer.
    pub fn end_input(&mut self, input: u32, out: &mut Outputs) {
        self.watermark.end_input(input);
        self.run(out);
    }

    /// Moves the watermark to an instant, as if every source had come so far.
    pub fn advance(&mut self, watermark: Timestamp, out: &mut Outputs) {
        self.watermark.advance_to(watermark);
        self.run(out);
    }

    /// Ends the input: what is held back is evaluated, and time goes no further unless it is final.
    pub fn finish(&mut self, end: EndOfInput, out: &mut Outputs) {
        self.watermark.advance_to(match end {
            EndOfInput::Pending => self.watermark.latest(),
            EndOfInput::Final => Timestamp(i64::MAX),
        });
        while let Some(time) = self.buffer.next_time() {
            self.release(time, out);
        }
        self.run(out);
        self.rules.flush(out);
        self.digests.finish(&self.evaluator, &mut out.forwarded);
    }

    /// Evaluates everything the watermark has passed, in stream order.
    fn run(&mut self, out: &mut Outputs) {
        let watermark = self.watermark.current();
        while let Some(time) = self.buffer.next_time().filter(|time| *time < watermark) {
            self.release(time, out);
        }
        self.pass(watermark, out);
        self.dedupe.expire(watermark);
    }

    /// Evaluates the event that is next, after the deadlines before its time that are passed.
    fn release(&mut self, time: Timestamp, out: &mut Outputs) {
        self.pass(time.min(self.watermark.current()), out);
        let Some((mut event, carried)) = self.buffer.pop() else {
            return;
        };
        self.intake.normalizer.complete(&mut event);
        self.forward(&event, carried.as_ref(), out);
        self.summary.of(Some(&event.source)).evaluated += 1;
        self.rules.evaluate(event, &self.evaluator, out);
    }

    /// Returns the watermark: every instant before it has passed.
    #[must_use]
    pub fn watermark(&self) -> Timestamp {
        self.watermark.current()
    }

    /// Returns the matches that wait for deadlines, earliest first.
    #[must_use]
    pub fn pending(&self) -> Vec<Pending> {
        self.rules.pending()
    }

    /// Tells whether no rule remembers anything, and no summary is open.
    #[must_use]
    pub fn is_idle(&self) -> bool {
        self.rules.is_idle() && self.digests.is_idle()
    }

    /// Returns what became of every record so far.
    #[must_use]
    pub fn summary(&self) -> Summary {
        let mut summary = self.summary.clone();
        for (source, count) in self.buffer.count_by_source() {
            summary.of(Some(&source)).buffered += count;
        }
        summary.jumps = self.watermark.jumps();
        summary.losses = self.rules.losses();
        summary.suppressed = self.rules.suppressed();
        summary.volume = self.digests.volume();
        summary
    }
}
