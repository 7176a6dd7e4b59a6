//! Feeding: the records of all inputs, one after the other, always the earliest.
//!
//! Apart from reading because the order between inputs is a matter of event time, which only the
//! consumer knows how to find.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use tokio::sync::mpsc::Receiver;
use tokio::sync::mpsc::error::TryRecvError;

use muster_lang::units::Timestamp;

use super::batch::{Batch, BatchItem};
use super::input::Opened;
use super::output::OutputError;
use super::reader::{self, Delivery};
use super::signal::{Signal, Stop};
use crate::engine::RawRecord;

/// What takes the records: the engine with its outputs, or a normalizer.
pub trait Consumer {
    /// A record that is decoded and normalized.
    type Prepared;

    /// Decodes and normalizes the record that an input brings next; others may go before it.
    fn prepare(&mut self, record: RawRecord<'_>) -> Self::Prepared;

    /// Returns the time of the first event a record makes; `None` for one that makes none.
    fn time(prepared: &Self::Prepared) -> Option<Timestamp>;

    /// Takes a record that is next.
    fn accept(&mut self, prepared: Self::Prepared, record: RawRecord<'_>);

    /// Is told of a record that was too long to keep.
    fn oversize(&mut self, input: u32, offset: u64, length: u64);

    /// Is told that stored data is damaged behind so many bytes; the input ends there.
    fn damaged(&mut self, input: u32, offset: u64, reason: &str);

    /// Is told that an input has ended.
    fn end_of_input(&mut self, input: u32);

    /// Writes what is decided; called whenever the input pauses, and at least once a block.
    ///
    /// # Errors
    ///
    /// A closed pipe and failures of outputs; feeding stops.
    fn settle(&mut self) -> Result<(), OutputError>;

    /// Returns after how long a pause of the input it wants to be told of it, again and again.
    fn patience(&self) -> Option<Duration> {
        None
    }

    /// Is told that the input still pauses.
    ///
    /// # Errors
    ///
    /// As [`Consumer::settle`].
    fn paused(&mut self) -> Result<(), OutputError> {
        Ok(())
    }

    /// Tells, once, whether records that were prepared must be prepared again.
    fn has_changed(&mut self) -> bool {
        false
    }

    /// Is told that a signal stopped the feeding, after everything that was read is settled.
    ///
    /// # Errors
    ///
    /// As [`Consumer::settle`].
    fn stopped(&mut self) -> Result<(), OutputError> {
        Ok(())
    }
}

/// How long nothing may come from a pipe until what was read from it counts as taken in.
const DRY: Duration = Duration::from_millis(50);
/// How long taking in what was read may last when a signal came.
const DRAIN_MAX: Duration = Duration::from_secs(2);

/// How feeding ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    /// Every input ended.
    Inputs,
    /// A signal asked for it: what the stream holds beyond was not read.
    Stopped(Signal),
}

/// Why feeding ended early.
#[derive(Debug)]
pub enum FeedError {
    /// An output takes no more.
    Output(OutputError),
    /// An input cannot be read on.
    Input {
        /// What it is called.
        name: Arc<str>,
        /// Why.
        error: io::Error,
    },
}

/// Feeds every record of the inputs to a consumer, in the order of their events.
///
/// Of two inputs whose next events are at the same instant the first named goes first. An input
/// that pauses is waited for, so that the order never depends on the speed of a pipe.
///
/// # Errors
///
/// Inputs that fail and outputs that take no more. Damaged data is no error: the consumer is told.
pub async fn feed<C: Consumer>(
    inputs: Vec<Opened>,
    consumer: &mut C,
    stop: &mut Stop,
) -> Result<Ending, FeedError> {
    let count = inputs.len();
    let mut lanes: Vec<Lane<C>> = (0u32..)
        .zip(inputs)
        .map(|(number, opened)| Lane::start(number, opened, count))
        .collect();
    let result = turns(&mut lanes, consumer, stop).await;
    if let Ok(Ending::Stopped(_)) = result {
        drain(&mut lanes, consumer).await?;
    }
    consumer.settle().map_err(FeedError::Output)?;
    if let Ok(Ending::Stopped(_)) = result {
        consumer.stopped().map_err(FeedError::Output)?;
    }
    result
}

async fn turns<C: Consumer>(
    lanes: &mut Vec<Lane<C>>,
    consumer: &mut C,
    stop: &mut Stop,
) -> Result<Ending, FeedError> {
    while !lanes.is_empty() {
        if let Some(signal) = stop.came() {
            return Ok(Ending::Stopped(signal));
        }
        for lane in lanes.iter_mut().filter(|lane| lane.wants_more()) {
            if let Some(signal) = lane.refill(consumer, stop).await? {
                return Ok(Ending::Stopped(signal));
            }
            lane.look(consumer);
        }
        lanes.retain(|lane| !lane.ended);
        if consumer.has_changed() {
            lanes.iter_mut().for_each(|lane| lane.look(consumer));
        }
        until_one_wants_more(lanes, consumer);
    }
    Ok(Ending::Inputs)
}

/// Takes in what was read from pipes when a signal came: they will not give it again.
async fn drain<C: Consumer>(lanes: &mut Vec<Lane<C>>, consumer: &mut C) -> Result<(), FeedError> {
    lanes.retain(|lane| lane.is_pipe);
    for lane in lanes.iter() {
        lane.stop.store(true, Ordering::Relaxed);
    }
    let all = async {
        while !lanes.is_empty() {
            for lane in lanes.iter_mut().filter(|lane| lane.wants_more()) {
                match tokio::time::timeout(DRY, lane.deliveries.recv()).await {
                    Ok(Some(delivery)) => lane.take(delivery, consumer)?,
                    Ok(None) | Err(_) => lane.ended = true,
                }
                lane.look(consumer);
            }
            lanes.retain(|lane| !lane.ended);
            until_one_wants_more(lanes, consumer);
        }
        Ok(())
    };
    // Beyond, a pipe that never runs dry must not keep the process from ending.
    tokio::time::timeout(DRAIN_MAX, all).await.unwrap_or(Ok(()))
}

/// Lets the earliest lane go, again and again, until one has no record left to compare.
fn until_one_wants_more<C: Consumer>(lanes: &mut [Lane<C>], consumer: &mut C) {
    while !lanes.iter().any(Lane::wants_more) {
        // A record that makes no event has no time and goes at once.
        let earliest = lanes
            .iter_mut()
            .min_by_key(|lane| (lane.time(), lane.number));
        let Some(lane) = earliest else { return };
        lane.go(consumer);
        lane.look(consumer);
    }
}

/// An input with the records that wait.
struct Lane<C: Consumer> {
    number: u32,
    name: Arc<str>,
    deliveries: Receiver<Delivery>,
    is_pipe: bool,
    stop: Arc<AtomicBool>,
    batch: Batch,
    next: usize,
    /// The next record, prepared; `None` where it is too long, or there is none.
    head: Option<C::Prepared>,
    ended: bool,
}

impl<C: Consumer> Lane<C> {
    fn start(number: u32, opened: Opened, inputs: usize) -> Self {
        let name = Arc::clone(&opened.name);
        let number = opened.number.unwrap_or(number);
        let is_pipe = opened.length.is_none();
        let stop = Arc::new(AtomicBool::new(false));
        let deliveries = reader::start(opened, inputs, Arc::clone(&stop));
        let batch = Batch::default();
        Self {
            number,
            name,
            deliveries,
            is_pipe,
            stop,
            batch,
            next: 0,
            head: None,
            ended: false,
        }
    }

