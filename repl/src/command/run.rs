//! `muster run`: the stream filter, events in and alerts out.
//!
//! Apart from `map` because here the engine decides what leaves, and when.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use muster_lang::escape::escape_line;
use muster_lang::ir::Severity;
use muster_runtime::alert::Alert;
use muster_runtime::digest::Forwarded;
use muster_runtime::encode::{ecs, forward, json, ocsf, text};
use muster_runtime::engine::{Engine, Outputs, RawRecord, Rejected};
use muster_runtime::error::EngineError;
use muster_runtime::io::{Consumer, Output, OutputError, Signal, Spent};
use muster_runtime::options::{EndOfInput, Forwards, Options};
use muster_runtime::verify::Verification;

use super::keep::{self, Begun, Keeper};
use super::outputs;
use super::reload::{self, Reloader};
use super::stream::{self, Ended};
use super::summary::{self, Rates};
use super::told::{PassedOn, Told};
use super::verify;
use crate::cli::{ColorWhen, Eof, Format, RunArgs};
use crate::compile;
use crate::exit::Exit;
use crate::progress::Progress;
use crate::report::{Color, Report};

mod consumer;

/// Runs rules over events.
pub(crate) fn run(args: &RunArgs, color: ColorWhen, report: &Report) -> Exit {
    match prepare(args, color, report) {
        Ok((inputs, filter)) => go(inputs, filter, args, report),
        Err(exit) => exit,
    }
}

type Inputs = Vec<muster_runtime::io::Opened>;

fn prepare(args: &RunArgs, color: ColorWhen, report: &Report) -> Result<(Inputs, Filter), Exit> {
    let mut inputs = stream::open_inputs(&args.input, &args.rules, report)?;
    let named = [
        ("--output", args.output.as_ref()),
        ("--forward", args.forward.as_ref()),
        ("--late", args.late.as_ref()),
        ("--dead-letter", args.input.dead_letter.as_ref()),
    ];
    let read = args.input.input.iter().chain(&args.rules);
    let outputs = outputs::Outputs::new(named, read, report)?;
    reload::judge(args, report)?;
    let ready = compile::ready(&args.rules, &args.set.set, report)?;
    if ready.program.rules.is_empty() && args.forward.is_none() {
        report.warning(
            "there are no rules in what was named, so there will be no alerts",
            "",
        );
    }
    let source = stream::forced_source(args.input.source.as_ref(), &ready.program, report)?;
    let options = Options {
        lateness: args.lateness,
        forwards: match (args.verify_digests, &args.forward) {
            (true, _) => Forwards::Told,
            (false, Some(_)) => Forwards::Digested,
            (false, None) => Forwards::Nothing,
        },
        ..Options::default()
    };
    let reloader = Reloader::new(args, &ready, options, report);
    let refused = |error: EngineError| {
        report.error(escape_line(&error.to_string()), "");
        Exit::Rules
    };
    let engine = |options| {
        let (program, lookups) = (ready.program.clone(), ready.lookups.clone());
        Engine::new(program, lookups, options, source).map_err(refused)
    };
    let fresh = engine(options)?;
    let verification = if args.verify_digests {
        let second = engine(Options {
            forwards: Forwards::Nothing,
            ..options
        })?;
        Some(Verification::new(second, source.is_none()))
    } else {
        None
    };
    let begun = match &args.state {
        Some(directory) => {
            let named = stream::named_inputs(&args.input.input);
            let every = Duration::from_micros(args.state_every.0.max(0).unsigned_abs());
            let place = (directory.as_str(), every);
            Some(Keeper::begin(place, &named, &mut inputs, report)?)
        }
        None => None,
    };
    let mut first = Outputs::default();
    let engine = resume(fresh, begun.as_ref(), &mut first, report)?;
    let written = begun.as_ref().map(|begun| begun.outputs.as_slice());
    let alerts = outputs
        .open("--output", written)?
        .unwrap_or_else(Output::stdout);
    let paint = match Color::decide(color, alerts.is_terminal()) {
        Color::On => text::Paint::Ansi,
        Color::Off => text::Paint::Plain,
    };
    let filter = Filter {
        engine,
        out: first,
        format: args.format,
        paint,
        fail_on: args.fail_on,
        forward: outputs.open("--forward", written)?,
        late: outputs.open("--late", written)?,
        dead: outputs.open("--dead-letter", written)?,
        alerts,
        names: names(&inputs),
        told: Told {
            passed_on: (options.forwards != Forwards::Nothing).then(PassedOn::default),
            ..Told::default()
        },
        progress: Progress::of(&inputs, report.quiet),
        threads: args.threads(),
        spent: args.stats.then(Arc::default),
        writing: Duration::ZERO,
        verification,
        keeper: begun.map(|begun| begun.keeper),
        is_unkept: false,
        reloader,
        has_changed: false,
        report: *report,
    };
    Ok((inputs, filter))
}

