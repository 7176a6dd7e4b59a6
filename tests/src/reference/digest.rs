//! Digests: what of the stream is worth forwarding.
//!
//! Apart from rules because nothing of it raises an alert.

use std::collections::BTreeMap;

use muster_lang::syntax::ast::{Digest, DigestAction, Path};
use muster_lang::value::Value;

use super::Answer;
use super::atom::joining;
use super::expression::{field, in_class, passes, value};
use super::names::{Expected, Scope};
use super::program::dotted;
use super::stream::{Event, World};
use super::value::{display, fold, normal};
use super::window;
use super::{Forwarded, Summary};

/// What a digest says of an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Say {
    /// It is none of the digest's.
    Nothing,
    /// It passes.
    Pass,
    /// It does not pass because of this digest.
    Hold,
}

/// Returns what is forwarded: input events in stream order, then summaries by their end.
pub(crate) fn forward(world: &World<'_>) -> Answer<Vec<Forwarded>> {
    let events: Vec<&Event> = world
        .events
        .iter()
        .filter(|event| event.alert.is_none())
        .collect();
    let mut forwarded = Vec::new();
    let mut said = vec![Vec::new(); events.len()];
    let mut summaries = Vec::new();
    for digest in world.program.digests.values() {
        for (index, say) in judge(world, digest, &events)?.into_iter().enumerate() {
            if let Some(says) = said.get_mut(index) {
                says.push(say);
            }
        }
        summaries.extend(summarize(world, digest, &events)?);
    }
    let mut passed: Vec<&Event> = Vec::new();
    for (event, says) in events.iter().zip(&said) {
        let passes = says.contains(&Say::Pass) || !says.contains(&Say::Hold);
        // A record passes once, with the first of its events that does.
        if passes && !passed.iter().any(|before| event.shares_record(before)) {
            passed.push(event);
            forwarded.push(Forwarded::Event(event.id.clone()));
        }
    }
    summaries.sort();
    forwarded.extend(summaries.into_iter().map(Forwarded::Summary));
    Ok(forwarded)
}

fn judge(world: &World<'_>, digest: &Digest, events: &[&Event]) -> Answer<Vec<Say>> {
    let mut says = Vec::new();
    let mut known: BTreeMap<Vec<String>, String> = BTreeMap::new();
    for event in events {
        if !belongs(world, digest, event)? {
            says.push(Say::Nothing);
            continue;
        }
        says.push(match &digest.action {
            DigestAction::Drop => Say::Hold,
            DigestAction::Summarize { per, .. } => match key(world, per, event)? {
                Some(_) => Say::Hold,
                None => Say::Pass,
            },
            DigestAction::First { per, each } => {
                let slot = match each {
                    None => 0,
                    Some((every, zone)) => {
                        let zone = zone.as_ref().map(|zone| zone.value.as_str());
                        window::start(event.time, world.program.span(every)?, zone)?
                    }
                };
                changed(&mut known, key(world, per, event)?, &slot.to_string())
            }
            DigestAction::Changes { of, per } => match field(world, event, &dotted(of))? {
                Value::Missing => Say::Pass,
                value => changed(&mut known, key(world, per, event)?, &normal(&value)),
            },
        });
    }
    Ok(says)
}

/// A key's first value, and each that differs from the one before.
fn changed(
    known: &mut BTreeMap<Vec<String>, String>,
    key: Option<Vec<String>>,
    value: &str,
) -> Say {
    let Some(key) = key else { return Say::Pass };
    match known.insert(key, value.to_owned()) {
        Some(before) if before == value => Say::Hold,
        Some(_) | None => Say::Pass,
    }
}

fn belongs(world: &World<'_>, digest: &Digest, event: &Event) -> Answer<bool> {
    Ok(in_class(world, event, &digest.class.name.text)?
        && passes(&digest.filters, Scope::new(world).at(event))?)
}

/// Tenant and `per` values; nothing if one is missing.
fn key(world: &World<'_>, per: &[Path], event: &Event) -> Answer<Option<Vec<String>>> {
    let mut key = vec![event.tenant.as_deref().map_or_else(String::new, fold)];
    for path in per {
        match joining(&field(world, event, &dotted(path))?).first() {
            Some(one) => key.push(normal(one)),
            None => return Ok(None),
        }
    }
    Ok(Some(key))
}

fn summarize(world: &World<'_>, digest: &Digest, events: &[&Event]) -> Answer<Vec<Summary>> {
    let DigestAction::Summarize {
        per,
        every,
        zone,
        values,
    } = &digest.action
    else {
        return Ok(Vec::new());
    };
    let every = world.program.span(every)?;
    let zone = zone.as_ref().map(|zone| zone.value.as_str());
    let mut windows: BTreeMap<(i64, Vec<String>), Vec<&Event>> = BTreeMap::new();
    for event in events {
        if !belongs(world, digest, event)? {
            continue;
        }
        if let Some(key) = key(world, per, event)? {
            let from = window::start(event.time, every, zone)?;
            windows.entry((from, key)).or_default().push(event);
        }
    }
    let mut summaries = Vec::new();
    for ((from, _), members) in windows {
        let to = window::end(from, every, zone)?;
        let scope = Scope {
            window: Some(&members),
            ..Scope::new(world)
        };
        let mut named = BTreeMap::new();
        for path in per {
            let first = members
                .first()
                .map(|event| field(world, event, &dotted(path)));
            named.insert(
                dotted(path),
                display(&first.transpose()?.unwrap_or_default()),
            );
        }
        for (name, expr) in values {
            let found = value(expr, scope, &Expected::Nothing)?;
            named.insert(name.text.clone(), plain(&found));
        }
        let digest = digest.name.text.clone();
        summaries.push(Summary {
            to,
            from,
            digest,
            values: named,
            partial: world.end <= to,
        });
    }
    Ok(summaries)
}

/// Prints a value as it stands in a record: numbers without their unit.
fn plain(value: &Value) -> String {
    match value {
        Value::Size(bytes) => bytes.to_string(),
        other => display(other),
    }
}
