//! Finding the end of a JSON value in a stream, byte by byte.
//!
//! Apart from decoding because it looks at brackets, commas and quotes only: enough to know where a
//! value ends, or at once that it never will, without holding what comes.

use super::RECORD_BYTES_MAX;

/// How deep brackets are followed; what is deeper is no record anyway.
const DEPTH_MAX: u32 = 64;

/// Keys of an object whose list holds the records.
const ENVELOPE_KEYS: [&[u8]; 3] = [b"Records", b"records", b"value"];

/// Keys that may stand before such a list begin so.
const ENVELOPE_PREFIX: &[u8] = b"@odata.";

/// What was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Scan {
    /// Nothing yet.
    More,
    /// The value ends before this place.
    Complete(usize),
    /// From this place on it cannot be a value.
    Broken(usize),
    /// It is the envelope of records, whose list begins at this place, behind its bracket.
    Envelope(usize),
}

/// What may come next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Expect {
    Value,
    ValueOrEnd,
    Key,
    KeyOrEnd,
    Colon,
    CommaOrEnd,
}

/// What the byte at hand is part of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Part {
    Between,
    Text,
    Escape,
    Word,
}

/// Whether the records may be in a list of the object at hand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Envelope {
    No,
    Possible,
    Named,
    Opened,
}

/// How strictly a value is followed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Mode {
    /// Brackets, commas and colons must be where the grammar has them.
    Strict,
    /// Brackets are only counted, and the line's end is the end.
    Lenient,
}

/// A value whose end is looked for.
#[derive(Clone, Debug)]
pub(super) struct Scanner {
    at: usize,
    depth: u32,
    /// A bit for each open bracket, the innermost last; set for an object.
    objects: u64,
    expect: Expect,
    part: Part,
    mode: Mode,
    envelope: Envelope,
    key_start: usize,
}

impl Scanner {
    /// Returns a scanner before the first byte of a value.
    pub(super) fn new() -> Self {
        Self {
            at: 0,
            depth: 0,
            objects: 0,
            expect: Expect::Value,
            part: Part::Between,
            mode: Mode::Strict,
            envelope: Envelope::Possible,
            key_start: 0,
        }
    }

    /// Returns a scanner behind the list of an envelope.
    pub(super) fn behind_list() -> Self {
        Self {
            depth: 1,
            objects: 1,
            expect: Expect::CommaOrEnd,
            ..Self::new()
        }
        .without_envelope()
    }

    /// Returns the scanner for a value that is not looked into.
    pub(super) fn without_envelope(self) -> Self {
        Self {
            envelope: Envelope::No,
            ..self
        }
    }

    /// Goes on from the place where the value broke, counting brackets up to the end of the line.
    pub(super) fn go_on(&mut self) {
        self.mode = Mode::Lenient;
    }

    /// Takes note that the bytes seen so far are dropped from the front.
    pub(super) fn rebase(&mut self) -> usize {
        std::mem::take(&mut self.at)
    }

    /// Looks at the bytes of the value not seen yet; `value` begins where the value does.
    pub(super) fn scan(&mut self, value: &[u8]) -> Scan {
        let end = value.len().min(RECORD_BYTES_MAX);
        while let Some(byte) = value.get(..end).and_then(|value| value.get(self.at)) {
            let found = match (self.part, self.mode) {
                (Part::Text, _) => self.text(value, end),
                (Part::Escape, _) => self.escape(*byte),
                (Part::Between | Part::Word, Mode::Lenient) => self.lenient(*byte),
                (Part::Word, Mode::Strict) => self.word(*byte),
                (Part::Between, Mode::Strict) => self.between(*byte),
            };
            if found != Scan::More {
                return found;
            }
        }
        Scan::More
    }

    fn text(&mut self, value: &[u8], end: usize) -> Scan {
        let rest = value.get(self.at..end).unwrap_or_default();
        let Some(length) = memchr::memchr3(b'"', b'\\', b'\n', rest) else {
            self.at = end;
            return Scan::More;
        };
        self.at += length;
        match rest.get(length) {
            Some(b'"') => {
                self.part = Part::Between;
                let key = value.get(self.key_start..self.at).unwrap_or_default();
                self.at += 1;
                self.text_ends(key)
            }
            Some(b'\\') => {
                self.part = Part::Escape;
                self.at += 1;
                Scan::More
            }
            Some(_) | None => Scan::Broken(self.at),
        }
    }

    fn text_ends(&mut self, key: &[u8]) -> Scan {
        if self.mode == Mode::Lenient {
            return Scan::More;
        }
        match self.expect {
            Expect::Key | Expect::KeyOrEnd => {
                self.expect = Expect::Colon;
                if self.depth == 1 && self.envelope == Envelope::Possible {
                    self.envelope = envelope_of_key(key);
                }
                Scan::More
            }
            Expect::Value | Expect::ValueOrEnd | Expect::Colon | Expect::CommaOrEnd => {
                self.value_ends()
            }
        }
    }

