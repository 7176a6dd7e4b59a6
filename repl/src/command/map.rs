//! `muster map`: normalizes only, raw records in and events out.
//!
//! Apart from `run` because no rule is run and nothing has to wait for its turn.

use std::sync::Arc;

use muster_lang::escape::escape_line;
use muster_lang::file::Files;
use muster_lang::ir::SourceId;
use muster_lang::time::format_rfc3339;
use muster_lang::units::Timestamp;
use muster_runtime::decode::json::Decoder;
use muster_runtime::decode::wire;
use muster_runtime::encode::{json, safe};
use muster_runtime::engine::{RawRecord, Rejected, Summary};
use muster_runtime::event::{Event, Layout, Origin};
use muster_runtime::io::{Consumer, Opened, Output, OutputError};
use muster_runtime::normalize::{Draft, DraftId, Explained, Normalized, Normalizer, Part};
use muster_runtime::predicate::Evaluator;

use super::explained;
use super::outputs::Outputs;
use super::stream::{self, Ended};
use super::summary;
use crate::cli::{ColorWhen, MapArgs};
use crate::compile;
use crate::exit::Exit;
use crate::progress::Progress;
use crate::report::{BOLD, Color, DIM, RED, Report, YELLOW};

/// Normalizes records.
pub(crate) fn run(args: &MapArgs, when: ColorWhen, report: &Report) -> Exit {
    match prepare(args, when, report) {
        Ok((inputs, mapper)) => go(inputs, mapper, args, report),
        Err(exit) => exit,
    }
}

fn prepare(
    args: &MapArgs,
    when: ColorWhen,
    report: &Report,
) -> Result<(Vec<Opened>, Mapper), Exit> {
    let inputs = stream::open_inputs(&args.input, &args.rules, report)?;
    let named = [("--dead-letter", args.input.dead_letter.as_ref())];
    let read = args.input.input.iter().chain(&args.rules);
    let outputs = Outputs::new(named, read, report)?;
    let ready = compile::ready(&args.rules, &args.set.set, report)?;
    let source = stream::forced_source(args.input.source.as_ref(), &ready.program, report)?;
    let layout = Layout::of_all(&ready.program);
    let evaluator = Evaluator::new(ready.program, layout, ready.lookups).map_err(|error| {
        report.error(escape_line(&error.to_string()), "");
        Exit::Rules
    })?;
    let evaluator = Arc::new(evaluator);
    let events = Output::stdout();
    let mapper = Mapper {
        normalizer: Normalizer::new(Arc::clone(&evaluator), source),
        evaluator,
        files: ready.loaded.files,
        decoder: Decoder::new(),
        explain: args
            .explain
            .then(|| Color::decide(when, events.is_terminal())),
        dead: outputs.open("--dead-letter", None)?,
        events,
        names: stream::names(&inputs),
        bytes: Vec::new(),
        dead_bytes: Vec::new(),
        summary: Summary::default(),
        damage: Vec::new(),
        progress: Progress::of(&inputs, report.quiet),
    };
    Ok((inputs, mapper))
}

fn go(inputs: Vec<Opened>, mut mapper: Mapper, args: &MapArgs, report: &Report) -> Exit {
    let broken = match stream::feed_all(inputs, &mut mapper, None, report) {
        Ended::Inputs | Ended::Stopped(_) => false,
        Ended::Broken => true,
        Ended::Output(exit) => return exit,
    };
    mapper.progress.end();
    for damage in &mapper.damage {
        report.warning(damage, "what stood before it was read");
    }
    if !report.quiet {
        report.plain(&summary::text(&mapper.summary, &[], None, None));
    }
    if broken {
        Exit::Io
    } else if args.input.strict && !mapper.summary.dead_reasons.is_empty() {
        Exit::BadData
    } else {
        Exit::Fine
    }
}

/// What became of a record.
struct Mapped {
    outcome: Result<Normalized, String>,
    /// What set each field of each part, if that is to be explained.
    explained: Vec<Explained>,
    /// Conversions that failed in it, if that is to be explained.
    failed: Vec<Arc<str>>,
}

