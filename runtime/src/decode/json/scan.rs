//! Reads of a record only what is wanted, and checks the rest as strictly.
//!
//! Apart from the reader over `serde_json`, which decides whatever is unusual: the scanner gives up
//! at once where a record has anything but plain keys, plain escapes, short numbers and no key twice.
//! What it does read is what the reader reads. It is faster because nothing unwanted becomes a value.

use std::sync::Arc;

use muster_lang::value::{Record, Value};

use super::DEPTH_MAX;
use super::key::Keys;
use super::mark::{Mark, Seen};
use super::shape::{Found, ShapeId, Shapes};
use super::wanted::{Want, Wanted};

/// Integers of so many digits fit an `i64` whatever they are.
const DIGITS_MAX: usize = 18;

/// Numbers of so many bytes without an exponent are no infinities.
const NUMBER_BYTES_MAX: usize = 64;

/// Longer texts are data rather than names, and not remembered.
const SHARED_TEXT_MAX: usize = 16;

/// What scans share from record to record.
#[derive(Debug)]
pub(super) struct Memory {
    seen: Seen,
    texts: Keys,
    names: Keys,
}

impl Default for Memory {
    fn default() -> Self {
        Self {
            seen: Seen::default(),
            texts: Keys::of_size(256),
            names: Keys::default(),
        }
    }
}

/// Returns what is wanted of a record, or `None` where the reader must decide.
///
/// `shapes` are those of records read for the same wants before.
pub(super) fn scan(
    bytes: &[u8],
    wanted: &Wanted,
    shapes: &mut Shapes,
    memory: &mut Memory,
) -> Option<Value> {
    // One quick pass, so that no text needs to be looked through for what may not be in it.
    if bytes.iter().fold(u8::MAX, |least, byte| least.min(*byte)) < b' ' {
        return None;
    }
    let text = std::str::from_utf8(bytes).ok()?;
    memory.seen.clear();
    let mut scan = Scan {
        text,
        at: 0,
        wanted,
        shapes,
        memory,
    };
    let want = wanted.of_record();
    scan.space();
    let value = scan.value(want, 0, Below::Record)?;
    scan.space();
    (scan.at == text.len()).then_some(value)
}

struct Scan<'t, 'w> {
    text: &'t str,
    at: usize,
    wanted: &'w Wanted,
    shapes: &'w mut Shapes,
    memory: &'w mut Memory,
}

/// Where a value stands, as far as that says what it looks like.
#[derive(Clone, Copy)]
enum Below {
    /// It is the record.
    Record,
    /// At a key of a shape.
    Key(ShapeId, usize),
    /// In a list whose elements have a shape.
    Items(ShapeId),
    /// Anywhere.
    Nowhere,
}

