//! All chains that end at an event and satisfy a rule: nested loops over its steps.
//!
//! Apart from choosing among them, which is a definition of its own.

use std::collections::BTreeMap;

use super::absence;
use super::condition::Role;
use super::expression::{field, holds};
use super::group;
use super::key::Key;
use super::names::{Bound, Scope};
use super::shape::{Atom, Shape};
use super::stream::{Event, Position, World};
use super::value::{normal, same};
use super::window;
use super::{Answer, unsupported};

/// The events each step may bind, all of one key and not after the completing event.
pub(crate) type Pool<'s> = Vec<Vec<&'s Event>>;

/// One question: which chains of a key end at this event?
#[derive(Debug)]
pub(crate) struct Search<'s> {
    pub(crate) world: &'s World<'s>,
    pub(crate) shape: &'s Shape<'s>,
    pub(crate) completing: &'s Event,
    /// Tenant and `same` values; the joins are the chain's.
    pub(crate) key: Key,
    pub(crate) pool: Pool<'s>,
    /// The sessions of the key, by event.
    pub(crate) sessions: BTreeMap<Position, usize>,
    /// The last completing event under each key, where matches restart.
    pub(crate) restarts: BTreeMap<Key, Position>,
}

/// A chain that satisfies everything.
#[derive(Clone, Debug)]
pub(crate) struct Chain<'s> {
    pub(crate) key: Key,
    /// What each step as written is bound to.
    pub(crate) bounds: Vec<Bound<'s>>,
    /// What decides among chains: the greatest wins.
    pub(crate) rank: Vec<Position>,
}

/// Where a local window of groups ends, for each window that needs to be told.
pub(crate) type Ends<'s> = BTreeMap<usize, &'s Event>;

