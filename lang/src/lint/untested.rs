//! Warns of rules that no test tries.
//!
//! Apart from other advice because it looks at tests, not at the rule.

use std::collections::BTreeSet;

use crate::check::Checker;
use crate::diagnostic::{Code, Diagnostic};
use crate::ir::RuleId;

pub(super) fn lint(checker: &mut Checker<'_>) {
    let tested: BTreeSet<RuleId> = checker
        .program
        .tests
        .iter()
        .filter_map(|test| test.rule)
        .collect();
    let mut found = Vec::new();
    for (id, rule) in checker.program.rules.iter() {
        if tested.contains(&id) || checker.is_prelude(rule.span) {
            continue;
        }
        let span = checker
            .names_of_rules
            .get(id.index())
            .copied()
            .unwrap_or(rule.span);
        let message = format!("rule `{}` has no test", rule.name);
        let help = format!(
            "add `test \"…\" for {} {{ … }}` with events that raise it",
            rule.name
        );
        found.push(Diagnostic::warning(Code::NoTest, span, message).help(help));
    }
    checker.diagnostics.extend(found);
}
