//! What stood in the way of a match.
//!
//! Apart from finding it so that the kinds of obstacle can be listed, tested and said in words.

use std::sync::Arc;

use muster_lang::time::format_rfc3339;
use muster_lang::units::{Duration, Timestamp};

use super::words::span;
use crate::event::Event;

/// An event that might have been the next of a chain, and why it is not.
#[derive(Clone, Debug)]
pub struct Failed {
    /// The event.
    pub event: Arc<Event>,
    /// In words.
    pub words: String,
}

/// What stood in the way.
#[derive(Clone, Debug)]
pub enum Obstacle {
    /// No event of the class followed, or none that fits by itself.
    NoEvent {
        /// The step.
        step: Arc<str>,
        /// Its class.
        class: Arc<str>,
        /// The key, as people write it.
        key: String,
        /// The event it should have followed.
        after: Option<Arc<Event>>,
        /// Within what span.
        within: Option<Duration>,
        /// Those that came nearest.
        near: Vec<Failed>,
    },
    /// The next event came too late.
    TooLate {
        /// The step.
        step: Arc<str>,
        /// The event.
        event: Arc<Event>,
        /// How long after what it follows.
        took: Duration,
        /// How long that may be.
        within: Duration,
    },
    /// A condition was false or unknown.
    Condition {
        /// The step, if it is a step's.
        step: Option<Arc<str>>,
        /// The event at hand, if it is a step's.
        event: Option<Arc<Event>>,
        /// The condition as written.
        condition: Arc<str>,
        /// Why.
        words: String,
    },
    /// The events have not the key in common.
    Key {
        /// The component.
        name: Arc<str>,
    },
    /// A group was too small, or its condition does not hold.
    Group {
        /// The step.
        step: Arc<str>,
        /// The most members found at once.
        members: Vec<Arc<Event>>,
        /// Its condition, and why it does not hold.
        condition: Arc<str>,
        /// Why.
        words: String,
    },
    /// An absence was broken.
    Absence {
        /// The clause as written.
        clause: Arc<str>,
        /// The event that broke it.
        by: Option<Arc<Event>>,
    },
    /// Its events were used up by a match before.
    UsedUp {
        /// When that match was completed.
        at: Timestamp,
    },
    /// Its events do not lie in one window or session, or that has raised an alert.
    Frame {
        /// When the window or session began.
        from: Timestamp,
    },
}

impl Obstacle {
    /// Says it in a line, without the events that came near.
    #[must_use]
    pub fn words(&self) -> String {
        match self {
            Obstacle::NoEvent {
                step,
                class,
                key,
                after,
                within,
                ..
            } => no_event(step, class, key, after.as_ref(), *within),
            Obstacle::TooLate {
                step,
                event,
                took,
                within,
            } => {
                format!(
                    "`{step}`: {} came {} after, needs at most {}",
                    event.id,
                    span(*took),
                    span(*within)
                )
            }
            Obstacle::Condition {
                step,
                event,
                condition,
                words,
            } => {
                let place = step
                    .as_ref()
                    .map(|step| format!("`{step}`: "))
                    .unwrap_or_default();
                let on = event
                    .as_ref()
                    .map(|event| format!(" on {}", event.id))
                    .unwrap_or_default();
                format!("{place}`{condition}` does not hold{on}: {words}")
            }
            Obstacle::Key { name } => format!("the events have no `{name}` in common"),
            Obstacle::Group {
                step,
                members,
                condition,
                words,
            } => {
                let between = match (members.first(), members.last()) {
                    (Some(first), Some(last)) => format!(
                        " from {} to {}",
                        format_rfc3339(first.time),
                        format_rfc3339(last.time)
                    ),
                    (None, _) | (_, None) => String::new(),
                };
                let count = members.len();
                format!(
                    "group `{step}`: best is {count} event{}{between}; `{condition}` does not hold: {words}",
                    if count == 1 { "" } else { "s" }
                )
            }
            Obstacle::Absence {
                clause,
                by: Some(by),
            } => {
                format!(
                    "`{clause}` is broken by {} at {}",
                    by.id,
                    format_rfc3339(by.time)
                )
            }
            Obstacle::Absence { clause, by: None } => format!("`{clause}` is broken"),
            Obstacle::UsedUp { at } => {
                format!(
                    "its events were used by the match at {}; `on match keep` would let them count again",
                    format_rfc3339(*at)
                )
            }
            Obstacle::Frame { from } => {
                format!(
                    "its events are not all in the window from {}, or that has raised an alert",
                    format_rfc3339(*from)
                )
            }
        }
    }

    /// Returns the events that came near.
    #[must_use]
    pub fn near(&self) -> &[Failed] {
        match self {
            Obstacle::NoEvent { near, .. } => near,
            Obstacle::TooLate { .. }
            | Obstacle::Condition { .. }
            | Obstacle::Key { .. }
            | Obstacle::Group { .. }
            | Obstacle::Absence { .. }
            | Obstacle::UsedUp { .. }
            | Obstacle::Frame { .. } => &[],
        }
    }
}

fn no_event(
    step: &str,
    class: &str,
    key: &str,
    after: Option<&Arc<Event>>,
    within: Option<Duration>,
) -> String {
    let label = if step == class {
        String::new()
    } else {
        format!(" (`{step}`)")
    };
    let by = if key.is_empty() {
        String::new()
    } else {
        format!(" by {key}")
    };
    let within = within
        .map(|within| format!(" within {}", span(within)))
        .unwrap_or_default();
    let after = after
        .map(|after| format!(" after {}", after.id))
        .unwrap_or_default();
    format!("no event of class `{class}`{label}{by}{within}{after}")
}
