//! Tests: running those there are, and making one of an alert.
//!
//! Apart from the scenario runner, which judges; here the smallest set of events is searched.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use muster_lang::ir::Test;
use muster_lang::syntax::format::format;
use muster_lang::syntax::print;
use muster_lang::types::Type;
use muster_lang::value::Value;
use muster_runtime::alert::Alert;
use muster_runtime::engine::Outputs;
use muster_runtime::event::Event;
use muster_runtime::options::EndOfInput;
use muster_runtime::scenario;

use super::history::History;
use super::shrink::shrink;
use super::{NOTHING, Session, safe};
use crate::load::read_beside;
use crate::report::{GREEN, RED};

impl Session {
    /// Runs the tests of files that were named or typed, of one rule or all.
    pub(super) fn test(&self, rule: Option<&str>) -> String {
        let Some(history) = &self.history else {
            return NOTHING.into();
        };
        let program = &history.compiled.program;
        let is_wanted = |test: &&Test| {
            let of_rule = |wanted: &str| {
                test.rule
                    .is_some_and(|rule| *program.rules[rule].name == *wanted)
            };
            history.compiled.loaded.is_named(test.span.file) && rule.is_none_or(of_rule)
        };
        let mut text = String::new();
        let (mut passed, mut failed) = (0, 0);
        for test in program.tests.iter().filter(is_wanted) {
            if self.stop.load(Ordering::Relaxed) {
                text.push_str("stopped\n");
                break;
            }
            let problems = self.problems(test);
            if problems.is_empty() {
                passed += 1;
                continue;
            }
            failed += 1;
            text.push_str(&format!(
                "{} {}\n",
                self.look.color.paint(RED, "FAILED"),
                safe(&test.name)
            ));
            text.extend(
                problems
                    .iter()
                    .map(|problem| format!("  {}\n", safe(problem))),
            );
        }
        if passed + failed == 0 {
            return "no tests\n".into();
        }
        let verdict = if failed == 0 {
            self.look.color.paint(GREEN, "ok")
        } else {
            self.look.color.paint(RED, "FAILED")
        };
        text + &format!("{verdict}: {passed} passed, {failed} failed\n")
    }

    /// Returns what is wrong with a test, each thing once.
    pub(super) fn problems(&self, test: &Test) -> Vec<String> {
        let Some(history) = &self.history else {
            return Vec::new();
        };
        let compiled = &history.compiled;
        let outcome = scenario::run(
            &compiled.program,
            &compiled.lookups,
            test,
            &mut |path, file| read_beside(&compiled.loaded, file, path),
        );
        match outcome {
            Ok(report) => {
                let mut told: Vec<String> = report
                    .failures
                    .into_iter()
                    .map(|(_, problem)| problem)
                    .collect();
                told.dedup();
                told
            }
            Err(error) => vec![error.to_string()],
        }
    }

    /// Makes a test of the alert shown last, or of its rule where none was, and takes it up.
    pub(super) fn save_test(&mut self, name: Option<&str>) -> String {
        let Some(name) = name else {
            return "error: expected `:save test NAME`, found no name\nhelp: `:save test \"Madrid, then Tokyo\"`\n".into();
        };
        let Some(alert) = self.alert_at_hand() else {
            return "error: there is no alert to make a test of\nhelp: `:alert N` chooses one\n"
                .into();
        };
        let Some(history) = &self.history else {
            return NOTHING.into();
        };
        let told: Vec<Arc<Event>> = history
            .all_events()
            .filter(|event| event.time <= alert.time)
            .cloned()
            .collect();
        let mut tried = |events: &[Arc<Event>]| {
            !self.stop.load(Ordering::Relaxed) && raises(history, events, &alert)
        };
        let own: Vec<Arc<Event>> = told
            .iter()
            .filter(|event| alert.evidence.iter().any(|one| one.id == event.id))
            .cloned()
            .collect();
        // What a match is made of is mostly all it needs; memories and other rules may need more.
        let start = if tried(&own) { own } else { told };
        if !tried(&start) {
            return "error: the alert cannot be raised from its events alone: events that arrive late, or an order of arrival, matter for it\n".into();
        }
        let events = without_needless(history, &alert, &shrink(&start, &mut tried), &self.stop);
        let text = self.test_text(name, &alert, &events);
        let count = events.len();
        let before = self.book.clone();
        let said = self.declare(&text);
        if !said.contains("test ") || said.starts_with("error") {
            return format!("{text}\n{said}");
        }
        let problems = self.problems_of(name);
        if problems.is_empty() {
            return format!(
                "{text}\ntaken up with {}; `:save FILE` keeps it\n",
                crate::report::counted(count, "event")
            );
        }
        self.book = before;
        let restored = self.refresh().unwrap_or_else(|error| error);
        format!(
            "{text}\nnot taken up, as it does not hold by itself: {}\n{restored}",
            safe(&problems.join("; "))
        )
    }

    fn alert_at_hand(&self) -> Option<Alert> {
        let history = self.history.as_ref()?;
        let alerts = history.alerts();
        let chosen = self
            .alert
            .as_ref()
            .and_then(|id| alerts.iter().find(|alert| alert.id == *id));
        chosen.or(alerts.last()).map(|alert| (*alert).clone())
    }

