//! Reloading: the same command line, compiled again while events go on.
//!
//! Apart from `run` because it is about files that change, and rules that may be broken by then.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant, SystemTime};

use muster_lang::escape::escape_line;
use muster_runtime::engine::{Engine, Restored};
use muster_runtime::options::Options;

use super::stream;
use crate::cli::RunArgs;
use crate::compile::{self, Ready};
use crate::exit::Exit;
use crate::load::{path_beside, rule_files};
use crate::report::Report;

/// How often files are looked at.
const PERIOD: Duration = Duration::from_millis(500);

/// What is compiled again when a signal asks for it or a file changes.
pub(super) struct Reloader {
    rules: Vec<String>,
    set: Vec<(String, String)>,
    source: Option<String>,
    options: Options,
    report: Report,
    /// Set by `SIGHUP`.
    hangup: Arc<AtomicBool>,
    /// Whether files are looked at.
    watches: bool,
    looked_at: Instant,
    tables: Vec<PathBuf>,
    /// The files as they were when the program was made of them.
    made_of: Stamps,
    /// The files as they were when they were looked at last.
    seen: Stamps,
}

/// When each file was changed last, and how long it is; nothing where it cannot be told.
type Stamps = BTreeMap<PathBuf, Option<(SystemTime, u64)>>;

/// Refuses to watch what cannot be read again.
///
/// # Errors
///
/// Usage, reported.
pub(super) fn judge(args: &RunArgs, report: &Report) -> Result<(), Exit> {
    if !args.watch || args.rules.iter().all(|name| name != "-") {
        return Ok(());
    }
    report.error(FROM_STDIN, FROM_STDIN_HELP);
    Err(Exit::Usage)
}

const FROM_STDIN: &str = "rules from standard input cannot be read again";
const FROM_STDIN_HELP: &str = "put them into a file";

impl Reloader {
    /// Returns what reloads a program that was made of a command line.
    pub(super) fn new(args: &RunArgs, ready: &Ready, options: Options, report: &Report) -> Self {
        let tables = tables(ready);
        let made_of = stamps(&args.rules, &tables);
        Self {
            rules: args.rules.clone(),
            set: args.set.set.clone(),
            source: args.input.source.clone(),
            options,
            report: *report,
            hangup: Arc::default(),
            watches: args.watch,
            looked_at: now(),
            tables,
            seen: made_of.clone(),
            made_of,
        }
    }

    /// Returns what `SIGHUP` is to set.
    pub(super) fn hangup(&self) -> Arc<AtomicBool> {
        Arc::clone(&self.hangup)
    }

    /// Tells whether it is time to reload.
    ///
    /// A file that changes is waited for until it has not changed for a moment: it may be half
    /// written.
    pub(super) fn is_due(&mut self) -> bool {
        if self.hangup.swap(false, Ordering::Relaxed) {
            self.made_of = stamps(&self.rules, &self.tables);
            return true;
        }
        if !self.watches || self.looked_at.elapsed() < PERIOD {
            return false;
        }
        self.looked_at = now();
        let seen = stamps(&self.rules, &self.tables);
        let is_steady = seen == self.seen;
        self.seen = seen;
        if !is_steady || self.seen == self.made_of {
            return false;
        }
        self.made_of = self.seen.clone();
        true
    }

    /// Returns an engine of the files as they are now, which goes on from where another is.
    ///
    /// Where something is wrong with them, it is reported, and the one before goes on.
    pub(super) fn reload(&mut self, engine: &Engine) -> Option<(Engine, Restored)> {
        let reloaded = self.compile(engine);
        if reloaded.is_none() {
            let help =
                "the rules and tables from before go on; mend the file, and it is tried again";
            self.report.error("not reloaded", help);
        }
        reloaded
    }

    fn compile(&mut self, engine: &Engine) -> Option<(Engine, Restored)> {
        if self.rules.iter().any(|name| name == "-") {
            self.report.error(FROM_STDIN, FROM_STDIN_HELP);
            return None;
        }
        // Warnings were told when the run began, or are told by `muster check`.
        let mut report = self.report;
        report.quiet = true;
        let ready = compile::ready(&self.rules, &self.set, &report).ok()?;
        let tables = tables(&ready);
        let source =
            stream::forced_source(self.source.as_ref(), &ready.program, &self.report).ok()?;
        let fresh = Engine::new(ready.program, ready.lookups, self.options, source);
        let fresh = fresh.map_err(|error| error.to_string());
        let reloaded = fresh.and_then(|fresh| {
            fresh
                .resume(&engine.save())
                .map_err(|error| error.to_string())
        });
        match reloaded {
            Ok(reloaded) => {
                // Tables that are named anew are looked at from now on.
                self.tables = tables;
                self.made_of = stamps(&self.rules, &self.tables);
                self.seen.clone_from(&self.made_of);
                Some(reloaded)
            }
            Err(error) => {
                self.report.error(escape_line(&error), "");
                None
            }
        }
    }
}

/// Returns the files of the tables of a program.
fn tables(ready: &Ready) -> Vec<PathBuf> {
    let tables = ready.program.tables.iter();
    tables
        .filter_map(|(_, table)| path_beside(&ready.loaded, table.file, &table.path))
        .collect()
}

/// Returns the files of a command line as they are now, those that came into its directories too.
fn stamps(rules: &[String], tables: &[PathBuf]) -> Stamps {
    let named = rules.iter().filter(|name| !name.starts_with("std:"));
    let files = named.flat_map(|name| {
        let found = rule_files(name).unwrap_or_default();
        // What cannot be read now is looked at by its name, until it can be.
        found.into_iter().chain([PathBuf::from(name)])
    });
    files
        .chain(tables.iter().cloned())
        .map(|path| {
            let stamp = stamp(&path);
            (path, stamp)
        })
        .collect()
}

fn stamp(path: &Path) -> Option<(SystemTime, u64)> {
    let metadata = fs::metadata(path).ok()?;
    let changed = metadata.modified().ok()?;
    // A directory is what is in it, which is looked at by itself.
    metadata.is_file().then_some((changed, metadata.len()))
}

#[expect(
    clippy::disallowed_methods,
    reason = "when files are looked at depends on the clock"
)]
fn now() -> Instant {
    Instant::now()
}
