//! Which places of a record anybody reads, so that the rest need not become values.
//!
//! Apart from the scanner because sources say what is wanted, and the scanner only asks.

use std::sync::Arc;

use ahash::HashMap;

use super::mark::Mark;

/// A tree of keys; the first node is the record itself.
#[derive(Clone, Debug)]
pub struct Wanted {
    // INVARIANT: never empty; children come after their parent.
    nodes: Vec<Node>,
}

/// What is wanted of a value.
#[derive(Clone, Debug, Default)]
struct Node {
    /// Whether all below it is wanted.
    whole: bool,
    children: HashMap<Mark, (Arc<str>, usize)>,
}

/// What is wanted of one value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Want {
    /// Nothing: it is only checked.
    Nothing,
    /// Everything.
    Whole,
    /// Of an object, what the node says; anything else as it is.
    Some(usize),
}

impl Default for Wanted {
    fn default() -> Self {
        Self {
            nodes: vec![Node::default()],
        }
    }
}

impl Wanted {
    /// Adds what stands at a path of keys, and all below it.
    pub fn add<'k>(&mut self, path: impl IntoIterator<Item = &'k str>) {
        let mut at = 0;
        for key in path {
            at = self.child(at, key);
        }
        if let Some(node) = self.nodes.get_mut(at) {
            node.whole = true;
        }
    }

    fn child(&mut self, parent: usize, key: &str) -> usize {
        let next = self.nodes.len();
        let Some(node) = self.nodes.get_mut(parent) else {
            return 0;
        };
        let (known, child) = node
            .children
            .entry(Mark::of(key.as_bytes()))
            .or_insert_with(|| (key.into(), next));
        if **known != *key {
            // Two keys with one mark: rare enough to read everything there.
            node.whole = true;
            return 0;
        }
        let child = *child;
        if child == next {
            self.nodes.push(Node::default());
        }
        child
    }

    /// Returns what is wanted of a record.
    pub(super) fn of_record(&self) -> Want {
        self.want(0)
    }

    /// Returns the name of a key of an object and what is wanted of its value.
    pub(super) fn of_key(
        &self,
        object: usize,
        mark: Mark,
        key: &[u8],
    ) -> Option<(&Arc<str>, Want)> {
        let (name, child) = self.nodes.get(object)?.children.get(&mark)?;
        (name.as_bytes() == key).then(|| (name, self.want(*child)))
    }

    fn want(&self, node: usize) -> Want {
        match self.nodes.get(node) {
            Some(found) if !found.whole => Want::Some(node),
            Some(_) | None => Want::Whole,
        }
    }
}