impl<'t> Scan<'t, '_> {
    fn rest(&self) -> &'t [u8] {
        self.text.as_bytes().get(self.at..).unwrap_or_default()
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn space(&mut self) {
        while self.peek() == Some(b' ') {
            self.at += 1;
        }
    }

    fn expect(&mut self, byte: u8) -> Option<()> {
        (self.peek()? == byte).then(|| self.at += 1)
    }

    /// Reads a value at a depth; one that is not wanted is checked, and missing.
    fn value(&mut self, want: Want, depth: u32, below: Below) -> Option<Value> {
        match self.peek()? {
            b'"' => self.text_value(want),
            b'{' | b'[' if depth >= DEPTH_MAX => None,
            b'{' => self.object(want, depth, below),
            b'[' => self.list(want, depth, below),
            b't' => self.word("true", Value::Bool(true)),
            b'f' => self.word("false", Value::Bool(false)),
            b'n' => self.word("null", Value::Missing),
            _ => self.number(want),
        }
    }

    fn word(&mut self, word: &str, value: Value) -> Option<Value> {
        self.rest().starts_with(word.as_bytes()).then(|| {
            self.at += word.len();
            value
        })
    }

    fn object(&mut self, want: Want, depth: u32, below: Below) -> Option<Value> {
        let shape = match below {
            Below::Record => ShapeId::RECORD,
            Below::Key(shape, place) => self.shapes.of_object(shape, place),
            Below::Items(shape) => shape,
            Below::Nowhere => ShapeId::NONE,
        };
        let start = self.at;
        if shape != ShapeId::NONE && self.shapes.is_known(shape) {
            match self.object_of(shape, want, depth) {
                Shaped::Read(value) => return Some(value),
                Shaped::Left => return None,
                Shaped::Surprising => self.shapes.surprise(shape),
            }
            self.at = start;
        }
        self.any_object(want, depth)
    }

    /// Reads an object that looks like those before: its keys come in an order that is known to have
    /// none twice.
    fn object_of(&mut self, shape: ShapeId, want: Want, depth: u32) -> Shaped {
        let mut entries = Vec::with_capacity(self.shapes.width(shape));
        match self.entries_of(shape, want, depth, &mut entries) {
            Ok(()) => Shaped::Read(record(want, entries)),
            Err(surprise) => surprise,
        }
    }

    fn entries_of(
        &mut self,
        shape: ShapeId,
        want: Want,
        depth: u32,
        entries: &mut Vec<(Arc<str>, Value)>,
    ) -> Result<(), Shaped> {
        self.at += 1;
        self.space();
        if self.peek() == Some(b'}') {
            self.at += 1;
            return Ok(());
        }
        let mut place = 0;
        loop {
            if let Some(key) = self.shapes.expected(shape, place, self.rest()) {
                self.at += key.length();
            } else {
                place = self.unexpected(shape, place, want)?;
            }
            self.space();
            let Some(key) = self.shapes.key(shape, place) else {
                return Err(Shaped::Surprising);
            };
            let (name, inner) = (key.name.clone(), key.want);
            let value = self.value(inner, depth + 1, Below::Key(shape, place));
            let value = value.ok_or(Shaped::Left)?;
            entries.extend(name.map(|name| (name, value)));
            place += 1;
            self.space();
            match self.peek() {
                Some(b',') => self.at += 1,
                Some(b'}') => break,
                Some(_) | None => return Err(Shaped::Left),
            }
            self.space();
        }
        self.at += 1;
        Ok(())
    }

    /// Reads a key, and its colon, that is not the one that most often comes at its place.
    fn unexpected(&mut self, shape: ShapeId, place: usize, want: Want) -> Result<usize, Shaped> {
        let key = self.key().ok_or(Shaped::Left)?;
        let place = match self.shapes.find(shape, place, key) {
            Found::At(place) => place,
            Found::Before => return Err(Shaped::Surprising),
            Found::New => {
                let has_room = self.shapes.insert(shape, place, key, (want, self.wanted));
                if !has_room {
                    return Err(Shaped::Surprising);
                }
                place
            }
        };
        self.space();
        self.expect(b':').ok_or(Shaped::Left)?;
        Ok(place)
    }

    /// Reads an object of no known shape.
    fn any_object(&mut self, want: Want, depth: u32) -> Option<Value> {
        self.at += 1;
        self.space();
        let mut entries = Vec::new();
        if self.peek()? == b'}' {
            self.at += 1;
            return Some(record(want, entries));
        }
        let mut object = self.memory.seen.open();
        loop {
            let key = self.key()?;
            let mark = Mark::of(key.as_bytes());
            if self.memory.seen.repeats(&mut object, mark) {
                return None;
            }
            self.space();
            self.expect(b':')?;
            self.space();
            let wanted = self.wanted;
            let (name, inner) = match want {
                Want::Nothing => (None, Want::Nothing),
                Want::Whole => (Some(self.memory.names.share(key)), Want::Whole),
                Want::Some(node) => wanted
                    .of_key(node, mark, key.as_bytes())
                    .map_or((None, Want::Nothing), |(name, want)| {
                        (Some(Arc::clone(name)), want)
                    }),
            };
            let value = self.value(inner, depth + 1, Below::Nowhere)?;
            entries.extend(name.map(|name| (name, value)));
            self.space();
            match self.peek()? {
                b',' => self.at += 1,
                b'}' => break,
                _ => return None,
            }
            self.space();
        }
        self.at += 1;
        self.memory.seen.close(&object);
        Some(record(want, entries))
    }

    fn list(&mut self, want: Want, depth: u32, below: Below) -> Option<Value> {
        self.at += 1;
        self.space();
        // The elements of a list have no names: all of it is wanted, or nothing.
        let inner = match want {
            Want::Nothing => Want::Nothing,
            Want::Whole | Want::Some(_) => Want::Whole,
        };
        let mut items = Vec::new();
        if self.peek()? == b']' {
            self.at += 1;
            return Some(list(want, items));
        }
        let below = match below {
            Below::Key(shape, place) => Below::Items(self.shapes.of_items(shape, place)),
            Below::Items(shape) => Below::Items(shape),
            Below::Record | Below::Nowhere => Below::Nowhere,
        };
        loop {
            let item = self.value(inner, depth + 1, below)?;
            if inner == Want::Whole {
                items.push(item);
            }
            self.space();
            match self.peek()? {
                b',' => self.at += 1,
                b']' => break,
                _ => return None,
            }
            self.space();
        }
        self.at += 1;
        Some(list(want, items))
    }

    /// Reads a key without escapes.
    fn key(&mut self) -> Option<&'t str> {
        self.expect(b'"')?;
        let length = text_end(self.rest())?;
        let key = self.text.get(self.at..self.at + length)?;
        self.at += length;
        self.expect(b'"')?;
        Some(key)
    }

    fn text_value(&mut self, want: Want) -> Option<Value> {
        let start = self.at;
        self.at += 1;
        let mut is_plain = true;
        loop {
            self.at += text_end(self.rest())?;
            if self.peek()? == b'"' {
                break;
            }
            is_plain = false;
            self.escape()?;
        }
        self.at += 1;
        if want == Want::Nothing {
            return Some(Value::Missing);
        }
        if !is_plain {
            let quoted = self.text.get(start..self.at)?;
            return serde_json::from_str::<String>(quoted).ok().map(Value::text);
        }
        let text = self.text.get(start + 1..self.at - 1)?;
        if text.len() > SHARED_TEXT_MAX {
            return Some(Value::text(text));
        }
        Some(Value::Text(self.memory.texts.share(text)))
    }

    /// Passes an escape; halves of surrogate pairs are left to the reader.
    fn escape(&mut self) -> Option<()> {
        let escape = self.rest();
        match escape.get(1)? {
            b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't' => self.at += 2,
            b'u' => {
                let digits = escape.get(2..6)?;
                let is_half = matches!(
                    digits,
                    [b'd' | b'D', b'8' | b'9' | b'a'..=b'f' | b'A'..=b'F', ..]
                );
                if is_half || !digits.iter().all(u8::is_ascii_hexdigit) {
                    return None;
                }
                self.at += 6;
            }
            _ => return None,
        }
        Some(())
    }

    fn number(&mut self, want: Want) -> Option<Value> {
        let start = self.at;
        if self.peek() == Some(b'-') {
            self.at += 1;
        }
        let whole = self.digits()?;
        let leading = self.text.as_bytes().get(self.at - whole);
        if leading == Some(&b'0') && (whole > 1 || self.at - start > 1) {
            // A zero before other digits is no number; negative zero is a float.
            return None;
        }
        let is_float = self.peek() == Some(b'.');
        if is_float {
            self.at += 1;
            self.digits()?;
        }
        if matches!(self.peek(), Some(b'e' | b'E')) || self.at - start > NUMBER_BYTES_MAX {
            return None;
        }
        if want == Want::Nothing {
            return Some(Value::Missing);
        }
        let text = self.text.get(start..self.at)?;
        if is_float {
            return text.parse().ok().map(Value::Float);
        }
        (whole <= DIGITS_MAX).then(|| text.parse().ok().map(Value::Int))?
    }

    /// Passes one digit or more; returns how many.
    fn digits(&mut self) -> Option<usize> {
        let digits = self.rest().iter().take_while(|byte| byte.is_ascii_digit());
        let count = digits.count();
        self.at += count;
        (count > 0).then_some(count)
    }
}

