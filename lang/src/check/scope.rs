//! What names mean at a place: whose fields a bare name reads, which steps may be named.
//!
//! Apart from the checker because each kind of declaration sets it up and no expression changes more
//! than one part of it.

use crate::ir::{Row, StepId};
use crate::types::Type;

/// What names mean at a place.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Scope<'s> {
    /// What kind of place it is.
    pub(crate) place: Place,
    /// What a bare field name reads.
    pub(crate) bare: Bare,
    /// The steps of the rule, in the order written.
    pub(crate) steps: &'s [StepName],
    /// How many of them may be named here.
    pub(crate) visible: usize,
    /// What the event at hand is called.
    pub(crate) own: Option<Own<'s>>,
    /// The group whose members are at hand, inside a function over it.
    pub(crate) member: Option<StepId>,
    /// What the element of an `explode` is called.
    pub(crate) item: Option<&'s str>,
    /// Whether a leading dot is the element of a list.
    pub(crate) element: bool,
    /// The key's components, where they may be named.
    pub(crate) key: &'s [KeyName],
    /// Whether functions range over the events of a window.
    pub(crate) window: bool,
    /// The name of an absence of the rule, for help.
    pub(crate) absence: Option<&'s str>,
}

/// The event at hand by its name.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Own<'s> {
    /// The name of the step or absence.
    pub(crate) name: &'s str,
    /// The step, if it is one.
    pub(crate) step: Option<StepId>,
    /// Whether it is a group, whose fields are no single value.
    pub(crate) group: bool,
}

/// A step by its name.
#[derive(Clone, Debug)]
pub(crate) struct StepName {
    /// Its name, or its class where it has none.
    pub(crate) label: String,
    /// The step.
    pub(crate) id: StepId,
    /// Whether it is a group.
    pub(crate) group: bool,
    /// Whether it may be named: not a class that stands twice.
    pub(crate) callable: bool,
    /// Whether a match may lack it: a member of `N of`.
    pub(crate) optional: bool,
    /// Its element in the pattern.
    pub(crate) element: usize,
}

/// A component of the key by its name.
#[derive(Clone, Debug)]
pub(crate) struct KeyName {
    /// The path of `PATH same`, as written.
    pub(crate) path: String,
    /// The component.
    pub(crate) index: usize,
    /// The type of one value of it.
    pub(crate) ty: Type,
}

/// What a bare field name reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Bare {
    /// The event at hand.
    This,
    /// The event of the only step.
    Step(StepId),
    /// Nothing, as a group has many; a memory is read as of its last event.
    Group(StepId),
    /// Nothing, as there are several steps.
    Several,
    /// Nothing, as there is a record and no event yet.
    Record,
}

impl Bare {
    /// Returns the event a bare memory is read at.
    pub(crate) fn row(self) -> Option<Row> {
        match self {
            Bare::This => Some(Row::This),
            Bare::Step(step) | Bare::Group(step) => Some(Row::Step(step)),
            Bare::Several | Bare::Record => None,
        }
    }
}

/// The kinds of place an expression stands in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    /// A line of a source.
    Source,
    /// The value of a field.
    Field,
    /// A class.
    Event,
    /// A memory.
    Memory,
    /// A digest.
    Digest,
    /// A step's own condition.
    Step,
    /// A condition over the whole match.
    Rule,
    /// The condition of a `without`.
    Absence,
    /// An alert.
    Alert,
    /// A test.
    Test,
}

impl Place {
    /// Returns what people call it.
    pub(crate) fn noun(self) -> &'static str {
        match self {
            Place::Source => "a source",
            Place::Field => "a field's value",
            Place::Event => "an event",
            Place::Memory => "a memory",
            Place::Digest => "a digest",
            Place::Step => "a step",
            Place::Rule => "a rule",
            Place::Absence => "a `without`",
            Place::Alert => "an alert",
            Place::Test => "a test",
        }
    }

    /// Tells whether memories are read there.
    pub(crate) fn reads_memories(self) -> bool {
        match self {
            Place::Step | Place::Rule | Place::Absence | Place::Alert => true,
            Place::Source
            | Place::Field
            | Place::Event
            | Place::Memory
            | Place::Digest
            | Place::Test => false,
        }
    }

    /// Tells whether a whole match is at hand there: `same`, `elapsed` and the like.
    pub(crate) fn sees_match(self) -> bool {
        match self {
            Place::Rule | Place::Alert => true,
            Place::Step
            | Place::Absence
            | Place::Source
            | Place::Field
            | Place::Event
            | Place::Memory
            | Place::Digest
            | Place::Test => false,
        }
    }
}

impl<'s> Scope<'s> {
    /// Returns a scope of one event at hand.
    pub(crate) fn this(place: Place) -> Scope<'s> {
        Scope {
            place,
            bare: Bare::This,
            steps: &[],
            visible: 0,
            own: None,
            member: None,
            item: None,
            element: false,
            key: &[],
            window: false,
            absence: None,
        }
    }

    /// Returns the scope of a source, whose records are no events yet.
    pub(crate) fn record(item: Option<&'s str>) -> Scope<'s> {
        Scope {
            bare: Bare::Record,
            item,
            ..Scope::this(Place::Source)
        }
    }

    /// Returns this scope with a list's element at hand.
    pub(crate) fn with_element(self) -> Scope<'s> {
        Scope {
            element: true,
            ..self
        }
    }

    /// Returns this scope with the members of a group at hand.
    pub(crate) fn with_member(self, group: StepId) -> Scope<'s> {
        Scope {
            member: Some(group),
            bare: Bare::This,
            ..self
        }
    }

    /// Returns the steps that may be named here.
    pub(crate) fn named(&self) -> impl Iterator<Item = &'s StepName> {
        self.steps
            .iter()
            .take(self.visible)
            .filter(|step| step.callable)
    }

    /// Returns a step of the rule by its name, whether it may be named here or not.
    pub(crate) fn find(&self, name: &str) -> Option<(usize, &'s StepName)> {
        self.steps
            .iter()
            .enumerate()
            .find(|(_, step)| step.callable && step.label == name)
    }
}
