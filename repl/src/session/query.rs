//! A line that asks the data something: which events, and how they are counted.
//!
//! Apart from answering it because here it is only cut into its parts and compiled.

use muster_lang::ir::{ClassId, ExprId, MemoryKind, Program};
use muster_lang::syntax::token::{Token, TokenKind, tokens};
use muster_lang::units::Duration;

use super::book::{Beside, Book, Compiled};

/// What hidden declarations of a line are called.
const CLASS: &str = "repl_line";
const PATH: &str = "repl_path_";

/// A line cut into its parts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Asked {
    /// Which events; nothing for those of the line before.
    pub(crate) select: String,
    /// Whether they are only counted.
    pub(crate) counts: bool,
    /// By what they are counted, as written.
    pub(crate) by: Vec<String>,
    /// How long the spans are in which they are counted, as written.
    pub(crate) every: Option<String>,
    /// Further columns.
    pub(crate) show: Vec<String>,
}

/// A line that compiles.
pub(crate) struct Query {
    /// The program with the line in it.
    pub(crate) compiled: Compiled,
    /// The events it is about.
    pub(crate) class: ClassId,
    /// By what they are counted.
    pub(crate) by: Vec<(String, ExprId)>,
    /// Further columns.
    pub(crate) show: Vec<(String, ExprId)>,
    /// How long the spans are in which they are counted.
    pub(crate) every: Option<Duration>,
}

impl Asked {
    /// Cuts a line at the words `count`, `by`, `every` and `show` outside brackets.
    pub(crate) fn of(line: &str) -> Self {
        let all = tokens(line);
        let cuts = cuts(line, &all);
        let end = cuts.first().map_or(line.len(), |(at, _)| *at);
        let mut asked = Self {
            select: line.get(..end).unwrap_or_default().trim_end().to_owned(),
            ..Self::default()
        };
        for (index, (at, word)) in cuts.iter().enumerate() {
            let until = cuts.get(index + 1).map_or(line.len(), |(next, _)| *next);
            let rest = line.get(at + word.len()..until).unwrap_or_default().trim();
            let paths = || {
                rest.split(',')
                    .map(|path| path.trim().to_owned())
                    .filter(|path| !path.is_empty())
            };
            match *word {
                "by" => asked.by.extend(paths()),
                "show" => asked.show.extend(paths()),
                "every" => asked.every = Some(rest.to_owned()),
                _ => asked.counts = true,
            }
        }
        asked
    }

    /// Tells whether it asks about the events of the line before.
    pub(crate) fn continues(&self) -> bool {
        self.select.trim().is_empty()
    }
}

/// Returns where the parts of a line begin, with the word that begins them.
fn cuts<'t>(line: &'t str, all: &[Token]) -> Vec<(usize, &'t str)> {
    let mut depth = 0i32;
    let mut cuts = Vec::new();
    for (at, token) in all.iter().enumerate() {
        match token.kind {
            TokenKind::OpenBrace | TokenKind::OpenParen | TokenKind::OpenBracket => depth += 1,
            TokenKind::CloseBrace | TokenKind::CloseParen | TokenKind::CloseBracket => depth -= 1,
            _ => {}
        }
        let next = all.get(at + 1).map(|next| next.kind);
        let calls = next == Some(TokenKind::OpenParen) || next == Some(TokenKind::Dot);
        let is_part = at > 0
            && all
                .get(at - 1)
                .is_some_and(|before| before.kind == TokenKind::Dot);
        let range = token.range();
        let word = line.get(range.clone()).unwrap_or_default();
        if depth == 0 && !calls && !is_part && matches!(word, "count" | "by" | "every" | "show") {
            cuts.push((range.start, word));
        }
    }
    cuts
}

