//! The whole of a state: a head, what sections share, a section for each construct, a checksum.
//!
//! Apart from the sections because it can be read, and its contents told, without their program.

use std::sync::Arc;

use muster_lang::ir::{Program, RuleId};
use muster_lang::units::Timestamp;

use crate::event::{Event, Layout, Origin};
use crate::store::read::{NO_TABLES, Slots, Tables};
use crate::store::write::{put_number, put_text};
use crate::store::{Reader, Save, StateError, Writer};

/// How a state begins.
const MAGIC: &[u8; 8] = b"muster\0S";
/// The form that is written; a change of any `save` makes it another.
const VERSION: u32 = 1;
/// Bytes of the checksum at the end.
const CHECKSUM: usize = 32;

/// What a section is the state of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// What no construct owns: order, duplicates, counts.
    Stream,
    /// A rule.
    Rule,
    /// A memory.
    Memory,
    /// A digest.
    Digest,
}

impl Kind {
    const ALL: [(Self, &'static str); 4] = [
        (Self::Stream, "stream"),
        (Self::Rule, "rule"),
        (Self::Memory, "memory"),
        (Self::Digest, "digest"),
    ];

    /// Returns its word in the language.
    #[must_use]
    pub fn word(self) -> &'static str {
        let found = Self::ALL.iter().find(|(kind, _)| *kind == self);
        found.map_or("", |(_, word)| word)
    }

    fn of(word: &str) -> Option<Self> {
        let found = Self::ALL.iter().find(|(_, one)| *one == word);
        found.map(|(kind, _)| *kind)
    }
}

/// A construct, by what its state is kept under.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Construct {
    /// What it is.
    pub kind: Kind,
    /// Its name.
    pub name: Arc<str>,
    /// A hash of what it means.
    pub meaning: Arc<str>,
}

/// How much a construct holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Measure {
    /// The number of its keys.
    pub(crate) keys: u64,
    /// The time of the oldest thing it holds.
    pub(crate) oldest: Option<Timestamp>,
    /// The time of the first event it could know of.
    pub(crate) since: Option<Timestamp>,
}

/// What a state holds of one construct.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stored {
    /// The construct.
    pub construct: Construct,
    /// The number of its keys.
    pub keys: u64,
    /// Bytes of its own; events are shared and not among them.
    pub bytes: u64,
    /// The time of the oldest thing it holds.
    pub oldest: Option<Timestamp>,
    /// The time of the first event it could know of.
    pub since: Option<Timestamp>,
}

/// What a state holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Contents {
    /// The version of the program that wrote it.
    pub engine: String,
    /// How many events are kept.
    pub events: u64,
    /// Bytes of the events kept.
    pub event_bytes: u64,
    /// Bytes of the texts kept.
    pub text_bytes: u64,
    /// A line for each construct.
    pub constructs: Vec<Stored>,
}

/// The state of one construct.
#[derive(Debug)]
pub(crate) struct Section {
    pub(crate) construct: Construct,
    pub(crate) measure: Measure,
    pub(crate) bytes: Vec<u8>,
}

/// A state that was read up to its sections.
#[derive(Debug)]
pub(crate) struct Sections<'a> {
    pub(crate) tables: Tables,
    pub(crate) all: Vec<(Stored, &'a [u8])>,
}

impl Writer<'_> {
    /// Returns all that was written, with the fields of its events and a checksum.
    pub(crate) fn finish(self, layout: &Layout) -> Vec<u8> {
        let mut out = MAGIC.to_vec();
        out.extend_from_slice(&VERSION.to_le_bytes());
        put_text(&mut out, env!("CARGO_PKG_VERSION"));
        let fields = layout.fields();
        put_number(&mut out, fields.len() as u64);
        for field in fields {
            put_text(&mut out, &self.program.fields[*field].name);
        }
        for (count, bytes) in [
            (self.texts.len(), &self.texts.bytes),
            (self.events.len(), &self.events.bytes),
        ] {
            put_number(&mut out, count);
            put_number(&mut out, bytes.len() as u64);
            out.extend_from_slice(bytes);
        }
        put_number(&mut out, self.sections.len() as u64);
        for section in &self.sections {
            put_section(&mut out, section);
        }
        let checksum = blake3::hash(&out);
        out.extend_from_slice(checksum.as_bytes());
        out
    }
}

fn put_section(out: &mut Vec<u8>, section: &Section) {
    let Section {
        construct,
        measure,
        bytes,
    } = section;
    put_text(out, construct.kind.word());
    put_text(out, &construct.name);
    put_text(out, &construct.meaning);
    put_number(out, measure.keys);
    for time in [measure.oldest, measure.since] {
        out.extend_from_slice(&time.map_or(i64::MIN, |time| time.0).to_le_bytes());
    }
    put_number(out, bytes.len() as u64);
    out.extend_from_slice(bytes);
}

