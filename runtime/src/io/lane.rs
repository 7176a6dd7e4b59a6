//! Lanes: an input with its records that wait for their turn.
//!
//! Apart from feeding because a lane knows no other: which of them goes next is decided above.

use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Instant;

use tokio::sync::mpsc::Receiver;
use tokio::sync::mpsc::error::TryRecvError;

use muster_lang::units::Timestamp;

use super::batch::{Batch, BatchItem};
use super::feed::{Consumer, FeedError};
use super::input::Opened;
use super::reader::{self, Company, Delivery};
use super::signal::{Signal, Stop};
use super::spent::Spent;
use super::workers::{Ready, Workers, lost};
use crate::engine::RawRecord;

/// An input with the records that wait.
pub(super) struct Lane<C: Consumer> {
    pub(super) number: u32,
    name: Arc<str>,
    pub(super) deliveries: Receiver<Delivery<C::Prepared>>,
    pub(super) is_pipe: bool,
    pub(super) stop: Arc<AtomicBool>,
    batch: Batch,
    next: usize,
    /// What workers prepared of the batch, from the place behind the next record on.
    ready: std::vec::IntoIter<Option<C::Prepared>>,
    /// Which program it must have been prepared for.
    pub(super) generation: u64,
    spent: Option<Arc<Spent>>,
    /// The next record, prepared; `None` where it is too long, or there is none.
    head: Option<C::Prepared>,
    pub(super) ended: bool,
}

impl<C: Consumer> Lane<C> {
    pub(super) fn start(
        place: u32,
        opened: Opened,
        inputs: usize,
        workers: &Workers<C::Prepared>,
        spent: Option<&Arc<Spent>>,
    ) -> Self {
        let name = Arc::clone(&opened.name);
        let number = opened.number.unwrap_or(place);
        let is_pipe = opened.length.is_none();
        let stop = Arc::new(AtomicBool::new(false));
        let company = Company {
            inputs,
            workers: workers.len(),
        };
        let dealer = workers.dealer(place as usize);
        let deliveries = reader::start(opened, company, dealer, Arc::clone(&stop), spent.cloned());
        Self {
            number,
            name,
            deliveries,
            is_pipe,
            stop,
            batch: Batch::default(),
            next: 0,
            ready: Vec::new().into_iter(),
            generation: workers.generation,
            spent: spent.cloned(),
            head: None,
            ended: false,
        }
    }

    pub(super) fn wants_more(&self) -> bool {
        !self.ended && self.next >= self.batch.len()
    }

    pub(super) fn time(&self) -> Option<Timestamp> {
        self.head.as_ref().and_then(C::time)
    }

    /// Waits for the next batch or the end; returns the signal if one came first.
    pub(super) async fn refill(
        &mut self,
        consumer: &mut C,
        stop: &mut Stop,
    ) -> Result<Option<Signal>, FeedError> {
        consumer.settle().map_err(FeedError::Output)?;
        let delivery = match self.deliveries.try_recv() {
            Ok(delivery) => Some(delivery),
            Err(TryRecvError::Disconnected) => None,
            Err(TryRecvError::Empty) => {
                let started = self.spent.as_ref().map(|_| Spent::now());
                let waited = self.wait(consumer, stop).await?;
                self.has_waited(started);
                match waited {
                    Ok(delivery) => delivery,
                    Err(signal) => return Ok(Some(signal)),
                }
            }
        };
        match delivery {
            Some(delivery) => self.take(delivery, consumer).await?,
            None => {
                self.ended = true;
                consumer.end_of_input(self.number);
            }
        }
        Ok(None)
    }

    /// Waits for what the input brings, or for a signal.
    async fn wait(
        &mut self,
        consumer: &mut C,
        stop: &mut Stop,
    ) -> Result<Result<Option<Delivery<C::Prepared>>, Signal>, FeedError> {
        loop {
            let patience = consumer.patience();
            let pause = async {
                match patience {
                    Some(patience) => tokio::time::sleep(patience).await,
                    None => std::future::pending().await,
                }
            };
            tokio::select! {
                biased;
                signal = stop.wait() => return Ok(Err(signal)),
                delivery = self.deliveries.recv() => return Ok(Ok(delivery)),
                () = pause => consumer.paused().map_err(FeedError::Output)?,
            }
        }
    }

    pub(super) async fn take(
        &mut self,
        delivery: Delivery<C::Prepared>,
        consumer: &mut C,
    ) -> Result<(), FeedError> {
        let failed = |name: &Arc<str>, error| FeedError::Input {
            name: Arc::clone(name),
            error,
        };
        match delivery {
            Delivery::Records(batch) => (self.batch, self.next) = (batch, 0),
            Delivery::Prepared(door) => {
                let started = self.spent.as_ref().map(|_| Spent::now());
                let ready = door.await;
                self.has_waited(started);
                self.take_ready(ready.map_err(|_| failed(&self.name, lost()))?);
            }
            Delivery::Damaged { offset, reason } => {
                consumer.damaged(self.number, offset, &reason);
            }
            Delivery::Failed(error) => return Err(failed(&self.name, error)),
        }
        Ok(())
    }

    fn take_ready(&mut self, ready: Ready<C::Prepared>) {
        (self.batch, self.next) = (ready.batch, 0);
        // What was prepared for a program of the past is prepared again, one by one.
        if ready.generation == self.generation {
            self.ready = ready.records.into_iter();
        }
    }

    fn has_waited(&self, since: Option<Instant>) {
        if let (Some(spent), Some(since)) = (&self.spent, since) {
            spent.waited(since);
        }
    }

    /// Forgets what workers prepared: it is prepared again.
    pub(super) fn forget_prepared(&mut self) {
        self.ready = Vec::new().into_iter();
    }

    /// Finds the next record, prepared by a worker or else now.
    pub(super) fn look(&mut self, consumer: &mut C) {
        self.head = match self.ready.next() {
            Some(ready) => ready,
            None => self.prepare(consumer),
        };
        if let Some(head) = &self.head {
            consumer.expect(self.number, head);
        }
    }

    fn prepare(&self, consumer: &mut C) -> Option<C::Prepared> {
        let record = match self.batch.get(self.next)? {
            BatchItem::Record { offset, bytes } => RawRecord {
                input: self.number,
                offset,
                bytes,
            },
            BatchItem::Oversize { .. } => return None,
        };
        let started = self.spent.as_ref().map(|_| Spent::now());
        let prepared = consumer.prepare(record);
        if let (Some(spent), Some(started)) = (&self.spent, started) {
            spent.prepared(started);
        }
        Some(prepared)
    }

    /// Hands the next record over.
    pub(super) fn go(&mut self, consumer: &mut C) {
        match (self.batch.get(self.next), self.head.take()) {
            (Some(BatchItem::Record { offset, bytes }), Some(head)) => {
                consumer.accept(
                    head,
                    RawRecord {
                        input: self.number,
                        offset,
                        bytes,
                    },
                );
            }
            (Some(BatchItem::Oversize { offset, length }), _) => {
                consumer.oversize(self.number, offset, length);
            }
            (Some(BatchItem::Record { .. }), None) | (None, _) => {}
        }
        self.next += 1;
    }
}
