//! Repeated ids, and ids for records that bear none.
//!
//! Apart from the reorder buffer because a duplicate is recognized before lateness is judged.

use std::collections::BTreeMap;
use std::collections::hash_map::Entry;

use ahash::{HashMap, HashMapExt};
use muster_lang::units::{Duration, SECOND, Timestamp};

use crate::store::{Reader, Save, StateError, Writer, saved};

/// What makes an id unique: tenant, source and id, hashed to 128 bits.
pub type IdHash = [u8; 16];

/// The ids seen and how often records without one came, forgotten as time passes.
#[derive(Clone, Debug)]
pub struct Dedupe {
    ids: HashMap<IdHash, Seen>,
    copies: HashMap<IdHash, u64>,
    // INVARIANT: every key of `ids` stands in `forget`, and every key of `copies` in `forget_copies`,
    // under the time from which on it may be forgotten.
    forget: BTreeMap<Timestamp, Vec<IdHash>>,
    forget_copies: BTreeMap<Timestamp, Vec<IdHash>>,
    /// The watermark when things were last forgotten: what it had passed then goes next.
    passed: Timestamp,
    /// Records since.
    records: u64,
}

/// For how many records at least what can be repeated is kept after the watermark has passed it.
const KEPT_RECORDS: u64 = 10_000;

#[derive(Clone, Copy, Debug)]
struct Seen {
    time: Timestamp,
    until: Timestamp,
}

/// Ids are forgotten together with those of the same second: a list for each instant would be a list
/// for each record. An id that is held for longer repeats no more than before, its span is judged anew.
const FORGET_TOGETHER: i64 = SECOND;

impl Seen {
    /// Returns when its id is forgotten: at the end of its second.
    fn forgotten(self) -> Timestamp {
        let second = self.until.0.div_euclid(FORGET_TOGETHER).saturating_add(1);
        let end = second.saturating_mul(FORGET_TOGETHER).saturating_sub(1);
        // At the end of all time, seconds have no end.
        Timestamp(end).max(self.until)
    }
}

saved!(Seen { time, until });

impl Save for Dedupe {
    fn save(&self, out: &mut Writer<'_>) {
        let Self {
            ids,
            copies,
            forget: _,
            forget_copies,
            passed,
            records,
        } = self;
        ids.save(out);
        // Only the order of forgetting knows when a count of copies goes.
        let mut counts: Vec<(Timestamp, (IdHash, u64))> = Vec::with_capacity(copies.len());
        for (time, fingerprints) in forget_copies {
            let of_copies = fingerprints.iter().filter_map(|fingerprint| {
                let count = copies.get(fingerprint)?;
                Some((*time, (*fingerprint, *count)))
            });
            counts.extend(of_copies);
        }
        counts.sort_unstable();
        counts.save(out);
        passed.save(out);
        records.save(out);
    }

    fn load(input: &mut Reader<'_>) -> Result<Self, StateError> {
        let mut dedupe = Self {
            ids: Save::load(input)?,
            ..Self::default()
        };
        for (id, seen) in &dedupe.ids {
            let forget = dedupe.forget.entry(seen.forgotten()).or_default();
            forget.push(*id);
        }
        for (time, (fingerprint, count)) in Vec::load(input)? {
            let forget = dedupe.forget_copies.entry(time).or_default();
            forget.push(fingerprint);
            dedupe.copies.insert(fingerprint, count);
        }
        dedupe.passed = Save::load(input)?;
        dedupe.records = Save::load(input)?;
        Ok(dedupe)
    }
}

impl Default for Dedupe {
    fn default() -> Self {
        Self {
            ids: HashMap::new(),
            copies: HashMap::new(),
            forget: BTreeMap::new(),
            forget_copies: BTreeMap::new(),
            passed: Timestamp(i64::MIN),
            records: 0,
        }
    }
}

/// Returns a 128-bit hash of parts, each with its length before it.
#[must_use]
pub fn hash128(parts: &[&[u8]]) -> IdHash {
    let mut hasher = blake3::Hasher::new();
    for part in parts {
        hasher.update(&(part.len() as u64).to_le_bytes());
        hasher.update(part);
    }
    let mut hash = IdHash::default();
    hasher.finalize_xof().fill(&mut hash);
    hash
}

/// Returns a hash as 32 hexadecimal digits.
#[must_use]
pub fn hex(hash: &IdHash) -> String {
    let digits = hash.iter().flat_map(|byte| [byte >> 4, byte & 15]);
    digits
        .filter_map(|digit| char::from_digit(u32::from(digit), 16))
        .collect()
}

