//! Declarations that are typed: compiled at once, put in their place, and run over the events.
//!
//! Apart from the book, which only keeps them: here people are told what changed.

use std::sync::Arc;

use muster_runtime::alert::Alert;
use muster_runtime::encode::text;

use super::book::{self, Handle};
use super::{NOTHING, Session};
use crate::report::{Color, DIM, counted};

/// How many alerts are shown in full at once.
const SHOWN: usize = 3;

impl Session {
    /// Takes up what was typed, or says what is wrong with it and forgets it.
    pub(super) fn declare(&mut self, line: &str) -> String {
        let color = self.look.color.is_on();
        let declared = match book::declarations(line, color) {
            Ok(declared) if declared.is_empty() => return "error: expected a declaration\n".into(),
            Ok(declared) => declared,
            Err(error) => return error,
        };
        let before = self.book.clone();
        let alerts = self.alerts_of_all();
        let replaced: Vec<bool> = declared
            .iter()
            .map(|(handle, text)| self.book.put(handle, text))
            .collect();
        let cut = match self.refresh() {
            Ok(cut) => cut,
            Err(error) => {
                self.book = before;
                return error;
            }
        };
        let mut text = cut;
        for ((handle, _), replaced) in declared.iter().zip(replaced) {
            text.push_str(&self.told(handle, replaced, &alerts));
        }
        text
    }

    /// Returns every alert there is, whatever the clock says.
    pub(super) fn alerts_of_all(&self) -> Vec<Alert> {
        self.history
            .as_ref()
            .map(|history| history.run.out.alerts.clone())
            .unwrap_or_default()
    }

    fn told(&self, handle: &Handle, replaced: bool, before: &[Alert]) -> String {
        let Some(history) = &self.history else {
            return NOTHING.into();
        };
        let verb = if replaced { "replaced" } else { "added" };
        let mut text = book::remarks(
            &history.compiled,
            &format!("<{} {}>", handle.word, handle.name),
            self.look.color.is_on(),
        );
        text.push_str(&format!(
            "{} {} {verb}",
            handle.word,
            super::safe(&handle.name)
        ));
        if handle.word != "rule" {
            text.push_str(&self.changed(before));
            return text + "\n";
        }
        let alerts: Vec<&Alert> = history
            .run
            .out
            .alerts
            .iter()
            .filter(|alert| *alert.name == *handle.name)
            .collect();
        text.push_str(&format!(": {}", counted(alerts.len(), "alert")));
        text.push_str(&self.changed(before));
        text.push('\n');
        if alerts.is_empty() && !self.data.is_empty() {
            text.push_str(&self.look.color.paint(
                DIM,
                &format!("`:why not {}` tells how near it came\n", handle.name),
            ));
        }
        text + &shown(&alerts, self.look.color)
    }

    /// Says how many alerts were gained and lost, of all rules.
    pub(super) fn changed(&self, before: &[Alert]) -> String {
        let Some(history) = &self.history else {
            return String::new();
        };
        let now = &history.run.out.alerts;
        let (gained, lost) = (missing_in(now, before).len(), missing_in(before, now).len());
        if gained + lost == 0 {
            return String::new();
        }
        format!(" (+{gained} -{lost})")
    }
}

/// Returns the alerts of one run that another has not.
pub(super) fn missing_in<'a>(alerts: &'a [Alert], others: &[Alert]) -> Vec<&'a Alert> {
    let same = |alert: &Alert| {
        (
            alert.name.clone(),
            alert.time,
            muster_runtime::alert::key_text(&alert.key),
            evidence(alert),
        )
    };
    let known: std::collections::BTreeSet<_> = others.iter().map(same).collect();
    alerts
        .iter()
        .filter(|alert| !known.contains(&same(alert)))
        .collect()
}

fn evidence(alert: &Alert) -> Vec<Arc<str>> {
    alert
        .evidence
        .iter()
        .map(|event| event.id.clone())
        .collect()
}

/// Returns the first alerts in full, and how many follow.
pub(super) fn shown(alerts: &[&Alert], color: Color) -> String {
    let paint = if color.is_on() {
        text::Paint::Ansi
    } else {
        text::Paint::Plain
    };
    let first: String = alerts
        .iter()
        .take(SHOWN)
        .map(|alert| text::alert(alert, paint))
        .collect();
    match alerts.len().checked_sub(SHOWN) {
        Some(more) if more > 0 => format!("{first}{more} more; `:alerts` lists all\n"),
        _ => first,
    }
}
