//! From expressions as written to expressions as meant: names resolved, types and units checked.
//!
//! Apart from lowering because every declaration holds expressions and all of them follow one law.

mod aggregate;
mod arithmetic;
mod call;
mod compare;
pub(crate) mod constant;
mod expression;
mod fault;
mod function;
mod logic;
mod meaning;
mod membership;
mod mismatch;
mod network;
mod path;
mod quantified;
pub(crate) mod quantity;
pub(crate) mod scope;
mod synonym;
mod text_test;

use std::collections::BTreeMap;

use crate::diagnostic::Diagnostic;
use crate::file::{Files, Span};
use crate::ir::{self, ExprId, ExprKind, Program};
use crate::resolve::Names;
use crate::suggest;
use crate::syntax::ast;
use crate::types::Type;
use crate::value::Value;

pub(crate) use call::is_builtin;
pub(crate) use function::{function as aggregate_function, result_type};
pub(crate) use meaning::Meaning;
pub(crate) use scope::{Bare, KeyName, Own, Place, Scope, StepName};
pub(crate) use text_test::word;

/// What the checker reads and makes: names in, a program and diagnostics out.
pub(crate) struct Checker<'a> {
    /// The texts, for messages that quote them.
    pub(crate) files: &'a Files,
    /// What every name means.
    pub(crate) names: Names<'a>,
    /// The program so far.
    pub(crate) program: Program,
    /// What is wrong so far.
    pub(crate) diagnostics: Vec<Diagnostic>,
    /// Where the names of the rules stand, by id.
    pub(crate) names_of_rules: Vec<Span>,
    /// Negated conditions, with what they would be without their negation.
    pub(crate) negated: BTreeMap<ExprId, Negated>,
    /// How deep the expression at hand is.
    depth: usize,
}

/// An expression of the program with its type.
#[derive(Clone, Debug)]
pub(crate) struct Typed {
    /// The expression.
    pub(crate) id: ExprId,
    /// Its type.
    pub(crate) ty: Type,
}

/// What a negated condition would be without its negation.
#[derive(Clone, Debug)]
pub(crate) struct Negated {
    /// The condition without its negation, as one writes it.
    pub(crate) positive: String,
    /// What is tested, as one writes it.
    pub(crate) subject: String,
}

impl<'a> Checker<'a> {
    /// Returns a checker that has made nothing yet.
    pub(crate) fn new(files: &'a Files, names: Names<'a>, diagnostics: Vec<Diagnostic>) -> Self {
        Self {
            files,
            names,
            program: Program::default(),
            diagnostics,
            names_of_rules: Vec::new(),
            negated: BTreeMap::new(),
            depth: 0,
        }
    }

    /// Keeps a diagnostic.
    pub(crate) fn report(&mut self, diagnostic: Diagnostic) {
        self.diagnostics.push(diagnostic);
    }

    /// Returns the candidate nearest to a word; after many mistakes none, as looking costs time.
    pub(crate) fn nearest<'c>(
        &self,
        word: &str,
        candidates: impl IntoIterator<Item = &'c str>,
    ) -> Option<&'c str> {
        const MISTAKES_MAX: usize = 200;
        if self.diagnostics.len() > MISTAKES_MAX {
            return None;
        }
        suggest::nearest(word, candidates)
    }

    /// Tells whether something is wrong already at exactly this place.
    pub(crate) fn is_told(&self, span: Span) -> bool {
        self.diagnostics.iter().any(|told| told.span == span)
    }

    /// Adds an expression.
    pub(crate) fn add(&mut self, kind: ExprKind, ty: Type, span: Span) -> Typed {
        let id = self.program.exprs.add(ir::Expr {
            kind,
            ty: ty.clone(),
            span,
        });
        Typed { id, ty }
    }

    /// Adds a condition.
    pub(crate) fn add_bool(&mut self, kind: ExprKind, span: Span) -> Typed {
        self.add(kind, Type::Bool, span)
    }

    /// Adds a constant.
    pub(crate) fn add_constant(&mut self, value: Value, ty: Type, span: Span) -> Typed {
        self.add(ExprKind::Constant(value), ty, span)
    }

    /// Converts a value of type `any` to another type; any other is returned as it is.
    pub(crate) fn convert(&mut self, value: Typed, ty: &Type) -> Typed {
        if value.ty != Type::Any || *ty == Type::Any {
            return value;
        }
        let span = self.span(value.id);
        self.add(ExprKind::Convert(value.id), ty.clone(), span)
    }

    /// Converts a value of type `any` to a number, whole where it can be.
    pub(crate) fn convert_number(&mut self, value: Typed) -> Typed {
        if value.ty != Type::Any {
            return value;
        }
        let span = self.span(value.id);
        let whole = self.convert(value.clone(), &Type::Int);
        let float = self.convert(value, &Type::Float);
        self.add(ExprKind::Default(whole.id, float.id), Type::Float, span)
    }

    /// Returns where an expression was written.
    pub(crate) fn span(&self, id: ExprId) -> Span {
        self.program.exprs[id].span
    }

    /// Returns the value of an expression that is a constant.
    pub(crate) fn constant(&self, id: ExprId) -> Option<&Value> {
        let ExprKind::Constant(value) = &self.program.exprs[id].kind else {
            return None;
        };
        Some(value)
    }

    /// Returns what stands at a span on one line.
    pub(crate) fn one_line(&self, span: Span) -> String {
        let words: Vec<&str> = self.files.text(span).split_whitespace().collect();
        words.join(" ")
    }

    /// Returns what stands at a span on one line, shortened where it is long.
    pub(crate) fn quote(&self, span: Span) -> String {
        const LENGTH_MAX: usize = 60;
        let text = self.one_line(span);
        if text.chars().count() <= LENGTH_MAX {
            return text;
        }
        let start: String = text.chars().take(LENGTH_MAX - 1).collect();
        format!("{start}…")
    }
}

/// Returns an expression without the brackets around it.
pub(crate) fn bare(mut expr: &ast::Expr) -> &ast::Expr {
    while let ast::ExprKind::Group(inner) = &expr.kind {
        expr = inner;
    }
    expr
}
