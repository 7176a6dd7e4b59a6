//! Which sources a record may be of.
//!
//! Apart from evaluating their `when`: most are ruled out by the keys a record has.

use std::collections::BTreeSet;

use ahash::HashMap;
use muster_lang::ir::{ExprId, ExprKind, Program, RawPart, RawRoot, Set, SourceId};
use muster_lang::value::Value;

/// How many keys are told apart; a source is not ruled out by those beyond.
const KEYS_MAX: usize = 256;

/// A set of keys.
type Keys = [u64; KEYS_MAX / 64];

/// The sources in their order, each with the keys without which its `when` cannot hold.
#[derive(Debug)]
pub(super) struct Selector {
    forced: Option<SourceId>,
    keys: HashMap<Box<str>, usize>,
    sources: Vec<(SourceId, Keys)>,
}

impl Selector {
    /// Returns the selector of a program's sources, or of one that is forced.
    pub(super) fn new(program: &Program, forced: Option<SourceId>) -> Self {
        let mut selector = Self {
            forced,
            keys: HashMap::default(),
            sources: Vec::new(),
        };
        for (id, source) in program.sources.iter() {
            let required = required(program, source.when);
            let mut keys = Keys::default();
            for key in required {
                let next = selector.keys.len();
                let bit = *selector.keys.entry(key.into()).or_insert(next);
                add(&mut keys, bit);
            }
            selector.sources.push((id, keys));
        }
        selector
    }

    /// Returns the source that takes every record.
    pub(super) fn forced(&self) -> Option<SourceId> {
        self.forced
    }

    /// Returns the sources whose `when` may hold for a record, in their order.
    pub(super) fn candidates(&self, record: &Value) -> impl Iterator<Item = SourceId> {
        let mut present = Keys::default();
        if let Value::Record(record) = record {
            for (key, value) in &record.entries {
                if let Some(bit) = self.keys.get(&**key)
                    && !value.is_missing()
                {
                    add(&mut present, *bit);
                }
            }
        }
        let fits = move |keys: &Keys| {
            keys.iter()
                .zip(&present)
                .all(|(keys, present)| keys & !present == 0)
        };
        self.sources
            .iter()
            .filter(move |(_, keys)| fits(keys))
            .map(|(id, _)| *id)
    }
}

fn add(keys: &mut Keys, bit: usize) {
    if let Some(word) = keys.get_mut(bit / 64) {
        *word |= 1 << (bit % 64);
    }
}

/// Returns keys of the record without which a condition is not true, whatever else is there.
///
/// INVARIANT: a key is returned only if the condition is false or unknown where its value is missing.
fn required(program: &Program, condition: ExprId) -> BTreeSet<&str> {
    match &program.exprs[condition].kind {
        ExprKind::And(all) => all.iter().flat_map(|one| required(program, *one)).collect(),
        ExprKind::Or(some) => common(some.iter().map(|one| required(program, *one))),
        ExprKind::Exists(value) => read(program, *value),
        ExprKind::Compare(_, left, right) | ExprKind::CompareRank(_, _, left, right) => {
            &read(program, *left) | &read(program, *right)
        }
        ExprKind::Match(_, text, _) => read(program, *text),
        ExprKind::In(value, Set::Values(_) | Set::Networks(_) | Set::List(_) | Set::Table(_)) => {
            read(program, *value)
        }
        _ => BTreeSet::new(),
    }
}

/// Returns keys of the record without which a value is missing.
fn read(program: &Program, value: ExprId) -> BTreeSet<&str> {
    match &program.exprs[value].kind {
        ExprKind::Raw(RawRoot::Record, path) => match path.first() {
            Some(RawPart::Key(key)) => BTreeSet::from([key.as_str()]),
            Some(RawPart::Index(_)) | None => BTreeSet::new(),
        },
        ExprKind::Convert(inner) | ExprKind::Part(inner, _) | ExprKind::Index(inner, _) => {
            read(program, *inner)
        }
        ExprKind::Default(left, right) => {
            common([read(program, *left), read(program, *right)].into_iter())
        }
        ExprKind::Call(name, arguments) if matches!(&**name, "lower" | "upper" | "trim") => {
            arguments
                .first()
                .map(|text| read(program, *text))
                .unwrap_or_default()
        }
        _ => BTreeSet::new(),
    }
}

fn common<'a>(mut sets: impl Iterator<Item = BTreeSet<&'a str>>) -> BTreeSet<&'a str> {
    let first = sets.next().unwrap_or_default();
    sets.fold(first, |common, set| &common & &set)
}