    fn problems_of(&self, name: &str) -> Vec<String> {
        let Some(history) = &self.history else {
            return Vec::new();
        };
        let test = history
            .compiled
            .program
            .tests
            .iter()
            .find(|test| *test.name == *name);
        test.map(|test| self.problems(test)).unwrap_or_default()
    }

    fn test_text(&self, name: &str, alert: &Alert, events: &[Arc<Event>]) -> String {
        let Some(history) = &self.history else {
            return String::new();
        };
        let mut text = format!("test {} for {} {{\n", print::quoted(name), alert.name);
        for event in events {
            text.push_str(&format!("  {}\n", event_line(history, event)));
        }
        if events.last().is_some_and(|last| last.time < alert.time) {
            text.push_str(&format!("  advance to {}\n", print::instant(alert.time.0)));
        }
        text.push_str(&format!(
            "  expect 1 alert at {} {{ severity: {} }}\n}}",
            print::instant(alert.time.0),
            alert.severity.name()
        ));
        format(&text)
            .map(|text| text.trim_end().to_owned())
            .unwrap_or(text)
    }
}

/// Tells whether events alone raise an alert like another.
fn raises(history: &History, events: &[Arc<Event>], alert: &Alert) -> bool {
    let Ok(mut engine) = history.run.engine.anew() else {
        return false;
    };
    let mut out = Outputs::default();
    for event in events {
        let mut event = (**event).clone();
        event.position = 0;
        engine.push_event(event, scenario::LATENESS, &mut out);
    }
    engine.advance(
        muster_lang::units::Timestamp(alert.time.0.saturating_add(1)),
        &mut out,
    );
    engine.finish(EndOfInput::Pending, &mut out);
    out.alerts.iter().any(|other| {
        other.name == alert.name
            && other.key == alert.key
            && other.time == alert.time
            && other.severity == alert.severity
            && other.text == alert.text
    })
}

/// Returns the events without the values that the alert does not need.
fn without_needless(
    history: &History,
    alert: &Alert,
    events: &[Arc<Event>],
    stop: &std::sync::atomic::AtomicBool,
) -> Vec<Arc<Event>> {
    let values = events.iter().enumerate().flat_map(|(at, event)| {
        let slots = event
            .values
            .iter()
            .enumerate()
            .filter(|(_, value)| !value.is_missing());
        slots.map(move |(slot, _)| (at, slot)).collect::<Vec<_>>()
    });
    let values: Vec<(usize, usize)> = values.collect();
    let with = |kept: &[(usize, usize)]| {
        let bare = |(at, event): (usize, &Arc<Event>)| {
            let mut event = (**event).clone();
            for (slot, value) in event.values.iter_mut().enumerate() {
                if !kept.contains(&(at, slot)) {
                    *value = Value::Missing;
                }
            }
            Arc::new(event)
        };
        events.iter().enumerate().map(bare).collect::<Vec<_>>()
    };
    let kept = shrink(&values, &mut |kept| {
        !stop.load(Ordering::Relaxed) && raises(history, &with(kept), alert)
    });
    with(&kept)
}

/// Returns an event as a line of a test: every field it has.
fn event_line(history: &History, event: &Event) -> String {
    let evaluator = history.evaluator();
    let program = evaluator.program();
    let core = program.core;
    let mut fields = Vec::new();
    for (id, field) in program.fields.iter() {
        let value = event.get(evaluator.layout(), id);
        if value.is_missing() || [core.time, core.id, core.source].contains(&id) {
            continue;
        }
        if let Some(text) = literal(value, &field.ty) {
            fields.push(format!("{}: {text}", field.name));
        }
    }
    format!(
        "at {} any {{ {} }}",
        print::instant(event.time.0),
        fields.join(", ")
    )
}

/// Returns a value as a test writes it; `None` for what has no spelling.
fn literal(value: &Value, ty: &Type) -> Option<String> {
    match (value, ty) {
        (Value::Text(text), Type::Enum(_)) => Some(text.to_string()),
        (Value::Text(text), _) => Some(print::quoted(text)),
        (Value::List(items), Type::List(element)) => {
            let items: Option<Vec<String>> =
                items.iter().map(|item| literal(item, element)).collect();
            items.map(|items| format!("[{}]", items.join(", ")))
        }
        (Value::Geo(place), _) => Some(format!("({}, {})", place.lat, place.lon)),
        (Value::Time(time), _) => Some(print::instant(time.0)),
        (Value::Ip(ip), _) => Some(print::quoted(&ip.to_string())),
        (Value::Size(bytes), _) => Some(format!("{bytes}B")),
        (Value::Duration(span), _) => Some(print::duration(*span)),
        (
            Value::Bool(_) | Value::Int(_) | Value::Float(_) | Value::Distance(_) | Value::Speed(_),
            _,
        ) => Some(value.display().replace(' ', "")),
        (Value::Record(_) | Value::Missing | Value::List(_), _) => None,
    }
}
