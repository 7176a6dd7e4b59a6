//! The rules of a session: what was loaded, and what was typed since.
//!
//! Apart from running because here there is only text: a declaration that is typed takes the place
//! of the one that bears its name, wherever that stands.

use std::sync::Arc;

use muster_lang::diagnostic::{Code, Diagnostic, Level, render};
use muster_lang::file::{FileId, Files, Origin};
use muster_lang::ir::Program;
use muster_lang::syntax::ast::{Declaration, DeclarationKind};
use muster_lang::syntax::{self, DECLARATIONS};
use muster_runtime::lookup::Lookups;

use crate::compile;
use crate::load::{LoadError, Loaded, read_beside};

/// A declaration as one recognizes it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Handle {
    /// Its keyword.
    pub(crate) word: &'static str,
    /// Its name.
    pub(crate) name: String,
}

/// A declaration that was typed.
#[derive(Clone, Debug)]
struct Typed {
    handle: Handle,
    text: String,
}

/// The rules of a session.
#[derive(Clone)]
pub(crate) struct Book {
    loaded: Loaded,
    named: Vec<String>,
    typed: Vec<Typed>,
    /// Values of params.
    pub(crate) params: Vec<(String, String)>,
}

/// A program with everything it was made of.
pub(crate) struct Compiled {
    /// Its files, for spans.
    pub(crate) loaded: Loaded,
    /// What they mean.
    pub(crate) program: Arc<Program>,
    /// What it looks up.
    pub(crate) lookups: Arc<Lookups>,
    /// Warnings and notes about what was typed last.
    pub(crate) told: Vec<Diagnostic>,
    /// The text of all that decides how records become events.
    pub(crate) shape: u64,
}

/// A text compiled beside the book, of which only a part was typed.
pub(crate) struct Beside<'a> {
    /// What stands before what was typed.
    pub(crate) before: &'a str,
    /// What was typed.
    pub(crate) typed: &'a str,
    /// What stands behind it.
    pub(crate) after: &'a str,
}

impl Book {
    pub(crate) fn new(params: Vec<(String, String)>) -> Self {
        Self {
            loaded: Loaded::prelude(),
            named: Vec::new(),
            typed: Vec::new(),
            params,
        }
    }

    /// Adds files, directories or packs; those that can be loaded stay if others cannot.
    pub(crate) fn add(&mut self, names: &[String]) -> Vec<LoadError> {
        let mut errors = Vec::new();
        for name in names {
            match self.loaded.add_named(name) {
                Ok(()) => self.named.push(name.clone()),
                Err(error) => errors.push(error),
            }
        }
        errors
    }

    /// Reads all files again; what was typed stays.
    pub(crate) fn reload(&mut self) -> Vec<LoadError> {
        let named = std::mem::take(&mut self.named);
        let before = std::mem::replace(&mut self.loaded, Loaded::prelude());
        let errors = self.add(&named);
        if !errors.is_empty() {
            self.loaded = before;
            self.named = named;
        }
        errors
    }

    /// Returns the declarations that were typed, as one text.
    pub(crate) fn typed_text(&self) -> String {
        let texts: Vec<&str> = self.typed.iter().map(|one| one.text.trim()).collect();
        let text = texts.join("\n\n") + "\n";
        syntax::format::format(&text).unwrap_or(text)
    }

    /// Tells whether nothing was typed.
    pub(crate) fn has_typed(&self) -> bool {
        !self.typed.is_empty()
    }

    /// Forgets what was typed.
    pub(crate) fn forget_typed(&mut self) {
        self.typed.clear();
    }

    /// Takes up a declaration, in place of the one of its name; tells whether there was one.
    pub(crate) fn put(&mut self, declaration: &Handle, text: &str) -> bool {
        let known = self.typed.iter_mut().find(|one| one.handle == *declaration);
        if let Some(known) = known {
            text.clone_into(&mut known.text);
            return true;
        }
        self.typed.push(Typed {
            handle: declaration.clone(),
            text: text.to_owned(),
        });
        self.is_loaded(declaration)
    }

    fn is_loaded(&self, handle: &Handle) -> bool {
        let files = self.loaded.files.iter();
        let mut files = files.filter(|(_, file)| file.origin != Origin::Prelude);
        files.any(|(id, _)| {
            let module = syntax::parse(&self.loaded.files, id).module;
            module
                .declarations
                .iter()
                .any(|one| handle_of(one).as_ref() == Some(handle))
        })
    }

    /// Compiles everything.
    ///
    /// # Errors
    ///
    /// What is wrong, as text to show.
    pub(crate) fn compile(&self, color: bool) -> Result<Compiled, String> {
        self.compile_beside(None, color)
    }

