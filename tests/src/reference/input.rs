//! JSON lines as input events.
//!
//! Apart from sources because a line is read before anybody asks whose it is.

use super::program::Program;
use super::source::{events, record};
use super::stream::World;
use super::{InputEvent, Parsed, ReferenceError};

/// Reads records with the sources and the types that a program declares.
#[derive(Debug)]
pub struct Reader<'a> {
    program: Program<'a>,
}

impl<'a> Reader<'a> {
    /// Learns the declarations of a program.
    ///
    /// # Errors
    /// What the reference does not support.
    pub fn new(parsed: &'a Parsed) -> Result<Self, ReferenceError> {
        let program = Program::new(parsed)?;
        Ok(Reader { program })
    }

    /// Reads one line, which may hold no event, one, or several.
    ///
    /// # Errors
    /// A record that is no JSON or that gets no id, and what the reference does not support.
    pub fn read(&self, line: &str) -> Result<Vec<InputEvent>, ReferenceError> {
        let world = World {
            program: &self.program,
            events: Vec::new(),
            late: Vec::new(),
            end: i64::MIN,
        };
        events(&world, &record(line)?)
    }
}
