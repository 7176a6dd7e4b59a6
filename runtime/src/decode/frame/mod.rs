//! Framing: cuts a stream of bytes into records, whatever the chunks it comes in.
//!
//! Apart from decoding because a record that cannot be read must not take its neighbors with it.
//!
//! A record is a line (JSON Lines), an object over several lines, one of several objects on a line,
//! or an element of a list of objects: `[{…}, {…}]`, or an *envelope* as exports have it,
//! `{"Records": [{…}]}`, `{"records": [{…}]}` or `{"value": [{…}]}`, where only keys that begin with
//! `@odata.` may stand before the list and the rest of the envelope is passed over. Each record of a
//! stream is judged by itself, so that files of different form may follow each other.
//!
//! What turns out to be no JSON value is a record up to the end of its first line, for the decoder
//! to refuse; the next line is read afresh. Between records, white space, NUL bytes, record
//! separators (RFC 7464) and byte order marks count for nothing.

mod buffer;
mod scan;
#[cfg(test)]
mod tests;

use buffer::Buffer;
use scan::{Scan, Scanner};

/// The longest record, in bytes.
pub const RECORD_BYTES_MAX: usize = 1 << 20;

/// How far white space is looked through for what follows it.
const LOOK_AHEAD_BYTES_MAX: usize = 4096;

/// How many lists may be open around a record.
const LISTS_MAX: usize = 64;

const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// A record of the stream, or one that was too long to keep.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Frame<'a> {
    /// A record.
    Record {
        /// How many bytes of the stream are before it.
        offset: u64,
        /// Its bytes, without white space around them; never empty.
        bytes: &'a [u8],
    },
    /// A record longer than [`RECORD_BYTES_MAX`], passed over.
    Oversize {
        /// How many bytes of the stream are before it.
        offset: u64,
        /// How many bytes it has.
        length: u64,
    },
}

/// Cuts a stream into records.
///
/// # Example
///
/// ```
/// use muster_runtime::decode::frame::{Frame, Framer};
///
/// let mut framer = Framer::new();
/// framer.push(b"{\"a\":1}\n{\"a\"");
/// assert_eq!(framer.next_frame(), Some(Frame::Record { offset: 0, bytes: b"{\"a\":1}" }));
/// assert_eq!(framer.next_frame(), None);
/// framer.push(b":2}");
/// framer.finish();
/// assert_eq!(framer.next_frame(), Some(Frame::Record { offset: 8, bytes: b"{\"a\":2}" }));
/// ```
#[derive(Debug)]
pub struct Framer {
    buffer: Buffer,
    finished: bool,
    state: State,
    /// The lists that the next record is an element of, the innermost last.
    lists: Vec<List>,
    two_objects: memchr::memmem::Finder<'static>,
}

/// A list whose elements are records.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum List {
    Plain,
    Envelope,
}

/// Whether a line's end came since the last record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    /// At the start of the stream, or behind a value on its line.
    AtValue,
    /// At the start of a line.
    AtLine,
}

/// What the rest of the buffer begins with.
#[derive(Debug)]
enum State {
    /// What stands between records.
    Between(Place),
    /// A line, whose end is not among the bytes already searched.
    Line { searched: usize, kind: LineKind },
    /// A value, whose end is looked for.
    Value(Scanner),
    /// A value that ends before a place; whether it is a record depends on what follows.
    Ended(usize),
    /// A value too long to keep.
    LongValue { scanner: Scanner, offset: u64 },
    /// A line too long to keep.
    LongLine { offset: u64 },
    /// What follows the list of an envelope.
    Tail(Scanner),
}

/// Whether a line may be more than a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum LineKind {
    /// If it is an object that does not look whole, its end is looked for.
    Any,
    /// It is one record, whatever it holds.
    Plain,
}

/// What a step came to.
enum Step {
    /// There may be more to do at once.
    On,
    /// Nothing until there are more bytes.
    Wait,
    /// A record of so many bytes at the front of the rest.
    Record(usize),
    /// A record passed over.
    Oversize { offset: u64, length: u64 },
}

impl Default for Framer {
    fn default() -> Self {
        Self::new()
    }
}

impl Framer {
    /// Returns a framer at the start of a stream.
    #[must_use]
    pub fn new() -> Self {
        Self {
            buffer: Buffer::default(),
            finished: false,
            state: State::Between(Place::AtValue),
            lists: Vec::new(),
            two_objects: memchr::memmem::Finder::new(b"}{"),
        }
    }

    /// Takes the next bytes of the stream.
    ///
    /// Take out all frames before pushing more: then no more is held than the longest record and
    /// what was pushed last.
    pub fn push(&mut self, bytes: &[u8]) {
        self.buffer.push(bytes);
    }

    /// Takes note that the stream has ended; what is left are the last frames.
    pub fn finish(&mut self) {
        self.finished = true;
    }

