//! Inputs: what they are called, and opening them.
//!
//! Apart from reading so that every input is opened, and every mistake in a name told, before the
//! first byte is read.

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use super::snapshot::Position;

/// Where an input comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum InputKind {
    /// Standard input.
    Stdin,
    /// A file, plain or gzip.
    File(PathBuf),
}

/// An input that was named.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Input {
    /// Where it comes from.
    pub kind: InputKind,
    /// What messages call it, as it was typed.
    pub name: Arc<str>,
}

/// An input that is open.
pub struct Opened {
    /// What messages call it.
    pub name: Arc<str>,
    /// Its length in bytes as stored, where it is a regular file.
    pub length: Option<u64>,
    /// The number under which the engine knows it; its place among the inputs where there is none.
    pub number: Option<u32>,
    /// Records that begin before so many bytes, unpacked, were read already.
    pub skip: u64,
    bytes: Box<dyn Read + Send>,
    read: Arc<AtomicU64>,
}

/// Why an input could not be opened.
#[derive(Debug)]
pub enum InputError {
    /// It is a directory.
    Directory,
    /// The system refused.
    Refused(io::Error),
}

impl Input {
    /// Returns the input of a name as typed: `-` is standard input.
    #[must_use]
    pub fn named(name: &str) -> Self {
        let kind = if name == "-" {
            InputKind::Stdin
        } else {
            InputKind::File(PathBuf::from(name))
        };
        let shown = if name == "-" { "standard input" } else { name };
        Self {
            kind,
            name: shown.into(),
        }
    }

    /// Opens it.
    ///
    /// # Errors
    ///
    /// A directory, and whatever the system refuses.
    pub fn open(&self) -> Result<Opened, InputError> {
        match &self.kind {
            InputKind::Stdin => Ok(Opened::new(self.name.clone(), None, Box::new(io::stdin()))),
            InputKind::File(path) => {
                #[expect(clippy::disallowed_methods, reason = "this is where inputs are opened")]
                let file = File::open(path).map_err(InputError::Refused)?;
                let metadata = file.metadata().map_err(InputError::Refused)?;
                if metadata.is_dir() {
                    return Err(InputError::Directory);
                }
                let length = metadata.is_file().then_some(metadata.len());
                Ok(Opened::new(self.name.clone(), length, Box::new(file)))
            }
        }
    }
}

/// How many bytes at the beginning of an input are looked at to know it again.
const HEAD_BYTES: u64 = 4096;

impl Position {
    /// Returns the start of a regular file; `None` for anything else, which cannot be read again.
    ///
    /// # Errors
    ///
    /// Whatever the system refuses.
    pub fn start_of(input: &Input) -> io::Result<Option<Self>> {
        let InputKind::File(path) = &input.kind else {
            return Ok(None);
        };
        if !fs::metadata(path)?.is_file() {
            return Ok(None);
        }
        let head = head(path, HEAD_BYTES)?;
        Ok(Some(Self {
            name: fs::canonicalize(path)?.to_string_lossy().into_owned(),
            head_bytes: head.len() as u64,
            head: *blake3::hash(&head).as_bytes(),
            ..Self::default()
        }))
    }

    /// Tells whether a file still begins as it did.
    ///
    /// # Errors
    ///
    /// Whatever the system refuses.
    pub fn is_of(&self, input: &Input) -> io::Result<bool> {
        let InputKind::File(path) = &input.kind else {
            return Ok(false);
        };
        let head = head(path, self.head_bytes.min(HEAD_BYTES))?;
        Ok(blake3::hash(&head).as_bytes() == &self.head)
    }
}

fn head(path: &Path, bytes: u64) -> io::Result<Vec<u8>> {
    #[expect(clippy::disallowed_methods, reason = "this is where inputs are opened")]
    let file = File::open(path)?;
    let mut head = Vec::new();
    file.take(bytes).read_to_end(&mut head)?;
    Ok(head)
}

impl Opened {
    /// Returns an input over bytes from anywhere.
    #[must_use]
    pub fn new(name: Arc<str>, length: Option<u64>, bytes: Box<dyn Read + Send>) -> Self {
        Self {
            name,
            length,
            number: None,
            skip: 0,
            bytes,
            read: Arc::default(),
        }
    }

    /// Returns the counter of the bytes read so far, as stored.
    #[must_use]
    pub fn read_so_far(&self) -> Arc<AtomicU64> {
        Arc::clone(&self.read)
    }

    /// Returns the bytes, counted as they are read.
    pub(super) fn into_bytes(self) -> Counted {
        Counted {
            bytes: self.bytes,
            read: self.read,
        }
    }
}

/// Bytes that are counted as they are read.
pub(super) struct Counted {
    bytes: Box<dyn Read + Send>,
    read: Arc<AtomicU64>,
}

impl Read for Counted {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.bytes.read(buffer)?;
        self.read.fetch_add(count as u64, Ordering::Relaxed);
        Ok(count)
    }
}
