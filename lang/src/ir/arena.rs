//! Ids, and the arenas they index.
//!
//! Apart so that the one place where a position becomes a typed id is also the one that indexes.

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub u32);

        impl $name {
            /// Returns the position in the arena.
            #[must_use]
            pub fn index(self) -> usize {
                self.0 as usize
            }
        }

        impl From<usize> for $name {
            fn from(index: usize) -> Self {
                Self(u32::try_from(index).unwrap_or(u32::MAX))
            }
        }
    )*};
}

ids! {
    /// A field of [`Program::fields`](super::Program::fields).
    FieldId;
    /// An expression of [`Program::exprs`](super::Program::exprs).
    ExprId;
    /// A source of [`Program::sources`](super::Program::sources).
    SourceId;
    /// A class of [`Program::classes`](super::Program::classes); 0 is `any`, 1 is `alert`.
    ClassId;
    /// An identity of [`Program::identities`](super::Program::identities).
    IdentityId;
    /// A table of [`Program::tables`](super::Program::tables).
    TableId;
    /// A list of [`Program::lists`](super::Program::lists).
    ListId;
    /// A calendar of [`Program::calendars`](super::Program::calendars).
    CalendarId;
    /// A memory of [`Program::memories`](super::Program::memories).
    MemoryId;
    /// A rule of [`Program::rules`](super::Program::rules).
    RuleId;
    /// A digest of [`Program::digests`](super::Program::digests).
    DigestId;
    /// A step of one [`Rule::steps`](super::Rule::steps).
    StepId;
}

/// Something stored by position and asked for by a typed id.
#[derive(Clone, Debug)]
pub struct Arena<I, T> {
    items: Vec<T>,
    id: std::marker::PhantomData<fn() -> I>,
}

impl<I, T> Default for Arena<I, T> {
    fn default() -> Self {
        Self {
            items: Vec::new(),
            id: std::marker::PhantomData,
        }
    }
}

impl<I: From<usize>, T> Arena<I, T> {
    /// Adds an item and returns its id.
    pub fn add(&mut self, item: T) -> I {
        self.items.push(item);
        I::from(self.items.len() - 1)
    }

    /// Returns every item with its id, in order.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = (I, &T)> + ExactSizeIterator {
        self.items
            .iter()
            .enumerate()
            .map(|(index, item)| (I::from(index), item))
    }

    /// Returns the number of items.
    #[must_use]
    pub fn len(&self) -> usize {
        self.items.len()
    }

    /// Tells whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.items.is_empty()
    }

    /// Returns the items as a slice.
    #[must_use]
    pub fn as_slice(&self) -> &[T] {
        &self.items
    }
}

macro_rules! index {
    ($($id:ident),*) => {$(
        impl<T> std::ops::Index<$id> for Arena<$id, T> {
            type Output = T;
            #[expect(clippy::indexing_slicing, reason = "an id is made by the arena it indexes")]
            fn index(&self, id: $id) -> &T {
                &self.items[id.index()]
            }
        }

        impl<T> std::ops::IndexMut<$id> for Arena<$id, T> {
            #[expect(clippy::indexing_slicing, reason = "an id is made by the arena it indexes")]
            fn index_mut(&mut self, id: $id) -> &mut T {
                &mut self.items[id.index()]
            }
        }
    )*};
}

index!(
    FieldId, ExprId, SourceId, ClassId, IdentityId, TableId, ListId, CalendarId, MemoryId, RuleId,
    DigestId, StepId
);