/// Returns an engine that goes on from what was kept.
fn resume(
    fresh: Engine,
    begun: Option<&Begun>,
    out: &mut Outputs,
    report: &Report,
) -> Result<Engine, Exit> {
    let Some(begun) = begun else { return Ok(fresh) };
    let mut engine = match &begun.engine {
        None => fresh,
        Some(bytes) => {
            let (engine, restored) = fresh.resume(bytes).map_err(|error| {
                report.error(
                    format!("cannot go on from the state that was kept: {error}"),
                    "",
                );
                Exit::Io
            })?;
            keep::tell(&restored, report);
            engine
        }
    };
    for input in &begun.left {
        engine.end_input(*input, out);
    }
    Ok(engine)
}

/// Returns what messages call the inputs, by the numbers the engine knows them by.
fn names(inputs: &Inputs) -> BTreeMap<u32, Arc<str>> {
    (0u32..)
        .zip(inputs)
        .map(|(place, input)| (input.number.unwrap_or(place), Arc::clone(&input.name)))
        .collect()
}

fn go(inputs: Inputs, mut filter: Filter, args: &RunArgs, report: &Report) -> Exit {
    let hangup = Some(filter.reloader.hangup());
    let ended = stream::feed_all(inputs, &mut filter, hangup, report);
    let broken = matches!(ended, Ended::Broken);
    let is_cut = matches!(ended, Ended::Broken | Ended::Stopped(_));
    match ended {
        Ended::Inputs => {
            filter.engine.finish(end_of_input(args), &mut filter.out);
            if let Err(error) = filter.settle().and_then(|()| filter.keep()) {
                return outputs::output_exit(error, report);
            }
        }
        Ended::Stopped(signal) => stopped(signal, report),
        Ended::Broken => {
            if let Err(error) = filter.keep() {
                return outputs::output_exit(error, report);
            }
        }
        Ended::Output(exit) => return exit,
    }
    // A run that keeps its state goes on later: nothing is abandoned.
    if is_cut && filter.keeper.is_none() {
        filter.engine.abandon(&mut filter.out);
        if let Err(error) = filter.settle() {
            return outputs::output_exit(error, report);
        }
    }
    filter.progress.end();
    filter.summarize(report);
    let verified = filter.verify(is_cut, args, report);
    if broken || filter.is_unkept {
        return Exit::Io;
    }
    match (filter.exit(args), verified) {
        (Exit::Fine, Some(false)) => Exit::Found,
        (exit, _) => exit,
    }
}

fn end_of_input(args: &RunArgs) -> EndOfInput {
    match args.eof {
        Eof::Pending => EndOfInput::Pending,
        Eof::Final => EndOfInput::Final,
    }
}

fn stopped(signal: Signal, report: &Report) {
    let name = match signal {
        Signal::Interrupt => "SIGINT",
        Signal::Terminate => "SIGTERM",
    };
    report.note(format!(
        "stopped by {name}; this is not the end of the stream"
    ));
}

/// The engine with what it writes to.
struct Filter {
    engine: Engine,
    out: Outputs,
    format: Format,
    paint: text::Paint,
    fail_on: Option<Severity>,
    alerts: Output,
    forward: Option<Output>,
    late: Option<Output>,
    dead: Option<Output>,
    names: BTreeMap<u32, Arc<str>>,
    told: Told,
    progress: Progress,
    threads: usize,
    /// Where it is noted how long things take, if that is to be told.
    spent: Option<Arc<Spent>>,
    /// How long writing took so far.
    writing: Duration,
    verification: Option<Verification>,
    keeper: Option<Keeper>,
    /// Whether the state could not be kept when it was tried last.
    is_unkept: bool,
    reloader: Reloader,
    /// Whether the program was exchanged since it was asked last.
    has_changed: bool,
    report: Report,
}

impl Filter {
    /// Returns on how many threads records are prepared, besides the one that evaluates.
    ///
    /// A single thread prepares what it evaluates itself.
    fn workers(&self) -> usize {
        if self.threads > 1 { self.threads } else { 0 }
    }

