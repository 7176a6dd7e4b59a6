//! What a rule does, how, and what it costs, as text for people.
//!
//! Apart from pages of diagnostics because rules have to be found, loaded and compiled first.

use std::path::Path;
use std::sync::Arc;

use muster_lang::diagnostic::Level;
use muster_lang::escape::escape_line;
use muster_lang::explain;
use muster_lang::ir::{Program, RuleId, TableId};
use muster_lang::suggest;
use muster_runtime::lookup::Lookups;
use muster_runtime::machine::plan::Plan;

use super::cost;
use crate::cli::ExplainArgs;
use crate::compile;
use crate::exit::Exit;
use crate::library;
use crate::load::{Loaded, load};
use crate::report::{BOLD, CYAN, Color, Report};

/// Returns the pages of a rule, or of all rules of a file, directory or pack.
///
/// # Errors
///
/// Rules that cannot be read or do not compile, and names that none of them has.
pub(super) fn pages(
    name: &str,
    args: &ExplainArgs,
    color: Color,
    report: &Report,
) -> Result<String, Exit> {
    let is_place = args.rules.is_empty() && (name.starts_with("std:") || Path::new(name).exists());
    let places = if is_place {
        vec![name.to_owned()]
    } else if args.rules.is_empty() {
        library::packs().map(|pack| format!("std:{pack}")).collect()
    } else {
        args.rules.clone()
    };
    let mut loaded = load(&places, report)?;
    let compilation = compile::compile(&mut loaded, &args.set.set);
    report.diagnostics(&loaded.files, &compilation.diagnostics, Level::Error);
    let program = Arc::new(compilation.program.ok_or(Exit::Rules)?);
    let lookups = compile::lookups(&program, &loaded, report)?;
    let wanted = wanted(name, is_place, &program, &loaded);
    if wanted.is_empty() {
        return Err(unknown(name, args, &program, &loaded, report));
    }
    let pages = wanted
        .into_iter()
        .map(|id| page(&program, id, &lookups, color));
    Ok(pages.collect::<Vec<_>>().join("\n"))
}

/// Returns the rules that are asked for.
fn wanted(name: &str, is_place: bool, program: &Program, loaded: &Loaded) -> Vec<RuleId> {
    let rules = program.rules.iter();
    rules
        .filter(|(_, rule)| {
            if is_place {
                loaded.is_named(rule.span.file)
            } else {
                *rule.name == *name
            }
        })
        .map(|(id, _)| id)
        .collect()
}

/// Returns the page of a rule.
pub(crate) fn page(program: &Arc<Program>, id: RuleId, lookups: &Lookups, color: Color) -> String {
    let columns = |table: TableId, column: &str| Some(lookups.values(table, column));
    let mut out = String::new();
    for (at, line) in explain::rule(program, id, &columns).lines().enumerate() {
        out.push_str(&painted(line, at == 0, color));
        out.push('\n');
    }
    for (at, line) in cost::told(&Plan::new(program, id)).iter().enumerate() {
        let name = if at == 0 { "cost" } else { "" };
        let line = explain::fact(name, &escape_line(line));
        out.push_str(&painted(&line, false, color));
        out.push('\n');
    }
    out
}

/// Returns a line with its heading or the name of its fact in color.
fn painted(line: &str, is_heading: bool, color: Color) -> String {
    if is_heading {
        return color.paint(BOLD, line);
    }
    match explain::split_fact(line) {
        Some((name, says)) => format!("{}{says}", color.paint(CYAN, name)),
        None => line.to_owned(),
    }
}

fn unknown(
    name: &str,
    args: &ExplainArgs,
    program: &Program,
    loaded: &Loaded,
    report: &Report,
) -> Exit {
    let named = program.rules.iter().map(|(_, rule)| rule);
    let names = named
        .filter(|rule| loaded.is_named(rule.span.file))
        .map(|rule| &*rule.name);
    let near = suggest::nearest(name, names).map(|near| format!("did you mean `{near}`? "));
    let place = if args.rules.is_empty() {
        "name the files of a rule of yours behind it: `muster explain RULE rules/`; a code looks like `M0101`"
    } else {
        "`muster check --verbose` lists the rules of these files"
    };
    report.error(
        format!("there is no rule `{}`", escape_line(name)),
        &format!("{}{place}", near.unwrap_or_default()),
    );
    Exit::Usage
}
