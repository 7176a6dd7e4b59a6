//! A tree of a rule file as text, without places: two trees are equal if and only if their listings are.
//!
//! Apart from the formatter because a listing shows the tree, brackets and sugar included, and no layout.

use crate::syntax::ast::{Module, Name, Path, Text};
use crate::syntax::print;

mod declaration;
mod expression;
mod rule;

/// Returns the listing of a module: a bracketed tree, a declaration a paragraph.
#[must_use]
pub fn module(module: &Module) -> String {
    let mut out = String::new();
    for declaration in &module.declarations {
        declaration::declaration(declaration).write(&mut out, 0);
        out.push('\n');
    }
    out
}

/// Returns the listing of an expression.
#[must_use]
pub fn expr(expr: &crate::syntax::ast::Expr) -> String {
    let mut out = String::new();
    expression::expr(expr).write(&mut out, 0);
    out
}

/// The columns of a line.
const WIDTH: usize = 100;

/// A node of a listing.
enum Tree {
    Atom(String),
    Node(&'static str, Vec<Tree>),
}

impl Tree {
    /// Writes the node on one line where it fits, else a child a line.
    fn write(&self, out: &mut String, indent: usize) {
        match self {
            Tree::Atom(text) => out.push_str(text),
            Tree::Node(head, children) => {
                if self.flat_width(WIDTH.saturating_sub(indent)).is_some() {
                    self.write_flat(out);
                    return;
                }
                out.push('(');
                out.push_str(head);
                let atoms = children
                    .iter()
                    .take_while(|child| matches!(child, Tree::Atom(_)))
                    .count();
                for (at, child) in children.iter().enumerate() {
                    if at < atoms {
                        out.push(' ');
                    } else {
                        out.push('\n');
                        out.extend(std::iter::repeat_n(' ', indent + 2));
                    }
                    child.write(out, indent + 2);
                }
                out.push(')');
            }
        }
    }

    fn write_flat(&self, out: &mut String) {
        match self {
            Tree::Atom(text) => out.push_str(text),
            Tree::Node(head, children) => {
                out.push('(');
                out.push_str(head);
                for child in children {
                    out.push(' ');
                    child.write_flat(out);
                }
                out.push(')');
            }
        }
    }

    /// Returns the width of the node on one line, or nothing where that is more than `most`.
    fn flat_width(&self, most: usize) -> Option<usize> {
        let width = match self {
            Tree::Atom(text) => text.chars().count(),
            Tree::Node(head, children) => {
                let mut width = head.len() + 2;
                for child in children {
                    width += 1 + child.flat_width(most.checked_sub(width)?)?;
                }
                width
            }
        };
        (width <= most).then_some(width)
    }
}

fn atom(text: impl Into<String>) -> Tree {
    Tree::Atom(text.into())
}

fn node(head: &'static str, children: impl IntoIterator<Item = Tree>) -> Tree {
    Tree::Node(head, children.into_iter().collect())
}

fn name(name: &Name) -> Tree {
    atom(print::name(&name.text))
}

fn path(path: &Path) -> Tree {
    let parts: Vec<String> = path
        .parts
        .iter()
        .map(|part| print::name(&part.text))
        .collect();
    atom(parts.join("."))
}

fn paths(head: &'static str, list: &[Path]) -> Option<Tree> {
    (!list.is_empty()).then(|| node(head, list.iter().map(path)))
}

fn text(text: &Text) -> Tree {
    quoted(&text.value, text.raw)
}

fn quoted(value: &str, raw: bool) -> Tree {
    atom(format!(
        "{}{}",
        if raw { "r" } else { "" },
        print::quoted(value)
    ))
}
