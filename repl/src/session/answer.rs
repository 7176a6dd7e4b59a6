//! What a line that asks is answered with: a table of events, or counts with bars.
//!
//! Apart from compiling the line because this is all about layout.

use std::collections::BTreeMap;
use std::sync::Arc;

use muster_lang::ir::{ClassKind, ExprId, ExprKind, FieldId, Program, Row};
use muster_lang::units::{Duration, Timestamp};
use muster_lang::value::{Value, fold};
use muster_runtime::event::{Event, Layout};
use muster_runtime::machine::{frame, zone_of};
use muster_runtime::predicate::{Evaluator, Scope};

use super::Look;
use super::history::{History, clock_text, short_time};
use super::query::Query;
use super::table::{Table, bar, sparkline};
use crate::report::{DIM, counted};

/// How many rows are shown at once.
pub(crate) const PAGE: usize = 20;
/// How wide a bar may be.
const BAR: usize = 24;
/// How much of an id is shown: `:at` takes the beginning of one.
const ID: usize = 13;
/// The most spans of one sparkline.
const SPANS_MAX: usize = 60;
/// Fields shown where there is room, beside those a line names.
const USUAL: [&str; 5] = ["identity", "ip", "class", "outcome", "source"];

/// What a page is cut from: lines not yet shown.
pub(crate) struct Answer {
    /// What is shown.
    pub(crate) text: String,
    /// The ids of all events, for what follows.
    pub(crate) rest: Vec<String>,
}

/// Answers a line.
///
/// # Errors
///
/// If its expressions cannot be prepared.
pub(crate) fn answer(
    query: &Query,
    counts: bool,
    history: &History,
    look: Look,
) -> Result<Answer, String> {
    let program = query.compiled.program.clone();
    let layout = Layout::of_all(&program);
    let evaluator = Evaluator::new(program, layout, query.compiled.lookups.clone());
    let evaluator = evaluator.map_err(|error| format!("error: {error}\n"))?;
    let found: Vec<&Arc<Event>> = history
        .events()
        .filter(|event| evaluator.in_class(query.class, event))
        .collect();
    if let Some(every) = query.every {
        return Ok(Answer::of(over_time(
            query, every, &found, &evaluator, look,
        )));
    }
    if !query.by.is_empty() {
        return Ok(Answer::of(by(query, &found, &evaluator, look)));
    }
    if counts {
        return Ok(Answer::of(format!("{}\n", events_of(found.len(), history))));
    }
    Ok(table(query, &found, &evaluator, history, look))
}

impl Answer {
    fn of(text: String) -> Self {
        Self {
            text,
            rest: Vec::new(),
        }
    }
}

fn events_of(count: usize, history: &History) -> String {
    format!(
        "{} of {}",
        count,
        counted(history.events().count(), "event")
    )
}

fn table(
    query: &Query,
    found: &[&Arc<Event>],
    evaluator: &Evaluator,
    history: &History,
    look: Look,
) -> Answer {
    let columns = columns(query, found, evaluator);
    let names = columns.iter().map(|column| column.0.clone());
    let make = |events: &[&Arc<Event>]| {
        let mut table = Table::new(
            ["time".to_owned()]
                .into_iter()
                .chain(names.clone())
                .chain(["id".to_owned()]),
        );
        for event in events {
            let cells = columns
                .iter()
                .map(|(_, column)| column.of(evaluator, event));
            table.row(
                [short_time(event.time)]
                    .into_iter()
                    .chain(cells)
                    .chain([super::table::cut(&event.id, ID)]),
            );
        }
        table.draw(look.width, look.color)
    };
    if found.is_empty() {
        return Answer::of(format!("{}\n", events_of(0, history)));
    }
    let (shown, more) = found.split_at(found.len().min(PAGE));
    let mut text = make(shown);
    let rest: Vec<String> = more.chunks(PAGE).map(make).collect();
    let mut closing = events_of(found.len(), history);
    if !rest.is_empty() {
        closing.push_str(&format!("; {} shown, `:more` goes on", shown.len()));
    }
    text.push_str(&look.color.paint(DIM, &closing));
    text.push('\n');
    Answer { text, rest }
}

