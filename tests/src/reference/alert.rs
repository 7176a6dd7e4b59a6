//! From matches to alerts: what is merged, told once per window, or suppressed, and what it says.
//!
//! Apart from matching because nothing here decides whether something happened.

use std::collections::BTreeSet;

use muster_lang::syntax::ast::Rule;
use muster_lang::value::Value;

use super::absence::Fate;
use super::condition::Join;
use super::expression::field;
use super::key::{self, Key};
use super::matching::Match;
use super::names::Bound;
use super::shape::{Part, Shape};
use super::stream::{After, Event, Phase, Position, World};
use super::teller::{Raised, Teller};
use super::value::display;
use super::{Answer, KeyText, RefAlert, RefPending, unsupported};

/// The alerts of one rule.
#[derive(Debug, Default)]
pub(crate) struct Told {
    pub(crate) alerts: Vec<RefAlert>,
    pub(crate) pending: Vec<RefPending>,
    /// The alerts as events for other rules.
    pub(crate) events: Vec<Event>,
}

/// Matches with the same completing event and evidence.
struct Group<'m, 's> {
    position: Position,
    matches: Vec<(KeyText, &'m Match<'s>)>,
}

/// Tells the alerts of a rule's matches.
pub(crate) fn tell(
    world: &World<'_>,
    rule: &Rule,
    shape: &Shape<'_>,
    matches: &[Match<'_>],
) -> Answer<Told> {
    let mut told = Told::default();
    let mut spent: BTreeSet<(Key, i64)> = BTreeSet::new();
    let mut raised: Vec<Raised> = Vec::new();
    for group in grouped(world, shape, matches)? {
        let open = |found: &Match<'_>| {
            found
                .slot
                .is_none_or(|slot| !spent.contains(&(found.chain.key.clone(), slot)))
        };
        let left: Vec<_> = group
            .matches
            .iter()
            .filter(|(_, found)| open(found) && !has_rival(shape, matches, found))
            .collect();
        let Some(((text, found), others)) = left.split_first() else {
            continue;
        };
        let teller = Teller {
            world,
            rule,
            shape,
            found,
            key: text.clone(),
        };
        if let Fate::Pending { until } = found.fate {
            let tenant = found.chain.key.tenant.clone();
            told.pending.push(RefPending {
                rule: shape.name.to_owned(),
                tenant,
                key: text.clone(),
                until,
            });
        } else {
            let Some(count) = teller.suppressed(&mut raised, group.position.time)? else {
                continue;
            };
            let mut alert = teller.alert(group.position.time)?;
            alert.suppressed = count;
            alert.also = others.iter().map(|(text, _)| text.clone()).collect();
            told.events.push(teller.event(&alert, group.position)?);
            told.alerts.push(alert);
        }
        for (_, found) in left {
            spent.extend(found.slot.map(|slot| (found.chain.key.clone(), slot)));
        }
    }
    Ok(told)
}

/// Tells whether another match of the same key and window, decided at the same instant, was
/// completed before: a window raises the first of them.
fn has_rival(shape: &Shape<'_>, matches: &[Match<'_>], found: &Match<'_>) -> bool {
    let decided = |found: &Match<'_>| {
        let position = position(shape, &KeyText::new(), found);
        (position.time, position.phase)
    };
    let rivals = matches.iter().filter(|other| {
        other.fate != Fate::Broken && other.slot.is_some() && other.slot == found.slot
    });
    let mut rivals = rivals.filter(|other| other.chain.key == found.chain.key);
    rivals.any(|other| {
        other.completing.position < found.completing.position && decided(other) == decided(found)
    })
}

