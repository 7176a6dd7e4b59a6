//! Alerts for people: a heading, the text, and the evidence below it.
//!
//! Apart from JSON because nothing reads this but eyes, and so its layout may change.

use std::fmt::Write;
use std::sync::Arc;

use anstyle::{AnsiColor, Style};

use muster_lang::escape::escape_line;
use muster_lang::ir::Severity;
use muster_lang::time::format_rfc3339;

use crate::alert::{Alert, Evidence, Named};

/// How many events of one step are shown, first and last; the ones between are counted.
const SHOWN_FIRST: usize = 4;
const SHOWN_LAST: usize = 2;

const BOLD: Style = Style::new().bold();
const DIM: Style = Style::new().dimmed();

/// Whether a terminal shows colors.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Paint {
    /// Letters only.
    Plain,
    /// Colors of ANSI terminals.
    Ansi,
}

impl Paint {
    fn with(self, style: Style, text: &str) -> String {
        match self {
            Paint::Plain => text.into(),
            Paint::Ansi => format!("{style}{text}{style:#}"),
        }
    }
}

/// Returns an alert as lines for people, with an empty line behind.
///
/// Everything that came from a log or a rule is escaped.
#[must_use]
pub fn alert(alert: &Alert, paint: Paint) -> String {
    let mut lines = vec![
        heading(alert, paint),
        format!("  {}", escape_line(&alert.text)),
    ];
    lines.extend(keys(alert, paint));
    lines.extend(evidence(alert, paint));
    lines.extend(reasons(alert, paint));
    lines.extend(remarks(alert, paint));
    let mut text = lines.join("\n");
    text.push_str("\n\n");
    text
}

fn heading(alert: &Alert, paint: Paint) -> String {
    let color = match alert.severity {
        Severity::None | Severity::Info => AnsiColor::Cyan,
        Severity::Low => AnsiColor::Blue,
        Severity::Medium => AnsiColor::Yellow,
        Severity::High => AnsiColor::Red,
        Severity::Critical => AnsiColor::Magenta,
    };
    let severity = alert.severity.name().to_uppercase();
    let severity = paint.with(color.on_default().bold(), &severity);
    let title = if alert.title.is_empty() {
        &alert.name
    } else {
        &alert.title
    };
    let title = paint.with(BOLD, &escape_line(title));
    format!("{severity}  {}  {title}", format_rfc3339(alert.time))
}

fn keys(alert: &Alert, paint: Paint) -> Vec<String> {
    let also = alert.also.iter().map(|key| ("also", key));
    let keys = std::iter::once(("key", &alert.key))
        .chain(also)
        .filter(|(_, key)| !key.is_empty());
    keys.map(|(word, key)| labelled(word, &pairs(key), paint))
        .collect()
}

fn evidence(alert: &Alert, paint: Paint) -> Vec<String> {
    let width = alert
        .evidence
        .iter()
        .map(|event| event.step.chars().count())
        .max()
        .unwrap_or(0);
    let mut lines = Vec::new();
    for events in alert.evidence.chunk_by(|one, other| one.step == other.step) {
        let all = counted(alert, events);
        if events.len() <= SHOWN_FIRST + SHOWN_LAST {
            lines.extend(events.iter().map(|event| event_line(event, width, paint)));
            continue;
        }
        let (first, rest) = events.split_at(SHOWN_FIRST);
        let (_, last) = rest.split_at(rest.len() - SHOWN_LAST);
        let hidden = all - (SHOWN_FIRST + SHOWN_LAST) as u64;
        lines.extend(first.iter().map(|event| event_line(event, width, paint)));
        lines.push(paint.with(DIM, &format!("  {:width$}  … {hidden} more", "")));
        lines.extend(last.iter().map(|event| event_line(event, width, paint)));
    }
    lines
}

/// Returns how many events a step has, those the alert does not carry included.
fn counted(alert: &Alert, events: &[Evidence]) -> u64 {
    let here = events.len() as u64;
    let of_step = |step: &Arc<str>| events.first().is_some_and(|event| event.step == *step);
    let told = alert
        .counts
        .iter()
        .find(|(step, _)| of_step(step))
        .map_or(0, |(_, count)| *count);
    told.max(here)
}

fn event_line(event: &Evidence, width: usize, paint: Paint) -> String {
    let step = format!("{:width$}", escape_line(&event.step));
    let mut line = format!(
        "  {}  {}  {} {}",
        paint.with(DIM, &step),
        format_rfc3339(event.time),
        escape_line(&event.source),
        escape_line(&event.id)
    );
    if !event.fields.is_empty() {
        // Writing to a string cannot fail.
        let _ = write!(line, "  {}", pairs(&event.fields));
    }
    line
}

fn reasons(alert: &Alert, paint: Paint) -> Vec<String> {
    let because = alert.because.iter().map(|reason| {
        let condition = escape_line(&reason.condition);
        let words = if reason.value.is_empty() {
            condition.into_owned()
        } else {
            format!("{condition} ({})", escape_line(&reason.value))
        };
        labelled("because", &words, paint)
    });
    let notes = alert
        .notes
        .iter()
        .map(|note| labelled("note", &escape_line(note), paint));
    because.chain(notes).collect()
}

fn remarks(alert: &Alert, paint: Paint) -> Option<String> {
    let mut remarks = vec![format!("rule {}", escape_line(&alert.name))];
    if !alert.attack.is_empty() {
        remarks.push(format!("attack {}", escape_line(&alert.attack.join(", "))));
    }
    if let Some(score) = alert.score {
        remarks.push(format!(
            "score {score} on {}",
            escape_line(&alert.score_on.display())
        ));
    }
    if alert.suppressed > 0 {
        remarks.push(format!("{} alike suppressed before", alert.suppressed));
    }
    if !alert.complete {
        remarks.push("not everything it depends on was seen".into());
    }
    Some(paint.with(DIM, &format!("  {}", remarks.join(" · "))))
}

fn labelled(word: &str, text: &str, paint: Paint) -> String {
    format!("  {} {text}", paint.with(DIM, &format!("{word}:")))
}

fn pairs(values: &[Named]) -> String {
    let pair =
        |(name, value): &Named| format!("{} {}", escape_line(name), escape_line(&value.display()));
    values.iter().map(pair).collect::<Vec<_>>().join(", ")
}
