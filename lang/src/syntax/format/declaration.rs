//! The layout of a file and of its declarations other than rules and tests.
//!
//! Apart from rules because these are a line each, or a plain block of lines.

use crate::file::Span;
use crate::syntax::ast::{
    Cleaner, Declaration, DeclarationKind, Event, Field, Identity, List, Module, Name, Param,
    ParamValue, Path, Table, TableMode, Text, TypeExpr, TypeKind,
};
use crate::syntax::format::doc::Doc;
use crate::syntax::format::layout::{Blank, Layout, Signs};
use crate::syntax::print;

impl Layout<'_> {
    pub(super) fn module(&mut self, module: &Module) -> Doc {
        let mut docs = Vec::new();
        let mut after_block = false;
        for (at, declaration) in module.declarations.iter().enumerate() {
            let next = module
                .declarations
                .get(at + 1)
                .map_or(u32::MAX, |next| next.span.start);
            let block = is_block(&declaration.kind);
            let blank = if block || after_block {
                Blank::Forced
            } else {
                Blank::Kept
            };
            self.statement(declaration.span, next, blank, &mut docs, |layout| {
                layout.declaration(declaration)
            });
            after_block = block;
        }
        self.own_lines(u32::MAX, Blank::Kept, &mut docs);
        without_first_feed(docs)
    }

    fn declaration(&mut self, declaration: &Declaration) -> Doc {
        let span = declaration.span;
        match &declaration.kind {
            DeclarationKind::Source(it) => self.source(it, span),
            DeclarationKind::Field(it) => self.field(it),
            DeclarationKind::Event(it) => self.event(it),
            DeclarationKind::Identity(it) => self.identity(it, span),
            DeclarationKind::Table(it) => self.table(it),
            DeclarationKind::List(it) => self.literal_list(it, span),
            DeclarationKind::Calendar(it) => self.calendar(it, span),
            DeclarationKind::Memory(it) => self.memory(it),
            DeclarationKind::Rule(it) => self.rule(it, span),
            DeclarationKind::Digest(it) => self.digest(it, span),
            DeclarationKind::Test(it) => self.test(it, span),
            DeclarationKind::Param(it) => self.param(it),
            DeclarationKind::Use(it) => {
                let path = self.path(&it.path);
                self.after("use", path)
            }
        }
    }

    /// Returns a keyword with a name and a title behind it.
    pub(super) fn head(&mut self, word: &str, name: &Name, title: Option<&Text>) -> Doc {
        let name = self.name(name);
        let mut docs = vec![self.after(word, name)];
        if let Some(title) = title {
            docs.extend([Doc::text(" "), self.text(title)]);
        }
        Doc::Concat(docs)
    }

    /// Returns a description behind a line; what stands before it ends at a place.
    fn doc_line(&mut self, end: u32, doc: Option<&Text>) -> Doc {
        match doc {
            Some(doc) => Doc::Concat(vec![
                self.separate(end, doc.span.start, Doc::Line),
                self.text(doc),
            ]),
            None => Doc::none(),
        }
    }

    fn field(&mut self, field: &Field) -> Doc {
        let path = self.path(&field.path);
        let mut docs = vec![
            self.after("field", path),
            Doc::text(": "),
            self.type_expr(&field.ty),
        ];
        let mut end = field.ty.span.end;
        if let Some(value) = &field.value {
            let line = self.separate(end, value.span.start, Doc::Line);
            end = value.span.end;
            let value = self.hanging(value);
            docs.push(Doc::indent(Doc::Concat(vec![line, self.after("=", value)])));
        }
        let doc = self.doc_line(end, field.doc.as_ref());
        docs.push(Doc::indent(doc));
        Doc::group(Doc::Concat(docs))
    }

    fn type_expr(&mut self, ty: &TypeExpr) -> Doc {
        match &ty.kind {
            TypeKind::Name(name) => Doc::text(print::name(name)),
            TypeKind::List(element) => {
                let element = self.type_expr(element);
                Doc::Concat(vec![Doc::text("list<"), element, Doc::text(">")])
            }
            TypeKind::Enum { symbols, ordered } => {
                let end = ty.span.end.saturating_sub(1);
                let start = symbols.first().map_or(end, |first| first.span.start);
                let symbols = self.enclosed(Signs::Round, start..end, |layout| {
                    layout.symbols(symbols, if *ordered { " <" } else { "," })
                });
                Doc::Concat(vec![Doc::text("enum"), symbols])
            }
        }
    }

    fn symbols(&mut self, symbols: &[Path], separator: &str) -> Doc {
        let mut docs = Vec::new();
        let mut last: Option<&Path> = None;
        for symbol in symbols {
            if let Some(last) = last {
                docs.push(Doc::text(separator));
                docs.push(self.separate(last.span.end, symbol.span.start, Doc::Line));
            }
            docs.push(self.path(symbol));
            last = Some(symbol);
        }
        Doc::Concat(docs)
    }

    fn event(&mut self, event: &Event) -> Doc {
        let name = self.name(&event.name);
        let (base, end) = match &event.base {
            Some(base) => (self.name(base), base.span.end),
            None => (Doc::text("any"), event.name.span.end),
        };
        let filters = self.filters(end, &event.filters);
        let end = event.filters.last().map_or(end, |last| last.span.end);
        let doc = self.doc_line(end, event.doc.as_ref());
        let head = Doc::Concat(vec![self.after("event", name), Doc::text(" = "), base]);
        Doc::group(Doc::Concat(vec![
            head,
            Doc::indent(Doc::Concat(vec![filters, doc])),
        ]))
    }

    fn identity(&mut self, identity: &Identity, span: Span) -> Doc {
        let head = self.head("identity", &identity.name, None);
        let lines = identity_lines(identity);
        let spans: Vec<Span> = lines
            .iter()
            .map(|(span, line)| self.starting_at(line.word(), *span))
            .collect();
        self.block(head, &spans, span.end, |layout, at| {
            match lines.get(at).map(|(_, line)| line) {
                Some(IdentityLine::From) => layout.identity_from(identity),
                Some(IdentityLine::Clean) => {
                    let clean = layout.commas(&identity.clean, cleaner_span, Self::cleaner);
                    layout.after("clean", Doc::group(Doc::indent(clean)))
                }
                Some(IdentityLine::Never) => {
                    let never = layout.commas(&identity.never, |text| text.span, Self::text);
                    layout.after("never", Doc::group(Doc::indent(never)))
                }
                None => Doc::none(),
            }
        })
    }

    fn identity_from(&mut self, identity: &Identity) -> Doc {
        let Some(from) = &identity.from else {
            return Doc::none();
        };
        let table = self.name(&from.table);
        let columns = self.commas(&from.columns, |column| column.span, Self::column);
        let give = self.column(&from.give);
        let columns = Doc::group(Doc::indent(columns));
        let docs = vec![
            Doc::text("from "),
            table,
            Doc::text(" match "),
            columns,
            Doc::text(" give "),
            give,
        ];
        Doc::Concat(docs)
    }

    fn cleaner(&mut self, cleaner: &Cleaner) -> Doc {
        let mut docs = vec![self.name(&cleaner.name)];
        for text in &cleaner.args {
            docs.extend([Doc::text(" "), self.text(text)]);
        }
        Doc::Concat(docs)
    }

    fn table(&mut self, table: &Table) -> Doc {
        let name = self.name(&table.name);
        let file = self.text(&table.file);
        let key = self.column(&table.key);
        let mode = match table.mode {
            TableMode::Exact => " key ",
            TableMode::Net => " key cidr ",
            TableMode::Prefix => " key prefix ",
        };
        let head = self.after("table", name);
        Doc::Concat(vec![head, Doc::text(" from "), file, Doc::text(mode), key])
    }

    fn literal_list(&mut self, list: &List, span: Span) -> Doc {
        let name = self.name(&list.name);
        let head = self.after("list", name);
        let end = list
            .doc
            .as_ref()
            .map_or(span.end, |doc| doc.span.start)
            .saturating_sub(1);
        let start = list.items.first().map_or(end, |first| first.span.start);
        let items = self.enclosed(Signs::Square, start..end, |layout| {
            layout.commas(&list.items, |item| item.span, Self::literal)
        });
        let doc = match &list.doc {
            Some(doc) => Doc::Concat(vec![Doc::text(" "), self.text(doc)]),
            None => Doc::none(),
        };
        Doc::Concat(vec![head, Doc::text(" = "), items, doc])
    }

    fn param(&mut self, param: &Param) -> Doc {
        let name = self.name(&param.name);
        let head = self.after("param", name);
        let value = match &param.value {
            ParamValue::Literal(literal) => self.literal(literal),
            ParamValue::List(items, span) => {
                let end = span.end.saturating_sub(1);
                let start = items.first().map_or(end, |first| first.span.start);
                self.enclosed(Signs::Square, start..end, |layout| {
                    layout.commas(items, |item| item.span, Self::literal)
                })
            }
        };
        let end = match &param.value {
            ParamValue::Literal(literal) => literal.span.end,
            ParamValue::List(_, span) => span.end,
        };
        let doc = self.doc_line(end, param.doc.as_ref());
        Doc::group(Doc::Concat(vec![
            head,
            Doc::text(" = "),
            value,
            Doc::indent(doc),
        ]))
    }

    /// Returns entries between braces, with blanks inside them.
    pub(super) fn record<T>(
        &mut self,
        span: Span,
        entries: &[T],
        place: impl Fn(&T) -> Span,
        lay_out: impl FnMut(&mut Self, &T) -> Doc,
    ) -> Doc {
        if entries.is_empty() {
            let comments = self.flush(span.end);
            return Doc::Concat(vec![Doc::text("{ }"), comments]);
        }
        let end = span.end.saturating_sub(1);
        let start = entries.first().map_or(end, |first| place(first).start);
        self.enclosed(Signs::Curly, start..end, |layout| {
            layout.commas(entries, place, lay_out)
        })
    }
}

