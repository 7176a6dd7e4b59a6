//! Which rules read the alerts of which: the order in which rules see an event.
//!
//! Apart from rules because it is a question about all of them. A rule sees the alerts of rules of
//! lower strata only, so the engine needs no more than the number.

use super::class::ALERT;
use crate::check::Checker;
use crate::diagnostic::{Code, Diagnostic};
use crate::ir::{ClassKind, RuleId};
use crate::resolve::Declared;

/// Whose alerts a rule reads.
#[derive(Clone, Debug, Default)]
struct Reads {
    /// Rules it names.
    named: Vec<RuleId>,
    /// Whether it reads the class `alert`.
    all: bool,
}

impl Checker<'_> {
    /// Gives each rule its stratum, and reports rules that wait for each other.
    pub(super) fn lower_strata(&mut self, declared: &Declared<'_>) {
        let reads: Vec<Reads> = self
            .program
            .rules
            .iter()
            .map(|(id, _)| self.reads_of(id))
            .collect();
        let generic = generic(&reads);
        let mut strata: Vec<Option<u32>> = vec![None; reads.len()];
        let readers = readers(&reads);
        // Rules that read `alert` see all the others, so those are settled first.
        settle(&reads, &readers, &mut strata, 0, &|index| {
            generic.get(index) == Some(&false)
        });
        let highest = strata
            .iter()
            .flatten()
            .max()
            .map_or(1, |highest| highest + 1);
        settle(&reads, &readers, &mut strata, highest, &|index| {
            generic.get(index) == Some(&true)
        });
        for (index, stratum) in strata.iter().enumerate() {
            match stratum {
                Some(stratum) => self.program.rules[RuleId::from(index)].stratum = *stratum,
                None => self.report_alert_cycle(index, &reads, &strata, declared),
            }
        }
    }

    fn reads_of(&self, rule: RuleId) -> Reads {
        let rule = &self.program.rules[rule];
        let steps = rule.steps.iter().map(|(_, step)| step.class);
        let absences = rule.absences.iter().map(|absence| absence.class);
        let mut reads = Reads::default();
        for class in steps.chain(absences).flat_map(|class| self.bases(class)) {
            match &self.program.classes[class].kind {
                ClassKind::AlertOf(rule) => reads.named.push(*rule),
                ClassKind::Alert => reads.all = true,
                ClassKind::Any | ClassKind::Where { .. } => {}
            }
            debug_assert!(class != ALERT || reads.all);
        }
        reads.named.sort();
        reads.named.dedup();
        reads
    }

    /// Reports a rule that waits for itself: following rules that wait, one comes back to it.
    fn report_alert_cycle(
        &mut self,
        start: usize,
        reads: &[Reads],
        strata: &[Option<u32>],
        declared: &Declared<'_>,
    ) {
        let mut path = vec![start];
        while let Some(next) = path.last().and_then(|last| waits_for(*last, reads, strata)) {
            if next == start && path.iter().any(|rule| *rule < start) {
                return;
            }
            if next == start {
                let names: Vec<String> = path
                    .iter()
                    .chain([&start])
                    .filter_map(|index| declared.rules.get(*index))
                    .map(|(rule, _)| format!("`{}`", rule.name.text))
                    .collect();
                let Some((rule, _)) = declared.rules.get(start) else {
                    return;
                };
                let message = format!(
                    "rules over each other's alerts must not form a cycle: {}",
                    names.join(" reads ")
                );
                let help = "let one of them read events, not the alerts of the other";
                let cycle = Diagnostic::error(Code::AlertCycle, rule.name.span, message);
                self.report(cycle.help(help));
                return;
            }
            if path.contains(&next) {
                return;
            }
            path.push(next);
        }
    }
}

/// Returns which rules read `alert`, or a rule that does: those see each other by name only.
fn generic(reads: &[Reads]) -> Vec<bool> {
    let mut generic: Vec<bool> = reads.iter().map(|reads| reads.all).collect();
    let readers = readers(reads);
    let mut open: Vec<usize> = (0..reads.len())
        .filter(|index| generic.get(*index) == Some(&true))
        .collect();
    while let Some(index) = open.pop() {
        for reader in readers.get(index).cloned().unwrap_or_default() {
            if let Some(mark) = generic.get_mut(reader)
                && !*mark
            {
                *mark = true;
                open.push(reader);
            }
        }
    }
    generic
}

/// Returns for each rule those that name it.
fn readers(reads: &[Reads]) -> Vec<Vec<usize>> {
    let mut readers: Vec<Vec<usize>> = vec![Vec::new(); reads.len()];
    for (index, read) in reads.iter().enumerate() {
        for rule in &read.named {
            if let Some(readers) = readers.get_mut(rule.index()) {
                readers.push(index);
            }
        }
    }
    readers
}

/// Gives strata to some rules, each once all it names have theirs; what is left forms cycles.
fn settle(
    reads: &[Reads],
    readers: &[Vec<usize>],
    strata: &mut [Option<u32>],
    of_all: u32,
    wanted: &dyn Fn(usize) -> bool,
) {
    let mut open: Vec<usize> = (0..reads.len()).filter(|index| wanted(*index)).collect();
    while let Some(index) = open.pop() {
        if strata.get(index).is_some_and(Option::is_some) {
            continue;
        }
        let Some(found) = reads
            .get(index)
            .and_then(|reads| stratum(reads, strata, of_all))
        else {
            continue;
        };
        if let Some(slot) = strata.get_mut(index) {
            *slot = Some(found);
        }
        let waiting = readers.get(index).into_iter().flatten();
        open.extend(waiting.copied().filter(|reader| wanted(*reader)));
    }
}

/// Returns the stratum of a rule, once those it names have theirs.
fn stratum(reads: &Reads, strata: &[Option<u32>], of_all: u32) -> Option<u32> {
    let mut stratum = if reads.all { of_all } else { 0 };
    for rule in &reads.named {
        stratum = stratum.max(strata.get(rule.index()).copied().flatten()? + 1);
    }
    Some(stratum)
}

/// Returns a rule without a stratum that a rule names.
fn waits_for(index: usize, reads: &[Reads], strata: &[Option<u32>]) -> Option<usize> {
    let named = reads.get(index)?.named.iter().map(|rule| rule.index());
    named
        .into_iter()
        .find(|rule| strata.get(*rule).is_some_and(Option::is_none))
}
