//! Gathers the declarations of all files and settles which of several with one name counts.
//!
//! Apart from naming, because only here do files and their origins matter.

use std::collections::BTreeMap;

use crate::diagnostic::{Code, Diagnostic};
use crate::file::{Files, Origin, Span};
use crate::syntax::ast::{self, DeclarationKind};

/// The declarations that count, each kind in the order of its ids.
#[derive(Debug, Default)]
pub(crate) struct Declared<'a> {
    /// Fields, those of the prelude first.
    pub(crate) fields: Vec<(&'a ast::Field, Span)>,
    /// Sources in the order they are tried: the user's first, the prelude's last.
    pub(crate) sources: Vec<(&'a ast::Source, Span)>,
    /// Events.
    pub(crate) events: Vec<(&'a ast::Event, Span)>,
    /// Identities.
    pub(crate) identities: Vec<(&'a ast::Identity, Span)>,
    /// Tables.
    pub(crate) tables: Vec<(&'a ast::Table, Span)>,
    /// Lists.
    pub(crate) lists: Vec<(&'a ast::List, Span)>,
    /// Calendars.
    pub(crate) calendars: Vec<(&'a ast::Calendar, Span)>,
    /// Memories.
    pub(crate) memories: Vec<(&'a ast::Memory, Span)>,
    /// Rules.
    pub(crate) rules: Vec<(&'a ast::Rule, Span)>,
    /// Digests.
    pub(crate) digests: Vec<(&'a ast::Digest, Span)>,
    /// Tests.
    pub(crate) tests: Vec<(&'a ast::Test, Span)>,
    /// Parameters.
    pub(crate) params: Vec<(&'a ast::Param, Span)>,
}

/// Names of one space may not be declared twice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Space {
    /// What stands in expressions.
    Value,
    /// Calendars, which stand behind `during` and `outside` alone.
    Calendar,
    /// Events and rules.
    Class,
    /// Sources.
    Source,
    /// Digests.
    Digest,
}

/// A declaration with its name.
struct Entry<'a> {
    space: Space,
    noun: &'static str,
    name: String,
    span: Span,
    origin: Origin,
    declaration: &'a ast::Declaration,
}

/// Returns the declarations that count; duplicates are reported with both places.
pub(crate) fn collect<'a>(
    files: &Files,
    modules: &[&'a ast::Module],
    diagnostics: &mut Vec<Diagnostic>,
) -> Declared<'a> {
    let mut chosen: BTreeMap<(Space, String), Entry<'a>> = BTreeMap::new();
    let mut order: Vec<&'a ast::Declaration> = Vec::new();
    for declaration in modules.iter().flat_map(|module| &module.declarations) {
        order.push(declaration);
        let Some(entry) = entry(files, declaration) else {
            continue;
        };
        let key = (entry.space, entry.name.clone());
        match chosen.remove(&key) {
            None => drop(chosen.insert(key, entry)),
            Some(first) => drop(chosen.insert(key, settle(first, entry, diagnostics))),
        }
    }
    let counts = |declaration: &ast::Declaration| match entry(files, declaration) {
        None => true,
        Some(entry) => chosen
            .get(&(entry.space, entry.name))
            .is_some_and(|winner| std::ptr::eq(winner.declaration, declaration)),
    };
    let mut declared = Declared::default();
    for declaration in order.into_iter().filter(|declaration| counts(declaration)) {
        declared.add(declaration);
    }
    let rank = |span: Span| match files.get(span.file).map(|file| file.origin) {
        Some(Origin::User) => 0,
        Some(Origin::Pack) => 1,
        Some(Origin::Prelude) | None => 2,
    };
    declared.sources.sort_by_key(|(_, span)| rank(*span));
    declared
}

/// Returns which of two declarations with one name counts.
fn settle<'a>(first: Entry<'a>, second: Entry<'a>, diagnostics: &mut Vec<Diagnostic>) -> Entry<'a> {
    let replaces = first.origin == Origin::Prelude && second.origin != Origin::Prelude;
    if replaces && first.noun == second.noun {
        let message = format!(
            "{} `{}` replaces that of the prelude",
            second.noun, second.name
        );
        diagnostics.push(
            Diagnostic::note(Code::Replaced, second.span, message)
                .label(first.span, "the prelude's, which no longer counts"),
        );
        return second;
    }
    diagnostics.push(duplicate(&first, &second));
    first
}

fn duplicate(first: &Entry<'_>, second: &Entry<'_>) -> Diagnostic {
    let name = &second.name;
    let label = format!("{} `{name}` is declared here", first.noun);
    if first.noun != second.noun && (first.noun == "rule" || second.noun == "rule") {
        let message = format!("a rule may not bear an event's name, found `{name}` twice");
        return Diagnostic::error(Code::RuleNamedAsEvent, second.span, message)
            .label(first.span, label)
            .help("a rule's name is also the class of its alerts: give one of them another name");
    }
    let message = if first.noun == second.noun {
        format!("{} `{name}` is declared twice", second.noun)
    } else {
        format!("`{name}` is already the name of a {}", first.noun)
    };
    let help = if first.origin == Origin::Prelude && first.noun != second.noun {
        format!(
            "the prelude declares it as a {}: choose another name",
            first.noun
        )
    } else {
        "names are global: rename one of them".to_owned()
    };
    Diagnostic::error(Code::DuplicateName, second.span, message)
        .label(first.span, label)
        .help(help)
}

/// Returns the name under which a declaration is known; tests and `use` have none.
fn entry<'a>(files: &Files, declaration: &'a ast::Declaration) -> Option<Entry<'a>> {
    let simple = |space, noun, name: &ast::Name| Some((space, noun, name.text.clone(), name.span));
    let (space, noun, name, span) = match &declaration.kind {
        DeclarationKind::Field(field) => {
            let name = super::dotted(&field.path.parts);
            Some((Space::Value, "field", name, field.path.span))
        }
        DeclarationKind::Source(source) => simple(Space::Source, "source", &source.name),
        DeclarationKind::Event(event) => simple(Space::Class, "event", &event.name),
        DeclarationKind::Identity(identity) => simple(Space::Value, "identity", &identity.name),
        DeclarationKind::Table(table) => simple(Space::Value, "table", &table.name),
        DeclarationKind::List(list) => simple(Space::Value, "list", &list.name),
        DeclarationKind::Calendar(calendar) => simple(Space::Calendar, "calendar", &calendar.name),
        DeclarationKind::Memory(memory) => simple(Space::Value, "memory", &memory.name),
        DeclarationKind::Rule(rule) => simple(Space::Class, "rule", &rule.name),
        DeclarationKind::Digest(digest) => simple(Space::Digest, "digest", &digest.name),
        DeclarationKind::Param(param) => simple(Space::Value, "param", &param.name),
        DeclarationKind::Test(_) | DeclarationKind::Use(_) => None,
    }?;
    let origin = files
        .get(declaration.span.file)
        .map_or(Origin::User, |file| file.origin);
    Some(Entry {
        space,
        noun,
        name,
        span,
        origin,
        declaration,
    })
}

impl<'a> Declared<'a> {
    fn add(&mut self, declaration: &'a ast::Declaration) {
        let span = declaration.span;
        match &declaration.kind {
            DeclarationKind::Source(source) => self.sources.push((source, span)),
            DeclarationKind::Field(field) => self.fields.push((field, span)),
            DeclarationKind::Event(event) => self.events.push((event, span)),
            DeclarationKind::Identity(identity) => self.identities.push((identity, span)),
            DeclarationKind::Table(table) => self.tables.push((table, span)),
            DeclarationKind::List(list) => self.lists.push((list, span)),
            DeclarationKind::Calendar(calendar) => self.calendars.push((calendar, span)),
            DeclarationKind::Memory(memory) => self.memories.push((memory, span)),
            DeclarationKind::Rule(rule) => self.rules.push((rule, span)),
            DeclarationKind::Digest(digest) => self.digests.push((digest, span)),
            DeclarationKind::Test(test) => self.tests.push((test, span)),
            DeclarationKind::Param(param) => self.params.push((param, span)),
            DeclarationKind::Use(_) => {}
        }
    }
}
