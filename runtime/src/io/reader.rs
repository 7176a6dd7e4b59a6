//! Reading: one input to batches of records, on a thread of its own.
//!
//! Apart from feeding so that reading, unpacking and framing go on while the engine works.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use tokio::sync::mpsc::{self, Receiver, Sender};

use super::batch::{Batch, Batcher};
use super::input::Opened;
use super::unpack::{UnpackError, Unpacker};

/// How many batches may wait; one more is being filled and one is being worked on.
const BATCHES_MAX: usize = 4;
/// How much is read at once, and how much all waiting inputs may hold together.
const BLOCK_BYTES_MAX: usize = 256 * 1024;
const BLOCK_BYTES_MIN: usize = 16 * 1024;
const HELD_BYTES_MAX: usize = 64 * 1024 * 1024;

/// What comes from an input; its end is the end of the channel.
pub(super) enum Delivery {
    /// Records.
    Records(Batch),
    /// The stored data is damaged: nothing comes after.
    Damaged {
        /// How many unpacked bytes came before.
        offset: u64,
        /// What is wrong.
        reason: String,
    },
    /// The system failed: nothing comes after.
    Failed(io::Error),
}

/// Starts to read an input, one of `inputs`.
///
/// Once `stop` is set, nothing more is read: what was read is delivered, a record in pieces is not.
pub(super) fn start(opened: Opened, inputs: usize, stop: Arc<AtomicBool>) -> Receiver<Delivery> {
    let (sender, receiver) = mpsc::channel(BATCHES_MAX);
    let share = HELD_BYTES_MAX / (BATCHES_MAX + 2) / inputs.max(1);
    let block_bytes = share.clamp(BLOCK_BYTES_MIN, BLOCK_BYTES_MAX);
    tokio::task::spawn_blocking(move || read_all(opened, block_bytes, &sender, &stop));
    receiver
}

fn read_all(opened: Opened, block_bytes: usize, sender: &Sender<Delivery>, stop: &AtomicBool) {
    let mut reader = Reader {
        batcher: Batcher::behind(opened.skip),
        read: 0,
        stop,
    };
    let last = match reader.read_to_end(opened, block_bytes, sender) {
        Ok(()) => None,
        Err(UnpackError::Damaged(reason)) => Some(Delivery::Damaged {
            offset: reader.read,
            reason,
        }),
        Err(UnpackError::System(error)) => Some(Delivery::Failed(error)),
    };
    if stop.load(Ordering::Relaxed) {
        return;
    }
    let rest = reader.batcher.finish();
    send(sender, Delivery::Records(rest));
    if let Some(last) = last {
        send(sender, last);
    }
}

struct Reader<'s> {
    batcher: Batcher,
    read: u64,
    stop: &'s AtomicBool,
}

impl Reader<'_> {
    fn read_to_end(
        &mut self,
        opened: Opened,
        block_bytes: usize,
        sender: &Sender<Delivery>,
    ) -> Result<(), UnpackError> {
        let mut unpacker = Unpacker::new(opened.into_bytes()).map_err(UnpackError::System)?;
        let mut block = vec![0; block_bytes];
        loop {
            let count = unpacker.read(&mut block)?;
            if count == 0 {
                return Ok(());
            }
            self.read += count as u64;
            let batch = self.batcher.push(block.get(..count).unwrap_or_default());
            if !send(sender, Delivery::Records(batch)) || self.stop.load(Ordering::Relaxed) {
                return Ok(());
            }
        }
    }
}

/// Sends what is worth it; tells whether anyone still listens.
fn send(sender: &Sender<Delivery>, delivery: Delivery) -> bool {
    match delivery {
        Delivery::Records(batch) if batch.is_empty() => !sender.is_closed(),
        delivery => sender.blocking_send(delivery).is_ok(),
    }
}