    fn escape(&mut self, byte: u8) -> Scan {
        if byte == b'\n' {
            return Scan::Broken(self.at);
        }
        self.at += 1;
        self.part = Part::Text;
        Scan::More
    }

    fn lenient(&mut self, byte: u8) -> Scan {
        match byte {
            b'\n' => return Scan::Broken(self.at),
            b'"' => self.part = Part::Text,
            b'{' | b'[' => self.depth = self.depth.saturating_add(1),
            b'}' | b']' => self.depth = self.depth.saturating_sub(1),
            _ => {}
        }
        self.at += 1;
        if self.depth == 0 && matches!(byte, b'}' | b']') {
            Scan::Complete(self.at)
        } else {
            Scan::More
        }
    }

    fn word(&mut self, byte: u8) -> Scan {
        if !ends_word(byte) {
            self.at += 1;
            return Scan::More;
        }
        // The byte itself is looked at again, as what stands between.
        self.part = Part::Between;
        self.value_ends()
    }

    fn between(&mut self, byte: u8) -> Scan {
        if matches!(byte, b' ' | b'\t' | b'\r' | b'\n') {
            self.at += 1;
            return Scan::More;
        }
        if self.envelope == Envelope::Opened {
            self.envelope = Envelope::No;
            if matches!(byte, b'{' | b']') {
                return Scan::Envelope(self.at);
            }
        }
        let value_fits = matches!(self.expect, Expect::Value | Expect::ValueOrEnd);
        let fits = match byte {
            b'{' | b'[' => value_fits && self.open(byte),
            b'}' | b']' => return self.close(byte),
            b'"' => {
                self.part = Part::Text;
                self.key_start = self.at + 1;
                value_fits || matches!(self.expect, Expect::Key | Expect::KeyOrEnd)
            }
            b',' => self.comma(),
            b':' => self.colon(),
            _ => {
                self.part = Part::Word;
                value_fits
            }
        };
        if !fits {
            self.part = Part::Between;
            return Scan::Broken(self.at);
        }
        if self.envelope == Envelope::Named && !matches!(byte, b':') {
            self.envelope = if byte == b'[' {
                Envelope::Opened
            } else {
                Envelope::No
            };
        }
        self.at += 1;
        Scan::More
    }

    fn open(&mut self, byte: u8) -> bool {
        if self.depth >= DEPTH_MAX {
            return false;
        }
        let is_object = byte == b'{';
        self.depth += 1;
        self.objects = self.objects << 1 | u64::from(is_object);
        self.expect = if is_object {
            Expect::KeyOrEnd
        } else {
            Expect::ValueOrEnd
        };
        true
    }

    fn close(&mut self, byte: u8) -> Scan {
        let expected = if self.in_object() { b'}' } else { b']' };
        let may_end = match self.expect {
            Expect::KeyOrEnd | Expect::ValueOrEnd | Expect::CommaOrEnd => true,
            Expect::Key | Expect::Value | Expect::Colon => false,
        };
        if self.depth == 0 || byte != expected || !may_end {
            return Scan::Broken(self.at);
        }
        self.at += 1;
        self.depth -= 1;
        self.objects >>= 1;
        self.value_ends()
    }

    fn comma(&mut self) -> bool {
        let fits = self.expect == Expect::CommaOrEnd;
        if fits {
            self.expect = if self.in_object() {
                Expect::Key
            } else {
                Expect::Value
            };
        }
        fits
    }

    fn colon(&mut self) -> bool {
        let fits = self.expect == Expect::Colon;
        if fits {
            self.expect = Expect::Value;
        }
        fits
    }

    fn value_ends(&mut self) -> Scan {
        self.expect = Expect::CommaOrEnd;
        if self.depth == 0 {
            Scan::Complete(self.at)
        } else {
            Scan::More
        }
    }

    fn in_object(&self) -> bool {
        self.objects & 1 == 1
    }
}

fn envelope_of_key(key: &[u8]) -> Envelope {
    if ENVELOPE_KEYS.contains(&key) {
        Envelope::Named
    } else if key.starts_with(ENVELOPE_PREFIX) {
        Envelope::Possible
    } else {
        Envelope::No
    }
}

/// Tells whether an object that begins so must be scanned, since it may be an envelope.
pub(super) fn may_be_envelope(object: &[u8]) -> bool {
    let inner = object.get(1..).unwrap_or_default().trim_ascii_start();
    let Some(key) = inner.strip_prefix(b"\"") else {
        return false;
    };
    key.starts_with(ENVELOPE_PREFIX)
        || ENVELOPE_KEYS.iter().any(|name| {
            key.strip_prefix(*name)
                .is_some_and(|behind| behind.starts_with(b"\""))
        })
}

fn ends_word(byte: u8) -> bool {
    matches!(
        byte,
        b' ' | b'\t' | b'\r' | b'\n' | b',' | b':' | b'"' | b'{' | b'}' | b'[' | b']'
    )
}
