//! Writing a state: numbers, and texts and events that are shared.
//!
//! Apart from what is written because sharing is decided in one place.

use std::sync::Arc;

use ahash::{HashMap, HashMapExt};
use muster_lang::ir::Program;

use crate::event::Event;
use crate::store::{Measure, Save, Section};

/// Where a state is written to.
#[derive(Debug)]
pub(crate) struct Writer<'p> {
    /// The program whose names stand for its ids.
    pub(crate) program: &'p Program,
    bytes: Vec<u8>,
    pub(super) texts: Shared<Arc<str>>,
    pub(super) events: Shared<*const Event>,
    pub(super) sections: Vec<Section>,
}

/// Things that are written once and referred to by their number.
#[derive(Debug)]
pub(super) struct Shared<K> {
    numbers: HashMap<K, u64>,
    pub(super) bytes: Vec<u8>,
}

impl<K> Shared<K> {
    fn new() -> Self {
        Self {
            numbers: HashMap::new(),
            bytes: Vec::new(),
        }
    }

    pub(super) fn len(&self) -> u64 {
        self.numbers.len() as u64
    }
}

impl<'p> Writer<'p> {
    /// Returns a writer that has written nothing.
    pub(crate) fn new(program: &'p Program) -> Self {
        Self {
            program,
            bytes: Vec::new(),
            texts: Shared::new(),
            events: Shared::new(),
            sections: Vec::new(),
        }
    }

    /// Returns what was written since the last section.
    pub(super) fn into_bytes(self) -> Vec<u8> {
        self.bytes
    }

    /// Writes one byte.
    pub(crate) fn byte(&mut self, byte: u8) {
        self.bytes.push(byte);
    }

    /// Writes bytes whose number is known.
    pub(crate) fn raw(&mut self, bytes: &[u8]) {
        self.bytes.extend_from_slice(bytes);
    }

    /// Writes a number, small ones in few bytes.
    pub(crate) fn number(&mut self, number: u64) {
        put_number(&mut self.bytes, number);
    }

    /// Writes how many things follow.
    pub(crate) fn count(&mut self, count: usize) {
        self.number(count as u64);
    }

    /// Writes things with their number before them.
    pub(crate) fn each<'t, T: Save + 't>(&mut self, things: impl ExactSizeIterator<Item = &'t T>) {
        self.count(things.len());
        for thing in things {
            thing.save(self);
        }
    }

    /// Writes a text here.
    pub(crate) fn inline(&mut self, text: &str) {
        put_text(&mut self.bytes, text);
    }

    /// Writes a text that may occur again: the number under which it is written once.
    pub(crate) fn text(&mut self, text: &Arc<str>) {
        let next = self.texts.len();
        let number = *self.texts.numbers.entry(text.clone()).or_insert(next);
        if number == next {
            put_text(&mut self.texts.bytes, text);
        }
        self.number(number);
    }

    /// Writes an event that others may hold too: the number under which it is written once.
    pub(crate) fn event(&mut self, event: &Arc<Event>) {
        let next = self.events.len();
        let number = *self
            .events
            .numbers
            .entry(Arc::as_ptr(event))
            .or_insert(next);
        if number == next {
            // An event holds no other, so that this is not entered twice.
            std::mem::swap(&mut self.bytes, &mut self.events.bytes);
            event.as_ref().save(self);
            std::mem::swap(&mut self.bytes, &mut self.events.bytes);
        }
        self.number(number);
    }

    /// Ends what was written since the last section: the state of a construct.
    pub(crate) fn end_section(&mut self, construct: crate::store::Construct, measure: Measure) {
        self.sections.push(Section {
            construct,
            measure,
            bytes: std::mem::take(&mut self.bytes),
        });
    }
}

/// Writes a number, seven bits a byte, the lowest first.
pub(super) fn put_number(bytes: &mut Vec<u8>, number: u64) {
    let mut rest = number;
    while rest >= 0x80 {
        bytes.push(rest.to_le_bytes()[0] | 0x80);
        rest >>= 7;
    }
    bytes.push(rest.to_le_bytes()[0]);
}

/// Writes a text behind its length.
pub(super) fn put_text(bytes: &mut Vec<u8>, text: &str) {
    put_number(bytes, text.len() as u64);
    bytes.extend_from_slice(text.as_bytes());
}
