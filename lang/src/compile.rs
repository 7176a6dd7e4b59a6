//! From files to a program: every stage once, and everything that is wrong at once.
//!
//! Apart from the stages because only here are they put in order.

use std::sync::{Arc, Mutex, PoisonError};

use crate::diagnostic::{Code, Diagnostic, Level};
use crate::file::{FileId, Files, Origin, Span};
use crate::ir::Program;
use crate::syntax::Parsed;
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
    let mut broken = std::collections::BTreeSet::new();
    let parsed: Vec<Arc<Parsed>> = files.iter().map(|(file, _)| parsed(files, file)).collect();
    for file in &parsed {
        diagnostics.extend(file.diagnostics.iter().cloned());
        broken.extend(file.broken.iter().map(|name| name.text.clone()));
    }
    let modules: Vec<&Module> = parsed.iter().map(|file| &file.module).collect();
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

/// Returns the tree of a file; one that comes with Muster is read once.
fn parsed(files: &Files, file: FileId) -> Arc<Parsed> {
    /// Where a file stands, its text, and its tree.
    type Known = (FileId, Arc<str>, Arc<Parsed>);
    static KNOWN: Mutex<Vec<Known>> = Mutex::new(Vec::new());
    // LIMIT: the prelude and the packs, each at the few places where they come to stand.
    const KNOWN_MAX: usize = 1_000;

    let Some(source) = files.get(file).filter(|file| file.origin != Origin::User) else {
        return Arc::new(syntax::parse(files, file));
    };
    let known = || KNOWN.lock().unwrap_or_else(PoisonError::into_inner);
    let found = known()
        .iter()
        .find(|(at, text, _)| *at == file && **text == *source.text)
        .map(|(_, _, parsed)| Arc::clone(parsed));
    found.unwrap_or_else(|| {
        let parsed = Arc::new(syntax::parse(files, file));
        let mut known = known();
        if known.len() < KNOWN_MAX {
            known.push((file, source.text.clone(), Arc::clone(&parsed)));
        }
        parsed
    })
}

/// Returns the packs that files ask for with `use`, each with the place that asks.
#[must_use]
pub fn uses(files: &Files) -> Vec<(String, Span)> {
    let mut found = Vec::new();
    for (file, _) in files.iter() {
        for declaration in syntax::parse_only(files, file, "use").module.declarations {
            if let DeclarationKind::Use(used) = declaration.kind {
                found.push((resolve::dotted(&used.path.parts), used.path.span));
            }
        }
    }
    found
}
