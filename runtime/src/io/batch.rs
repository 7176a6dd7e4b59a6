//! Batches: the records of one block of an input, ready to cross from thread to thread.
//!
//! Apart from framing, which lends records one at a time from a buffer that it reuses.

use crate::decode::frame::{Frame, Framer};

/// Records in the order of the input.
#[derive(Debug, Default)]
pub(super) struct Batch {
    bytes: Vec<u8>,
    pieces: Vec<Piece>,
}

/// A record of a batch, or one that was too long to keep.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum BatchItem<'a> {
    Record { offset: u64, bytes: &'a [u8] },
    Oversize { offset: u64, length: u64 },
}

#[derive(Clone, Copy, Debug)]
enum Piece {
    Record {
        offset: u64,
        start: usize,
        end: usize,
    },
    Oversize {
        offset: u64,
        length: u64,
    },
}

impl Batch {
    /// Returns how many records there are.
    pub(super) fn len(&self) -> usize {
        self.pieces.len()
    }

    /// Tells whether there are none.
    pub(super) fn is_empty(&self) -> bool {
        self.pieces.is_empty()
    }

    /// Returns a record by its place.
    pub(super) fn get(&self, place: usize) -> Option<BatchItem<'_>> {
        match *self.pieces.get(place)? {
            Piece::Record { offset, start, end } => Some(BatchItem::Record {
                offset,
                bytes: self.bytes.get(start..end)?,
            }),
            Piece::Oversize { offset, length } => Some(BatchItem::Oversize { offset, length }),
        }
    }

    /// Takes the records that begin behind so many bytes of the input.
    fn take(&mut self, framer: &mut Framer, skip: u64) {
        while let Some(frame) = framer.next_frame() {
            let (Frame::Record { offset, .. } | Frame::Oversize { offset, .. }) = frame;
            if offset < skip {
                continue;
            }
            let piece = match frame {
                Frame::Record { offset, bytes } => {
                    let start = self.bytes.len();
                    self.bytes.extend_from_slice(bytes);
                    Piece::Record {
                        offset,
                        start,
                        end: self.bytes.len(),
                    }
                }
                Frame::Oversize { offset, length } => Piece::Oversize { offset, length },
            };
            self.pieces.push(piece);
        }
    }
}

/// Makes batches of blocks.
#[derive(Debug, Default)]
pub(super) struct Batcher {
    framer: Framer,
    /// Records that begin before so many bytes are passed over.
    skip: u64,
}

impl Batcher {
    /// Returns one that passes over the records that begin before so many bytes.
    ///
    /// They are framed all the same: where a record begins depends on what stands before it.
    pub(super) fn behind(skip: u64) -> Self {
        Self {
            framer: Framer::default(),
            skip,
        }
    }

    /// Returns the records that a block completes.
    pub(super) fn push(&mut self, block: &[u8]) -> Batch {
        let mut batch = Batch::default();
        batch.bytes.reserve(block.len());
        self.framer.push(block);
        batch.take(&mut self.framer, self.skip);
        batch
    }

    /// Returns the records that the end of the input completes.
    pub(super) fn finish(&mut self) -> Batch {
        let mut batch = Batch::default();
        self.framer.finish();
        batch.take(&mut self.framer, self.skip);
        batch
    }
}