/// A column of a table.
enum Column {
    /// A field.
    Field(FieldId),
    /// What a line asks for.
    Expr(ExprId),
}

impl Column {
    fn of(&self, evaluator: &Evaluator, event: &Event) -> String {
        let value = self.value(evaluator, event);
        if value.is_missing() {
            String::new()
        } else {
            value.display()
        }
    }

    fn value(&self, evaluator: &Evaluator, event: &Event) -> Value {
        match self {
            Column::Field(field) => event.get(evaluator.layout(), *field).clone(),
            Column::Expr(expr) => evaluator.value(*expr, &Scope::of_event(event)),
        }
    }
}

/// Returns the columns: what the line shows and reads, then the usual; none that is always missing.
fn columns(query: &Query, found: &[&Arc<Event>], evaluator: &Evaluator) -> Vec<(String, Column)> {
    let program = evaluator.program();
    let mut columns: Vec<(String, Column)> = query
        .show
        .iter()
        .map(|(name, expr)| (name.clone(), Column::Expr(*expr)))
        .collect();
    let named = fields_read(program, query);
    let usual = USUAL.iter().filter_map(|name| {
        program
            .fields
            .iter()
            .find(|(_, field)| &*field.name == *name)
            .map(|(id, _)| id)
    });
    for field in usual.chain(named) {
        let name = program.fields[field].name.to_string();
        let is_there = found
            .iter()
            .any(|event| !event.get(evaluator.layout(), field).is_missing());
        let is_core = [program.core.time, program.core.id].contains(&field);
        if is_there && !is_core && !columns.iter().any(|(known, _)| *known == name) {
            columns.push((name, Column::Field(field)));
        }
    }
    columns
}

/// Returns the fields that the conditions of a line read.
fn fields_read(program: &Program, query: &Query) -> Vec<FieldId> {
    let ClassKind::Where { conditions, .. } = &program.classes[query.class].kind else {
        return Vec::new();
    };
    let mut fields = Vec::new();
    for condition in conditions {
        program.walk(condition.expr, &mut |_, kind| {
            if let ExprKind::Field(Row::This, field) = kind
                && !fields.contains(field)
            {
                fields.push(*field);
            }
        });
    }
    fields
}

/// Returns the spellings of an event's values, each element of a list for itself.
fn keys(query: &Query, evaluator: &Evaluator, event: &Event) -> Vec<Vec<String>> {
    let mut keys: Vec<Vec<String>> = vec![Vec::new()];
    for (_, expr) in &query.by {
        let values = match evaluator.value(*expr, &Scope::of_event(event)) {
            Value::Missing => vec!["(missing)".to_owned()],
            Value::List(items) if items.is_empty() => vec!["(missing)".to_owned()],
            Value::List(items) => items.iter().map(Value::display).collect(),
            value => vec![value.display()],
        };
        let with = |key: &Vec<String>| {
            let one = |value: &String| [key.as_slice(), std::slice::from_ref(value)].concat();
            values.iter().map(one).collect::<Vec<_>>()
        };
        keys = keys.iter().flat_map(with).collect();
    }
    keys
}

/// A counted key: its spelling and what it has.
struct Tally {
    key: Vec<String>,
    times: Vec<Timestamp>,
}

/// Counts events by their keys, the most frequent first.
fn tallies(query: &Query, found: &[&Arc<Event>], evaluator: &Evaluator) -> Vec<Tally> {
    let mut by: BTreeMap<Vec<String>, Tally> = BTreeMap::new();
    for event in found {
        for key in keys(query, evaluator, event) {
            let folded = key.iter().map(|part| fold(part).into_owned()).collect();
            let tally = by.entry(folded).or_insert_with(|| Tally {
                key,
                times: Vec::new(),
            });
            tally.times.push(event.time);
        }
    }
    let mut tallies: Vec<Tally> = by.into_values().collect();
    tallies.sort_by_key(|tally| std::cmp::Reverse(tally.times.len()));
    tallies
}