/// What stands before the sections, as bytes.
struct Head<'a> {
    engine: &'a str,
    fields: Vec<&'a str>,
    texts: (usize, &'a [u8]),
    events: (usize, &'a [u8]),
    sections: Vec<(Stored, &'a [u8])>,
}

/// Tells what a state holds, without its program.
///
/// # Errors
///
/// If the bytes are no state, of another version, or damaged.
pub fn contents(bytes: &[u8]) -> Result<Contents, StateError> {
    let program = Program::default();
    let head = head(&program, bytes)?;
    Ok(Contents {
        engine: head.engine.to_owned(),
        events: head.events.0 as u64,
        event_bytes: head.events.1.len() as u64,
        text_bytes: head.texts.1.len() as u64,
        constructs: head
            .sections
            .into_iter()
            .map(|(stored, _)| stored)
            .collect(),
    })
}

/// Returns how many of the texts of a state something holds of.
///
/// # Errors
///
/// As [`contents`].
pub fn count_texts(bytes: &[u8], of: &dyn Fn(&str) -> bool) -> Result<usize, StateError> {
    let program = Program::default();
    let head = head(&program, bytes)?;
    let texts = texts(&program, &NO_TABLES, head.texts)?;
    Ok(texts.iter().filter(|text| of(text)).count())
}

/// Reads a state up to its sections.
pub(crate) fn parse<'a>(
    program: &'a Program,
    layout: &Layout,
    bytes: &'a [u8],
) -> Result<Sections<'a>, StateError> {
    let head = head(program, bytes)?;
    let mut tables = Tables {
        texts: Vec::new(),
        events: Vec::new(),
        slots: slots(program, layout, &head.fields),
    };
    tables.texts = texts(program, &tables, head.texts)?;
    tables.events = events(program, &tables, head.events)?;
    Ok(Sections {
        tables,
        all: head.sections,
    })
}

fn head<'a>(program: &'a Program, bytes: &'a [u8]) -> Result<Head<'a>, StateError> {
    let rest = bytes.strip_prefix(MAGIC).ok_or(StateError::NotState)?;
    let (version, _) = rest.split_first_chunk().ok_or(StateError::Damaged)?;
    let found = u32::from_le_bytes(*version);
    if found != VERSION {
        return Err(StateError::Version {
            found,
            expected: VERSION,
        });
    }
    let (body, checksum) = bytes
        .len()
        .checked_sub(CHECKSUM)
        .and_then(|length| bytes.split_at_checked(length))
        .ok_or(StateError::Damaged)?;
    if blake3::hash(body).as_bytes() != checksum {
        return Err(StateError::Damaged);
    }
    let body = body
        .get(MAGIC.len() + size_of::<u32>()..)
        .ok_or(StateError::Damaged)?;
    read_head(&mut Reader::new(program, &NO_TABLES, body))
}

fn read_head<'a>(input: &mut Reader<'a>) -> Result<Head<'a>, StateError> {
    let engine = input.inline()?;
    let mut fields = Vec::new();
    for _ in 0..input.count()? {
        fields.push(input.inline()?);
    }
    let texts = table(input)?;
    let events = table(input)?;
    let mut sections = Vec::new();
    for _ in 0..input.count()? {
        sections.push(section(input)?);
    }
    input.end()?;
    Ok(Head {
        engine,
        fields,
        texts,
        events,
        sections,
    })
}

fn table<'a>(input: &mut Reader<'a>) -> Result<(usize, &'a [u8]), StateError> {
    let count = input.count()?;
    let length = input.count()?;
    Ok((count, input.raw(length)?))
}

fn section<'a>(input: &mut Reader<'a>) -> Result<(Stored, &'a [u8]), StateError> {
    let kind = Kind::of(input.inline()?).ok_or(StateError::Malformed("a kind is not known"))?;
    let construct = Construct {
        kind,
        name: input.inline()?.into(),
        meaning: input.inline()?.into(),
    };
    let keys = input.number()?;
    let oldest = time(input)?;
    let since = time(input)?;
    let length = input.count()?;
    let stored = Stored {
        construct,
        keys,
        bytes: length as u64,
        oldest,
        since,
    };
    Ok((stored, input.raw(length)?))
}

fn time(input: &mut Reader<'_>) -> Result<Option<Timestamp>, StateError> {
    let time = i64::from_le_bytes(<[u8; 8]>::load(input)?);
    Ok((time != i64::MIN).then_some(Timestamp(time)))
}

/// Returns the slot that each field of the events written has in a layout.
fn slots(program: &Program, layout: &Layout, fields: &[&str]) -> Slots {
    let slot = |name: &&str| {
        let mut all = program.fields.iter();
        let found = all.find(|(_, field)| *field.name == **name);
        found.and_then(|(id, _)| layout.slot(id))
    };
    Slots {
        now: fields.iter().map(slot).collect(),
        count: layout.fields().len(),
    }
}

fn texts(
    program: &Program,
    tables: &Tables,
    (count, bytes): (usize, &[u8]),
) -> Result<Vec<Arc<str>>, StateError> {
    let mut input = Reader::new(program, tables, bytes);
    let mut texts = Vec::new();
    for _ in 0..count {
        texts.push(input.inline()?.into());
    }
    input.end()?;
    Ok(texts)
}

/// Reads the events; those of a rule that is gone are not there any more.
fn events(
    program: &Program,
    tables: &Tables,
    (count, bytes): (usize, &[u8]),
) -> Result<Vec<Option<Arc<Event>>>, StateError> {
    let mut input = Reader::new(program, tables, bytes);
    let mut events = Vec::new();
    for _ in 0..count {
        let event = Event::load(&mut input)?;
        let is_gone = event.origin == Origin::Alert(RuleId(u32::MAX));
        events.push((!is_gone).then(|| Arc::new(event)));
    }
    input.end()?;
    Ok(events)
}
