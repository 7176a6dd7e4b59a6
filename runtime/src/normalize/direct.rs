//! `fields from`: fields that a record has under their own names, nested or dotted.
//!
//! Apart from lines because it walks the record once, not once a field.

use muster_lang::file::Span;
use muster_lang::ir::{Program, RawPart};
use muster_lang::types::Type;
use muster_lang::value::{Record, Value};
use rustc_hash::FxHashMap;

use super::explain::Origin;
use crate::decode::json::Wanted;

use super::place::{Place, Places, Taken, Values};

/// What the parts of coordinates are called.
const LATITUDES: [&str; 2] = ["lat", "latitude"];
const LONGITUDES: [&str; 2] = ["lon", "longitude"];

/// The names of fields, part by part.
#[derive(Debug)]
pub(super) struct Direct {
    path: Vec<RawPart>,
    span: Span,
    // INVARIANT: the first node is the record itself; children come after their parent.
    nodes: Vec<Node>,
}

/// A beginning of names.
#[derive(Debug, Default)]
struct Node {
    role: Role,
    /// Longer beginnings by what is between, `b` and `b.c` of `a`.
    children: FxHashMap<Box<str>, usize>,
}

/// What a value at a node is.
#[derive(Clone, Copy, Debug, Default)]
enum Role {
    /// Nothing itself.
    #[default]
    Outer,
    /// The value of a field.
    Field(Place),
    /// Coordinates, or an object that has them.
    Geo(Place),
    Latitude(Place),
    Longitude(Place),
}

/// Latitude and longitude found on their own, by the place of the field.
type Halves = Vec<(Place, [Value; 2])>;

impl Direct {
    /// Returns the names of all fields that have a place, but for what the engine itself gives.
    pub(super) fn new(program: &Program, path: &[RawPart], places: &Places, span: Span) -> Self {
        let nodes = vec![Node::default()];
        let mut direct = Self {
            path: path.to_vec(),
            span,
            nodes,
        };
        for (place, field) in places.iter() {
            let Some(declared) = program.fields.as_slice().get(field.index()) else {
                continue;
            };
            if field == program.core.source {
                continue;
            }
            if declared.ty == Type::Geo {
                direct.add(&declared.name, Role::Geo(place));
                for name in LATITUDES {
                    direct.add(&format!("{}.{name}", declared.name), Role::Latitude(place));
                }
                for name in LONGITUDES {
                    direct.add(&format!("{}.{name}", declared.name), Role::Longitude(place));
                }
            } else {
                direct.add(&declared.name, Role::Field(place));
            }
        }
        direct
    }

    /// Adds a name below every beginning of it that ends before a dot.
    fn add(&mut self, name: &str, role: Role) {
        let mut ends: Vec<usize> = name.match_indices('.').map(|(end, _)| end).collect();
        ends.push(name.len());
        let mut beginnings = vec![(0, 0)];
        for end in ends {
            let (_, first) = beginnings.first().copied().unwrap_or_default();
            let node = self.node(name.get(..end).unwrap_or_default(), first);
            for (start, parent) in &beginnings {
                let between: Box<str> = name.get(*start..end).unwrap_or_default().into();
                if let Some(parent) = self.nodes.get_mut(*parent) {
                    parent.children.insert(between, node);
                }
            }
            beginnings.push((end + 1, node));
        }
        let node = beginnings
            .last()
            .and_then(|(_, node)| self.nodes.get_mut(*node));
        // A field of its own comes before a part of coordinates that is called the same.
        if let Some(node) = node.filter(|node| !matches!(node.role, Role::Field(_) | Role::Geo(_)))
        {
            node.role = role;
        }
    }

    /// Adds the places of a record that it reads.
    pub(super) fn want(&self, wanted: &mut Wanted) {
        let keys = self.path.iter().map_while(|part| match part {
            RawPart::Key(key) => Some(key.as_str()),
            RawPart::Index(_) => None,
        });
        let path: Vec<&str> = keys.collect();
        if path.len() < self.path.len() {
            return wanted.add(path);
        }
        let mut open = vec![(0, path)];
        while let Some((at, path)) = open.pop() {
            let children = self.nodes.get(at).map(|node| &node.children);
            for (key, child) in children.into_iter().flatten() {
                let path = [path.as_slice(), &[&**key]].concat();
                match self.nodes.get(*child).map(|node| node.role) {
                    Some(Role::Outer) => open.push((*child, path)),
                    Some(
                        Role::Field(_) | Role::Geo(_) | Role::Latitude(_) | Role::Longitude(_),
                    )
                    | None => wanted.add(path),
                }
            }
        }
    }

