//! Keys of objects, shared between records.
//!
//! Apart because the records of a stream repeat the same few names: one text for all of them.

use std::sync::Arc;

/// How many keys are remembered where nothing else is said.
const KEYS_MAX: usize = 512;

/// Longer keys are data rather than names, and not remembered.
const KEY_BYTES_MAX: usize = 64;

/// The keys seen last, one for each place that a hash points to.
#[derive(Debug)]
pub(super) struct Keys {
    places: Vec<Option<Arc<str>>>,
    count: usize,
    hash: ahash::RandomState,
}

impl Default for Keys {
    fn default() -> Self {
        Self::of_size(KEYS_MAX)
    }
}

impl Keys {
    /// Returns a memory of so many texts.
    pub(super) fn of_size(count: usize) -> Self {
        Self {
            places: Vec::new(),
            count,
            hash: ahash::RandomState::new(),
        }
    }

    /// Returns the key as a shared text.
    pub(super) fn share(&mut self, key: &str) -> Arc<str> {
        if key.len() > KEY_BYTES_MAX {
            return key.into();
        }
        self.places.resize(self.count, None);
        let place = self.hash.hash_one(key) as usize % self.count;
        let Some(known) = self.places.get_mut(place) else {
            return key.into();
        };
        match known {
            Some(known) if **known == *key => Arc::clone(known),
            Some(_) | None => Arc::clone(known.insert(key.into())),
        }
    }
}
