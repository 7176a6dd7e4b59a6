//! From pattern to machine: which states an event concerns, and what it does to them.
//!
//! Apart from the engine because a machine is a function over a state it is handed: it owns none.

use std::sync::Arc;

use muster_lang::ir::{ClassId, Condition, ExprId, StepId, StepKind, Threshold};
use muster_lang::units::Timestamp;

use crate::alert::Alert;
use crate::event::{Event, Origin};
use crate::key::{Key, KeyPart, key_value, parts, term};
use crate::machine::plan::Plan;
use crate::memory::LiveReader;
use crate::options::Options;
use crate::predicate::{Evaluator, Scope};
use crate::store::saved;

pub mod absence;
pub mod cost;
pub(crate) mod early;
pub mod erase;
mod expire;
pub mod frame;
pub mod group;
pub mod listing;
pub mod plan;
mod prune;
pub mod recall;
pub mod run;
pub mod search;
pub(crate) mod slots;
pub mod state;
pub mod support;
pub(crate) mod windows;

/// What every machine is given besides its state.
#[derive(Clone, Copy)]
pub struct Context<'a> {
    /// How expressions are evaluated.
    pub evaluator: &'a Evaluator,
    /// The limits.
    pub options: &'a Options,
    /// The memories.
    pub memories: LiveReader<'a>,
    /// The time of the first event of the stream.
    pub stream_start: Timestamp,
}

/// The states an event concerns.
#[derive(Clone, Debug, Default)]
pub struct Routes {
    /// Keys with the steps and absences the event fits under each.
    pub keyed: Vec<Route>,
    /// The absences it fits without having their hashed key.
    pub loose: u64,
    /// The key of the state that holds such events.
    pub loose_key: Key,
}

/// A state an event concerns.
#[derive(Clone, Debug)]
pub struct Route {
    /// The key of the state.
    pub key: Key,
    /// The steps the event fits by itself.
    pub steps: u64,
    /// The absences it fits by itself.
    pub absences: u64,
}

/// A match whose time has come.
#[derive(Clone, Debug)]
pub struct Raised {
    /// The alert.
    pub alert: Box<Alert>,
    /// The joined key and the frame it marked as used up, which it has not if it is suppressed.
    pub mark: Option<(Key, Timestamp)>,
}

/// Counts of what limits took away.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Losses {
    /// Candidates evicted.
    pub evicted: u64,
    /// Searches cut.
    pub cut: u64,
}

saved!(Losses { evicted, cut });

/// A compiled rule.
#[derive(Clone, Debug)]
pub struct Machine {
    plan: Plan,
}

impl Machine {
    /// Returns the machine of a plan.
    #[must_use]
    pub fn new(plan: Plan) -> Self {
        Self { plan }
    }

    /// Returns what it was made from.
    #[must_use]
    pub fn plan(&self) -> &Plan {
        &self.plan
    }

    /// Tells whether an event may concern the rule: an alert only if its rule stands in a lower stratum.
    #[must_use]
    pub fn may_see(&self, event: &Event) -> bool {
        match event.origin {
            Origin::Input => true,
            Origin::Alert(rule) => self.plan.program.rules[rule].stratum < self.plan.rule().stratum,
        }
    }

    /// Returns the states an event concerns, the class of each step asked through `in_class`.
    pub fn routes(
        &self,
        context: &Context<'_>,
        event: &Arc<Event>,
        in_class: &mut dyn FnMut(ClassId) -> bool,
    ) -> Routes {
        let rule = self.plan.rule();
        let mut routes = Routes {
            loose_key: self.tenant_key(context, event),
            ..Routes::default()
        };
        for (step, what) in rule.steps.iter() {
            if in_class(what.class) && self.fits_step(context, step, event) {
                let values = self.plan.hashed.iter().map(|at| {
                    let component = rule.key.components.get(*at)?;
                    Some((term(component, step)?, component.exact))
                });
                let keys = self.keys(context, event, values);
                routes.add(keys, 1 << step.index(), 0);
            }
        }
        for (at, absence) in rule.absences.iter().enumerate() {
            let Some(plan) = self.plan.absences.get(at) else {
                continue;
            };
            let scope = scope_of(context, event);
            let mut local = plan.local.iter();
            if !in_class(absence.class)
                || !local.all(|one| context.evaluator.certainly_holds(one, &scope))
            {
                continue;
            }
            if !plan.is_hashed {
                routes.loose |= 1 << at;
                continue;
            }
            let values = self.plan.hashed.iter().map(|component| {
                let expr = absence.key.get(*component).copied().flatten()?;
                Some((expr, rule.key.components.get(*component)?.exact))
            });
            let keys = self.keys(context, event, values);
            routes.add(keys, 0, 1 << at);
        }
        routes
    }

