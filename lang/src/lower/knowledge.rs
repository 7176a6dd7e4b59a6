//! Tables, lists and identities.
//!
//! Apart from calendars, which have days and zones of their own.

use crate::check::{Checker, constant};
use crate::diagnostic::{Code, Diagnostic};
use crate::file::Span;
use crate::ir::{self, TableId};
use crate::resolve::{Declared, Global};
use crate::syntax::ast::{self, Name};

impl Checker<'_> {
    pub(super) fn lower_tables(&mut self, declared: &Declared<'_>) {
        for (table, span) in &declared.tables {
            self.program.tables.add(ir::Table {
                name: table.name.text.as_str().into(),
                path: table.file.value.as_str().into(),
                file: span.file,
                key: table.key.text.as_str().into(),
                mode: table.mode,
                span: *span,
            });
        }
    }

    pub(super) fn lower_lists(&mut self, declared: &Declared<'_>) {
        for (list, span) in &declared.lists {
            let items = constant::of_list(&list.items)
                .map(|(items, _)| items)
                .unwrap_or_default();
            self.program.lists.add(ir::List {
                name: list.name.text.as_str().into(),
                items,
                span: *span,
            });
        }
    }

    pub(super) fn lower_identities(&mut self, declared: &Declared<'_>) {
        for (identity, span) in &declared.identities {
            let lowered = self.lower_identity(identity, *span);
            self.program.identities.add(lowered);
        }
    }

    fn lower_identity(&mut self, identity: &ast::Identity, span: Span) -> ir::Identity {
        if crate::check::is_builtin(&identity.name.text) {
            let message = format!("`{}` is a function of the language", identity.name.text);
            self.report(Diagnostic::error(
                Code::ReservedName,
                identity.name.span,
                message,
            ));
        }
        let from = identity.from.as_ref().and_then(|from| {
            let table = self.table(&from.table)?;
            let columns = from
                .columns
                .iter()
                .map(|column| column.text.as_str().into())
                .collect();
            Some((table, columns, from.give.text.as_str().into()))
        });
        let clean: Vec<ir::Cleaner> = identity
            .clean
            .iter()
            .filter_map(|cleaner| self.cleaner(cleaner))
            .collect();
        let never = identity
            .never
            .iter()
            .map(|name| cleaned(&name.value, &clean).into())
            .collect();
        ir::Identity {
            name: identity.name.text.as_str().into(),
            from,
            clean,
            never,
            span,
        }
    }

    /// Returns the table of a name.
    pub(super) fn table(&mut self, name: &Name) -> Option<TableId> {
        if let Some(Global::Table(table)) = self.names.globals.get(name.text.as_str()) {
            return Some(*table);
        }
        if self.names.is_torn(&name.text) {
            return None;
        }
        let globals = self.names.globals.iter();
        let tables = globals
            .filter(|(_, global)| matches!(global, Global::Table(_)))
            .map(|(name, _)| *name);
        let near = self.nearest(&name.text, tables);
        let message = format!("no table is called `{}`", name.text);
        let diagnostic = Diagnostic::error(Code::UnknownName, name.span, message);
        self.report(match near {
            Some(near) => diagnostic
                .help(format!("did you mean `{near}`?"))
                .patch(near),
            None => diagnostic.help(format!(
                "declare it: `table {} from \"file.csv\" key id`",
                name.text
            )),
        });
        None
    }

    fn cleaner(&mut self, cleaner: &ast::Cleaner) -> Option<ir::Cleaner> {
        let texts: Vec<&str> = cleaner
            .args
            .iter()
            .map(|text| text.value.as_str())
            .collect();
        match (cleaner.name.text.as_str(), &*texts) {
            ("lower", []) => Some(ir::Cleaner::Lower),
            ("trim", []) => Some(ir::Cleaner::Trim),
            ("strip_domain", [domain]) => Some(ir::Cleaner::StripDomain((*domain).into())),
            (name, _) => {
                let message = format!("expected a way to clean identifiers, found `{name}`");
                let diagnostic = Diagnostic::error(Code::BadCleaner, cleaner.name.span, message);
                self.report(
                    match self.nearest(name, ["lower", "trim", "strip_domain"]) {
                        Some(near) => diagnostic.help(format!("did you mean `{near}`?")),
                        None => diagnostic.help("write `lower`, `trim` or `strip_domain \"CORP\"`"),
                    },
                );
                None
            }
        }
    }
}

/// Returns an identifier after it is cleaned.
fn cleaned(name: &str, clean: &[ir::Cleaner]) -> String {
    clean
        .iter()
        .fold(name.to_owned(), |name, cleaner| match cleaner {
            ir::Cleaner::Lower => name.to_lowercase(),
            ir::Cleaner::Trim => name.trim().to_owned(),
            ir::Cleaner::StripDomain(_) => name,
        })
}
