//! The clauses of a rule, each found once.
//!
//! Apart from what they mean because most of them may not stand twice, and only here is that told.

use crate::check::{Checker, quantity};
use crate::diagnostic::{Code, Diagnostic};
use crate::file::Span;
use crate::ir::{Frame, OnMatch};
use crate::syntax::ast::{self, Clause, ClauseKind, Filter, Name, Quantity, Text, Without};

/// The clauses of a rule.
#[derive(Default)]
pub(super) struct Clauses<'a> {
    /// `within D`
    pub(super) within: Option<&'a Quantity>,
    /// `where` and `unless`, in order.
    pub(super) filters: Vec<&'a Filter>,
    /// `without`, in order, with where each stands.
    pub(super) absences: Vec<(&'a Without, Span)>,
    /// `on match`
    pub(super) on_match: Option<&'a Name>,
    /// `each`
    pub(super) each: Option<(&'a Quantity, Option<&'a Text>)>,
    /// `session`
    pub(super) session: Option<(&'a Quantity, Option<&'a Quantity>, Span)>,
    /// `tolerate`
    pub(super) tolerate: Option<(&'a Quantity, Span)>,
    /// `global`
    pub(super) global: Option<Span>,
    /// `across tenants`
    pub(super) across_tenants: bool,
}

impl<'a> Clauses<'a> {
    /// Returns what the first absence is called.
    pub(super) fn absence_label(&self) -> Option<&'a str> {
        self.absences.first().map(|(without, _)| label(without))
    }

    /// Tells whether a frame holds the whole match.
    pub(super) fn has_frame(&self) -> bool {
        self.each.is_some() || self.session.is_some()
    }
}

/// Returns what an absence is called: its name, or its class.
pub(super) fn label(without: &Without) -> &str {
    &without.name.as_ref().unwrap_or(&without.class.name).text
}

impl<'a> Checker<'a> {
    pub(super) fn clauses(&mut self, rule: &'a ast::Rule) -> Clauses<'a> {
        let mut clauses = Clauses::default();
        for clause in &rule.clauses {
            self.clause(clause, &mut clauses);
        }
        for (index, clause) in rule.clauses.iter().enumerate() {
            let word = word(&clause.kind);
            let earlier = rule
                .clauses
                .iter()
                .take(index)
                .find(|other| self::word(&other.kind) == word);
            if let (Some(word), Some(earlier)) = (word, earlier) {
                let message = format!("a rule has one `{word}`, found another");
                self.report(
                    Diagnostic::error(Code::Twice, clause.span, message)
                        .label(earlier.span, "the first stands here"),
                );
            }
        }
        if let (Some(_), Some((_, _, span))) = (clauses.each, clauses.session) {
            let message = "a rule has either `each` or `session`, found both";
            self.report(Diagnostic::error(Code::Twice, span, message));
        }
        clauses
    }

    fn clause(&mut self, clause: &'a Clause, clauses: &mut Clauses<'a>) {
        match &clause.kind {
            ClauseKind::Within(within) => {
                clauses.within.get_or_insert(within);
            }
            ClauseKind::Filter(filter) => clauses.filters.push(filter),
            ClauseKind::Without(without) => clauses.absences.push((without, clause.span)),
            ClauseKind::OnMatch(name) => {
                clauses.on_match.get_or_insert(name);
            }
            ClauseKind::Each { every, zone } => {
                clauses.each.get_or_insert((every, zone.as_ref()));
            }
            ClauseKind::Session { gap, up_to } => {
                clauses
                    .session
                    .get_or_insert((gap, up_to.as_ref(), clause.span));
            }
            ClauseKind::Tolerate(tolerate) => {
                clauses.tolerate.get_or_insert((tolerate, clause.span));
            }
            ClauseKind::Global => {
                clauses.global.get_or_insert(clause.span);
            }
            ClauseKind::AcrossTenants => clauses.across_tenants = true,
        }
    }

    pub(super) fn on_match(&mut self, clauses: &Clauses<'a>) -> OnMatch {
        let Some(name) = clauses.on_match else {
            return OnMatch::Restart;
        };
        match name.text.as_str() {
            "restart" => OnMatch::Restart,
            "keep" => OnMatch::Keep,
            other => {
                let message =
                    format!("expected `restart` or `keep` after `on match`, found `{other}`");
                let diagnostic = Diagnostic::error(Code::UnknownName, name.span, message);
                self.report(match self.nearest(other, ["restart", "keep"]) {
                    Some(near) => diagnostic
                        .help(format!("did you mean `{near}`?"))
                        .patch(near),
                    None => diagnostic,
                });
                OnMatch::Restart
            }
        }
    }

    /// Returns the fixed windows or sessions of a rule.
    pub(super) fn frame(&mut self, clauses: &Clauses<'a>) -> Option<Frame> {
        if let Some((every, zone)) = clauses.each {
            let span = quantity::quantity_span(every);
            let length = self.positive_duration(every, "each")?;
            self.aligned(length, "each", span);
            let zone = zone.and_then(|zone| self.zone(&zone.value, zone.span));
            return Some(Frame::Each {
                every: length,
                zone,
            });
        }
        let (gap, up_to, span) = clauses.session?;
        let gap = self.positive_duration(gap, "session gap");
        let Some(up_to) = up_to else {
            let message = "expected `up to` and a duration: a session must have an end";
            let diagnostic = Diagnostic::error(Code::Unbounded, span, message);
            self.report(diagnostic.help("write `session gap 30m up to 8h`"));
            return None;
        };
        let longest = self.positive_duration(up_to, "up to");
        let (gap, longest) = (gap?, longest?);
        if longest < gap {
            let message = "expected the longest session to be no shorter than its gap";
            let at = quantity::quantity_span(up_to);
            self.report(Diagnostic::error(Code::BadDuration, at, message));
        }
        Some(Frame::Session {
            gap,
            up_to: longest,
        })
    }
}

/// Returns the word of a clause that stands once.
fn word(kind: &ClauseKind) -> Option<&'static str> {
    match kind {
        ClauseKind::Within(_) => Some("within"),
        ClauseKind::Filter(_) | ClauseKind::Without(_) => None,
        ClauseKind::OnMatch(_) => Some("on match"),
        ClauseKind::Each { .. } => Some("each"),
        ClauseKind::Session { .. } => Some("session"),
        ClauseKind::Tolerate(_) => Some("tolerate"),
        ClauseKind::Global => Some("global"),
        ClauseKind::AcrossTenants => Some("across tenants"),
    }
}
