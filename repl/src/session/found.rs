//! What was found: events by source and class, the span of time, identities, dead records and why.
//!
//! Apart from reading because it only counts.

use std::collections::BTreeMap;

use muster_lang::escape::escape_line;
use muster_lang::value::Value;

use super::Look;
use super::data::{Data, sizes};
use super::history::{History, short_time};
use super::table::{Table, cut};
use crate::report::{YELLOW, counted};

/// How many names a list shows before it counts the rest.
const NAMES: usize = 5;

/// Says what the records hold.
pub(crate) fn report(history: &History, data: &Data, look: Look) -> String {
    let summary = history.run.engine.summary();
    let mut text = format!(
        "{}: {}",
        sizes(data),
        counted(history.all_events().count(), "event")
    );
    let mut events = history.all_events();
    if let (Some(first), Some(last)) = (
        events.next().map(|one| one.time),
        history.all_events().next_back().map(|one| one.time),
    ) {
        text.push_str(&format!(", {} to {}", short_time(first), short_time(last)));
    }
    text.push('\n');
    text.push_str(&sources(history, look));
    text.push_str(&identities(history, look));
    for (word, count) in [
        (
            "duplicate",
            summary
                .sources
                .values()
                .map(|one| one.duplicate)
                .sum::<u64>(),
        ),
        ("late", summary.sources.values().map(|one| one.late).sum()),
        (
            "dropped",
            summary.sources.values().map(|one| one.dropped).sum(),
        ),
    ] {
        if count > 0 {
            text.push_str(&format!("{word}: {count}\n"));
        }
    }
    text + &dead(history, data, look)
}

fn sources(history: &History, look: Look) -> String {
    let mut counts: BTreeMap<(String, String), u64> = BTreeMap::new();
    let core = history.evaluator().program().core;
    for event in history.all_events() {
        let class = event.get(history.evaluator().layout(), core.class);
        let class = if class.is_missing() {
            String::new()
        } else {
            class.display()
        };
        *counts.entry((event.source.to_string(), class)).or_default() += 1;
    }
    let mut by_source: BTreeMap<String, (u64, Vec<(u64, String)>)> = BTreeMap::new();
    for ((source, class), count) in counts {
        let entry = by_source.entry(source).or_default();
        entry.0 += count;
        entry.1.push((count, class));
    }
    if by_source.is_empty() {
        return String::new();
    }
    let mut table = Table::new(["source", "events", "classes"]);
    for (source, (count, mut classes)) in by_source {
        classes.sort_by(|left, right| right.0.cmp(&left.0).then_with(|| left.1.cmp(&right.1)));
        let name = |class: &str| {
            if class.is_empty() {
                "(none)".to_owned()
            } else {
                escape_line(class).into_owned()
            }
        };
        let all: Vec<String> = classes
            .iter()
            .take(NAMES)
            .map(|(count, class)| format!("{} {count}", name(class)))
            .collect();
        let classes = all.join(", ") + &more(classes.len());
        table.row([source, count.to_string(), classes]);
    }
    table.draw(look.width, look.color)
}

fn more(count: usize) -> String {
    if count > NAMES {
        format!(", {} more", count - NAMES)
    } else {
        String::new()
    }
}

fn identities(history: &History, look: Look) -> String {
    let core = history.evaluator().program().core;
    let mut counts: BTreeMap<String, u64> = BTreeMap::new();
    for event in history.all_events() {
        match event.get(history.evaluator().layout(), core.identity) {
            Value::Missing => {}
            value => *counts.entry(value.display()).or_default() += 1,
        }
    }
    if counts.is_empty() {
        return String::new();
    }
    let mut most: Vec<(String, u64)> = counts.into_iter().collect();
    most.sort_by(|left, right| right.1.cmp(&left.1).then_with(|| left.0.cmp(&right.0)));
    let names: Vec<String> = most
        .iter()
        .take(NAMES)
        .map(|(name, count)| format!("{} {count}", escape_line(name)))
        .collect();
    let line = format!(
        "identities: {} ({}{})",
        most.len(),
        names.join(", "),
        more(most.len())
    );
    cut(&line, look.width.max(40)) + "\n"
}

fn dead(history: &History, data: &Data, look: Look) -> String {
    let dead = &history.run.out.dead;
    if dead.is_empty() {
        return String::new();
    }
    let mut text = look
        .color
        .paint(YELLOW, &format!("dead: {}", counted(dead.len(), "record")));
    text.push('\n');
    for (reason, count) in &history.run.engine.summary().dead_reasons {
        let example = dead
            .iter()
            .find(|one| one.reason.starts_with(reason.as_str()));
        let place = example.map(|one| {
            let name = data
                .names()
                .get(one.input as usize)
                .cloned()
                .unwrap_or_default();
            format!(", first in {} at byte {}", escape_line(&name), one.offset)
        });
        text.push_str(&format!(
            "  {count}  {}{}\n",
            escape_line(reason),
            place.unwrap_or_default()
        ));
    }
    text
}