    /// Returns the next frame, or `None` until there are more bytes.
    pub fn next_frame(&mut self) -> Option<Frame<'_>> {
        loop {
            match self.step() {
                Step::On => {}
                Step::Wait => return None,
                Step::Oversize { offset, length } => {
                    return Some(Frame::Oversize { offset, length });
                }
                Step::Record(length) => {
                    let offset = self.buffer.offset();
                    self.buffer.take(length);
                    let bytes = trim_end(self.buffer.taken(offset, length));
                    return Some(Frame::Record { offset, bytes });
                }
            }
        }
    }

    fn step(&mut self) -> Step {
        match std::mem::replace(&mut self.state, State::Between(Place::AtValue)) {
            State::Between(place) => self.between(place),
            State::Line { searched, kind } => self.line(searched, kind),
            State::Value(scanner) => self.value(scanner),
            State::Ended(end) => self.ended(end),
            State::LongValue { scanner, offset } => self.long_value(scanner, offset),
            State::LongLine { offset } => self.long_line(offset),
            State::Tail(scanner) => self.tail(scanner),
        }
    }

    fn go(&mut self, state: State) -> Step {
        self.state = state;
        Step::On
    }

    fn wait(&mut self, state: State) -> Step {
        self.state = state;
        Step::Wait
    }

    fn between(&mut self, place: Place) -> Step {
        let (count, place) = self.skipped(place);
        self.buffer.take(count);
        let rest = self.buffer.rest();
        let cut_mark = rest.len() < BYTE_ORDER_MARK.len() && BYTE_ORDER_MARK.starts_with(rest);
        let Some(first) = rest.first().filter(|_| self.finished || !cut_mark) else {
            return self.wait(State::Between(place));
        };
        match (first, self.lists.is_empty()) {
            (b']', false) => {
                self.buffer.take(1);
                match self.lists.pop() {
                    Some(List::Envelope) => self.go(State::Tail(Scanner::behind_list())),
                    Some(List::Plain) | None => self.go(State::Between(Place::AtValue)),
                }
            }
            (b'[', _) => self.bracket(place),
            (b'{', true) if place == Place::AtValue => self.go(State::Value(Scanner::new())),
            (_, true) => self.go(State::Line {
                searched: 0,
                kind: LineKind::Any,
            }),
            (_, false) => self.go(State::Value(Scanner::new())),
        }
    }

    /// Counts what stands before a record, and tells where that leaves us.
    fn skipped(&self, mut place: Place) -> (usize, Place) {
        let mut rest = self.buffer.rest();
        let whole = rest.len();
        loop {
            match rest.first() {
                Some(b'\n') => place = Place::AtLine,
                Some(b',') if !self.lists.is_empty() => {}
                Some(byte) if is_blank(*byte) => {}
                Some(_) if rest.starts_with(BYTE_ORDER_MARK) => {
                    rest = rest.get(BYTE_ORDER_MARK.len()..).unwrap_or_default();
                    continue;
                }
                Some(_) | None => return (whole - rest.len(), place),
            }
            rest = rest.get(1..).unwrap_or_default();
        }
    }

    /// Decides whether a bracket opens a list of records.
    fn bracket(&mut self, place: Place) -> Step {
        let rest = self.buffer.rest();
        let ahead = rest
            .get(1..rest.len().min(LOOK_AHEAD_BYTES_MAX))
            .unwrap_or_default();
        match ahead.trim_ascii_start().first() {
            Some(b'{' | b']') if self.lists.len() < LISTS_MAX => {
                self.lists.push(List::Plain);
                self.buffer.take(1);
                self.go(State::Between(Place::AtValue))
            }
            None if rest.len() < LOOK_AHEAD_BYTES_MAX && !self.finished => {
                self.wait(State::Between(place))
            }
            Some(_) | None if self.lists.is_empty() => self.go(State::Line {
                searched: 0,
                kind: LineKind::Any,
            }),
            Some(_) | None => self.go(State::Value(Scanner::new())),
        }
    }

    fn line(&mut self, searched: usize, kind: LineKind) -> Step {
        let rest = self.buffer.rest();
        let window = rest
            .get(..rest.len().min(RECORD_BYTES_MAX + 1))
            .unwrap_or_default();
        let unseen = window.get(searched..).unwrap_or_default();
        let end = memchr::memchr(b'\n', unseen).map(|length| searched + length);
        let Some(end) = end.or_else(|| self.last_line_ends(window)) else {
            if window.len() <= RECORD_BYTES_MAX {
                let searched = window.len();
                return self.wait(State::Line { searched, kind });
            }
            if kind == LineKind::Any && window.starts_with(b"{") {
                return self.go(State::Value(Scanner::new()));
            }
            let offset = self.buffer.offset();
            return self.go(State::LongLine { offset });
        };
        let line = window.get(..end).unwrap_or_default();
        if kind == LineKind::Any && line.starts_with(b"{") && !self.looks_whole(line) {
            return self.go(State::Value(Scanner::new()));
        }
        Step::Record(end)
    }

    fn last_line_ends(&self, window: &[u8]) -> Option<usize> {
        let ends = self.finished && window.len() <= RECORD_BYTES_MAX;
        ends.then_some(window.len())
    }

    /// Tells whether a line is one whole object at first sight, as nearly all are.
    fn looks_whole(&self, line: &[u8]) -> bool {
        trim_end(line).ends_with(b"}")
            && self.two_objects.find(line).is_none()
            && !scan::may_be_envelope(line)
    }

    fn value(&mut self, mut scanner: Scanner) -> Step {
        let rest = self.buffer.rest();
        match scanner.scan(rest) {
            Scan::Complete(end) if self.lists.is_empty() => self.go(State::Ended(end)),
            Scan::Complete(end) => Step::Record(end),
            Scan::Envelope(list) if self.lists.len() < LISTS_MAX => {
                self.buffer.take(list);
                self.lists.push(List::Envelope);
                self.go(State::Between(Place::AtValue))
            }
            // The scanner does not stop here a second time.
            Scan::Envelope(_) => self.go(State::Value(scanner)),
            Scan::Broken(place) => self.broken(scanner, place),
            Scan::More if rest.len() > RECORD_BYTES_MAX => {
                let scanner = scanner.without_envelope();
                let offset = self.buffer.offset();
                self.go(State::LongValue { scanner, offset })
            }
            Scan::More if self.finished => self.first_line(),
            Scan::More => self.wait(State::Value(scanner)),
        }
    }

    /// Gives up a value, or of an element of a list first what is strict in its reading.
    fn broken(&mut self, mut scanner: Scanner, place: usize) -> Step {
        let seen = self.buffer.rest().get(..=place).unwrap_or_default();
        if self.lists.is_empty() || memchr::memchr(b'\n', seen).is_some() {
            return self.first_line();
        }
        scanner.go_on();
        self.go(State::Value(scanner))
    }

    /// Takes what begins here as a record up to the end of the line.
    fn first_line(&mut self) -> Step {
        self.go(State::Line {
            searched: 0,
            kind: LineKind::Plain,
        })
    }

    /// Decides by what follows a value whether it is a record or the beginning of a bad line.
    fn ended(&mut self, end: usize) -> Step {
        let rest = self.buffer.rest();
        let limit = rest.len().min(end + LOOK_AHEAD_BYTES_MAX);
        let behind = rest.get(end..limit).unwrap_or_default();
        match behind
            .iter()
            .find(|byte| **byte == b'\n' || !is_blank(**byte))
        {
            Some(b'\n' | b'{' | b'[') => Step::Record(end),
            Some(byte) if BYTE_ORDER_MARK.first() == Some(byte) => Step::Record(end),
            Some(_) => self.first_line(),
            None if self.finished || behind.len() == LOOK_AHEAD_BYTES_MAX => Step::Record(end),
            None => self.wait(State::Ended(end)),
        }
    }

    fn long_value(&mut self, mut scanner: Scanner, offset: u64) -> Step {
        let found = scanner.scan(self.buffer.rest());
        self.buffer.take(scanner.rebase());
        let length = self.buffer.offset() - offset;
        match found {
            Scan::Complete(_) => Step::Oversize { offset, length },
            Scan::Broken(_) if self.buffer.rest().starts_with(b"\n") => {
                Step::Oversize { offset, length }
            }
            Scan::Broken(_) => {
                scanner.go_on();
                self.go(State::LongValue { scanner, offset })
            }
            Scan::More | Scan::Envelope(_) if !self.buffer.rest().is_empty() => {
                self.go(State::LongValue { scanner, offset })
            }
            Scan::More | Scan::Envelope(_) if self.finished => Step::Oversize { offset, length },
            Scan::More | Scan::Envelope(_) => self.wait(State::LongValue { scanner, offset }),
        }
    }

    fn long_line(&mut self, offset: u64) -> Step {
        let rest = self.buffer.rest();
        let end = memchr::memchr(b'\n', rest);
        self.buffer.take(end.unwrap_or(rest.len()));
        let length = self.buffer.offset() - offset;
        if end.is_some() || self.finished {
            return Step::Oversize { offset, length };
        }
        self.wait(State::LongLine { offset })
    }

    fn tail(&mut self, mut scanner: Scanner) -> Step {
        let found = scanner.scan(self.buffer.rest());
        self.buffer.take(scanner.rebase());
        match found {
            // An envelope that is not closed has lost nothing; what follows is read afresh.
            Scan::Complete(_) | Scan::Broken(_) => self.go(State::Between(Place::AtValue)),
            Scan::More | Scan::Envelope(_) if !self.buffer.rest().is_empty() => {
                self.go(State::Tail(scanner))
            }
            Scan::More | Scan::Envelope(_) => self.wait(State::Tail(scanner)),
        }
    }
}

/// Tells whether a byte counts for nothing between records.
fn is_blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\r' | b'\n' | b'\0' | b'\x1e')
}

fn trim_end(bytes: &[u8]) -> &[u8] {
    let end = bytes
        .iter()
        .rposition(|byte| !is_blank(*byte))
        .map_or(0, |last| last + 1);
    bytes.get(..end).unwrap_or_default()
}
