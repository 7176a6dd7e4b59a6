//! Everything of a program but its rules.
//!
//! Apart from rules because these are short and alike.

use super::Printer;
use super::rule::span;
use crate::file::Span;
use crate::ir::{
    Calendar, Class, ClassKind, Cleaner, Days, Digest, DigestAction, ExprId, Field, Identity, List,
    Memory, MemoryKind, Program, RawPart, Source, Table, Test, TestLineKind,
};
use crate::syntax::ast::TableMode;
use crate::time::format_rfc3339;
use crate::written::{quoted, written};

/// Adds what stands before rules.
pub(super) fn before_rules(program: &Program, wanted: &dyn Fn(Span) -> bool, out: &mut String) {
    let printer = Printer::new(program);
    for (_, field) in program
        .fields
        .iter()
        .filter(|(_, field)| wanted(field.span))
    {
        line(out, &self::field(&printer, field));
    }
    for (_, table) in program
        .tables
        .iter()
        .filter(|(_, table)| wanted(table.span))
    {
        line(out, &self::table(table));
    }
    for (_, list) in program.lists.iter().filter(|(_, list)| wanted(list.span)) {
        line(out, &self::list(list));
    }
    for (_, calendar) in program
        .calendars
        .iter()
        .filter(|(_, calendar)| wanted(calendar.span))
    {
        line(out, &self::calendar(program, calendar));
    }
    for (_, identity) in program
        .identities
        .iter()
        .filter(|(_, identity)| wanted(identity.span))
    {
        line(out, &self::identity(program, identity));
    }
    for (_, source) in program
        .sources
        .iter()
        .filter(|(_, source)| wanted(source.span))
    {
        line(out, &self::source(&printer, source));
    }
    for (_, class) in program
        .classes
        .iter()
        .filter(|(_, class)| wanted(class.span))
    {
        line(out, &self::class(&printer, class));
    }
    for (_, memory) in program
        .memories
        .iter()
        .filter(|(_, memory)| wanted(memory.span))
    {
        line(out, &self::memory(&printer, memory));
    }
}

/// Adds what stands behind rules.
pub(super) fn after_rules(program: &Program, wanted: &dyn Fn(Span) -> bool, out: &mut String) {
    let printer = Printer::new(program);
    for (_, digest) in program
        .digests
        .iter()
        .filter(|(_, digest)| wanted(digest.span))
    {
        line(out, &self::digest(&printer, digest));
    }
    for test in program.tests.iter().filter(|test| wanted(test.span)) {
        line(out, &self::test(program, test));
    }
}

/// Returns the line of the fields that are read.
pub(super) fn reads(program: &Program) -> String {
    let names: Vec<&str> = program
        .reads
        .iter()
        .map(|id| &*program.fields[*id].name)
        .collect();
    let raw = if program.reads_raw { ", raw" } else { "" };
    format!("reads {}{raw}\n", names.join(", "))
}

fn line(out: &mut String, text: &str) {
    if !text.is_empty() {
        out.push_str(text);
        out.push('\n');
    }
}

/// Returns a field with its default.
pub(super) fn field(printer: &Printer<'_>, field: &Field) -> String {
    let default = field
        .default
        .map(|id| format!(" = {}", printer.expr(id)))
        .unwrap_or_default();
    format!("field {}: {}{default}", field.name, field.ty)
}

/// Returns a table.
pub(super) fn table(table: &Table) -> String {
    let mode = match table.mode {
        TableMode::Exact => "",
        TableMode::Net => " net",
        TableMode::Prefix => " prefix",
    };
    format!(
        "table {} from {} key {}{mode}",
        table.name,
        quoted(&table.path),
        quoted(&table.key)
    )
}

/// Returns a list.
pub(super) fn list(list: &List) -> String {
    let items: Vec<String> = list.items.iter().map(written).collect();
    format!("list {} = [{}]", list.name, items.join(", "))
}

