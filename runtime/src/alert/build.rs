//! From a match to an alert.
//!
//! Apart from the search because it only runs for matches, and reads what the search never does.

use std::sync::Arc;

use muster_lang::ir::{Condition, ExprId, FieldId, Rule, RuleId, Severity, StepId, StepKind};
use muster_lang::units::Timestamp;
use muster_lang::value::Value;

use crate::alert::{Alert, Because, Evidence, Named, key_text};
use crate::event::Event;
use crate::key::{Key, KeyPart, key_value, parts, term};
use crate::machine::plan::Plan;
use crate::machine::search::Ground;
use crate::predicate::{Bound, Evaluator, Scope, Truth};
use crate::time::dedupe::{hash128, hex};

/// How many members of a group an alert shows from its start, and how many from its end.
const MEMBERS_SHOWN: usize = 32;

/// Returns the alert of a match that is found; its time is the completing event's.
#[must_use]
pub fn build(ground: &Ground<'_>, bound: &[Bound], joined: &Key) -> Alert {
    let rule = ground.plan.rule();
    let events = in_stream_order(bound);
    let values = key_values(ground, bound, joined, &events);
    let base = Scope {
        bindings: Some((rule, bound)),
        memories: ground.memories,
        key: &values,
        ..Scope::default()
    };
    let evaluator = ground.evaluator;
    let notes = notes(evaluator, rule, &base);
    let scope = Scope {
        notes: notes.len(),
        ..base
    };
    let (score, score_on) = score(evaluator, rule, &scope);
    let times = || events.iter().map(|event| event.time);
    Alert {
        id: Arc::from(""),
        rule: ground.plan.id,
        name: rule.name.clone(),
        title: rule.title.clone(),
        severity: severity(evaluator, rule, &scope),
        time: ground.completing.time,
        text: evaluator.template(&rule.alert.text, &scope),
        key: shown_key(ground, bound, &values),
        also: Vec::new(),
        from: times().min().unwrap_or(ground.completing.time),
        to: times().max().unwrap_or(ground.completing.time),
        evidence: evidence(evaluator, rule, bound),
        counts: counts(rule, bound),
        because: because(ground.plan, evaluator, &scope),
        notes,
        attack: rule.meta.attack.clone(),
        tags: rule.meta.tags.clone(),
        score,
        score_on,
        suppressed: 0,
        complete: is_complete(ground),
        completing: ground.completing.position,
        tenant: tenant(evaluator, ground.completing),
        shown: shown(evaluator, rule, ground.completing),
        suppress_key: suppress_key(evaluator, rule, &scope, &values),
    }
}

/// Fills in the id, once the key is settled.
pub fn identify(alert: &mut Alert, rule: &Rule) {
    let tenant = alert.tenant.display();
    let key = key_text(&alert.key);
    let mut material: Vec<&[u8]> = vec![
        b"muster alert 1",
        rule.name.as_bytes(),
        rule.meaning.as_bytes(),
        tenant.as_bytes(),
        key.as_bytes(),
    ];
    for evidence in &alert.evidence {
        material.extend([
            evidence.step.as_bytes(),
            evidence.source.as_bytes(),
            evidence.id.as_bytes(),
        ]);
    }
    alert.id = hex(&hash128(&material)).into();
}

fn in_stream_order(bound: &[Bound]) -> Vec<Arc<Event>> {
    let mut events: Vec<Arc<Event>> = bound
        .iter()
        .flat_map(|bound| match bound {
            Bound::None => [].iter(),
            Bound::One(event) => std::slice::from_ref(event).iter(),
            Bound::Many(events) => events.iter(),
        })
        .cloned()
        .collect();
    events.sort_by_key(|event| event.position);
    events
}

fn is_complete(ground: &Ground<'_>) -> bool {
    ground
        .state
        .incomplete_until
        .is_none_or(|until| until < ground.completing.time)
}

fn tenant(evaluator: &Evaluator, event: &Event) -> Value {
    event
        .get(evaluator.layout(), evaluator.program().core.tenant)
        .clone()
}

