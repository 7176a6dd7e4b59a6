//! Memories, read as of an event by going through all that came strictly before it.
//!
//! Apart from expressions because nothing is kept: every read looks at the whole stream again.

use muster_lang::syntax::ast::{ExprKind, Memory, MemoryKind, Path};
use muster_lang::units::Timestamp;
use muster_lang::value::Value;

use super::atom::joining;
use super::expression::{field, in_class, passes, value};
use super::names::{Expected, Scope};
use super::program::dotted;
use super::stream::{Event, World};
use super::value::{Truth, fold, normal, number};
use super::{Answer, unsupported};

/// Tells whether a value is in a `seen` memory.
pub(crate) fn contains(
    world: &World<'_>,
    memory: &Memory,
    at: &Event,
    wanted: &Value,
) -> Answer<Truth> {
    let Some(entries) = answer(world, memory, at)? else {
        return Ok(Truth::Unknown);
    };
    if wanted.is_missing() {
        return Ok(Truth::Unknown);
    }
    let known = sighted(world, memory, at, &entries)?;
    let wanted: Vec<String> = joining(wanted).iter().map(normal).collect();
    Ok(Truth::of(
        wanted
            .iter()
            .any(|one| known.iter().any(|(value, _)| value == one)),
    ))
}

/// Returns what a memory tells at an event: the memory itself or one of its parts.
pub(crate) fn read(
    world: &World<'_>,
    memory: &Memory,
    at: &Event,
    parts: &[String],
) -> Answer<Value> {
    let Some(entries) = answer(world, memory, at)? else {
        return Ok(Value::Missing);
    };
    let part = parts.join(".");
    let fresh = fresh(world, memory, at, &entries)?;
    match (&memory.kind, part.as_str()) {
        (MemoryKind::Count, "") => Ok(int(fresh.len())),
        (MemoryKind::Seen(_), "size") | (MemoryKind::Distinct(_), "") => {
            Ok(int(sighted(world, memory, at, &entries)?.len()))
        }
        (MemoryKind::Last(path), "") => nth_last(world, path, &fresh, 0),
        (MemoryKind::Last(path), "previous") => nth_last(world, path, &fresh, 1),
        (MemoryKind::Last(_), "at") => Ok(fresh
            .last()
            .map_or(Value::Missing, |event| Value::Time(Timestamp(event.time)))),
        (MemoryKind::Profile { .. }, _) => profile(world, memory, at, &entries, &part),
        _ => unsupported(format!("`{}.{part}` of a memory", memory.name.text)),
    }
}

fn int(count: usize) -> Value {
    Value::Int(i64::try_from(count).unwrap_or(i64::MAX))
}

/// Returns the events recorded under the key of the reading event, or nothing while unknown.
fn answer<'w>(world: &'w World<'_>, memory: &Memory, at: &Event) -> Answer<Option<Vec<&'w Event>>> {
    let Some(key) = key(world, &memory.per, at)? else {
        return Ok(None);
    };
    let mut entries = Vec::new();
    for event in before(world, at) {
        if records(world, memory, event)?
            && self::key(world, &memory.per, event)?.as_ref() == Some(&key)
        {
            entries.push(event);
        }
    }
    if let MemoryKind::Profile { .. } = memory.kind {
        entries = since_silence(world, memory, at, entries)?;
    }
    let Some(learn) = &memory.learn else {
        return Ok(Some(entries));
    };
    let first = match memory.kind {
        MemoryKind::Profile { .. } => entries.first().map(|event| event.time),
        MemoryKind::Seen(_) | MemoryKind::Last(_) | MemoryKind::Count | MemoryKind::Distinct(_) => {
            if at.alert.is_some() {
                return unsupported("a learning memory read at an alert");
            }
            before(world, at)
                .into_iter()
                .find(|event| event.alert.is_none() && event.source == at.source)
                .map(|event| event.time)
        }
    };
    let age = first.map_or(0, |first| at.time - first);
    Ok((age >= world.program.span(learn)?).then_some(entries))
}