    /// Returns the node of a beginning, counted from the record, a new one if there is none.
    fn node(&mut self, beginning: &str, root: usize) -> usize {
        let known = self
            .nodes
            .get(root)
            .and_then(|root| root.children.get(beginning));
        known.copied().unwrap_or_else(|| {
            self.nodes.push(Node::default());
            self.nodes.len() - 1
        })
    }

    /// Gives the fields that have no value yet those that a record has under their names.
    ///
    /// Of a name both nested and dotted, the first in the record counts.
    pub(super) fn fill(
        &self,
        record: &Value,
        absent: &[Value],
        values: &mut Values<'_>,
        tell: &mut dyn FnMut(Place, Origin),
    ) {
        let mut filling = Filling {
            direct: self,
            absent,
            values,
            tell,
            halves: Vec::new(),
        };
        if let Some(Value::Record(record)) = at(record, &self.path) {
            filling.record(0, record);
        }
        filling.join_halves();
    }
}

/// Returns what is at a path in a record.
fn at<'a>(record: &'a Value, path: &[RawPart]) -> Option<&'a Value> {
    path.iter()
        .try_fold(record, |value, part| match (part, value) {
            (RawPart::Key(key), Value::Record(record)) => record.get(key),
            (RawPart::Index(index), Value::List(items)) => {
                let back = || {
                    items
                        .len()
                        .checked_sub(usize::try_from(index.unsigned_abs()).ok()?)
                };
                let place = usize::try_from(*index).ok().or_else(back)?;
                items.get(place)
            }
            (RawPart::Key(_) | RawPart::Index(_), _) => None,
        })
}

/// One walk over a record.
struct Filling<'a, 'v> {
    direct: &'a Direct,
    absent: &'a [Value],
    values: &'a mut Values<'v>,
    tell: &'a mut dyn FnMut(Place, Origin),
    halves: Halves,
}

impl Filling<'_, '_> {
    /// Takes the entries of a record; no deeper than names have parts.
    fn record(&mut self, node: usize, record: &Record) {
        let direct = self.direct;
        let Some(node) = direct
            .nodes
            .get(node)
            .filter(|node| !node.children.is_empty())
        else {
            return;
        };
        for (key, value) in &record.entries {
            if let Some(child) = node.children.get(&**key)
                && !self.absent.contains(value)
            {
                self.value(*child, value);
            }
        }
    }

    fn value(&mut self, node: usize, value: &Value) {
        let role = self
            .direct
            .nodes
            .get(node)
            .map(|node| node.role)
            .unwrap_or_default();
        match (role, value) {
            (Role::Geo(_) | Role::Outer, Value::Record(record)) => self.record(node, record),
            (Role::Outer, _) => {}
            (Role::Field(place), Value::Record(record)) => {
                // What has fields below is no value of its own.
                if self.is_leaf(node) {
                    self.take(place, value);
                }
                self.record(node, record);
            }
            (Role::Field(place) | Role::Geo(place), _) => self.take(place, value),
            (Role::Latitude(place), _) => self.half(place, 0, value),
            (Role::Longitude(place), _) => self.half(place, 1, value),
        }
    }

    fn is_leaf(&self, node: usize) -> bool {
        self.direct
            .nodes
            .get(node)
            .is_none_or(|node| node.children.is_empty())
    }

    fn take(&mut self, place: Place, value: &Value) {
        if !self.values.lacks(place) {
            return;
        }
        let cleaned = without(value, self.absent);
        if self
            .values
            .convert(place, cleaned.as_ref().unwrap_or(value))
            == Taken::Yes
        {
            (self.tell)(place, Origin::Direct(self.direct.span));
        }
    }

    fn half(&mut self, place: Place, which: usize, value: &Value) {
        let known = self.halves.iter().position(|(known, _)| *known == place);
        let known = known.unwrap_or_else(|| {
            self.halves.push((place, [Value::Missing, Value::Missing]));
            self.halves.len() - 1
        });
        let half = self
            .halves
            .get_mut(known)
            .and_then(|(_, halves)| halves.get_mut(which));
        if let Some(half) = half.filter(|half| half.is_missing()) {
            *half = value.clone();
        }
    }

    fn join_halves(&mut self) {
        for (place, halves) in std::mem::take(&mut self.halves) {
            if halves.iter().any(|half| !half.is_missing()) {
                self.take(place, &Value::List(halves.into()));
            }
        }
    }
}

/// Returns a list without the elements that mean "not there", or `None` if it has none of them.
fn without(value: &Value, absent: &[Value]) -> Option<Value> {
    let Value::List(items) = value else {
        return None;
    };
    if !items.iter().any(|item| absent.contains(item)) {
        return None;
    }
    Some(Value::List(
        items
            .iter()
            .filter(|item| !absent.contains(item))
            .cloned()
            .collect(),
    ))
}
