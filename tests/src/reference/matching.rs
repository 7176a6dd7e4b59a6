//! Which match: for each event and key the tightest chain, and the restart after it.
//!
//! Apart from chains because this is the only place where one match has an effect on the next.

use std::collections::BTreeMap;

use super::absence::{self, Fate};
use super::chain::{Chain, Pool, Search};
use super::condition::Role;
use super::expression::{field, holds, in_class};
use super::key::{self, Key};
use super::names::{Bound, Scope};
use super::shape::{Shape, Step, StepForm};
use super::stream::{Event, Position, World};
use super::walk::has_atom;
use super::window::sessions;
use super::{Answer, unsupported};

/// A match, with what becomes of it.
#[derive(Debug)]
pub(crate) struct Match<'s> {
    pub(crate) chain: Chain<'s>,
    pub(crate) completing: &'s Event,
    pub(crate) fate: Fate,
    pub(crate) complete: bool,
    /// The window of `each` or the session it lies in.
    pub(crate) slot: Option<i64>,
}

/// Returns all matches of a rule in the order of their completing events.
pub(crate) fn matches<'s>(world: &'s World<'s>, shape: &'s Shape<'s>) -> Answer<Vec<Match<'s>>> {
    let candidates = candidates(world, shape)?;
    let mut restarts: BTreeMap<Key, Position> = BTreeMap::new();
    let mut matches = Vec::new();
    for completing in &world.events {
        if !can_complete(shape, &candidates, completing) {
            continue;
        }
        let mut new = Vec::new();
        for key in key::of(world, shape, completing)? {
            let search = search(world, shape, completing, key, &candidates, &restarts)?;
            for chain in tightest(search.chains()?) {
                let fate = absence::fate(&search, &chain)?;
                let complete = absence::is_complete(&search, &chain)?;
                let slot = search.slot(completing)?;
                new.push(Match {
                    chain,
                    completing,
                    fate,
                    complete,
                    slot,
                });
            }
        }
        if !shape.keep {
            let at = |found: &Match<'_>| (found.chain.key.clone(), completing.position.clone());
            restarts.extend(new.iter().map(at));
        }
        matches.extend(new);
    }
    Ok(matches)
}

/// Returns the greatest chain of each key; of equal ones the first found.
fn tightest(chains: Vec<Chain<'_>>) -> Vec<Chain<'_>> {
    let mut best: BTreeMap<Key, Chain<'_>> = BTreeMap::new();
    for chain in chains {
        match best.get(&chain.key) {
            Some(before) if before.rank >= chain.rank => {}
            Some(_) | None => {
                best.insert(chain.key.clone(), chain);
            }
        }
    }
    best.into_values().collect()
}

/// Returns the events that each step may bind, by conditions of the event alone.
fn candidates<'s>(world: &'s World<'s>, shape: &Shape<'_>) -> Answer<Pool<'s>> {
    let mut pool = Pool::new();
    for (number, step) in shape.steps.iter().enumerate() {
        let mut fitting = Vec::new();
        for event in &world.events {
            let counted = match &step.kind {
                StepForm::Plain | StepForm::Count(_) => true,
                StepForm::Different(_, path) | StepForm::Aggregate { path, .. } => {
                    !field(world, event, path)?.is_missing()
                }
            };
            if counted
                && in_class(world, event, step.class)?
                && is_fit(world, shape, number, event)?
            {
                fitting.push(event);
            }
        }
        pool.push(fitting);
    }
    Ok(pool)
}

fn is_fit<'s>(
    world: &'s World<'s>,
    shape: &Shape<'_>,
    number: usize,
    event: &'s Event,
) -> Answer<bool> {
    let name = shape
        .steps
        .get(number)
        .map(|step| step.name.clone())
        .unwrap_or_default();
    let names = [(name, Bound::One(event))];
    let scope = Scope {
        names: &names,
        ..Scope::new(world)
    }
    .at(event);
    for condition in &shape.conditions {
        let asked = condition.owner == Some(number) && condition.role == Role::Own;
        if asked && !holds(condition.expr, condition.unless, scope)? {
            return Ok(false);
        }
    }
    Ok(true)
}

/// An event can complete as a step of the last atom; under `tolerate` as any.
fn can_complete(shape: &Shape<'_>, candidates: &Pool<'_>, event: &Event) -> bool {
    candidates.iter().enumerate().any(|(number, events)| {
        let last = shape.atom_of(number) + 1 == shape.atoms.len() || shape.tolerate.is_some();
        last && events.contains(&event)
    })
}

fn search<'s>(
    world: &'s World<'s>,
    shape: &'s Shape<'s>,
    completing: &'s Event,
    key: Key,
    candidates: &Pool<'s>,
    restarts: &BTreeMap<Key, Position>,
) -> Answer<Search<'s>> {
    let mut pool = Pool::new();
    let mut all: Vec<&Event> = Vec::new();
    for events in candidates {
        let mut kept = Vec::new();
        for event in events {
            if key::has(world, shape, event, &key)? {
                kept.push(*event);
            }
        }
        all.extend(&kept);
        kept.retain(|event| event.position <= completing.position);
        pool.push(kept);
    }
    let sessions = match shape.session {
        Some((gap, up_to)) => {
            check_session(shape)?;
            all.sort_by(|a, b| a.position.cmp(&b.position));
            all.dedup();
            let times: Vec<i64> = all.iter().map(|event| event.time).collect();
            let positions = all.iter().map(|event| event.position.clone());
            positions.zip(sessions(&times, gap, up_to)).collect()
        }
        None => BTreeMap::new(),
    };
    let restarts = restarts.clone();
    Ok(Search {
        world,
        shape,
        completing,
        key,
        pool,
        sessions,
        restarts,
    })
}

/// A session's events "satisfy some step": only conditions of the event alone can tell that.
fn check_session(shape: &Shape<'_>) -> Answer<()> {
    let relates = shape.conditions.iter().any(|condition| {
        let group = condition
            .owner
            .and_then(|owner| shape.steps.get(owner))
            .is_some_and(Step::is_group);
        match condition.role {
            Role::Own => false,
            Role::Member => true,
            Role::Chain => condition.owner.is_some() && !group && !has_atom(condition.expr),
        }
    });
    if relates || !shape.joins.is_empty() {
        return unsupported("a session with a step that reads another");
    }
    Ok(())
}
