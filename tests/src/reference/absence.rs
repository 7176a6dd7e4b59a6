//! Absences: what breaks a match, and until when it may still be broken.
//!
//! Apart from chains because an absence is asked twice: of each chain up to its completing event,
//! and of the chosen match up to its deadlines.

use muster_lang::syntax::ast::{IntervalKind, Name, Without};

use super::chain::{Chain, Search};
use super::group::is_absent;
use super::key::Key;
use super::names::Bound;
use super::stream::Event;
use super::{Answer, unsupported};

/// What becomes of a match.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fate {
    /// An absence broke it.
    Broken,
    /// It holds since an instant, which is a deadline's or the completing event's.
    Holds { time: i64, at_deadline: bool },
    /// The input ended before the deadline had passed.
    Pending { until: i64 },
}

/// One side of an interval, with its anchors bound.
#[derive(Debug)]
enum Side<'s> {
    Between(&'s Event, &'s Event),
    Before(i64, &'s Event),
    After(i64, &'s Event),
}

impl Side<'_> {
    fn covers(&self, q: &Event) -> bool {
        match self {
            Side::Between(a, b) => a.position < q.position && q.position < b.position,
            Side::Before(span, a) => q.time >= a.time - span && q.position < a.position,
            Side::After(span, a) => a.position < q.position && q.time <= a.time + span,
        }
    }
}

/// Tells whether an event up to the completing one breaks a chain.
pub(crate) fn broken_by(search: &Search<'_>, key: &Key, bounds: &[Bound<'_>]) -> Answer<bool> {
    broken(search, key, bounds, |q| {
        q.position <= search.completing.position
    })
}

/// Returns what becomes of a match in the whole stream.
pub(crate) fn fate(search: &Search<'_>, chain: &Chain<'_>) -> Answer<Fate> {
    if broken(search, &chain.key, &chain.bounds, |_| true)? {
        return Ok(Fate::Broken);
    }
    let completing = search.completing.time;
    let mut open = None;
    for without in &search.shape.absences {
        for side in sides(search, without, &chain.bounds)? {
            if let Side::After(span, anchor) = side {
                let deadline = anchor.time + span;
                if deadline >= completing {
                    open = open.max(Some(deadline));
                }
            }
        }
    }
    Ok(match open {
        None => Fate::Holds {
            time: completing,
            at_deadline: false,
        },
        Some(time) if search.world.end > time => Fate::Holds {
            time,
            at_deadline: true,
        },
        Some(until) => Fate::Pending { until },
    })
}

/// Tells whether the stream is old enough for every `before` of a match.
pub(crate) fn is_complete(search: &Search<'_>, chain: &Chain<'_>) -> Answer<bool> {
    let first = search
        .world
        .events
        .iter()
        .find(|event| event.alert.is_none());
    for without in &search.shape.absences {
        for side in sides(search, without, &chain.bounds)? {
            if let (Side::Before(span, anchor), Some(first)) = (side, first)
                && anchor.time - span < first.time
            {
                return Ok(false);
            }
        }
    }
    Ok(true)
}

fn broken(
    search: &Search<'_>,
    key: &Key,
    bounds: &[Bound<'_>],
    may_break: impl Fn(&Event) -> bool,
) -> Answer<bool> {
    let bound: Vec<&Event> = bounds.iter().flat_map(Bound::events).collect();
    for without in &search.shape.absences {
        let sides = sides(search, without, bounds)?;
        for q in &search.world.events {
            let inside =
                may_break(q) && !bound.contains(&q) && sides.iter().any(|side| side.covers(q));
            if inside && is_absent(search, key, without, q, bounds)? {
                return Ok(true);
            }
        }
    }
    Ok(false)
}

fn sides<'s>(
    search: &Search<'s>,
    without: &Without,
    bounds: &[Bound<'s>],
) -> Answer<Vec<Side<'s>>> {
    let Some(interval) = &without.interval else {
        return unsupported("a `without` without interval");
    };
    let first = |name: &Name| anchor(search, name, bounds).map(|(first, _)| first);
    let last = |name: &Name| anchor(search, name, bounds).map(|(_, last)| last);
    let span = |quantity| search.world.program.span(quantity);
    Ok(match &interval.kind {
        IntervalKind::Between(a, b) => vec![Side::Between(last(a)?, first(b)?)],
        IntervalKind::Inside(_) => Vec::new(),
        IntervalKind::Around { before, after } => {
            let mut sides = Vec::new();
            if let Some((quantity, name)) = before {
                sides.push(Side::Before(span(quantity)?, first(name)?));
            }
            if let Some((quantity, name)) = after {
                sides.push(Side::After(span(quantity)?, last(name)?));
            }
            sides
        }
    })
}

/// Returns the first and the last event of a step.
fn anchor<'s>(
    search: &Search<'s>,
    name: &Name,
    bounds: &[Bound<'s>],
) -> Answer<(&'s Event, &'s Event)> {
    let events = bounds
        .get(search.shape.step(name)?)
        .map(Bound::events)
        .unwrap_or_default();
    match (events.first(), events.last()) {
        (Some(first), Some(last)) => Ok((first, last)),
        _ => unsupported("an anchor inside `N of`"),
    }
}
