//! Reading by large blocks that end with a line, without copying lines.

use std::io::{self, Read};

/// How much is read at once.
const BLOCK: usize = 1024 * 1024;

/// The lines of an input, a block at a time.
pub(crate) struct Lines<R> {
    input: R,
    bytes: Vec<u8>,
    /// Where the lines handed out end.
    taken: usize,
    filled: usize,
}

impl<R: Read> Lines<R> {
    /// Returns the lines of an input.
    pub(crate) fn new(input: R) -> Self {
        Self {
            input,
            bytes: vec![0; 2 * BLOCK],
            taken: 0,
            filled: 0,
        }
    }

    /// Returns the next lines, all of them UTF-8; what is not is passed over.
    pub(crate) fn next_block(&mut self) -> io::Result<Option<&[u8]>> {
        loop {
            // The piece of a line at the end moves to the front.
            self.bytes.copy_within(self.taken..self.filled, 0);
            (self.filled, self.taken) = (self.filled - self.taken, 0);
            if self.filled + BLOCK > self.bytes.len() {
                self.bytes.resize(self.filled + BLOCK, 0);
            }
            let count = self.input.read(&mut self.bytes[self.filled..])?;
            self.filled += count;
            let filled = &self.bytes[..self.filled];
            self.taken = match filled.iter().rposition(|byte| *byte == b'\n') {
                _ if count == 0 => self.filled,
                Some(end) => end + 1,
                None => continue,
            };
            if count == 0 && self.taken == 0 {
                return Ok(None);
            }
            if std::str::from_utf8(&self.bytes[..self.taken]).is_ok() {
                return Ok(Some(&self.bytes[..self.taken]));
            }
        }
    }
}
