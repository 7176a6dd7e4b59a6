//! `muster doc`: reference pages of rules, sources, fields and functions, in Markdown.
//!
//! Apart from explaining because this is a book for readers, not an answer about one rule.

use std::fmt::Write as _;
use std::sync::Arc;

use muster_lang::builtins::REGISTRY;
use muster_lang::diagnostic::Level;
use muster_lang::escape::escape_line;
use muster_lang::explain;
use muster_lang::ir::{Program, TableId};
use muster_runtime::lookup::Lookups;

use super::outputs::print;
use crate::cli::{DocArgs, DocPart};
use crate::compile;
use crate::exit::Exit;
use crate::library;
use crate::load::{Loaded, load};
use crate::report::Report;

/// Prints the pages.
pub(crate) fn run(args: &DocArgs, report: &Report) -> Exit {
    match pages(args, report) {
        Ok(text) => print(&safe(&text), report).err().unwrap_or(Exit::Fine),
        Err(exit) => exit,
    }
}

fn pages(args: &DocArgs, report: &Report) -> Result<String, Exit> {
    let places = if args.rules.is_empty() {
        library::packs().map(|pack| format!("std:{pack}")).collect()
    } else {
        args.rules.clone()
    };
    let mut loaded = load(&places, report)?;
    let compilation = compile::compile(&mut loaded, &args.set.set);
    report.diagnostics(&loaded.files, &compilation.diagnostics, Level::Error);
    let program = Arc::new(compilation.program.ok_or(Exit::Rules)?);
    let lookups = compile::lookups(&program, &loaded, report)?;
    let parts = match args.only {
        Some(part) => vec![part],
        None => vec![
            DocPart::Rules,
            DocPart::Sources,
            DocPart::Fields,
            DocPart::Functions,
        ],
    };
    let parts = parts
        .into_iter()
        .map(|part| page(part, &program, &loaded, &lookups));
    Ok(parts.collect::<Vec<_>>().join("\n"))
}

fn page(part: DocPart, program: &Program, loaded: &Loaded, lookups: &Lookups) -> String {
    match part {
        DocPart::Rules => rules(program, loaded, lookups),
        DocPart::Sources => sources(program, lookups),
        DocPart::Fields => fields(program),
        DocPart::Functions => functions(),
    }
}

fn rules(program: &Program, loaded: &Loaded, lookups: &Lookups) -> String {
    let columns = |table: TableId, column: &str| Some(lookups.values(table, column));
    let named = program.rules.iter();
    let pages: Vec<String> = named
        .filter(|(_, rule)| loaded.is_named(rule.span.file))
        .map(|(id, _)| explain::rule_page(program, id, &columns))
        .collect();
    format!("# Rules\n\n{}", pages.join("\n"))
}

fn sources(program: &Program, lookups: &Lookups) -> String {
    let columns = |table: TableId, column: &str| Some(lookups.values(table, column));
    let mut out = "# Sources\n".to_owned();
    for (id, source) in program.sources.iter() {
        let page = explain::source_page(program, id, &columns);
        let _ = write!(out, "\n## {}\n\n**{}.**\n\n{page}", source.name, source.doc);
    }
    out
}

fn fields(program: &Program) -> String {
    let mut out = "# Fields\n\n| field | type | meaning |\n|---|---|---|\n".to_owned();
    for (_, field) in program.fields.iter() {
        let ty = field.ty.to_string().replace('|', "\\|");
        let _ = writeln!(out, "| `{}` | {ty} | {} |", field.name, field.doc);
    }
    out
}

fn functions() -> String {
    let mut out = "# Functions\n".to_owned();
    for builtin in REGISTRY {
        let _ = write!(
            out,
            "\n## {}\n\n{} {}\n\n| call | gives |\n|---|---|\n",
            builtin.name, builtin.doc, builtin.missing
        );
        for (call, gives) in builtin.examples {
            let (call, gives) = (call.replace('|', "\\|"), gives.replace('|', "\\|"));
            let _ = writeln!(out, "| `{call}` | `{gives}` |");
        }
    }
    out
}

/// Returns a text whose lines are safe to show.
fn safe(text: &str) -> String {
    let lines = text
        .lines()
        .map(|line| escape_line(line).into_owned() + "\n");
    lines.collect()
}
