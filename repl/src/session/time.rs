//! The clock of a session, and events on a line of time.
//!
//! Apart from the history, which knows what was when: here it is moved and drawn.

use std::sync::Arc;

use muster_lang::units::Timestamp;
use muster_lang::value::fold;
use muster_runtime::alert::Alert;
use muster_runtime::event::Event;

use super::history::{History, clock_text, short_time};
use super::table::{cut, pad};
use super::{NOTHING, Session, safe};
use crate::report::{BOLD, DIM, RED};

/// How many lines a timeline has.
const LINES: usize = 60;

impl Session {
    /// Goes to the end, running what was not run.
    pub(super) fn run_all(&mut self) -> String {
        let is_cut = self
            .history
            .as_ref()
            .is_none_or(|history| history.run.is_cut);
        let text = if is_cut {
            self.refresh().unwrap_or_else(|error| error)
        } else {
            String::new()
        };
        if let Some(history) = &mut self.history {
            history.clock = None;
        }
        text + &self.alert_count()
    }

    /// Goes to an instant.
    pub(super) fn go_to(&mut self, text: &str) -> String {
        let Some(history) = &mut self.history else {
            return NOTHING.into();
        };
        let Some(time) = history.time(text) else {
            return not_a_time(text);
        };
        history.go_to(time);
        self.here()
    }

    /// Goes on or back by so many events.
    pub(super) fn go_by(&mut self, count: Option<&str>, sign: i64) -> String {
        let Ok(count) = count.unwrap_or("1").parse::<u32>() else {
            return format!(
                "error: expected a number of events, found `{}`\n",
                safe(count.unwrap_or_default())
            );
        };
        let before = self
            .history
            .as_ref()
            .map_or(0, |history| history.alerts().len());
        if let Some(history) = &mut self.history {
            history.go_by(sign * i64::from(count));
        }
        let after: Vec<Alert> = self
            .history
            .iter()
            .flat_map(|history| {
                history
                    .alerts()
                    .into_iter()
                    .skip(before)
                    .cloned()
                    .collect::<Vec<_>>()
            })
            .collect();
        let text = self.here();
        text + &super::declare::shown(&after.iter().collect::<Vec<_>>(), self.look.color)
    }

    /// Goes to an event, by its id or its beginning.
    pub(super) fn go_to_event(&mut self, id: &str) -> String {
        let Some(history) = &mut self.history else {
            return NOTHING.into();
        };
        let found = history
            .all_events()
            .find(|event| event.id.starts_with(id.trim_end_matches('…')))
            .map(|event| event.position);
        let Some(position) = found else {
            return format!(
                "error: there is no event `{}`\nhelp: ids stand in the last column of a table\n",
                safe(id)
            );
        };
        history.clock = Some(position);
        let Some(event) = history.event_at(position).cloned() else {
            return String::new();
        };
        self.here() + &self.whole(&event)
    }

    /// Says where the clock stands.
    fn here(&self) -> String {
        let Some(history) = &self.history else {
            return NOTHING.into();
        };
        let (shown, all) = (history.events().count(), history.all_events().count());
        let alerts = history.alerts().len();
        match history.events().next_back() {
            None => format!("before the first of {all} events\n"),
            Some(event) => format!(
                "{}  event {shown} of {all}, {}\n{}\n",
                short_time(event.time),
                crate::report::counted(alerts, "alert"),
                line_of(history, event, self.look.width)
            ),
        }
    }

    /// Returns every field of an event.
    fn whole(&self, event: &Event) -> String {
        let Some(history) = &self.history else {
            return NOTHING.into();
        };
        let program = history.evaluator().program();
        let fields = program
            .fields
            .iter()
            .filter(|(id, _)| !event.get(history.evaluator().layout(), *id).is_missing());
        let line = |(id, field): (muster_lang::ir::FieldId, &muster_lang::ir::Field)| {
            let value = cut(
                &safe(&event.get(history.evaluator().layout(), id).display()),
                200,
            );
            format!("  {}  {value}\n", pad(&field.name, 24))
        };
        fields.map(line).collect()
    }

    /// Draws events and alerts on a line of time.
    pub(super) fn timeline(&self, words: &[String]) -> String {
        let Some(history) = &self.history else {
            return NOTHING.into();
        };
        let words: Vec<String> = words.iter().map(|word| fold(word).into_owned()).collect();
        let events: Vec<&Arc<Event>> = history
            .events()
            .filter(|event| words.iter().all(|word| holds(history, event, word)))
            .collect();
        let keyed = |alert: &&&Alert| {
            let has = |word: &String| {
                alert
                    .key
                    .iter()
                    .any(|(_, value)| fold(&value.display()) == *word)
                    || alert
                        .evidence
                        .iter()
                        .any(|one| events.iter().any(|event| event.id == one.id))
            };
            words.iter().all(has)
        };
        let alerts = history.alerts();
        let alerts: Vec<&&Alert> = alerts.iter().filter(keyed).collect();
        let (Some(first), Some(last)) = (events.first(), events.last()) else {
            return "no events\n".into();
        };
        let mut text = scale(&events, first.time, last.time, self.look.width);
        text.push_str(&self.lines(history, &events, &alerts));
        text
    }