/// How reading an object by its shape ended.
enum Shaped {
    /// It was read.
    Read(Value),
    /// The reader must decide.
    Left,
    /// Its keys came in another order, or too many: it must be read key by key.
    Surprising,
}

/// Returns where the first quote or backslash stands.
///
/// Eight bytes at a time, for most texts are so short that a call of `memchr` costs more than it
/// saves. A byte of `word ^ quotes` is zero where `word` has a quote; subtracting one from each byte
/// then borrows into its highest bit, which bytes from 128 on are kept from by `!`.
pub(super) fn text_end(bytes: &[u8]) -> Option<usize> {
    const ONES: u64 = 0x0101_0101_0101_0101;
    const HIGHS: u64 = ONES << 7;
    let zeros = |word: u64| word.wrapping_sub(ONES) & !word & HIGHS;
    let (words, _) = bytes.as_chunks::<8>();
    for (at, word) in words.iter().enumerate() {
        let word = u64::from_le_bytes(*word);
        let quotes = zeros(word ^ (ONES * u64::from(b'"')));
        let slashes = zeros(word ^ (ONES * u64::from(b'\\')));
        // A borrow may light a byte above the first, never below it: the lowest one is right.
        let found = quotes | slashes;
        if found != 0 {
            return Some(at * 8 + found.trailing_zeros() as usize / 8);
        }
    }
    let rest = words.len() * 8;
    let tail = bytes.get(rest..)?;
    let found = tail.iter().position(|byte| matches!(byte, b'"' | b'\\'));
    found.map(|at| rest + at)
}

fn record(want: Want, entries: Vec<(Arc<str>, Value)>) -> Value {
    match want {
        Want::Nothing => Value::Missing,
        Want::Whole | Want::Some(_) => Value::Record(Arc::new(Record { entries })),
    }
}

fn list(want: Want, items: Vec<Value>) -> Value {
    match want {
        Want::Nothing => Value::Missing,
        Want::Whole | Want::Some(_) => Value::List(items.into()),
    }
}
