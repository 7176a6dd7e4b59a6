//! How far time has come: a clock for each input and source, and the least of them.
//!
//! Apart from the reorder buffer because it decides by arrivals alone and holds no event.

use std::collections::BTreeMap;
use std::sync::Arc;

use muster_lang::ir::Program;
use muster_lang::units::{Duration, Timestamp};

use crate::options::Options;
use crate::store::{Reader, Save, StateError, Writer, saved};

/// Names a clock: the input a record was read from, and the source that took it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ClockId {
    /// The number of the input.
    pub input: u32,
    /// The number of the source.
    pub source: u32,
}

impl ClockId {
    fn source_name(self, out: &Writer<'_>) -> Arc<str> {
        let sources = out.program.sources.as_slice();
        let source = sources.get(self.source as usize);
        source.map_or_else(|| Arc::from(""), |source| source.name.clone())
    }

    fn named(input: u32, source: &str, program: &Program) -> Option<Self> {
        let mut sources = program.sources.iter();
        let source = if source.is_empty() {
            NO_SOURCE
        } else {
            sources.find(|(_, one)| *one.name == *source)?.0.0
        };
        Some(Self { input, source })
    }
}

/// What one source of one input has sent.
#[derive(Clone, Copy, Debug)]
struct Clock {
    /// The latest time sent.
    top: Timestamp,
    /// The latest but one; an event at the same instant counts.
    second: Option<Timestamp>,
    /// How far out of order the source may be.
    lateness: Duration,
    /// The number of the last record it sent.
    last_record: u64,
}

impl Clock {
    fn see(&mut self, time: Timestamp) {
        if time >= self.top {
            self.second = Some(self.top);
            self.top = time;
        } else if self.second.is_none_or(|second| time > second) {
            self.second = Some(time);
        }
    }

    /// Returns the time the source is known to have reached: its latest, unless that is a lone jump.
    fn reached(&self, jump: Duration) -> Option<Timestamp> {
        let second = self.second?;
        Some(if self.top.since(second) <= jump {
            self.top
        } else {
            second
        })
    }
}

/// A clock as it is written: its input, and the name of its source.
type Named = (u32, Arc<str>);

saved!(Clock {
    top,
    second,
    lateness,
    last_record
});

/// The promise that no earlier event will be accepted in order.
#[derive(Clone, Debug)]
pub struct Watermark {
    clocks: BTreeMap<ClockId, Clock>,
    /// The first events of clocks that are known to come but have not had their turn.
    awaited: BTreeMap<ClockId, (Timestamp, Duration)>,
    jump: Duration,
    idle_records: u64,
    idle_gap: Duration,
    current: Timestamp,
    latest: Timestamp,
    records: u64,
    jumps: u64,
}

/// The source of a test's events, which no program declares.
pub(crate) const NO_SOURCE: u32 = u32::MAX;

impl Watermark {
    /// Writes how far time has come; sources stand by their names.
    pub(crate) fn save(&self, out: &mut Writer<'_>) {
        let Self {
            clocks,
            awaited,
            jump: _,
            idle_records: _,
            idle_gap: _,
            current,
            latest,
            records,
            jumps,
        } = self;
        out.count(clocks.len());
        for (id, clock) in clocks {
            (id.input, id.source_name(out)).save(out);
            clock.save(out);
        }
        out.count(awaited.len());
        for (id, first) in awaited {
            (id.input, id.source_name(out)).save(out);
            first.save(out);
        }
        current.save(out);
        latest.save(out);
        records.save(out);
        jumps.save(out);
    }

    /// Goes on from how far time had come. A source that is gone holds nothing up any more.
    pub(crate) fn resume(&mut self, input: &mut Reader<'_>) -> Result<(), StateError> {
        let clocks: Vec<(Named, Clock)> = Save::load(input)?;
        let awaited: Vec<(Named, (Timestamp, Duration))> = Save::load(input)?;
        self.current = Save::load(input)?;
        self.latest = Save::load(input)?;
        self.records = Save::load(input)?;
        self.jumps = Save::load(input)?;
        for ((of_input, source), clock) in clocks {
            match ClockId::named(of_input, &source, input.program) {
                Some(id) => drop(self.clocks.insert(id, clock)),
                None => self.latest = self.latest.max(Self::last_of(&clock, self.jump)),
            }
        }
        for ((of_input, source), first) in awaited {
            if let Some(id) = ClockId::named(of_input, &source, input.program) {
                self.awaited.insert(id, first);
            }
        }
        Ok(())
    }

    /// Holds every clock to the lateness its source has now.
    pub(crate) fn set_lateness(&mut self, lateness: impl Fn(u32) -> Option<Duration>) {
        for (id, clock) in &mut self.clocks {
            clock.lateness = lateness(id.source).unwrap_or(clock.lateness);
        }
    }