    fn wants_more(&self) -> bool {
        !self.ended && self.next >= self.batch.len()
    }

    fn time(&self) -> Option<Timestamp> {
        self.head.as_ref().and_then(C::time)
    }

    /// Waits for the next batch or the end; returns the signal if one came first.
    async fn refill(
        &mut self,
        consumer: &mut C,
        stop: &mut Stop,
    ) -> Result<Option<Signal>, FeedError> {
        consumer.settle().map_err(FeedError::Output)?;
        let delivery = match self.deliveries.try_recv() {
            Ok(delivery) => Some(delivery),
            Err(TryRecvError::Disconnected) => None,
            Err(TryRecvError::Empty) => match self.wait(consumer, stop).await? {
                Ok(delivery) => delivery,
                Err(signal) => return Ok(Some(signal)),
            },
        };
        match delivery {
            Some(delivery) => self.take(delivery, consumer)?,
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
    ) -> Result<Result<Option<Delivery>, Signal>, FeedError> {
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

    fn take(&mut self, delivery: Delivery, consumer: &mut C) -> Result<(), FeedError> {
        match delivery {
            Delivery::Records(batch) => (self.batch, self.next) = (batch, 0),
            Delivery::Damaged { offset, reason } => {
                consumer.damaged(self.number, offset, &reason);
            }
            Delivery::Failed(error) => {
                return Err(FeedError::Input {
                    name: Arc::clone(&self.name),
                    error,
                });
            }
        }
        Ok(())
    }

    /// Prepares the next record.
    fn look(&mut self, consumer: &mut C) {
        self.head = match self.batch.get(self.next) {
            Some(BatchItem::Record { offset, bytes }) => Some(consumer.prepare(RawRecord {
                input: self.number,
                offset,
                bytes,
            })),
            Some(BatchItem::Oversize { .. }) | None => None,
        };
    }

    /// Hands the next record over.
    fn go(&mut self, consumer: &mut C) {
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

#[cfg(test)]
mod tests {
    use std::io::Read;

    use super::*;

    /// Takes lines such as `10 words`, whose number is a time.
    #[derive(Default)]
    struct Fake {
        seen: Vec<String>,
        settled: usize,
    }

    impl Consumer for Fake {
        type Prepared = String;

        fn prepare(&mut self, record: RawRecord<'_>) -> String {
            String::from_utf8_lossy(record.bytes).into_owned()
        }

        fn time(prepared: &String) -> Option<Timestamp> {
            prepared.split(' ').next()?.parse().ok().map(Timestamp)
        }

        fn accept(&mut self, prepared: String, record: RawRecord<'_>) {
            self.seen
                .push(format!("{}:{} {prepared}", record.input, record.offset));
        }

        fn oversize(&mut self, input: u32, offset: u64, length: u64) {
            self.seen
                .push(format!("{input}:{offset} oversize {length}"));
        }

        fn damaged(&mut self, input: u32, offset: u64, reason: &str) {
            self.seen.push(format!("{input}:{offset} {reason}"));
        }

        fn end_of_input(&mut self, input: u32) {
            self.seen.push(format!("{input} ended"));
        }

        fn settle(&mut self) -> Result<(), OutputError> {
            self.settled += 1;
            Ok(())
        }
    }

    fn opened(name: &str, bytes: impl Read + Send + 'static) -> Opened {
        Opened::new(name.into(), None, Box::new(bytes))
    }

    fn run(inputs: Vec<Opened>) -> (Vec<String>, Result<Ending, FeedError>) {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .build()
            .unwrap();
        let mut fake = Fake::default();
        let (_keep, mut stop) = Stop::by_hand();
        let ending = runtime.block_on(feed(inputs, &mut fake, &mut stop));
        assert!(fake.settled > 0);
        (fake.seen, ending)
    }

    #[test]
    fn the_input_with_the_earliest_event_goes_first_and_ties_go_in_the_order_named() {
        let one = opened("one", "1 a\n5 b\n5 c\n".as_bytes());
        let two = opened("two", "2 d\n5 e\nwhat\n9 f\n".as_bytes());
        let (seen, ending) = run(vec![one, two]);
        assert_eq!(
            seen,
            [
                "0:0 1 a", "1:0 2 d", "0:4 5 b", "0:8 5 c", "0 ended", "1:4 5 e", "1:8 what",
                "1:13 9 f", "1 ended"
            ]
        );
        assert_eq!(ending.unwrap(), Ending::Inputs);
    }

    #[test]
    fn a_cut_gzip_gives_what_it_holds_and_is_told() {
        let mut packed = Vec::new();
        let plain = "1 a\n2 b\n".as_bytes();
        flate2::bufread::GzEncoder::new(plain, flate2::Compression::fast())
            .read_to_end(&mut packed)
            .unwrap();
        packed.truncate(packed.len() - 4);
        let (seen, _) = run(vec![opened("one", io::Cursor::new(packed))]);
        assert_eq!(
            seen,
            ["0:0 1 a", "0:4 2 b", "0:8 gzip data ends early", "0 ended"]
        );
    }

    #[test]
    fn an_input_that_fails_ends_the_feeding() {
        struct Broken;
        impl Read for Broken {
            fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
                Err(io::Error::other("the disk is gone"))
            }
        }
        let (_, ending) = run(vec![opened("one", "1 a\n".as_bytes().chain(Broken))]);
        assert!(matches!(ending, Err(FeedError::Input { name, .. }) if &*name == "one"));
    }

    #[test]
    fn a_stop_is_obeyed_while_an_input_pauses() {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_time()
            .build()
            .unwrap();
        let (reader, _writer) = io::pipe().unwrap();
        let (sender, mut stop) = Stop::by_hand();
        let mut fake = Fake::default();
        let ending = runtime.block_on(async {
            tokio::spawn(async move {
                tokio::time::sleep(Duration::from_millis(20)).await;
                sender.send(Some(Signal::Terminate))
            });
            feed(vec![opened("pipe", reader)], &mut fake, &mut stop).await
        });
        assert_eq!(ending.unwrap(), Ending::Stopped(Signal::Terminate));
        runtime.shutdown_background();
    }
}
