//! What is committed together: the state, how far inputs were read, how far outputs were written.
//!
//! Apart from the disk because these bytes mean the same wherever they are kept.

use crate::store::{StateError, decode, encode, saved};

/// How a snapshot begins.
const MAGIC: &[u8; 8] = b"muster\0C";
/// The form that is written.
const VERSION: u32 = 1;
/// Bytes of the checksum at the end.
const CHECKSUM: usize = 32;

/// All that a run goes on from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Commit {
    /// How far each input was read.
    pub inputs: Vec<Position>,
    /// How far each output was written.
    pub outputs: Vec<Written>,
    /// The state of the engine.
    pub engine: Vec<u8>,
}

/// How far an input was read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Position {
    /// What it is called: a path that is the same wherever the program is started.
    pub name: String,
    /// The number under which the engine knows it.
    pub number: u32,
    /// Records that begin before so many bytes, unpacked, are part of the state.
    pub offset: u64,
    /// How many bytes its beginning has, as stored.
    pub head_bytes: u64,
    /// A hash of its beginning.
    pub head: [u8; 32],
    /// Whether it was read to its end.
    pub ended: bool,
}

/// How far an output was written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Written {
    /// What it is called: a path that is the same wherever the program is started.
    pub name: String,
    /// How many bytes it has.
    pub bytes: u64,
    /// How many of them, at the end, are hashed.
    pub tail_bytes: u64,
    /// Their hash.
    pub tail: [u8; 32],
}

saved!(Position {
    name,
    number,
    offset,
    head_bytes,
    head,
    ended
});
saved!(Written {
    name,
    bytes,
    tail_bytes,
    tail
});

impl Commit {
    /// Returns it as the bytes of a file.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        let Self {
            inputs,
            outputs,
            engine,
        } = self;
        let head = [encode(inputs), encode(outputs)];
        let mut bytes = MAGIC.to_vec();
        bytes.extend_from_slice(&VERSION.to_le_bytes());
        for part in [head.concat().as_slice(), engine] {
            bytes.extend_from_slice(&(part.len() as u64).to_le_bytes());
            bytes.extend_from_slice(part);
        }
        let checksum = blake3::hash(&bytes);
        bytes.extend_from_slice(checksum.as_bytes());
        bytes
    }

    /// Returns what the bytes of a file hold.
    ///
    /// # Errors
    ///
    /// If they are none, of another version, or damaged.
    pub fn decode(bytes: &[u8]) -> Result<Self, StateError> {
        let rest = bytes.strip_prefix(MAGIC).ok_or(StateError::NotState)?;
        let (version, _) = rest.split_first_chunk().ok_or(StateError::Damaged)?;
        let found = u32::from_le_bytes(*version);
        if found != VERSION {
            let expected = VERSION;
            return Err(StateError::Version { found, expected });
        }
        let (body, checksum) = bytes
            .len()
            .checked_sub(CHECKSUM)
            .and_then(|length| bytes.split_at_checked(length))
            .ok_or(StateError::Damaged)?;
        if blake3::hash(body).as_bytes() != checksum {
            return Err(StateError::Damaged);
        }
        let parts = body.get(MAGIC.len() + size_of::<u32>()..);
        let (head, parts) = part(parts.ok_or(StateError::Damaged)?)?;
        let (engine, _) = part(parts)?;
        let (inputs, outputs) = decode(head)?;
        Ok(Self {
            inputs,
            outputs,
            engine: engine.to_vec(),
        })
    }
}

/// Returns the bytes behind a length, and what follows them.
fn part(bytes: &[u8]) -> Result<(&[u8], &[u8]), StateError> {
    let (length, rest) = bytes.split_first_chunk().ok_or(StateError::Damaged)?;
    let length = usize::try_from(u64::from_le_bytes(*length)).map_err(|_| StateError::Damaged)?;
    rest.split_at_checked(length).ok_or(StateError::Damaged)
}
