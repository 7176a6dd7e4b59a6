//! Framing: cuts a stream of bytes into records, whatever the chunks it comes in.
//!
//! Apart from decoding because a record that cannot be read must not take its neighbors with it.

/// The longest record, in bytes.
pub const RECORD_BYTES_MAX: usize = 1 << 20;

/// A record of the stream, or one that was too long to keep.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Frame<'a> {
    /// A record.
    Record {
        /// How many bytes of the stream are before it.
        offset: u64,
        /// Its bytes, without white space around them; never empty.
        bytes: &'a [u8],
    },
    /// A record longer than [`RECORD_BYTES_MAX`], passed over.
    Oversize {
        /// How many bytes of the stream are before it.
        offset: u64,
        /// How many bytes it has.
        length: u64,
    },
}

/// Cuts a stream into records.
#[derive(Debug, Default)]
pub struct Framer {
    buffer: Vec<u8>,
    start: usize,
    base: u64,
    finished: bool,
}

impl Framer {
    /// Returns a framer at the start of a stream.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes the next bytes of the stream; take out all frames before pushing more.
    pub fn push(&mut self, bytes: &[u8]) {
        self.buffer.drain(..self.start);
        self.base += self.start as u64;
        self.start = 0;
        self.buffer.extend_from_slice(bytes);
    }

    /// Takes note that the stream has ended; what is left are the last frames.
    pub fn finish(&mut self) {
        self.finished = true;
    }

    /// Returns the next frame, or `None` until there are more bytes.
    pub fn next_frame(&mut self) -> Option<Frame<'_>> {
        loop {
            let rest = self.buffer.get(self.start..)?;
            let (length, next) = match rest.iter().position(|byte| *byte == b'\n') {
                Some(length) => (length, length + 1),
                None if self.finished && !rest.is_empty() => (rest.len(), rest.len()),
                None => return None,
            };
            let start = self.start;
            self.start += next;
            if self
                .buffer
                .get(start..start + length)?
                .trim_ascii()
                .is_empty()
            {
                continue;
            }
            let bytes = self.buffer.get(start..start + length)?.trim_ascii();
            return Some(Frame::Record {
                offset: self.base + start as u64,
                bytes,
            });
        }
    }
}