    fn name(&self, input: u32) -> &str {
        self.names.get(&input).map_or("", |name| name)
    }

    /// Exchanges the program for one of the files as they are now.
    fn reload(&mut self) -> Result<(), OutputError> {
        let Some((engine, restored)) = self.reloader.reload(&self.engine) else {
            return Ok(());
        };
        self.engine = engine;
        self.has_changed = true;
        if self.verification.take().is_some() {
            let message = "digests are not verified: the rules have changed";
            self.report.warning(message, "run it again");
        }
        self.report.note("reloaded; events go on");
        keep::tell(&restored, &self.report);
        self.keep()
    }

    /// Keeps the state with how far inputs are read and outputs written.
    fn keep(&mut self) -> Result<(), OutputError> {
        let Some(keeper) = &mut self.keeper else {
            return Ok(());
        };
        let mut written = Vec::new();
        let others = [&mut self.forward, &mut self.late, &mut self.dead];
        let others = others.into_iter().flatten();
        for output in std::iter::once(&mut self.alerts).chain(others) {
            written.extend(output.sync()?);
        }
        self.is_unkept = !keeper.keep(self.engine.save(), written);
        Ok(())
    }

    fn encode(&self, alerts: &[Alert]) -> Vec<u8> {
        let mut bytes = Vec::new();
        for alert in alerts {
            let text = match self.format {
                Format::Json => json::alert(alert) + "\n",
                Format::Ocsf => ocsf::alert(alert) + "\n",
                Format::Ecs => ecs::alert(alert) + "\n",
                Format::Text => text::alert(alert, self.paint),
            };
            bytes.extend_from_slice(text.as_bytes());
        }
        bytes
    }

    fn passed(&mut self, forwarded: &[Forwarded]) -> Vec<u8> {
        let mut bytes = Vec::new();
        for one in forwarded {
            bytes.extend_from_slice(forward::forwarded(one).as_bytes());
            bytes.push(b'\n');
        }
        if let Some(passed_on) = &mut self.told.passed_on {
            passed_on.records += forwarded.len() as u64;
            passed_on.bytes += bytes.len() as u64;
        }
        bytes
    }

    fn rejected(&self, records: &[Rejected]) -> Vec<u8> {
        let mut bytes = Vec::new();
        for record in records {
            bytes.extend_from_slice(json::rejected(record, self.name(record.input)).as_bytes());
            bytes.push(b'\n');
        }
        bytes
    }

    fn reject(&mut self, input: u32, offset: u64, length: u64, reason: &str) {
        let record = RawRecord {
            input,
            offset,
            bytes: &[],
        };
        self.engine
            .reject(reason.into(), None, record, &mut self.out);
        if let Some(rejected) = self.out.dead.last_mut() {
            rejected.length = length;
        }
    }

    fn summarize(&self, report: &Report) {
        for damage in &self.told.damage {
            report.warning(damage, "what stood before it was read");
        }
        if report.quiet {
            return;
        }
        let rates = self.spent.as_ref().map(|spent| Rates {
            bytes: self.progress.bytes(),
            elapsed: self.progress.elapsed(),
            read: spent.read(),
            prepare: spent.prepare(),
            workers: self.workers(),
            write: self.writing,
            wait: spent.wait(),
            sizes: self.engine.state_sizes(),
        });
        let pending = self.engine.pending();
        report.plain(&summary::text(
            &self.engine.summary(),
            &pending,
            Some(&self.told),
            rates.as_ref(),
        ));
    }

    /// Tells in what the alerts over what is passed on differ; returns whether none is lost or gained.
    fn verify(&mut self, is_cut: bool, args: &RunArgs, report: &Report) -> Option<bool> {
        let verification = self.verification.take()?;
        if is_cut {
            report.warning(
                "the run ended before its input: digests are not verified",
                "",
            );
            return None;
        }
        let difference = verification.finish(end_of_input(args));
        report.plain(&verify::text(&difference));
        Some(difference.is_none())
    }

    fn exit(&self, args: &RunArgs) -> Exit {
        let reached = |level: Severity| self.told.alerts.keys().any(|severity| *severity >= level);
        if args.input.strict && self.told.bad_data {
            Exit::BadData
        } else if self.fail_on.is_some_and(reached) {
            Exit::Found
        } else {
            Exit::Fine
        }
    }
}