/// The normalizer with what it writes to.
struct Mapper {
    evaluator: Arc<Evaluator>,
    files: Files,
    normalizer: Normalizer,
    decoder: Decoder,
    /// How to explain; `None` to write events.
    explain: Option<Color>,
    events: Output,
    dead: Option<Output>,
    names: Vec<Arc<str>>,
    bytes: Vec<u8>,
    dead_bytes: Vec<u8>,
    summary: Summary,
    damage: Vec<String>,
    progress: Progress,
}

impl Mapper {
    fn name(&self, input: u32) -> Arc<str> {
        self.names.get(input as usize).cloned().unwrap_or_default()
    }

    fn source_name(&self, source: Option<SourceId>) -> Option<Arc<str>> {
        source.map(|source| Arc::clone(&self.evaluator.program().sources[source].name))
    }

    /// Counts the values that did not fit their fields; returns these fields, each once.
    fn count_failed(&mut self, normalized: &Normalized) -> Vec<Arc<str>> {
        let program = self.evaluator.program();
        let Some(source) = self.source_name(normalized.source) else {
            return Vec::new();
        };
        let fields = normalized.failed.iter();
        let mut names: Vec<Arc<str>> = fields
            .map(|field| Arc::clone(&program.fields[*field].name))
            .collect();
        for name in &names {
            let place = (Arc::clone(&source), Arc::clone(name));
            *self.summary.failed_conversions.entry(place).or_default() += 1;
        }
        names.sort_unstable();
        names.dedup();
        names
    }

    fn line(&mut self, line: &str) {
        self.bytes.extend_from_slice(line.as_bytes());
        self.bytes.push(b'\n');
    }

    fn heading(&mut self, color: Color, record: RawRecord<'_>, words: &str) {
        let place = format!(
            "{} at byte {}",
            escape_line(&self.name(record.input)),
            record.offset
        );
        let line = format!("{}  {words}", color.paint(DIM, &place));
        self.line(&line);
    }

    fn reject(
        &mut self,
        reason: &str,
        source: Option<Arc<str>>,
        record: RawRecord<'_>,
        length: u64,
    ) {
        let counts = self.summary.of(source.as_ref());
        counts.received += 1;
        counts.dead += 1;
        let kind = reason.split(" at byte ").next().unwrap_or_default();
        *self
            .summary
            .dead_reasons
            .entry(kind.to_owned())
            .or_default() += 1;
        if let Some(color) = self.explain {
            let words = format!("{}: {}", color.paint(RED, "dead"), escape_line(reason));
            self.heading(color, record, &words);
        }
        let rejected = Rejected {
            reason: reason.into(),
            source,
            input: record.input,
            offset: record.offset,
            length,
            bytes: record.bytes.to_vec(),
            time: None,
            id: None,
        };
        let line = json::rejected(&rejected, &self.name(record.input));
        self.dead_bytes.extend_from_slice(line.as_bytes());
        self.dead_bytes.push(b'\n');
    }

    fn take_part(
        &mut self,
        part: Part,
        explained: Option<Explained>,
        source: Option<Arc<str>>,
        record: RawRecord<'_>,
    ) {
        match part {
            Part::Event(draft) => self.take_event(draft, explained, record),
            Part::Dropped => {
                let counts = self.summary.of(source.as_ref());
                counts.received += 1;
                counts.dropped += 1;
                if let Some(color) = self.explain {
                    let source = source.as_deref().unwrap_or_default().to_owned();
                    let words = format!("{} by {source}", color.paint(YELLOW, "dropped"));
                    self.heading(color, record, &words);
                }
            }
            Part::Dead(reason) => {
                self.reject(
                    &reason.to_string(),
                    source,
                    record,
                    record.bytes.len() as u64,
                );
            }
        }
    }

    fn take_event(&mut self, draft: Draft, explained: Option<Explained>, record: RawRecord<'_>) {
        let source = self.source_name(Some(draft.source)).unwrap_or_default();
        let counts = self.summary.of(Some(&source));
        counts.received += 1;
        counts.evaluated += 1;
        if let (Some(color), Some(Explained::Event(settings))) = (self.explain, explained) {
            let words = format!("an event of {}", color.paint(BOLD, &source));
            self.heading(color, record, &words);
            let program = self.evaluator.program();
            let text = explained::event(&settings, program, &self.files, color);
            self.bytes.extend_from_slice(text.as_bytes());
        } else {
            self.write_event(draft, source);
        }
    }

