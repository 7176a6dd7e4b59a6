//! Marks of keys: numbers that tell equal keys without comparing texts.
//!
//! Apart because both the tree of wanted keys and the search for repeated keys rest on them.

/// A number made of a key: equal keys have equal marks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Mark(pub(super) u64);

/// The odd multiplier of `FxHash`: 2^64 divided by the golden ratio, rounded to odd.
const MULTIPLIER: u64 = 0x9e37_79b9_7f4a_7c15;

impl Mark {
    /// Returns the mark of a key.
    pub(super) fn of(key: &[u8]) -> Self {
        let mut mark = key.len() as u64;
        let mut chunks = key.chunks_exact(8);
        for chunk in &mut chunks {
            let word = chunk.try_into().map_or(0, u64::from_le_bytes);
            mark = step(mark, word);
        }
        let word = chunks
            .remainder()
            .iter()
            .rev()
            .fold(0, |word, byte| (word << 8) | u64::from(*byte));
        let mark = step(mark, word);
        Self(mark ^ (mark >> 29))
    }
}

fn step(mark: u64, word: u64) -> u64 {
    (mark.rotate_left(5) ^ word).wrapping_mul(MULTIPLIER)
}

/// The keys of the objects being read, to notice one that comes again.
#[derive(Debug, Default)]
pub(super) struct Seen {
    marks: Vec<Mark>,
}

/// The keys of one object: a filter that most new keys pass, and where their marks begin.
#[derive(Debug)]
pub(super) struct Object {
    first: usize,
    filter: [u64; 4],
}

impl Seen {
    /// Starts an object.
    pub(super) fn open(&self) -> Object {
        Object {
            first: self.marks.len(),
            filter: [0; 4],
        }
    }

    /// Adds a key; tells whether the object may have had it before.
    pub(super) fn repeats(&mut self, object: &mut Object, mark: Mark) -> bool {
        let bit = 1u64 << (mark.0 >> 58);
        let word = usize::try_from((mark.0 >> 56) & 3).unwrap_or(0);
        let is_known = object.filter.get_mut(word).is_some_and(|filter| {
            let is_known = *filter & bit != 0;
            *filter |= bit;
            is_known
        });
        let repeats = is_known
            && self
                .marks
                .get(object.first..)
                .is_some_and(|marks| marks.contains(&mark));
        self.marks.push(mark);
        repeats
    }

    /// Ends an object.
    pub(super) fn close(&mut self, object: &Object) {
        self.marks.truncate(object.first);
    }

    /// Forgets everything.
    pub(super) fn clear(&mut self) {
        self.marks.clear();
    }
}
