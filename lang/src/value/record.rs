//! Making records.
//!
//! Apart because a record has each key once, which must stay fast for records of any size.

use std::sync::Arc;

use super::{Record, Value};

/// How many entries are searched one by one; above, they are hashed.
const ENTRIES_SEARCHED_MAX: usize = 16;

/// A record being made.
#[derive(Debug, Default)]
pub struct RecordBuilder {
    entries: Vec<(Arc<str>, Value)>,
    // INVARIANT: empty, or the position of every entry.
    positions: ahash::HashMap<Arc<str>, usize>,
}

impl RecordBuilder {
    /// Sets a key; one that is there keeps its place and gets the new value.
    pub fn put(&mut self, key: Arc<str>, value: Value) {
        if let Some((_, held)) = self.position(&key).and_then(|at| self.entries.get_mut(at)) {
            *held = value;
            return;
        }
        if !self.positions.is_empty() {
            self.positions.insert(Arc::clone(&key), self.entries.len());
        }
        self.entries.push((key, value));
        if self.entries.len() == ENTRIES_SEARCHED_MAX {
            let keys = self.entries.iter().enumerate();
            self.positions = keys.map(|(at, (key, _))| (Arc::clone(key), at)).collect();
        }
    }

    fn position(&self, key: &str) -> Option<usize> {
        if self.positions.is_empty() {
            return self.entries.iter().position(|(name, _)| &**name == key);
        }
        self.positions.get(key).copied()
    }

    /// Returns the number of keys.
    #[must_use]
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Tells whether there is no key.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// Returns the record.
    #[must_use]
    pub fn build(self) -> Value {
        Value::Record(Arc::new(Record {
            entries: self.entries,
        }))
    }
}