/// Compiles a line.
///
/// # Errors
///
/// What is wrong with it, the caret under what was typed.
pub(crate) fn compile(
    book: &Book,
    program: &Program,
    asked: &Asked,
    color: bool,
) -> Result<Query, String> {
    let first = tokens(&asked.select)
        .first()
        .map(|token| token.text(&asked.select).to_owned());
    let first = first.unwrap_or_default();
    let is_class = program
        .classes
        .iter()
        .any(|(_, class)| *class.name == *first);
    let second = tokens(&asked.select)
        .get(1)
        .map(|token| token.text(&asked.select).to_owned());
    let alone = matches!(second.as_deref(), None | Some("where" | "unless"));
    let is_typo = !is_class && !is_field(program, &first) && alone;
    let before = if is_class || is_typo {
        format!("event {CLASS} =\n")
    } else {
        format!("event {CLASS} = any where\n")
    };
    let mut after = String::from("\n");
    for (at, path) in asked.by.iter().chain(&asked.show).enumerate() {
        after.push_str(&format!(
            "memory {PATH}{at} = distinct {path} in any for 1d\n"
        ));
    }
    let every = asked.every.as_deref().map(duration).transpose()?;
    let beside = Beside {
        before: &before,
        typed: &asked.select,
        after: &after,
    };
    let compiled = match book.compile_beside(Some(&beside), color) {
        Ok(compiled) => compiled,
        Err(error) => {
            // A path that is wrong is told alone, with the caret under it.
            let mut paths = asked.by.iter().chain(&asked.show);
            paths.try_for_each(|path| check_path(book, path, color))?;
            return Err(error);
        }
    };
    let class = compiled
        .program
        .classes
        .iter()
        .find(|(_, class)| &*class.name == CLASS);
    let class = class
        .map(|(id, _)| id)
        .ok_or("error: the line declares something: what asks is no declaration\n")?;
    let mut paths = asked
        .by
        .iter()
        .chain(&asked.show)
        .enumerate()
        .filter_map(|(at, path)| {
            let name = format!("{PATH}{at}");
            let memory = compiled
                .program
                .memories
                .iter()
                .find(|(_, memory)| *memory.name == *name)?;
            match memory.1.kind {
                MemoryKind::Distinct(expr) => Some((path.clone(), expr)),
                MemoryKind::Seen(_)
                | MemoryKind::Last(_)
                | MemoryKind::Count
                | MemoryKind::Profile { .. } => None,
            }
        });
    let by = paths.by_ref().take(asked.by.len()).collect();
    let show = paths.collect();
    Ok(Query {
        class,
        by,
        show,
        every,
        compiled,
    })
}

fn is_field(program: &Program, first: &str) -> bool {
    let is_root = |name: &str| name == first || name.starts_with(&format!("{first}."));
    program.fields.iter().any(|(_, field)| is_root(&field.name))
        || muster_lang::builtins::find(first).is_some()
        || matches!(first, "raw" | "not" | "any" | "all" | "")
        || !first.starts_with(|c: char| c.is_alphabetic())
}

fn check_path(book: &Book, path: &str, color: bool) -> Result<(), String> {
    let beside = Beside {
        before: "memory repl_path = distinct\n",
        typed: path,
        after: "\nin any for 1d\n",
    };
    book.compile_beside(Some(&beside), color).map(|_| ())
}

/// Reads a duration as the language does.
pub(crate) fn duration(text: &str) -> Result<Duration, String> {
    let wrong = || {
        format!(
            "error: expected a duration after `every`, found `{}`\nhelp: write one with its unit: `every 1h`, `every 15m`\n",
            muster_lang::escape::escape_line(text)
        )
    };
    let span = crate::cli::duration(text).map_err(|_| wrong())?;
    if span.0 <= 0 { Err(wrong()) } else { Ok(span) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_cut_outside_brackets() {
        let asked =
            Asked::of("login where count(tags) > 2 and x in [by] by ip, geo.country every 1h");
        assert_eq!(asked.select, "login where count(tags) > 2 and x in [by]");
        assert_eq!(asked.by, ["ip", "geo.country"]);
        assert_eq!(asked.every.as_deref(), Some("1h"));
        assert!(!asked.counts);
        let asked = Asked::of("count by ip");
        assert!(asked.counts && asked.continues());
    }
}
