//! The events of a session: records as they were read, and the order in which they came.
//!
//! Apart from running because records stay while rules change, and a run must be repeated exactly.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use muster_lang::escape::escape_line;
use muster_lang::units::Timestamp;
use muster_runtime::engine::{Engine, Outputs, Prepared, RawRecord};
use muster_runtime::io::{Consumer, Input, InputError, Opened, OutputError};
use muster_runtime::options::{EndOfInput, Options};

use super::book::Compiled;
use crate::command::stream::{Ended, feed_all};
use crate::progress::Progress;
use crate::report::{Report, counted, reason};

/// The most bytes of records kept in memory.
const BYTES_MAX: usize = 2 << 30;
/// How many records go by between two looks at the wish to stop.
const BETWEEN_LOOKS: usize = 256;

/// A record as it was read.
struct Record {
    input: u32,
    offset: u64,
    bytes: Box<[u8]>,
}

/// What happened while inputs were read, in order.
#[derive(Clone, Copy)]
enum Step {
    /// The record is the next of its input.
    Expect(usize),
    /// It is its turn.
    Accept(usize),
    /// A record that was too long, or damaged.
    Reject(usize),
    /// The input ended.
    End(u32),
}

/// Records with the order in which they came.
#[derive(Default)]
pub(crate) struct Data {
    names: Vec<Arc<str>>,
    records: Vec<Record>,
    rejects: Vec<(u32, u64, String)>,
    steps: Vec<Step>,
    prepared: Vec<Prepared>,
    shape: Option<u64>,
    bytes: usize,
}

/// A run: what came of all records.
pub(crate) struct Run {
    /// The engine at its end.
    pub(crate) engine: Engine,
    /// What it handed out.
    pub(crate) out: Outputs,
    /// Whether it was stopped before the end.
    pub(crate) is_cut: bool,
}

impl Data {
    /// Tells whether there is nothing.
    pub(crate) fn is_empty(&self) -> bool {
        self.records.is_empty() && self.rejects.is_empty()
    }

    /// Returns what the inputs are called.
    pub(crate) fn names(&self) -> &[Arc<str>] {
        &self.names
    }

    /// Returns how many records there are.
    pub(crate) fn len(&self) -> usize {
        self.records.len()
    }

    /// Reads files side by side, in place of what was there; returns what is to be said.
    pub(crate) fn read(
        &mut self,
        names: &[String],
        compiled: &Compiled,
        report: &Report,
    ) -> Result<Vec<String>, String> {
        let mut opened = Vec::new();
        let mut wrong = String::new();
        for name in names {
            match open(name) {
                Ok(input) => opened.push(input),
                Err(message) => wrong.push_str(&message),
            }
        }
        if !wrong.is_empty() {
            return Err(wrong);
        }
        let engine = engine_of(compiled).map_err(|error| format!("error: {error}\n"))?;
        let mut loader = Loader {
            engine,
            data: Data {
                names: opened.iter().map(|one| one.name.clone()).collect(),
                ..Data::default()
            },
            progress: Progress::of(&opened, report.quiet),
            told: Vec::new(),
            is_full: false,
        };
        let ended = feed_all(opened, &mut loader, None, report);
        loader.progress.end();
        match ended {
            Ended::Inputs | Ended::Broken => {}
            Ended::Stopped(_) => loader
                .told
                .push("stopped: what was read till then is loaded".into()),
            Ended::Output(_) => loader
                .told
                .push("there are too many records to keep: the first 2 GiB are loaded".into()),
        }
        loader.data.shape = Some(compiled.shape);
        *self = loader.data;
        Ok(loader.told)
    }

    /// Runs a program over all records.
    ///
    /// # Errors
    ///
    /// If no engine can be made of the program.
    pub(crate) fn run(&mut self, compiled: &Compiled, stop: &AtomicBool) -> Result<Run, String> {
        let mut engine = engine_of(compiled)
            .map_err(|error| format!("error: {}\n", escape_line(&error.to_string())))?;
        let mut out = Outputs::default();
        if self.shape != Some(compiled.shape) {
            self.prepared = self
                .records
                .iter()
                .map(|record| engine.prepare(&record.bytes))
                .collect();
            self.shape = Some(compiled.shape);
        }
        let mut is_cut = false;
        for (count, step) in self.steps.iter().enumerate() {
            if count % BETWEEN_LOOKS == 0 && stop.load(Ordering::Relaxed) {
                is_cut = true;
                break;
            }
            self.take(*step, &mut engine, &mut out);
        }
        engine.finish(EndOfInput::Pending, &mut out);
        Ok(Run {
            engine,
            out,
            is_cut,
        })
    }

