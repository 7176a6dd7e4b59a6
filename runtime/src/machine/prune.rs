//! Forgets kept events that a newer one makes useless.
//!
//! Apart from what decides that, which reads the rule alone: here is only what it means for a key.

use std::collections::VecDeque;

use muster_lang::ir::needs::Kept;
use muster_lang::ir::{FieldId, Rule};

use crate::event::Layout;
use crate::machine::state::Candidate;
use crate::machine::windows::fits_windows;
use crate::predicate::Bound;

/// Forgets what the last of the candidates makes useless; `breaks` tells of a position whether its
/// event is kept as one that an absence forbids.
pub(super) fn prune(
    kept: &Kept,
    rule: &Rule,
    layout: &Layout,
    candidates: &mut VecDeque<Candidate>,
    breaks: &dyn Fn(u64) -> bool,
) {
    match kept {
        Kept::Nothing | Kept::Everything => {}
        Kept::Newest(fields) => keep_newest(rule, layout, fields, candidates, breaks),
        Kept::Chains => keep_chains(rule, candidates),
    }
}

fn keep_newest(
    rule: &Rule,
    layout: &Layout,
    fields: &[FieldId],
    candidates: &mut VecDeque<Candidate>,
    breaks: &dyn Fn(u64) -> bool,
) {
    // The last step completes a match, so as a part of one kept for later it does not count.
    let kept = (1u64 << (rule.steps.len() - 1)) - 1;
    let Some(newest) = candidates.back().filter(|one| one.steps & kept == 1) else {
        return;
    };
    let is_alike = |one: &Candidate| {
        let differs =
            |field: &&FieldId| one.event.get(layout, **field) != newest.event.get(layout, **field);
        !fields.iter().any(|field| differs(&field))
    };
    let older = candidates.iter().enumerate().rev().skip(1);
    let useless = older
        .take_while(|(_, one)| one.steps & kept == 1)
        // An event that a match binds does not break it, so the older one still serves: left unbound,
        // it would break the match of the newer.
        .find(|(_, one)| is_alike(one) && !breaks(one.event.position))
        .map(|(index, _)| index);
    if let Some(index) = useless {
        candidates.remove(index);
    }
}

fn keep_chains(rule: &Rule, candidates: &mut VecDeque<Candidate>) {
    if candidates.len() < 2 {
        return;
    }
    let mut best: Vec<Option<Vec<Bound>>> = vec![None; rule.steps.len() - 1];
    for candidate in candidates.iter() {
        for length in (0..best.len()).rev() {
            if let Some(chain) = extended(rule, &best, length, candidate) {
                best.iter_mut()
                    .skip(length)
                    .take(1)
                    .for_each(|place| *place = Some(chain.clone()));
            }
        }
    }
    let bound = || best.iter().flatten().flatten().flat_map(Bound::events);
    candidates.retain(|one| bound().any(|event| event.position == one.event.position));
}

/// Returns the latest chain of the steps `0..=length` that ends with a candidate.
fn extended(
    rule: &Rule,
    best: &[Option<Vec<Bound>>],
    length: usize,
    candidate: &Candidate,
) -> Option<Vec<Bound>> {
    if candidate.steps & (1 << length) == 0 {
        return None;
    }
    let mut chain = match length.checked_sub(1) {
        None => vec![Bound::None; rule.steps.len()],
        Some(before) => best.get(before)?.clone()?,
    };
    *chain.get_mut(length)? = Bound::One(candidate.event.clone());
    fits_windows(rule, &chain).then_some(chain)
}