    fn fits_step(&self, context: &Context<'_>, step: StepId, event: &Arc<Event>) -> bool {
        let Some(plan) = self.plan.steps.get(step.index()) else {
            return false;
        };
        all_hold(context, &plan.local, event)
            && self.has_group_value(context, step, event)
            && early::all_hold(context, &self.plan, step, event)
    }

    /// Tells whether an event has the value its group counts or adds up.
    fn has_group_value(&self, context: &Context<'_>, step: StepId, event: &Event) -> bool {
        let StepKind::Group(group) = &self.plan.rule().steps[step].kind else {
            return true;
        };
        let path = match &group.threshold {
            Threshold::Count(_) => return true,
            Threshold::Different(_, path) | Threshold::Aggregate(_, path) => *path,
        };
        let scope = Scope {
            this: Some(event),
            ..Scope::default()
        };
        !context.evaluator.value(path, &scope).is_missing()
    }

    fn tenant_key(&self, context: &Context<'_>, event: &Event) -> Key {
        let tenant =
            (!self.plan.rule().key.across_tenants).then(|| tenant(context.evaluator, event));
        Key(tenant.into_iter().collect())
    }

    /// Returns the keys an event has: one for each combination of list values, none if one is missing.
    fn keys(
        &self,
        context: &Context<'_>,
        event: &Event,
        terms: impl Iterator<Item = Option<(ExprId, bool)>>,
    ) -> Vec<Key> {
        let mut keys = vec![self.tenant_key(context, event).0.into_vec()];
        for term in terms {
            let Some((expr, exact)) = term else {
                return Vec::new();
            };
            let value = key_value(context.evaluator, expr, event);
            let found = parts(&value, exact, context.options.key_values_max);
            keys = keys
                .iter()
                .flat_map(|key| {
                    found
                        .iter()
                        .map(|(part, _)| [key.as_slice(), std::slice::from_ref(part)].concat())
                })
                .collect();
        }
        keys.into_iter().map(|key| Key(key.into())).collect()
    }
}

impl Routes {
    /// Adds steps and absences under keys.
    fn add(&mut self, keys: Vec<Key>, steps: u64, absences: u64) {
        for key in keys {
            match self.keyed.iter_mut().find(|route| route.key == key) {
                Some(route) => {
                    route.steps |= steps;
                    route.absences |= absences;
                }
                None => self.keyed.push(Route {
                    key,
                    steps,
                    absences,
                }),
            }
        }
    }
}

fn scope_of<'a>(context: &'a Context<'_>, event: &'a Event) -> Scope<'a> {
    Scope {
        this: Some(event),
        memories: Some(&context.memories),
        ..Scope::default()
    }
}

fn all_hold(context: &Context<'_>, conditions: &[Condition], event: &Event) -> bool {
    let scope = scope_of(context, event);
    conditions
        .iter()
        .all(|condition| context.evaluator.holds(condition, &scope))
}

fn tenant(evaluator: &Evaluator, event: &Event) -> KeyPart {
    KeyPart::of_tenant(event.get(evaluator.layout(), evaluator.program().core.tenant))
}

/// Returns a zone by its name; the checker knows them all, so another is UTC.
#[must_use]
pub fn zone_of(name: Option<&str>) -> chrono_tz::Tz {
    name.and_then(|name| name.parse().ok())
        .unwrap_or(chrono_tz::Tz::UTC)
}
