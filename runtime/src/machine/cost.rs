//! What a rule costs: how many events of a key it keeps, for how long, and how many bytes that is.
//!
//! Apart from the plan because nothing that runs asks for it. It rests on the same decision as the
//! plan, so what is told is what happens.

use muster_lang::ir::needs::{Needs, deadlines};
use muster_lang::ir::{FieldId, StepId};
use muster_lang::types::Type;
use muster_lang::units::Duration;
use muster_lang::value::Value;

use crate::event::{Event, Layout};
use crate::key::KeyPart;
use crate::machine::plan::Plan;
use crate::machine::recall::Recalled;
use crate::machine::state::{Breaker, Candidate, KeyState, OpenMatch};

/// What a text takes beside its place in an event: the counts of its owners and its letters, on average.
const TEXT_BYTES: usize = 40;
/// What a value on the heap takes besides itself: the counts of its owners.
const SHARED_BYTES: usize = 16;

/// What a rule costs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cost {
    /// The events kept of its steps.
    pub steps: Events,
    /// How long each step's events are kept, of those that are.
    pub reach: Vec<(StepId, Duration)>,
    /// The absences whose events are kept before they are asked for, and how long.
    pub absences: Vec<(usize, Duration)>,
    /// The deadlines of one match that waits: so many, and after how long the last.
    pub deadlines: usize,
    /// How long a match waits.
    pub waits: Duration,
    /// Bytes of a key without events and matches that wait.
    pub key_bytes: usize,
    /// Bytes of an event kept; rules share it.
    pub event_bytes: usize,
    /// Bytes of a match that waits, without its events.
    pub open_bytes: usize,
}

/// How many events of a key are kept for the steps of a rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Events {
    /// At most so many, however busy the key: its memory is constant.
    Most(usize),
    /// One of the first step for each combination of values of these fields, and of later steps all.
    Each(Vec<FieldId>),
    /// As many as come while they can matter: what bounds them is the window times the rate.
    All,
}

impl Cost {
    /// Returns what the rule of a plan costs.
    #[must_use]
    pub fn of(plan: &Plan) -> Self {
        let (program, rule) = (&*plan.program, plan.rule());
        let needs = Needs::of(program, rule);
        let is_kept = |step: &StepId| !plan.is_single && needs.reach_of(rule, *step).0 > 0;
        let steps = rule.steps.iter().map(|(id, _)| id).filter(is_kept);
        let reach = steps
            .map(|step| (step, needs.reach_of(rule, step)))
            .collect();
        let absences = plan.absences.iter().enumerate();
        let absences = absences.filter(|(_, one)| one.reach.0 > 0);
        let all = deadlines(rule).map(|(_, span)| span);
        let layout = Layout::of_reads(program);
        Self {
            steps: events(plan, &needs),
            reach,
            absences: absences.map(|(at, one)| (at, one.reach)).collect(),
            deadlines: deadlines(rule).count(),
            waits: all.max().unwrap_or_default(),
            key_bytes: key_bytes(plan),
            event_bytes: event_bytes(plan, &layout),
            open_bytes: size_of::<OpenMatch>() + size_of::<crate::alert::Alert>() + TEXT_BYTES,
        }
    }

    /// Returns the bytes of a key at its fullest, or `None` where only the stream bounds them.
    #[must_use]
    pub fn bytes_max(&self) -> Option<usize> {
        match self.steps {
            Events::Most(most) if self.absences.is_empty() && self.deadlines == 0 => {
                Some(if most == 0 {
                    0
                } else {
                    self.key_bytes + most * self.event_bytes
                })
            }
            Events::Most(_) | Events::Each(_) | Events::All => None,
        }
    }
}

fn events(plan: &Plan, needs: &Needs) -> Events {
    use muster_lang::ir::needs::Kept;
    if let Some(most) = needs.events_max(plan.rule()) {
        return Events::Most(most);
    }
    match &needs.kept {
        Kept::Newest(fields) => Events::Each(fields.clone()),
        Kept::Nothing | Kept::Chains | Kept::Everything => Events::All,
    }
}

/// Returns the bytes of a key: its parts, twice as the map and the timers hold one, its state in a map
/// that is filled to two thirds, and the places for events that are allocated with the first.
fn key_bytes(plan: &Plan) -> usize {
    let parts = plan.hashed.len() + usize::from(!plan.rule().key.across_tenants);
    let state = size_of::<KeyState>() * 3 / 2 + 3 * size_of::<Candidate>();
    2 * parts * (size_of::<KeyPart>() + TEXT_BYTES) + state
}

/// Returns the bytes of an event: its slots, the texts in them, and what memories gave it.
fn event_bytes(plan: &Plan, layout: &Layout) -> usize {
    let program = &plan.program;
    let is_text = |field: &&FieldId| match program.fields[**field].ty {
        Type::Text | Type::Enum(_) | Type::List(_) | Type::Any => true,
        Type::Int
        | Type::Float
        | Type::Bool
        | Type::Time
        | Type::Duration
        | Type::Distance
        | Type::Speed
        | Type::Size
        | Type::Ip
        | Type::Geo => false,
    };
    let fields = layout.fields();
    // Of the texts that rules can read, an event has about every second one.
    let texts = fields.iter().filter(is_text).count() / 2;
    let reads = plan.reads.steps.iter().map(Vec::len).max().unwrap_or(0);
    let event = size_of::<Event>() + SHARED_BYTES + fields.len() * size_of::<Value>();
    let place = size_of::<Candidate>().max(size_of::<Breaker>());
    event + (texts + 1) * TEXT_BYTES + place + reads * size_of::<Recalled>()
}
