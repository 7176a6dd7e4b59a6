//! Feeding: the records of all inputs, one after the other, always the earliest.
//!
//! Apart from reading because the order between inputs is a matter of event time, which only the
//! consumer knows how to find.

use std::io;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use muster_lang::units::Timestamp;

use super::input::Opened;
use super::lane::Lane;
use super::output::OutputError;
use super::signal::{Signal, Stop};
use super::spent::Spent;
use super::workers::{Preparer, Workers};
use crate::engine::RawRecord;

/// What takes the records: the engine with its outputs, or a normalizer.
pub trait Consumer {
    /// A record that is decoded and normalized.
    type Prepared: Send + 'static;

    /// Decodes and normalizes a record of an input; others may go before it.
    fn prepare(&mut self, record: RawRecord<'_>) -> Self::Prepared;

    /// Returns what prepares records on other threads, one for each; without any, `prepare` does.
    fn preparers(&self) -> Vec<Preparer<Self::Prepared>> {
        Vec::new()
    }

    /// Is told of the record that an input brings next; others may go before it.
    fn expect(&mut self, _input: u32, _prepared: &Self::Prepared) {}

    /// Returns where it is to be noted how long things take, if anyone wants to know.
    fn spent(&self) -> Option<Arc<Spent>> {
        None
    }

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
    let spent = consumer.spent();
    let mut workers = Workers::start(consumer.preparers(), spent.as_ref());
    let mut lanes: Vec<Lane<C>> = (0u32..)
        .zip(inputs)
        .map(|(number, opened)| Lane::start(number, opened, count, &workers, spent.as_ref()))
        .collect();
    let result = turns(&mut lanes, &mut workers, consumer, stop).await;
    if let Ok(Ending::Stopped(_)) = result {
        if consumer.has_changed() {
            prepare_anew(&mut lanes, &mut workers, consumer);
        }
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
    workers: &mut Workers<C::Prepared>,
    consumer: &mut C,
    stop: &mut Stop,
) -> Result<Ending, FeedError> {
    while !lanes.is_empty() {
        if let Some(signal) = stop.came() {
            return Ok(Ending::Stopped(signal));
        }
        let mut has_changed = false;
        for lane in lanes.iter_mut().filter(|lane| lane.wants_more()) {
            if let Some(signal) = lane.refill(consumer, stop).await? {
                return Ok(Ending::Stopped(signal));
            }
            has_changed |= consumer.has_changed();
            if has_changed {
                lane.forget_prepared();
            }
            lane.look(consumer);
        }
        lanes.retain(|lane| !lane.ended);
        if has_changed {
            prepare_anew(lanes, workers, consumer);
        }
        until_one_wants_more(lanes, consumer);
    }
    Ok(Ending::Inputs)
}

/// Prepares again what was prepared for a program that has been exchanged.
fn prepare_anew<C: Consumer>(
    lanes: &mut [Lane<C>],
    workers: &mut Workers<C::Prepared>,
    consumer: &mut C,
) {
    workers.renew(consumer.preparers());
    for lane in lanes {
        lane.generation = workers.generation;
        lane.forget_prepared();
        lane.look(consumer);
    }
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
                    Ok(Some(delivery)) => lane.take(delivery, consumer).await?,
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

#[cfg(test)]
mod tests {
    use std::io::Read;

    use super::*;

    /// Takes lines such as `10 words`, whose number is a time.
    #[derive(Default)]
    struct Fake {
        seen: Vec<String>,
        settled: usize,
        workers: usize,
        expected: Vec<(u32, String)>,
    }

    impl Consumer for Fake {
        type Prepared = String;

        fn prepare(&mut self, record: RawRecord<'_>) -> String {
            String::from_utf8_lossy(record.bytes).into_owned()
        }

        fn preparers(&self) -> Vec<Preparer<String>> {
            let one = |_| -> Preparer<String> {
                Box::new(|bytes| String::from_utf8_lossy(bytes).into_owned())
            };
            (0..self.workers).map(one).collect()
        }

        fn expect(&mut self, input: u32, prepared: &String) {
            self.expected.push((input, prepared.clone()));
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
    fn the_order_is_the_same_for_any_number_of_workers() {
        let lines = |step: u64, count: u64| -> String {
            (0..count)
                .map(|number| format!("{} x\n", number * step))
                .collect()
        };
        let run = |workers| {
            let runtime = tokio::runtime::Builder::new_current_thread().build();
            let mut fake = Fake {
                workers,
                ..Fake::default()
            };
            let one = opened("one", io::Cursor::new(lines(3, 200_000)));
            let two = opened("two", io::Cursor::new(lines(5, 120_000)));
            let (_keep, mut stop) = Stop::by_hand();
            let fed = feed(vec![one, two], &mut fake, &mut stop);
            assert_eq!(runtime.unwrap().block_on(fed).unwrap(), Ending::Inputs);
            (fake.seen, fake.expected)
        };
        let alone = run(0);
        assert_eq!(alone.0.len(), 320_002);
        assert_eq!(alone.1.len(), 320_000);
        for workers in [1, 2, 5] {
            assert!(run(workers) == alone, "{workers} workers");
        }
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
