//! From files to a program: every stage once, and everything that is wrong at once.
//!
//! Apart from the stages because only here are they put in order.

use crate::diagnostic::{Code, Diagnostic, Level};
use crate::file::{Files, Span};
use crate::ir::Program;
use crate::syntax::ast::{DeclarationKind, Module};
use crate::{lower, resolve, syntax};

/// What is given besides the files.
#[derive(Clone, Debug, Default)]
pub struct CompileOptions {
    /// Values of params, `--set NAME=VALUE`; of several for one name the last counts.
    pub params: Vec<(String, String)>,
}

/// What files mean, or why they mean nothing.
#[derive(Clone, Debug)]
pub struct Compilation {
    /// The program; there is one if and only if no diagnostic is an error.
    pub program: Option<Program>,
    /// What is to be told, in the order of the files and of the places in them.
    pub diagnostics: Vec<Diagnostic>,
}

/// Compiles files to a program; those of the prelude come first.
#[must_use]
pub fn compile(files: &Files, options: &CompileOptions) -> Compilation {
    let mut diagnostics = Vec::new();
    let mut modules: Vec<Module> = Vec::new();
    let mut broken = std::collections::BTreeSet::new();
    for (file, _) in files.iter() {
        let parsed = syntax::parse(files, file);
        diagnostics.extend(parsed.diagnostics);
        broken.extend(parsed.broken.into_iter().map(|name| name.text));
        modules.push(parsed.module);
    }
    let declared = resolve::collect(files, &modules, &mut diagnostics);
    let names = resolve::build(&declared, broken, &options.params, &mut diagnostics);
    let (program, diagnostics) = lower::program(files, names, &declared, diagnostics);
    let mut diagnostics: Vec<Diagnostic> = diagnostics
        .into_iter()
        .map(|told| match told.code {
            Code::Ambiguous | Code::NotACondition => {
                syntax::slip::mend_paths_joined_by_and(files, told)
            }
            _ => told,
        })
        .collect();
    diagnostics.sort_by_key(|diagnostic| (diagnostic.span.file, diagnostic.span.start));
    diagnostics.dedup();
    let wrong = diagnostics
        .iter()
        .any(|diagnostic| diagnostic.level == Level::Error);
    Compilation {
        program: (!wrong).then_some(program),
        diagnostics,
    }
}

/// Returns the packs that files ask for with `use`, each with the place that asks.
#[must_use]
pub fn uses(files: &Files) -> Vec<(String, Span)> {
    let mut found = Vec::new();
    for (file, _) in files.iter() {
        for declaration in syntax::parse(files, file).module.declarations {
            if let DeclarationKind::Use(used) = declaration.kind {
                found.push((resolve::dotted(&used.path.parts), used.path.span));
            }
        }
    }
    found
}