impl<'s> Search<'s> {
    /// Returns all chains, in the order in which steps as written take earlier events first.
    pub(crate) fn chains(&self) -> Answer<Vec<Chain<'s>>> {
        let mut found = Vec::new();
        for chosen in selections(self.shape) {
            let mut bounds = vec![Bound::Nothing; self.shape.steps.len()];
            self.bind(0, &chosen, &mut bounds, &mut found)?;
        }
        Ok(found)
    }

    /// Binds the plain steps from a number on to every event in turn.
    fn bind(
        &self,
        number: usize,
        chosen: &[bool],
        bounds: &mut Vec<Bound<'s>>,
        found: &mut Vec<Chain<'s>>,
    ) -> Answer<()> {
        let Some(step) = self.shape.steps.get(number) else {
            return self.key_and_groups(chosen, bounds, found);
        };
        if step.is_group() || !chosen.get(number).copied().unwrap_or_default() {
            return self.bind(number + 1, chosen, bounds, found);
        }
        for event in self.pool.get(number).into_iter().flatten() {
            if self.in_order(number, event, bounds) {
                set(bounds, number, Bound::One(event));
                self.bind(number + 1, chosen, bounds, found)?;
                set(bounds, number, Bound::Nothing);
            }
        }
        Ok(())
    }

    /// After every event of the atoms before, but for `tolerate`; and never one event twice.
    fn in_order(&self, number: usize, event: &Event, bounds: &[Bound<'s>]) -> bool {
        let atom = self.shape.atom_of(number);
        bounds
            .iter()
            .take(number)
            .enumerate()
            .all(|(other, bound)| {
                bound.events().iter().all(|before| {
                    let follows = before.position < event.position || self.shape.tolerate.is_some();
                    *before != event && (self.shape.atom_of(other) == atom || follows)
                })
            })
    }

    fn key_and_groups(
        &self,
        chosen: &[bool],
        bounds: &mut Vec<Bound<'s>>,
        found: &mut Vec<Chain<'s>>,
    ) -> Answer<()> {
        let Some(key) = self.joined(bounds)? else {
            return Ok(());
        };
        if !self.after_restart(&key, bounds) {
            return Ok(());
        }
        let mut asked = Vec::new();
        for (number, window) in self.shape.windows.iter().enumerate() {
            let inner = window.last + 1 < self.shape.atoms.len();
            let unknown = self.shape.has_group(window.first) && self.shape.has_group(window.last);
            let needed = match window.only {
                Some(step) => chosen.get(step).copied().unwrap_or_default(),
                None => inner && unknown,
            };
            if needed {
                asked.push(number);
            }
        }
        self.end_windows(&asked, &mut Ends::new(), (chosen, &key), bounds, found)
    }

    /// Lets each local window of groups end at every event its last atom may hold.
    fn end_windows(
        &self,
        asked: &[usize],
        ends: &mut Ends<'s>,
        about: (&[bool], &Key),
        bounds: &mut Vec<Bound<'s>>,
        found: &mut Vec<Chain<'s>>,
    ) -> Answer<()> {
        let Some((number, rest)) = asked.split_first() else {
            let (chosen, key) = about;
            let before = bounds.clone();
            if self.gather(key, ends, chosen, bounds)? && self.satisfied(key, ends, bounds)? {
                let rank = self.rank(bounds);
                found.push(Chain {
                    key: key.clone(),
                    bounds: bounds.clone(),
                    rank,
                });
            }
            *bounds = before;
            return Ok(());
        };
        let window = self.shape.windows.get(*number);
        let steps = window.map_or_else(Vec::new, |window| match window.only {
            Some(step) => vec![step],
            None => self
                .shape
                .atoms
                .get(window.last)
                .map(Atom::steps)
                .unwrap_or_default(),
        });
        let mut candidates: Vec<&'s Event> = steps
            .into_iter()
            .flat_map(|step| self.pool.get(step).into_iter().flatten().copied())
            .collect();
        candidates.sort_by(|a, b| a.position.cmp(&b.position));
        candidates.dedup();
        for event in candidates {
            ends.insert(*number, event);
            self.end_windows(rest, ends, about, bounds, found)?;
        }
        ends.remove(number);
        Ok(())
    }

    /// Fills the groups in the order written; false if one of them holds nothing.
    fn gather(
        &self,
        key: &Key,
        ends: &Ends<'s>,
        chosen: &[bool],
        bounds: &mut Vec<Bound<'s>>,
    ) -> Answer<bool> {
        for (number, step) in self.shape.steps.iter().enumerate() {
            if !step.is_group() || !chosen.get(number).copied().unwrap_or_default() {
                continue;
            }
            let members = group::members(self, number, key, ends, bounds)?;
            if members.is_empty() {
                return Ok(false);
            }
            set(bounds, number, Bound::Many(members));
        }
        Ok(true)
    }

    /// The key with the values of the equi-joins; nothing if one does not hold.
    fn joined(&self, bounds: &[Bound<'s>]) -> Answer<Option<Key>> {
        let mut key = self.key.clone();
        for join in &self.shape.joins {
            let (Some(Bound::One(a)), Some(Bound::One(b))) =
                (bounds.get(join.earlier.0), bounds.get(join.later.0))
            else {
                return Ok(None);
            };
            let left = field(self.world, a, &join.earlier.1)?;
            let right = field(self.world, b, &join.later.1)?;
            if matches!(left, muster_lang::value::Value::List(_)) {
                return unsupported("an equi-join of lists");
            }
            let empty = |value| super::atom::joining(value).is_empty();
            let equal = if join.exact {
                left == right
            } else {
                same(&left, &right).unwrap_or(false)
            };
            if empty(&left) || empty(&right) || !equal {
                return Ok(None);
            }
            key.joins.push(normal(&left));
        }
        Ok(Some(key))
    }

    fn after_restart(&self, key: &Key, bounds: &[Bound<'s>]) -> bool {
        let Some(restart) = self.restarts.get(key) else {
            return true;
        };
        bounds
            .iter()
            .flat_map(Bound::events)
            .all(|event| event.position >= *restart)
    }

    fn satisfied(&self, key: &Key, ends: &Ends<'s>, bounds: &[Bound<'s>]) -> Answer<bool> {
        let last = bounds
            .iter()
            .flat_map(Bound::events)
            .max_by(|a, b| a.position.cmp(&b.position));
        Ok(last == Some(self.completing)
            && self.in_windows(ends, bounds)
            && self.in_gaps(bounds)
            && self.tolerated(bounds)
            && self.in_one_slot(bounds)?
            && group::all_hold(self, bounds)?
            && self.conditions_hold(bounds)?
            && !absence::broken_by(self, key, bounds)?)
    }

    /// Returns the events of an atom in stream order.
    pub(crate) fn events_of(&self, atom: usize, bounds: &[Bound<'s>]) -> Vec<&'s Event> {
        let steps = self
            .shape
            .atoms
            .get(atom)
            .map(Atom::steps)
            .unwrap_or_default();
        let mut events: Vec<&Event> = steps
            .into_iter()
            .filter_map(|step| bounds.get(step))
            .flat_map(Bound::events)
            .collect();
        events.sort_by(|a, b| a.position.cmp(&b.position));
        events
    }

    fn in_windows(&self, ends: &Ends<'s>, bounds: &[Bound<'s>]) -> bool {
        self.shape
            .windows
            .iter()
            .enumerate()
            .all(|(number, window)| {
                let events: Vec<&Event> = match window.only {
                    Some(step) => bounds.get(step).map(Bound::events).unwrap_or_default(),
                    None => (window.first..=window.last)
                        .flat_map(|atom| self.events_of(atom, bounds))
                        .collect(),
                };
                let times = || events.iter().map(|event| event.time);
                let span = times()
                    .max()
                    .zip(times().min())
                    .map_or(0, |(last, first)| last - first);
                let last = events.iter().max_by(|a, b| a.position.cmp(&b.position));
                span <= window.span && ends.get(&number).is_none_or(|end| last == Some(end))
            })
    }

    fn in_gaps(&self, bounds: &[Bound<'s>]) -> bool {
        self.shape.gaps.iter().all(|gap| {
            let before = gap
                .first
                .checked_sub(1)
                .and_then(|atom| self.events_of(atom, bounds).last().copied());
            before.is_none_or(|before| {
                (gap.first..=gap.last)
                    .flat_map(|atom| self.events_of(atom, bounds))
                    .all(|event| event.time - before.time <= gap.span)
            })
        })
    }

    /// Under `tolerate`, a step may lie up to its span before the one written before it.
    fn tolerated(&self, bounds: &[Bound<'s>]) -> bool {
        let Some(span) = self.shape.tolerate else {
            return true;
        };
        let events: Vec<&Event> = bounds.iter().flat_map(Bound::events).collect();
        events
            .iter()
            .zip(events.iter().skip(1))
            .all(|(before, after)| {
                before.position < after.position || before.time - after.time <= span
            })
    }

    /// Returns what tells windows of `each` and sessions apart.
    pub(crate) fn slot(&self, event: &Event) -> Answer<Option<i64>> {
        if let Some((every, zone)) = self.shape.each {
            return window::start(event.time, every, zone).map(Some);
        }
        if self.shape.session.is_some() {
            let number = self
                .sessions
                .get(&event.position)
                .copied()
                .unwrap_or(usize::MAX);
            return Ok(Some(i64::try_from(number).unwrap_or(i64::MAX)));
        }
        Ok(None)
    }

    fn in_one_slot(&self, bounds: &[Bound<'s>]) -> Answer<bool> {
        let wanted = self.slot(self.completing)?;
        for event in bounds.iter().flat_map(Bound::events) {
            if self.slot(event)? != wanted {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Returns the steps by name.
    pub(crate) fn names(&self, bounds: &[Bound<'s>]) -> Vec<(String, Bound<'s>)> {
        self.shape
            .steps
            .iter()
            .map(|step| step.name.clone())
            .zip(bounds.iter().cloned())
            .collect()
    }

    fn conditions_hold(&self, bounds: &[Bound<'s>]) -> Answer<bool> {
        let names = self.names(bounds);
        let layout = layout(self.shape, bounds);
        let scope = Scope {
            names: &names,
            layout: Some(&layout),
            ..Scope::new(self.world)
        };
        for condition in self
            .shape
            .conditions
            .iter()
            .filter(|one| one.role == Role::Chain)
        {
            let owner = condition.owner.and_then(|owner| bounds.get(owner));
            let this = match owner {
                Some(Bound::Nothing) => continue,
                Some(Bound::One(event)) => Some(*event),
                Some(Bound::Many(_)) | None => None,
            };
            if !holds(condition.expr, condition.unless, Scope { this, ..scope })? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// A group counts by its last event, an `all of` by its events in ascending order.
    fn rank(&self, bounds: &[Bound<'s>]) -> Vec<Position> {
        let mut rank = Vec::new();
        for atom in &self.shape.atoms {
            let steps = atom.steps().into_iter();
            let mut lasts: Vec<Position> = steps
                .filter_map(|step| {
                    bounds
                        .get(step)
                        .and_then(|bound| bound.events().last().copied())
                })
                .map(|event| event.position.clone())
                .collect();
            lasts.sort();
            rank.extend(lasts);
        }
        rank
    }
}

/// Lays the bound events out as units side by side: a plain step, a group, each event of a set.
pub(crate) fn layout<'s>(shape: &Shape<'_>, bounds: &[Bound<'s>]) -> Vec<Vec<&'s Event>> {
    let mut units = Vec::new();
    for atom in &shape.atoms {
        let steps = atom.steps().into_iter();
        let bound: Vec<Vec<&Event>> = steps
            .filter_map(|step| bounds.get(step))
            .map(Bound::events)
            .collect();
        match atom {
            Atom::One(_) => units.extend(bound),
            Atom::Set { .. } => {
                let mut events: Vec<&Event> = bound.into_iter().flatten().collect();
                events.sort_by(|a, b| a.position.cmp(&b.position));
                units.extend(events.into_iter().map(|event| vec![event]));
            }
        }
    }
    units
}

fn set<'s>(bounds: &mut [Bound<'s>], number: usize, bound: Bound<'s>) {
    if let Some(place) = bounds.get_mut(number) {
        *place = bound;
    }
}

/// Returns which steps take part: all, but for an `N of`, which binds exactly N.
fn selections(shape: &Shape<'_>) -> Vec<Vec<bool>> {
    let mut all = vec![vec![true; shape.steps.len()]];
    for atom in &shape.atoms {
        let Atom::Set {
            least: Some(least),
            steps,
        } = atom
        else {
            continue;
        };
        let subsets = subsets(steps, *least);
        all = all
            .into_iter()
            .flat_map(|chosen| {
                subsets.iter().map(move |kept| {
                    let out = |step: &usize| steps.contains(step) && !kept.contains(step);
                    chosen
                        .iter()
                        .enumerate()
                        .map(|(step, take)| *take && !out(&step))
                        .collect()
                })
            })
            .collect();
    }
    all
}

/// Returns all subsets of a size, those of first-written steps first.
fn subsets(steps: &[usize], size: usize) -> Vec<Vec<usize>> {
    let Some((first, rest)) = steps.split_first() else {
        return if size == 0 {
            vec![Vec::new()]
        } else {
            Vec::new()
        };
    };
    let mut all = Vec::new();
    if let Some(smaller) = size.checked_sub(1) {
        for mut subset in subsets(rest, smaller) {
            subset.insert(0, *first);
            all.push(subset);
        }
    }
    all.extend(subsets(rest, size));
    all
}
