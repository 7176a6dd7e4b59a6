//! Warns of windows that do not fit what they are compared with or fed by.
//!
//! Apart from other advice because it weighs one span of time against another.

use crate::check::Checker;
use crate::diagnostic::{Code, Diagnostic};
use crate::ir::feed::{Asks, Makes};
use crate::ir::needs::reaches;
use crate::ir::{Condition, ExprKind, Frame, MemoryKind, Over, Rule, Source, StepId, StepKind};
use crate::units::Duration;
use crate::written::span_written;

pub(super) fn lint(checker: &mut Checker<'_>) {
    let mut found = Vec::new();
    for (_, rule) in checker.program.rules.iter() {
        if checker.is_prelude(rule.span) {
            continue;
        }
        for (step, what) in rule.steps.iter() {
            if let StepKind::Group(group) = &what.kind {
                let window = window_of(rule, step);
                let conditions = group.conditions.iter();
                found.extend(conditions.filter_map(|one| checker.outgrown(one, window)));
            }
        }
        found.extend(checker.late(rule));
    }
    checker.diagnostics.extend(found);
}

/// Returns how long a group can be.
fn window_of(rule: &Rule, step: StepId) -> Duration {
    let element = crate::ir::needs::element_of(rule, step);
    let windows = rule.windows.iter();
    let bounds = windows
        .filter(|window| window.first == element && window.last == element)
        .map(|window| window.within);
    let frame = rule.frame.as_ref().map(|frame| match frame {
        Frame::Each { every, .. } => *every,
        Frame::Session { up_to, .. } => *up_to,
    });
    bounds.chain(frame).min().unwrap_or_default()
}

impl Checker<'_> {
    /// Tells of a group that is compared with what was learned of less time than it spans itself.
    fn outgrown(&self, condition: &Condition, window: Duration) -> Option<Diagnostic> {
        let mut compares_group = false;
        let mut read = None;
        self.program
            .walk(condition.expr, &mut |_, kind| match kind {
                ExprKind::Aggregate {
                    over: Over::Group(_),
                    ..
                } => compares_group = true,
                ExprKind::Memory(memory, ..) => read = read.or(Some(*memory)),
                _ => {}
            });
        let memory = &self.program.memories[read.filter(|_| compares_group)?];
        let (span, what) = match &memory.kind {
            MemoryKind::Profile { every, .. } => (*every, "whose buckets are of"),
            MemoryKind::Seen(_)
            | MemoryKind::Last(_)
            | MemoryKind::Count
            | MemoryKind::Distinct(_) => (memory.keep, "which remembers"),
        };
        if window <= span {
            return None;
        }
        let message = format!(
            "events of {} are compared with `{}`, {what} {}",
            span_written(window.0),
            memory.name,
            span_written(span.0)
        );
        let help = "let both span the same time, or scale one of them";
        Some(Diagnostic::warning(Code::OutgrownMemory, condition.span, message).help(help))
    }

    /// Tells of sources that may deliver an event later than the rule's whole reach.
    fn late(&self, rule: &Rule) -> Option<Diagnostic> {
        let reach = reaches(rule).into_iter().max()?;
        let feeds = |source: &Source| {
            let makes = Makes::of(&self.program, source, &|_, _| None);
            rule.steps.iter().any(|(_, step)| {
                Asks::of(&self.program, step.class).is_served_by(&makes) == Some(true)
            })
        };
        let late = self.program.sources.iter().map(|(_, source)| source);
        let late = late
            .filter(|source| source.lateness > reach && reach.0 > 0)
            // How late the sources of the prelude may be is theirs to know.
            .filter(|source| self.is_of_user(source.span))
            .find(|source| feeds(source))?;
        let message = format!(
            "alerts of `{}` may come {} late, which is longer than it looks back",
            rule.name,
            span_written(late.lateness.0)
        );
        let help = format!(
            "events of `{}` are waited for so long; if they are never so late, lower its `lateness`, or run with `--lateness`",
            late.name
        );
        let span = self.name_of(rule);
        Some(Diagnostic::note(Code::LateSource, span, message).help(help))
    }
}
