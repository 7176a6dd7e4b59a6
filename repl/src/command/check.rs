//! `muster check`: compiles rules, says what is wrong with them, and prints what they became.
//!
//! Apart from `run` because nothing is run, and so everything there is to say is said.

use std::sync::Arc;

use muster_lang::diagnostic::{Level, render};
use muster_lang::escape::escape_line;
use muster_lang::file::Origin;
use muster_lang::ir::{Program, Rule, RuleId};
use muster_lang::{ir, syntax};
use muster_runtime::machine;

use super::cost;
use super::outputs::print;
use crate::cli::{CheckArgs, Emit};
use crate::compile;
use crate::exit::Exit;
use crate::load::{Loaded, load};
use crate::report::{Report, counted};

/// Checks rules.
pub(crate) fn run(args: &CheckArgs, report: &Report) -> Exit {
    match check(args, report) {
        Ok(exit) | Err(exit) => exit,
    }
}

fn check(args: &CheckArgs, report: &Report) -> Result<Exit, Exit> {
    let mut loaded = load(&args.rules, report)?;
    if args.emit == Some(Emit::Ast) {
        return emit_ast(&loaded, report);
    }
    let compilation = compile::compile(&mut loaded, &args.set.set);
    let least = if args.verbose {
        Level::Note
    } else {
        Level::Warning
    };
    if args.json {
        let shown = compilation.diagnostics.iter().filter(|d| d.level >= least);
        let lines: String = shown
            .map(|d| render::json(&loaded.files, d) + "\n")
            .collect();
        print(&lines, report)?;
    } else {
        report.diagnostics(&loaded.files, &compilation.diagnostics, least);
    }
    let program = Arc::new(compilation.program.ok_or(Exit::Rules)?);
    compile::lookups(&program, &loaded, report)?;
    match args.emit {
        Some(Emit::Ir) => print(&ir_listing(&program, &loaded, args.verbose), report)?,
        Some(Emit::Machine) => {
            let is_named = |rule: &Rule| args.verbose || loaded.is_named(rule.span.file);
            print(&machine::listing::machines(&program, &is_named), report)?;
        }
        Some(Emit::Ast) | None => {}
    }
    if !args.json && args.emit.is_none() {
        tell(&program, &loaded, args.verbose, report);
    }
    Ok(Exit::Fine)
}

/// Returns the rules of the files that are named; if asked for all, with everything they rest on.
fn ir_listing(program: &Program, loaded: &Loaded, is_verbose: bool) -> String {
    let named: Vec<RuleId> = program
        .rules
        .iter()
        .filter(|(_, rule)| loaded.is_named(rule.span.file))
        .map(|(id, _)| id)
        .collect();
    if is_verbose || named.is_empty() {
        return ir::listing::program(program);
    }
    named
        .into_iter()
        .map(|id| ir::listing::rule(program, id))
        .collect()
}

/// Prints the trees of the files that are named; the prelude's are of no interest.
fn emit_ast(loaded: &Loaded, report: &Report) -> Result<Exit, Exit> {
    let mut text = String::new();
    let mut diagnostics = Vec::new();
    for (id, _) in loaded.files.iter().filter(|(id, _)| loaded.is_named(*id)) {
        let parsed = syntax::parse(&loaded.files, id);
        text.push_str(&syntax::listing::module(&parsed.module));
        diagnostics.extend(parsed.diagnostics);
    }
    report.diagnostics(&loaded.files, &diagnostics, Level::Warning);
    print(&text, report)?;
    let failed = diagnostics
        .iter()
        .any(|diagnostic| diagnostic.level == Level::Error);
    Ok(if failed { Exit::Rules } else { Exit::Fine })
}

/// Says what there is and what it costs, so that silence is never mistaken for rules that were read.
fn tell(program: &Arc<Program>, loaded: &Loaded, is_verbose: bool, report: &Report) {
    if report.quiet {
        return;
    }
    let costs = cost::lines(program, loaded, is_verbose);
    report.plain(
        &costs
            .iter()
            .map(|line| escape_line(line).into_owned() + "\n")
            .collect::<String>(),
    );
    let files = loaded
        .files
        .iter()
        .filter(|(_, file)| file.origin != Origin::Prelude);
    let rules = counted(program.rules.len(), "rule");
    let tests = program
        .tests
        .iter()
        .filter(|test| loaded.is_named(test.span.file))
        .count();
    let tests = counted(tests, "test");
    let files = counted(files.count(), "file");
    report.note(format!("{rules} and {tests} in {files} compile"));
}
