//! How far back in time an event may lie and still matter.
//!
//! Apart from the decision because it reads windows and frames alone.

use super::super::{AbsenceInterval, Element, Frame, Rule, StepId, Window, WindowKind};
use super::element_of;
use crate::units::Duration;

/// Returns for each element how long before a completing event one of its events may lie.
///
/// Worked out backwards: what bounds the end of an element by elements after it, then what bounds
/// its first event by its end.
#[must_use]
pub fn reaches(rule: &Rule) -> Vec<Duration> {
    let slack = rule.tolerate.unwrap_or_default();
    let frame = match &rule.frame {
        Some(Frame::Each { every, .. }) => *every,
        Some(Frame::Session { up_to, .. }) => *up_to,
        None => FOREVER,
    };
    let count = rule.elements.len();
    let mut ends: Vec<Duration> = vec![FOREVER; count];
    let mut reaches = vec![FOREVER; count];
    for element in (0..count).rev() {
        let end = if element + 1 == count {
            Duration(0)
        } else {
            end_reach(rule, element, &ends).min(frame)
        };
        let is_one = matches!(rule.elements.get(element), Some(Element::One(_)));
        let reach = if is_one {
            end
        } else {
            start_reach(rule, element, end, &ends).min(frame)
        };
        for (list, value) in [(&mut ends, end), (&mut reaches, reach)] {
            if let Some(slot) = list.get_mut(element) {
                *slot = value;
            }
        }
    }
    if rule.tolerate.is_some() {
        // Any step may complete, so any of them may lie as far back as the first.
        let first = reaches.iter().copied().max().unwrap_or_default();
        reaches.fill(first);
    }
    reaches
        .into_iter()
        .map(|reach| plus(reach, slack))
        .collect()
}

/// What nothing bounds.
pub const FOREVER: Duration = Duration(i64::MAX);

fn plus(left: Duration, right: Duration) -> Duration {
    Duration(left.0.saturating_add(right.0))
}

/// Returns the bound from the last event of an element to the completing event.
fn end_reach(rule: &Rule, element: usize, ends: &[Duration]) -> Duration {
    let bounds = rule.windows.iter().filter(|window| {
        let follows = window.kind == WindowKind::Gap && window.first == element + 1;
        let spans = window.kind == WindowKind::Span && window.first <= element;
        window.last > element && (follows || spans)
    });
    let total = |window: &Window| {
        plus(
            window.within,
            ends.get(window.last).copied().unwrap_or(FOREVER),
        )
    };
    bounds.map(total).min().unwrap_or(FOREVER)
}

/// Returns the bound from the first event of an element to the completing event.
fn start_reach(rule: &Rule, element: usize, end: Duration, ends: &[Duration]) -> Duration {
    let bounds = rule
        .windows
        .iter()
        .filter(|window| (window.first..=window.last).contains(&element));
    let total = |window: &Window| {
        let beyond = if window.last == element {
            end
        } else {
            ends.get(window.last).copied().unwrap_or(FOREVER)
        };
        plus(window.within, beyond)
    };
    bounds.map(total).min().unwrap_or(FOREVER)
}

/// Returns how long before the event at hand one that breaks an absence may lie.
#[must_use]
pub fn absence_reach(rule: &Rule, reach: &[Duration], interval: AbsenceInterval) -> Duration {
    let of = |step: StepId| {
        reach
            .get(element_of(rule, step))
            .copied()
            .unwrap_or_default()
    };
    match interval {
        AbsenceInterval::Between(first, _) | AbsenceInterval::Inside(first) => of(first),
        AbsenceInterval::Around { before, after } => {
            let before = before.map(|(span, step)| Duration(span.0.saturating_add(of(step).0)));
            let after = after.map(|(_, step)| of(step));
            before.into_iter().chain(after).max().unwrap_or_default()
        }
    }
}
