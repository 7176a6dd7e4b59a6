//! What one alert says: its severity, notes, score, text, and the event that it is for others.
//!
//! Apart from raising alerts because all of this reads one match alone.

use std::collections::BTreeMap;

use muster_lang::syntax::ast::{
    AlertOptionKind, Expr, MetaKind, Name, Path, Rule, Template, TemplatePart,
};
use muster_lang::value::Value;

use super::alert::{key_values, print_key};
use super::chain::layout;
use super::expression::{field, holds, value};
use super::matching::Match;
use super::names::{Bound, Expected, Scope};
use super::program::dotted;
use super::shape::Shape;
use super::stream::{Event, Position, World};
use super::value::{display, normal, number};
use super::{Answer, KeyText, RefAlert, unsupported};

/// An alert of the rule that was raised: its values, when, and how many it has hidden since.
pub(crate) struct Raised {
    values: Vec<String>,
    time: i64,
    hidden: u64,
}

/// Which words of a rule's head.
#[derive(Clone, Copy)]
enum Words {
    Attack,
    Tags,
}

/// All that the words of one alert may read.
pub(crate) struct Teller<'t> {
    pub(crate) world: &'t World<'t>,
    pub(crate) rule: &'t Rule,
    pub(crate) shape: &'t Shape<'t>,
    pub(crate) found: &'t Match<'t>,
    pub(crate) key: KeyText,
}

