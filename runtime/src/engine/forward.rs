//! Passing on: each event's record until the digests have decided, and what they leave of it.
//!
//! Apart from the doors because a run without `--forward` has nothing to do here.

use std::sync::Arc;

use muster_lang::units::Timestamp;

use super::{Engine, Outputs, RawRecord};
use crate::digest::Decision;
use crate::encode::forward;
use crate::event::{Carried, Event};
use crate::normalize::Part;
use crate::options::Forwards;

impl Engine {
    /// Returns what the events of a record carry with them, if anything is passed on.
    pub(super) fn carry(&mut self, parts: &[Part], record: RawRecord<'_>) -> Option<Carried> {
        if self.options.forwards == Forwards::Nothing {
            return None;
        }
        let events = parts.iter().filter(|part| match part {
            Part::Event(_) => true,
            Part::Dropped | Part::Dead(_) => false,
        });
        let shared = match events.count() {
            0 => return None,
            1 => 0,
            _ => {
                self.shared_records += 1;
                self.shared_records
            }
        };
        let line = Arc::from(forward::line(record.bytes));
        Some(Carried { line, shared })
    }

    /// Decides whether an event that is next in stream order is passed on.
    pub(super) fn forward(&mut self, event: &Event, carried: Option<&Carried>, out: &mut Outputs) {
        if self.options.forwards == Forwards::Nothing {
            return;
        }
        match self.digests.decide(event, carried, &self.evaluator) {
            Decision::Passes(forwarded) => out.forwarded.push(forwarded),
            Decision::Reduced(reduced) if self.options.forwards == Forwards::Told => {
                out.reduced.push(reduced);
            }
            Decision::Reduced(_) | Decision::PassedBefore => {}
        }
    }

    /// Passes on what is not decided, because there will be no further call.
    ///
    /// Where a run is stopped and its state is not saved, events that wait for their turn pass as they
    /// are, and open summaries are issued as they stand. Rules are not told.
    pub fn abandon(&mut self, out: &mut Outputs) {
        if self.options.forwards == Forwards::Nothing {
            return;
        }
        while let Some((event, carried)) = self.buffer.pop() {
            out.forwarded
                .extend(self.digests.abandon(&event, carried.as_ref()));
        }
        self.digests.finish(&self.evaluator, &mut out.forwarded);
    }

    /// Lets time pass every instant before `time` for rules and digests.
    pub(super) fn pass(&mut self, time: Timestamp, out: &mut Outputs) {
        self.rules.pass(time, &self.evaluator, out);
        self.digests.pass(time, &self.evaluator, &mut out.forwarded);
    }
}