    /// Compiles everything with a text that is not kept.
    ///
    /// # Errors
    ///
    /// What is wrong, with the caret under what was typed.
    pub(crate) fn compile_beside(
        &self,
        beside: Option<&Beside<'_>>,
        color: bool,
    ) -> Result<Compiled, String> {
        let mut loaded = self.assembled();
        let line = beside.map(|beside| {
            let text = [beside.before, beside.typed, beside.after].concat();
            loaded.add_typed("<line>", &text)
        });
        let compilation = compile::compile(&mut loaded, &self.params);
        let told = compilation.diagnostics;
        let mine: Vec<&Diagnostic> = told
            .iter()
            .filter(|one| line.is_none_or(|line| one.span.file == line))
            .collect();
        let Some(mut program) = compilation.program else {
            let errors = told.iter().filter(|one| one.level == Level::Error);
            let own: Vec<&Diagnostic> = mine
                .into_iter()
                .filter(|one| one.level == Level::Error)
                .collect();
            let errors = if own.is_empty() {
                errors.collect()
            } else {
                own
            };
            return Err(shown(&loaded.files, &errors, line.zip(beside), color));
        };
        // Any line may read it, and what was read once is not read again.
        program.reads_raw = true;
        let lookups = Lookups::load(&program, &mut |table| {
            read_beside(&loaded, table.file, &table.path)
        });
        let lookups = lookups.map_err(|errors| {
            let lines = errors.iter().map(|error| {
                format!(
                    "error: {}\n",
                    muster_lang::escape::escape_line(&error.to_string())
                )
            });
            lines.collect::<String>()
        })?;
        let shape = shape(&loaded.files, &self.params);
        Ok(Compiled {
            program: Arc::new(program),
            lookups: Arc::new(lookups),
            told,
            shape,
            loaded,
        })
    }

    /// Returns the files with what was typed in the place of what it replaces.
    fn assembled(&self) -> Loaded {
        let replaced = |id: FileId, text: &str| {
            let is_prelude = self
                .loaded
                .files
                .get(id)
                .is_none_or(|file| file.origin == Origin::Prelude);
            if is_prelude || self.typed.is_empty() {
                return None;
            }
            let module = syntax::parse(&self.loaded.files, id).module;
            let stale = module.declarations.iter().filter(|one| {
                handle_of(one)
                    .is_some_and(|handle| self.typed.iter().any(|typed| typed.handle == handle))
            });
            let spans: Vec<_> = stale
                .map(|one| one.span.start as usize..one.span.end as usize)
                .collect();
            (!spans.is_empty()).then(|| blanked(text, &spans))
        };
        let mut loaded = self.loaded.with_texts(&replaced);
        for typed in &self.typed {
            loaded.add_typed(
                &format!("<{} {}>", typed.handle.word, typed.handle.name),
                &typed.text,
            );
        }
        loaded
    }
}

/// Returns a text with spans blanked, its lines where they were.
fn blanked(text: &str, spans: &[std::ops::Range<usize>]) -> String {
    let is_in = |at: usize| spans.iter().any(|span| span.contains(&at));
    let kept = |(at, c): (usize, char)| if c != '\n' && is_in(at) { ' ' } else { c };
    text.char_indices().map(kept).collect()
}

/// Returns what a declaration is recognized by; a `use` has no name.
pub(crate) fn handle_of(declaration: &Declaration) -> Option<Handle> {
    let dotted = |path: &syntax::ast::Path| syntax::print::path(path);
    let (word, name) = match &declaration.kind {
        DeclarationKind::Source(one) => ("source", one.name.text.clone()),
        DeclarationKind::Field(one) => ("field", dotted(&one.path)),
        DeclarationKind::Event(one) => ("event", one.name.text.clone()),
        DeclarationKind::Identity(one) => ("identity", one.name.text.clone()),
        DeclarationKind::Table(one) => ("table", one.name.text.clone()),
        DeclarationKind::List(one) => ("list", one.name.text.clone()),
        DeclarationKind::Calendar(one) => ("calendar", one.name.text.clone()),
        DeclarationKind::Memory(one) => ("memory", one.name.text.clone()),
        DeclarationKind::Rule(one) => ("rule", one.name.text.clone()),
        DeclarationKind::Digest(one) => ("digest", one.name.text.clone()),
        DeclarationKind::Test(one) => ("test", one.name.value.clone()),
        DeclarationKind::Param(one) => ("param", one.name.text.clone()),
        DeclarationKind::Use(one) => ("use", dotted(&one.path)),
    };
    Some(Handle { word, name })
}

