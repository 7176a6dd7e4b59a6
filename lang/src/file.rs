//! Rule files and places in them.
//!
//! Apart from the rest because every stage carries spans and none needs more than this.

use std::fmt;
use std::sync::Arc;

/// The index of a file in [`Files`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct FileId(pub u32);

/// A range of bytes in one file; `end` is exclusive.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Span {
    /// The file the range lies in.
    pub file: FileId,
    /// The first byte.
    pub start: u32,
    /// The byte after the last.
    pub end: u32,
}

impl fmt::Debug for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}..{}", self.file.0, self.start, self.end)
    }
}

impl Span {
    /// Returns the smallest span that holds both; `other` must lie in the same file.
    #[must_use]
    pub fn to(self, other: Span) -> Span {
        Span {
            file: self.file,
            start: self.start.min(other.start),
            end: self.end.max(other.end),
        }
    }
}

/// Who a file belongs to, which decides whether a name may be declared again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// The standard prelude: a user's declaration of the same name replaces its.
    Prelude,
    /// A standard rule pack.
    Pack,
    /// A file the user named.
    User,
}

/// One rule file.
#[derive(Clone, Debug)]
pub struct File {
    /// What messages call it: a path, `std:zero_trust/travel.muster`, or `<input>`.
    pub name: Arc<str>,
    /// Its whole text.
    pub text: Arc<str>,
    /// Who it belongs to.
    pub origin: Origin,
}

/// All files of a program, in the order they were named.
#[derive(Clone, Debug, Default)]
pub struct Files {
    files: Vec<File>,
}

/// A place as people count it: both from 1, columns in characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Position {
    /// The line, from 1.
    pub line: u32,
    /// The column, from 1, in characters.
    pub column: u32,
}

impl Files {
    /// Returns no files.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a file and returns its id.
    pub fn add(
        &mut self,
        name: impl Into<Arc<str>>,
        text: impl Into<Arc<str>>,
        origin: Origin,
    ) -> FileId {
        let id = FileId(u32::try_from(self.files.len()).unwrap_or(u32::MAX));
        self.files.push(File {
            name: name.into(),
            text: text.into(),
            origin,
        });
        id
    }

    /// Returns the file of an id that this collection made.
    #[must_use]
    pub fn get(&self, id: FileId) -> Option<&File> {
        self.files.get(id.0 as usize)
    }

    /// Returns every file with its id, in the order they were added.
    pub fn iter(&self) -> impl Iterator<Item = (FileId, &File)> {
        (0u32..).map(FileId).zip(&self.files)
    }

    /// Returns the text a span covers, or nothing for a span that fits no file.
    #[must_use]
    pub fn text(&self, span: Span) -> &str {
        self.get(span.file)
            .and_then(|file| file.text.get(span.start as usize..span.end as usize))
            .unwrap_or_default()
    }

    /// Returns the line and column of a byte offset in a file.
    #[must_use]
    pub fn position(&self, file: FileId, offset: u32) -> Position {
        let before = self
            .get(file)
            .and_then(|file| file.text.get(..offset as usize))
            .unwrap_or_default();
        let line = before.bytes().filter(|byte| *byte == b'\n').count();
        let column = before
            .rsplit('\n')
            .next()
            .unwrap_or_default()
            .chars()
            .count();
        let from_one = |count: usize| u32::try_from(count + 1).unwrap_or(u32::MAX);
        Position {
            line: from_one(line),
            column: from_one(column),
        }
    }
}