fn by(query: &Query, found: &[&Arc<Event>], evaluator: &Evaluator, look: Look) -> String {
    let tallies = tallies(query, found, evaluator);
    let most = tallies.first().map_or(0, |tally| tally.times.len());
    let names = query.by.iter().map(|(name, _)| name.clone());
    let mut table = Table::new(names.chain(["count".to_owned(), String::new()]));
    for tally in tallies.iter().take(PAGE) {
        let count = tally.times.len();
        let drawn = bar(count as u64, most as u64, BAR);
        table.row(tally.key.iter().cloned().chain([count.to_string(), drawn]));
    }
    let mut text = table.draw(look.width, look.color);
    text.push_str(&rest(tallies.len(), found.len(), look));
    text
}

fn rest(keys: usize, events: usize, look: Look) -> String {
    let hidden = keys.saturating_sub(PAGE);
    let mut words = format!(
        "{} under {}",
        counted(events, "event"),
        counted(keys, "key")
    );
    if hidden > 0 {
        words.push_str(&format!("; {hidden} more are rarer"));
    }
    format!("{}\n", look.color.paint(DIM, &words))
}

fn over_time(
    query: &Query,
    every: Duration,
    found: &[&Arc<Event>],
    evaluator: &Evaluator,
    look: Look,
) -> String {
    let (Some(first), Some(last)) = (found.first(), found.last()) else {
        return "no events\n".into();
    };
    let zone = zone_of(None);
    let start = |time: Timestamp| frame::window_start(time, every, zone);
    let (from, to) = (start(first.time), start(last.time));
    if query.by.is_empty() {
        return spans(found, every, from, look);
    }
    let count = usize::try_from(to.since(from).0 / every.0)
        .unwrap_or(usize::MAX)
        .saturating_add(1);
    if count > SPANS_MAX {
        return format!(
            "error: {count} spans do not fit on a line\nhelp: ask for longer ones, at most {SPANS_MAX}\n"
        );
    }
    let tallies = tallies(query, found, evaluator);
    let names = query.by.iter().map(|(name, _)| name.clone());
    let mut table = Table::new(names.chain([
        "count".to_owned(),
        "most".to_owned(),
        format!("{} to {}", short_time(from), clock_text(to.plus(every))),
    ]));
    for tally in tallies.iter().take(PAGE) {
        let mut counts = vec![0u64; count];
        for time in &tally.times {
            let at = usize::try_from(time.since(from).0 / every.0).unwrap_or(0);
            if let Some(place) = counts.get_mut(at) {
                *place += 1;
            }
        }
        let most = counts.iter().max().copied().unwrap_or(0);
        table.row(tally.key.iter().cloned().chain([
            tally.times.len().to_string(),
            most.to_string(),
            sparkline(&counts),
        ]));
    }
    table.draw(look.width.max(40), look.color) + &rest(tallies.len(), found.len(), look)
}

/// Counts events span by span; spans without any are told as one line.
fn spans(found: &[&Arc<Event>], every: Duration, from: Timestamp, look: Look) -> String {
    let mut counts: BTreeMap<i64, u64> = BTreeMap::new();
    for event in found {
        *counts
            .entry(event.time.since(from).0.div_euclid(every.0))
            .or_default() += 1;
    }
    let most = counts.values().max().copied().unwrap_or(0);
    let mut table = Table::new(["from", "count", ""]);
    let mut next = None;
    for (at, count) in counts.iter().take(3 * PAGE) {
        if next.is_some_and(|next| next < *at) {
            table.row(["…".into(), "0".into(), String::new()]);
        }
        next = Some(at + 1);
        let time = from.plus(Duration(at.saturating_mul(every.0)));
        table.row([short_time(time), count.to_string(), bar(*count, most, BAR)]);
    }
    let mut text = table.draw(look.width, look.color);
    if counts.len() > 3 * PAGE {
        text.push_str(&format!("{} more spans\n", counts.len() - 3 * PAGE));
    }
    text
}
