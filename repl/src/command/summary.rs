//! The summary of a run: what became of every record, and what is still open.
//!
//! Apart from the run because it only reads, and must add up whatever happened.

use std::time::Duration;

use muster_lang::escape::escape_line;
use muster_lang::time::format_rfc3339;
use muster_runtime::engine::{Counts, Pending, StateSize, Summary};

use super::told::{PassedOn, Told};
use crate::report::counted;

/// How many lines of a kind are shown; the rest are counted.
const LINES_MAX: usize = 20;

/// Where the time went, and what is remembered.
pub(super) struct Rates {
    /// Bytes read, as stored.
    pub(super) bytes: u64,
    /// How long it took.
    pub(super) elapsed: Duration,
    /// How long reading took, on threads of its own.
    pub(super) read: Duration,
    /// How long decoding and normalizing took, on all threads together.
    pub(super) prepare: Duration,
    /// On how many threads that was, besides the one that evaluates; none if that one does it too.
    pub(super) workers: usize,
    /// How long writing took.
    pub(super) write: Duration,
    /// How long there was nothing to evaluate.
    pub(super) wait: Duration,
    /// How many keys each construct holds something for.
    pub(super) sizes: Vec<StateSize>,
}

impl Rates {
    /// Returns how long order, rules, memories and digests took: what is left of the evaluating thread.
    fn evaluate(&self) -> Duration {
        let others = self.write + self.wait;
        let others = if self.workers == 0 {
            others + self.prepare
        } else {
            others
        };
        self.elapsed.saturating_sub(others)
    }
}

/// Returns the summary as text for people.
pub(super) fn text(
    summary: &Summary,
    pending: &[Pending],
    told: Option<&Told>,
    rates: Option<&Rates>,
) -> String {
    let mut lines = table(&rows(summary));
    lines.extend(told.map(|told| alerts(summary, told)));
    lines.extend(
        told.and_then(|told| told.passed_on)
            .map(|passed_on| forwarded(summary, passed_on)),
    );
    lines.extend(dead(summary));
    lines.extend(failed_conversions(summary));
    lines.extend(oddities(summary));
    lines.extend(pending_lines(pending));
    lines.extend(rates.iter().flat_map(|rates| stats(summary, rates)));
    lines.into_iter().map(|line| line + "\n").collect()
}

const HEADINGS: [&str; 8] = [
    "source",
    "in",
    "evaluated",
    "duplicate",
    "late",
    "dead",
    "dropped",
    "buffered",
];

fn rows(summary: &Summary) -> Vec<[String; 8]> {
    let mut rows = vec![HEADINGS.map(str::to_owned)];
    let mut total = Counts::default();
    for (source, counts) in &summary.sources {
        let name = if source.is_empty() {
            "(no source)".into()
        } else {
            escape_line(source)
        };
        rows.push(row(&name, counts));
        add(&mut total, counts);
    }
    if summary.sources.len() != 1 {
        rows.push(row("total", &total));
    }
    rows
}

fn row(name: &str, of: &Counts) -> [String; 8] {
    let counts = [
        of.received,
        of.evaluated,
        of.duplicate,
        of.late,
        of.dead,
        of.dropped,
        of.buffered,
    ];
    let [
        received,
        evaluated,
        duplicate,
        late,
        dead,
        dropped,
        buffered,
    ] = counts.map(grouped);
    [
        name.into(),
        received,
        evaluated,
        duplicate,
        late,
        dead,
        dropped,
        buffered,
    ]
}

fn add(total: &mut Counts, of: &Counts) {
    total.received += of.received;
    total.evaluated += of.evaluated;
    total.duplicate += of.duplicate;
    total.late += of.late;
    total.dead += of.dead;
    total.dropped += of.dropped;
    total.buffered += of.buffered;
}

/// Aligns columns: the first to the left, numbers to the right.
fn table(rows: &[[String; 8]]) -> Vec<String> {
    let width = |column: usize| {
        rows.iter()
            .filter_map(|row| row.get(column))
            .map(|cell| cell.chars().count())
            .max()
    };
    let widths: Vec<usize> = (0..HEADINGS.len())
        .map(|column| width(column).unwrap_or(0))
        .collect();
    let line = |row: &[String; 8]| {
        let cells = row
            .iter()
            .zip(&widths)
            .enumerate()
            .map(|(column, (cell, width))| {
                if column == 0 {
                    format!("{cell:width$}")
                } else {
                    format!("{cell:>width$}")
                }
            });
        cells.collect::<Vec<_>>().join("  ")
    };
    rows.iter().map(line).collect()
}

fn alerts(summary: &Summary, told: &Told) -> String {
    let total: u64 = told.alerts.values().sum();
    let each: Vec<String> = told
        .alerts
        .iter()
        .rev()
        .map(|(severity, count)| format!("{} {}", grouped(*count), severity.name()))
        .collect();
    let each = if each.is_empty() {
        String::new()
    } else {
        format!(": {}", each.join(", "))
    };
    let suppressed = match summary.suppressed {
        0 => String::new(),
        count => format!("; {} suppressed", grouped(count)),
    };
    let noun = if total == 1 { "alert" } else { "alerts" };
    format!("{} {noun}{each}{suppressed}", grouped(total))
}

