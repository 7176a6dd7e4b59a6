//! The shortest way from rule text and records to alerts.
//!
//! Apart from the suites because all of them take it.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use muster_lang::diagnostic::{Level, render};
use muster_lang::file::{Files, Origin};
use muster_lang::ir::Program;
use muster_lang::{CompileOptions, compile};
use muster_runtime::alert::Alert;
use muster_runtime::decode::frame::{Frame, Framer};
use muster_runtime::digest::Forwarded;
use muster_runtime::engine::{Engine, Outputs, Pending, RawRecord, Rejected, StateSize, Summary};
use muster_runtime::lookup::Lookups;
use muster_runtime::options::{EndOfInput, Options};

use crate::carried::carried;

/// A program with what it looks up.
#[derive(Clone, Debug)]
pub struct Loaded {
    /// The program.
    pub program: Arc<Program>,
    /// Its tables, lists and calendars.
    pub lookups: Arc<Lookups>,
}

/// What a run came to.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// The alerts, in order.
    pub alerts: Vec<Alert>,
    /// Matches that wait at the end.
    pub pending: Vec<Pending>,
    /// Events that came too late.
    pub late: Vec<Rejected>,
    /// Records that did not become events.
    pub dead: Vec<Rejected>,
    /// What digests pass on, where the options ask for it.
    pub forwarded: Vec<Forwarded>,
    /// What became of every record.
    pub summary: Summary,
    /// Whether no rule remembers anything.
    pub is_idle: bool,
    /// How many keys each rule and memory holds something for at the end.
    pub sizes: Vec<StateSize>,
}

/// Returns the files of the prelude, one more, and those of the standard packs it uses.
#[must_use]
pub fn files(rules: &str) -> Files {
    files_with(rules, Sources::All)
}

/// Which sources of the prelude a program is compiled with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Sources {
    /// All of them.
    All,
    /// `muster` alone: to compile the others takes far longer than to run a short stream.
    Muster,
}

fn files_with(rules: &str, sources: Sources) -> Files {
    let mut files = Files::new();
    for (name, text) in muster_stdlib::prelude() {
        let is_other = name.contains("/sources/") && !name.ends_with("/muster.muster");
        if sources == Sources::All || !is_other {
            files.add(*name, *text, Origin::Prelude);
        }
    }
    files.add("case.muster", rules, Origin::User);
    if rules.contains("use std.") {
        for (path, _) in muster_lang::uses(&files) {
            let pack = path.strip_prefix("std.").and_then(muster_stdlib::pack);
            for (name, text) in pack.map(|pack| pack.files).unwrap_or_default() {
                files.add(*name, *text, Origin::Pack);
            }
        }
    }
    files
}

/// Compiles rule text with the prelude.
///
/// # Errors
///
/// The rendered diagnostics.
pub fn load(rules: &str) -> Result<Loaded, String> {
    load_with(rules, Sources::All)
}

/// Compiles rule text with the prelude, or with those of its sources that are asked for.
///
/// # Errors
///
/// The rendered diagnostics.
pub fn load_with(rules: &str, sources: Sources) -> Result<Loaded, String> {
    // Suites load the same few programs over and over.
    type Known = BTreeMap<(Sources, String), Result<Loaded, String>>;
    static KNOWN: Mutex<Known> = Mutex::new(BTreeMap::new());
    let known = || KNOWN.lock().unwrap_or_else(PoisonError::into_inner);
    let name = (sources, rules.to_string());
    if let Some(loaded) = known().get(&name) {
        return loaded.clone();
    }
    // Compiled outside of the lock, so that tests beside each other do not wait.
    let loaded = load_anew(rules, sources);
    let mut known = known();
    if known.len() > 1_000 {
        known.clear();
    }
    known.insert(name, loaded.clone());
    loaded
}

fn load_anew(rules: &str, sources: Sources) -> Result<Loaded, String> {
    let files = files_with(rules, sources);
    let compilation = compile(&files, &CompileOptions::default());
    let errors = compilation
        .diagnostics
        .iter()
        .filter(|one| one.level == Level::Error);
    let rendered: Vec<String> = errors
        .map(|one| render::render(&files, one, false))
        .collect();
    let program = compilation.program.ok_or_else(|| rendered.join("\n"))?;
    let carried = carried(rules);
    let mut read = |table: &muster_lang::ir::Table| {
        let own = carried.get(&*table.path).map(String::as_bytes);
        let data = own.or_else(|| muster_stdlib::data(&table.path));
        data.map(<[u8]>::to_vec)
            .ok_or_else(|| format!("no table `{}`", table.path))
    };
    let lookups = Lookups::load(&program, &mut read).map_err(|errors| format!("{errors:?}"))?;
    Ok(Loaded {
        program: Arc::new(program),
        lookups: Arc::new(lookups),
    })
}

