//! Workers: threads that prepare records, beside the one that takes them in their order.
//!
//! Apart from feeding because nothing here knows of order: each batch comes back through a door of its
//! own, and the doors stand in the order in which the batches were read. So the number of workers, and
//! which of them is faster, changes nothing of what comes out.

use std::io;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::mpsc::{self, Receiver, Sender};
use tokio::sync::oneshot;

use super::batch::{Batch, BatchItem};
use super::spent::Spent;

/// Decodes and normalizes one record, as [`Consumer::prepare`](super::Consumer::prepare) does.
pub type Preparer<P> = Box<dyn FnMut(&[u8]) -> P + Send>;

/// How many batches may wait for one worker.
const QUEUE_MAX: usize = 2;

/// A batch whose records are prepared.
pub(super) struct Ready<P> {
    pub(super) batch: Batch,
    /// For each place of the batch the record, prepared; `None` for one that was too long.
    pub(super) records: Vec<Option<P>>,
    /// Which of the programs that there were so far prepared them.
    pub(super) generation: u64,
}

/// Where a batch comes out once it is prepared.
pub(super) type Door<P> = oneshot::Receiver<Ready<P>>;

struct Job<P> {
    batch: Batch,
    done: oneshot::Sender<Ready<P>>,
}

/// What a worker prepares with from its next batch on, and the number of its program.
type Successor<P> = Arc<Mutex<Option<(u64, Preparer<P>)>>>;

/// The workers of all inputs.
pub(super) struct Workers<P> {
    queues: Vec<Sender<Job<P>>>,
    successors: Vec<Successor<P>>,
    pub(super) generation: u64,
}

/// Deals the batches of one input to the workers, in turn.
pub(super) struct Dealer<P> {
    queues: Vec<Sender<Job<P>>>,
    next: usize,
}

impl<P: Send + 'static> Workers<P> {
    /// Starts as many workers as there are preparers.
    pub(super) fn start(preparers: Vec<Preparer<P>>, spent: Option<&Arc<Spent>>) -> Self {
        let mut workers = Self {
            queues: Vec::new(),
            successors: Vec::new(),
            generation: 0,
        };
        for preparer in preparers {
            let (queue, jobs) = mpsc::channel(QUEUE_MAX);
            let successor = Successor::default();
            let worker = Worker {
                jobs,
                preparer,
                generation: 0,
                successor: Arc::clone(&successor),
                spent: spent.cloned(),
            };
            tokio::task::spawn_blocking(move || worker.work());
            workers.queues.push(queue);
            workers.successors.push(successor);
        }
        workers
    }

    /// Returns how many there are.
    pub(super) fn len(&self) -> usize {
        self.queues.len()
    }

    /// Returns what deals the batches of an input, if there are workers at all.
    pub(super) fn dealer(&self, input: usize) -> Option<Dealer<P>> {
        let queues = self.queues.clone();
        (!queues.is_empty()).then_some(Dealer {
            queues,
            next: input,
        })
    }

    /// Gives the workers what they prepare with from now on; what they prepared before is stale.
    pub(super) fn renew(&mut self, preparers: Vec<Preparer<P>>) {
        self.generation += 1;
        for (successor, preparer) in self.successors.iter().zip(preparers) {
            *successor.lock().unwrap_or_else(PoisonError::into_inner) =
                Some((self.generation, preparer));
        }
    }
}

impl<P> Dealer<P> {
    /// Gives a batch to the worker whose turn it is, once `send` has sent on where it comes out.
    ///
    /// The door goes first, so that whoever waits for the input knows that there is something to wait
    /// for. Tells whether anyone still listens.
    pub(super) fn deal(&mut self, batch: Batch, send: impl FnOnce(Door<P>) -> bool) -> bool {
        let (done, door) = oneshot::channel();
        if !send(door) {
            return false;
        }
        let turn = self.next % self.queues.len().max(1);
        self.next = turn + 1;
        let job = Job { batch, done };
        // Where a worker has gone, the door is closed, which is told where it is waited for.
        let queue = self.queues.get(turn);
        queue.is_some_and(|queue| queue.blocking_send(job).is_ok())
    }
}

/// Returns what is told when a worker has gone.
pub(super) fn lost() -> io::Error {
    io::Error::other("a thread that prepares records has ended")
}

struct Worker<P> {
    jobs: Receiver<Job<P>>,
    preparer: Preparer<P>,
    generation: u64,
    successor: Successor<P>,
    spent: Option<Arc<Spent>>,
}

impl<P> Worker<P> {
    /// Prepares batches until nobody deals any more.
    fn work(mut self) {
        while let Some(Job { batch, done }) = self.jobs.blocking_recv() {
            let successor = self
                .successor
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .take();
            if let Some((generation, preparer)) = successor {
                (self.generation, self.preparer) = (generation, preparer);
            }
            let started = self.spent.as_ref().map(|_| Spent::now());
            let records = self.prepare(&batch);
            if let (Some(spent), Some(started)) = (&self.spent, started) {
                spent.prepared(started);
            }
            // Where nobody waits any more, the feeding has ended.
            let _ = done.send(Ready {
                batch,
                records,
                generation: self.generation,
            });
        }
    }

    fn prepare(&mut self, batch: &Batch) -> Vec<Option<P>> {
        let mut records = Vec::with_capacity(batch.len());
        for place in 0..batch.len() {
            records.push(match batch.get(place) {
                Some(BatchItem::Record { bytes, .. }) => Some((self.preparer)(bytes)),
                Some(BatchItem::Oversize { .. }) | None => None,
            });
        }
        records
    }
}