/// Returns the values of the key, each spelled as the first event has it.
fn key_values(
    ground: &Ground<'_>,
    bound: &[Bound],
    joined: &Key,
    events: &[Arc<Event>],
) -> Vec<Value> {
    let rule = ground.plan.rule();
    let tenant_parts = usize::from(!rule.key.across_tenants);
    let components = rule.key.components.iter().enumerate();
    components
        .map(|(at, component)| {
            let hashed = ground.plan.hashed.iter().position(|of| *of == at);
            let joins = ground.plan.joined.iter().position(|of| *of == at);
            let part = match (hashed, joins) {
                (Some(hashed), _) => ground.key.0.get(tenant_parts + hashed),
                (None, Some(joins)) => joined.0.get(joins),
                (None, None) => None,
            };
            let of_event = |event: &Arc<Event>| {
                let expr = term(component, step_of(bound, event)?)?;
                let value = key_value(ground.evaluator, expr, event);
                let known = parts(&value, component.exact, usize::MAX);
                known
                    .into_iter()
                    .find(|(found, _)| Some(found) == part)
                    .map(|(_, value)| value)
            };
            events
                .iter()
                .find_map(of_event)
                .unwrap_or_else(|| part.map_or(Value::Missing, spelled))
        })
        .collect()
}

/// Returns the key as an alert shows it: an equality under the path, and in the spelling, of its
/// earlier step.
fn shown_key(ground: &Ground<'_>, bound: &[Bound], values: &[Value]) -> Vec<Named> {
    let components = ground.plan.rule().key.components.iter().zip(values);
    components
        .flat_map(|(component, value)| {
            if component.shown.is_empty() {
                return vec![(component.name.clone(), value.clone())];
            }
            let spelled = |step: StepId| match bound.get(step.index()) {
                Some(Bound::One(event)) => term(component, step)
                    .map(|expr| key_value(ground.evaluator, expr, event))
                    .filter(|own| !matches!(own, Value::List(_) | Value::Missing)),
                Some(Bound::None | Bound::Many(_)) | None => None,
            };
            let named = |(name, step): &(Arc<str>, StepId)| {
                (
                    name.clone(),
                    spelled(*step).unwrap_or_else(|| value.clone()),
                )
            };
            component.shown.iter().map(named).collect()
        })
        .collect()
}

fn spelled(part: &KeyPart) -> Value {
    match part {
        KeyPart::Missing => Value::Missing,
        KeyPart::Bool(truth) => Value::Bool(*truth),
        KeyPart::Int(number) => Value::Int(*number),
        KeyPart::Text(text) | KeyPart::Other(text) => Value::Text(text.clone()),
        KeyPart::Ip(ip) => Value::Ip(*ip),
    }
}

fn step_of(bound: &[Bound], event: &Arc<Event>) -> Option<StepId> {
    let holds =
        |bound: &Bound| crate::machine::search::is_bound(std::slice::from_ref(bound), event);
    bound.iter().position(holds).map(StepId::from)
}

fn notes(evaluator: &Evaluator, rule: &Rule, scope: &Scope<'_>) -> Vec<String> {
    let holding = rule
        .alert
        .notes
        .iter()
        .filter(|note| holds(evaluator, note.when, scope));
    holding
        .map(|note| evaluator.template(&note.text, scope))
        .collect()
}

fn holds(evaluator: &Evaluator, when: Option<ExprId>, scope: &Scope<'_>) -> bool {
    when.is_none_or(|when| evaluator.truth(when, scope) == Truth::True)
}

fn severity(evaluator: &Evaluator, rule: &Rule, scope: &Scope<'_>) -> Severity {
    let raised = rule
        .alert
        .severities
        .iter()
        .filter(|(_, when)| holds(evaluator, Some(*when), scope));
    raised
        .map(|(severity, _)| *severity)
        .max()
        .unwrap_or(rule.alert.severity)
}

fn score(evaluator: &Evaluator, rule: &Rule, scope: &Scope<'_>) -> (Option<f64>, Value) {
    let mut total = None;
    let mut on = Value::Missing;
    for score in rule
        .alert
        .scores
        .iter()
        .filter(|score| holds(evaluator, score.when, scope))
    {
        let Some(points) = evaluator.value(score.points, scope).number() else {
            continue;
        };
        total = Some(total.unwrap_or(0.0) + points);
        if on.is_missing() {
            on = evaluator.value(score.on, scope);
        }
    }
    (total, on)
}

