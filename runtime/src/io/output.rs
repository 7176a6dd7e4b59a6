//! Outputs: standard output or a file, and telling a closed pipe from a failure.
//!
//! Apart from the commands because all of them must treat a closed pipe as the quiet end it is.

use std::fs::{self, File, OpenOptions};
use std::io::{self, ErrorKind, IsTerminal, Read, Seek, SeekFrom, Write};
use std::path::Path;

use super::snapshot::Written;

/// Something that is written to.
pub struct Output {
    name: String,
    writer: Box<dyn Write + Send>,
    terminal: bool,
    /// The regular file it is, where how far it is written is to be kept.
    kept: Option<Kept>,
}

/// A regular file, and how far it is written.
struct Kept {
    file: File,
    path: String,
    bytes: u64,
    /// The last bytes. LIMIT: `TAIL_BYTES`.
    tail: Vec<u8>,
}

/// How many bytes at the end of an output are looked at to know it again.
const TAIL_BYTES: usize = 4096;

/// Why an output cannot be gone on with from where it was.
#[derive(Debug)]
pub enum ResumeError {
    /// It holds less than was written.
    Shorter {
        /// How many bytes it should have at least.
        expected: u64,
        /// How many it has.
        found: u64,
    },
    /// It holds something else.
    Other,
    /// The system refused.
    System(io::Error),
}

/// Why nothing more can be written.
#[derive(Debug)]
pub enum OutputError {
    /// The reader of the pipe has gone: a quiet end.
    Closed,
    /// The system refused: a full disk, a missing folder.
    Failed {
        /// What the output is called.
        name: String,
        /// Why.
        error: io::Error,
    },
}

impl Output {
    /// What standard output is called.
    pub const STDOUT: &'static str = "standard output";

    /// Returns standard output.
    #[must_use]
    pub fn stdout() -> Self {
        let stdout = io::stdout();
        let terminal = stdout.is_terminal();
        Self {
            name: Self::STDOUT.into(),
            writer: Box::new(stdout),
            terminal,
            kept: None,
        }
    }

    /// Opens a file for writing, empty at first; `-` is standard output.
    ///
    /// # Errors
    ///
    /// Whatever the system refuses.
    pub fn file(name: &str) -> Result<Self, OutputError> {
        if name == "-" {
            return Ok(Self::stdout());
        }
        let failed = |error| OutputError::Failed {
            name: name.into(),
            error,
        };
        let file = File::create(Path::new(name)).map_err(failed)?;
        Ok(Self {
            name: name.into(),
            terminal: file.is_terminal(),
            writer: Box::new(file),
            kept: None,
        })
    }

    /// Opens a file and cuts off what was written to it after a moment; without one it is emptied.
    ///
    /// What is no regular file is opened as it is.
    ///
    /// # Errors
    ///
    /// If the file does not hold what was written up to that moment, and whatever the system refuses.
    pub fn resume(name: &str, written: &[Written]) -> Result<Self, ResumeError> {
        let mut options = OpenOptions::new();
        options.read(true).write(true).create(true).truncate(false);
        if !fs::metadata(name).map_or(true, |found| found.is_file()) {
            options = OpenOptions::new();
            options.write(true);
        }
        let mut file = options.open(name).map_err(ResumeError::System)?;
        let is_file = file.metadata().map_err(ResumeError::System)?.is_file();
        let kept = if is_file {
            let path = fs::canonicalize(name).map_err(ResumeError::System)?;
            let path = path.to_string_lossy().into_owned();
            let before = written.iter().find(|one| one.name == path);
            Some(Kept::cut(&mut file, path, before)?)
        } else {
            None
        };
        Ok(Self {
            name: name.into(),
            terminal: file.is_terminal(),
            writer: Box::new(file),
            kept,
        })
    }

    /// Sees that what was written survives a loss of power, and tells how far that is.
    ///
    /// # Errors
    ///
    /// Whatever the system refuses.
    pub fn sync(&mut self) -> Result<Option<Written>, OutputError> {
        let Some(kept) = &self.kept else {
            return Ok(None);
        };
        kept.file.sync_data().map_err(|error| OutputError::Failed {
            name: self.name.clone(),
            error,
        })?;
        Ok(Some(Written {
            name: kept.path.clone(),
            bytes: kept.bytes,
            tail_bytes: kept.tail.len() as u64,
            tail: *blake3::hash(&kept.tail).as_bytes(),
        }))
    }

    /// Returns what it is called.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Tells whether a person reads it on a terminal.
    #[must_use]
    pub fn is_terminal(&self) -> bool {
        self.terminal
    }

    /// Writes all of a text and sees that it leaves at once; an empty text costs nothing.
    ///
    /// # Errors
    ///
    /// A closed pipe and a failure, told apart.
    pub fn write(&mut self, text: &[u8]) -> Result<(), OutputError> {
        if text.is_empty() {
            return Ok(());
        }
        let written = self
            .writer
            .write_all(text)
            .and_then(|()| self.writer.flush());
        if let Some(kept) = &mut self.kept
            && written.is_ok()
        {
            kept.note(text);
        }
        written.map_err(|error| match error.kind() {
            ErrorKind::BrokenPipe => OutputError::Closed,
            _ => OutputError::Failed {
                name: self.name.clone(),
                error,
            },
        })
    }
}

impl Kept {
    /// Cuts a file to what was written up to a moment, and stands at its end.
    fn cut(file: &mut File, path: String, before: Option<&Written>) -> Result<Self, ResumeError> {
        let nothing = Written::default();
        let before = before.unwrap_or(&nothing);
        let found = file.metadata().map_err(ResumeError::System)?.len();
        if found < before.bytes {
            return Err(ResumeError::Shorter {
                expected: before.bytes,
                found,
            });
        }
        let tail = tail(file, before).map_err(ResumeError::System)?;
        if before.bytes > 0 && blake3::hash(&tail).as_bytes() != &before.tail {
            return Err(ResumeError::Other);
        }
        file.set_len(before.bytes)
            .and_then(|()| file.seek(SeekFrom::Start(before.bytes)))
            .map_err(ResumeError::System)?;
        Ok(Self {
            file: file.try_clone().map_err(ResumeError::System)?,
            path,
            bytes: before.bytes,
            tail,
        })
    }

    fn note(&mut self, text: &[u8]) {
        self.bytes += text.len() as u64;
        let new = text.len().saturating_sub(TAIL_BYTES);
        self.tail.extend(text.iter().skip(new));
        let old = self.tail.len().saturating_sub(TAIL_BYTES);
        self.tail.drain(..old);
    }
}

/// Returns the last bytes that were written up to a moment.
fn tail(file: &mut File, before: &Written) -> io::Result<Vec<u8>> {
    let bytes = before.tail_bytes.min(TAIL_BYTES as u64);
    file.seek(SeekFrom::Start(before.bytes.saturating_sub(bytes)))?;
    let mut tail = Vec::new();
    file.take(bytes).read_to_end(&mut tail)?;
    Ok(tail)
}
