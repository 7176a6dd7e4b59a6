//! Memories as bytes: each for itself, so that one that changed starts anew alone.
//!
//! Apart from what memories do because it follows what they hold, not what they mean.

use muster_lang::ir::MemoryId;

use crate::key::Key;
use crate::memory::cell::Cell;
use crate::memory::{Memories, Starts};
use crate::store::{Measure, Reader, Save, StateError, Writer};

impl Memories {
    /// Writes what one memory holds.
    pub(crate) fn save(&self, id: MemoryId, out: &mut Writer<'_>) -> Measure {
        // Named one by one, so that a new field is not forgotten here.
        let Self {
            program: _,
            options: _,
            cells,
            starts,
            starts_of,
            ends,
            saturated: _,
        } = self;
        let starts = starts_of
            .get(id.index())
            .and_then(|starts_of| starts.get(*starts_of));
        let starts = starts.cloned().unwrap_or_default();
        starts.save(out);
        let mut measure = Measure {
            since: starts.values().min().copied(),
            ..Measure::default()
        };
        let Some(cells) = cells.get(id.index()) else {
            return measure;
        };
        measure.keys = cells.len() as u64;
        out.count(cells.len());
        for (end, entries) in ends {
            let of_memory = entries.iter().filter(|(of, _)| *of == id.index());
            let mut found: Vec<(&Key, &Cell)> = of_memory
                .filter_map(|(_, key)| Some((key, cells.get(key)?)))
                .collect();
            found.sort_unstable_by(|left, right| left.0.cmp(right.0));
            for (key, cell) in found {
                end.save(out);
                key.save(out);
                cell.save(out);
                measure.oldest = measure.oldest.into_iter().chain(cell.oldest()).min();
            }
        }
        measure
    }

    /// Takes in what one memory held.
    pub(crate) fn resume(
        &mut self,
        id: MemoryId,
        input: &mut Reader<'_>,
    ) -> Result<(), StateError> {
        let starts: Starts = Save::load(input)?;
        let program = self.program.clone();
        let memory = &program.memories[id];
        let mut held = Vec::new();
        for _ in 0..input.count()? {
            let (end, key) = <(_, Key)>::load(input)?;
            held.push((end, key, Cell::load(memory, input)?));
        }
        input.end()?;
        self.set_starts(id, starts);
        let Some(cells) = self.cells.get_mut(id.index()) else {
            return Ok(());
        };
        for (end, key, cell) in held {
            let ends = self.ends.entry(end).or_default();
            ends.push((id.index(), key.clone()));
            cells.insert(key, cell);
        }
        Ok(())
    }

    /// Lets a memory be as old as it was; those that are equally old share what they learn from.
    fn set_starts(&mut self, id: MemoryId, starts: Starts) {
        let known = self.starts.iter().skip(1).position(|one| *one == starts);
        let at = known.map_or(self.starts.len(), |at| at + 1);
        if known.is_none() {
            self.starts.push(starts);
        }
        if let Some(starts_of) = self.starts_of.get_mut(id.index()) {
            *starts_of = at;
        }
    }

    /// Returns how many keys one memory holds something for.
    pub(crate) fn keys_of(&self, id: MemoryId) -> usize {
        self.cells.get(id.index()).map_or(0, |cells| cells.len())
    }

    /// Goes on counting what `max` kept from being remembered.
    pub(crate) fn set_saturated(&mut self, saturated: u64) {
        self.saturated = saturated;
    }
}
