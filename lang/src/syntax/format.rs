//! The canonical layout of rule text.
//!
//! Apart from the listing because a layout is for people: it keeps comments, blank lines and spellings.

use crate::diagnostic::{Code, Diagnostic};
use crate::file::{FileId, Files, Origin, Span};
use crate::syntax::ast::{Expr, Module};
use crate::syntax::parse::{FILE_BYTES_MAX, too_long};
use crate::syntax::token::{self, TokenKind};
use crate::syntax::{listing, parse};

mod calendar;
mod comments;
mod declaration;
mod digest;
mod doc;
mod expression;
mod layout;
mod memory;
mod pattern;
mod rule;
mod source;
mod test;

use layout::Layout;

/// The columns of a line.
pub const COLUMNS: usize = 100;

/// How often a text is laid out until nothing moves; comments in odd places may move twice.
const ROUNDS_MAX: usize = 8;

/// Returns the text in canonical layout, every comment kept.
///
/// # Errors
/// The mistakes of its syntax, or one that says that the layout would have changed the meaning.
pub fn format(text: &str) -> Result<String, Vec<Diagnostic>> {
    let module = read(text)?;
    let meaning = listing::module(&module);
    let mut laid_out = lay_out(text, &module);
    for _ in 0..ROUNDS_MAX {
        if laid_out.len() > FILE_BYTES_MAX {
            return Err(vec![too_long(FileId(0), &laid_out)]);
        }
        let again = read(&laid_out).map_err(|_| vec![changed(text)])?;
        if listing::module(&again) != meaning || !keeps_comments(text, &laid_out) {
            return Err(vec![changed(text)]);
        }
        let next = lay_out(&laid_out, &again);
        if next == laid_out {
            return Ok(laid_out);
        }
        laid_out = next;
    }
    Err(vec![changed(text)])
}

/// Returns an expression on one line, with brackets only where they were written or are needed.
#[must_use]
pub fn expr(expr: &Expr) -> String {
    let mut layout = Layout::without_text();
    let doc = layout.expression(expr);
    doc::print(&doc, usize::MAX)
}

fn read(text: &str) -> Result<Module, Vec<Diagnostic>> {
    let mut files = Files::new();
    let file = files.add("", text, Origin::User);
    let parsed = parse(&files, file);
    if parsed.diagnostics.is_empty() {
        Ok(parsed.module)
    } else {
        Err(parsed.diagnostics)
    }
}

fn lay_out(text: &str, module: &Module) -> String {
    let mut layout = Layout::new(text);
    let doc = layout.module(module);
    let mut out = doc::print(&doc, COLUMNS);
    if !out.is_empty() {
        out.push('\n');
    }
    out
}

/// Returns whether the comments of a text stand in another, in their order.
fn keeps_comments(text: &str, laid_out: &str) -> bool {
    let kept = comment_text(laid_out);
    let mut rest = kept.as_str();
    for token in token::tokens(text) {
        if token.kind == TokenKind::Comment {
            let comment = token.text(text).trim_end();
            let Some(at) = rest.find(comment) else {
                return false;
            };
            rest = rest.get(at + comment.len()..).unwrap_or_default();
        }
    }
    true
}

fn comment_text(text: &str) -> String {
    let comments = token::tokens(text)
        .into_iter()
        .filter(|token| token.kind == TokenKind::Comment);
    comments
        .map(|token| format!("{}\n", token.text(text).trim_end()))
        .collect()
}

fn changed(text: &str) -> Diagnostic {
    let end = u32::try_from(text.len()).unwrap_or(u32::MAX);
    let span = Span {
        file: FileId(0),
        start: 0,
        end,
    };
    Diagnostic::error(
        Code::Syntax,
        span,
        "the canonical layout of this file would change what it says",
    )
    .help("the file is left as it is; this is a mistake of the formatter, please report it")
}
