//! JSON records: strict, exact, and safe to read from anyone.
//!
//! Apart from `serde_json::Value`, which loses long integers and duplicate keys without a word.
//!
//! What is accepted is what `serde_json::Value` accepts, nested at most [`DEPTH_MAX`] deep. Integers
//! that fit no `i64` keep their digits as text; of equal keys the last value counts, at the place of
//! the first; `null` is missing.

mod error;
mod key;
mod mark;
mod number;
mod scan;
mod shape;
mod visit;
mod wanted;

pub use error::DecodeError;
pub use shape::Shapes;
pub use wanted::Wanted;

use muster_lang::value::Value;
use serde::de::DeserializeSeed;

use key::Keys;
use number::Numbers;
use visit::{Context, ValueSeed};

/// How deep lists and objects may be nested.
pub const DEPTH_MAX: u32 = 64;

/// A record that was read.
#[derive(Clone, Debug, PartialEq)]
pub struct Decoded {
    /// What it holds.
    pub value: Value,
    /// How many keys of its objects were there before.
    pub duplicate_keys: u32,
}

/// A reader of JSON records that shares the keys of one record with the next.
#[derive(Debug, Default)]
pub struct Decoder {
    keys: Keys,
    memory: scan::Memory,
}

impl Decoder {
    /// Returns a reader that has seen nothing.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Reads one record, with nothing but white space around it.
    ///
    /// # Errors
    ///
    /// What is wrong with the first place that no JSON text may have.
    pub fn decode(&mut self, bytes: &[u8]) -> Result<Decoded, DecodeError> {
        let text = std::str::from_utf8(bytes).map_err(|error| DecodeError::NotUtf8 {
            offset: error.valid_up_to(),
        })?;
        let (decoded, inexact) = self.read(text, None)?;
        if !inexact {
            return Ok(decoded);
        }
        // Rare: an integer came as a float and lost digits. Once more, with the text of each number.
        self.read(text, Some(Numbers::new(text)))
            .map(|(decoded, _)| decoded)
    }

    /// Reads of one record what is wanted: where the record has more, it may be left out.
    ///
    /// `shapes` are those of records that were read for the same wants before.
    ///
    /// # Errors
    ///
    /// As [`Self::decode`].
    pub fn decode_wanted(
        &mut self,
        bytes: &[u8],
        wanted: &Wanted,
        shapes: &mut Shapes,
    ) -> Result<Decoded, DecodeError> {
        match scan::scan(bytes, wanted, shapes, &mut self.memory) {
            Some(value) => Ok(Decoded {
                value,
                duplicate_keys: 0,
            }),
            None => self.decode(bytes),
        }
    }

    fn read(
        &mut self,
        text: &str,
        numbers: Option<Numbers<'_>>,
    ) -> Result<(Decoded, bool), DecodeError> {
        let mut context = Context::new(&mut self.keys, numbers);
        let mut input = serde_json::Deserializer::from_str(text);
        let value = ValueSeed::outermost(&mut context)
            .deserialize(&mut input)
            .and_then(|value| input.end().map(|()| value));
        match value {
            Ok(value) => {
                let decoded = Decoded {
                    value,
                    duplicate_keys: context.duplicate_keys,
                };
                Ok((decoded, context.inexact))
            }
            Err(_) if context.too_deep => Err(DecodeError::TooDeep),
            Err(error) => Err(DecodeError::of_json(text, &error)),
        }
    }
}

/// Reads one record; see [`Decoder::decode`], which is cheaper for many.
///
/// # Errors
///
/// What is wrong with the first place that no JSON text may have.
pub fn parse(bytes: &[u8]) -> Result<Decoded, DecodeError> {
    Decoder::new().decode(bytes)
}

#[cfg(test)]
mod scan_tests;
#[cfg(test)]
mod tests;
