//! What is known of the keys seen last, of at most so many.
//!
//! Apart from the digests because the bound, not the digest, decides what is forgotten.

use std::collections::BTreeMap;

use ahash::{HashMap, HashMapExt};

use crate::key::Key;

/// Something for each key; where there are too many, the one not seen for longest is forgotten.
#[derive(Clone, Debug)]
pub(super) struct Recent<T> {
    pub(super) held: HashMap<Key, (u64, T)>,
    // INVARIANT: the keys of `held`, by when they were seen last.
    pub(super) order: BTreeMap<u64, Key>,
    pub(super) seen: u64,
}

impl<T> Default for Recent<T> {
    fn default() -> Self {
        Self {
            held: HashMap::new(),
            order: BTreeMap::new(),
            seen: 0,
        }
    }
}

impl<T: PartialEq> Recent<T> {
    /// Sets what is known of a key, and tells whether that is new or differs from before.
    pub(super) fn set(&mut self, key: &Key, known: T, keys_max: usize) -> Outcome {
        self.seen += 1;
        let mut outcome = Outcome {
            is_change: true,
            forgot: false,
        };
        if let Some((seen, before)) = self.held.get_mut(key) {
            self.order.remove(seen);
            *seen = self.seen;
            outcome.is_change = *before != known;
            *before = known;
        } else {
            if self.held.len() >= keys_max {
                outcome.forgot = self.pop(|_| true);
            }
            self.held.insert(key.clone(), (self.seen, known));
        }
        self.order.insert(self.seen, key.clone());
        outcome
    }

    /// Forgets the key not seen for longest if that holds of what is known of it.
    pub(super) fn pop(&mut self, of: impl Fn(&T) -> bool) -> bool {
        let Some(entry) = self.order.first_entry() else {
            return false;
        };
        let is_it = self
            .held
            .get(entry.get())
            .is_none_or(|(_, known)| of(known));
        if is_it {
            self.held.remove(&entry.remove());
        }
        is_it
    }

    /// Forgets the keys of which something holds; returns how many.
    pub(super) fn erase(&mut self, is_erased: impl Fn(&Key, &T) -> bool) -> u64 {
        let before = self.held.len();
        self.held.retain(|key, (_, known)| !is_erased(key, known));
        let held = &self.held;
        self.order.retain(|_, key| held.contains_key(key));
        (before - self.held.len()) as u64
    }

    /// Returns the number of keys held.
    pub(super) fn len(&self) -> usize {
        self.held.len()
    }
}

/// What came of setting a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Outcome {
    /// Whether it is new, or differs from before.
    pub(super) is_change: bool,
    /// Whether another key was forgotten for it.
    pub(super) forgot: bool,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::key::KeyPart;

    fn key(number: i64) -> Key {
        Key([KeyPart::Int(number)].into())
    }

    #[test]
    fn the_key_not_seen_for_longest_is_forgotten() {
        let mut recent = Recent::default();
        let changes = [1, 2, 1, 3, 1, 2].map(|number| recent.set(&key(number), (), 2).is_change);
        // 3 made 2 forgotten, so 2 is new again.
        assert_eq!(changes, [true, true, false, true, false, true]);
        assert_eq!(recent.len(), 2);
    }

    #[test]
    fn only_what_is_over_is_popped() {
        let mut recent = Recent::default();
        recent.set(&key(1), 5, 9);
        recent.set(&key(2), 7, 9);
        assert!(recent.pop(|end| *end <= 5));
        assert!(!recent.pop(|end| *end <= 5));
        assert_eq!(recent.len(), 1);
    }
}