/// Runs records through an engine, `batch` of them at a time.
///
/// # Errors
///
/// If the program does not run.
pub fn run(
    loaded: &Loaded,
    records: &[String],
    options: Options,
    end: EndOfInput,
    batch: usize,
) -> Result<Outcome, String> {
    let batches = records.chunks(batch.max(1));
    let chunks = batches.map(|records| format!("{}\n", records.join("\n")).into_bytes());
    run_bytes(loaded, chunks, options, end)
}

/// Runs bytes through an engine as they are read, wherever they are cut.
///
/// # Errors
///
/// If the program does not run.
pub fn run_bytes(
    loaded: &Loaded,
    chunks: impl Iterator<Item = Vec<u8>>,
    options: Options,
    end: EndOfInput,
) -> Result<Outcome, String> {
    let mut engine = new_engine(loaded, options)?;
    let mut out = Outputs::default();
    let mut framer = Framer::new();
    for chunk in chunks {
        framer.push(&chunk);
        drain(&mut framer, &mut engine, &mut out);
    }
    framer.finish();
    drain(&mut framer, &mut engine, &mut out);
    Ok(outcome(engine, end, out))
}

/// Runs records through engines, each of which takes in one record and the state of the one before.
///
/// # Errors
///
/// If the program does not run, or a state is not restored whole.
pub fn run_restored(
    loaded: &Loaded,
    records: &[String],
    options: Options,
    end: EndOfInput,
) -> Result<Outcome, String> {
    let mut engine = new_engine(loaded, options)?;
    let mut out = Outputs::default();
    for record in records {
        let mut framer = Framer::new();
        framer.push(record.as_bytes());
        framer.finish();
        drain(&mut framer, &mut engine, &mut out);
        engine = restored(&engine)?;
    }
    Ok(outcome(engine, end, out))
}

/// Returns an engine that goes on from the state of another, having checked that it is the same.
///
/// # Errors
///
/// If it is not.
pub fn restored(engine: &Engine) -> Result<Engine, String> {
    let bytes = engine.save();
    let anew = engine.anew().map_err(|error| error.to_string())?;
    let (engine, restored) = anew.resume(&bytes).map_err(|error| error.to_string())?;
    if !restored.is_whole() {
        return Err(format!("not everything was restored: {restored:?}"));
    }
    if engine.save() != bytes {
        return Err(String::from("a restored state is saved as other bytes"));
    }
    Ok(engine)
}

/// Returns an engine of a program that has seen nothing.
///
/// # Errors
///
/// If the program does not run.
pub fn new_engine(loaded: &Loaded, options: Options) -> Result<Engine, String> {
    let (program, lookups) = (loaded.program.clone(), loaded.lookups.clone());
    Engine::new(program, lookups, options, None).map_err(|error| error.to_string())
}

fn outcome(mut engine: Engine, end: EndOfInput, mut out: Outputs) -> Outcome {
    engine.end_input(0, &mut out);
    engine.finish(end, &mut out);
    Outcome {
        pending: engine.pending(),
        summary: engine.summary(),
        is_idle: engine.is_idle(),
        sizes: engine.state_sizes(),
        alerts: out.alerts,
        late: out.late,
        dead: out.dead,
        forwarded: out.forwarded,
    }
}

fn drain(framer: &mut Framer, engine: &mut Engine, out: &mut Outputs) {
    while let Some(frame) = framer.next_frame() {
        match frame {
            Frame::Record { offset, bytes, .. } => {
                engine.push(
                    RawRecord {
                        input: 0,
                        offset,
                        bytes,
                    },
                    out,
                );
            }
            Frame::Oversize { offset, .. } => {
                let record = RawRecord {
                    input: 0,
                    offset,
                    bytes: &[],
                };
                engine.reject(String::from("longer than 1 MiB"), None, record, out);
            }
        }
    }
}
