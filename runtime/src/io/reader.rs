//! Reading: one input to batches of records, on a thread of its own.
//!
//! Apart from feeding so that reading, unpacking and framing go on while the engine works.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use tokio::sync::mpsc::{self, Receiver, Sender};

use super::batch::{Batch, Batcher};
use super::input::Opened;
use super::spent::Spent;
use super::unpack::{UnpackError, Unpacker};
use super::workers::{Dealer, Door};

/// How many batches may wait at least; one more is being filled and one is being worked on.
const BATCHES_MIN: usize = 4;
/// How much is read at once, and how much all waiting inputs may hold together.
const BLOCK_BYTES_MAX: usize = 256 * 1024;
const BLOCK_BYTES_MIN: usize = 16 * 1024;
const HELD_BYTES_MAX: usize = 64 * 1024 * 1024;

/// What comes from an input; its end is the end of the channel.
pub(super) enum Delivery<P> {
    /// Records.
    Records(Batch),
    /// Records that a worker prepares.
    Prepared(Door<P>),
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

/// Of how many inputs one is read, and by how many workers its records are prepared.
#[derive(Clone, Copy)]
pub(super) struct Company {
    pub(super) inputs: usize,
    pub(super) workers: usize,
}

/// Starts to read an input; what it delivers is prepared if there is a dealer.
///
/// Once `stop` is set, nothing more is read: what was read is delivered, a record in pieces is not.
pub(super) fn start<P: Send + 'static>(
    opened: Opened,
    company: Company,
    dealer: Option<Dealer<P>>,
    stop: Arc<AtomicBool>,
    spent: Option<Arc<Spent>>,
) -> Receiver<Delivery<P>> {
    let batches = BATCHES_MIN.max(2 * company.workers);
    let (sender, receiver) = mpsc::channel(batches);
    let share = HELD_BYTES_MAX / (batches + 2) / company.inputs.max(1);
    let block_bytes = share.clamp(BLOCK_BYTES_MIN, BLOCK_BYTES_MAX);
    tokio::task::spawn_blocking(move || {
        let reader = Reader {
            batcher: Batcher::behind(opened.skip),
            read: 0,
            stop: &stop,
            spent,
            way: Way { sender, dealer },
        };
        reader.read_all(opened, block_bytes);
    });
    receiver
}

struct Reader<'s, P> {
    batcher: Batcher,
    read: u64,
    stop: &'s AtomicBool,
    spent: Option<Arc<Spent>>,
    way: Way<P>,
}

impl<P> Reader<'_, P> {
    fn read_all(mut self, opened: Opened, block_bytes: usize) {
        let last = match self.read_to_end(opened, block_bytes) {
            Ok(()) => None,
            Err(UnpackError::Damaged(reason)) => Some(Delivery::Damaged {
                offset: self.read,
                reason,
            }),
            Err(UnpackError::System(error)) => Some(Delivery::Failed(error)),
        };
        if self.stop.load(Ordering::Relaxed) {
            return;
        }
        let rest = self.batcher.finish();
        self.way.send_batch(rest);
        if let Some(last) = last {
            self.way.send(last);
        }
    }

    fn read_to_end(&mut self, opened: Opened, block_bytes: usize) -> Result<(), UnpackError> {
        let mut unpacker = Unpacker::new(opened.into_bytes()).map_err(UnpackError::System)?;
        let mut block = vec![0; block_bytes];
        loop {
            let started = self.spent.as_ref().map(|_| Spent::now());
            let count = unpacker.read(&mut block)?;
            if let (Some(spent), Some(started)) = (&self.spent, started) {
                spent.was_read(started);
            }
            if count == 0 {
                return Ok(());
            }
            self.read += count as u64;
            let batch = self.batcher.push(block.get(..count).unwrap_or_default());
            if !self.way.send_batch(batch) || self.stop.load(Ordering::Relaxed) {
                return Ok(());
            }
        }
    }
}

/// Where deliveries go.
struct Way<P> {
    sender: Sender<Delivery<P>>,
    dealer: Option<Dealer<P>>,
}

impl<P> Way<P> {
    /// Sends records on their way if there are any; tells whether anyone still listens.
    fn send_batch(&mut self, batch: Batch) -> bool {
        if batch.is_empty() {
            return !self.sender.is_closed();
        }
        let sender = &self.sender;
        match &mut self.dealer {
            None => self.send(Delivery::Records(batch)),
            Some(dealer) => dealer.deal(batch, |door| {
                sender.blocking_send(Delivery::Prepared(door)).is_ok()
            }),
        }
    }

    fn send(&self, delivery: Delivery<P>) -> bool {
        self.sender.blocking_send(delivery).is_ok()
    }
}