    /// Returns a watermark before all time.
    #[must_use]
    pub fn new(options: &Options) -> Self {
        Self {
            clocks: BTreeMap::new(),
            awaited: BTreeMap::new(),
            jump: options.jump,
            idle_records: options.idle_records,
            idle_gap: options.idle_gap,
            current: Timestamp(i64::MIN),
            latest: Timestamp(i64::MIN),
            records: 0,
            jumps: 0,
        }
    }

    /// Returns the watermark: it has passed every instant that is less.
    #[must_use]
    pub fn current(&self) -> Timestamp {
        self.current
    }

    /// Returns how many events ran ahead of their source and were not believed at once.
    #[must_use]
    pub fn jumps(&self) -> u64 {
        self.jumps
    }

    /// Takes note of an event that is no duplicate, late or not, and moves the watermark.
    pub fn see(&mut self, id: ClockId, time: Timestamp, lateness: Duration) {
        self.records += 1;
        let (jump, record) = (self.jump, self.records);
        let clock = self
            .clocks
            .entry(id)
            .and_modify(|clock| clock.see(time))
            .or_insert(Clock {
                top: time,
                second: None,
                lateness,
                last_record: record,
            });
        clock.last_record = record;
        if clock.top == time && clock.second.is_some_and(|second| time.since(second) > jump) {
            self.jumps += 1;
        }
        self.advance();
    }

    /// Takes note of the event that an input brings next, where it is the first of its clock.
    ///
    /// It has not had its turn, since others are earlier; but what follows it may be as much earlier
    /// as its source's lateness allows, and must not find the watermark past it.
    pub fn expect(&mut self, id: ClockId, time: Timestamp, lateness: Duration) {
        if !self.clocks.contains_key(&id) {
            self.awaited.insert(id, (time, lateness));
        }
    }

    /// Takes note that the event that was awaited has its turn.
    pub fn arrived(&mut self, id: ClockId) {
        self.awaited.remove(&id);
    }

    /// Takes an input that has ended out of the minimum.
    pub fn end_input(&mut self, input: u32) {
        for (id, clock) in &self.clocks {
            if id.input == input {
                self.latest = self.latest.max(Self::last_of(clock, self.jump));
            }
        }
        self.clocks.retain(|id, _| id.input != input);
        self.awaited.retain(|id, _| id.input != input);
        self.advance();
    }

    /// Moves the watermark to an instant; never back.
    pub fn advance_to(&mut self, time: Timestamp) {
        self.current = self.current.max(time);
    }

    /// Returns the greatest time seen, a lone jump not counted unless it is all its source sent.
    #[must_use]
    pub fn latest(&self) -> Timestamp {
        self.clocks
            .values()
            .map(|clock| Self::last_of(clock, self.jump))
            .fold(self.latest, Ord::max)
    }

    fn last_of(clock: &Clock, jump: Duration) -> Timestamp {
        clock.reached(jump).unwrap_or(clock.top)
    }

    fn advance(&mut self) {
        let active = self.clocks.values().filter(|clock| !self.is_silent(clock));
        let front = active.filter_map(|clock| clock.reached(self.jump)).min();
        let awaited = self
            .awaited
            .values()
            .map(|(time, lateness)| time.minus(*lateness));
        let least = self
            .clocks
            .values()
            .filter_map(|clock| self.bound(clock, front))
            .chain(awaited)
            .min();
        if let Some(least) = least {
            self.advance_to(least);
        }
    }

    fn is_silent(&self, clock: &Clock) -> bool {
        self.records - clock.last_record > self.idle_records
    }

    /// Returns how far one source lets the watermark come, given where the active ones are.
    ///
    /// A source that has sent one event only has no settled time yet and holds the others back. An
    /// idle one is taken to be where the others are: it holds nothing up, and is still allowed its
    /// lateness.
    fn bound(&self, clock: &Clock, front: Option<Timestamp>) -> Option<Timestamp> {
        let reached = match (clock.reached(self.jump), front) {
            (Some(reached), Some(front)) if self.is_idle(clock, reached, front) => front,
            (Some(reached), _) => reached,
            (None, Some(front)) if self.is_silent(clock) => clock.top.min(front),
            (None, _) => Timestamp(i64::MIN),
        };
        Some(reached.minus(clock.lateness))
    }

