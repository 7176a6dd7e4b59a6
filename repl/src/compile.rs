//! From loaded files to a program with its tables.
//!
//! Apart from loading because packs that a `use` names are found only by reading the rules.

use std::sync::Arc;

use muster_lang::diagnostic::{Code, Diagnostic, Level};
use muster_lang::escape::escape_line;
use muster_lang::ir::Program;
use muster_lang::{Compilation, CompileOptions};
use muster_runtime::lookup::Lookups;

use crate::exit::Exit;
use crate::load::{Loaded, load, pack_help, read_beside};
use crate::report::{Report, counted};

/// A program that can run.
pub(crate) struct Ready {
    /// Its files.
    pub(crate) loaded: Loaded,
    /// What they mean.
    pub(crate) program: Arc<Program>,
    /// What it looks up.
    pub(crate) lookups: Arc<Lookups>,
}

/// Loads, compiles and reads tables; every mistake is reported.
///
/// # Errors
///
/// The exit of the mistake.
pub(crate) fn ready(
    rules: &[String],
    params: &[(String, String)],
    report: &Report,
) -> Result<Ready, Exit> {
    let mut loaded = load(rules, report)?;
    let compilation = compile(&mut loaded, params);
    report.diagnostics(&loaded.files, &compilation.diagnostics, Level::Warning);
    let program = compilation.program.ok_or(Exit::Rules)?;
    let lookups = lookups(&program, &loaded, report)?;
    Ok(Ready {
        loaded,
        program: Arc::new(program),
        lookups: Arc::new(lookups),
    })
}

/// Compiles the files with all packs that they use.
pub(crate) fn compile(loaded: &mut Loaded, params: &[(String, String)]) -> Compilation {
    let unknown = add_used_packs(loaded);
    let options = CompileOptions {
        params: params.to_vec(),
    };
    let mut compilation = muster_lang::compile(&loaded.files, &options);
    if !unknown.is_empty() {
        compilation.program = None;
        compilation.diagnostics.extend(unknown);
    }
    compilation
}

/// Adds the packs that files use, and those that these use, and returns what is wrong with the rest.
fn add_used_packs(loaded: &mut Loaded) -> Vec<Diagnostic> {
    loop {
        let before = loaded.files.iter().count();
        let mut unknown = Vec::new();
        for (path, span) in muster_lang::uses(&loaded.files) {
            let name = path.strip_prefix("std.").unwrap_or(&path);
            if !loaded.add_pack(name) {
                let message = format!("there is no pack `{}`", escape_line(&path));
                unknown.push(
                    Diagnostic::error(Code::UnknownPack, span, message)
                        .help(pack_help(name, "std.")),
                );
            }
        }
        if loaded.files.iter().count() == before {
            return unknown;
        }
    }
}

/// Reads the tables of a program.
///
/// # Errors
///
/// Every reason why a table cannot be read is reported.
pub(crate) fn lookups(
    program: &Program,
    loaded: &Loaded,
    report: &Report,
) -> Result<Lookups, Exit> {
    Lookups::load(program, &mut |table| {
        read_beside(loaded, table.file, &table.path)
    })
    .map_err(|errors| {
        for error in &errors {
            report.error(escape_line(&error.to_string()), "");
        }
        report.error(
            format!("{} cannot be read", counted(errors.len(), "table")),
            "",
        );
        Exit::Rules
    })
}
