//! What the events hold: fields with values seen, and sources.
//!
//! Apart from asking lines because these look at everything at once.

use std::collections::BTreeMap;

use muster_lang::ir::{FieldId, Program};
use muster_lang::value::Value;

use super::history::History;
use super::table::{Table, cut};
use super::{NOTHING, Session};

/// How many events are looked at for sample values.
const LOOKED_AT: usize = 20_000;
/// How many sample values are shown.
const SAMPLES: usize = 3;
/// How many distinct values of a field are counted.
const COUNTED: usize = 200;

impl Session {
    /// Lists fields with types, sources and values seen.
    pub(super) fn list_fields(&self, pattern: &str) -> String {
        let Some(history) = &self.history else {
            return NOTHING.into();
        };
        let program = history.evaluator().program();
        let mut table = Table::new(["field", "type", "events", "values seen", "sources"]);
        let pattern = pattern.to_lowercase();
        let mut count = 0;
        for (id, field) in program
            .fields
            .iter()
            .filter(|(_, field)| field.name.contains(&pattern))
        {
            let seen = seen(history, id);
            if pattern.is_empty() && seen.events == 0 && !self.data.is_empty() {
                continue;
            }
            count += 1;
            table.row([
                field.name.to_string(),
                cut(&field.ty.to_string(), 24),
                seen.events.to_string(),
                seen.samples().join(", "),
                sources_of(program, id),
            ]);
        }
        if count == 0 {
            let near = muster_lang::suggest::nearest(
                &pattern,
                program.fields.as_slice().iter().map(|field| &*field.name),
            );
            let help = near
                .map(|near| format!("; did you mean `{near}`?"))
                .unwrap_or_default();
            return format!("no field holds `{}`{help}\n", super::safe(&pattern));
        }
        let text = table.draw(self.look.width, self.look.color);
        if pattern.is_empty() && !self.data.is_empty() {
            return text
                + "fields that no event has are not shown; `:fields PATTERN` shows them too\n";
        }
        text
    }

    /// Lists sources with what they took.
    pub(super) fn list_sources(&self) -> String {
        let Some(history) = &self.history else {
            return NOTHING.into();
        };
        let summary = history.run.engine.summary();
        let mut table = Table::new(["source", "records", "events", "dead", "late", "what it is"]);
        for source in history.evaluator().program().sources.as_slice() {
            let counts = summary
                .sources
                .get(&source.name)
                .copied()
                .unwrap_or_default();
            if counts.received > 0 || self.data.is_empty() {
                table.row([
                    source.name.to_string(),
                    counts.received.to_string(),
                    counts.evaluated.to_string(),
                    counts.dead.to_string(),
                    counts.late.to_string(),
                    source.doc.to_string(),
                ]);
            }
        }
        let nobodys = summary.sources.get("").map_or(0, |counts| counts.dead);
        let mut text = table.draw(self.look.width, self.look.color);
        if nobodys > 0 {
            text.push_str(&format!("taken by no source: {nobodys}\n"));
        }
        let failed = &summary.failed_conversions;
        for ((source, field), count) in failed {
            text.push_str(&format!(
                "{count} values of {source} could not be read as `{field}`\n"
            ));
        }
        text
    }
}

/// What events have in a field.
struct Seen {
    events: usize,
    values: BTreeMap<String, usize>,
}

impl Seen {
    /// Returns the most frequent values.
    fn samples(&self) -> Vec<String> {
        let mut values: Vec<(&String, &usize)> = self.values.iter().collect();
        values.sort_by(|left, right| right.1.cmp(left.1).then_with(|| left.0.cmp(right.0)));
        values
            .into_iter()
            .take(SAMPLES)
            .map(|(value, _)| cut(value, 16))
            .collect()
    }
}

fn seen(history: &History, field: FieldId) -> Seen {
    let mut seen = Seen {
        events: 0,
        values: BTreeMap::new(),
    };
    for event in history.all_events().take(LOOKED_AT) {
        let value = event.get(history.evaluator().layout(), field);
        if value.is_missing() {
            continue;
        }
        seen.events += 1;
        let known = seen.values.len();
        let text = cut(&super::safe(&value.display()), 60);
        match seen.values.get_mut(&text) {
            Some(count) => *count += 1,
            None if known < COUNTED => {
                seen.values.insert(text, 1);
            }
            None => {}
        }
    }
    seen
}

/// Returns the values seen most often in a field, for completion.
pub(super) fn values_of(history: &History, field: FieldId) -> Vec<String> {
    let values = history
        .all_events()
        .take(2_000)
        .map(|event| event.get(history.evaluator().layout(), field));
    let mut texts: Vec<String> = values
        .filter(|value| matches!(value, Value::Text(_)))
        .map(Value::display)
        .collect();
    texts.sort();
    texts.dedup();
    texts.truncate(COUNTED);
    texts
}

fn sources_of(program: &Program, field: FieldId) -> String {
    let names = program
        .sources
        .iter()
        .filter(|(_, source)| source.assigns.iter().any(|assign| assign.field == field));
    let names: Vec<&str> = names.map(|(_, source)| &*source.name).collect();
    match (names.as_slice(), program.fields[field].default) {
        ([], Some(_)) => "(computed)".into(),
        ([first, second, third, rest @ ..], _) if !rest.is_empty() => {
            format!("{first}, {second}, {third}, {} more", rest.len())
        }
        (names, _) => names.join(", "),
    }
}
