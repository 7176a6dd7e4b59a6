//! `muster state`: what a run keeps, and erasing someone from it.
//!
//! Apart from `run` because it reads no events, and may look while another process runs.

use std::fmt::Write as _;
use std::path::Path;

use muster_lang::escape::escape_line;
use muster_lang::time::format_rfc3339;
use muster_lang::units::Timestamp;
use muster_runtime::engine::Engine;
use muster_runtime::io::{Commit, Folder, Found};
use muster_runtime::key::Person;
use muster_runtime::options::{Forwards, Options};
use muster_runtime::store::{Contents, Kind, Stored, contents, count_texts};
use serde_json::json;

use super::{keep, outputs};
use crate::cli::StateArgs;
use crate::compile;
use crate::exit::Exit;
use crate::report::{Report, counted, reason};

/// Shows what is kept, or erases someone.
pub(crate) fn run(args: &StateArgs, report: &Report) -> Exit {
    let done = if args.forget.is_empty() {
        show(args, report)
    } else {
        forget(args, report)
    };
    done.err().unwrap_or(Exit::Fine)
}

fn show(args: &StateArgs, report: &Report) -> Result<(), Exit> {
    let folder = Folder::look(Path::new(&args.directory));
    let (_, found) = keep::newest(folder, &args.directory, report)?;
    let (name, commit) = committed(found, args, report)?;
    let contents = contents(&commit.engine).map_err(|error| unreadable(&error, report))?;
    let text = if args.json {
        lines(&contents)
    } else {
        let place = format!("{}/{name}", args.directory.trim_end_matches('/'));
        format!(
            "{}\n{}\n{}",
            head(&place, &commit, &contents),
            table(&contents),
            places(&commit)
        )
    };
    outputs::print(&text, report)
}

fn committed(found: Found, args: &StateArgs, report: &Report) -> Result<(String, Commit), Exit> {
    for (name, error) in &found.broken {
        report.warning(
            format!("`{}` cannot be used: {error}", escape_line(name)),
            "",
        );
    }
    found
        .commit
        .map(|commit| (found.name, commit))
        .ok_or_else(|| {
            let directory = escape_line(&args.directory);
            report.error(
                format!("there is no state in `{directory}`"),
                "`muster run --state DIR` keeps some",
            );
            Exit::Io
        })
}

fn unreadable(error: &dyn std::fmt::Display, report: &Report) -> Exit {
    report.error(format!("the state cannot be read: {error}"), "");
    Exit::Io
}

fn head(place: &str, commit: &Commit, contents: &Contents) -> String {
    format!(
        "{}: {} bytes, written by muster {}; {} kept in {} bytes",
        escape_line(place),
        commit.engine.len(),
        escape_line(&contents.engine),
        counted(
            usize::try_from(contents.events).unwrap_or(usize::MAX),
            "event"
        ),
        contents.event_bytes,
    )
}

/// Returns a line for each construct, its columns under each other.
fn table(contents: &Contents) -> String {
    let mut rows = vec![["what", "keys", "bytes", "oldest", "since"].map(String::from)];
    rows.extend(contents.constructs.iter().map(|one| {
        let construct = &one.construct;
        let what = format!("{} {}", construct.kind.word(), escape_line(&construct.name));
        [
            what.trim_end().to_owned(),
            one.keys.to_string(),
            one.bytes.to_string(),
            time(one.oldest),
            time(one.since),
        ]
    }));
    let mut widths = [0; 5];
    for row in &rows {
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = cell.chars().count().max(*width);
        }
    }
    let mut text = String::new();
    for row in &rows {
        let cells = row
            .iter()
            .zip(widths)
            .enumerate()
            .map(|(column, (cell, width))| {
                if column == 1 || column == 2 {
                    format!("{cell:>width$}")
                } else {
                    format!("{cell:<width$}")
                }
            });
        let line: Vec<String> = cells.collect();
        let _ = writeln!(text, "{}", line.join("  ").trim_end());
    }
    text
}

fn constructs(contents: &Contents) -> impl Iterator<Item = &Stored> {
    let all = contents.constructs.iter();
    all.filter(|one| one.construct.kind != Kind::Stream)
}

fn time(time: Option<Timestamp>) -> String {
    time.map_or_else(|| String::from("-"), format_rfc3339)
}

/// Returns a line for each input and output.
fn places(commit: &Commit) -> String {
    let mut text = String::new();
    for input in &commit.inputs {
        let name = escape_line(&input.name);
        let ended = if input.ended { ", to its end" } else { "" };
        let _ = writeln!(text, "read `{name}` up to byte {}{ended}", input.offset);
    }
    for output in &commit.outputs {
        let name = escape_line(&output.name);
        let _ = writeln!(text, "wrote `{name}` up to byte {}", output.bytes);
    }
    text
}

fn lines(contents: &Contents) -> String {
    let mut text = String::new();
    for one in constructs(contents) {
        let line = json!({
            "kind": one.construct.kind.word(),
            "name": &*one.construct.name,
            "meaning": &*one.construct.meaning,
            "keys": one.keys,
            "bytes": one.bytes,
            "oldest": one.oldest.map(format_rfc3339),
            "since": one.since.map(format_rfc3339),
        });
        let _ = writeln!(text, "{line}");
    }
    text
}

/// Erases someone from the newest snapshot, and removes the others.
fn forget(args: &StateArgs, report: &Report) -> Result<(), Exit> {
    let (mut snapshots, found) = keep::open(&args.directory, report)?;
    let (_, commit) = committed(found, args, report)?;
    let ready = compile::ready(&args.rules, &args.set.set, report)?;
    let options = Options {
        forwards: Forwards::Digested,
        ..Options::default()
    };
    let engine = Engine::restore(ready.program, ready.lookups, options, None, &commit.engine);
    let (mut engine, restored) = engine.map_err(|error| unreadable(&error, report))?;
    if !restored.is_whole() {
        report.error(
            "the state was kept by other rules, and would lose what they remember",
            "name the rules it was kept by",
        );
        keep::tell(&restored, report);
        return Err(Exit::Usage);
    }
    let people: Vec<Person> = args.forget.iter().map(|name| Person::named(name)).collect();
    let erased: u64 = people.iter().map(|person| engine.erase(person)).sum();
    let bytes = engine.save();
    let is_named = |text: &str| people.iter().any(|person| person.is(text));
    let left = count_texts(&bytes, &is_named).map_err(|error| unreadable(&error, report))?;
    let written = snapshots
        .commit(&Commit {
            engine: bytes,
            ..commit
        })
        .and_then(|()| snapshots.forget_all_but_newest());
    written.map_err(|error| {
        let directory = escape_line(&args.directory);
        let message = format!("cannot keep the state in `{directory}`: {}", reason(&error));
        report.error(message, "");
        Exit::Io
    })?;
    outputs::print(&format!("{erased} erased\n"), report)?;
    if left > 0 {
        report.error(
            "a summary under way still counts the name among its distinct values",
            "it goes when the window of the summary ends",
        );
        return Err(Exit::Found);
    }
    Ok(())
}
