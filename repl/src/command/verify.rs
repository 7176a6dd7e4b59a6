//! What `--verify-digests` tells: which alerts differ, and how much is passed on.
//!
//! Apart from the run because it only reads, at the end.

use muster_lang::escape::escape_line;
use muster_lang::time::format_rfc3339;
use muster_runtime::verify::{Difference, Told};

use super::summary::grouped;

/// How many alerts of a kind are shown; the rest are counted.
const LINES_MAX: usize = 100;

/// Returns the difference as text for people.
pub(super) fn text(of: &Difference) -> String {
    let mut lines = listed("lost", &of.lost);
    lines.extend(listed("gained", &of.gained));
    for (count, words) in [
        (of.dead, "records passed on could not be read again"),
        (of.late, "events passed on came too late when read again"),
    ] {
        if count > 0 {
            lines.push(format!("{} {words}", grouped(count)));
        }
    }
    lines.push(verdict(of));
    lines.into_iter().map(|line| line + "\n").collect()
}

fn listed(word: &str, alerts: &[Told]) -> Vec<String> {
    let mut lines: Vec<String> = alerts
        .iter()
        .take(LINES_MAX)
        .map(|told| {
            let key = told.key.iter().map(|(name, value)| {
                format!("{} {}", escape_line(name), escape_line(&value.display()))
            });
            let key = key.collect::<Vec<_>>().join(", ");
            let key = if key.is_empty() {
                key
            } else {
                format!(" ({key})")
            };
            format!(
                "{word}: {}{key} at {}, {}: {}",
                escape_line(&told.rule),
                format_rfc3339(told.time),
                told.id,
                escape_line(&told.why)
            )
        })
        .collect();
    if alerts.len() > LINES_MAX {
        let more = (alerts.len() - LINES_MAX) as u64;
        lines.push(format!("{word}: … and {} more", grouped(more)));
    }
    lines
}

/// Returns the sums.
fn verdict(of: &Difference) -> String {
    let (lost, gained) = (of.lost.len() as u64, of.gained.len() as u64);
    let both = of.same + of.other_evidence;
    let other = match of.other_evidence {
        0 => String::new(),
        count => format!(", {} with other evidence", grouped(count)),
    };
    let noun = if both + of.lost.len() as u64 == 1 {
        "alert"
    } else {
        "alerts"
    };
    let (all, digested) = (grouped(both + lost), grouped(both + gained));
    let (lost, gained) = (grouped(lost), grouped(gained));
    format!(
        "digests: {all} {noun} over all events, {digested} over what is passed on: {lost} lost, {gained} gained{other}"
    )
}
