//! The only bridge from the oracle to the engine.
//!
//! Apart from the comparison so that the reference and the cases know nothing of the engine.

use muster_tests::compare::{EngineError, Seen};
use muster_tests::reference::EndOfInput;

/// Returns what the engine makes of a program and a stream.
///
/// `rules` is the text of one rule file, to be compiled behind the standard prelude. `lines` are
/// JSON records in the order of arrival, all of one input; records with `feed` belong to sources
/// that the program declares, all others to the prelude's `muster`. `eof` is `--eof`.
///
/// The alerts may come in any order. `id` is the `alert_id`; an alert that is evidence of another
/// is named by it, so alerts of severity `none` should be among them if the engine can tell them.
/// `late` and `duplicates` are the counts of the summary, or `None` to leave them out.
///
/// # Errors
/// `Refused` with the diagnostics where the program does not compile, `Failed` for anything else.
pub(crate) fn engine_alerts(
    rules: &str,
    lines: &[String],
    eof: EndOfInput,
) -> Result<Seen, EngineError> {
    let _ = (rules, lines, eof);
    Err(EngineError::NotWired)
}
