//! The state of rules as bytes: each for itself, so that one that changed starts anew alone.
//!
//! Apart from what rules do because it follows what is kept, not what happens.

use muster_lang::units::Timestamp;

use super::{Rules, Timer, Unit};
use crate::alert::Alert;
use crate::engine::StateSize;
use crate::machine::state::KeyState;
use crate::store::{Construct, Kind, Measure, Reader, Save, StateError, Writer};

impl Rules {
    /// Writes what no single rule owns.
    pub(in crate::engine) fn save(&self, out: &mut Writer<'_>) {
        // Named one by one, so that a new field is not forgotten here.
        let Self {
            units: _,
            interest: _,
            options: _,
            fields: _,
            reads_alerts: _,
            timers: _,
            suppression: _,
            memories,
            instant,
            position,
            stream_start: _,
            losses,
            suppressed,
        } = self;
        memories.saturated().save(out);
        instant.save(out);
        position.save(out);
        losses.save(out);
        suppressed.save(out);
    }

    /// Takes in what no single rule owned.
    pub(in crate::engine) fn resume(&mut self, input: &mut Reader<'_>) -> Result<(), StateError> {
        self.memories.set_saturated(Save::load(input)?);
        self.instant = Vec::<Alert>::load(input)?;
        self.position = Save::load(input)?;
        self.losses = Save::load(input)?;
        self.suppressed = Save::load(input)?;
        Ok(())
    }

    /// Writes the state of each rule and each memory as a section of its own.
    pub(in crate::engine) fn save_each(&self, constructs: &[Construct], out: &mut Writer<'_>) {
        for construct in constructs {
            let measure = match construct.kind {
                Kind::Stream | Kind::Digest => None,
                Kind::Rule => self.unit(construct).map(|unit| self.save_unit(unit, out)),
                Kind::Memory => self.memory(construct).map(|id| self.memories.save(id, out)),
            };
            if let Some(measure) = measure {
                out.end_section(construct.clone(), measure);
            }
        }
    }

    /// Takes in the state of one rule or memory.
    pub(in crate::engine) fn resume_one(
        &mut self,
        construct: &Construct,
        input: &mut Reader<'_>,
    ) -> Result<(), StateError> {
        match construct.kind {
            Kind::Stream | Kind::Digest => Ok(()),
            Kind::Rule => self.resume_unit(construct, input),
            Kind::Memory => match self.memory(construct) {
                Some(id) => self.memories.resume(id, input),
                None => Ok(()),
            },
        }
    }

    fn unit(&self, construct: &Construct) -> Option<&Unit> {
        self.units
            .iter()
            .find(|unit| unit.machine.plan().rule().name == construct.name)
    }

    fn memory(&self, construct: &Construct) -> Option<muster_lang::ir::MemoryId> {
        let mut memories = self.memories.program().memories.iter();
        let found = memories.find(|(_, memory)| memory.name == construct.name);
        found.map(|(id, _)| id)
    }

    fn save_unit(&self, unit: &Unit, out: &mut Writer<'_>) -> Measure {
        let Unit {
            machine,
            states,
            loose,
            since,
        } = unit;
        let since = since.map_or(self.stream_start, |since| since.min(self.stream_start));
        let since = Some(since).filter(|since| since.0 < i64::MAX);
        since.save(out);
        states.save(out);
        loose.save(out);
        let suppressed = self.suppression.of_rule(machine.plan().id);
        suppressed.save(out);
        let all = states.values().chain(loose.values());
        Measure {
            keys: states.len() as u64,
            oldest: all.filter_map(KeyState::oldest).min(),
            since,
        }
    }

    fn resume_unit(
        &mut self,
        construct: &Construct,
        input: &mut Reader<'_>,
    ) -> Result<(), StateError> {
        let name = &construct.name;
        let found = self
            .units
            .iter_mut()
            .enumerate()
            .find(|(_, unit)| unit.machine.plan().rule().name == *name);
        let Some((index, unit)) = found else {
            return Ok(());
        };
        let (since, states, loose) = (Save::load(input)?, Save::load(input)?, Save::load(input)?);
        let suppressed = Save::load(input)?;
        input.end()?;
        unit.since = since;
        unit.states = states;
        unit.loose = loose;
        self.suppression.resume(unit.machine.plan().id, suppressed);
        // A state knows when its next timer is due: timers need no place of their own.
        for (states, is_loose) in [(&unit.states, false), (&unit.loose, true)] {
            for (key, state) in states {
                let timer = Timer {
                    rule: index,
                    is_loose,
                    key: key.clone(),
                };
                if let Some(due) = state.timer {
                    self.timers.set(due, timer);
                }
            }
        }
        Ok(())
    }

    /// Returns how many keys each rule and memory holds something for.
    pub(in crate::engine) fn sizes(&self) -> Vec<StateSize> {
        let rules = self.units.iter().map(|unit| StateSize {
            kind: Kind::Rule,
            name: unit.machine.plan().rule().name.clone(),
            keys: unit.states.len() + unit.loose.len(),
        });
        let memories = self.memories.program().memories.iter();
        let memories = memories.map(|(id, memory)| StateSize {
            kind: Kind::Memory,
            name: memory.name.clone(),
            keys: self.memories.keys_of(id),
        });
        rules.chain(memories).collect()
    }

    /// Takes note of what waits at a restore: it is part of the stream of rules that are new.
    pub(in crate::engine) fn see_from(&mut self, time: Option<Timestamp>) {
        if let Some(time) = time {
            self.see(time);
        }
    }
}