impl Dedupe {
    /// Tells whether an id repeats one seen at most `span` apart, and remembers it if not.
    pub fn is_duplicate(&mut self, id: IdHash, time: Timestamp, span: Duration) -> bool {
        let seen = Seen {
            time,
            until: time.plus(span),
        };
        match self.ids.entry(id) {
            Entry::Occupied(mut before) => {
                if time.since(before.get().time).0.abs() <= span.0 {
                    return true;
                }
                if before.get().until < seen.until {
                    before.insert(seen);
                }
            }
            Entry::Vacant(place) => {
                place.insert(seen);
                self.forget.entry(seen.forgotten()).or_default().push(id);
            }
        }
        false
    }

    /// Returns how many records equal to this one came before it.
    pub fn count_copy(&mut self, fingerprint: IdHash, time: Timestamp) -> u64 {
        let count = self.copies.entry(fingerprint).or_insert_with(|| {
            self.forget_copies
                .entry(time)
                .or_default()
                .push(fingerprint);
            0
        });
        *count += 1;
        *count - 1
    }

    /// Forgets what no record in order can repeat, once `KEPT_RECORDS` more have come.
    ///
    /// A watermark may leap, and a duplicate that is told from a late event must still be known then.
    pub fn expire(&mut self, watermark: Timestamp) {
        self.records += 1;
        if self.records < KEPT_RECORDS {
            return;
        }
        self.records = 0;
        let passed = std::mem::replace(&mut self.passed, watermark);
        self.forget_before(passed);
    }

    fn forget_before(&mut self, passed: Timestamp) {
        while let Some(entry) = self.forget.first_entry().filter(|one| *one.key() < passed) {
            for id in entry.remove() {
                self.expire_id(id, passed);
            }
        }
        let copies = &mut self.forget_copies;
        while let Some(entry) = copies.first_entry().filter(|one| *one.key() < passed) {
            for fingerprint in entry.remove() {
                self.copies.remove(&fingerprint);
            }
        }
    }

    /// Forgets an id, or files it again under the end of the span of its latest sight.
    fn expire_id(&mut self, id: IdHash, watermark: Timestamp) {
        match self.ids.get(&id) {
            Some(seen) if seen.until >= watermark => {
                self.forget.entry(seen.forgotten()).or_default().push(id);
            }
            Some(_) | None => {
                self.ids.remove(&id);
            }
        }
    }

    /// Returns the number of ids and fingerprints held.
    #[must_use]
    pub fn len(&self) -> usize {
        self.ids.len() + self.copies.len()
    }

    /// Tells whether nothing is held.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SPAN: Duration = Duration(10);
    /// Beyond the second of the ids of these tests.
    const LATER: Timestamp = Timestamp(SECOND);

    #[test]
    fn an_id_repeats_within_its_span_and_not_beyond() {
        let mut dedupe = Dedupe::default();
        let id = hash128(&[b"t", b"okta", b"1"]);
        assert!(!dedupe.is_duplicate(id, Timestamp(100), SPAN));
        assert!(dedupe.is_duplicate(id, Timestamp(110), SPAN));
        assert!(dedupe.is_duplicate(id, Timestamp(90), SPAN));
        assert!(!dedupe.is_duplicate(id, Timestamp(111), SPAN));
    }

    #[test]
    fn ids_are_forgotten_once_the_watermark_has_passed_their_span() {
        let mut dedupe = Dedupe::default();
        let id = hash128(&[b"1"]);
        assert!(!dedupe.is_duplicate(id, Timestamp(100), SPAN));
        dedupe.forget_before(Timestamp(110));
        assert_eq!(dedupe.len(), 1);
        dedupe.forget_before(LATER);
        assert!(dedupe.is_empty());
    }

    #[test]
    fn nothing_is_forgotten_before_many_records_came() {
        let mut dedupe = Dedupe::default();
        let id = hash128(&[b"1"]);
        assert!(!dedupe.is_duplicate(id, Timestamp(100), SPAN));
        for _ in 0..KEPT_RECORDS {
            dedupe.expire(LATER);
        }
        assert!(dedupe.is_duplicate(id, Timestamp(100), SPAN));
        for _ in 0..KEPT_RECORDS {
            dedupe.expire(LATER);
        }
        assert!(dedupe.is_empty());
    }

    #[test]
    fn equal_records_are_numbered() {
        let mut dedupe = Dedupe::default();
        let fingerprint = hash128(&[b"record"]);
        assert_eq!(dedupe.count_copy(fingerprint, Timestamp(5)), 0);
        assert_eq!(dedupe.count_copy(fingerprint, Timestamp(5)), 1);
        dedupe.forget_before(Timestamp(6));
        assert_eq!(dedupe.count_copy(fingerprint, Timestamp(5)), 0);
    }

    #[test]
    fn parts_cannot_run_into_each_other() {
        assert_ne!(hash128(&[b"ab", b"c"]), hash128(&[b"a", b"bc"]));
    }
}