/// Returns all that a read at an event can know of, in stream order.
fn before<'w>(world: &'w World<'_>, at: &Event) -> Vec<&'w Event> {
    let arrived = |event: &&Event| event.behind.is_none_or(|watermark| at.time >= watermark);
    let mut events: Vec<&Event> = world
        .events
        .iter()
        .chain(world.late.iter().filter(arrived))
        .filter(|event| event.position < at.position)
        .collect();
    events.sort_by(|a, b| a.position.cmp(&b.position));
    events
}

/// Tenant and `per` values; nothing if one is missing.
fn key(world: &World<'_>, per: &[Path], event: &Event) -> Answer<Option<Vec<String>>> {
    let mut key = vec![
        event
            .tenant
            .as_deref()
            .map_or_else(String::new, |tenant| format!("t{}", fold(tenant))),
    ];
    for path in per {
        let value = field(world, event, &dotted(path))?;
        if let Value::List(_) = value {
            return unsupported("a memory per a list");
        }
        match joining(&value).first() {
            Some(one) => key.push(normal(one)),
            None => return Ok(None),
        }
    }
    Ok(Some(key))
}

fn records(world: &World<'_>, memory: &Memory, event: &Event) -> Answer<bool> {
    let class = memory
        .class
        .as_ref()
        .map_or("any", |class| class.text.as_str());
    if !in_class(world, event, class)? || !passes(&memory.filters, Scope::new(world).at(event))? {
        return Ok(false);
    }
    Ok(match &memory.kind {
        MemoryKind::Count => true,
        MemoryKind::Seen(path) | MemoryKind::Last(path) | MemoryKind::Distinct(path) => {
            !joining(&field(world, event, &dotted(path))?).is_empty()
        }
        MemoryKind::Profile { aggregate, .. } => match &aggregate.kind {
            ExprKind::Call { args, .. } => {
                match args.first().map(|argument| &argument.value.kind) {
                    Some(ExprKind::Path(path)) => !field(world, event, &dotted(path))?.is_missing(),
                    Some(_) => return unsupported("a profile of anything but a field"),
                    None => true,
                }
            }
            _ => return unsupported("a profile of anything but an aggregate"),
        },
    })
}

fn keep(world: &World<'_>, memory: &Memory) -> Answer<i64> {
    match &memory.keep {
        Some(keep) => world.program.span(keep),
        None => unsupported("a memory without `for`"),
    }
}

fn fresh<'w>(
    world: &World<'_>,
    memory: &Memory,
    at: &Event,
    entries: &[&'w Event],
) -> Answer<Vec<&'w Event>> {
    let keep = keep(world, memory)?;
    Ok(entries
        .iter()
        .copied()
        .filter(|event| at.time - event.time <= keep)
        .collect())
}

/// Returns each remembered value with its last sight, the newest `max` of them.
fn sighted(
    world: &World<'_>,
    memory: &Memory,
    at: &Event,
    entries: &[&Event],
) -> Answer<Vec<(String, usize)>> {
    let (MemoryKind::Seen(path) | MemoryKind::Distinct(path)) = &memory.kind else {
        return unsupported("the values of a memory that keeps none");
    };
    let mut known: Vec<(String, usize)> = Vec::new();
    for (sight, event) in fresh(world, memory, at, entries)?.into_iter().enumerate() {
        for one in joining(&field(world, event, &dotted(path))?) {
            let one = normal(&one);
            known.retain(|(before, _)| *before != one);
            known.push((one, sight));
        }
    }
    if let Some(most) = &memory.max {
        let extra = known.len().saturating_sub(world.program.count(most)?);
        known.drain(..extra);
    }
    Ok(known)
}

fn nth_last(world: &World<'_>, path: &Path, fresh: &[&Event], back: usize) -> Answer<Value> {
    match fresh.iter().rev().nth(back) {
        Some(event) => field(world, event, &dotted(path)),
        None => Ok(Value::Missing),
    }
}