fn evidence(evaluator: &Evaluator, rule: &Rule, bound: &[Bound]) -> Vec<Evidence> {
    let mut evidence = Vec::new();
    for ((step, plan), bound) in rule.steps.iter().zip(bound) {
        let fields = shown_fields(rule, step);
        let mut add =
            |event: &Arc<Event>| evidence.push(one(evaluator, &plan.label, event, &fields));
        match bound {
            Bound::None => {}
            Bound::One(event) => add(event),
            Bound::Many(events) if events.len() <= 2 * MEMBERS_SHOWN => events.iter().for_each(add),
            Bound::Many(events) => {
                events.iter().take(MEMBERS_SHOWN).for_each(&mut add);
                events
                    .iter()
                    .skip(events.len() - MEMBERS_SHOWN)
                    .for_each(add);
            }
        }
    }
    evidence
}

/// Returns the fields an alert shows of a step's events, sorted as the rule lists them.
fn shown_fields(rule: &Rule, step: StepId) -> Vec<FieldId> {
    let mut fields = rule.evidence.get(step.index()).cloned().unwrap_or_default();
    let shown = rule
        .alert
        .show
        .iter()
        .filter(|(of, _)| of.is_none_or(|of| of == step));
    for (_, field) in shown {
        if !fields.contains(field) {
            fields.push(*field);
        }
    }
    fields
}

fn one(evaluator: &Evaluator, label: &Arc<str>, event: &Event, fields: &[FieldId]) -> Evidence {
    let named = |field: &FieldId| -> Option<Named> {
        let value = event.get(evaluator.layout(), *field);
        (!value.is_missing()).then(|| {
            (
                evaluator.program().fields[*field].name.clone(),
                value.clone(),
            )
        })
    };
    Evidence {
        step: label.clone(),
        id: event.id.clone(),
        time: event.time,
        source: event.source.clone(),
        fields: fields.iter().filter_map(named).collect(),
    }
}

fn counts(rule: &Rule, bound: &[Bound]) -> Vec<(Arc<str>, u64)> {
    let groups = rule
        .steps
        .iter()
        .zip(bound)
        .filter_map(|((_, step), bound)| match bound {
            Bound::Many(events) => Some((step.label.clone(), events.len() as u64)),
            Bound::None | Bound::One(_) => None,
        });
    groups.collect()
}

/// Returns the conditions of groups and of the whole match, with what decided them.
fn because(plan: &Plan, evaluator: &Evaluator, scope: &Scope<'_>) -> Vec<Because> {
    let rule = plan.rule();
    let bound = |step: StepId| {
        scope
            .bindings
            .and_then(|(_, bound)| bound.get(step.index()))
    };
    let groups = rule
        .steps
        .iter()
        .filter(|(step, _)| matches!(bound(*step), Some(Bound::Many(_))));
    let of_groups = groups.flat_map(|(_, step)| match &step.kind {
        StepKind::Group(group) => group.conditions.iter(),
        StepKind::One => [].iter(),
    });
    let kept = of_groups
        .chain(&rule.conditions)
        .filter(|condition| !condition.unless);
    kept.map(|condition| Because {
        condition: condition.text.clone(),
        value: deciding(evaluator, condition, scope),
    })
    .collect()
}

fn deciding(evaluator: &Evaluator, condition: &Condition, scope: &Scope<'_>) -> String {
    let value = evaluator.value(condition.shown.unwrap_or(condition.expr), scope);
    value.display()
}

fn shown(evaluator: &Evaluator, rule: &Rule, completing: &Event) -> Vec<(FieldId, Value)> {
    let fields = rule.alert.show.iter().map(|(_, field)| *field);
    fields
        .map(|field| (field, completing.get(evaluator.layout(), field).clone()))
        .collect()
}

