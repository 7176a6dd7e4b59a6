//! What objects looked like before: their keys in order, and what is wanted of each.
//!
//! Apart from the scanner because it only asks whether the next bytes are the key it expects. The
//! records of a source come in few shapes, so that comparing a few bytes answers at once what else
//! takes a hash, a look-up and a search for repeated keys.

use std::sync::Arc;

use super::mark::Mark;
use super::wanted::{Want, Wanted};

/// How many shapes are remembered.
const SHAPES_MAX: usize = 1_000;

/// How many keys a shape may have.
const KEYS_MAX: usize = 96;

/// How many objects may come in disorder, or with too many keys, before it is asked how often they do.
const SURPRISES_FREE: u32 = 32;

/// A shape is not tried while more than one of so many objects is a surprise.
const TRIES_PER_SURPRISE: u32 = 8;

/// The shape of an object, or that there is none to go by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct ShapeId(u32);

impl ShapeId {
    /// No shape: keys are read one by one.
    pub(super) const NONE: Self = Self(u32::MAX);

    /// The shape of records.
    pub(super) const RECORD: Self = Self(0);
}

/// The shapes of one source's records.
#[derive(Debug, Default)]
pub struct Shapes {
    shapes: Vec<Shape>,
}

#[derive(Debug, Default)]
struct Shape {
    // INVARIANT: no two are equal.
    keys: Vec<Key>,
    tries: u32,
    surprises: u32,
}

/// A key of a shape.
#[derive(Clone, Debug)]
pub(super) struct Key {
    /// `"key":`, as it stands in most records.
    written: Box<str>,
    /// Its name, if its value is wanted.
    pub(super) name: Option<Arc<str>>,
    /// What of its value is wanted.
    pub(super) want: Want,
    /// The shape of its value, if that is an object.
    object: u32,
    /// The shape of the elements of its value, if that is a list.
    items: u32,
}

/// How the next key of an object was found.
pub(super) enum Found {
    /// It is expected at this place or a later one.
    At(usize),
    /// It came before: twice, or the order is another one.
    Before,
    /// It is new.
    New,
}

impl Shapes {
    /// Tells whether a shape is worth trying.
    pub(super) fn is_known(&mut self, id: ShapeId) -> bool {
        if id == ShapeId::RECORD && self.shapes.is_empty() {
            self.shapes.push(Shape::default());
        }
        let Some(shape) = self.shapes.get_mut(id.0 as usize) else {
            return false;
        };
        shape.tries = shape.tries.saturating_add(1);
        shape.surprises < SURPRISES_FREE || shape.surprises < shape.tries / TRIES_PER_SURPRISE
    }

    /// Returns the key at a place, if the text goes on with just it.
    pub(super) fn expected(&self, id: ShapeId, place: usize, rest: &[u8]) -> Option<&Key> {
        let key = self.shapes.get(id.0 as usize)?.keys.get(place)?;
        rest.starts_with(key.written.as_bytes()).then_some(key)
    }

    /// Returns the key at a place.
    pub(super) fn key(&self, id: ShapeId, place: usize) -> Option<&Key> {
        self.shapes.get(id.0 as usize)?.keys.get(place)
    }

    /// Returns how many entries an object of a shape may have that are wanted.
    pub(super) fn width(&self, id: ShapeId) -> usize {
        let keys = self.shapes.get(id.0 as usize).map(|shape| &*shape.keys);
        let keys = keys.unwrap_or_default().iter();
        keys.filter(|key| key.name.is_some()).count()
    }

    /// Looks for a key from a place on.
    pub(super) fn find(&self, id: ShapeId, place: usize, key: &str) -> Found {
        let keys = self.shapes.get(id.0 as usize).map(|shape| &*shape.keys);
        let at = keys.unwrap_or_default().iter();
        match at.map(Key::text).position(|known| known == key) {
            Some(at) if at >= place => Found::At(at),
            Some(_) => Found::Before,
            None => Found::New,
        }
    }

    /// Notes that an object was not as expected.
    pub(super) fn surprise(&mut self, id: ShapeId) {
        if let Some(shape) = self.shapes.get_mut(id.0 as usize) {
            shape.surprises = shape.surprises.saturating_add(1);
        }
    }

    /// Adds a key at a place; tells whether there was room.
    pub(super) fn insert(
        &mut self,
        id: ShapeId,
        place: usize,
        key: &str,
        (want, wanted): (Want, &Wanted),
    ) -> bool {
        let Some(shape) = self.shapes.get_mut(id.0 as usize) else {
            return false;
        };
        if shape.keys.len() >= KEYS_MAX || place > shape.keys.len() {
            return false;
        }
        let (name, want) = match want {
            Want::Nothing => (None, Want::Nothing),
            Want::Whole => (Some(Arc::from(key)), Want::Whole),
            Want::Some(node) => wanted
                .of_key(node, Mark::of(key.as_bytes()), key.as_bytes())
                .map_or((None, Want::Nothing), |(name, want)| {
                    (Some(Arc::clone(name)), want)
                }),
        };
        let new = Key {
            written: format!("\"{key}\":").into(),
            name,
            want,
            object: u32::MAX,
            items: u32::MAX,
        };
        shape.keys.insert(place, new);
        true
    }

    /// Returns the shape of the object at a key, a new one if there is none yet.
    pub(super) fn of_object(&mut self, id: ShapeId, place: usize) -> ShapeId {
        self.below(id, place, |key| &mut key.object)
    }

    /// Returns the shape of the elements of the list at a key, a new one if there is none yet.
    pub(super) fn of_items(&mut self, id: ShapeId, place: usize) -> ShapeId {
        self.below(id, place, |key| &mut key.items)
    }

    fn below(
        &mut self,
        id: ShapeId,
        place: usize,
        which: impl FnOnce(&mut Key) -> &mut u32,
    ) -> ShapeId {
        let next = self.shapes.len();
        let shape = self.shapes.get_mut(id.0 as usize);
        let Some(below) = shape.and_then(|shape| shape.keys.get_mut(place)).map(which) else {
            return ShapeId::NONE;
        };
        if *below == u32::MAX && next < SHAPES_MAX {
            *below = u32::try_from(next).unwrap_or(u32::MAX);
            let id = ShapeId(*below);
            self.shapes.push(Shape::default());
            return id;
        }
        ShapeId(*below)
    }
}

impl Key {
    /// Returns the key itself.
    fn text(&self) -> &str {
        let inner = self.written.strip_prefix('"');
        inner
            .and_then(|inner| inner.strip_suffix("\":"))
            .unwrap_or_default()
    }

    /// Returns how many bytes it takes as it stands in most records.
    pub(super) fn length(&self) -> usize {
        self.written.len()
    }
}
