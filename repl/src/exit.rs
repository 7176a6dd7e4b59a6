//! Exit codes: what the shell is told.
//!
//! Apart from the commands so that every code is written down once.

use std::process::ExitCode;

use muster_runtime::io::{Signal, Urgency};

/// How a command ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Exit {
    /// As asked, a closed pipe and a stop by a signal included.
    Fine,
    /// Tests failed, files are not in canonical layout, or there were alerts at or above the level
    /// of `--fail-on`.
    Found,
    /// The command line makes no sense.
    Usage,
    /// There was bad data and `--strict` was given.
    BadData,
    /// Reading or writing failed.
    Io,
    /// The rules do not compile, or there are none.
    Rules,
}

impl Exit {
    fn code(self) -> u8 {
        match self {
            Exit::Fine => 0,
            Exit::Found => 1,
            Exit::Usage => 2,
            Exit::BadData => 65,
            Exit::Io => 74,
            Exit::Rules => 78,
        }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        ExitCode::from(exit.code())
    }
}

/// Ends the process where the orderly way out is blocked, as by a reader that does not read.
#[expect(
    clippy::exit,
    reason = "the thread that would return is stuck in a write"
)]
pub(crate) fn at_once(urgency: Urgency) {
    let code = match urgency {
        Urgency::TooLong => i32::from(Exit::Io.code()),
        // As a shell reports a process that a signal ended.
        Urgency::Again(Signal::Interrupt) => 130,
        Urgency::Again(Signal::Terminate) => 143,
    };
    std::process::exit(code)
}
