//! Declarations that fit on a line or two: fields, events, identities, tables, lists, params.
//!
//! Apart from the longer ones, which have files of their own.

use crate::diagnostic::{Code, Diagnostic};
use crate::file::Span;
use crate::syntax::ast::{
    ClassRef, Cleaner, Declaration, DeclarationKind, Event, Field, Identity, IdentityFrom, List,
    Param, ParamValue, Table, TableMode, TypeExpr, TypeKind, Use,
};
use crate::syntax::parse::Node;
use crate::syntax::parse::builder::Builder;
use crate::syntax::parse::grammar::{self, Rule};

impl Builder<'_> {
    pub(super) fn declaration(&mut self, node: &Node<'_>) -> Option<Declaration> {
        let node = grammar::first(node)?;
        let kind = match node.as_rule() {
            Rule::rule_ => DeclarationKind::Rule(Box::new(self.rule(&node)?)),
            Rule::source => DeclarationKind::Source(self.source(&node)?),
            Rule::field => DeclarationKind::Field(self.field(&node)?),
            Rule::event => DeclarationKind::Event(self.event(&node)?),
            Rule::identity => DeclarationKind::Identity(self.identity(&node)?),
            Rule::table => DeclarationKind::Table(self.table(&node)?),
            Rule::list => DeclarationKind::List(self.list(&node)?),
            Rule::calendar => DeclarationKind::Calendar(self.calendar(&node)?),
            Rule::memory => DeclarationKind::Memory(self.memory(&node)?),
            Rule::digest => DeclarationKind::Digest(self.digest(&node)?),
            Rule::test => DeclarationKind::Test(self.test(&node)?),
            Rule::param => DeclarationKind::Param(self.param(&node)?),
            Rule::use_ => {
                let path = grammar::child(&node, Rule::path)?;
                DeclarationKind::Use(Use {
                    path: self.path(&path),
                })
            }
            _ => return None,
        };
        Some(Declaration {
            kind,
            span: self.span(&node),
        })
    }

    fn field(&mut self, node: &Node<'_>) -> Option<Field> {
        let path = self.path(&grammar::child(node, Rule::path)?);
        let ty = self.type_expr(&grammar::child(node, Rule::r#type)?)?;
        let value = match grammar::child(node, Rule::expression) {
            Some(value) => Some(self.expression(&value)?),
            None => None,
        };
        Some(Field {
            path,
            ty,
            value,
            doc: self.doc(node),
        })
    }

    fn type_expr(&mut self, node: &Node<'_>) -> Option<TypeExpr> {
        let inner = grammar::first(node)?;
        let kind = match inner.as_rule() {
            Rule::type_name => TypeKind::Name(self.name(&inner).text),
            Rule::type_enum => TypeKind::Enum {
                symbols: self.paths(&inner),
                ordered: grammar::has(&inner, Rule::less),
            },
            Rule::type_list => {
                let element = grammar::child(&inner, Rule::r#type)?;
                TypeKind::List(Box::new(self.type_expr(&element)?))
            }
            _ => return None,
        };
        Some(TypeExpr {
            kind,
            span: self.span(node),
        })
    }

    fn event(&mut self, node: &Node<'_>) -> Option<Event> {
        let name = self.named(node, Rule::name)?;
        let base = self.class(node)?;
        let base = (base.name.text != "any").then_some(base.name);
        Some(Event {
            name,
            base,
            filters: self.filters(node)?,
            doc: self.doc(node),
        })
    }

    /// Returns the class among the children of a node.
    pub(super) fn class(&mut self, node: &Node<'_>) -> Option<ClassRef> {
        self.named(node, Rule::class).map(|name| ClassRef { name })
    }

    fn identity(&mut self, node: &Node<'_>) -> Option<Identity> {
        let name = self.named(node, Rule::name)?;
        let mut identity = Identity {
            name,
            from: None,
            clean: Vec::new(),
            never: Vec::new(),
        };
        let mut seen: Vec<(Rule, Span)> = Vec::new();
        for line in grammar::children(node, Rule::identity_line) {
            let line = grammar::first(&line)?;
            self.once(&mut seen, &line);
            match line.as_rule() {
                Rule::identity_from => identity.from = Some(self.identity_from(&line)?),
                Rule::identity_clean => {
                    let cleaners: Option<Vec<Cleaner>> = grammar::children(&line, Rule::cleaner)
                        .map(|cleaner| self.cleaner(&cleaner))
                        .collect();
                    identity.clean = cleaners?;
                }
                _ => identity.never = self.texts(&line),
            }
        }
        Some(identity)
    }

    fn identity_from(&mut self, node: &Node<'_>) -> Option<IdentityFrom> {
        let table = self.named(node, Rule::name)?;
        let columns: Option<Vec<_>> = grammar::children(node, Rule::column)
            .map(|column| self.column(&column))
            .collect();
        let mut columns = columns?;
        let give = columns.pop()?;
        Some(IdentityFrom {
            table,
            columns,
            give,
        })
    }

    fn cleaner(&mut self, node: &Node<'_>) -> Option<Cleaner> {
        Some(Cleaner {
            name: self.named(node, Rule::name)?,
            args: self.texts(node),
        })
    }

    /// Tells a line that stands in a declaration for the second time.
    pub(super) fn once(&mut self, seen: &mut Vec<(Rule, Span)>, line: &Node<'_>) {
        let span = self.span(line);
        let rule = line.as_rule();
        match seen.iter().find(|(earlier, _)| *earlier == rule) {
            Some((_, first)) => {
                let word = line.as_str().split_whitespace().next().unwrap_or_default();
                let word_span = Span {
                    end: span.start + super::builder::offset(word.len()),
                    ..span
                };
                let message = format!("expected one `{word}` line, found a second");
                let error = Diagnostic::error(Code::RepeatedLine, word_span, message);
                self.tell(
                    error
                        .label(*first, "the first one")
                        .help("join the two lines, or remove one"),
                );
            }
            None => seen.push((rule, span)),
        }
    }

    fn table(&mut self, node: &Node<'_>) -> Option<Table> {
        let mode = if grammar::has(node, Rule::kw_cidr) {
            TableMode::Net
        } else if grammar::has(node, Rule::kw_prefix) {
            TableMode::Prefix
        } else {
            TableMode::Exact
        };
        let name = self.named(node, Rule::name)?;
        let key = self.column(&grammar::child(node, Rule::column)?)?;
        Some(Table {
            name,
            file: self.doc(node)?,
            key,
            mode,
        })
    }

    fn list(&mut self, node: &Node<'_>) -> Option<List> {
        let name = self.named(node, Rule::name)?;
        let items = self.literals(&grammar::child(node, Rule::literal_list)?)?;
        Some(List {
            name,
            items,
            doc: self.doc(node),
        })
    }

    fn param(&mut self, node: &Node<'_>) -> Option<Param> {
        let name = self.named(node, Rule::name)?;
        let value = match grammar::child(node, Rule::literal_list) {
            Some(list) => ParamValue::List(self.literals(&list)?, self.span(&list)),
            None => ParamValue::Literal(self.literal(&grammar::child(node, Rule::literal)?)?),
        };
        Some(Param {
            name,
            value,
            doc: self.doc(node),
        })
    }
}