    fn take(&self, step: Step, engine: &mut Engine, out: &mut Outputs) {
        match step {
            Step::Expect(at) => {
                if let (Some(record), Some(prepared)) =
                    (self.records.get(at), self.prepared.get(at))
                {
                    engine.expect(record.input, prepared);
                }
            }
            Step::Accept(at) => {
                if let (Some(record), Some(prepared)) =
                    (self.records.get(at), self.prepared.get(at))
                {
                    let raw = RawRecord {
                        input: record.input,
                        offset: record.offset,
                        bytes: &record.bytes,
                    };
                    engine.accept(prepared.clone(), raw, out);
                }
            }
            Step::Reject(at) => {
                if let Some((input, offset, reason)) = self.rejects.get(at) {
                    let raw = RawRecord {
                        input: *input,
                        offset: *offset,
                        bytes: &[],
                    };
                    engine.reject(reason.clone(), None, raw, out);
                }
            }
            Step::End(input) => engine.end_input(input, out),
        }
    }
}

fn engine_of(compiled: &Compiled) -> Result<Engine, muster_runtime::error::EngineError> {
    let layout = muster_runtime::event::Layout::of_all(&compiled.program);
    let options = Options {
        hands_out_events: true,
        ..Options::default()
    };
    Engine::with_layout(
        compiled.program.clone(),
        compiled.lookups.clone(),
        options,
        None,
        layout,
    )
}

fn open(name: &str) -> Result<Opened, String> {
    let shown = escape_line(name);
    match Input::named(name).open() {
        Ok(opened) => Ok(opened),
        Err(InputError::Directory) => Err(format!(
            "error: cannot read `{shown}`: it is a directory\nhelp: name the files in it, as in `:load {}/first.jsonl`\n",
            shown.trim_end_matches('/')
        )),
        Err(InputError::Refused(error)) => Err(format!(
            "error: cannot read `{shown}`: {}\n",
            reason(&error)
        )),
    }
}

/// Keeps what is read.
struct Loader {
    engine: Engine,
    data: Data,
    progress: Progress,
    told: Vec<String>,
    is_full: bool,
}

impl Loader {
    fn reject(&mut self, input: u32, offset: u64, reason: String) {
        self.data.steps.push(Step::Reject(self.data.rejects.len()));
        self.data.rejects.push((input, offset, reason));
    }
}

impl Consumer for Loader {
    type Prepared = (usize, Prepared);

    fn prepare(&mut self, record: RawRecord<'_>) -> Self::Prepared {
        let at = self.data.records.len();
        let prepared = self.engine.prepare(record.bytes);
        self.data.bytes += record.bytes.len();
        self.is_full |= self.data.bytes > BYTES_MAX;
        self.data.records.push(Record {
            input: record.input,
            offset: record.offset,
            bytes: record.bytes.into(),
        });
        self.data.prepared.push(prepared.clone());
        (at, prepared)
    }

    fn expect(&mut self, _: u32, (at, _): &Self::Prepared) {
        self.data.steps.push(Step::Expect(*at));
    }

    fn time((_, prepared): &Self::Prepared) -> Option<Timestamp> {
        prepared.time()
    }

    fn accept(&mut self, (at, _): Self::Prepared, _: RawRecord<'_>) {
        self.data.steps.push(Step::Accept(at));
    }

    fn oversize(&mut self, input: u32, offset: u64, _: u64) {
        self.reject(input, offset, "longer than 1 MiB".into());
    }

    fn damaged(&mut self, input: u32, offset: u64, reason: &str) {
        let name = self
            .data
            .names
            .get(input as usize)
            .cloned()
            .unwrap_or_default();
        self.told.push(format!(
            "`{}` is damaged {offset} bytes in: {reason}; what stood before was read",
            escape_line(&name)
        ));
        self.reject(input, offset, reason.into());
    }

    fn end_of_input(&mut self, input: u32) {
        self.data.steps.push(Step::End(input));
    }

    fn settle(&mut self) -> Result<(), OutputError> {
        self.progress.tick();
        if self.is_full {
            return Err(OutputError::Closed);
        }
        Ok(())
    }
}

/// Returns how many records were read from which inputs.
pub(crate) fn sizes(data: &Data) -> String {
    format!(
        "{} from {}",
        counted(data.len(), "record"),
        counted(data.names.len(), "file")
    )
}
