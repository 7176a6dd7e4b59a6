//! Events that have the class of a step and do not fit it, with the reason.
//!
//! Apart from the replay because it asks of each event what the engine asks of none.

use std::sync::Arc;

use muster_lang::ir::{Condition, StepId};
use muster_lang::value::fold;

use super::decide::decide;
use super::replay::{is_about, is_word};
use super::{Failed, Question, Stream};
use crate::event::Event;
use crate::key::{key_value, parts, term};
use crate::machine::plan::Plan;
use crate::machine::{Context, Routes};
use crate::predicate::{Bound, Scope};

/// Returns the steps whose class an event has without fitting them, each with the reason.
pub(super) fn near(
    context: &Context<'_>,
    plan: &Plan,
    stream: &Stream<'_>,
    question: &Question<'_>,
    routes: &Routes,
    event: &Arc<Event>,
) -> Vec<(StepId, Failed)> {
    let rule = plan.rule();
    let mut near = Vec::new();
    for (step, what) in rule.steps.iter() {
        let fits = routes
            .keyed
            .iter()
            .any(|route| route.steps & (1 << step.index()) != 0);
        if fits
            || !stream.evaluator.in_class(what.class, event)
            || !is_about(stream, plan, question.key, event)
        {
            continue;
        }
        let Some(words) = keyed(context, plan, stream, question.key, step, event)
            .or_else(|| Some(failing(context, plan, stream, step, event)))
        else {
            continue;
        };
        if let Ok(words) = words {
            near.push((
                step,
                Failed {
                    event: event.clone(),
                    words,
                },
            ));
        }
    }
    near
}

/// Says that an event has no key, or that it is another's; `None` where it has the one asked for.
fn keyed(
    context: &Context<'_>,
    plan: &Plan,
    stream: &Stream<'_>,
    words: &[String],
    step: StepId,
    event: &Event,
) -> Option<Result<String, ()>> {
    let rule = plan.rule();
    let mut known = Vec::new();
    let mut lacking = None;
    for at in &plan.hashed {
        let component = rule.key.components.get(*at)?;
        let value = key_value(context.evaluator, term(component, step)?, event);
        let found = parts(&value, component.exact, context.options.key_values_max);
        if found.is_empty() {
            lacking = lacking.or(Some(component.name.clone()));
        }
        known.extend(found.into_iter().map(|(part, _)| part));
    }
    let is_word_of = |word: &&String| known.iter().any(|part| is_word(part, word));
    let all_here = rule.key.components.is_empty() || words.iter().all(|word| is_word_of(&word));
    match lacking {
        Some(name) => {
            let fields = stream.evaluator.layout().fields().iter();
            let mut values =
                fields.map(|field| event.get(stream.evaluator.layout(), *field).display());
            let is_about = all_here
                || words
                    .iter()
                    .any(|word| values.any(|value| fold(&value) == fold(word)));
            Some(if is_about {
                Ok(format!("field `{name}` is missing on {}", event.id))
            } else {
                Err(())
            })
        }
        None if all_here || !plan.joined.is_empty() => None,
        None => Some(Err(())),
    }
}

/// Says which of a step's own conditions an event does not satisfy.
fn failing(
    context: &Context<'_>,
    plan: &Plan,
    stream: &Stream<'_>,
    step: StepId,
    event: &Arc<Event>,
) -> Result<String, ()> {
    let of_step = plan.steps.get(step.index()).ok_or(())?;
    let mut bound = vec![Bound::None; plan.rule().steps.len()];
    if let Some(place) = bound.get_mut(step.index()) {
        *place = Bound::One(event.clone());
    }
    let local = Scope {
        this: Some(event),
        memories: Some(&context.memories),
        ..Scope::default()
    };
    let early = Scope {
        bindings: Some((plan.rule(), &bound)),
        ..Scope::default()
    };
    let fails =
        |condition: &&Condition, scope: &Scope<'_>| !context.evaluator.holds(condition, scope);
    let first = of_step
        .local
        .iter()
        .find(|one| fails(one, &local))
        .map(|one| decide(stream, one, &local));
    let first = first.or_else(|| {
        of_step
            .early
            .iter()
            .find(|one| fails(one, &early))
            .map(|one| decide(stream, one, &early))
    });
    Ok(match first {
        Some(decided) => format!("`{}` does not hold: {}", decided.condition, decided.words),
        None => "the value its group counts is missing".into(),
    })
}