impl Teller<'_> {
    /// Runs something in the scope of the alert.
    fn within<T>(
        &self,
        notes: Option<usize>,
        ask: impl FnOnce(Scope<'_>) -> Answer<T>,
    ) -> Answer<T> {
        let bounds = &self.found.chain.bounds;
        let steps = self.shape.steps.iter().map(|step| step.name.clone());
        let names: Vec<(String, Bound<'_>)> = steps.zip(bounds.iter().cloned()).collect();
        let layout = layout(self.shape, bounds);
        let key = key_values(self.world, self.shape, self.found)?;
        let this = match bounds.as_slice() {
            [Bound::One(event)] => Some(*event),
            _ => None,
        };
        ask(Scope {
            this,
            names: &names,
            layout: Some(&layout),
            key: &key,
            notes,
            ..Scope::new(self.world)
        })
    }

    fn value(&self, expr: &Expr, notes: usize) -> Answer<Value> {
        self.within(Some(notes), |scope| value(expr, scope, &Expected::Nothing))
    }

    fn holds(&self, when: Option<&Expr>, notes: Option<usize>) -> Answer<bool> {
        match when {
            Some(when) => self.within(notes, |scope| holds(when, false, scope)),
            None => Ok(true),
        }
    }

    /// A path behind `suppress`, `show` or `on`: a key, a step's field, or the completing event's.
    fn path(&self, path: &Path) -> Answer<Value> {
        let (step, name) = self.split(path);
        if let Some(step) = step {
            let mut bounds = self.shape.steps.iter().zip(&self.found.chain.bounds);
            return match bounds.find(|(other, _)| other.name == step) {
                Some((_, Bound::One(event))) => field(self.world, event, &name),
                Some((_, Bound::Nothing)) => Ok(Value::Missing),
                Some((_, Bound::Many(_))) | None => {
                    unsupported("a group's field in an alert option")
                }
            };
        }
        let keys = key_values(self.world, self.shape, self.found)?;
        match keys.into_iter().find(|(key, _)| *key == name) {
            Some((_, value)) => Ok(value),
            None => field(self.world, self.found.completing, &name),
        }
    }

    /// Returns how many alerts were hidden before this one, or nothing if it is hidden itself.
    pub(crate) fn suppressed(&self, raised: &mut Vec<Raised>, time: i64) -> Answer<Option<u64>> {
        let options = self.rule.alert.iter().flat_map(|alert| &alert.options);
        let found = options
            .map(|option| &option.kind)
            .find_map(|kind| match kind {
                AlertOptionKind::Suppress { span, per } => Some((span, per)),
                AlertOptionKind::Show(_)
                | AlertOptionKind::Note { .. }
                | AlertOptionKind::Severity { .. }
                | AlertOptionKind::Score { .. } => None,
            });
        let Some((span, per)) = found else {
            return Ok(Some(0));
        };
        let span = self.world.program.span(span)?;
        let key = &self.found.chain.key;
        let mut values = vec![key.tenant.clone().unwrap_or_default()];
        if per.is_empty() {
            values.extend(key.same.iter().chain(&key.joins).cloned());
        }
        for path in per {
            match self.path(path)? {
                Value::Missing => return Ok(Some(0)),
                value => values.push(normal(&value)),
            }
        }
        match raised.iter_mut().find(|before| before.values == values) {
            Some(before) if time - before.time <= span => {
                before.hidden += 1;
                Ok(None)
            }
            Some(before) => {
                before.time = time;
                Ok(Some(std::mem::take(&mut before.hidden)))
            }
            None => {
                raised.push(Raised {
                    values,
                    time,
                    hidden: 0,
                });
                Ok(Some(0))
            }
        }
    }

    pub(crate) fn alert(&self, time: i64) -> Answer<RefAlert> {
        let Some(written) = &self.rule.alert else {
            return unsupported("a rule without an alert");
        };
        let bounds = &self.found.chain.bounds;
        let times: Vec<i64> = bounds
            .iter()
            .flat_map(Bound::events)
            .map(|event| event.time)
            .collect();
        let mut evidence = Vec::new();
        let mut fields = Vec::new();
        let mut counts = BTreeMap::new();
        for (step, bound) in self.shape.steps.iter().zip(bounds) {
            for event in shown(bound) {
                evidence.push((step.name.clone(), event.id.clone()));
                fields.push(self.shown(&step.name, event)?);
            }
            if let Bound::Many(members) = bound {
                counts.insert(step.name.clone(), members.len());
            }
        }
        let notes = self.notes()?;
        let severity = self.severity(&written.severity, notes.len())?;
        let (score, score_on) = self.score(notes.len())?;
        let tenant = self.found.chain.key.tenant.clone();
        let key = self.key.clone();
        let name = self.shape.name;
        let id = format!(
            "alert of {name} at {time} for {} from {evidence:?}",
            print_key(&key)
        );
        Ok(RefAlert {
            id,
            rule: name.to_owned(),
            title: self.title(),
            tenant,
            key,
            also: Vec::new(),
            time,
            from: times.iter().copied().min().unwrap_or(time),
            to: times.iter().copied().max().unwrap_or(time),
            severity,
            text: match &written.text {
                Some(text) => self.text(text, notes.len())?,
                None => String::new(),
            },
            evidence,
            counts,
            attack: self.words(Words::Attack),
            tags: self.words(Words::Tags),
            score,
            score_on: score_on.map(|on| display(&on)),
            shown: fields,
            notes,
            suppressed: 0,
            complete: self.found.complete,
        })
    }

    fn title(&self) -> String {
        let title = self.rule.title.as_ref();
        title.map_or_else(String::new, |title| title.value.clone())
    }

    /// The words of its lines `attack` or `tags`.
    fn words(&self, wanted: Words) -> Vec<String> {
        let mut found = Vec::new();
        for meta in &self.rule.meta {
            let words = match (&meta.kind, wanted) {
                (MetaKind::Attack(words), Words::Attack) | (MetaKind::Tags(words), Words::Tags) => {
                    words
                }
                (
                    MetaKind::Attack(_)
                    | MetaKind::Tags(_)
                    | MetaKind::About(_)
                    | MetaKind::Status(_)
                    | MetaKind::References(_)
                    | MetaKind::FalsePositives(_),
                    Words::Attack | Words::Tags,
                ) => continue,
            };
            found.extend(words.iter().map(|word| word.text.clone()));
        }
        found
    }

    fn text(&self, template: &Template, notes: usize) -> Answer<String> {
        let mut text = String::new();
        for part in &template.parts {
            match part {
                TemplatePart::Text(plain) => text.push_str(plain),
                TemplatePart::Hole(expr) => text.push_str(&display(&self.value(expr, notes)?)),
            }
        }
        Ok(text)
    }

    fn notes(&self) -> Answer<Vec<String>> {
        let mut notes = Vec::new();
        for option in self.rule.alert.iter().flat_map(|alert| &alert.options) {
            if let AlertOptionKind::Note { text, when } = &option.kind
                && self.holds(when.as_ref(), None)?
            {
                notes.push(self.text(text, 0)?);
            }
        }
        Ok(notes)
    }

    /// Of several that hold the highest; the written one where none does.
    fn severity(&self, written: &Name, notes: usize) -> Answer<String> {
        const ORDER: &[&str] = &["none", "info", "low", "medium", "high", "critical"];
        let mut highest: Option<usize> = None;
        for option in self.rule.alert.iter().flat_map(|alert| &alert.options) {
            if let AlertOptionKind::Severity { level, when } = &option.kind
                && self.holds(when.as_ref(), Some(notes))?
            {
                highest = highest.max(ORDER.iter().position(|name| *name == level.text));
            }
        }
        let found = highest.and_then(|rank| ORDER.get(rank)).copied();
        Ok(found.unwrap_or(&written.text).to_owned())
    }

    /// The sum of the lines that hold, and whose it is by the first of them that names somebody.
    fn score(&self, notes: usize) -> Answer<(Option<f64>, Option<Value>)> {
        let mut total = None;
        let mut whose = None;
        for option in self.rule.alert.iter().flat_map(|alert| &alert.options) {
            if let AlertOptionKind::Score { points, on, when } = &option.kind
                && self.holds(when.as_ref(), Some(notes))?
                && let Some((_, points)) = number(&self.value(points, notes)?)
            {
                total = Some(total.unwrap_or(0.0) + points);
                let on = self.path(on)?;
                whose = whose.or((!on.is_missing()).then_some(on));
            }
        }
        Ok((total, whose))
    }

    /// Returns the alert as the event that other rules read.
    pub(crate) fn event(&self, alert: &RefAlert, position: Position) -> Answer<Event> {
        let list = |words: &[String]| {
            Value::List(
                words
                    .iter()
                    .map(|word| Value::text(word.as_str()))
                    .collect(),
            )
        };
        let completing = self.found.completing;
        let bounds = self.shape.steps.iter().zip(&self.found.chain.bounds);
        let steps: Vec<&str> = bounds
            .filter(|(_, bound)| bound.events().contains(&completing))
            .map(|(step, _)| step.name.as_str())
            .collect();
        let mut fields = self.fields_shown(completing, &steps)?;
        fields.extend(key_values(self.world, self.shape, self.found)?);
        fields.insert("rule".to_owned(), Value::text(alert.rule.as_str()));
        fields.insert("severity".to_owned(), Value::text(alert.severity.as_str()));
        if let Some(score) = alert.score {
            fields.insert("score".to_owned(), Value::Float(score));
        }
        if let Some(on) = &alert.score_on {
            fields.insert("score_on".to_owned(), Value::text(on.as_str()));
        }
        fields.insert("attack".to_owned(), list(&alert.attack));
        fields.insert("tags".to_owned(), list(&alert.tags));
        let tenant = self.found.completing.tenant.clone();
        Ok(Event {
            time: position.time,
            position,
            id: alert.id.clone(),
            source: "alert".to_owned(),
            tenant,
            fields,
            raw: Value::Missing,
            alert: Some(alert.rule.clone()),
            behind: None,
        })
    }

    /// The fields that `show` names of an event of a step, as they print.
    fn shown(&self, step: &str, event: &Event) -> Answer<BTreeMap<String, String>> {
        let fields = self.fields_shown(event, &[step])?.into_iter();
        Ok(fields
            .map(|(name, value)| (name, display(&value)))
            .collect())
    }

    /// The fields that `show` names of an event, bare or by one of its steps.
    fn fields_shown(&self, event: &Event, of: &[&str]) -> Answer<BTreeMap<String, Value>> {
        let mut fields = BTreeMap::new();
        for option in self.rule.alert.iter().flat_map(|alert| &alert.options) {
            let AlertOptionKind::Show(paths) = &option.kind else {
                continue;
            };
            for path in paths {
                let (step, name) = self.split(path);
                if step.is_some_and(|step| !of.contains(&step)) {
                    continue;
                }
                let value = field(self.world, event, &name)?;
                if !value.is_missing() {
                    fields.insert(name, value);
                }
            }
        }
        Ok(fields)
    }

    /// Returns the step that a path names, and the field.
    fn split<'p>(&self, path: &'p Path) -> (Option<&'p str>, String) {
        let first = path.parts.first().map(|first| first.text.as_str());
        let named = |name: &&str| self.shape.steps.iter().any(|step| step.name == *name);
        match first.filter(named) {
            Some(step) => {
                let rest = path.parts.iter().skip(1).map(|part| part.text.as_str());
                (Some(step), rest.collect::<Vec<_>>().join("."))
            }
            None => (None, dotted(path)),
        }
    }
}

/// A group shows its first 32 and its last 32 members.
fn shown<'s>(bound: &Bound<'s>) -> Vec<&'s Event> {
    const SHOWN: usize = 32;
    let events = bound.events();
    let from_end = events.len().saturating_sub(SHOWN).max(SHOWN);
    let kept = events
        .iter()
        .enumerate()
        .filter(|(index, _)| *index < SHOWN || *index >= from_end);
    kept.map(|(_, event)| *event).collect()
}
