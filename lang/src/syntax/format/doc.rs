//! Text with the places where it may break, and how it is fitted into columns.
//!
//! Apart from the layout of constructs because it knows nothing of the language.

/// A text that may break.
pub(super) enum Doc {
    Text(String),
    /// A space, or a line feed where the group breaks.
    Line,
    /// Nothing, or a line feed where the group breaks.
    SoftLine,
    /// Always a line feed.
    HardLine,
    /// A comment for the end of the line, which must break behind it.
    Suffix(String),
    Concat(Vec<Doc>),
    /// Lines inside stand two columns further right.
    Indent(Box<Doc>),
    /// All lines directly inside break, or none.
    Group {
        inner: Box<Doc>,
        breaks: bool,
    },
}

impl Doc {
    pub(super) fn text(text: impl Into<String>) -> Self {
        Doc::Text(text.into())
    }

    pub(super) fn none() -> Self {
        Doc::Concat(Vec::new())
    }

    pub(super) fn indent(inner: Doc) -> Self {
        Doc::Indent(Box::new(inner))
    }

    pub(super) fn group(inner: Doc) -> Self {
        let breaks = inner.breaks();
        Doc::Group {
            inner: Box::new(inner),
            breaks,
        }
    }

    /// Returns whether a line feed is certain inside.
    fn breaks(&self) -> bool {
        match self {
            Doc::Text(_) | Doc::Line | Doc::SoftLine => false,
            Doc::HardLine | Doc::Suffix(_) => true,
            Doc::Concat(parts) => parts.iter().any(Doc::breaks),
            Doc::Indent(inner) => inner.breaks(),
            Doc::Group { breaks, .. } => *breaks,
        }
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Mode {
    Flat,
    Broken,
}

type Entry<'d> = (usize, Mode, &'d Doc);

/// Returns the text of a document in so many columns.
pub(super) fn print(doc: &Doc, columns: usize) -> String {
    let mut printer = Printer {
        out: String::new(),
        column: 0,
        suffixes: Vec::new(),
        indent: None,
    };
    let mut stack: Vec<Entry<'_>> = vec![(0, Mode::Broken, doc)];
    while let Some((indent, mode, doc)) = stack.pop() {
        match doc {
            Doc::Text(text) => printer.text(text),
            Doc::Suffix(comment) => printer.suffixes.push(comment.clone()),
            Doc::HardLine => printer.line(indent),
            Doc::Line | Doc::SoftLine if mode == Mode::Broken => printer.line(indent),
            Doc::Line => printer.text(" "),
            Doc::SoftLine => {}
            Doc::Concat(parts) => stack.extend(parts.iter().rev().map(|part| (indent, mode, part))),
            Doc::Indent(inner) => stack.push((indent + 2, mode, inner)),
            Doc::Group { inner, breaks } => {
                let room = columns.saturating_sub(printer.column.max(indent));
                let flat = !breaks && (mode == Mode::Flat || fits(inner, &stack, room));
                stack.push((indent, if flat { Mode::Flat } else { Mode::Broken }, inner));
            }
        }
    }
    printer.end()
}

/// Returns whether a document fits on the line, with what follows it up to the next line feed.
fn fits(doc: &Doc, rest: &[Entry<'_>], room: usize) -> bool {
    let mut room = room;
    let mut behind = rest.iter().rev();
    let mut stack: Vec<(Mode, &Doc)> = vec![(Mode::Flat, doc)];
    loop {
        let Some((mode, doc)) = stack.pop() else {
            match behind.next() {
                Some((_, mode, doc)) => stack.push((*mode, doc)),
                None => return true,
            }
            continue;
        };
        let width = match doc {
            Doc::Text(text) => text.chars().count(),
            Doc::HardLine => return true,
            Doc::Line | Doc::SoftLine if mode == Mode::Broken => return true,
            Doc::Line => 1,
            Doc::SoftLine | Doc::Suffix(_) => 0,
            Doc::Concat(parts) => {
                stack.extend(parts.iter().rev().map(|part| (mode, part)));
                0
            }
            Doc::Indent(inner) => {
                stack.push((mode, inner));
                0
            }
            Doc::Group { inner, breaks } => {
                // A group behind the one in question may break to make room.
                stack.push((if *breaks { Mode::Broken } else { mode }, inner));
                0
            }
        };
        let Some(left) = room.checked_sub(width) else {
            return false;
        };
        room = left;
    }
}

struct Printer {
    out: String,
    column: usize,
    suffixes: Vec<String>,
    /// The blanks owed to a new line, which an empty one never gets.
    indent: Option<usize>,
}

impl Printer {
    fn text(&mut self, text: &str) {
        if text.is_empty() {
            return;
        }
        if let Some(indent) = self.indent.take() {
            self.out.extend(std::iter::repeat_n(' ', indent));
            self.column = indent;
        }
        self.out.push_str(text);
        self.column += text.chars().count();
    }

    fn line(&mut self, indent: usize) {
        self.comments();
        self.out.push('\n');
        self.column = 0;
        self.indent = Some(indent);
    }

    /// Writes the comments that wait for the end of the line.
    fn comments(&mut self) {
        let kept = self.out.trim_end_matches(' ').len();
        self.out.truncate(kept);
        for comment in std::mem::take(&mut self.suffixes) {
            let empty = self.out.is_empty() || self.out.ends_with('\n');
            if !empty {
                self.out.push_str("  ");
            }
            self.text(&comment);
        }
    }

    fn end(mut self) -> String {
        self.comments();
        self.out
    }
}
