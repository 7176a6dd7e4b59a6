//! `--state DIR`: a run that goes on from where one before it stopped.
//!
//! Apart from `run` because it is about what is kept between runs, not about what happens in one.

use std::collections::BTreeMap;
use std::path::Path;
use std::time::{Duration, Instant};

use muster_lang::escape::escape_line;
use muster_runtime::engine::Restored;
use muster_runtime::io::{
    Commit, Folder, FolderError, Found, Input, Opened, Position, SnapshotError, Snapshots, Written,
};
use muster_runtime::store::Construct;

use crate::exit::Exit;
use crate::report::{Report, reason};

/// How much input a run reads at most without keeping its state.
const PERIOD_BYTES: u64 = 64 * 1024 * 1024;
/// How many inputs are remembered that were read to their end and are not named any more.
const ENDED_MAX: usize = 10_000;

/// Keeps the state of a run.
pub(super) struct Keeper {
    snapshots: Snapshots<Folder>,
    directory: String,
    /// How far each input was read, by the number the engine knows it by.
    positions: BTreeMap<u32, Position>,
    /// How long a run goes on at most without keeping its state.
    every: Duration,
    kept_at: Instant,
    bytes: u64,
    /// Why the state could not be kept when it was tried last.
    failure: Option<String>,
    report: Report,
}

/// What a run begins with.
pub(super) struct Begun {
    pub(super) keeper: Keeper,
    /// The state of the engine; `None` where nothing was kept yet.
    pub(super) engine: Option<Vec<u8>>,
    /// How far outputs were written.
    pub(super) outputs: Vec<Written>,
    /// Inputs that the engine waits for and nobody reads any more.
    pub(super) left: Vec<u32>,
}

impl Keeper {
    /// Takes a folder, finds what is kept there, and tells each input where to go on.
    ///
    /// # Errors
    ///
    /// I/O, and snapshots that cannot be read; reported.
    pub(super) fn begin(
        (directory, every): (&str, Duration),
        inputs: &[Input],
        opened: &mut [Opened],
        report: &Report,
    ) -> Result<Begun, Exit> {
        let (snapshots, found) = open(directory, report)?;
        for (name, error) in &found.broken {
            report.warning(
                format!("`{}/{name}` cannot be used: {error}", escape_line(directory)),
                "the run goes on from the snapshot before: files are read again from there and give \
                 the same alerts; what a pipe gave since is lost",
            );
        }
        let commit = found.commit.unwrap_or_default();
        let mut keeper = Self {
            snapshots,
            directory: directory.to_owned(),
            positions: BTreeMap::new(),
            every,
            kept_at: now(),
            bytes: 0,
            failure: None,
            report: *report,
        };
        let left = keeper.place(commit.inputs, inputs, opened)?;
        Ok(Begun {
            keeper,
            engine: (!commit.engine.is_empty()).then_some(commit.engine),
            outputs: commit.outputs,
            left,
        })
    }

    /// Finds where each input goes on; returns the inputs that nobody reads any more.
    fn place(
        &mut self,
        known: Vec<Position>,
        inputs: &[Input],
        opened: &mut [Opened],
    ) -> Result<Vec<u32>, Exit> {
        let mut known: BTreeMap<u32, Position> =
            known.into_iter().map(|one| (one.number, one)).collect();
        let mut next = known.keys().next_back().map_or(0, |last| last + 1);
        for (input, opened) in inputs.iter().zip(opened) {
            let found = self.find(&known, input, opened.length);
            let mut position = found.map_err(|error| {
                let name = escape_line(&input.name);
                self.report
                    .error(format!("cannot read `{name}`: {}", reason(&error)), "");
                Exit::Io
            })?;
            if known.remove(&position.number).is_none() {
                position.number = next;
                next += 1;
            }
            position.ended = false;
            opened.number = Some(position.number);
            opened.skip = position.offset;
            self.positions.insert(position.number, position);
        }
        let left = known.values().filter(|position| !position.ended);
        let left: Vec<u32> = left.map(|position| position.number).collect();
        for number in &left {
            if let Some(position) = known.get_mut(number) {
                position.ended = true;
                self.report.note(format!(
                    "`{}` is not read any more; it is taken to have ended where it was",
                    escape_line(&position.name)
                ));
            }
        }
        let forgotten = known.len().saturating_sub(ENDED_MAX);
        self.positions.extend(known.into_iter().skip(forgotten));
        Ok(left)
    }