/// Returns how much of the input was passed on.
fn forwarded(summary: &Summary, of: PassedOn) -> String {
    let summaries = match summary.volume.summaries {
        0 => String::new(),
        count => format!(", {} of them summaries", grouped(count)),
    };
    format!(
        "forwarded {} of {} records ({}){summaries}; {} of {} bytes ({})",
        grouped(of.records),
        grouped(of.records_read),
        share(of.records, of.records_read),
        grouped(of.bytes),
        grouped(of.bytes_read),
        share(of.bytes, of.bytes_read),
    )
}

/// Returns a part of a whole in percent.
#[expect(
    clippy::cast_precision_loss,
    reason = "percents are shown with one digit behind the point"
)]
pub(super) fn share(part: u64, whole: u64) -> String {
    if whole == 0 {
        return String::from("0.0 %");
    }
    format!("{:.1} %", part as f64 * 100.0 / whole as f64)
}

fn dead(summary: &Summary) -> Vec<String> {
    let line = |(reason, count): (&String, &u64)| {
        format!("dead: {} × {}", grouped(*count), escape_line(reason))
    };
    limited(summary.dead_reasons.iter().map(line).collect(), "reason")
}

fn failed_conversions(summary: &Summary) -> Vec<String> {
    let line = |((source, field), count): (&(_, _), &u64)| {
        let (source, field): (&std::sync::Arc<str>, &std::sync::Arc<str>) = (source, field);
        format!(
            "failed conversions: {} × {} of {}",
            grouped(*count),
            escape_line(field),
            escape_line(source)
        )
    };
    limited(
        summary.failed_conversions.iter().map(line).collect(),
        "field",
    )
}

fn oddities(summary: &Summary) -> Vec<String> {
    let counts = [
        (
            summary.duplicate_keys,
            "keys stood more than once in a record: the last counted",
        ),
        (
            summary.jumps,
            "events ran more than an hour ahead and were not believed at once",
        ),
        (
            summary.forced,
            "events were released early because too many waited",
        ),
        (
            summary.losses.evicted,
            "events that could have been part of a match were given up: alerts may be missing",
        ),
        (
            summary.losses.cut,
            "searches were cut because they took too long: alerts may be missing",
        ),
        (
            summary.volume.forgotten,
            "keys of digests were forgotten because there were too many: their next event passes again",
        ),
        (
            summary.volume.over_limit,
            "events were passed on because too many summaries were open",
        ),
        (
            summary.volume.incomplete,
            "summaries leave values out because there were too many",
        ),
    ];
    let shown = counts.iter().filter(|(count, _)| *count > 0);
    shown
        .map(|(count, words)| format!("{} {words}", grouped(*count)))
        .collect()
}

fn pending_lines(pending: &[Pending]) -> Vec<String> {
    let line = |pending: &Pending| {
        let key = pending.key.iter().map(|(name, value)| {
            format!("{} {}", escape_line(name), escape_line(&value.display()))
        });
        let key = key.collect::<Vec<_>>().join(", ");
        let until = format_rfc3339(pending.until);
        let rule = escape_line(&pending.rule);
        if key.is_empty() {
            format!("pending: {rule} until {until}")
        } else {
            format!("pending: {rule} ({key}) until {until}")
        }
    };
    limited(pending.iter().map(line).collect(), "pending absence")
}

fn limited(mut lines: Vec<String>, noun: &str) -> Vec<String> {
    if lines.len() > LINES_MAX {
        let more = lines.len() - LINES_MAX;
        lines.truncate(LINES_MAX);
        lines.push(format!("… and {}", counted(more, &format!("more {noun}"))));
    }
    lines
}

/// Returns where the time went, how fast it was, and what is remembered.
fn stats(summary: &Summary, rates: &Rates) -> Vec<String> {
    let on = match rates.workers {
        0 => String::new(),
        count => format!(" on {}", counted(count, "thread")),
    };
    let seconds = |time: Duration| format!("{:.2} s", time.as_secs_f64());
    let mut lines = vec![
        format!(
            "time: {} read and unpack; {} decode and normalize{on}; {} order and evaluate; {} write; {} wait",
            seconds(rates.read),
            seconds(rates.prepare),
            seconds(rates.evaluate()),
            seconds(rates.write),
            seconds(rates.wait),
        ),
        speed(summary, rates),
    ];
    let held = rates.sizes.iter().filter(|size| size.keys > 0);
    let line = |size: &StateSize| {
        let keys = counted(size.keys, "key");
        let name = escape_line(&size.name);
        format!("state: {} {name} holds {keys}", size.kind.word())
    };
    lines.extend(limited(held.map(line).collect(), "construct"));
    lines
}

#[expect(
    clippy::cast_precision_loss,
    reason = "speeds are shown with three digits"
)]
fn speed(summary: &Summary, rates: &Rates) -> String {
    let seconds = rates.elapsed.as_secs_f64().max(1e-6);
    let events: u64 = summary.sources.values().map(|counts| counts.received).sum();
    let per_second = events as f64 / seconds;
    let megabytes = rates.bytes as f64 / seconds / 1e6;
    format!("{per_second:.0} events/s, {megabytes:.1} MB/s, {seconds:.2} s")
}

/// Returns a number with its thousands apart, `1,234,567`.
pub(super) fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut out = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thousands_stand_apart() {
        let numbers = [0, 7, 999, 1_000, 1_234_567].map(grouped);
        assert_eq!(numbers, ["0", "7", "999", "1,000", "1,234,567"]);
    }
}
