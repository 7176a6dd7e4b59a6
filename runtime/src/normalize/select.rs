//! Which sources a record may be of.
//!
//! Apart from evaluating their `when`: most are ruled out by the keys a record has.

use std::collections::BTreeSet;

use muster_lang::ir::{ExprId, ExprKind, Program, RawPart, RawRoot, Set, SourceId};
use muster_lang::value::{Record, Value};
use rustc_hash::FxHashMap;

/// How many places are told apart; a source is not ruled out by those beyond.
const PLACES_MAX: usize = 256;

/// How many things a `when` may ask for; it is not ruled out by those beyond.
const CLAUSES_MAX: usize = 32;

/// A set of places in a record.
type Places = [u64; PLACES_MAX / 64];

/// The sources in their order, each with what its `when` cannot hold without.
#[derive(Debug)]
pub(super) struct Selector {
    forced: Option<SourceId>,
    // INVARIANT: the first node is the record itself; children come after their parent.
    nodes: Vec<Node>,
    sources: Vec<(SourceId, Vec<Places>)>,
}

/// A place that some `when` asks for, or one on the way to it.
#[derive(Debug, Default)]
struct Node {
    bit: Option<usize>,
    children: FxHashMap<Box<str>, usize>,
}

/// Each clause is places of which one must be there.
type Clauses<'p> = BTreeSet<BTreeSet<Vec<&'p str>>>;

impl Selector {
    /// Returns the selector of a program's sources, or of one that is forced.
    pub(super) fn new(program: &Program, forced: Option<SourceId>) -> Self {
        let mut selector = Self {
            forced,
            nodes: vec![Node::default()],
            sources: Vec::new(),
        };
        let mut bits = 0;
        for (id, source) in program.sources.iter() {
            let clauses = required(program, source.when);
            let clauses = clauses.iter().filter_map(|clause| {
                let mut places = Places::default();
                for path in clause {
                    let bit = selector.bit(path, &mut bits)?;
                    add(&mut places, bit);
                }
                Some(places)
            });
            let clauses: Vec<Places> = clauses.collect();
            selector.sources.push((id, clauses));
        }
        selector
    }

    /// Returns the bit of a place, if there is one left.
    fn bit(&mut self, path: &[&str], bits: &mut usize) -> Option<usize> {
        let mut at = 0;
        for key in path {
            let next = self.nodes.len();
            let node = self.nodes.get_mut(at)?;
            at = *node.children.entry((*key).into()).or_insert(next);
            if at == next {
                self.nodes.push(Node::default());
            }
        }
        let node = self.nodes.get_mut(at)?;
        if node.bit.is_none() && *bits < PLACES_MAX {
            node.bit = Some(*bits);
            *bits += 1;
        }
        node.bit
    }

    /// Returns the source that takes every record.
    pub(super) fn forced(&self) -> Option<SourceId> {
        self.forced
    }

    /// Returns the sources whose `when` may hold for a record, in their order.
    pub(super) fn candidates(&self, record: &Value) -> impl Iterator<Item = SourceId> {
        let mut present = Places::default();
        if let (Value::Record(record), Some(node)) = (record, self.nodes.first()) {
            self.look(node, record, &mut present);
        }
        let meets = move |places: &Places| {
            let both = places.iter().zip(&present);
            both.into_iter()
                .any(|(places, present)| places & present != 0)
        };
        self.sources
            .iter()
            .filter(move |(_, clauses)| clauses.iter().all(&meets))
            .map(|(id, _)| *id)
    }

    /// Adds the places that an object has.
    fn look(&self, node: &Node, record: &Record, present: &mut Places) {
        for (key, value) in &record.entries {
            let Some(child) = node.children.get(&**key).and_then(|at| self.nodes.get(*at)) else {
                continue;
            };
            if let (Some(bit), false) = (child.bit, value.is_missing()) {
                add(present, bit);
            }
            // No deeper than a path of some `when`.
            if let (Value::Record(inner), false) = (value, child.children.is_empty()) {
                self.look(child, inner, present);
            }
        }
    }
}

fn add(places: &mut Places, bit: usize) {
    if let Some(word) = places.get_mut(bit / 64) {
        *word |= 1 << (bit % 64);
    }
}

/// Returns what must be there for a condition to be true, whatever else is there.
///
/// INVARIANT: a clause is returned only if the condition is false or unknown where none of its places
/// has a value.
fn required(program: &Program, condition: ExprId) -> Clauses<'_> {
    match &program.exprs[condition].kind {
        ExprKind::And(all) => all.iter().flat_map(|one| required(program, *one)).collect(),
        ExprKind::Or(some) => either(some.iter().map(|one| required(program, *one))),
        // The second is asked where the first is unknown.
        ExprKind::Default(first, second) => {
            either([required(program, *first), required(program, *second)].into_iter())
        }
        ExprKind::Exists(value) => read(program, *value),
        ExprKind::Compare(_, left, right) | ExprKind::CompareRank(_, _, left, right) => {
            &read(program, *left) | &read(program, *right)
        }
        ExprKind::Match(_, text, _) => read(program, *text),
        ExprKind::Holds { list, value } => &read(program, *list) | &read(program, *value),
        ExprKind::In(value, Set::Values(_) | Set::Networks(_) | Set::List(_) | Set::Table(_)) => {
            read(program, *value)
        }
        _ => Clauses::new(),
    }
}

/// Returns what must be there for a value not to be missing.
fn read(program: &Program, value: ExprId) -> Clauses<'_> {
    match &program.exprs[value].kind {
        ExprKind::Raw(RawRoot::Record, path) => {
            let keys = path.iter().map_while(|part| match part {
                RawPart::Key(key) => Some(key.as_str()),
                RawPart::Index(_) => None,
            });
            let keys: Vec<&str> = keys.collect();
            if keys.is_empty() {
                return Clauses::new();
            }
            Clauses::from([BTreeSet::from([keys])])
        }
        ExprKind::Convert(inner) | ExprKind::Part(inner, _) | ExprKind::Index(inner, _) => {
            read(program, *inner)
        }
        ExprKind::Default(left, right) => {
            either([read(program, *left), read(program, *right)].into_iter())
        }
        ExprKind::Call(name, arguments)
            if matches!(&**name, "lower" | "upper" | "trim" | "json") =>
        {
            arguments
                .first()
                .map(|text| read(program, *text))
                .unwrap_or_default()
        }
        _ => Clauses::new(),
    }
}

/// Returns what must be there for one of several to hold: of each of them a clause, joined.
fn either<'p>(mut alternatives: impl Iterator<Item = Clauses<'p>>) -> Clauses<'p> {
    let first = alternatives.next().unwrap_or_default();
    alternatives.fold(first, |known, more| {
        let pairs = known
            .iter()
            .flat_map(|left| more.iter().map(move |right| left | right));
        pairs.take(CLAUSES_MAX).collect()
    })
}