/// Which line of an identity, in the order they stand.
enum IdentityLine {
    From,
    Clean,
    Never,
}

impl IdentityLine {
    fn word(&self) -> &'static str {
        match self {
            IdentityLine::From => "from",
            IdentityLine::Clean => "clean",
            IdentityLine::Never => "never",
        }
    }
}

fn identity_lines(identity: &Identity) -> Vec<(Span, IdentityLine)> {
    let mut lines = Vec::new();
    if let Some(from) = &identity.from {
        lines.push((from.table.span.to(from.give.span), IdentityLine::From));
    }
    if let (Some(first), Some(last)) = (identity.clean.first(), identity.clean.last()) {
        lines.push((first.name.span.to(cleaner_span(last)), IdentityLine::Clean));
    }
    if let (Some(first), Some(last)) = (identity.never.first(), identity.never.last()) {
        lines.push((first.span.to(last.span), IdentityLine::Never));
    }
    lines.sort_by_key(|(span, _)| span.start);
    lines
}

fn cleaner_span(cleaner: &Cleaner) -> Span {
    cleaner
        .args
        .last()
        .map_or(cleaner.name.span, |last| cleaner.name.span.to(last.span))
}

/// Returns whether a declaration stands on several lines, with blank lines around it.
fn is_block(kind: &DeclarationKind) -> bool {
    match kind {
        DeclarationKind::Source(_)
        | DeclarationKind::Identity(_)
        | DeclarationKind::Calendar(_)
        | DeclarationKind::Rule(_)
        | DeclarationKind::Test(_) => true,
        DeclarationKind::Field(_)
        | DeclarationKind::Event(_)
        | DeclarationKind::Table(_)
        | DeclarationKind::List(_)
        | DeclarationKind::Memory(_)
        | DeclarationKind::Digest(_)
        | DeclarationKind::Param(_)
        | DeclarationKind::Use(_) => false,
    }
}

/// Every line starts with a line feed, which the first line of a file has no need of.
fn without_first_feed(mut docs: Vec<Doc>) -> Doc {
    if matches!(docs.first(), Some(Doc::HardLine)) {
        docs.remove(0);
    }
    Doc::Concat(docs)
}
