//! Reading a state from bytes that may be anything.
//!
//! Apart from writing because it trusts nothing: every length is held against what is left.

use std::sync::Arc;

use muster_lang::ir::Program;

use crate::event::Event;
use crate::store::{Save, StateError};

/// How deep values may be nested; records are read to half of it.
const DEPTH_MAX: u32 = 128;

/// Bytes of a state that are still to be read.
#[derive(Debug)]
pub(crate) struct Reader<'a> {
    /// The program that goes on from the state.
    pub(crate) program: &'a Program,
    rest: &'a [u8],
    texts: &'a [Arc<str>],
    events: &'a [Option<Arc<Event>>],
    /// The slot that each slot of the events written has now.
    pub(super) slots: &'a Slots,
    depth: u32,
}

/// Where the values of events written under another layout belong.
#[derive(Debug, Default)]
pub(crate) struct Slots {
    pub(super) now: Vec<Option<usize>>,
    pub(super) count: usize,
}

/// What a head shares with others: nothing.
pub(super) static NO_TABLES: Tables = Tables {
    texts: Vec::new(),
    events: Vec::new(),
    slots: Slots {
        now: Vec::new(),
        count: 0,
    },
};

/// What sections share.
#[derive(Debug, Default)]
pub(crate) struct Tables {
    pub(super) texts: Vec<Arc<str>>,
    pub(super) events: Vec<Option<Arc<Event>>>,
    pub(super) slots: Slots,
}

impl<'a> Reader<'a> {
    /// Returns a reader of the bytes of one section.
    pub(crate) fn new(program: &'a Program, tables: &'a Tables, bytes: &'a [u8]) -> Self {
        Self {
            program,
            rest: bytes,
            texts: &tables.texts,
            events: &tables.events,
            slots: &tables.slots,
            depth: 0,
        }
    }

    /// Returns how many bytes are left.
    pub(crate) fn left(&self) -> usize {
        self.rest.len()
    }

    /// Reads one byte.
    pub(crate) fn byte(&mut self) -> Result<u8, StateError> {
        let (byte, rest) = self
            .rest
            .split_first()
            .ok_or(StateError::Malformed("it ends too early"))?;
        self.rest = rest;
        Ok(*byte)
    }

    /// Reads so many bytes.
    pub(crate) fn raw(&mut self, count: usize) -> Result<&'a [u8], StateError> {
        let (bytes, rest) = self
            .rest
            .split_at_checked(count)
            .ok_or(StateError::Malformed("it ends too early"))?;
        self.rest = rest;
        Ok(bytes)
    }

    /// Reads a number.
    pub(crate) fn number(&mut self) -> Result<u64, StateError> {
        let mut number = 0;
        for shift in (0..64).step_by(7) {
            let byte = self.byte()?;
            let bits = u64::from(byte & 0x7f);
            if shift == 63 && bits > 1 {
                break;
            }
            number |= bits << shift;
            if byte & 0x80 == 0 {
                return Ok(number);
            }
        }
        Err(StateError::Malformed("a number is too large"))
    }

    /// Reads how many things follow, each of one byte or more.
    pub(crate) fn count(&mut self) -> Result<usize, StateError> {
        let count = usize::try_from(self.number()?).unwrap_or(usize::MAX);
        if count > self.left() {
            return Err(StateError::Malformed("a count is too large"));
        }
        Ok(count)
    }

    /// Reads things that stand behind their number.
    pub(crate) fn each<T: Save, C: Default + Extend<T>>(&mut self) -> Result<C, StateError> {
        let mut things = C::default();
        for _ in 0..self.count()? {
            things.extend(std::iter::once(T::load(self)?));
        }
        Ok(things)
    }

    /// Reads a text that stands here.
    pub(crate) fn inline(&mut self) -> Result<&'a str, StateError> {
        let length = self.count()?;
        std::str::from_utf8(self.raw(length)?)
            .map_err(|_| StateError::Malformed("a text is not UTF-8"))
    }

    /// Reads a text that is shared.
    pub(crate) fn text(&mut self) -> Result<Arc<str>, StateError> {
        let number = usize::try_from(self.number()?).unwrap_or(usize::MAX);
        self.texts
            .get(number)
            .cloned()
            .ok_or(StateError::Malformed("a text is not there"))
    }

    /// Reads an event that is shared.
    pub(crate) fn event(&mut self) -> Result<Arc<Event>, StateError> {
        let number = usize::try_from(self.number()?).unwrap_or(usize::MAX);
        self.events
            .get(number)
            .ok_or(StateError::Malformed("an event is not there"))?
            .clone()
            .ok_or(StateError::Gone)
    }

    /// Reads something that may hold more of its kind.
    pub(crate) fn nested<T>(
        &mut self,
        read: impl FnOnce(&mut Self) -> Result<T, StateError>,
    ) -> Result<T, StateError> {
        if self.depth >= DEPTH_MAX {
            return Err(StateError::Malformed("it is nested too deep"));
        }
        self.depth += 1;
        let found = read(self);
        self.depth -= 1;
        found
    }

    /// Makes sure that nothing is left.
    pub(crate) fn end(&self) -> Result<(), StateError> {
        if self.rest.is_empty() {
            Ok(())
        } else {
            Err(StateError::Malformed("bytes are left over"))
        }
    }
}