    fn is_idle(&self, clock: &Clock, reached: Timestamp, front: Timestamp) -> bool {
        self.is_silent(clock) && front.since(reached) > self.idle_gap
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const S: i64 = 1_000_000;
    const HOUR: i64 = 3_600 * S;

    fn at(seconds: i64) -> Timestamp {
        Timestamp(seconds * S)
    }

    fn clock(source: u32) -> ClockId {
        ClockId { input: 0, source }
    }

    fn see(watermark: &mut Watermark, source: u32, seconds: i64) {
        watermark.see(clock(source), at(seconds), Duration(30 * S));
    }

    fn new() -> Watermark {
        Watermark::new(&Options::default())
    }

    #[test]
    fn an_input_that_waits_for_its_turn_keeps_its_lateness() {
        let mut watermark = new();
        let waiting = ClockId {
            input: 1,
            source: 1,
        };
        watermark.expect(waiting, at(600), Duration(900 * S));
        see(&mut watermark, 0, 100);
        see(&mut watermark, 0, 590);
        assert_eq!(watermark.current(), at(-300));
        watermark.arrived(waiting);
        watermark.see(waiting, at(600), Duration(900 * S));
        watermark.see(waiting, at(605), Duration(900 * S));
        assert_eq!(watermark.current(), at(-295));
        watermark.end_input(1);
        assert_eq!(watermark.current(), at(560));
    }

    #[test]
    fn an_input_that_ends_before_its_turn_is_awaited_no_longer() {
        let mut watermark = new();
        let waiting = ClockId {
            input: 1,
            source: 0,
        };
        watermark.expect(waiting, at(600), Duration(900 * S));
        see(&mut watermark, 0, 100);
        see(&mut watermark, 0, 700);
        watermark.end_input(1);
        assert_eq!(watermark.current(), at(670));
    }

    #[test]
    fn watermark_is_the_latest_time_less_the_lateness() {
        let mut watermark = new();
        see(&mut watermark, 0, 100);
        see(&mut watermark, 0, 160);
        see(&mut watermark, 0, 140);
        assert_eq!(watermark.current(), at(130));
    }

    #[test]
    fn the_first_event_alone_moves_nothing() {
        let mut watermark = new();
        see(&mut watermark, 0, 100_000);
        assert_eq!(watermark.current(), Timestamp(i64::MIN));
        see(&mut watermark, 0, 10);
        assert_eq!(watermark.current(), at(-20));
    }

    #[test]
    fn a_lone_jump_is_believed_once_a_second_event_is_near() {
        let mut watermark = new();
        for seconds in [0, 10, 20_000] {
            see(&mut watermark, 0, seconds);
        }
        assert_eq!(watermark.current(), at(-20));
        assert_eq!(watermark.jumps(), 1);
        see(&mut watermark, 0, 20_000 - 3_600);
        assert_eq!(watermark.current(), at(20_000 - 30));
    }

    #[test]
    fn a_jump_of_exactly_an_hour_is_believed() {
        let mut watermark = new();
        see(&mut watermark, 0, 0);
        see(&mut watermark, 0, HOUR / S);
        assert_eq!(watermark.current(), at(3_570));
    }

    #[test]
    fn the_slowest_source_decides() {
        let mut watermark = new();
        for (source, seconds) in [(0, 0), (0, 1_000), (1, 400), (1, 500), (0, 2_000)] {
            see(&mut watermark, source, seconds);
        }
        assert_eq!(watermark.current(), at(970));
        see(&mut watermark, 1, 1_900);
        assert_eq!(watermark.current(), at(1_870));
    }

    #[test]
    fn an_ended_input_leaves_the_minimum() {
        let mut watermark = new();
        for seconds in [0, 10] {
            watermark.see(
                ClockId {
                    input: 1,
                    source: 0,
                },
                at(seconds),
                Duration(0),
            );
        }
        for seconds in [0, 500] {
            see(&mut watermark, 0, seconds);
        }
        watermark.end_input(1);
        assert_eq!(watermark.current(), at(470));
        assert_eq!(watermark.latest(), at(500));
    }

    #[test]
    fn an_idle_source_does_not_hold_the_others_up() {
        let mut watermark = new();
        see(&mut watermark, 1, 0);
        see(&mut watermark, 1, 1);
        for seconds in 0..2_000 {
            see(&mut watermark, 0, seconds * 10);
        }
        assert_eq!(watermark.current(), at(19_990 - 30));
    }

    #[test]
    fn a_source_with_one_event_holds_the_others_back_until_it_is_idle() {
        let mut watermark = new();
        see(&mut watermark, 0, 0);
        see(&mut watermark, 0, 100);
        see(&mut watermark, 1, 1_000_000);
        see(&mut watermark, 0, 200);
        assert_eq!(watermark.current(), at(70));
        for _ in 0..1_001 {
            see(&mut watermark, 0, 300);
        }
        assert_eq!(watermark.current(), at(270));
    }
}
