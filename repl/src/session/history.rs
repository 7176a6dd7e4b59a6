//! What a run came to, as seen from an instant of it.
//!
//! Apart from the run because time travel changes nothing: what came after the clock is not shown.

use std::sync::Arc;

use muster_lang::time::format_rfc3339;
use muster_lang::units::Timestamp;
use muster_lang::value::Value;
use muster_runtime::alert::Alert;
use muster_runtime::event::{Event, Origin};
use muster_runtime::predicate::Evaluator;

use super::book::Compiled;
use super::data::Run;

/// A program that ran over the records.
pub(crate) struct History {
    /// The program.
    pub(crate) compiled: Compiled,
    /// What came of it.
    pub(crate) run: Run,
    /// The place of the last event that is shown; `None` for all.
    pub(crate) clock: Option<u64>,
}

impl History {
    /// Returns how expressions are evaluated.
    pub(crate) fn evaluator(&self) -> &Arc<Evaluator> {
        self.run.engine.evaluator()
    }

    /// Returns every event of the input in stream order, whatever the clock says.
    pub(crate) fn all_events(&self) -> impl DoubleEndedIterator<Item = &Arc<Event>> {
        let events = self.run.out.events.iter();
        events.filter(|event| event.position > 0 && event.origin == Origin::Input)
    }

    /// Returns the events of the input up to the clock.
    pub(crate) fn events(&self) -> impl DoubleEndedIterator<Item = &Arc<Event>> {
        let clock = self.clock.unwrap_or(u64::MAX);
        self.all_events()
            .filter(move |event| event.position <= clock)
    }

    /// Returns the time of the clock: that of the last event shown.
    pub(crate) fn now(&self) -> Option<Timestamp> {
        self.events().next_back().map(|event| event.time)
    }

    /// Returns the alerts raised up to the clock, in order.
    pub(crate) fn alerts(&self) -> Vec<&Alert> {
        let now = self.now();
        let is_shown = |alert: &&Alert| match self.clock {
            None => true,
            Some(clock) => {
                let waited = self
                    .event_at(alert.completing)
                    .is_some_and(|event| event.time < alert.time);
                let is_due = now.is_some_and(|now| {
                    if waited {
                        alert.time < now
                    } else {
                        alert.time <= now
                    }
                });
                alert.completing <= clock && is_due
            }
        };
        self.run.out.alerts.iter().filter(is_shown).collect()
    }

    /// Returns the event at a place in stream order.
    pub(crate) fn event_at(&self, position: u64) -> Option<&Arc<Event>> {
        self.run
            .out
            .events
            .iter()
            .find(|event| event.position == position)
    }

    /// Moves the clock to the last event at or before an instant.
    pub(crate) fn go_to(&mut self, time: Timestamp) {
        let last = self
            .all_events()
            .take_while(|event| event.time <= time)
            .last();
        self.clock = Some(last.map_or(0, |event| event.position));
    }

    /// Moves the clock by so many events.
    pub(crate) fn go_by(&mut self, count: i64) {
        let shown = i64::try_from(self.events().count()).unwrap_or(i64::MAX);
        let at = usize::try_from(shown.saturating_add(count)).unwrap_or(0);
        let position = at
            .checked_sub(1)
            .map(|last| self.all_events().nth(last).map(|event| event.position));
        self.clock = match position {
            None => Some(0),
            Some(found) => found,
        };
    }

    /// Returns a field of an event by its name.
    pub(crate) fn field(&self, event: &Event, name: &str) -> Value {
        let program = self.evaluator().program();
        let found = program
            .fields
            .iter()
            .find(|(_, field)| &*field.name == name);
        found.map_or(Value::Missing, |(id, _)| {
            event.get(self.evaluator().layout(), id).clone()
        })
    }

    /// Reads a time as people write it: a whole instant, a date, or a time of the day of the clock.
    pub(crate) fn time(&self, text: &str) -> Option<Timestamp> {
        if let Some(time) = muster_lang::time::parse_rfc3339(text) {
            return Some(time);
        }
        let day = self
            .now()
            .or_else(|| self.all_events().next().map(|event| event.time));
        let day = day.map(format_rfc3339).unwrap_or_default();
        let day = day.get(..10).unwrap_or("1970-01-01");
        let end = match text.split(':').count() {
            2 => ":59.999999Z",
            _ => "Z",
        };
        let is_date = text.len() == 10 && text.matches('-').count() == 2;
        let whole = if is_date {
            format!("{text}T23:59:59.999999Z")
        } else {
            let hour = if text.find(':') == Some(1) { "0" } else { "" };
            format!("{day}T{hour}{text}{end}")
        };
        muster_lang::time::parse_rfc3339(&whole)
    }
}

/// Returns a time of day, with its fraction only where there is one.
pub(crate) fn clock_text(time: Timestamp) -> String {
    let text = format_rfc3339(time);
    text.get(11..)
        .unwrap_or(&text)
        .trim_end_matches('Z')
        .to_owned()
}

/// Returns date and time as a prompt shows them.
pub(crate) fn short_time(time: Timestamp) -> String {
    let text = format_rfc3339(time);
    let text = text.split(['.', 'Z']).next().unwrap_or_default();
    text.replacen('T', " ", 1)
}
