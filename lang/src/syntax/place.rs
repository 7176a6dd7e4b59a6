//! Where a piece of text that is parsed alone stands in its file.
//!
//! Apart from the parser because declarations, and the holes of a text, are parsed as texts of their own.

use crate::file::{FileId, Span};
use crate::syntax::text::Decoded;

/// The place of a text in a file.
#[derive(Clone, Debug)]
pub(crate) struct Place {
    pub(crate) file: FileId,
    /// Where the text starts in the file.
    pub(crate) base: u32,
    /// How its bytes were written, where escapes were decoded.
    pub(crate) decoded: Option<Decoded>,
}

impl Place {
    /// Returns the span in the file of a range of the text.
    pub(crate) fn span(&self, start: u32, end: u32) -> Span {
        Span {
            file: self.file,
            start: self.offset(start),
            end: self.offset(end),
        }
    }

    fn offset(&self, offset: u32) -> u32 {
        let written = match &self.decoded {
            Some(decoded) => u32::try_from(decoded.place(offset as usize)).unwrap_or(u32::MAX),
            None => offset,
        };
        self.base.saturating_add(written)
    }
}