/// A key silent for longer than `for` starts anew, before a recorded event and before a read.
fn since_silence<'w>(
    world: &World<'_>,
    memory: &Memory,
    at: &Event,
    entries: Vec<&'w Event>,
) -> Answer<Vec<&'w Event>> {
    let keep = keep(world, memory)?;
    let mut since: Vec<&Event> = Vec::new();
    for event in entries {
        if since
            .last()
            .is_some_and(|last| event.time - last.time > keep)
        {
            since.clear();
        }
        since.push(event);
    }
    if since.last().is_some_and(|last| at.time - last.time > keep) {
        since.clear();
    }
    Ok(since)
}

fn profile(
    world: &World<'_>,
    memory: &Memory,
    at: &Event,
    entries: &[&Event],
    part: &str,
) -> Answer<Value> {
    let MemoryKind::Profile { aggregate, every } = &memory.kind else {
        return unsupported("a profile of another kind");
    };
    let every = world.program.span(every)?;
    let bucket = |time: i64| super::window::aligned(time, every);
    let mut closed: Vec<Value> = Vec::new();
    if let Some(first) = entries.first() {
        let mut start = bucket(first.time);
        let now = bucket(at.time);
        let most = keep(world, memory)? / every;
        start = start.max(now - most * every);
        while start < now {
            let inside: Vec<&Event> = entries
                .iter()
                .copied()
                .filter(|event| bucket(event.time) == start)
                .collect();
            let scope = Scope {
                window: Some(&inside),
                ..Scope::new(world)
            };
            let one = if inside.is_empty() {
                Value::Int(0)
            } else {
                value(aggregate, scope, &Expected::Nothing)?
            };
            closed.push(one);
            start += every;
        }
    }
    if part == "n" {
        return Ok(int(closed.len()));
    }
    statistic(&closed, part)
}

#[expect(
    clippy::cast_precision_loss,
    reason = "profiles of tests have few buckets"
)]
fn statistic(closed: &[Value], part: &str) -> Answer<Value> {
    // Empty buckets are a plain 0, whatever the others measure.
    let numbers: Vec<_> = closed.iter().filter_map(number).collect();
    let measured = numbers
        .iter()
        .find(|(_, amount)| *amount != 0.0)
        .or(numbers.first());
    let Some((kind, _)) = measured.copied() else {
        return Ok(Value::Missing);
    };
    let mut amounts: Vec<f64> = numbers.iter().map(|(_, amount)| *amount).collect();
    amounts.sort_by(f64::total_cmp);
    let count = amounts.len() as f64;
    let mean = amounts.iter().sum::<f64>() / count;
    let spread = amounts
        .iter()
        .map(|amount| (amount - mean).powi(2))
        .sum::<f64>()
        / count;
    let amount = match part {
        "mean" => mean,
        "sd" => spread.sqrt(),
        "median" => nearest_rank(&amounts, 0.5),
        "p95" => nearest_rank(&amounts, 0.95),
        "max" => nearest_rank(&amounts, 1.0),
        "mad" => {
            let median = nearest_rank(&amounts, 0.5);
            let mut away: Vec<f64> = amounts
                .iter()
                .map(|amount| (amount - median).abs())
                .collect();
            away.sort_by(f64::total_cmp);
            nearest_rank(&away, 0.5)
        }
        _ => return unsupported(format!("`.{part}` of a profile")),
    };
    Ok(super::value::from_number(kind, amount))
}

/// The value at rank ⌈share · n⌉, from 1.
#[expect(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "profiles of tests have few buckets, shares lie between 0 and 1"
)]
pub(crate) fn nearest_rank(sorted: &[f64], share: f64) -> f64 {
    let rank = (share * sorted.len() as f64).ceil() as usize;
    sorted.get(rank.max(1) - 1).copied().unwrap_or(f64::NAN)
}
