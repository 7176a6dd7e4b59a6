//! Digests as bytes: each for itself, so that one that changed starts anew alone.
//!
//! Apart from what digests do because it follows what they hold, not what they mean.

use std::collections::BTreeMap;

use muster_lang::ir::DigestId;
use muster_lang::units::Timestamp;
use muster_lang::value::aggregate::running::Running;

use super::passage::Volume;
use super::recent::Recent;
use super::summarize::{Open, Summaries};
use super::{Digests, Reducer, Shared};
use crate::event::Carried;
use crate::key::Key;
use crate::store::{Measure, Reader, Save, StateError, Writer, saved};

saved!(Carried { line, shared });
saved!(Shared { left, is_forwarded });
saved!(Volume {
    events,
    passed,
    summaries,
    over_limit,
    forgotten,
    incomplete
});
saved!(Running {
    members,
    present,
    of,
    whole,
    real,
    unfit,
    held,
    kept,
    distinct,
    saturated
});
saved!(Open {
    from,
    tenant,
    spelled,
    running
});

impl<T: Save + PartialEq> Save for Recent<T> {
    fn save(&self, out: &mut Writer<'_>) {
        let Self { held, order, seen } = self;
        seen.save(out);
        let known: Vec<(u64, &Key, &T)> = order
            .iter()
            .filter_map(|(at, key)| Some((*at, key, &held.get(key)?.1)))
            .collect();
        out.count(known.len());
        for (at, key, known) in known {
            at.save(out);
            key.save(out);
            known.save(out);
        }
    }

    fn load(input: &mut Reader<'_>) -> Result<Self, StateError> {
        let mut recent = Self {
            seen: Save::load(input)?,
            ..Self::default()
        };
        for _ in 0..input.count()? {
            let (at, key) = <(u64, Key)>::load(input)?;
            let known = T::load(input)?;
            recent.held.insert(key.clone(), (at, known));
            recent.order.insert(at, key);
        }
        Ok(recent)
    }
}

impl Digests {
    /// Writes what no single digest owns.
    pub(crate) fn save(&self, out: &mut Writer<'_>) {
        // Named one by one, so that a new field is not forgotten here.
        let Self {
            options: _,
            reducers: _,
            shared,
            volume,
        } = self;
        shared.save(out);
        volume.save(out);
    }

    /// Takes in what no single digest owned.
    pub(crate) fn resume(&mut self, input: &mut Reader<'_>) -> Result<(), StateError> {
        self.shared = Save::load(input)?;
        self.volume = Save::load(input)?;
        Ok(())
    }

    /// Writes what one digest holds.
    pub(crate) fn save_one(&self, id: DigestId, out: &mut Writer<'_>) -> Measure {
        let mut measure = Measure::default();
        match self.reducers.get(id.index()) {
            Some(Reducer::First(known)) => known.save(out),
            Some(Reducer::Changes(known)) => known.save(out),
            Some(Reducer::Summaries(summaries)) => {
                summaries.open.save(out);
                measure.oldest = summaries.open.values().map(|open| open.from).min();
            }
            Some(Reducer::Drop) | None => {}
        }
        measure.keys = self.keys_of(id) as u64;
        measure
    }

    /// Takes in what one digest held.
    pub(crate) fn resume_one(
        &mut self,
        id: DigestId,
        input: &mut Reader<'_>,
    ) -> Result<(), StateError> {
        match self.reducers.get_mut(id.index()) {
            Some(Reducer::First(known)) => *known = Save::load(input)?,
            Some(Reducer::Changes(known)) => *known = Save::load(input)?,
            Some(Reducer::Summaries(summaries)) => summaries.resume(input)?,
            Some(Reducer::Drop) | None => {}
        }
        input.end()
    }

    /// Returns how many keys one digest holds something for.
    pub(crate) fn keys_of(&self, id: DigestId) -> usize {
        match self.reducers.get(id.index()) {
            Some(Reducer::First(known)) => known.len(),
            Some(Reducer::Changes(known)) => known.len(),
            Some(Reducer::Summaries(summaries)) => summaries.len(),
            Some(Reducer::Drop) | None => 0,
        }
    }
}

impl Summaries {
    fn resume(&mut self, input: &mut Reader<'_>) -> Result<(), StateError> {
        let open: BTreeMap<(Timestamp, Key), Open> = Save::load(input)?;
        let fits = |open: &Open| open.running.len() == self.functions.len();
        if !open.values().all(fits) {
            return Err(StateError::Malformed("a summary has other values"));
        }
        self.open = open;
        Ok(())
    }
}
