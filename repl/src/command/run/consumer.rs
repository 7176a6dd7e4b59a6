//! What the filter does with the records that it is fed, and when it writes.
//!
//! Apart from the run so that how it begins and ends can be read without it.

use std::sync::Arc;
use std::time::Duration;

use muster_lang::escape::escape_line;
use muster_lang::units::Timestamp;
use muster_runtime::engine::{Prepared, RawRecord};
use muster_runtime::io::{Consumer, OutputError, Preparer, Spent};

use super::super::keep::Keeper;
use super::Filter;

/// How often a run that waits for input looks what else there is to do.
const TICK: Duration = Duration::from_millis(250);

impl Consumer for Filter {
    type Prepared = Prepared;

    fn prepare(&mut self, record: RawRecord<'_>) -> Prepared {
        self.engine.prepare(record.bytes)
    }

    fn preparers(&self) -> Vec<Preparer<Prepared>> {
        let one = |_| -> Preparer<Prepared> {
            let mut preparer = self.engine.preparer();
            Box::new(move |bytes| preparer.prepare(bytes))
        };
        (0..self.workers()).map(one).collect()
    }

    fn expect(&mut self, input: u32, prepared: &Prepared) {
        self.engine.expect(input, prepared);
    }

    fn spent(&self) -> Option<Arc<Spent>> {
        self.spent.clone()
    }

    fn time(prepared: &Prepared) -> Option<Timestamp> {
        prepared.time()
    }

    fn accept(&mut self, prepared: Prepared, record: RawRecord<'_>) {
        if let Some(passed_on) = &mut self.told.passed_on {
            passed_on.records_read += 1;
            passed_on.bytes_read += record.bytes.len() as u64 + 1;
        }
        if let Some(keeper) = &mut self.keeper {
            keeper.passed(record.input, record.offset, record.bytes.len() as u64);
        }
        self.engine.accept(prepared, record, &mut self.out);
    }

    fn oversize(&mut self, input: u32, offset: u64, length: u64) {
        if let Some(keeper) = &mut self.keeper {
            keeper.passed(input, offset, length);
        }
        self.reject(input, offset, length, "longer than 1 MiB");
    }

    fn damaged(&mut self, input: u32, offset: u64, reason: &str) {
        let name = escape_line(self.name(input)).into_owned();
        self.told
            .damage
            .push(format!("`{name}`: {reason}, {offset} bytes in"));
        self.reject(input, offset, 0, reason);
    }

    fn end_of_input(&mut self, input: u32) {
        if let Some(keeper) = &mut self.keeper {
            keeper.ended(input);
        }
        self.engine.end_input(input, &mut self.out);
    }

    fn settle(&mut self) -> Result<(), OutputError> {
        self.progress.tick();
        let started = self.progress.elapsed();
        let out = std::mem::take(&mut self.out);
        self.told.bad_data |= !out.dead.is_empty();
        for alert in &out.alerts {
            *self.told.alerts.entry(alert.severity).or_default() += 1;
        }
        if let Some(verification) = &mut self.verification {
            verification.take(&out);
        }
        let alerts = self.encode(&out.alerts);
        let passed = self.passed(&out.forwarded);
        let late = if self.late.is_some() {
            self.rejected(&out.late)
        } else {
            Vec::new()
        };
        let dead = if self.dead.is_some() {
            self.rejected(&out.dead)
        } else {
            Vec::new()
        };
        if self.alerts.is_terminal() && !alerts.is_empty() {
            self.progress.aside(|| self.alerts.write(&alerts))?;
        } else {
            self.alerts.write(&alerts)?;
        }
        self.forward
            .as_mut()
            .map_or(Ok(()), |output| output.write(&passed))?;
        self.late
            .as_mut()
            .map_or(Ok(()), |output| output.write(&late))?;
        self.dead
            .as_mut()
            .map_or(Ok(()), |output| output.write(&dead))?;
        self.writing += self.progress.elapsed().saturating_sub(started);
        if self.reloader.is_due() {
            self.reload()?;
        }
        if self.keeper.as_ref().is_some_and(Keeper::is_due) {
            self.keep()?;
        }
        Ok(())
    }

    fn has_changed(&mut self) -> bool {
        std::mem::take(&mut self.has_changed)
    }

    fn patience(&self) -> Option<Duration> {
        Some(TICK)
    }

    fn paused(&mut self) -> Result<(), OutputError> {
        self.settle()
    }

    fn stopped(&mut self) -> Result<(), OutputError> {
        self.keep()
    }
}
