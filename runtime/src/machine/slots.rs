//! The ways to lay out a rule's plain steps as places for single events.
//!
//! Apart from the search because they depend on the rule alone.

use muster_lang::ir::{Element, Rule, StepId, StepKind};

/// One place to be filled by one event.
#[derive(Clone, Debug)]
pub(super) struct Slot {
    pub(super) element: usize,
    /// The steps the event may be; one of them is taken.
    pub(super) choices: Vec<StepId>,
    /// Whether the completing event must stand here.
    pub(super) is_pinned: bool,
}

/// Returns the ways to lay out a rule's plain steps: one, but for `N of`, `tolerate` and a set or group
/// at the end, where the completing event may stand in several places.
pub(super) fn slot_plans(rule: &Rule) -> Vec<Vec<Slot>> {
    let mut plans: Vec<Vec<Slot>> = vec![Vec::new()];
    for (element, what) in rule.elements.iter().enumerate() {
        let layouts: Vec<Vec<Slot>> = match what {
            Element::One(step) => vec![vec![Slot {
                element,
                choices: vec![*step],
                is_pinned: false,
            }]],
            Element::Group(_) => vec![Vec::new()],
            Element::Set { least, members } => set_layouts(rule, element, *least, members),
        };
        plans = plans
            .iter()
            .flat_map(|plan| {
                layouts
                    .iter()
                    .map(|layout| [plan.as_slice(), layout].concat())
            })
            .collect();
    }
    plans
        .into_iter()
        .flat_map(|plan| pin(rule, &plan))
        .collect()
}

/// Returns for a set one layout for each choice of members, with a slot for each plain member.
fn set_layouts(rule: &Rule, element: usize, least: usize, members: &[StepId]) -> Vec<Vec<Slot>> {
    let chosen = choose(members, least);
    let layout = |chosen: &Vec<StepId>| {
        let plain: Vec<StepId> = chosen
            .iter()
            .copied()
            .filter(|step| !is_group(rule, *step))
            .collect();
        let slot = Slot {
            element,
            choices: plain.clone(),
            is_pinned: false,
        };
        plain.iter().map(|_| slot.clone()).collect()
    };
    chosen.iter().map(layout).collect()
}

/// Returns every way to choose `count` of the members, in the order written.
fn choose(members: &[StepId], count: usize) -> Vec<Vec<StepId>> {
    if count == 0 {
        return vec![Vec::new()];
    }
    let Some((first, rest)) = members.split_first() else {
        return Vec::new();
    };
    let with = choose(rest, count - 1).into_iter().map(|mut tail| {
        tail.insert(0, *first);
        tail
    });
    with.chain(choose(rest, count)).collect()
}

/// Pins the completing event where it must stand.
fn pin(rule: &Rule, plan: &[Slot]) -> Vec<Vec<Slot>> {
    let pinned = |at: usize| {
        let mut plan = plan.to_vec();
        if let Some(slot) = plan.get_mut(at) {
            slot.is_pinned = true;
        }
        plan
    };
    if rule.tolerate.is_some() {
        return (0..plan.len()).map(pinned).collect();
    }
    match rule.elements.last() {
        Some(Element::One(_)) => vec![pinned(plan.len().saturating_sub(1))],
        Some(Element::Group(_)) | None => vec![plan.to_vec()],
        Some(Element::Set { members, .. }) => {
            let last = rule.elements.len() - 1;
            let has_plain = plan.last().is_some_and(|slot| slot.element == last);
            let has_group = members.iter().any(|step| is_group(rule, *step));
            let plain = has_plain.then(|| pinned(plan.len() - 1));
            plain
                .into_iter()
                .chain(has_group.then(|| plan.to_vec()))
                .collect()
        }
    }
}

fn is_group(rule: &Rule, step: StepId) -> bool {
    matches!(rule.steps[step].kind, StepKind::Group(_))
}
