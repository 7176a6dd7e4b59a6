//! Outputs: standard output or a file, and telling a closed pipe from a failure.
//!
//! Apart from the commands because all of them must treat a closed pipe as the quiet end it is.

use std::fs::File;
use std::io::{self, ErrorKind, IsTerminal, Write};
use std::path::Path;

/// Something that is written to.
pub struct Output {
    name: String,
    writer: Box<dyn Write + Send>,
    terminal: bool,
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
        })
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
        written.map_err(|error| match error.kind() {
            ErrorKind::BrokenPipe => OutputError::Closed,
            _ => OutputError::Failed {
                name: self.name.clone(),
                error,
            },
        })
    }
}