/// Returns the text of the values an alert is suppressed by; a missing one suppresses nothing.
fn suppress_key(
    evaluator: &Evaluator,
    rule: &Rule,
    scope: &Scope<'_>,
    key: &[Value],
) -> Option<Arc<str>> {
    let suppress = rule.alert.suppress.as_ref()?;
    let values: Vec<Value> = if suppress.per.is_empty() {
        key.to_vec()
    } else {
        suppress
            .per
            .iter()
            .map(|expr| evaluator.value(*expr, scope))
            .collect()
    };
    let tenant = if rule.key.across_tenants {
        Vec::new()
    } else {
        vec![tenant_text(evaluator, scope)]
    };
    let parts: Option<Vec<String>> = values
        .iter()
        .map(|value| KeyPart::of(value, false).map(|part| format!("{part:?}")))
        .collect();
    Some([tenant, parts?].concat().join("\u{1f}").into())
}

fn tenant_text(evaluator: &Evaluator, scope: &Scope<'_>) -> String {
    let first = scope
        .bindings
        .and_then(|(_, bound)| in_stream_order(bound).into_iter().next());
    first
        .map(|event| format!("{:?}", KeyPart::of_tenant(&tenant(evaluator, &event))))
        .unwrap_or_default()
}

/// Returns an alert as an event for rules and memories that read alerts.
#[must_use]
pub fn event(alert: &Alert, evaluator: &Evaluator, names: &AlertFields, rule: RuleId) -> Event {
    let layout = evaluator.layout();
    let mut values = vec![Value::Missing; layout.fields().len()].into_boxed_slice();
    let mut set = |field: Option<FieldId>, value: Value| {
        let place = field
            .and_then(|field| layout.slot(field))
            .and_then(|slot| values.get_mut(slot));
        if let Some(place) = place {
            *place = value;
        }
    };
    let core = evaluator.program().core;
    let texts = |texts: &[Arc<str>]| {
        Value::List(texts.iter().map(|text| Value::Text(text.clone())).collect())
    };
    for (field, value) in &alert.shown {
        set(Some(*field), value.clone());
    }
    for (name, value) in &alert.key {
        set(names.find(evaluator, name), value.clone());
    }
    set(Some(core.time), Value::Time(alert.time));
    set(Some(core.id), Value::Text(alert.id.clone()));
    set(Some(core.source), Value::text("alert"));
    set(Some(core.class), Value::text("alert"));
    set(Some(core.tenant), alert.tenant.clone());
    set(names.rule, Value::Text(alert.name.clone()));
    set(names.severity, Value::text(alert.severity.name()));
    set(
        names.score,
        alert.score.map_or(Value::Missing, Value::Float),
    );
    set(names.score_on, alert.score_on.clone());
    set(names.attack, texts(&alert.attack));
    set(names.tags, texts(&alert.tags));
    Event {
        time: alert.time,
        source: Arc::from("alert"),
        id: alert.id.clone(),
        position: 0,
        origin: crate::event::Origin::Alert(rule),
        values,
        raw: None,
    }
}

/// The fields an alert fills as an event, where the program declares them.
#[derive(Clone, Copy, Debug, Default)]
pub struct AlertFields {
    rule: Option<FieldId>,
    severity: Option<FieldId>,
    score: Option<FieldId>,
    score_on: Option<FieldId>,
    attack: Option<FieldId>,
    tags: Option<FieldId>,
}

impl AlertFields {
    /// Returns the fields of a program.
    #[must_use]
    pub fn of(evaluator: &Evaluator) -> Self {
        let find = |name: &str| field_of(evaluator, name);
        Self {
            rule: find("rule"),
            severity: find("severity"),
            score: find("score"),
            score_on: find("score_on"),
            attack: find("attack"),
            tags: find("tags"),
        }
    }

    fn find(&self, evaluator: &Evaluator, name: &str) -> Option<FieldId> {
        field_of(evaluator, name)
    }
}

fn field_of(evaluator: &Evaluator, name: &str) -> Option<FieldId> {
    evaluator
        .program()
        .fields
        .iter()
        .find(|(_, field)| &*field.name == name)
        .map(|(id, _)| id)
}

/// Returns the time a match waits for: the completing event's, or its last deadline's.
#[must_use]
pub fn alert_time(completing: Timestamp, deadlines: impl Iterator<Item = Timestamp>) -> Timestamp {
    deadlines.fold(completing, Ord::max)
}
