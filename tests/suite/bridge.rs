//! The only bridge from the oracle to the engine.
//!
//! Apart from the comparison so that the reference and the cases know nothing of the engine.

use muster_tests::compare::{EngineError, Run};

/// Compiles a program for any number of runs.
///
/// `rules` is the text of one rule file, to be compiled behind the standard prelude. A run takes
/// JSON records in the order of arrival, all of one input; records with `feed` belong to sources
/// that the program declares, all others to the prelude's `muster`; and what `--eof` says. Each
/// run begins with an empty state.
///
/// A run's alerts may come in any order. `id` is the `alert_id`; an alert that is evidence of
/// another is named by it, so alerts of severity `none` should be among them if the engine can
/// tell them. `late`, `duplicates` and `forwarded` may be `None` to leave them out.
///
/// # Errors
/// `Refused` with the diagnostics where the program does not compile, `Failed` for anything else.
pub(crate) fn compile(rules: &str) -> Result<Run, EngineError> {
    let _ = rules;
    Err(EngineError::NotWired)
}
