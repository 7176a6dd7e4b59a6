//! Warns of hours without a zone: what is night in one place is morning in another.
//!
//! Apart from other advice because only calendars speak of hours.

use crate::check::Checker;
use crate::diagnostic::{Code, Diagnostic};

pub(super) fn lint(checker: &mut Checker<'_>) {
    let calendars = checker.program.calendars.iter().map(|(_, one)| one);
    let without = calendars.filter(|one| {
        one.zone.is_none() && !one.weekly.is_empty() && !checker.is_prelude(one.span)
    });
    let told = without.map(|calendar| {
        let message = format!(
            "calendar `{}` names no zone, so its hours are UTC",
            calendar.name
        );
        Diagnostic::warning(Code::NoZone, calendar.span, message).help(
            "say whose hours they are: `zone \"Europe/Madrid\"`, or `zone \"UTC\"` if it is meant",
        )
    });
    let told: Vec<Diagnostic> = told.collect();
    checker.diagnostics.extend(told);
}
