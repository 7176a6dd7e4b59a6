//! Snapshots: the state of a run on disk, with the place it had reached in its inputs and outputs.
//!
//! Apart from the state itself because here it is all about what a crash may leave behind.
//!
//! A snapshot is a whole file, written beside the others, synced, renamed, and the folder synced; the
//! last three are kept. There is no log of changes: one file that is either whole or told from a
//! broken one by its checksum leaves nothing to be put together after a crash.

mod commit;
mod disk;
#[cfg(test)]
mod faulty;
#[cfg(test)]
mod tests;

use std::fmt;
use std::io;

pub use commit::{Commit, Position, Written};
pub use disk::{Disk, Folder, FolderError};

use crate::store::StateError;

/// How many snapshots are kept.
const KEPT: usize = 3;
/// How the name of a snapshot ends.
const ENDING: &str = ".state";
/// What a snapshot is called while it is written.
const UNFINISHED: &str = "unfinished";

/// The snapshots of a folder.
#[derive(Debug)]
pub struct Snapshots<D> {
    disk: D,
    /// The number of the newest one.
    newest: u64,
}

/// What was found in a folder.
#[derive(Debug, Default)]
pub struct Found {
    /// The newest snapshot that is whole; `None` where there are none at all.
    pub commit: Option<Commit>,
    /// What that one is called.
    pub name: String,
    /// Newer ones that are not, with the reason.
    pub broken: Vec<(String, StateError)>,
}

/// Why snapshots cannot be gone on from.
#[derive(Debug)]
pub enum SnapshotError {
    /// The system refused.
    System(io::Error),
    /// One was written in a form that this version does not read.
    Version {
        /// What it is called.
        name: String,
        /// The form.
        error: StateError,
    },
    /// There are some, and all of them are broken.
    AllBroken(Vec<(String, StateError)>),
}

impl fmt::Display for SnapshotError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::System(error) => error.fmt(f),
            Self::Version { name, error } => write!(f, "`{name}`: {error}"),
            Self::AllBroken(all) => {
                f.write_str("none of its snapshots can be read")?;
                for (name, error) in all {
                    write!(f, "; `{name}`: {error}")?;
                }
                Ok(())
            }
        }
    }
}

impl std::error::Error for SnapshotError {}

impl<D: Disk> Snapshots<D> {
    /// Finds the newest snapshot that is whole.
    ///
    /// # Errors
    ///
    /// What the system refuses, a snapshot of another version, and snapshots that are all broken:
    /// nothing that is there is ever taken for nothing.
    pub fn open(disk: D) -> Result<(Self, Found), SnapshotError> {
        let mut snapshots = Self { disk, newest: 0 };
        let names = snapshots.names().map_err(SnapshotError::System)?;
        let mut found = Found::default();
        for (number, name) in names.iter().rev() {
            snapshots.newest = snapshots.newest.max(*number);
            let bytes = snapshots.disk.read(name).map_err(SnapshotError::System)?;
            match Commit::decode(&bytes) {
                Ok(commit) => {
                    found.commit = Some(commit);
                    found.name.clone_from(name);
                    return Ok((snapshots, found));
                }
                Err(error @ StateError::Version { .. }) => {
                    let name = name.clone();
                    return Err(SnapshotError::Version { name, error });
                }
                Err(error) => found.broken.push((name.clone(), error)),
            }
        }
        if found.broken.is_empty() {
            Ok((snapshots, found))
        } else {
            Err(SnapshotError::AllBroken(found.broken))
        }
    }

    /// Writes a snapshot: afterwards it survives a loss of power.
    ///
    /// # Errors
    ///
    /// Whatever the system refuses; the snapshots before are as they were.
    pub fn commit(&mut self, commit: &Commit) -> io::Result<()> {
        let number = self.newest + 1;
        if let Err(error) = self.disk.write(UNFINISHED, &commit.encode()) {
            // A disk that is full has better use for the space; what is left over harms nothing.
            let _ = self.disk.remove(UNFINISHED);
            return Err(error);
        }
        self.disk.rename(UNFINISHED, &name(number))?;
        self.newest = number;
        self.disk.sync()?;
        self.forget()
    }

    /// Removes all snapshots but one that was just written: what they hold is to be erased.
    ///
    /// # Errors
    ///
    /// Whatever the system refuses.
    pub fn forget_all_but_newest(&mut self) -> io::Result<()> {
        self.keep(1)
    }

    /// Returns the disk.
    pub fn disk(&mut self) -> &mut D {
        &mut self.disk
    }

    fn forget(&mut self) -> io::Result<()> {
        self.keep(KEPT)
    }

    fn keep(&mut self, kept: usize) -> io::Result<()> {
        let names = self.names()?;
        for (_, name) in names.iter().rev().skip(kept) {
            self.disk.remove(name)?;
        }
        Ok(())
    }

    /// Returns the snapshots there are, oldest first.
    fn names(&mut self) -> io::Result<Vec<(u64, String)>> {
        let all = self.disk.list()?.into_iter();
        let mut names: Vec<(u64, String)> = all
            .filter_map(|name| {
                let number = name.strip_suffix(ENDING)?.parse().ok()?;
                Some((number, name))
            })
            .collect();
        names.sort();
        Ok(names)
    }
}

fn name(number: u64) -> String {
    format!("{number:012}{ENDING}")
}