    fn lines(&self, history: &History, events: &[&Arc<Event>], alerts: &[&&Alert]) -> String {
        let mut lines: Vec<(Timestamp, String)> = Vec::new();
        let hidden = events.len().saturating_sub(LINES);
        let mut before = None;
        for event in events.iter().skip(hidden) {
            let in_alerts: Vec<String> = alerts
                .iter()
                .filter(|alert| alert.evidence.iter().any(|one| one.id == event.id))
                .map(|alert| alert.name.to_string())
                .collect();
            let mark = if in_alerts.is_empty() { '·' } else { '●' };
            let gap =
                before.map(|before| muster_lang::syntax::print::duration(event.time.since(before)));
            before = Some(event.time);
            let gap = gap
                .filter(|gap| gap != "0s")
                .map(|gap| format!("+{gap}"))
                .unwrap_or_default();
            let line = format!(
                "{gap:>9} {mark} {}",
                line_of(history, event, self.look.width.saturating_sub(12))
            );
            lines.push((event.time, line));
        }
        for alert in alerts {
            let words = format!(
                "▲ {} {}: {}",
                alert.severity.name(),
                alert.name,
                safe(&alert.text)
            );
            let words = format!(
                "{:>9} {}  {}",
                "",
                clock_text(alert.time),
                cut(&words, self.look.width.saturating_sub(24).max(20))
            );
            lines.push((alert.time, self.look.color.paint(RED, &words)));
        }
        lines.sort_by_key(|(time, _)| *time);
        let mut text = String::new();
        if hidden > 0 {
            text.push_str(
                &self
                    .look
                    .color
                    .paint(DIM, &format!("{hidden} earlier events are not shown\n")),
            );
        }
        let mut day = String::new();
        for (time, line) in lines {
            let today: String = short_time(time).chars().take(10).collect();
            if today != day {
                text.push_str(&format!("{}\n", self.look.color.paint(BOLD, &today)));
                day = today;
            }
            text.push_str(&line);
            text.push('\n');
        }
        text
    }
}

/// Returns one line with as many marks as there are columns: where events lie between first and last.
fn scale(events: &[&Arc<Event>], first: Timestamp, last: Timestamp, width: usize) -> String {
    let width = width.clamp(20, 72);
    let span = last.since(first).0.max(1);
    let mut counts = vec![0u64; width];
    for event in events {
        let at = i128::from(event.time.since(first).0) * (width as i128 - 1) / i128::from(span);
        if let Some(place) = usize::try_from(at).ok().and_then(|at| counts.get_mut(at)) {
            *place += 1;
        }
    }
    let (from, to) = (short_time(first), short_time(last));
    let gap = width.saturating_sub(from.len() + to.len()).max(2);
    format!(
        "{}\n{from}{}{to}\n",
        super::table::sparkline(&counts),
        " ".repeat(gap)
    )
}

fn holds(history: &History, event: &Event, word: &str) -> bool {
    let fields = history.evaluator().layout().fields();
    let mut values = fields
        .iter()
        .map(|field| event.get(history.evaluator().layout(), *field));
    values.any(|value| !value.is_missing() && fold(&value.display()) == word) || *event.id == *word
}

/// Returns an event in a line: when, what, who, and from where.
pub(super) fn line_of(history: &History, event: &Event, width: usize) -> String {
    let shown = [
        "class",
        "outcome",
        "identity",
        "ip",
        "geo.city",
        "resource.id",
    ];
    let values = shown
        .iter()
        .map(|name| history.field(event, name))
        .filter(|value| !value.is_missing());
    let values: Vec<String> = values.map(|value| safe(&value.display())).collect();
    cut(
        &format!(
            "{}  {}  {}",
            clock_text(event.time),
            values.join("  "),
            safe(&event.id)
        ),
        width.max(30),
    )
}

/// Says that a text is no time.
pub(super) fn not_a_time(text: &str) -> String {
    format!(
        "error: expected a time, found `{}`\nhelp: write `09:15`, `2026-03-15` or `2026-03-15T09:15:00Z`\n",
        safe(text)
    )
}