    /// Returns where an input goes on: with number `u32::MAX` if it is not known.
    fn find(
        &self,
        known: &BTreeMap<u32, Position>,
        input: &Input,
        length: Option<u64>,
    ) -> std::io::Result<Position> {
        let start = Position::start_of(input)?;
        let is_pipe = start.is_none();
        let start = start.unwrap_or_else(|| Position {
            name: input.name.to_string(),
            ..Position::default()
        });
        let same = |one: &&Position| one.name == start.name;
        let fresh = Position {
            number: u32::MAX,
            ..start.clone()
        };
        let Some(before) = known.values().rev().find(same) else {
            return Ok(fresh);
        };
        if is_pipe {
            // A pipe goes on where it is: what was read from it does not come again.
            return Ok(Position {
                number: before.number,
                ..start
            });
        }
        let is_whole = length.is_none_or(|length| length >= before.head_bytes);
        if is_whole && before.is_of(input)? && !is_cut(input, before, length) {
            return Ok(before.clone());
        }
        self.report.warning(
            format!(
                "`{}` is not the file that was read before; it is read from its beginning",
                escape_line(&input.name)
            ),
            "what the other file held and was not read yet is not seen",
        );
        Ok(fresh)
    }

    /// Takes note that an input was read so far.
    pub(super) fn passed(&mut self, input: u32, offset: u64, length: u64) {
        self.bytes += length;
        if let Some(position) = self.positions.get_mut(&input) {
            position.offset = offset.saturating_add(length.max(1));
        }
    }

    /// Takes note that an input was read to its end.
    pub(super) fn ended(&mut self, input: u32) {
        if let Some(position) = self.positions.get_mut(&input) {
            position.ended = true;
        }
    }

    /// Tells whether it is time to keep the state.
    pub(super) fn is_due(&self) -> bool {
        self.bytes >= PERIOD_BYTES || (self.bytes > 0 && self.kept_at.elapsed() >= self.every)
    }

    /// Keeps the state, with how far outputs are written and synced; tells whether it is kept.
    ///
    /// A disk that is full is told once, and tried again when it is time: alerts go on.
    pub(super) fn keep(&mut self, engine: Vec<u8>, outputs: Vec<Written>) -> bool {
        let commit = Commit {
            inputs: self.positions.values().cloned().collect(),
            outputs,
            engine,
        };
        self.kept_at = now();
        self.bytes = 0;
        let failure = self.snapshots.commit(&commit).err();
        let failure = failure.map(|error| reason(&error));
        if let Some(failure) = &failure
            && self.failure.as_ref() != Some(failure)
        {
            self.report.error(
                format!(
                    "cannot keep the state in `{}`: {failure}",
                    escape_line(&self.directory)
                ),
                "alerts go on, and it is tried again; a restart goes on from the last snapshot",
            );
        }
        self.failure = failure;
        self.failure.is_none()
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "when a state is kept depends on the clock, what is kept does not"
)]
fn now() -> Instant {
    Instant::now()
}

/// Tells whether a plain file has lost some of what was read.
fn is_cut(input: &Input, before: &Position, length: Option<u64>) -> bool {
    let is_packed = input.name.ends_with(".gz");
    !is_packed && length.is_some_and(|length| length.saturating_add(1) < before.offset)
}

/// Takes a folder and finds its newest snapshot.
///
/// # Errors
///
/// I/O, and snapshots that cannot be read; reported.
pub(super) fn open(directory: &str, report: &Report) -> Result<(Snapshots<Folder>, Found), Exit> {
    let shown = escape_line(directory);
    let failed = |why: &dyn std::fmt::Display, help: &str| {
        report.error(format!("cannot use the state in `{shown}`: {why}"), help);
        Exit::Io
    };
    let folder = Folder::take(Path::new(directory)).map_err(|error| match error {
        FolderError::System(error) => failed(&reason(&error), ""),
        error @ FolderError::Taken(_) => failed(&error, "end it, or name another directory"),
        error @ FolderError::Open => failed(&error, "state is for one user: `chmod o-w` it"),
    })?;
    newest(folder, directory, report)
}

/// Finds the newest snapshot of a folder.
///
/// # Errors
///
/// I/O, and snapshots that cannot be read; reported.
pub(super) fn newest(
    folder: Folder,
    directory: &str,
    report: &Report,
) -> Result<(Snapshots<Folder>, Found), Exit> {
    Snapshots::open(folder).map_err(|error| {
        let help = match &error {
            SnapshotError::System(_) => "",
            SnapshotError::Version { .. } => {
                "run the version that wrote it, or name another directory to begin anew"
            }
            SnapshotError::AllBroken(_) => {
                "restore the directory, or name another one to begin anew"
            }
        };
        let why = match &error {
            SnapshotError::System(error) => reason(error),
            SnapshotError::Version { .. } | SnapshotError::AllBroken(_) => error.to_string(),
        };
        let shown = escape_line(directory);
        report.error(format!("cannot use the state in `{shown}`: {why}"), help);
        Exit::Io
    })
}

/// Says which constructs do not go on from where they were.
pub(super) fn tell(restored: &Restored, report: &Report) {
    let say = |all: &[Construct], what: &str| {
        let named = |one: &Construct| format!("{} `{}`", one.kind.word(), escape_line(&one.name));
        let names: Vec<String> = all.iter().map(named).collect();
        if !names.is_empty() {
            report.note(format!("{what}: {}", names.join(", ")));
        }
    };
    say(&restored.changed, "changed, and begins anew");
    say(&restored.added, "new");
    say(&restored.gone, "gone, with all it remembered");
}
