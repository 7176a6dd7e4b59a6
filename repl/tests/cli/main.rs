//! Tests that run the real binary: what it prints, where, and how it ends.
//!
//! One program of tests, because each further one is linked anew.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a step that fails fails the test"
)]

mod explain;
mod files;
mod fmt;
mod forward;
mod hostile;
mod kept;
mod map;
mod pipes;
mod reload;
mod repl;
mod rules;
mod run;
mod state;
mod support;
mod testing;
mod threads;