/// Returns a calendar.
pub(super) fn calendar(program: &Program, calendar: &Calendar) -> String {
    let mut lines = vec![format!("calendar {}", calendar.name)];
    lines.extend(
        calendar
            .zone
            .as_ref()
            .map(|zone| format!("zone {}", quoted(zone))),
    );
    for weekly in &calendar.weekly {
        let except = match weekly.except {
            None => String::new(),
            Some(Days::Table(table)) => format!(" except {}", program.tables[table].name),
            Some(Days::List(list)) => format!(" except {}", program.lists[list].name),
        };
        let days: String = (0..7)
            .map(|day| {
                if weekly.days >> day & 1 == 1 {
                    'x'
                } else {
                    '-'
                }
            })
            .collect();
        lines.push(format!(
            "days {days} {}-{}{except}",
            clock(weekly.start),
            clock(weekly.end)
        ));
    }
    if let Some(intervals) = &calendar.intervals {
        let per = intervals
            .per
            .as_ref()
            .map(|per| format!(" per {per}"))
            .unwrap_or_default();
        lines.push(format!(
            "from {} start {} end {}{per}",
            program.tables[intervals.table].name, intervals.start, intervals.end
        ));
    }
    lines.join("\n  ")
}

fn clock(micros: i64) -> String {
    let minutes = micros / 60_000_000;
    let rest = micros % 60_000_000;
    let seconds = if rest == 0 {
        String::new()
    } else {
        format!(":{:02}", rest / crate::units::SECOND)
    };
    format!("{:02}:{:02}{seconds}", minutes / 60, minutes % 60)
}

/// Returns an identity.
pub(super) fn identity(program: &Program, identity: &Identity) -> String {
    let mut lines = vec![format!("identity {}", identity.name)];
    if let Some((table, columns, give)) = &identity.from {
        lines.push(format!(
            "from {} match {} give {give}",
            program.tables[*table].name,
            columns.join(", ")
        ));
    }
    for cleaner in &identity.clean {
        lines.push(match cleaner {
            Cleaner::Lower => "clean lower".to_owned(),
            Cleaner::Trim => "clean trim".to_owned(),
            Cleaner::StripDomain(domain) => format!("clean strip_domain {}", quoted(domain)),
        });
    }
    lines.extend(
        identity
            .never
            .iter()
            .map(|name| format!("never {}", quoted(name))),
    );
    lines.join("\n  ")
}

fn source(printer: &Printer<'_>, source: &Source) -> String {
    let mut lines = vec![format!("source {}", source.name)];
    lines.push(format!("when {}", printer.expr(source.when)));
    lines.extend(
        source
            .absent
            .iter()
            .map(|value| format!("absent {}", written(value))),
    );
    lines.extend(
        source
            .drops
            .iter()
            .map(|id| format!("drop when {}", printer.expr(*id))),
    );
    lines.push(format!("lateness {}", span(source.lateness)));
    lines.extend(
        source
            .dedupe
            .map(|dedupe| format!("dedupe {}", span(dedupe))),
    );
    lines.extend(
        source
            .explode
            .map(|id| format!("explode {}", printer.expr(id))),
    );
    lines.extend(
        source
            .fields_from
            .as_ref()
            .map(|parts| format!("fields from {}", raw(parts))),
    );
    for assign in &source.assigns {
        let name = &printer.program.fields[assign.field].name;
        let when = assign
            .when
            .map(|id| format!(" when {}", printer.expr(id)))
            .unwrap_or_default();
        lines.push(format!("{name} = {}{when}", printer.expr(assign.value)));
    }
    lines.join("\n  ")
}

fn raw(parts: &[RawPart]) -> String {
    let parts: Vec<String> = parts
        .iter()
        .map(|part| match part {
            RawPart::Key(key) => quoted(key),
            RawPart::Index(index) => format!("[{index}]"),
        })
        .collect();
    format!("record {}", parts.join(" ")).trim_end().to_owned()
}

/// Returns a class with its conditions.
pub(super) fn class(printer: &Printer<'_>, class: &Class) -> String {
    match &class.kind {
        ClassKind::Any | ClassKind::Alert => String::new(),
        ClassKind::AlertOf(rule) => {
            format!(
                "class {} = alerts of {}",
                class.name, printer.program.rules[*rule].name
            )
        }
        ClassKind::Where { base, conditions } => {
            let base = &printer.program.classes[*base].name;
            let mut lines = vec![format!("class {} = {base}", class.name)];
            lines.extend(
                conditions
                    .iter()
                    .map(|condition| printer.condition(condition)),
            );
            lines.join("\n  ")
        }
    }
}

