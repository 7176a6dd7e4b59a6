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
    /// Places a block of bytes apart, so that none is counted from the beginning.
    // INVARIANT: ascending, the first is the beginning.
    checkpoints: Arc<[Checkpoint]>,
}

/// A byte of a file with the place it is at, both counted from 0.
#[derive(Clone, Copy, Debug)]
struct Checkpoint {
    offset: usize,
    line: usize,
    column: usize,
}

impl Checkpoint {
    const BEGINNING: Self = Self {
        offset: 0,
        line: 0,
        column: 0,
    };
    /// How far apart they are, in bytes.
    const APART: usize = 1_024;

    /// Returns the place at a later byte of a text, on the border of a character.
    fn forward(self, text: &str, offset: usize) -> Self {
        let between = text.get(self.offset..offset).unwrap_or_default();
        let lines = between.bytes().filter(|byte| *byte == b'\n').count();
        let (column, tail) = match between.rsplit_once('\n') {
            Some((_, tail)) => (0, tail),
            None => (self.column, between),
        };
        Self {
            offset,
            line: self.line + lines,
            column: column + tail.chars().count(),
        }
    }

    /// Returns the checkpoints of a text.
    fn all(text: &str) -> Arc<[Self]> {
        let mut last = Self::BEGINNING;
        let mut all = vec![last];
        while last.offset + Self::APART < text.len() {
            last = last.forward(text, text.ceil_char_boundary(last.offset + Self::APART));
            all.push(last);
        }
        all.into()
    }
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
        let text = text.into();
        self.files.push(File {
            name: name.into(),
            checkpoints: Checkpoint::all(&text),
            text,
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
        let place = self.get(file).map_or(Checkpoint::BEGINNING, |file| {
            let offset = offset as usize;
            let next = file
                .checkpoints
                .partition_point(|checkpoint| checkpoint.offset <= offset);
            let before = next.checked_sub(1).and_then(|at| file.checkpoints.get(at));
            let before = *before.unwrap_or(&Checkpoint::BEGINNING);
            before.forward(&file.text, offset)
        });
        let from_one = |count: usize| u32::try_from(count + 1).unwrap_or(u32::MAX);
        Position {
            line: from_one(place.line),
            column: from_one(place.column),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_place_is_where_counting_from_the_beginning_finds_it() {
        let text = "a é\n\u{1f600}b, longer than most\n".repeat(200) + &"ü".repeat(5_000) + "\nend";
        let mut files = Files::new();
        let file = files.add("a.muster", text.as_str(), Origin::User);
        for (offset, _) in text.char_indices().chain([(text.len(), ' ')]) {
            let before = text.get(..offset).unwrap();
            let line = before.matches('\n').count() + 1;
            let column = before.rsplit('\n').next().unwrap().chars().count() + 1;
            let found = files.position(file, u32::try_from(offset).unwrap());
            assert_eq!((found.line as usize, found.column as usize), (line, column));
        }
    }
}