/// Groups what one completing event and one set of evidence make, in the order of alerts.
fn grouped<'m, 's>(
    world: &World<'_>,
    shape: &Shape<'_>,
    matches: &'m [Match<'s>],
) -> Answer<Vec<Group<'m, 's>>> {
    let mut groups: Vec<Group<'m, 's>> = Vec::new();
    for found in matches.iter().filter(|found| found.fate != Fate::Broken) {
        let text = key_text(world, shape, found)?;
        let same = |group: &&mut Group<'_, '_>| {
            group.matches.first().is_some_and(|(_, other)| {
                other.completing == found.completing && other.chain.bounds == found.chain.bounds
            })
        };
        match groups.iter_mut().find(same) {
            Some(group) => group.matches.push((text, found)),
            None => groups.push(Group {
                position: found.completing.position.clone(),
                matches: vec![(text, found)],
            }),
        }
    }
    for group in &mut groups {
        group.matches.sort_by_key(|(text, _)| print_key(text));
        if let Some((text, found)) = group.matches.first() {
            group.position = position(shape, text, found);
        }
    }
    groups.sort_by(|a, b| a.position.cmp(&b.position));
    Ok(groups)
}

/// Prints a key for the order of alerts: its values in the order of the rule.
pub(crate) fn print_key(key: &KeyText) -> String {
    let values: Vec<&str> = key.iter().map(|(_, text)| text.as_str()).collect();
    values.join("\u{1f}")
}

/// Directly after the completing event, or after all events of an instant up to the deadline.
fn position(shape: &Shape<'_>, key: &KeyText, found: &Match<'_>) -> Position {
    let direct = found.completing.position.clone();
    let rule = shape.name.to_owned();
    let key = print_key(key);
    let deadline = match found.fate {
        Fate::Holds {
            at_deadline: false, ..
        }
        | Fate::Broken => None,
        Fate::Holds {
            time,
            at_deadline: true,
        }
        | Fate::Pending { until: time } => Some(time),
    };
    match deadline {
        None => {
            let mut position = direct;
            position.after.push(After {
                rule,
                key,
                completing: None,
            });
            position
        }
        Some(time) => {
            let completing = Some(Box::new(direct));
            let after = vec![After {
                rule,
                key,
                completing,
            }];
            Position {
                time,
                phase: Phase::Deadline,
                source: String::new(),
                arrival: 0,
                after,
            }
        }
    }
}

pub(crate) fn key_values(
    world: &World<'_>,
    shape: &Shape<'_>,
    found: &Match<'_>,
) -> Answer<Vec<(String, Value)>> {
    let bounds = &found.chain.bounds;
    let first = bounds
        .iter()
        .flat_map(Bound::events)
        .min_by(|a, b| a.position.cmp(&b.position));
    let Some(first) = first else {
        return unsupported("a match without events");
    };
    let same = key::spelled(world, shape, first, &found.chain.key)?;
    let mut values = Vec::new();
    for part in &shape.order {
        match part {
            Part::Same(number) => values.extend(same.get(*number).cloned()),
            Part::Join(number) => {
                if let Some(join) = shape.joins.get(*number) {
                    values.extend(joined(world, shape, found, join)?);
                }
            }
        }
    }
    Ok(values)
}

/// The value of an equality, as its earlier step spells it.
fn joined(
    world: &World<'_>,
    shape: &Shape<'_>,
    found: &Match<'_>,
    join: &Join,
) -> Answer<Option<(String, Value)>> {
    let (step, path) = &join.earlier;
    let name = shape.steps.get(*step).map_or("", |step| step.name.as_str());
    match found.chain.bounds.get(*step) {
        Some(Bound::One(event)) => {
            let value = field(world, event, path)?;
            Ok(Some((format!("{name}.{path}"), value)))
        }
        Some(Bound::Nothing | Bound::Many(_)) | None => Ok(None),
    }
}

fn key_text(world: &World<'_>, shape: &Shape<'_>, found: &Match<'_>) -> Answer<KeyText> {
    let values = key_values(world, shape, found)?;
    Ok(values
        .into_iter()
        .map(|(name, value)| (name, display(&value)))
        .collect())
}