/// Returns a memory.
pub(super) fn memory(printer: &Printer<'_>, memory: &Memory) -> String {
    let class = &printer.program.classes[memory.class].name;
    let kind = match &memory.kind {
        MemoryKind::Seen(id) => format!("seen {}", printer.expr(*id)),
        MemoryKind::Last(id) => format!("last {}", printer.expr(*id)),
        MemoryKind::Count => "count".to_owned(),
        MemoryKind::Distinct(id) => format!("distinct {}", printer.expr(*id)),
        MemoryKind::Profile { aggregate, every } => {
            format!(
                "profile {} every {}",
                printer.expr(*aggregate),
                span(*every)
            )
        }
    };
    let mut lines = vec![format!("memory {} = {kind} in {class}", memory.name)];
    lines.extend(
        memory
            .conditions
            .iter()
            .map(|condition| printer.condition(condition)),
    );
    if !memory.per.is_empty() {
        lines.push(format!("per {}", joined(printer, &memory.per)));
    }
    lines.push(format!("for {}", span(memory.keep)));
    lines.extend(memory.learn.map(|learn| format!("learn {}", span(learn))));
    lines.extend(memory.max.map(|max| format!("max {max}")));
    lines.join("\n  ")
}

fn joined(printer: &Printer<'_>, ids: &[ExprId]) -> String {
    ids.iter()
        .map(|id| printer.expr(*id))
        .collect::<Vec<_>>()
        .join(", ")
}

pub(super) fn digest(printer: &Printer<'_>, digest: &Digest) -> String {
    let class = &printer.program.classes[digest.class].name;
    let mut lines = vec![format!("digest {} = {class}", digest.name)];
    lines.extend(
        digest
            .conditions
            .iter()
            .map(|condition| printer.condition(condition)),
    );
    let zone = |zone: &Option<std::sync::Arc<str>>| {
        zone.as_ref()
            .map(|zone| format!(" zone {}", quoted(zone)))
            .unwrap_or_default()
    };
    match &digest.action {
        DigestAction::First { per, each } => {
            let each = each
                .as_ref()
                .map(|(every, of)| format!(" each {}{}", span(*every), zone(of)))
                .unwrap_or_default();
            lines.push(format!("keep first per {}{each}", joined(printer, per)));
        }
        DigestAction::Changes { of, per } => {
            lines.push(format!(
                "keep changes of {} per {}",
                printer.expr(*of),
                joined(printer, per)
            ));
        }
        DigestAction::Summarize {
            per,
            every,
            zone: of,
            values,
        } => {
            let keys: Vec<String> = per.iter().map(|(name, _)| name.to_string()).collect();
            lines.push(format!(
                "summarize per {} every {}{}",
                keys.join(", "),
                span(*every),
                zone(of)
            ));
            lines.extend(
                values
                    .iter()
                    .map(|(name, id)| format!("  {name} = {}", printer.expr(*id))),
            );
        }
        DigestAction::Drop => lines.push("drop".to_owned()),
    }
    lines.join("\n  ")
}

fn test(program: &Program, test: &Test) -> String {
    let rule = test
        .rule
        .map(|rule| format!(" for {}", program.rules[rule].name));
    let mut lines = vec![format!(
        "test {}{}",
        quoted(&test.name),
        rule.unwrap_or_default()
    )];
    for line in &test.lines {
        lines.push(match &line.kind {
            TestLineKind::Event {
                time,
                class,
                fields,
            } => {
                let fields: Vec<String> = fields
                    .iter()
                    .map(|(field, value)| {
                        format!("{}: {}", program.fields[*field].name, written(value))
                    })
                    .collect();
                let class = &program.classes[*class].name;
                format!(
                    "at {} {class} {{ {} }}",
                    format_rfc3339(*time),
                    fields.join(", ")
                )
            }
            TestLineKind::Feed(file) => format!("feed {}", quoted(file)),
            TestLineKind::Advance(time) => format!("advance to {}", format_rfc3339(*time)),
            TestLineKind::Alerts { count, at, fields } => {
                let at = at
                    .map(|at| format!(" at {}", format_rfc3339(at)))
                    .unwrap_or_default();
                let fields: Vec<String> = fields
                    .iter()
                    .map(|(name, value)| format!("{name}: {}", written(value)))
                    .collect();
                format!("expect {count} alert{at} {{ {} }}", fields.join(", "))
            }
            TestLineKind::Pending => "expect pending".to_owned(),
            TestLineKind::Forwarded(count) => format!("expect forwarded {count}"),
        });
    }
    lines.join("\n  ")
}
