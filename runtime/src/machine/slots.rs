//! The ways to lay out a rule's plain steps as places for single events.
//!
//! Apart from the search because they depend on the rule alone.

use muster_lang::ir::{Element, Rule, StepId, StepKind};

/// One place to be filled by one event.
#[derive(Clone, Debug)]
pub(crate) struct Slot {
    pub(crate) element: usize,
    /// The steps the event may be; one of them is taken.
    pub(crate) choices: Vec<StepId>,
    /// Whether the completing event must stand here.
    pub(crate) is_pinned: bool,
}

/// A way to lay out a rule: places for its plain steps, and the steps that take no part.
#[derive(Clone, Debug, Default)]
pub(crate) struct Layout {
    /// The places, in the order of the elements.
    pub(crate) slots: Vec<Slot>,
    /// The members of `N of` that are not chosen, one bit each.
    pub(crate) left_out: u64,
}

impl Layout {
    fn with(&self, other: &Self) -> Self {
        Self {
            slots: [self.slots.as_slice(), &other.slots].concat(),
            left_out: self.left_out | other.left_out,
        }
    }

    /// Pins the completing event to one of the places.
    fn pinned(&self, at: usize) -> Self {
        let mut layout = self.clone();
        if let Some(slot) = layout.slots.get_mut(at) {
            slot.is_pinned = true;
        }
        layout
    }
}

/// Returns the ways to lay out a rule: one, but for `N of`, `tolerate` and a set or group at the end,
/// where the completing event may stand in several places.
pub(crate) fn layouts(rule: &Rule) -> Vec<Layout> {
    let mut layouts = vec![Layout::default()];
    for (element, what) in rule.elements.iter().enumerate() {
        let more = match what {
            Element::One(step) => vec![Layout {
                slots: vec![slot(element, vec![*step])],
                left_out: 0,
            }],
            Element::Group(_) => vec![Layout::default()],
            Element::Set { least, members } => set_layouts(rule, element, *least, members),
        };
        let combined = layouts
            .iter()
            .flat_map(|one| more.iter().map(|other| one.with(other)));
        layouts = combined.collect();
    }
    layouts
        .iter()
        .flat_map(|layout| pin(rule, layout))
        .collect()
}

fn slot(element: usize, choices: Vec<StepId>) -> Slot {
    Slot {
        element,
        choices,
        is_pinned: false,
    }
}

/// Returns for a set one layout for each choice of members, with a slot for each plain member.
fn set_layouts(rule: &Rule, element: usize, least: usize, members: &[StepId]) -> Vec<Layout> {
    let layout = |chosen: Vec<StepId>| {
        let is_plain = |step: &StepId| !is_group(rule, *step);
        let plain: Vec<StepId> = chosen.iter().copied().filter(is_plain).collect();
        let unchosen = members.iter().filter(|step| !chosen.contains(step));
        Layout {
            slots: vec![slot(element, plain.clone()); plain.len()],
            left_out: unchosen.fold(0, |mask, step| mask | 1 << step.index()),
        }
    };
    choose(members, least).into_iter().map(layout).collect()
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
fn pin(rule: &Rule, layout: &Layout) -> Vec<Layout> {
    let count = layout.slots.len();
    if rule.tolerate.is_some() {
        return (0..count).map(|at| layout.pinned(at)).collect();
    }
    match rule.elements.last() {
        Some(Element::One(_)) => vec![layout.pinned(count.saturating_sub(1))],
        Some(Element::Group(_)) | None => vec![layout.clone()],
        Some(Element::Set { members, .. }) => {
            let last = rule.elements.len() - 1;
            let has_plain = layout.slots.last().is_some_and(|slot| slot.element == last);
            let has_group = members.iter().any(|step| is_group(rule, *step));
            let plain = has_plain.then(|| layout.pinned(count - 1));
            plain
                .into_iter()
                .chain(has_group.then(|| layout.clone()))
                .collect()
        }
    }
}

fn is_group(rule: &Rule, step: StepId) -> bool {
    matches!(rule.steps[step].kind, StepKind::Group(_))
}