/// Returns the declarations in a text, each with its own part of it, and every mistake of syntax.
pub(crate) fn declarations(text: &str, color: bool) -> Result<Vec<(Handle, String)>, String> {
    let mut files = Files::new();
    let file = files.add("<line>", text, Origin::User);
    let parsed = syntax::parse(&files, file);
    if !parsed.diagnostics.is_empty() {
        let told: Vec<&Diagnostic> = parsed.diagnostics.iter().collect();
        return Err(shown(&files, &told, None, color));
    }
    let declarations = parsed.module.declarations.iter();
    Ok(declarations
        .filter_map(|one| Some((handle_of(one)?, files.text(one.span).to_owned())))
        .collect())
}

/// Tells whether a line begins a declaration.
pub(crate) fn declares(text: &str) -> bool {
    let tokens = syntax::token::tokens(text);
    let mut words = tokens
        .iter()
        .filter(|token| token.kind != syntax::token::TokenKind::Comment);
    let first = words.next().map_or("", |token| token.text(text));
    let second = words.next().map(|token| token.kind);
    DECLARATIONS.contains(&first)
        && matches!(
            second,
            Some(
                syntax::token::TokenKind::Word
                    | syntax::token::TokenKind::QuotedWord
                    | syntax::token::TokenKind::Text
            )
        )
        && !matches!(
            tokens.get(1).map(|token| token.text(text)),
            Some(
                "is" | "in"
                    | "like"
                    | "exists"
                    | "and"
                    | "or"
                    | "where"
                    | "unless"
                    | "matches"
                    | "contains"
                    | "starts"
                    | "ends"
                    | "not"
            )
        )
}

/// Returns diagnostics drawn, those about a line as if it had been typed alone.
fn shown(
    files: &Files,
    told: &[&Diagnostic],
    line: Option<(FileId, &Beside<'_>)>,
    color: bool,
) -> String {
    let Some((line, beside)) = line else {
        let drawn = told
            .iter()
            .map(|one| render::render(files, one, color) + "\n");
        return drawn.collect();
    };
    let mut bare = Files::new();
    for (id, file) in files.iter() {
        let text = if id == line {
            beside.typed
        } else {
            &*file.text
        };
        bare.add(file.name.clone(), text, file.origin);
    }
    let shift = u32::try_from(beside.before.len()).unwrap_or(u32::MAX);
    let end = u32::try_from(beside.typed.len()).unwrap_or(u32::MAX);
    let moved = |mut span: muster_lang::file::Span| {
        if span.file == line {
            span.start = span.start.saturating_sub(shift).min(end);
            span.end = span.end.saturating_sub(shift).min(end);
        }
        span
    };
    let drawn = told.iter().map(|one| {
        let mut one = (*one).clone();
        one.span = moved(one.span);
        for label in &mut one.labels {
            label.span = moved(label.span);
        }
        render::render(&bare, &one, color) + "\n"
    });
    drawn.collect()
}

/// Returns diagnostics of a compiled book about one file, drawn.
pub(crate) fn remarks(compiled: &Compiled, name: &str, color: bool) -> String {
    let files = &compiled.loaded.files;
    let own = compiled.told.iter().filter(|one| {
        // That it has no test yet is no news to who is writing it.
        one.level == Level::Warning
            && one.code != Code::NoTest
            && files
                .get(one.span.file)
                .is_some_and(|file| &*file.name == name)
    });
    own.map(|one| render::render(files, one, color) + "\n")
        .collect()
}

/// Returns a hash of all that decides how records become events.
fn shape(files: &Files, params: &[(String, String)]) -> u64 {
    use std::hash::{Hash, Hasher};
    let mut hasher = std::hash::DefaultHasher::new();
    params.hash(&mut hasher);
    for (id, _) in files.iter() {
        for declaration in syntax::parse(files, id).module.declarations {
            match declaration.kind {
                DeclarationKind::Rule(_)
                | DeclarationKind::Event(_)
                | DeclarationKind::Memory(_)
                | DeclarationKind::Test(_)
                | DeclarationKind::Digest(_)
                | DeclarationKind::Use(_) => {}
                DeclarationKind::Source(_)
                | DeclarationKind::Field(_)
                | DeclarationKind::Identity(_)
                | DeclarationKind::Table(_)
                | DeclarationKind::List(_)
                | DeclarationKind::Calendar(_)
                | DeclarationKind::Param(_) => files.text(declaration.span).hash(&mut hasher),
            }
        }
    }
    hasher.finish()
}
