//! Keys: tenant, `same` values and equi-joins of a match, and the events that have them.
//!
//! Apart from matching because absences ask whether an event has the key of a match.

use muster_lang::value::Value;

use super::Answer;
use super::atom::joining;
use super::expression::field;
use super::shape::Shape;
use super::stream::{Event, World};
use super::value::{fold, normal};

/// The key of a match, in spellings that are equal where `is` says so.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Key {
    /// The tenant; nothing for the missing one and across tenants.
    pub(crate) tenant: Option<String>,
    /// One value for each `same` path.
    pub(crate) same: Vec<String>,
    /// One value for each equi-join.
    pub(crate) joins: Vec<String>,
}

const VALUES_MAX: usize = 16;

/// Returns the keys an event joins by: one for each combination of list values.
pub(crate) fn of(world: &World<'_>, shape: &Shape<'_>, event: &Event) -> Answer<Vec<Key>> {
    let tenant = tenant(shape, event);
    let mut keys = vec![Key {
        tenant,
        same: Vec::new(),
        joins: Vec::new(),
    }];
    for path in &shape.same {
        let values = values(world, event, path)?;
        let longer = |key: &Key, (one, _): &(String, Value)| {
            let mut key = key.clone();
            key.same.push(one.clone());
            key
        };
        keys = keys
            .iter()
            .flat_map(|key| values.iter().map(|one| longer(key, one)))
            .collect();
    }
    Ok(keys)
}

/// Tells whether an event has a key's tenant and `same` values.
pub(crate) fn has(world: &World<'_>, shape: &Shape<'_>, event: &Event, key: &Key) -> Answer<bool> {
    if tenant(shape, event) != key.tenant {
        return Ok(false);
    }
    for (path, wanted) in shape.same.iter().zip(&key.same) {
        if !values(world, event, path)?
            .iter()
            .any(|(one, _)| one == wanted)
        {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Returns a key's values as the first event of a match spells them.
pub(crate) fn spelled(
    world: &World<'_>,
    shape: &Shape<'_>,
    first: &Event,
    key: &Key,
) -> Answer<Vec<(String, Value)>> {
    let mut shown = Vec::new();
    for (path, wanted) in shape.same.iter().zip(&key.same) {
        let found = values(world, first, path)?
            .into_iter()
            .find(|(one, _)| one == wanted);
        shown.push((
            path.clone(),
            found.map(|(_, value)| value).unwrap_or_default(),
        ));
    }
    Ok(shown)
}

/// Returns the values an event joins by on one path, at most 16 of a list.
fn values(world: &World<'_>, event: &Event, path: &str) -> Answer<Vec<(String, Value)>> {
    let values = joining(&field(world, event, path)?);
    Ok(values
        .into_iter()
        .take(VALUES_MAX)
        .map(|value| (normal(&value), value))
        .collect())
}

fn tenant(shape: &Shape<'_>, event: &Event) -> Option<String> {
    if shape.across_tenants {
        None
    } else {
        event.tenant.as_deref().map(fold)
    }
}
