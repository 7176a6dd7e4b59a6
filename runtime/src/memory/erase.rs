//! Erasing someone from memories.
//!
//! Apart from forgetting, which time does by itself.

use crate::key::Person;
use crate::memory::Memories;
use crate::memory::cell::Cell;

impl Memories {
    /// Erases the keys and values that name someone; returns how many went.
    pub(crate) fn erase(&mut self, person: &Person) -> u64 {
        let mut erased = 0;
        for cells in &mut self.cells {
            let before = cells.len();
            cells.retain(|key, _| !person.is_in(key));
            erased += (before - cells.len()) as u64;
            erased += cells
                .values_mut()
                .map(|cell| cell.erase(person))
                .sum::<u64>();
        }
        for entries in self.ends.values_mut() {
            entries.retain(|(_, key)| !person.is_in(key));
        }
        erased
    }
}

impl Cell {
    fn erase(&mut self, person: &Person) -> u64 {
        match self {
            Cell::Values(values) => {
                let before = values.len();
                values.retain(|part, _| !person.is_part(part));
                (before - values.len()) as u64
            }
            Cell::Last { current, previous } => {
                let mut erased = 0;
                for entry in [current, previous] {
                    if entry
                        .as_ref()
                        .is_some_and(|(value, _)| person.is_value(value))
                    {
                        *entry = None;
                        erased += 1;
                    }
                }
                erased
            }
            Cell::Times(_) => 0,
            Cell::Profile(profile) => profile.erase(person),
        }
    }
}