    /// Writes the fields that are there; first what every event has.
    fn write_event(&mut self, draft: Draft, source: Arc<str>) {
        let mut object = serde_json::Map::new();
        object.insert("time".into(), format_rfc3339(draft.time).into());
        object.insert("source".into(), (*source).into());
        if let DraftId::Given(id) = &draft.id {
            object.insert("id".into(), (**id).into());
        }
        let mut event = Event {
            time: draft.time,
            source,
            id: Arc::default(),
            position: 0,
            origin: Origin::Input,
            values: draft.values,
            raw: draft.raw,
        };
        self.normalizer.complete(&mut event);
        let program = self.evaluator.program();
        let layout = self.evaluator.layout();
        let core = [program.core.time, program.core.id, program.core.source];
        for field in layout.fields().iter().filter(|field| !core.contains(field)) {
            let value = event.get(layout, *field);
            if !value.is_missing() {
                object.insert(program.fields[*field].name.to_string(), json::value(value));
            }
        }
        let line = safe::line(&serde_json::Value::Object(object));
        self.line(&line);
    }
}

impl Consumer for Mapper {
    type Prepared = Mapped;

    fn prepare(&mut self, record: RawRecord<'_>) -> Mapped {
        let mut mapped = Mapped {
            outcome: Err(String::new()),
            explained: vec![],
            failed: vec![],
        };
        match wire::decode(record.bytes, &mut self.decoder) {
            Ok(decoded) => {
                self.summary.duplicate_keys += u64::from(decoded.duplicate_keys);
                let normalized = self.normalizer.normalize(&decoded.value);
                let failed = self.count_failed(&normalized);
                if self.explain.is_some() {
                    mapped.explained = self.normalizer.explain(&decoded.value).1;
                    mapped.failed = failed;
                }
                mapped.outcome = Ok(normalized);
            }
            Err(error) => mapped.outcome = Err(error.to_string()),
        }
        mapped
    }

    fn time(prepared: &Mapped) -> Option<Timestamp> {
        let parts = prepared
            .outcome
            .as_ref()
            .map(|normalized| &*normalized.parts);
        let times = parts
            .unwrap_or_default()
            .iter()
            .filter_map(|part| match part {
                Part::Event(draft) => Some(draft.time),
                Part::Dropped | Part::Dead(_) => None,
            });
        times.min()
    }

    fn accept(&mut self, prepared: Mapped, record: RawRecord<'_>) {
        match prepared.outcome {
            Ok(normalized) => {
                let source = self.source_name(normalized.source);
                let mut explained = prepared.explained.into_iter();
                for part in normalized.parts {
                    self.take_part(part, explained.next(), source.clone(), record);
                }
            }
            Err(reason) => self.reject(&reason, None, record, record.bytes.len() as u64),
        }
        if !prepared.failed.is_empty() {
            let names = prepared.failed.join(", ");
            let line = format!("  failed conversions: {}", escape_line(&names));
            self.line(&line);
        }
    }

    fn oversize(&mut self, input: u32, offset: u64, length: u64) {
        self.reject(
            "longer than 1 MiB",
            None,
            RawRecord {
                input,
                offset,
                bytes: &[],
            },
            length,
        );
    }

    fn damaged(&mut self, input: u32, offset: u64, reason: &str) {
        let name = self.name(input);
        self.damage.push(format!(
            "`{}`: {reason}, {offset} bytes in",
            escape_line(&name)
        ));
        self.reject(
            reason,
            None,
            RawRecord {
                input,
                offset,
                bytes: &[],
            },
            0,
        );
    }

    fn end_of_input(&mut self, _input: u32) {}

    fn settle(&mut self) -> Result<(), OutputError> {
        self.progress.tick();
        let bytes = std::mem::take(&mut self.bytes);
        let dead = std::mem::take(&mut self.dead_bytes);
        if self.events.is_terminal() && !bytes.is_empty() {
            self.progress.aside(|| self.events.write(&bytes))?;
        } else {
            self.events.write(&bytes)?;
        }
        self.dead
            .as_mut()
            .map_or(Ok(()), |output| output.write(&dead))
    }
}
