//! Why bytes are no state of a program.
//!
//! Apart from reading because the store of snapshots and the command line tell of it too.

use std::fmt;

/// Why bytes are no state that can be gone on from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StateError {
    /// They do not begin as a state does.
    NotState,
    /// They were written in a form that this version does not read.
    Version {
        /// The form they are written in.
        found: u32,
        /// The form this version reads.
        expected: u32,
    },
    /// Bytes are missing or changed.
    Damaged,
    /// They hold something that no engine writes.
    Malformed(&'static str),
    /// They hold events of a rule that is gone.
    Gone,
}

impl fmt::Display for StateError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotState => f.write_str("it is no state of muster"),
            Self::Version { found, expected } => write!(
                f,
                "expected a state of format {expected}, found format {found}"
            ),
            Self::Damaged => f.write_str("bytes are missing or changed: its checksum differs"),
            Self::Malformed(what) => write!(f, "it is malformed: {what}"),
            Self::Gone => f.write_str("it holds alerts of a rule that is gone"),
        }
    }
}

impl std::error::Error for StateError {}
