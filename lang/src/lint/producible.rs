//! Warns of steps that no loaded source can make an event for.
//!
//! Apart from other advice because it depends on the sources, not on the rule.

use crate::check::Checker;
use crate::diagnostic::{Code, Diagnostic};
use crate::file::Span;
use crate::ir::ClassId;
use crate::ir::feed::{Asks, Makes};

pub(super) fn lint(checker: &mut Checker<'_>) {
    // A program without sources is a draft, or is given events that are made elsewhere.
    if checker.program.sources.is_empty() {
        return;
    }
    // What tables say is not known here: a source that asks them may make anything.
    let sources = checker.program.sources.iter().map(|(_, source)| source);
    let makes: Vec<(&str, Makes)> = sources
        .map(|source| {
            (
                &*source.name,
                Makes::of(&checker.program, source, &|_, _| None),
            )
        })
        .collect();
    let mut found = Vec::new();
    for (_, rule) in checker.program.rules.iter() {
        if checker.is_prelude(rule.span) {
            continue;
        }
        for (_, step) in rule.steps.iter() {
            found.extend(checker.unproducible(step.class, &makes, step.span));
        }
    }
    checker.diagnostics.extend(found);
}

impl Checker<'_> {
    fn unproducible(
        &self,
        class: ClassId,
        makes: &[(&str, Makes)],
        span: Span,
    ) -> Option<Diagnostic> {
        let asks = Asks::of(&self.program, class);
        if asks == Asks::Alert {
            return None;
        }
        let may_serve = |makes: &Makes| asks.is_served_by(makes) != Some(false);
        let serving: Vec<&(&str, Makes)> =
            makes.iter().filter(|(_, makes)| may_serve(makes)).collect();
        let name = &self.program.classes[class].name;
        if serving.is_empty() {
            let message = format!("no loaded source makes an event that is a `{name}`");
            let diagnostic = Diagnostic::warning(Code::NoSource, span, message);
            return Some(
                diagnostic.help("load the source, or choose an event that the loaded sources make"),
            );
        }
        let is_catch_all = |one: &&&(&str, Makes)| one.1 == Makes::Any;
        if makes.len() < 2 || serving.iter().filter(is_catch_all).count() < serving.len() {
            return None;
        }
        let names: Vec<String> = serving
            .iter()
            .map(|(name, _)| format!("`{name}`"))
            .collect();
        let message = format!(
            "only {} can make an event that is a `{name}`: it takes any class as it comes",
            names.join(", ")
        );
        let help = "no source of a product makes it; feed events of this class in the model's own shape, or load a source that makes them";
        Some(Diagnostic::note(Code::NoSource, span, message).help(help))
    }
}
