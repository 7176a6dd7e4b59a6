//! The bytes of a stream that no frame has taken yet.
//!
//! Apart from the framer so that offsets are counted in one place.

/// A window of the stream, from the first byte not yet taken to the last one known.
#[derive(Debug, Default)]
pub(super) struct Buffer {
    bytes: Vec<u8>,
    start: usize,
    /// How many bytes of the stream are before `bytes`.
    before: u64,
}

impl Buffer {
    /// Adds the next bytes of the stream.
    pub(super) fn push(&mut self, bytes: &[u8]) {
        // What is moved is no longer than what was taken, so that every byte is moved once or so.
        if self.start >= self.bytes.len() - self.start {
            self.bytes.drain(..self.start);
            self.before += self.start as u64;
            self.start = 0;
        }
        // Bounded by the longest record and one push.
        self.bytes.extend_from_slice(bytes);
    }

    /// Returns the bytes not yet taken.
    pub(super) fn rest(&self) -> &[u8] {
        self.bytes.get(self.start..).unwrap_or_default()
    }

    /// Returns how many bytes of the stream are before the rest.
    pub(super) fn offset(&self) -> u64 {
        self.before + self.start as u64
    }

    /// Takes bytes off the front.
    pub(super) fn take(&mut self, count: usize) {
        self.start = self.bytes.len().min(self.start + count);
    }

    /// Returns bytes that were taken just before; `offset` is where they begin in the stream.
    pub(super) fn taken(&self, offset: u64, length: usize) -> &[u8] {
        let start = usize::try_from(offset - self.before).unwrap_or(usize::MAX);
        self.bytes
            .get(start..start.saturating_add(length))
            .unwrap_or_default()
    }
}
