//! Reference pages of rules and sources, in Markdown.
//!
//! Apart from the facts of a rule because a page is for readers of a pack: what it finds and why, what
//! it needs, and what it cannot see.

use std::fmt::Write as _;

use super::words::{code, row};
use super::{feed, read, sentence};
use crate::ir::feed::{Columns, Makes};
use crate::ir::{FieldId, Program, RuleId, Severity, SourceId};

/// Returns the section of a rule.
#[must_use]
pub fn rule_page(program: &Program, id: RuleId, columns: Columns<'_>) -> String {
    let rule = &program.rules[id];
    let meta = &rule.meta;
    let mut out = format!("## {}\n\n**{}.**", rule.name, rule.title);
    if !meta.about.is_empty() {
        let _ = write!(out, " {}", meta.about);
    }
    let _ = write!(out, "\n\n{}\n\n| | |\n|---|---|\n", sentence(program, rule));
    let mut line = |name: &str, says: String| {
        if !says.is_empty() {
            let _ = writeln!(out, "| {name} | {} |", says.replace('|', "\\|"));
        }
    };
    line("severity", severities(program, id));
    line("ATT&CK", meta.attack.join(", "));
    line("tags", meta.tags.join(", "));
    line(
        "status",
        meta.status.as_deref().unwrap_or_default().to_owned(),
    );
    line("false positives", meta.false_positives.to_string());
    for (at, fed) in feed::lines(program, rule, columns).into_iter().enumerate() {
        line(if at == 0 { "fed by" } else { "" }, fed);
    }
    line("reads", read::lines(program, rule).join("; "));
    out
}

fn severities(program: &Program, id: RuleId) -> String {
    let rule = &program.rules[id];
    let alert = &rule.alert;
    let base = match alert.severity {
        Severity::None => "none of its own",
        Severity::Info | Severity::Low | Severity::Medium | Severity::High | Severity::Critical => {
            alert.severity.name()
        }
    };
    let when = alert.severities.iter().map(|(severity, when)| {
        let condition = super::words::expr(program, rule, *when);
        format!("{} when {}", severity.name(), code(&condition))
    });
    let all: Vec<String> = std::iter::once(base.to_owned()).chain(when).collect();
    all.join("; ")
}

/// Returns the parts of a source's page that its lines tell: what it makes, fills and cannot fill.
#[must_use]
pub fn source_page(program: &Program, id: SourceId, columns: Columns<'_>) -> String {
    let source = &program.sources[id];
    let made = match Makes::of(program, source, columns) {
        Makes::Any => "any class that the record names".to_owned(),
        Makes::Unknown => "classes that only its records tell".to_owned(),
        Makes::These(values) => {
            let mut names: Vec<String> =
                values.iter().map(|value| code(&value.display())).collect();
            names.sort();
            names.dedup();
            names.join(" ")
        }
    };
    let filled = |field: FieldId| {
        source.fields_from.is_some() || source.assigns.iter().any(|line| line.field == field)
    };
    let names = |wanted: bool| {
        let fields = program.fields.iter();
        let names: Vec<String> = fields
            .filter(|(id, _)| *id != program.core.source && filled(*id) == wanted)
            .map(|(_, field)| code(&field.name))
            .collect();
        names.join(" ")
    };
    let dedupe = source.dedupe.map_or("no".to_owned(), super::words::span);
    format!(
        "| | |\n|---|---|\n| late by up to | {} |\n| repeated ids dropped for | {dedupe} |\n| classes | {made} |\n\n\
         **Fields it fills:** {}.\n\n**Fields it cannot fill:** {}.\n",
        super::words::span(source.lateness),
        names(true),
        match names(false) {
            none if none.is_empty() => row(&["none".to_owned()]),
            some => some,
        }
    )
}
